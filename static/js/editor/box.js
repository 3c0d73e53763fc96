/* The box that holds the text. Whatever a button writes goes through replace(), so that the browser's own undo goes on
   working, and Tab is never caught. */

export const box = document.querySelector("textarea.markdownx-editor");

/* Put text in the place of the characters from start to end, as if it had been typed. */
export function replace(start, end, text) {
  box.focus();
  box.setSelectionRange(start, end);
  const typed = text ? document.execCommand("insertText", false, text) : start === end || document.execCommand("delete");
  if (!typed) {
    box.setRangeText(text, start, end, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function insert(text) {
  replace(box.selectionStart, box.selectionEnd, text);
}

/* Put a block (a card, a picture, a table) on lines of its own, with a blank line on either side; return where it begins. */
export function insertBlock(block, start = box.selectionStart, end = box.selectionEnd) {
  const before = box.value.slice(0, start);
  const after = box.value.slice(end);
  const above = !before.trim() ? "" : "\n".repeat(Math.max(0, 2 - /\n*$/.exec(before)[0].length));
  const below = !after.trim() ? "\n" : "\n".repeat(Math.max(0, 2 - /^\n*/.exec(after)[0].length));
  replace(start, end, above + block + below);
  return start + above.length;
}

/* Show a place in the box: select it, and scroll to it. */
export function showPlace(start, end = start) {
  box.focus();
  box.setSelectionRange(start, end);
  const linesAbove = box.value.slice(0, start).split("\n").length - 1;
  const lines = box.value.split("\n").length;
  box.scrollTop = Math.max(0, (box.scrollHeight * linesAbove) / lines - box.clientHeight / 3);
  box.scrollIntoView({ block: "nearest" });
}
