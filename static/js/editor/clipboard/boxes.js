/* Tables that a page makes of other elements, by their roles or their looks, as tables: every cell keeps its row and column. */

import { styleOf } from "./page.js";

const TABLE = { role: /^(table|grid|treegrid)$/, display: /^(inline-)?table$/ };
const ROW = { role: /^row$/, display: /^table-row$/ };
const CELL = { role: /^(cell|gridcell|columnheader|rowheader)$/, display: /^table-cell$/ };

/* Put a table in the place of each element that has rows of cells. Inner ones come first. */
export function writeBoxTables(page) {
  for (const element of [...page.body.querySelectorAll("[role], [data-style*='table']")].reverse()) {
    if (!is(element, TABLE) || element.tagName === "TABLE") continue;
    const rows = partsOf(element, ROW).map((row) => ({ row, cells: partsOf(row, CELL) }));
    if (rows.some(({ cells }) => cells.length > 1)) element.replaceWith(tableOf(page, element, rows));
  }
}

/* By its role where it has one, else by its looks. */
function is(element, { role, display }) {
  const written = element.getAttribute("role");
  return written ? role.test(written) : display.test(styleOf(element, "display"));
}

const partsOf = (element, kind) => [...element.querySelectorAll("*")].filter((part) => is(part, kind)
  && ![...ancestorsOf(part, element)].some((between) => is(between, kind) || between.tagName === "TABLE"));

function* ancestorsOf(part, end) {
  for (let element = part.parentElement; element !== end; element = element.parentElement) yield element;
}

function tableOf(page, element, rows) {
  const table = page.createElement("table");
  copyStyle(element, table);
  for (const { row, cells } of rows) {
    const line = table.insertRow();
    copyStyle(row, line);
    for (const cell of cells) {
      const written = page.createElement(cell.getAttribute("role") === "columnheader" ? "th" : "td");
      written.append(...cell.childNodes);
      written.colSpan = Number(cell.getAttribute("aria-colspan")) || 1;
      written.rowSpan = Number(cell.getAttribute("aria-rowspan")) || 1;
      copyStyle(cell, written);
      line.append(written);
    }
  }
  return table;
}

/* Its looks, which may hide or strike it out, without those that made it a table. */
function copyStyle(from, to) {
  if (from.hidden) to.hidden = true;
  if (from.dataset.style) to.dataset.style = from.dataset.style.replace(/display\s*:\s*(inline-)?table[\w-]*/gi, "");
}
