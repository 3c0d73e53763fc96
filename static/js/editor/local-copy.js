/* A copy of unsaved text in this browser, for articles only: written after pauses, offered when the page is opened again,
   removed once the server has the text. A browser that keeps nothing is no reason to stop. */

import { askBeforeLeaving } from "../common/page.js";
import { box, replace } from "./box.js";
import { afterPause, form, readFields } from "./form.js";
import { say, timeOfDay } from "./messages.js";

const { article, version } = form.dataset;
const PREFIX = `article:${article}:`;
const KEY = PREFIX + version;
const PAUSE = 1000; // milliseconds
const LONGEST = 30 * 24 * 3600 * 1000;
const NOT_COPIED = new Set(["csrfmiddlewaretoken", "note", "take_back"]);

const offer = document.getElementById("editor-offer");
const given = JSON.stringify(textFields());
let isRefused = false;
let isLeaving = false;

function textFields() {
  return Object.fromEntries([...readFields()].filter(([name, value]) => !NOT_COPIED.has(name) && typeof value === "string"));
}

const isChanged = () => JSON.stringify(textFields()) !== given;

export const isUnsaved = () => isChanged() || "unsaved" in form.dataset;

export function leaveWithoutAsking() {
  isLeaving = true;
}

/* The server has the text: no copy of this article is needed any more. */
export function forgetCopies() {
  leaveWithoutAsking();
  removeCopies();
}

function keepCopy() {
  if (!isChanged()) return;
  try {
    localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), fields: textFields() }));
  } catch {
    if (!isRefused) say("This browser keeps no copy of unsaved text. Save now and then.");
    isRefused = true;
  }
}

const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

function removeCopies() {
  try {
    keys().forEach((key) => localStorage.removeItem(key));
  } catch {
    // a browser that keeps nothing has nothing to forget
  }
}

/* Nobody will come back for these. */
function removeOldCopies() {
  for (const key of Object.keys(localStorage).filter((one) => one.startsWith("article:"))) {
    if (Date.now() - JSON.parse(localStorage.getItem(key)).at > LONGEST) localStorage.removeItem(key);
  }
}

function newestCopy() {
  try {
    removeOldCopies();
    return keys().map((key) => JSON.parse(localStorage.getItem(key))).sort((one, other) => other.at - one.at)[0];
  } catch {
    return undefined;
  }
}

function restore(fields) {
  for (const [name, value] of Object.entries(fields)) {
    const field = form.elements[name];
    if (!field || field.value === value) continue;
    if (field === box) replace(0, field.value.length, value);
    else field.value = value;
  }
  form.dispatchEvent(new Event("input"));
}

function closeOffer() {
  offer.hidden = true;
  box.focus();
}

function offerCopy({ at, fields }) {
  const written = new Date(at);
  const isToday = written.toDateString() === new Date().toDateString();
  const day = isToday ? "" : ` on ${written.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}`;
  offer.querySelector("[data-words]").textContent = `Restore unsaved text from ${timeOfDay(written)}${day}?`;
  offer.querySelector("[data-restore]").addEventListener("click", () => {
    restore(fields);
    closeOffer();
  });
  offer.querySelector("[data-discard]").addEventListener("click", () => {
    removeCopies();
    closeOffer();
  });
  offer.hidden = false;
}

const copy = newestCopy();
// A copy made before somebody else saved carries the older version with it: saving it leads to the comparison.
if (copy && JSON.stringify(copy.fields) !== given) offerCopy(copy);

document.querySelector("[data-throw-away]")?.addEventListener("click", (event) => {
  if (confirm("Throw your text away? Only the text that was saved by somebody else stays.")) forgetCopies();
  else event.preventDefault();
});

afterPause(PAUSE, keepCopy);
addEventListener("pagehide", () => isLeaving || keepCopy());
askBeforeLeaving(() => !isLeaving && isUnsaved());
