// Keys that follow the links which name them: j and k go from claim to claim. A page
// is whole without this script.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const steps = [...document.querySelectorAll("[data-step]")];
  if (steps.length > 0 && (event.key === "j" || event.key === "k")) {
    const at = steps.indexOf(document.activeElement.closest("[data-step]"));
    const next = steps[Math.min(steps.length - 1, Math.max(0, event.key === "j" ? at + 1 : at - 1))];
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return;
  }
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});
// A question that takes long says so.
document.addEventListener("submit", (event) => {
  const button = event.target.querySelector("button[type=submit]");
  if (button) setTimeout(() => { button.textContent = "Working …"; button.setAttribute("aria-busy", "true"); }, 800);
});
// A file dropped on the draft is read here; it goes nowhere until it is checked.
for (const area of document.querySelectorAll("[data-drop]")) {
  area.addEventListener("dragover", (event) => event.preventDefault());
  area.addEventListener("drop", async (event) => {
    const file = event.dataTransfer.files[0];
    if (!file) return;
    event.preventDefault();
    // What holds no plain text would take the place of the text that is there.
    const say = (text) => { document.getElementById("dropped").textContent = text; };
    if (file.size > 2 << 20) return say("That file is larger than 2 MiB. Paste the part that is to be checked.");
    const text = await file.text();
    if (/[\0\ufffd]/.test(text)) return say("That file holds no plain text. Open it where it was written, and paste its text here.");
    say("");
    area.value = text;
  });
}
