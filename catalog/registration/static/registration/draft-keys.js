/* Ctrl+S (Cmd+S) keeps the draft of the form at once; without scripts the button "Save draft" does. */
"use strict";
(() => {
  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const form = document.querySelector("form[data-keeps]");
    if (!form) return;
    event.preventDefault();
    form.dispatchEvent(new Event("keep"));
  });
})();
