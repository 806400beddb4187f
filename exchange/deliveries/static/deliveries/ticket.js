/* A download that was asked for starts by itself, once. Without scripts its button starts it. */
"use strict";
document.addEventListener("DOMContentLoaded", () => {
  const form = document.querySelector("form[data-starts]");
  form.addEventListener("submit", () => {
    form.querySelector("[data-before]").hidden = true;
    form.querySelector("[data-after]").hidden = false;
  }, { once: true });
  form.requestSubmit();
});
