// Counts down what is marked data-until, by the server's clock: how long somebody can still be answered, and how long a message can
// still be taken back. Without this script the page says the moment itself.
"use strict";

const clockAhead = Date.parse(document.documentElement.dataset.now) - Date.now();
const ended = new Set();

function fill(pattern, values) {
  return pattern.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

function spell(left, { hours, minutes, seconds }) {
  if (seconds) return fill(seconds, { seconds: Math.ceil(left / 1000) });
  const whole = Math.floor(left / 60000);
  return whole >= 60 ? fill(hours, { hours: Math.floor(whole / 60), minutes: whole % 60 }) : fill(minutes, { minutes: whole });
}

function tick() {
  for (const part of document.querySelectorAll("[data-until]")) {
    const left = Date.parse(part.dataset.until) - Date.now() - clockAhead;
    const said = left > 0 ? spell(left, part.dataset) : "";
    if (part.textContent !== said && (left > 0 || part.dataset.seconds)) part.textContent = said;
    if (left > 0 || ended.has(part.dataset.until)) continue;
    ended.add(part.dataset.until);
    soon();
  }
}

tick();
setInterval(tick, 1000);
