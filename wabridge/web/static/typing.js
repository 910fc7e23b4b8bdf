// While somebody writes an answer the server is told now and then; whether the client sees it is the office's choice.
"use strict";

const TELL_EVERY_MS = 15000;
let told = 0;

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-typing]");
  if (!form || event.target.id !== "text" || !event.target.value.trim() || Date.now() - told < TELL_EVERY_MS) return;
  told = Date.now();
  const body = new URLSearchParams({ csrf: form.elements.csrf.value });
  fetch(form.dataset.typing, { method: "POST", body, credentials: "same-origin", keepalive: true }).catch(() => {});
});
