/* The dialogs that write our own Markdown: link, care card, our rule, table. */

import { box, insertBlock, replace } from "./box.js";
import { chosen, loadChoices, openDialog } from "./dialogs.js";
import { form as articleForm } from "./form.js";
import { linkAddress } from "./markdown.js";

const { dataset } = articleForm;
const OUTSIDE = /^(https:\/\/|mailto:|tel:)\S+$/i;

/* Pages first, so that they are what is seen before anything is typed; then their sections. */
const linkTargets = ({ pages }) => [
  ...pages.map((page) => ({ value: page.target, title: page.title, detail: page.where })),
  ...pages.flatMap((page) => page.sections.map((section) => (
    { value: `${page.target}#${section.anchor}`, title: `${page.title} › ${section.heading}` }))),
];

export const insertLink = () => openDialog("link", {
  ready(form, words) {
    if (OUTSIDE.test(words)) form.elements.filter.value = words;
    else form.elements.words.value = words.replace(/\s+/g, " ");
    loadChoices(form, dataset.pages, linkTargets, "There is no page yet.");
  },
  done(form, close) {
    const typed = form.elements.filter.value.trim();
    const target = OUTSIDE.test(typed) ? linkAddress(typed) : chosen(form, "target")?.value;
    if (!target) return "Choose a page from the list, or type a whole address that begins with https://.";
    const words = form.elements.words.value.trim() || titleOf(form) || target.replace(/^\w+:(\/\/)?/, "");
    const { start, end } = close();
    replace(start, end, `[${words}](${target})`);
    return undefined;
  },
});

const titleOf = (form) => chosen(form, "target")?.parentElement.querySelector("b").textContent.split(" › ").at(-1);

export const insertCard = () => openDialog("card", {
  done(form, close) {
    const heading = form.elements.heading.value.trim();
    const kind = chosen(form, "kind");
    if (!heading && !("heading" in kind.dataset)) return "Write the heading of the card, such as “Call 999 if:”.";
    const { start, end } = close();
    const words = box.value.slice(start, end).trim() || "- ";
    const first = `::: ${kind.value}${heading ? ` ${heading}` : ""}\n`;
    const at = insertBlock(`${first}${words}\n:::`, start, end);
    box.setSelectionRange(at + first.length + words.length, at + first.length + words.length);
    return undefined;
  },
});

export const insertRule = () => openDialog("rule", {
  ready(form) {
    const quotes = ({ rules, facts }) => [
      ...rules.map((rule) => ({ value: `[[rule:${rule.key}]]`, title: rule.question, detail: rule.answer })),
      ...facts.map((fact) => ({ value: `[[clinic:${fact.key}]]`, title: `The clinic: ${fact.name}`, detail: fact.value })),
    ];
    loadChoices(form, dataset.pages, quotes, "There is no rule yet: write it in the article “Our rules”.");
  },
  done(form, close) {
    const quote = chosen(form, "quote")?.value;
    if (!quote) return "Choose one from the list.";
    const { start, end } = close();
    if (form.elements.box.checked && quote.startsWith("[[rule:")) insertBlock(quote, start, end);
    else replace(start, end, quote);
    return undefined;
  },
});

export const insertTable = () => openDialog("table", {
  done(form, close) {
    const columns = Number(form.elements.columns.value);
    const row = `|${"   |".repeat(columns)}`;
    const head = `| ${Array.from({ length: columns }, (_, index) => `Heading ${index + 1}`).join(" | ")} |`;
    const rows = Array(Number(form.elements.rows.value)).fill(row);
    const { end } = close();
    const at = insertBlock([head, `|${" --- |".repeat(columns)}`, ...rows].join("\n"), end, end);
    box.setSelectionRange(at + 2, at + 2 + "Heading 1".length);
    return undefined;
  },
});
