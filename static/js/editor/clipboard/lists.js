/* Lists: those of HTML, of Word's paragraphs, and those whose bullets were typed. Each item is a block of its own at first:
   {kind: "item", depth, number, blocks}; nested() makes lists of them. */

import { styleOf } from "./page.js";

const MAX_DEPTH = 5;
const BULLET = /^[·•o§▪▫◦●○■◆♦□➢❖✓‣⁃∙►▶–—*\uf0a7\uf0b7-]$/;
const LETTERS = /alpha|latin|^a$/i;
const ROMAN = [["m", 1000], ["cm", 900], ["d", 500], ["cd", 400], ["c", 100], ["xc", 90], ["l", 50], ["xl", 40], ["x", 10], ["ix", 9],
  ["v", 5], ["iv", 4], ["i", 1]];

/* --- Lists of HTML ------------------------------------------------------------------------------------------ */

export const isList = (element) => /^(UL|OL|MENU|DIR)$/.test(element.tagName);

/* readItem(item, blocks) reads what an item holds. */
export function readList(list, blocks, depth, readItem) {
  const children = [...list.children];
  const step = list.hasAttribute("reversed") ? -1 : 1;
  let next = wholeNumber(list.getAttribute("start")) ?? (step < 0 ? children.filter(({ tagName }) => tagName === "LI").length : 1);
  for (const child of children) {
    if (isList(child)) { // Google Docs puts the inner list beside the item
      readList(child, blocks, depth + 1, readItem);
      continue;
    }
    const inner = [];
    const level = Number(child.dataset.ariaLevel) - 1 || depth; // Word on the web has a list for each item
    next = wholeNumber(child.getAttribute("value")) ?? next;
    const marker = list.tagName === "OL" ? numbered(styleOfNumbers(list, child), next) : { number: null, words: "" };
    readItem(child, inner, marker.words);
    addItem(blocks, level, marker.number, inner);
    if (child.tagName === "LI") next += step;
  }
}

const wholeNumber = (text) => (/^\s*-?\d+\s*$/.test(text ?? "") ? Number(text) : null);

const styleOfNumbers = (list, item) => styleOf(item, "list-style-type") || styleOf(list, "list-style-type") || item.getAttribute("type")
  || list.getAttribute("type") || "decimal";

/* Our Markdown has numbers only: letters stay as words. */
function numbered(type, number) {
  if (type === "none") return { number: null, words: "" };
  const isUpper = /upper|^[AI]$/.test(type);
  const letters = LETTERS.test(type) ? letterOf(number) : /roman|^i$/i.test(type) ? romanOf(number) : "";
  if (letters) return { number: null, words: `${isUpper ? letters.toUpperCase() : letters}. ` };
  return number >= 0 && number < 1e9 ? { number, words: "" } : { number: null, words: `${number}. ` };
}

const letterOf = (number) => (number < 1 ? "" : letterOf(Math.floor((number - 1) / 26)) + String.fromCharCode(97 + ((number - 1) % 26)));

function romanOf(number) {
  if (number < 1 || number > 3999) return "";
  let [rest, letters] = [number, ""];
  for (const [sign, value] of ROMAN) {
    while (rest >= value) [rest, letters] = [rest - value, letters + sign];
  }
  return letters;
}

/* --- Word's paragraphs --------------------------------------------------------------------------------------- */

/* Word writes an item as a paragraph with its bullet as words. WebKit takes Word's own styles away and leaves its classes. */
export function wordItem(element) {
  const style = /mso-list:\s*l\d+\s+level(\d)/i.exec(element.dataset?.style ?? "");
  const isListClass = /^MsoList/.test(element.className);
  if (!style && !isListClass) return null;
  const bullet = element.querySelector("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']");
  const marker = bullet ? bullet.textContent.replace(/\s+/g, " ").trim() : typedMarker(element.textContent);
  if (bullet) bullet.remove();
  else if (marker) dropStart(element, marker);
  else if (!style) return null; // a paragraph in a list, without a bullet
  const number = /^\(?(\d{1,9})[.):]?\)?$/.exec(marker)?.[1];
  const words = number || BULLET.test(marker) || !marker ? "" : `${marker} `;
  return { depth: (style ? Number(style[1]) : levelOf(element)) - 1, number: number ? Number(number) : null, words };
}

