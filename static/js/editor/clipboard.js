/* What the clipboard holds from a word processor, a spreadsheet, a mail or a page, as our Markdown that shows the same text.
   One pure function, fromClipboard(html); each step is a file in clipboard/. */

import { blocksOf } from "./clipboard/blocks.js";
import { writeBoxTables } from "./clipboard/boxes.js";
import { takeOut } from "./clipboard/left-out.js";
import { readLinks } from "./clipboard/links.js";
import { findNotes } from "./clipboard/notes.js";
import { pageOf } from "./clipboard/page.js";
import { Report } from "./clipboard/report.js";
import { markdownOf } from "./clipboard/write.js";

const OURS = /^(#{1,6} |[-*] |\d+\. |:::|\[\^|\|.*\|\s*$)|\]\(|\*\*\S|\[\[\w+:/m;
const CODE_FONT = /font(?:-family)?\s*:[^;]*(mono|consolas|courier|menlo)/i;

/* Read a clipboard's HTML: {text, isMarkdown, report}. isMarkdown says that it is code with marks of ours: its plain words are
   what was meant. `taken` are labels of sources that a note may not have. */
export function fromClipboard(html, taken = []) {
  const report = new Report();
  const page = pageOf(html, report);
  const isMarkdown = isCode(page.body) && OURS.test(page.body.textContent);
  writeBoxTables(page);
  takeOut(page, report);
  const notes = findNotes(page, taken);
  readLinks(page, report);
  notes.forEach(({ element }) => element.remove());
  const sources = notes.map((note) => sourceOf(note, report));
  const text = [markdownOf(blocksOf(page.body, report)), sources.join("\n")].filter(Boolean).join("\n\n");
  return { text, isMarkdown, report: report.entries, sentences: report.sentences() };
}

/* A source says how it was read: the writer adds it. */
function sourceOf({ label, element }, report) {
  const entry = markdownOf(blocksOf(element, report)).replace(/^#+ /gm, "").replace(/\\?\s*\n\s*/g, " ").trim();
  report.add("source", element.textContent);
  return `[^${label}]: ${/[.?!…]$/.test(entry) ? entry : `${entry}.`}${/\bRead:/.test(entry) ? "" : " Read:"}`;
}

/* Whether all words are in a font for code, as an editor of code copies them. */
function isCode(body) {
  const texts = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT);
  let found = false;
  while (texts.nextNode()) {
    if (!texts.currentNode.data.trim()) continue;
    if (!inCodeFont(texts.currentNode.parentElement)) return false;
    found = true;
  }
  return found;
}

function inCodeFont(element) {
  return Boolean(element) && (/^(PRE|CODE|TT|SAMP)$/.test(element.tagName) || CODE_FONT.test(element.dataset.style ?? "")
    || inCodeFont(element.parentElement));
}
