/* What the clipboard holds from a word processor, as our Markdown: headings, lists, bold, links and tables.
   Everything else becomes plain words. One pure function, fromClipboard(html): { text, structured, pictures }. */

import { linkAddress } from "./markdown.js";

const DROPPED = "script, title, xml, template, del, .msoDel, [data-style*='mso-element:comment'], .MsoCommentReference, " +
  ".msocomanchor, .msocomtxt, .MsoToc1, .MsoToc2, .MsoToc3, [data-style*='mso-hide:all']";
const BLOCKS = new Set(["ADDRESS", "ARTICLE", "ASIDE", "BLOCKQUOTE", "BODY", "CENTER", "DD", "DIV", "DL", "DT", "FIGCAPTION",
  "FIGURE", "FOOTER", "FORM", "H1", "H2", "H3", "H4", "H5", "H6", "HEADER", "HR", "LI", "MAIN", "NAV", "OL", "P", "PRE",
  "SECTION", "TABLE", "TBODY", "TD", "TFOOT", "TH", "THEAD", "TR", "UL"]);
const BREAK = "\u0001"; // stands for a line break until the paragraph is put together

export function fromClipboard(html) {
  const page = new DOMParser().parseFromString(harmless(html), "text/html");
  const pictures = page.querySelectorAll("img").length;
  page.querySelectorAll(DROPPED).forEach((element) => element.remove());
  const blocks = [];
  read(page.body, { quiet: false }, blocks);
  return {
    text: joined(blocks.filter((block) => block.text.trim())),
    structured: blocks.some((block) => block.kind !== "paragraph" || block.marked),
    pictures,
  };
}

/* Styles are read here and never applied; our policy would complain about each one that is parsed. */
const harmless = (html) => html.replace(/<style[^]*?<\/style>/gi, "")
  .replace(/<[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));

const styleOf = (element) => element.dataset?.style ?? "";

/* Blocks: {kind, text, marked, level} in the order of the page. */
function read(parent, format, blocks) {
  let line = [];
  const finish = () => {
    addParagraphs(line, blocks);
    line = [];
  };
  for (const node of parent.childNodes) {
    if (!holdsBlocks(node)) {
      line.push(...words(node, format));
    } else {
      finish();
      readBlock(node, format, blocks);
    }
  }
  finish();
}

function holdsBlocks(node) {
  return node.nodeType === Node.ELEMENT_NODE && (BLOCKS.has(node.tagName) || [...node.children].some(holdsBlocks));
}

function readBlock(element, format, blocks) {
  const level = headingLevel(element);
  if (level) {
    const text = oneLine(words(element, { ...format, quiet: true }));
    if (text) blocks.push({ kind: "heading", text: `${"#".repeat(level)} ${text}` });
  } else if (wordListLevel(element)) {
    readWordItem(element, format, blocks);
  } else if (element.tagName === "UL" || element.tagName === "OL") {
    readList(element, format, blocks, 0);
  } else if (element.tagName === "TABLE") {
    readTable(element, format, blocks);
  } else {
    read(element, formatOf(element, format), blocks);
  }
}

function headingLevel(element) {
  const number = /^H([1-6])$/.exec(element.tagName)?.[1] ?? /^MsoHeading([1-6])$/.exec(element.className)?.[1]
    ?? (element.getAttribute("role") === "heading" && element.getAttribute("aria-level"));
  if (number) return Math.max(2, Number(number)); // the page's title is its only heading of level 1
  return /^Mso(Sub)?title$/i.test(element.className) ? 2 : 0;
}

/* --- Lists --------------------------------------------------------------------------------------------- */

/* Word writes an item as a paragraph with "mso-list: l0 level2 lfo1", and its bullet as words to be ignored. */
function wordListLevel(element) {
  const found = /mso-list:\s*l\d+\s+level(\d)/i.exec(styleOf(element));
  return found ? Number(found[1]) : 0;
}

