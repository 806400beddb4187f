/* The catalogue: filters in a dialog on narrow screens, and where the focus goes after a swap. Works without. */
"use strict";
(() => {
  const narrow = window.matchMedia("(max-width: 40rem)");
  const dialog = document.getElementById("narrow-dialog");
  let toTop = false;

  const facets = () => document.getElementById("facets");

  const giveBack = () => {
    const shown = facets();
    const opener = document.getElementById("narrow");
    if (shown && opener && dialog.contains(shown)) opener.after(shown);
  };

  const open = (event) => {
    if (!narrow.matches || !event.target.closest("#narrow > summary")) return;
    event.preventDefault();
    document.getElementById("narrow-place").append(facets());
    dialog.showModal();
  };

  const forget = () => {
    facets().querySelectorAll("input").forEach((box) => { box.checked = box.defaultChecked; });
  };

  const decide = (event) => {
    const button = event.target.closest("[data-narrow]");
    if (!button) return;
    if (button.dataset.narrow === "cancel") forget();
    dialog.close(); // "apply" goes on to submit the form
  };

  document.addEventListener("click", open);
  document.addEventListener("click", (event) => { toTop = Boolean(event.target.closest("[data-to-top]")); });
  if (dialog) {
    dialog.addEventListener("click", decide);
    dialog.addEventListener("cancel", forget);
    dialog.addEventListener("close", giveBack);
  }
  document.addEventListener("htmx:after:swap", () => {
    const results = document.getElementById("results");
    if (!results || (!toTop && document.activeElement !== document.body)) return;
    results.focus({ preventScroll: !toTop });
    if (toTop) results.scrollIntoView({ block: "start" });
    toTop = false;
  });
})();