function typedMarker(text) {
  const [, marker, gap] = /^\s*(\(?[\p{L}\d]{1,4}(?:\.\d{1,3})*[.):]?\)?|\S)([\s\u00a0]+)/u.exec(text) ?? [];
  const isBare = marker && /^[\p{L}\d]+$/u.test(marker) && !BULLET.test(marker); // “5 mg” with a fixed blank is no point 5
  return marker && !(isBare && gap.length < 3) && (gap.includes("\u00a0") || gap.length > 2 || /^\(?(\d{1,3}|[a-z])[.)]\)?$/i.test(marker) || /[·•§▪●➢]/.test(marker)) ? marker : "";
}

function dropStart(element, marker) {
  let left = marker.replace(/\s/g, "").length;
  const texts = element.ownerDocument.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  while (left && texts.nextNode()) {
    const text = texts.currentNode;
    text.data = text.data.replace(/\S/g, (sign) => (left ? (left -= 1, "") : sign));
  }
}

const POINTS = { pt: 1, px: 0.75, cm: 28.35, in: 72, mm: 2.835 };
const LEVEL_WIDTH = 36; // points

function levelOf(element) {
  const [, size, unit] = /^([\d.]+)(pt|px|cm|in|mm)/.exec(styleOf(element, "margin-left") || styleOf(element, "margin").split(/\s+/)[3] || "") ?? [];
  const named = /^MsoList(?:Bullet|Number)(\d)/.exec(element.className)?.[1];
  return named ? Number(named) : Math.max(1, Math.round((Number(size ?? 0) * (POINTS[unit] ?? 0)) / LEVEL_WIDTH));
}

/* --- Bullets that were typed --------------------------------------------------------------------------------- */

const TYPED = /^\s*(?:[·•▪▫◦●○■◆‣⁃∙➢❖](?!\d)|o(?:\t|[ ]*\u00a0)(?=\s*\S))\s*/;
const DASH = /^\s*[-–—*]\s+(?=\S)(?!\d)/;

/* The start of a line that is a typed bullet: {length, isDash}, or null. One dash alone may be just a dash. */
export function typedBullet(pieces) {
  const line = pieces.map(({ text }) => text).join("");
  const found = TYPED.exec(line) ?? DASH.exec(line);
  return found && found[0].length < line.trimEnd().length ? { length: found[0].length, isDash: !TYPED.test(line) } : null;
}

/* The pieces without their first signs. */
export function cutStart(pieces, length) {
  let left = length;
  return pieces.map((piece) => {
    const cut = Math.min(left, piece.text.length);
    left -= cut;
    return cut ? { ...piece, text: piece.text.slice(cut) } : piece;
  });
}

/* --- From items to lists ------------------------------------------------------------------------------------- */

/* An item without words of its own is not one: what it holds takes its place. */
export function addItem(blocks, depth, number, inner, asWritten = null) {
  if (inner.length && (number !== null || !inner.every(({ kind }) => kind === "item"))) {
    blocks.push({ kind: "item", depth, number, blocks: nested(inner), asWritten });
  } else {
    blocks.push(...inner.map((block) => ({ ...block, depth: block.depth + depth })));
  }
}

/* The blocks with items made into lists, each item in the one that it belongs to. */
export function nested(blocks) {
  const result = [];
  let lists = [];
  for (const block of withoutLoneDashes(blocks)) {
    if (block.kind !== "item") {
      result.push(block);
      lists = [];
      continue;
    }
    const depth = Math.min(block.depth, lists.length, MAX_DEPTH);
    if (depth === lists.length) {
      const list = { kind: "list", items: [] };
      (depth ? lists[depth - 1].items.at(-1).blocks : result).push(list);
      lists.push(list);
    }
    lists = lists.slice(0, depth + 1);
    lists[depth].items.push({ number: block.number, blocks: block.blocks });
  }
  return result;
}

const withoutLoneDashes = (blocks) => blocks.map((block, index) => (
  block.asWritten && !blocks[index - 1]?.asWritten && !blocks[index + 1]?.asWritten ? block.asWritten : block));
