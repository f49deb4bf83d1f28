// Without this script the page has a link to look again.
"use strict";

const PAUSE = 1500;
const place = document.querySelector("[data-progress]");

async function look() {
  try {
    const answer = await fetch(place.dataset.progress, { headers: { accept: "application/json" } });
    if (answer.ok) {
      const now = await answer.json();
      place.querySelector("[data-members]").textContent = now.members;
      if (now.over || now.state !== place.dataset.state) return location.reload();
    }
  } catch {
    // The service may be gone for a moment; it is asked again.
  }
  setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
