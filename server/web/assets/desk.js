// Keys that follow the links which name them: j and k go from claim to claim. A page
// is whole without this script.
"use strict";
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
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
