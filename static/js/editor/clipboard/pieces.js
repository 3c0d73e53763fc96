/* The pieces of a line: {text, bold, address, note, raise}. A line break is a piece of its own. */

import { styleOf } from "./page.js";

export const BREAK = "\u0001"; // stands for a line break until the paragraph is put together

const BLOCKS = new Set(["ADDRESS", "ARTICLE", "ASIDE", "BLOCKQUOTE", "BODY", "CAPTION", "CENTER", "DD", "DETAILS", "DIALOG", "DIR",
  "DIV", "DL", "DT", "FIELDSET", "FIGCAPTION", "FIGURE", "FOOTER", "FORM", "H1", "H2", "H3", "H4", "H5", "H6", "HEADER", "HGROUP",
  "HR", "LEGEND", "LI", "MAIN", "MENU", "NAV", "OL", "OPTION", "P", "PRE", "SECTION", "SUMMARY", "TABLE", "TBODY", "TD", "TFOOT",
  "TH", "THEAD", "TR", "UL"]);
const SHOWN_AS_BLOCK = /^(block|flex|grid|list-item|table|flow-root)/;

export function isBlock(node) {
  return node.nodeType === Node.ELEMENT_NODE && (BLOCKS.has(node.tagName) || SHOWN_AS_BLOCK.test(styleOf(node, "display")));
}

export const holdsBlocks = (node) => isBlock(node) || (node.nodeType === Node.ELEMENT_NODE && [...node.children].some(holdsBlocks));

/* How the text in an element is written, given how it is around it. */
export function formatOf(element, format) {
  const weight = styleOf(element, "font-weight");
  const white = styleOf(element, "white-space");
  return {
    ...format,
    bold: weight && weight !== "inherit" ? /^bold/.test(weight) || Number(weight) >= 600
      : format.bold || element.tagName === "B" || element.tagName === "STRONG",
    address: element.dataset.address ?? format.address,
    raise: raiseOf(element) ?? format.raise,
    keepsLines: white ? /^(pre|break-spaces)/.test(white) : format.keepsLines || element.tagName === "PRE",
  };
}

function raiseOf(element) {
  const position = `${styleOf(element, "vertical-align")} ${styleOf(element, "font-variant-position")}`;
  if (element.tagName === "SUP" || /\bsuper\b/.test(position)) return "raised";
  if (element.tagName === "SUB" || /\bsub\b/.test(position)) return "lowered";
  const height = isBlock(element) ? 0 : heightOf(element);
  if (height) return height > 0 ? "raised" : "lowered";
  return /\bbaseline\b/.test(position) ? "" : undefined;
}

/* How far numbers are moved up, as Word and some pages raise them; 0 for words, which are moved for their looks. */
function heightOf(element) {
  if (!/^\s*[\d.,+−–-]{1,6}\s*$/.test(element.textContent)) return 0;
  const isMoved = styleOf(element, "position") === "relative";
  const small = /^(0?\.\d+r?em|[1-8]?\d(\.\d+)?%|[1-9](\.\d+)?p[xt]|smaller|x*-?small)$/.test(styleOf(element, "font-size"));
  const isAtTop = small && /^(text-)?top$/.test(styleOf(element, "vertical-align"));
  const lengths = [styleOf(element, "mso-text-raise"), styleOf(element, "vertical-align"), isAtTop ? "1" : "",
    isMoved ? styleOf(element, "bottom") : ""].map(parseFloat);
  return lengths.find((length) => length) || -parseFloat(isMoved ? styleOf(element, "top") : "") || 0;
}

/* The pieces of a node and of all that it holds. */
export function piecesOf(node, format) {
  if (node.nodeType === Node.TEXT_NODE) return textPieces(node.data, format);
  if (node.nodeType !== Node.ELEMENT_NODE) return [];
  if (node.tagName === "BR") return [{ text: BREAK, isLineOfPdf: node.getAttribute("role") === "presentation" }];
  if (node.dataset.note) return [{ ...format, text: "", note: node.dataset.note }];
  const inner = formatOf(node, format);
  const pieces = [...node.childNodes].flatMap((child) => piecesOf(child, inner));
  const stands = isBlock(node) || /^(inline-(block|flex|table)|table-cell)/.test(styleOf(node, "display"));
  return stands ? [{ ...format, text: " " }, ...pieces, { ...format, text: " " }] : pieces;
}

