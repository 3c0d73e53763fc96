/* The checks panel: what the server says of the text as it stands, each finding with a button that leads to its place. */

import { box, replace, showPlace } from "./box.js";
import { afterPause, form, readFields } from "./form.js";
import { isUnsaved } from "./local-copy.js";
import { send } from "./server.js";
import { openTab } from "./tabs.js";

const PAUSE = 1200; // milliseconds
const panel = document.getElementById("checks");
const note = document.getElementById("checks-note");
const findings = panel.querySelector("[data-findings]");
const count = document.getElementById("editor-findings"); // beside the buttons, always in sight
let request = null;
let checked = null; // the fields of the findings that are shown

async function check() {
  const fields = readFields();
  const now = new URLSearchParams(fields).toString();
  if (now === checked || (form.dataset.article === "new" && !isUnsaved())) return;
  request?.abort();
  const mine = new AbortController();
  request = mine;
  try {
    const answer = await send(panel.dataset.address, fields, mine.signal);
    const html = await answer.text();
    if (request !== mine) return;
    show(html);
    checked = now;
  } catch (problem) {
    if (problem.name !== "AbortError") note.textContent = `${problem.message} These checks are of the text as it was before.`;
  }
}

function show(html) {
  findings.innerHTML = html; // a fragment of our own, with every word of the text escaped
  note.textContent = "";
  count.textContent = findings.querySelector("[role=status]")?.textContent ?? "";
  count.hidden = !count.textContent;
}

/* Go to a finding's field; in the box, to its line and words. */
function jump({ field, line, words }) {
  const target = form.elements[field];
  if (!target) return;
  openTab("write");
  target.closest("details")?.setAttribute("open", "");
  if (target === box && line) showLine(line, words);
  else target.focus();
}

function startOf(line) {
  const before = box.value.split("\n").slice(0, line - 1);
  return before.reduce((sum, one) => sum + one.length + 1, 0);
}

function showLine(line, words) {
  const start = startOf(line);
  const found = words ? box.value.indexOf(words, start) : -1;
  if (found >= 0) showPlace(found, found + words.length);
  else showPlace(start, start + box.value.slice(start).split("\n")[0].length);
}

/* Put the fix of a finding in the place of its lines, unless they have changed since the check. */
function fix([line, old, fixed]) {
  const start = startOf(line);
  const end = start + old.length;
  if (box.value.slice(start, end) !== old || !["\n", undefined].includes(box.value[end])) {
    note.textContent = "The text has changed there, so nothing was fixed. The checks will be up to date in a moment.";
    return;
  }
  openTab("write");
  replace(start, end, fixed);
  showPlace(start, start + fixed.length);
}

count.addEventListener("click", () => openTab("checks"));

findings.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-field]");
  if (button) jump(button.dataset);
  const fixing = event.target.closest("button[name=fix]");
  if (!fixing) return;
  event.preventDefault(); // without scripts the form sends it
  fix(JSON.parse(fixing.value));
});

afterPause(PAUSE, check);
