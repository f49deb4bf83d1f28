// An addition: without this script the draft is checked and saved by its buttons.
"use strict";

const form = document.querySelector("[data-draft-editor]");

if (form) {
  const text = form.querySelector("textarea");
  const gutter = form.querySelector("[data-gutter]");
  const state = form.querySelector("[data-state]");
  const checked = document.getElementById("checked");
  const pause = 600; // milliseconds without a key before the text is checked

  // Line numbers, with the lines marked that something is said of.
  const number = () => {
    const kinds = new Map();
    for (const place of checked.querySelectorAll("[data-line]")) {
      const line = Number(place.dataset.line);
      if (kinds.get(line) !== "bad") kinds.set(line, place.dataset.kind);
    }
    const count = text.value.split("\n").length;
    const lines = Array.from({ length: count }, (_, at) => {
      const line = document.createElement("span");
      line.textContent = String(at + 1);
      if (kinds.has(at + 1)) line.className = kinds.get(at + 1);
      return line;
    });
    gutter.replaceChildren(...lines);
    gutter.scrollTop = text.scrollTop;
    text.setAttribute("aria-invalid", String([...kinds.values()].includes("bad")));
  };

  // One question at a time: what is typed meanwhile is asked about afterwards.
  let waiting = 0, asking = false, changed = false;
  const check = async () => {
    if (asking) return void (changed = true);
    asking = true;
    changed = false;
    state.textContent = "Checking…";
    try {
      const answer = await fetch("/drafts/check?part=true", { method: "POST", body: new FormData(form) });
      if (!answer.ok) throw new Error(String(answer.status));
      checked.innerHTML = await answer.text(); // made by our own template, which escapes
      state.textContent = "";
    } catch {
      state.textContent = "It could not be checked now. Saving may still work.";
    }
    asking = false;
    number();
    if (changed) check();
  };
  const soon = () => {
    clearTimeout(waiting);
    waiting = setTimeout(check, pause);
  };

  const goTo = (line, column) => {
    const lines = text.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const at = Math.min(start + column - 1, text.value.length);
    text.focus();
    text.setSelectionRange(at, at);
    text.scrollTop = (text.scrollHeight / lines.length) * Math.max(0, line - 6);
    gutter.scrollTop = text.scrollTop;
    gutter.children[line - 1]?.scrollIntoView({ block: "nearest" });
  };

  gutter.hidden = false;
  text.addEventListener("input", () => { number(); soon(); });
  text.addEventListener("scroll", () => { gutter.scrollTop = text.scrollTop; });
  form.querySelector("[data-check]").addEventListener("click", (event) => {
    event.preventDefault();
    check();
  });
  checked.addEventListener("click", (event) => {
    const place = event.target.closest("[data-line]");
    if (!place) return;
    event.preventDefault();
    goTo(Number(place.dataset.line), Number(place.dataset.column));
  });
  number();
  check();

  // The core of a class, typed or drawn.
  const section = document.querySelector("[data-core]");
  const core = document.getElementById("core");
  const written = /^([^#]*?(?:^|[\s{,])core:)[ \t]*(.*)$/;
  const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')(.*)$/;
  // A line of a core: its key, its value as it is written, and what follows that.
  const parts = (line) => {
    const [, key, after] = written.exec(line);
    const plain = key.includes("{") ? /^([^,}]*)(.*)$/ : /^(.*)()$/;
    const [, said, rest] = quoted.exec(after) ?? plain.exec(after);
    return { key, said: said.trim(), rest };
  };
  const value = (said) => {
    if (said.startsWith("'")) return said.slice(1, -1).replaceAll("''", "'");
    try {
      return said.startsWith('"') ? JSON.parse(said) : said;
    } catch {
      return said.slice(1, -1); // an escape that only YAML knows
    }
  };
  section.hidden = false;

  // The line of a core at the cursor or after it, else the first.
  const place = () => {
    const lines = text.value.split("\n");
    const at = text.value.slice(0, text.selectionStart).split("\n").length - 1;
    const cores = lines.flatMap((line, n) => (written.test(line) ? [n] : []));
    return { lines, line: cores.find((n) => n >= at) ?? cores[0] };
  };
  section.querySelector("[data-put]").addEventListener("click", () => {
    const { lines, line } = place();
    if (line === undefined) return void (state.textContent = "The draft has no line `core:` yet.");
    const { key, rest } = parts(lines[line]);
    lines[line] = `${key} ${JSON.stringify(core.value)}${rest}`;
    text.value = lines.join("\n");
    goTo(line + 1, lines[line].length + 1);
    number();
    check();
  });
  section.querySelector("[data-take]").addEventListener("click", () => {
    const { lines, line } = place();
    if (line === undefined) return void (state.textContent = "The draft has no line `core:` yet.");
    core.value = value(parts(lines[line]).said);
    core.focus();
  });

  const drawing = section.querySelector("[data-drawing]");
  if (drawing) {
    const button = drawing.querySelector("button");
    const frame = drawing.querySelector("iframe");
    button.addEventListener("click", () => {
      const opening = frame.hidden;
      frame.hidden = !opening;
      button.setAttribute("aria-expanded", String(opening));
      button.textContent = opening ? "Close the drawing" : "Draw the core";
      if (opening && !frame.src) frame.src = frame.dataset.src;
    });
    window.addEventListener("message", (message) => {
      if (message.origin !== location.origin || message.source !== frame.contentWindow) return;
      if (message.data.ready) frame.contentWindow.postMessage({ show: core.value }, location.origin);
      if (typeof message.data.smiles === "string") core.value = message.data.smiles;
    });
  }
}
