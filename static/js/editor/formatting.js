/* Headings, lists, bold and undo; and lists that go on by themselves. */

import { box, insert, replace } from "./box.js";

const LIST_MARK = /^(\s*)(?:[-*+]|\d+[.)])\s+/;
const NEXT_HEADING = { "": "## ", "#": "## ", "##": "### " }; // and then none

/* The whole lines that the selection touches. */
function selectedLines() {
  const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  const last = box.selectionEnd > start && box.value[box.selectionEnd - 1] === "\n" ? box.selectionEnd - 1 : box.selectionEnd;
  const end = box.value.indexOf("\n", last);
  return { start, end: end === -1 ? box.value.length : end };
}

function changeLines(change) {
  const { start, end } = selectedLines();
  const changed = change(box.value.slice(start, end).split("\n")).join("\n");
  replace(start, end, changed);
  if (changed.includes("\n")) box.setSelectionRange(start, start + changed.length);
}

/* Lines with the list's marks; without them when all have them. */
function markLines(lines, mark, markOf) {
  const filled = lines.filter((line) => line.trim() || lines.length === 1);
  if (filled.every((line) => mark.test(line))) return lines.map((line) => line.replace(mark, ""));
  let number = 0;
  return lines.map((line) => (filled.includes(line) ? markOf((number += 1)) + line.replace(LIST_MARK, "") : line));
}

export const heading = () => changeLines((lines) => lines.map((line) => {
  const [, marks, words] = /^(#*)\s*(.*)$/.exec(line);
  return (NEXT_HEADING[marks] ?? "") + words;
}));

export const bullets = () => changeLines((lines) => markLines(lines, /^\s*[-*+]\s+/, () => "- "));
export const numbers = () => changeLines((lines) => markLines(lines, /^\s*\d+[.)]\s+/, (number) => `${number}. `));

export function bold() {
  const { value } = box;
  const [start, end] = boldRange(value);
  const inner = /^\*\*([^]*)\*\*$/.exec(value.slice(start, end));
  const words = inner ? inner[1] : value.slice(start, end) || "bold words";
  replace(start, end, inner ? words : `**${words}**`);
  const from = inner ? start : start + 2;
  box.setSelectionRange(from, from + words.length);
}

/* The selection, or the word around the cursor; without blanks at its ends, with the marks around it. */
function boldRange(value) {
  let { selectionStart: start, selectionEnd: end } = box;
  if (start === end) {
    start -= /[\p{L}\p{N}'’-]*$/u.exec(value.slice(0, start))[0].length;
    end += /^[\p{L}\p{N}'’-]*/u.exec(value.slice(end))[0].length;
  }
  start += /^\s*/.exec(value.slice(start, end))[0].length;
  end -= /\s*$/.exec(value.slice(start, end))[0].length;
  const isMarked = value.slice(start - 2, start) === "**" && value.slice(end, end + 2) === "**";
  return isMarked ? [start - 2, end + 2] : [start, end];
}

export function undo() {
  box.focus();
  document.execCommand("undo");
}

/* Enter in a list begins the next item; in an empty item it ends the list. */
function continueList(event) {
  if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
  if (box.selectionStart !== box.selectionEnd) return;
  const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  const line = box.value.slice(start, box.selectionStart);
  const [item, indent, mark, words] = /^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$/.exec(line) ?? [];
  if (!item) return;
  event.preventDefault();
  if (!words) replace(start, box.selectionStart, "");
  else insert(`\n${indent}${/\d/.test(mark) ? Number.parseInt(mark, 10) + 1 + mark.slice(-1) : mark} `);
}

box.addEventListener("keydown", continueList);
