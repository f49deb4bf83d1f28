// Drawing is an addition: without this script the form works as it stands.
"use strict";

const drawing = document.querySelector("[data-drawing]");
const text = document.getElementById("text");

if (drawing) {
  const button = drawing.querySelector("button");
  const frame = drawing.querySelector("iframe");
  drawing.hidden = false;

  button.addEventListener("click", () => {
    const opening = frame.hidden;
    frame.hidden = !opening;
    button.setAttribute("aria-expanded", String(opening));
    button.textContent = opening ? "Close the drawing" : "Draw the structure";
    if (opening && !frame.src) frame.src = frame.dataset.src;
  });

  window.addEventListener("message", (message) => {
    if (message.origin !== location.origin || message.source !== frame.contentWindow) return;
    if (message.data.ready) frame.contentWindow.postMessage({ show: text.value }, location.origin);
    if (typeof message.data.smiles === "string") text.value = message.data.smiles;
  });
}
