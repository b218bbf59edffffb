// Keys that follow the links which name them: j and k go from claim to claim. A page
// is whole without this script.
"use strict";
// point shows where in the text the claim of a card stands.
const point = (card) => {
  for (const old of document.querySelectorAll(".now")) old.classList.remove("now");
  const words = document.getElementById(card.dataset.step);
  if (!words) return;
  words.classList.add("now");
  words.scrollIntoView({ block: "nearest" });
  card.scrollIntoView({ block: "nearest" });
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  const steps = [...document.querySelectorAll("[data-step]")];
  if (steps.length > 0 && (event.key === "j" || event.key === "k")) {
    const at = steps.indexOf(document.activeElement.closest("[data-step]"));
    const next = steps[Math.min(steps.length - 1, Math.max(0, event.key === "j" ? at + 1 : at - 1))];
    event.preventDefault();
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    point(next);
    return;
  }
  const link = document.querySelector(`a[data-key="${CSS.escape(event.key)}"]`);
  if (link) {
    event.preventDefault();
    link.click();
  }
});
// A question that takes long says so, to eyes and to screen readers. A file that is
// saved leaves the page as it was, and so does coming back to it.
const working = [];
document.addEventListener("submit", (event) => {
  const button = event.submitter || event.target.querySelector("button[type=submit]");
  if (!button || button.value === "report") return;
  const said = button.textContent;
  const timer = setTimeout(() => {
    button.textContent = "Working …";
    button.setAttribute("aria-busy", "true");
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    status.className = "away";
    document.body.append(status);
    status.textContent = "Working …";
    working.push(() => status.remove());
  }, 800);
  working.push(() => {
    clearTimeout(timer);
    button.textContent = said;
    button.removeAttribute("aria-busy");
  });
});
addEventListener("pageshow", () => { while (working.length > 0) working.pop()(); });
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
