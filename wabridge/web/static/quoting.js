// Answering a certain message without losing what is already written: only what stands above the box is exchanged.
"use strict";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-quote], button[data-unquote]");
  const place = document.getElementById("quoting");
  if (!button || !place) return;
  event.preventDefault();
  const box = document.getElementById("text");
  if (button.hasAttribute("data-unquote")) place.replaceChildren();
  else {
    try {
      const answer = await fetch(button.dataset.quote, { headers: { "X-Wabridge-Background": "1" }, cache: "no-store", credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("quoting");
      if (!fresh) return button.form.requestSubmit(button);
      place.replaceChildren(...fresh.childNodes);
    } catch {
      return;
    }
  }
  box?.focus();
});