function textPieces(text, format) {
  if (!format.keepsLines || !text.includes("\n")) return [{ ...format, text }];
  return text.split("\n").flatMap((line, index) => (index ? [{ text: BREAK }] : []).concat({ ...format, text: line }));
}

/* --- Raised and lowered ----------------------------------------------------------------------------------- */

const digits = (first, rest) => Object.fromEntries([...first].map((sign, index) => [sign, [...rest][index]]));
const RAISED = digits("0123456789+-−–=()abcdefghijklmnoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻ");
const LOWERED = digits("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎");
const FRACTIONS = { "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "2/5": "⅖", "3/5": "⅗", "4/5": "⅘",
  "1/6": "⅙", "5/6": "⅚", "1/8": "⅛", "3/8": "⅜", "5/8": "⅝", "7/8": "⅞" };
const ORDINAL = /^(st|nd|rd|th|er|re|tm|sm)$/i;

/* The same pieces with raised and lowered text written so that no digit joins a number beside it. */
export function levelled(pieces, report) {
  const parts = joined(pieces);
  return parts.map((part, index) => {
    if (part.gone || !part.raise || !part.text.trim()) return part;
    const word = /\S*$/.exec(lastText(parts, index, -1))[0];
    const before = word.at(-1) ?? "";
    const after = /^(\S)/.exec(lastText(parts, index, 1))?.[1] ?? "";
    const fraction = fractionAt(parts, index);
    const text = fraction ? spaced(fraction, before, after) : plainLevel(part, before, after);
    if (text !== part.text) report.add("raised", `${word}${text.trimEnd()}`);
    return { ...part, text, raise: "" };
  }).filter((part) => !part.gone);
}

function joined(pieces) {
  const parts = [];
  for (const piece of pieces) {
    const last = parts.at(-1);
    const isSame = last && piece.raise && last.raise === piece.raise && last.address === piece.address && !piece.note && piece.text !== BREAK;
    if (isSame) last.text += piece.text;
    else parts.push({ ...piece });
  }
  return parts;
}

function lastText(parts, index, step) {
  for (let at = index + step; parts[at]; at += step) if (parts[at].text) return parts[at].text;
  return "";
}

/* A raised number, a stroke and a lowered number. */
function fractionAt(parts, index) {
  const [over, stroke, under] = parts.slice(index);
  if (over.raise !== "raised" || under?.raise !== "lowered" || !/^\s*[/⁄∕]\s*$/.test(stroke.text)) return "";
  if (!/^\s*\d+\s*$/.test(over.text) || !/^\s*\d+\s*$/.test(under.text)) return "";
  stroke.gone = under.gone = true;
  const written = `${over.text.trim()}/${under.text.trim()}`;
  return FRACTIONS[written] ?? written;
}

const spaced = (text, before, after) => (/\d/.test(before) && /\d/.test(text) ? " " : "") + text + (/\d/.test(after) ? " " : "");

function plainLevel({ text, raise }, before, after) {
  const words = text.trim();
  const isApart = /^\s/.test(text) || /\s$/.test(text);
  if (raise === "raised" && ORDINAL.test(words) && /[\p{L}\d]/u.test(before)) return text;
  if (raise === "lowered" && /^[\p{L}\d]{1,4}$/u.test(words) && /\p{L}/u.test(before) && !/\d/.test(after)) return text;
  const signs = raise === "raised" ? RAISED : LOWERED;
  const isRange = /^\d+[–-]\d+$/.test(words);
  const written = [...words].map((sign) => (isRange && /[–-]/.test(sign) ? "–" : signs[sign] ?? (/[\p{L}\p{N}.]/u.test(sign) ? null : sign)));
  if (!written.includes(null) && !/[[\]]/.test(words) && !/\p{L}.*\s.*\p{L}/u.test(words)) return written.join("");
  if (raise === "raised" && /^(\[[^[\]]*\]|[\d,–-])+$/.test(words) && /(^|\])[,–-]?\d/.test(words) && /\]/.test(words)) {
    return (/[\p{L}\p{N}]/u.test(before) ? " " : "") + words.replace(/\[[^[\]]*\]|./g, (sign) => signs[sign] ?? sign);
  }
  if (isApart) return text;
  if (/^[\d.,]+$/.test(words) && raise === "raised" && /\d/.test(before)) return `^(${words})`;
  return `${/[\p{L}\p{N}]/u.test(before) ? " " : ""}${words}${/[\p{L}\p{N}]/u.test(after) ? " " : ""}`;
}
