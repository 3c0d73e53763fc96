/* Markdown: pieces become lines whose signs are shown as they are, and blocks become a text. */

import { BREAK } from "./pieces.js";

const INVISIBLE = "\\u00ad\\u200b\\u2060\\ufeff\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069";

/* Text without invisible signs and with plain blanks; two numbers never become one. Brackets that our pages refuse, because
   they look like a link or a mark that was not understood, stand apart. */
function plain(text) {
  return text.replace(new RegExp(`(?<=\\d)[${INVISIBLE}]+(?=\\d)`, "g"), " ").replace(new RegExp(`[${INVISIBLE}]`, "g"), "")
    .replaceAll("\u2011", "-").replace(/\[(?=[[^])|\](?=[[(])/g, "$& ").replace(/[^\S\u0001]+/g, " ");
}

/* --- Lines ------------------------------------------------------------------------------------------------- */

/* The lines of some pieces, without marks at their beginnings that would mean something. */
export function linesOf(pieces) {
  return written(pieces).split(BREAK).map((line) => guarded(line.trim())).filter(Boolean).join("\\\n");
}

/* The pieces as one line, for a heading or a cell. */
export const oneLine = (pieces) => written(pieces.map((piece) => (piece.text === BREAK ? { ...piece, text: " " } : piece)));

/* A heading's words: signs at its end would close it. */
export const headingLine = (pieces) => oneLine(pieces).replace(/(^|\s)(#+)$/, "$1\\$2");

/* Pieces of the same kind are one run; blanks stand outside the marks, or the marks would not count. */
function written(pieces) {
  const runs = [];
  for (const piece of pieces) {
    const kind = { bold: Boolean(piece.bold && !piece.quiet), address: piece.address ?? "", note: piece.note ?? "" };
    const last = runs.at(-1);
    const text = plain(piece.text);
    const isBlank = !piece.note && !text.trim() && text !== BREAK;
    const isSame = last && ["bold", "address", "note"].every((name) => last[name] === kind[name]);
    if (last && !last.note && !piece.note && (isBlank || isSame)) last.text += text;
    else runs.push({ ...kind, text });
  }
  const out = runs.reduce((sofar, run, index) => added(sofar, run, runs[index - 1], runs[index + 1]), "");
  return out.replace(/ +/g, " ").replace(/ ?\u0001 ?/g, BREAK).trim();
}

/* The line so far with one run more. */
function added(sofar, { text, bold, address, note }, last, next) {
  if (note) return `${sofar}[^${note}]`;
  const [, before, middle, after] = /^([\s\u0001]*)([^]*?)([\s\u0001]*)$/.exec(text);
  if (!middle) return sofar + text;
  const start = sofar + before;
  const nextSign = after[0] ?? (next?.address || next?.note ? "[" : next?.text[0] ?? "");
  const inside = address ? { before: "[", after: "]" } : { before: start.at(-1) ?? "", after: nextSign };
  const shown = { before: before || (last?.text.at(-1) ?? ""), after: after[0] ?? next?.text[0] ?? "" };
  const words = bold ? bolded(middle, inside, shown) : escaped(middle);
  if (!address) return start + words + after;
  const link = `[${words.replace(/^\^/, "\\^")}](${address})`;
  return (start.endsWith("!") ? `${start.slice(0, -1)}\\!` : start) + link + after;
}

const isSign = (sign) => /[\p{P}\p{S}]/u.test(sign);
/* Beside these, bold marks may stand at a sign; beside a letter they would be shown. */
const isFree = (sign) => !sign || /[\s\u0001\p{P}$+<=>^`|~]/u.test(sign);

/* Stars in the middle of a number are read as a sign of their own, so no part of one is bold. */
const joins = (outer, inner) => /\p{N}/u.test(outer) || (/\p{L}/u.test(outer) && /\p{N}/u.test(inner));

/* Bold words; signs at their ends stand outside of the marks where a letter comes next. */
function bolded(words, { before, after }, shown) {
  let [head, core, tail] = ["", words, ""];
  const trim = () => {
    const [, left, middle, right] = /^([\s\u0001]*)([^]*?)([\s\u0001]*)$/.exec(core);
    [head, core, tail] = [head + left, middle, right + tail];
  };
  const tooTight = () => core && ((isSign(core[0]) && !isFree(head.at(-1) ?? before)) || (isSign(core.at(-1)) && !isFree(tail[0] ?? after)));
  while (tooTight()) {
    const isPair = /^[([“‘{«"'][^]*[)\]”’}»"']$/.test(core);
    if (isPair || (isSign(core[0]) && !isFree(head.at(-1) ?? before))) [head, core] = [head + core[0], core.slice(1)];
    if (core && (isPair || (isSign(core.at(-1)) && !isFree(tail[0] ?? after)))) [core, tail] = [core.slice(0, -1), core.at(-1) + tail];
    trim();
  }
  if (core && (joins(head.at(-1) ?? shown.before, core[0]) || joins(tail[0] ?? shown.after, core.at(-1)))) return escaped(words);
  return escaped(head) + (core ? `**${escaped(core)}**` : "") + escaped(tail);
}

/* Marks that somebody wrote as signs. */
export function escaped(text) {
  return text.replace(/[\\`*[\]]/g, "\\$&").replace(/<(?=[a-z/!?])/gi, "\\<").replace(/&(?=#?\w+;)/g, "\\&")
    .replace(/(^|[^\p{L}\p{N}])(_+)|(_+)(?![\p{L}\p{N}_])/gu, (found) => found.replaceAll("_", "\\_"));
}

/* A line whose first signs would begin a heading, a list, a quotation, a definition, a box, a rule or code. */
function guarded(line) {
  return line.replace(/^(#{1,6}(?=\s|$)|[>~]|[-+](?=\s|$)|:::|:(?=\s|$))/, "\\$1").replace(/^(\d{1,9})([.)])(?=\s|$)/, "$1\\$2")
    .replace(/^[-=|:][-=|:\s]*$/, "\\$&");
}

/* --- Blocks ------------------------------------------------------------------------------------------------ */

const writers = {
  heading: ({ level, text }) => `${"#".repeat(level)} ${text}`,
  paragraph: ({ text }) => text,
  table: ({ rows }) => [rows[0], rows[0].map(() => "---"), ...rows.slice(1)].map((cells) => `| ${cells.join(" | ")} |`).join("\n"),
  entries: ({ entries }) => entries.map(({ term, meanings }) => [term, ...meanings.map((one) => `:   ${indented(one, 4)}`)].join("\n")).join("\n\n"),
  code: ({ text }) => {
    const fence = "`".repeat(Math.max(3, ...[...text.matchAll(/`+/g)].map(([run]) => run.length + 1)));
    return `${fence}\n${text}\n${fence}`;
  },
  list: ({ items }) => listOf(items),
};

const indented = (text, width) => text.replace(/\n(?=.)/g, `\n${" ".repeat(width)}`);

/* The Markdown of blocks. In an item a list follows its words at once, unless its first number would not count there. */
export function markdownOf(blocks, inItem = false) {
  return blocks.reduce((sofar, block, index) => {
    const isClose = inItem && index && block.kind === "list" && blocks[index - 1].kind === "paragraph" && (block.items[0].number ?? 1) === 1;
    return sofar + (index ? (isClose ? "\n" : "\n\n") : "") + writers[block.kind](block);
  }, "");
}

/* Numbers stay as they are: where one does not follow the last, the other mark (. or the bracket) begins another list. */
function listOf(items) {
  let [mark, text] = [".", ""];
  items.forEach((item, index) => {
    const last = items[index - 1];
    const isNew = last && (item.number === null) !== (last.number === null);
    const jumps = last && !isNew && item.number !== null && item.number !== last.number + 1;
    if (jumps) mark = mark === "." ? ")" : ".";
    const start = item.number === null ? "- " : `${item.number}${mark} `;
    const gap = !last ? "" : isNew || jumps || isLoose(item) || isLoose(last) ? "\n\n" : "\n";
    text += gap + start + indented(markdownOf(item.blocks, true), start.length);
  });
  return text;
}

const isLoose = ({ blocks }) => blocks.filter(({ kind }) => kind !== "list").length > 1;
