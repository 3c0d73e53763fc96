/* Footnotes and endnotes (Word, LibreOffice, Google Docs, Wikipedia, pages made from Markdown) as our sources. */

const MARK = /^[\s[({]*(\d{1,3}|[ivxlc]{1,6}|[a-z]|[*†‡§¶]{1,3})[\s\])}]*$/i;
const BACK = /^[\s^↑↩↵\ufe0e]*$/;
const NOTE_NAME = /^_?(ftn|edn|fn|ftnt|sdfootnote|sdendnote|cite_note|footnote|endnote)[-:_]?\d/i;
const NOTE_BOXES = [":is([id^=ftn], [id^=edn], [id^=sdfootnote], [id^=sdendnote]):not(a, sup)", "li", "p, dd, div"];
const MAX_NOTE = 2_000; // characters

/* Find the notes of the page: [{label, element}]. Their marks become elements with data-note. */
export function findNotes(page, taken) {
  const notes = new Map();
  for (const mark of page.body.querySelectorAll("a")) {
    const box = mark.isConnected && MARK.test(mark.textContent) && boxOf(mark);
    if (!box) continue;
    if (!notes.has(box)) {
      stripMark(box, mark);
      notes.set(box, labelFor(box.textContent, notes.size + 1, [...taken, ...notes.values()]));
    }
    const sign = page.createElement("span");
    sign.dataset.note = notes.get(box);
    outermost(mark).replaceWith(sign);
  }
  return [...notes].map(([element, label]) => ({ label, element }));
}

/* The element that holds the note of a mark: it comes after the mark, and says in its name or by a way back that it is one. */
function boxOf(mark) {
  const name = nameOf(mark);
  const named = name && [name, name.replace(/^_/, "")].map((one) => (
    mark.ownerDocument.getElementById(one) ?? mark.ownerDocument.getElementsByName(one)[0])).find(Boolean);
  if (!named || !(mark.compareDocumentPosition(named) & Node.DOCUMENT_POSITION_FOLLOWING)) return null;
  const box = NOTE_BOXES.map((selector) => named.closest(selector)).find(Boolean);
  if (!box || box.contains(mark) || box.textContent.length > MAX_NOTE) return null;
  const isNote = NOTE_NAME.test(name) || [...box.querySelectorAll("a")].some((link) => link.hash === `#${mark.id || mark.name}`);
  return isNote ? box : null;
}

/* Where a mark leads. WebKit takes away addresses inside a page, but keeps the name of the mark, which is like its note's. */
function nameOf(mark) {
  const address = mark.getAttribute("href") ?? "";
  if (address.startsWith("#")) return address.slice(1);
  const own = mark.id || mark.name || mark.closest("sup[id]")?.id || "";
  return /ref-?\d|^cite_ref|anc$/.test(own) ? own.replace(/^cite_ref/, "cite_note").replace(/_?ref(?=-?\d)/, "").replace(/anc$/, "sym") : "";
}

/* The raised or marked element around a mark that holds nothing else. */
function outermost(mark) {
  let element = mark;
  while (element.parentElement.textContent.trim() === mark.textContent.trim() && /^(SUP|SPAN|A)$/.test(element.parentElement.tagName)) {
    element = element.parentElement;
  }
  return element;
}

/* A note begins with its own mark, as a link or as plain text. */
function stripMark(box, mark) {
  const links = [...box.querySelectorAll("a")].filter((link) => MARK.test(link.textContent) || BACK.test(link.textContent));
  const isLinked = links.some((link) => MARK.test(link.textContent));
  links.forEach((link) => link.remove());
  if (isLinked) return;
  const first = firstText(box);
  const sign = MARK.exec(mark.textContent)[1];
  if (first) first.data = first.data.trimStart().replace(new RegExp(`^(?:[[(]${escaped(sign)}[\\])]|${escaped(sign)}[.):]?(?=\\s|$))\\s*`), "");
}

const escaped = (sign) => sign.replace(/[*]/g, "\\$&");

function firstText(box) {
  const texts = box.ownerDocument.createTreeWalker(box, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) if (texts.currentNode.data.trim()) return texts.currentNode;
  return null;
}

/* smith2014 for a note that names an author and a year, else note1. */
function labelFor(words, number, taken) {
  const author = /^[^\p{L}]*(\p{L}+)/u.exec(words)?.[1].normalize("NFKD").toLowerCase().replace(/[^a-z]/g, "");
  const year = /\b(?:19|20)\d\d\b/.exec(words)?.[0];
  const label = author && year ? author.slice(0, 30) + year : `note${number}`;
  return ["", ..."bcdefghijklmnopqrstuvwxyz"].map((letter) => label + letter).find((one) => !taken.includes(one)) ?? `${label}-${taken.length}`;
}