function readWordItem(element, format, blocks) {
  const bullet = element.querySelector("[data-style*='mso-list:Ignore'], [data-style*='mso-list: Ignore']");
  const mark = (bullet?.textContent ?? "").trim();
  bullet?.remove();
  addItem(blocks, wordListLevel(element) - 1, /^[0-9a-z]{1,4}[.)]$/i.test(mark), oneLine(words(element, format)));
}

function readList(list, format, blocks, depth) {
  const numbered = list.tagName === "OL";
  for (const item of list.children) {
    if (item.tagName === "UL" || item.tagName === "OL") { // Google Docs puts the inner list beside the item
      readList(item, format, blocks, depth + 1);
      continue;
    }
    const inner = item.querySelectorAll(":scope > ul, :scope > ol");
    inner.forEach((child) => child.remove());
    const level = Number(item.dataset.ariaLevel) - 1 || depth; // Word on the web has a list for each item
    addItem(blocks, level, numbered, oneLine(words(item, formatOf(item, format))));
    inner.forEach((child) => readList(child, format, blocks, depth + 1));
  }
}

function addItem(blocks, depth, numbered, text) {
  if (text) blocks.push({ kind: "item", depth, numbered, text });
}

/* --- Tables -------------------------------------------------------------------------------------------- */

function readTable(table, format, blocks) {
  const rows = [...table.rows].map((row) => [...row.cells].flatMap((cell) => {
    const text = oneLine(words(cell, { ...format, quiet: cell.tagName === "TH" })).replaceAll("|", "\\|");
    return [text, ...Array(Math.max(0, Math.min(cell.colSpan, 20) - 1)).fill("")];
  })).filter((cells) => cells.some(Boolean));
  const columns = Math.max(0, ...rows.map((cells) => cells.length));
  if (columns < 2) { // a frame around words is no table
    for (const cell of [...table.rows].flatMap((row) => [...row.cells])) read(cell, format, blocks);
    return;
  }
  const [head, ...body] = rows.map((cells) => `| ${[...cells, ...Array(columns - cells.length).fill("")].join(" | ")} |`);
  const rule = `|${" --- |".repeat(columns)}`;
  blocks.push({ kind: "table", text: [head.replaceAll("**", ""), rule, ...body].join("\n") });
}

/* --- Words --------------------------------------------------------------------------------------------- */

function formatOf(element, format) {
  const weight = /(?:^|[\s;])font-weight:\s*(\w+)/i.exec(styleOf(element))?.[1];
  const bold = weight ? weight === "bold" || weight === "bolder" || Number(weight) >= 600
    : format.bold || element.tagName === "B" || element.tagName === "STRONG";
  return { ...format, bold };
}

/* The pieces of a line: {text, bold, address}. */
function words(node, format) {
  if (node.nodeType === Node.TEXT_NODE) return [{ ...format, text: node.data }];
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  if (node.tagName === "BR") return [{ ...format, text: BREAK }];
  const inner = { ...formatOf(node, format), address: addressOf(node) ?? format.address };
  const pieces = [...node.childNodes].flatMap((child) => words(child, inner));
  return BLOCKS.has(node.tagName) ? [{ text: " " }, ...pieces, { text: " " }] : pieces;
}

