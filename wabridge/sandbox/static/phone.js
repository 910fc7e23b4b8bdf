// Makes the pretend phone live. Everything here also works without it, by the forms and a reload.
"use strict";

let address = location.pathname + location.search;
let isRefreshing = false;
let isStale = false;

// What is folded out here stays so, and what is being rewritten is not taken out of one's hands.
function keep(fresh) {
  for (const open of document.querySelectorAll("details[id]")) {
    const next = fresh.getElementById(open.id);
    if (next) next.toggleAttribute("open", open.open);
  }
  for (const field of document.querySelectorAll("[data-live] textarea")) {
    const next = fresh.getElementById(field.id);
    if (next && field.value !== field.defaultValue) next.value = field.value;
  }
}

function show(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html");
  keep(fresh);
  const focused = document.activeElement && document.activeElement.id;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (next && next.innerHTML !== part.innerHTML) part.replaceWith(document.adoptNode(next));
  }
  for (const part of document.querySelectorAll("[data-live-class]")) {
    part.className = fresh.getElementById(part.id).className;
  }
  for (const part of document.querySelectorAll("[data-live-disabled]")) {
    part.disabled = fresh.getElementById(part.id).disabled;
  }
  if (focused && document.activeElement.id !== focused) {
    const again = document.getElementById(focused);
    if (again) again.focus();
  }
}

async function refresh() {
  if (isRefreshing) {
    isStale = true;
    return;
  }
  isRefreshing = true;
  try {
    do {
      isStale = false;
      const answer = await fetch(address);
      if (answer.ok) show(await answer.text());
    } while (isStale);
  } finally {
    isRefreshing = false;
  }
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-quiet")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form, event.submitter));
  const text = form.elements.namedItem("text");
  const written = text ? text.value : "";
  if (text) text.value = "";
  const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
  if (answer && answer.ok) {
    address = location.pathname;
    history.replaceState(null, "", address);
    show(await answer.text());
  } else if (text) text.value = written;
  if (text) text.focus();
});

document.getElementById("text").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  event.target.form.requestSubmit();
});

const live = new EventSource(document.body.dataset.liveAt + "?since=" + document.body.dataset.version);
live.addEventListener("message", refresh);
