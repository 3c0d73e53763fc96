/* Tables: every cell in its row and column. What a merged cell holds is repeated in each place that it covered. */

const MAX_SPAN = 50;
const SHORT = 200; // letters of a cell in a table of one column

/* Read a table into blocks. read(element, blocks, how) reads what a cell or the caption holds; lineOf(blocks) is one
   line of it. */
export function readTable(table, blocks, { read, lineOf, report, isInCell }) {
  for (const caption of table.querySelectorAll(":scope > caption")) read(caption, blocks, {});
  const isFrame = /^(presentation|none)$/.test(table.getAttribute("role") ?? "") || isLayout(table);
  if (isFrame) {
    for (const cell of [...table.rows].flatMap((row) => [...row.cells])) read(cell, blocks, {});
    return;
  }
  const textOf = (cell) => {
    const inner = [];
    read(cell, inner, { inside: true, isInCell: true, quiet: cell.tagName === "TH" });
    return lineOf(inner).replaceAll("|", "\\|");
  };
  const rows = filledRows(gridOf(table, textOf, report));
  if (!rows.length) return;
  blocks.push({ kind: "table", rows: isInCell ? rows.map(textsOf) : withHeading(rows, report) });
}

/* A frame around words is no table: one column that is not a list of short cells. */
function isLayout(table) {
  const rows = [...table.rows];
  if (rows.some((row) => [...row.cells].filter((cell) => cell.textContent.trim()).length > 1)) return false;
  if (rows.some((row) => row.cells.length > 1 && row.cells[0].rowSpan > 1)) return false;
  if (Math.max(0, ...rows.map((row) => row.cells.length)) > 1 && rows.length > 1 && !table.querySelector("table")) return false;
  const isShort = (row) => row.textContent.trim().length < SHORT && !row.querySelector("table, ul, ol, h1, h2, h3, h4, h5, h6, p + p");
  return !(rows.length > 1 && table.querySelector("th, [class^=xl], col") && rows.every(isShort));
}

/* Rows of {text, cell}, one place for each column. Columns in which no cell begins are the tails of merged ones. */
function gridOf(table, textOf, report) {
  const grid = [...table.rows].map(() => []);
  const starts = new Set();
  [...table.rows].forEach((row, top) => {
    let left = 0;
    const below = [...row.parentElement.rows].length - [...row.parentElement.rows].indexOf(row);
    for (const cell of row.cells) {
      while (grid[top][left]) left += 1;
      starts.add(left);
      const high = cell.rowSpan ? Math.min(cell.rowSpan, below) : below;
      const wide = Math.min(cell.colSpan, MAX_SPAN);
      const text = textOf(cell);
      if (text && (high > 1 || wide > 1)) report.add("merged", text.replaceAll("**", ""));
      for (let down = 0; down < high; down += 1) {
        for (let right = 0; right < wide; right += 1) grid[top + down][left + right] ??= { text, cell };
      }
      left += wide;
    }
  });
  const shown = grid.filter((_, index) => !("hiddenRow" in table.rows[index].dataset));
  const columns = [...starts].sort((one, other) => one - other);
  return shown.map((cells) => columns.map((column) => cells[column] ?? { text: "", cell: null }));
}

/* Without rows and columns in which nothing is written, and rows in which no cell begins. */
function filledRows(grid) {
  const rows = grid.filter((row, index) => row.some(({ text }) => text) && row.some(({ cell }) => cell && !grid[index - 1]?.some((one) => one.cell === cell)));
  const columns = (rows[0] ?? []).map((_, column) => column).filter((column) => rows.some((row) => row[column].text));
  return rows.map((row) => columns.map((column) => row[column]));
}

const textsOf = (row) => row.map(({ text }) => text);

/* The texts, headings first. Where no heading row is marked, the first row is it, unless it looks like data: numbers, lists,
   or a row with a name of its own. Then the heading row is empty. */
function withHeading(rows, report) {
  const texts = rows.map(textsOf);
  const isBold = (text) => !text || /^\*\*[^]*\*\*$/.test(text);
  const [first] = rows;
  const isHeading = first.every(({ cell, text }) => !text || cell.tagName === "TH" || cell.closest("thead")) || texts[0].every(isBold)
    || new Set(first.map(({ cell }) => cell)).size === 1 || /firstrow:\s*yes/.test(first[0].cell?.parentElement.dataset.style ?? "");
  const isData = !isHeading && (first[0].cell?.tagName === "TH" || first.some(({ text }) => /\d|^• |[.;]$/.test(text)));
  if (!isHeading) report.add(isData ? "nameless" : "headless", texts[0].join(" | "));
  if (isData) return [first.map(() => ""), ...texts];
  return [texts[0].map((text) => text.replaceAll("**", "")), ...texts.slice(1)];
}

/* The cells of a table inside a cell, in one line. */
export function flatTable(rows) {
  return rows.map((cells) => cells.filter(Boolean).join(", ")).filter(Boolean).join("; ");
}
