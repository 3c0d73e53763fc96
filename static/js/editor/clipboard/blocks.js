/* A page becomes blocks, in its order: headings, paragraphs, items of lists, tables, entries and code. */

import { addItem, cutStart, isList, nested, readList, typedBullet, wordItem } from "./lists.js";
import { BREAK, formatOf, holdsBlocks, levelled, piecesOf } from "./pieces.js";
import { flatTable, readTable } from "./tables.js";
import { escaped, headingLine, linesOf } from "./write.js";

/* The blocks of an element. */
export function blocksOf(element, report) {
  return new Reader(report).blocks(element, {});
}

class Reader {
  constructor(report) {
    this.report = report;
  }

  blocks(element, format) {
    const found = [];
    this.read(element, format, found);
    return nested(found);
  }

  read(parent, format, blocks) {
    let line = [];
    const finish = () => {
      this.addParagraphs(line, blocks);
      line = [];
    };
    for (const node of parent.childNodes) {
      if (!holdsBlocks(node)) {
        line.push(...piecesOf(node, format));
      } else {
        finish();
        this.readBlock(node, format, blocks);
      }
    }
    finish();
  }

  readBlock(element, around, blocks) {
    const format = formatOf(element, around);
    const level = headingLevel(element);
    const item = level ? null : wordItem(element);
    if (level && !format.inside) {
      const text = headingLine(this.pieces(element, { ...around, quiet: true }));
      if (text) blocks.push({ kind: "heading", level, text });
    } else if (item) {
      const inner = [];
      this.readInner(element, format, inner, item.words);
      addItem(blocks, item.depth, item.number, inner);
    } else if (isList(element)) {
      readList(element, blocks, 0, (child, inner, words) => this.readInner(child, { ...formatOf(child, format), inside: true }, inner, words));
    } else if (element.tagName === "TABLE") {
      this.readTable(element, format, blocks);
    } else if (element.tagName === "DL" && isPlainEntries(element)) {
      this.readEntries(element, format, blocks);
    } else if (element.tagName === "PRE" && hasColumns(element.textContent)) {
      blocks.push({ kind: "code", text: element.textContent.replace(/^\n+|\s+$/g, "").replaceAll("\u00a0", " ") });
    } else {
      this.read(element, format, blocks);
    }
  }

  pieces(element, format) {
    return levelled([...element.childNodes].flatMap((child) => piecesOf(child, format)), this.report);
  }

  /* What an item holds, with a marker that our Markdown does not have as its first words. */
  readInner(element, format, inner, words) {
    if (words) element.prepend(element.ownerDocument.createTextNode(words));
    if (words && element.children[0] && holdsBlocks(element.children[0]) && !isList(element.children[0])) {
      element.children[0].prepend(element.firstChild);
    }
    this.read(element, format, inner);
  }

  readTable(table, format, blocks) {
    readTable(table, blocks, {
      report: this.report,
      isInCell: format.isInCell,
      read: (element, inner, how) => this.read(element, { ...formatOf(element, format), ...how }, inner),
      lineOf: (inner) => nested(inner).map((block) => this.flat(block)).reduce(listed, ""),
    });
  }

  /* A block as one line of a cell. */
  flat(block) {
    if (block.kind === "table") {
      this.report.add("nested", flatTable(block.rows));
      return flatTable(block.rows.map((cells) => cells.map((cell) => cell.replaceAll("\\|", "|"))));
    }
    if (block.kind === "list") {
      const marks = block.items.length > 1 || block.items[0].number !== null;
      return block.items.map((item) => (
        (marks ? (item.number === null ? "• " : `${item.number}. `) : "") + item.blocks.map((one) => this.flat(one)).reduce(listed, ""))).join(" ");
    }
    if (block.kind === "entries") return block.entries.map(({ term, meanings }) => `${term}: ${meanings.join("; ")}`).join("; ");
    if (block.kind === "code") return escaped(block.text.replace(/\s+/g, " ").trim());
    return block.text.split("\\\n").reduce(listed, "");
  }

