/* The preview: the page itself, made by the server from the fields as they stand, in a frame beside the box.
   Typing never waits for it; a newer request ends an older one; a text that cannot be shown leaves the last good page. */

import { openLinksInNewTabs } from "../common/page.js";
import { box } from "./box.js";
import { afterPause, readFields } from "./form.js";
import { timeOfDay } from "./messages.js";
import { send } from "./server.js";

const PAUSE = 800; // milliseconds
const SLOW = 500;
const LARGE = 50_000; // characters: from here on, only when asked for

const panel = document.getElementById("preview");
const note = document.getElementById("preview-note");
const frame = document.createElement("iframe");
let shown = null; // the fields from which the page in the frame was made
let shownAt = "";
let request = null;

async function update() {
  const fields = readFields();
  const now = new URLSearchParams(fields).toString();
  if (now === shown) return;
  request?.abort();
  const mine = new AbortController();
  request = mine;
  const slow = setTimeout(() => note.replaceChildren("Updating the preview …"), SLOW);
  try {
    const answer = await send(panel.dataset.address, fields, mine.signal);
    const text = await answer.text();
    if (request !== mine) return;
    if (answer.ok) show(text, now);
    else keepLast("The text cannot be shown yet: see Checks.");
  } catch (problem) {
    if (problem.name !== "AbortError") keepLast(problem.message);
  } finally {
    clearTimeout(slow);
  }
}

function keepLast(why) {
  note.replaceChildren(`${why} ${shownAt && `This is the page from ${shownAt}.`}`);
}

function show(html, fields) {
  const page = new DOMParser().parseFromString(html, "text/html");
  openLinksInNewTabs(page);
  const place = frame.contentWindow.scrollY;
  const held = frame.contentDocument;
  held.replaceChild(held.adoptNode(page.documentElement), held.documentElement);
  frame.contentWindow.scrollTo(0, place);
  shown = fields;
  shownAt = timeOfDay(new Date());
  note.replaceChildren("");
}

function updateUnlessLarge() {
  if (box.value.length <= LARGE) update();
  else if (!note.textContent) note.replaceChildren("This text is long: press “Update preview” to see it.");
}

frame.title = "Preview of the page";
// No scripts. Same origin, so that this page can keep its place and send its links to tabs of their own.
frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
frame.src = panel.dataset.address;
panel.querySelectorAll("[hidden]").forEach((part) => {
  part.hidden = false;
});
panel.querySelector("[data-frame]").append(frame);
panel.querySelector("[data-update]").addEventListener("click", update);
frame.addEventListener("load", () => {
  openLinksInNewTabs(frame.contentDocument);
  afterPause(PAUSE, updateUnlessLarge);
}, { once: true });
