// Keeps an open page up to date. The server is the truth: after every ring the same address is fetched again and what is marked
// data-live is taken over. What a person is typing, their place on the page and where the keyboard stands are left alone.
"use strict";

const LULL_MS = 150;
const PATROL_MS = 60000;
const connection = document.getElementById("connection");
let asked = false;
let busy = false;
let events;

// ---- bringing the page up to date

function soon() {
  if (asked) return;
  asked = true;
  setTimeout(refresh, LULL_MS);
}

async function refresh() {
  if (busy) return;
  asked = false;
  busy = true;
  try {
    // A page nobody looks at must not mark messages as seen.
    const headers = document.hidden ? { "X-Wabridge-Background": "1" } : {};
    const answer = await fetch(location.pathname + location.search, { headers, cache: "no-store", credentials: "same-origin" });
    if (new URL(answer.url).pathname === "/login") return location.reload();
    take(new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (events.readyState === EventSource.OPEN) lost(false);
  } catch {
    lost(true);
  } finally {
    busy = false;
    if (asked) setTimeout(refresh, LULL_MS);
  }
}

function take(fresh) {
  const room = document.documentElement.scrollHeight - window.innerHeight - window.scrollY;
  const wasAtEnd = document.body.classList.contains("conversation") && room < 120;
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (!next) continue;
    announce(part, next);
    keepOpen(part, next);
    if (part.dataset.live === "state") takeForm(part, next);
    else if (part.dataset.live === "keyed") takeKeyed(part, next);
    else if (!same(part, next) && !isWrittenIn(part)) part.replaceChildren(...next.childNodes);
    if (part.dataset.arrivals !== undefined) part.dataset.arrivals = next.dataset.arrivals;
  }
  if (fresh.getElementById("error") === null) document.title = fresh.title;
  if (wasAtEnd) toEnd();
}

function same(one, other) {
  return one.innerHTML === other.innerHTML;
}

function announce(part, next) {
  if (part.dataset.arrivals === undefined || connection.textContent) return;
  if (Number(next.dataset.arrivals) <= Number(part.dataset.arrivals)) return;
  const said = document.createElement("span");
  said.className = "unseen";
  said.textContent = next.dataset.arrived;
  announcer.replaceChildren(said);
}

// The form stays while something is written in it; the note above it says if the window has closed. A text that was refused
// moves into the form that comes back.
function takeForm(part, next) {
  const field = part.querySelector("textarea");
  // While nothing is being written, what the page shows counts as seen by whoever begins to write now.
  const seen = part.querySelector("input[name=seen]"), newest = next.querySelector("input[name=seen]");
  if (seen && newest && field && !field.value.trim()) seen.value = newest.value;
  if (part.dataset.state === next.dataset.state) return;
  if (field && field.value.trim() && !field.readOnly) return;
  if (part.querySelector("input[type=file]")?.files.length) return;
  part.dataset.state = next.dataset.state;
  part.replaceChildren(...next.childNodes);
  const empty = part.querySelector("textarea");
  if (field && empty) empty.value = field.value;
  prepare(part);
}

function keepOpen(part, next) {
  for (const details of part.querySelectorAll("details[id][open]")) next.querySelector(`#${details.id}`)?.setAttribute("open", "");
}

// Entries that did not change stay the very same elements: selection, focus and opened details survive.
function takeKeyed(part, next) {
  const focus = whereFocusIs(part);
  merge(part, next);
  if (focus && !part.contains(document.activeElement)) putFocus(focus);
}

function merge(parent, fresh) {
  const wanted = new Set([...fresh.children].map((child) => child.id));
  for (const child of [...parent.children]) if (!wanted.has(child.id)) child.remove();
  let place = parent.firstElementChild;
  for (const child of [...fresh.children]) {
    let known = [...parent.children].find((other) => other.id === child.id);
    if (!known) {
      parent.insertBefore(child, place);
      continue;
    }
    if (known !== place) parent.insertBefore(known, place);
    else place = place.nextElementSibling;
    if (known.isEqualNode(child)) continue;
    if (child.tagName === "OL") merge(known, child);
    else if (isPlaying(known) || isWrittenIn(known)) continue; // it is brought up to date by the next look after that
    else known.replaceWith(child);
  }
}

function isPlaying(entry) {
  return [...entry.querySelectorAll("audio, video")].some((player) => !player.paused);
}

function isWrittenIn(entry) {
  return [...entry.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.value !== field.defaultValue);
}

const PRESSABLE = "a, button, summary";

function whereFocusIs(part) {
  const entry = part.contains(document.activeElement) && document.activeElement.closest("li[id]");
  return entry && { id: entry.id, index: [...entry.querySelectorAll(PRESSABLE)].indexOf(document.activeElement) };
}

function putFocus({ id, index }) {
  const entry = document.getElementById(id);
  (entry?.querySelectorAll(PRESSABLE)[index] ?? entry)?.focus({ preventScroll: true });
}

function toEnd() {
  window.scrollTo(0, document.documentElement.scrollHeight);
}

// ---- hearing of changes

const announcer = document.createElement("p");
announcer.setAttribute("role", "status");
announcer.className = "unseen";
document.body.append(announcer);

function lost(isLost) {
  const said = isLost ? connection.dataset.lost : "";
  if (connection.textContent !== said) connection.textContent = said;
}

function listen() {
  events = new EventSource("/events");
  events.addEventListener("open", () => { lost(false); soon(); });
  events.addEventListener("change", soon);
  events.addEventListener("message", soon);
  events.addEventListener("error", () => {
    lost(true);
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
}

// ---- forms

function prepare(root) {
  for (const field of root.querySelectorAll("textarea[data-limit]")) {
    count(field);
    field.addEventListener("input", () => count(field));
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) field.form.requestSubmit();
    });
  }
}

function count(field) {
  const hint = document.getElementById("limit");
  const length = [...field.value.replace(/\r\n?/g, "\n")].length;
  hint.dataset.said ??= hint.textContent;
  hint.textContent = length ? `${length} / ${field.dataset.limit}` : hint.dataset.said;
  hint.classList.toggle("over", length > Number(field.dataset.limit));
}

// A second press does nothing. That nothing is sent twice is the server's promise, not this one's.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.hasAttribute("data-once")) return;
  if (form.dataset.pressed) return event.preventDefault();
  form.dataset.pressed = "1";
  setTimeout(() => form.querySelectorAll("button").forEach((button) => { button.disabled = true; }));
});

window.addEventListener("pagehide", () => events.close());

window.addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-pressed]")) {
    delete form.dataset.pressed;
    form.querySelectorAll("button").forEach((button) => { button.disabled = false; });
  }
  listen();
  soon();
});

document.addEventListener("visibilitychange", () => { if (!document.hidden) soon(); });
setInterval(() => { if (!document.hidden) soon(); }, PATROL_MS);
prepare(document);
if (location.hash === "#latest" || document.getElementById("refusal")) toEnd();
listen();