  readEntries(list, format, blocks) {
    const entries = [];
    for (const part of partsOf(list)) {
      const text = linesOf(this.pieces(part, formatOf(part, format)));
      if (part.tagName === "DT") entries.push({ term: text.replace(/\\\n/g, " "), meanings: [] });
      else entries.at(-1).meanings.push(text);
    }
    blocks.push({ kind: "entries", entries });
  }

  addParagraphs(pieces, blocks) {
    for (const part of split(pieces)) {
      let words = [];
      const finish = () => {
        this.addParagraph(words, blocks);
        words = [];
      };
      for (const line of linesIn(part, this.report)) {
        const bullet = typedBullet(line);
        if (!bullet) {
          words.push(...(words.length ? [{ text: BREAK }] : []), ...line);
          continue;
        }
        finish();
        const [inner, asWritten] = [[], []];
        this.addParagraph(cutStart(line, bullet.length), inner);
        if (bullet.isDash) this.addParagraph(line, asWritten, new Silent());
        addItem(blocks, 0, null, inner, asWritten[0]);
      }
      finish();
    }
  }

  addParagraph(pieces, blocks, report = this.report) {
    const text = linesOf(levelled(pieces, report));
    if (text) blocks.push({ kind: "paragraph", text });
  }
}

class Silent {
  add() {}
}

function headingLevel(element) {
  const number = /^H([1-6])$/.exec(element.tagName)?.[1] ?? /^MsoHeading([1-6])$/.exec(element.className)?.[1]
    ?? (element.getAttribute("role") === "heading" && element.getAttribute("aria-level"));
  if (number) return Math.min(6, Math.max(2, Number(number))); // the page's title is its only heading of level 1
  return /^Mso(Sub)?title$/i.test(element.className) ? 2 : 0;
}

/* Two parts of a cell, with a sign between them where there is none. */
function listed(sofar, part) {
  if (!sofar || !part) return sofar || part;
  return sofar + (/[.!?:;,…•–]$/.test(sofar) || /^•|^[\p{Ll}(]/u.test(part) ? " " : "; ") + part;
}

/* Columns that are made with blanks must keep them. */
const hasColumns = (text) => /\S(?: {2,}|\t)\S/.test(text);

const partsOf = (list) => [...list.querySelectorAll("dt, dd")].filter((part) => part.closest("dl") === list);

/* Each word has its meanings, each of one paragraph. */
function isPlainEntries(list) {
  const parts = partsOf(list);
  const isPair = parts.every((part, index) => part.tagName === "DD" || parts[index + 1]?.tagName === "DD");
  return parts[0]?.tagName === "DT" && isPair && parts.every((part) => part.textContent.trim() && ![...part.children].some(holdsBlocks));
}

/* Two breaks one after the other end a paragraph. */
function split(pieces) {
  const parts = [[]];
  let breaks = [];
  for (const piece of pieces) {
    if (piece.text === BREAK) breaks.push(piece);
    else if (piece.note || piece.text.replace(/[\u200b\ufeff]/g, "").trim()) {
      if (breaks.length > 1) parts.push([]);
      else if (breaks.length && parts.at(-1).length) parts.at(-1).push(breaks[0]);
      breaks = [];
      parts.at(-1).push(piece);
    } else if (!breaks.length) parts.at(-1).push(piece);
  }
  return parts;
}

/* The lines of a paragraph. Those of a PDF end where its page ends: one that goes on in small letters is the same line. */
function linesIn(pieces, report) {
  const lines = [[]];
  for (const [index, piece] of pieces.entries()) {
    if (piece.text !== BREAK) {
      lines.at(-1).push(piece);
      continue;
    }
    const before = lines.at(-1).map(({ text }) => text).join("");
    const after = pieces.slice(index + 1).find(({ text }) => text.trim())?.text ?? "";
    if (!piece.isLineOfPdf || !/^\s*\p{Ll}/u.test(after)) lines.push([]);
    else if (/\p{L}[-\u2010\u00ad]\s*$/u.test(before)) report.add("divided", `${/\S+$/.exec(before.trim())[0]}${/^\s*(\S+)/.exec(after)[1]}`);
    else lines.at(-1).push({ text: " " });
  }
  return lines;
}


