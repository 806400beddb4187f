/* Small helps on top of pages that work without it: focus on errors, spoken results, copy buttons, the keys "/" and Ctrl+S. */
"use strict";
(() => {
  const live = (words) => {
    const region = document.getElementById("live");
    if (region && words) {
      region.textContent = "";
      setTimeout(() => { region.textContent = words; }, 50);
    }
  };

  const prepare = () => {
    document.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = !navigator.clipboard; });
  };

  // Each summary takes the focus once: a draft kept meanwhile must not pull it out of the field.
  const focused = new WeakSet();
  const arrived = () => {
    prepare();
    const summary = document.querySelector(".sq-error-summary");
    if (!summary || focused.has(summary)) return;
    focused.add(summary);
    summary.focus();
  };

  // Links of the error summary: focus the field itself and keep its label in view.
  const toField = (event) => {
    const link = event.target.closest(".sq-error-summary a[href^='#']");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    (field.closest(".sq-field") || field).scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  };

  const copy = async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    live(button.dataset.done);
    const words = button.textContent;
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = words; }, 2000);
  };

  const slash = (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const box = document.querySelector("[data-shortcut='/']");
    if (!box) return;
    event.preventDefault();
    box.focus();
    box.select();
  };

  // Ctrl+S (Cmd+S) keeps what is typed at once; without scripts the button "Save draft" does.
  const keep = (event) => {
    if (event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
    const form = document.querySelector("form[data-keeps]");
    if (!form) return;
    event.preventDefault();
    form.dispatchEvent(new Event("keep"));
  };

  document.addEventListener("DOMContentLoaded", arrived);
  document.addEventListener("click", copy);
  document.addEventListener("click", toField);
  document.addEventListener("keydown", slash);
  document.addEventListener("keydown", keep);
  document.addEventListener("htmx:after:swap", () => {
    arrived();
    const said = document.querySelector("[data-announce]");
    if (said) {
      live(said.dataset.announce);
      said.remove();
    }
  });
})();
