// Shows which files were chosen and how large they are, and keeps one that WhatsApp never takes from being sent off at all.
"use strict";

const UNITS = ["B", "kB", "MB", "GB"];

function sizeOf(bytes) {
  let number = bytes, unit = 0;
  while (number >= 1000 && unit < UNITS.length - 1) { number /= 1000; unit += 1; }
  const digits = number < 10 && unit > 0 ? 1 : 0;
  return `${number.toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits })} ${UNITS[unit]}`;
}

function lineOf(file) {
  const line = document.createElement("li"), name = document.createElement("bdi"), size = document.createElement("span");
  name.textContent = file.name;
  size.textContent = sizeOf(file.size);
  size.className = "note";
  line.append(name, size);
  return line;
}

// A recording is Ogg with Opus in it; what it is in truth is seen where it is taken in.
function isRecording(file) {
  return file.type.startsWith("audio/ogg") || /\.(ogg|oga|opus)$/i.test(file.name);
}

function showChosen(files) {
  document.getElementById("chosen")?.replaceChildren(...files.map(lineOf));
  document.querySelector(".as-sound:not(.wanted)")?.classList.toggle("chosen-one", files.some(isRecording));
}

// The form comes and goes with the window, so the page is asked and not the form.
document.addEventListener("change", (event) => {
  const field = event.target;
  if (!field.files || !field.dataset.largest) return;
  if (field.id === "files") showChosen([...field.files]);
  const isTooLarge = [...field.files].some((file) => file.size > Number(field.dataset.largest));
  field.setCustomValidity(isTooLarge ? field.dataset.tooLarge : "");
  if (isTooLarge) field.reportValidity();
});
