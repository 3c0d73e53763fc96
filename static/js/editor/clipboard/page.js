/* The clipboard's HTML as a page that can be read: its styles known but never applied, and what is text only by its looks
   (symbol fonts, formulas, tick boxes, quotation marks) written as text. */

import { mappedSymbols } from "./symbols.js";

const TECHNICAL = "script, title, xml, template, noscript, datalist, meta, link, annotation, annotation-xml, rp, .katex-html, "
  + "hr.msocomoff";
const STYLES = /text-decoration|display|visibility|font-size|opacity|font-weight|vertical-align|font-family|position/;

/* Parse HTML. Nothing in it is loaded, run or shown. */
export function pageOf(html, report) {
  const sheets = [...html.matchAll(/<style[^>]*>([^]*?)<\/style>/gi)].map(([, rules]) => rules);
  const page = new DOMParser().parseFromString(harmless(html), "text/html");
  page.querySelectorAll(TECHNICAL).forEach((element) => element.remove());
  addRules(page, sheets);
  mappedSymbols(page, report);
  writeFormulas(page);
  writeFields(page);
  return page;
}

/* Our policy would complain about each style that is parsed, so they become data. */
const harmless = (html) => html.replace(/<style[^]*?<\/style>/gi, "")
  .replace(/<[a-z](?:"[^"]*"|'[^']*'|[^>"'])*>/gi, (tag) => tag.replace(
    /([^\s=>"'/]+)(\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]*))?/g, (whole, name, value) => (value && /^(style$|on)/i.test(name) ? `data-${whole}` : whole),
  ));

/* The value of one property that an element itself has, in small letters, or "". */
export function styleOf(element, name) {
  let found = "";
  for (const part of (element.dataset?.style ?? "").split(";")) {
    const colon = part.indexOf(":");
    if (part.slice(0, colon).trim().toLowerCase() === name) found = part.slice(colon + 1).replace(/!important/i, "").trim().toLowerCase();
  }
  return found;
}

/* Style sheets are only read: what they say of an element comes before what it says itself, later rules after earlier ones. */
function addRules(page, sheets) {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(sheets.join("\n"));
  const found = new Map();
  for (const { selectorText, style } of sheet.cssRules) {
    if (!selectorText || !STYLES.test(style.cssText)) continue;
    for (const element of page.body.querySelectorAll(selectorText)) {
      found.set(element, `${found.get(element) ?? ""}${style.cssText};`);
    }
  }
  for (const [element, rules] of found) element.dataset.style = rules + (element.dataset.style ?? "");
}

function replaceByText(element, text) {
  element.replaceWith(element.ownerDocument.createTextNode(text));
}

function wrap(element, tag) {
  const wrapper = element.ownerDocument.createElement(tag);
  element.replaceWith(wrapper);
  wrapper.append(element);
}

/* MathML, and what Word has for it: powers and indices are raised and lowered, a fraction is one over the other. */
const OF_WORD = { "m:ssup": "msup", "m:ssub": "msub", "m:f": "mfrac" };

function writeFormulas(page) {
  for (const formula of page.querySelectorAll("msup, msub, msubsup, mfrac, msqrt, m\\:ssup, m\\:ssub, m\\:f")) {
    const name = OF_WORD[formula.localName] ?? formula.localName;
    [...formula.children].filter(({ localName }) => /^m:\w+pr$/.test(localName)).forEach((properties) => properties.remove());
    const [first, second, third] = formula.children;
    if (name === "msqrt") {
      formula.prepend("√(");
      formula.append(")");
    } else if (second && name === "mfrac") {
      wrap(first, "sup");
      wrap(second, "sub");
      formula.firstElementChild.after("/");
    } else if (second) {
      wrap(second, name === "msup" ? "sup" : "sub");
      if (third) wrap(third, "sup");
    }
  }
}

function writeFields(page) {
  for (const field of page.querySelectorAll("input")) {
    const isTick = field.type === "checkbox" || field.type === "radio";
    replaceByText(field, isTick ? tick(field.hasAttribute("checked")) : field.type === "hidden" ? "" : field.value);
  }
  for (const field of page.querySelectorAll("select")) replaceByText(field, field.selectedOptions[0]?.textContent ?? "");
  for (const item of page.querySelectorAll("li[role=checkbox]")) {
    item.querySelector("img")?.remove();
    (item.querySelector("p") ?? item).prepend(tick(item.getAttribute("aria-checked") === "true"));
  }
  for (const quotation of page.querySelectorAll("q")) {
    quotation.prepend("“");
    quotation.append("”");
  }
}

const tick = (isTicked) => (isTicked ? "☑ " : "☐ ");
