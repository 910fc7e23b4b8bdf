// Answering a certain message without losing what is already written: only what stands above the box is exchanged.
"use strict";

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-quote], a[data-unquote]");
  const place = document.getElementById("quoting");
  if (!link || !place || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const box = document.getElementById("text");
  if (link.hasAttribute("data-unquote")) place.replaceChildren();
  else {
    try {
      const answer = await fetch(link.href, { headers: { "X-Wabridge-Background": "1" }, cache: "no-store", credentials: "same-origin" });
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("quoting");
      if (!fresh) return location.assign(link.href);
      place.replaceChildren(...fresh.childNodes);
    } catch {
      return location.assign(link.href);
    }
  }
  box?.focus();
});