/* Where a link leads, for addresses that a page of ours may hold. */
function addressOf(element) {
  if (element.tagName !== "A") return null;
  let address = element.getAttribute("href") ?? "";
  const wrapped = /^https:\/\/www\.google\.com\/url\?(?:.*&)?q=([^&]+)/.exec(address);
  if (wrapped) address = decodeURIComponent(wrapped[1]);
  if (/^http:\/\//i.test(address)) address = address.replace(/^http/i, "https");
  return /^(https:\/\/|mailto:|tel:)[^\s<>]+$/i.test(address) ? linkAddress(address) : null;
}

function addParagraphs(pieces, blocks) {
  for (const part of split(pieces)) {
    const text = written(part).replaceAll(BREAK, "\\\n");
    const marked = part.some((piece) => piece.text.trim() && ((piece.bold && !piece.quiet) || piece.address));
    if (text) blocks.push({ kind: "paragraph", text: guarded(text), marked });
  }
}

/* Two breaks one after the other end a paragraph. */
function split(pieces) {
  const parts = [[]];
  let breaks = 0;
  for (const piece of pieces) {
    if (piece.text === BREAK) breaks += 1;
    else if (piece.text.trim()) {
      if (breaks > 1) parts.push([]);
      else if (breaks && parts.at(-1).length) parts.at(-1).push({ text: BREAK });
      breaks = 0;
      parts.at(-1).push(piece);
    } else if (!breaks && parts.at(-1).length) parts.at(-1).push(piece);
  }
  return parts;
}

const oneLine = (pieces) => written(pieces.map((piece) => (piece.text === BREAK ? { ...piece, text: " " } : piece)));

/* Pieces of the same kind are one run; blanks stand outside the marks, or the marks would not count. */
function written(pieces) {
  const runs = [];
  for (const piece of pieces) {
    const kind = { bold: Boolean(piece.bold && !piece.quiet), address: piece.address ?? "" };
    const last = runs.at(-1);
    const text = plain(piece.text);
    const blank = !text.trim() && text !== BREAK;
    if (last && (blank || (last.bold === kind.bold && last.address === kind.address))) last.text += text;
    else runs.push({ ...kind, text });
  }
  return runs.map(marked).join("").replace(/ +/g, " ").replace(/ ?\u0001 ?/g, BREAK).trim();
}

function marked({ text, bold, address }) {
  const [, before, middle, after] = /^([\s\u0001]*)([^]*?)([\s\u0001]*)$/.exec(text);
  if (!middle) return text;
  let words = escaped(middle);
  if (address && words === escaped(address)) words = words.replace(/^https:\/\//, "");
  if (bold) words = `**${words}**`;
  return before + (address ? `[${words}](${address})` : words) + after;
}

function plain(text) {
  return text.replace(/[\u00ad\u200b\ufeff]/g, "").replace(/[^\S\u0001]+/g, " ");
}

/* Marks that somebody wrote as marks and not for us. */
function escaped(text) {
  return text.replace(/[\\`*[\]]/g, "\\$&").replace(/<(?=[a-z/!?])/gi, "\\<").replace(/&(?=#?\w+;)/g, "\\&")
    .replace(/(^|[^\p{L}\p{N}])(_+)|(_+)(?![\p{L}\p{N}_])/gu, (found) => found.replaceAll("_", "\\_"));
}

/* A paragraph whose first words would begin a heading, a list, a quotation or a box. */
function guarded(text) {
  return text.replace(/^(#{1,6}(?= )|[>~]|[-+](?= )|:::)/, "\\$1").replace(/^(\d+)([.)])(?= )/, "$1\\$2")
    .replace(/^=+$|^-+$/gm, "\\$&");
}

/* --- Putting it together ------------------------------------------------------------------------------- */

function joined(blocks) {
  const counts = [];
  const indents = [];
  return blocks.map((block, index) => {
    const previous = blocks[index - 1];
    if (block.kind !== "item") return (previous ? "\n\n" : "") + block.text;
    const goesOn = previous?.kind === "item";
    const depth = Math.min(block.depth, goesOn ? previous.shown + 1 : 0);
    block.shown = depth;
    if (!goesOn) counts.length = 0;
    counts.length = Math.min(counts.length, depth + 1);
    const same = goesOn && counts[depth]?.numbered === block.numbered;
    const newList = goesOn && counts[depth] && !same;
    counts[depth] = { numbered: block.numbered, number: same ? counts[depth].number + 1 : 1 };
    const mark = block.numbered ? `${counts[depth].number}. ` : "- ";
    indents[depth] = depth ? indents[depth - 1] + " ".repeat(counts[depth - 1].numbered ? `${counts[depth - 1].number}. `.length : 2) : "";
    const gap = !previous ? "" : goesOn && !newList ? "\n" : "\n\n";
    return gap + indents[depth] + mark + block.text;
  }).join("");
}
