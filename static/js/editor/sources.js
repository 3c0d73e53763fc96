/* Sources: one used before, or a new one from a few fields. Writes the mark where the cursor is, and the entry at the end. */

import { box, replace } from "./box.js";
import { chosen, loadChoices, openDialog } from "./dialogs.js";
import { form as articleForm } from "./form.js";
import { linkAddress } from "./markdown.js";

const ENTRY = /^\[\^([^\]\s]+)\]:[ \t]*(.*(?:\n[ \t]+\S.*)*)/gm;
const same = (entry) => entry.replace(/\s+/g, " ").trim().toLowerCase();

const entriesIn = (text) => [...text.matchAll(ENTRY)].map(([, marker, entry]) => ({ marker, entry: entry.replace(/\s+/g, " ").trim() }));

/* The entry's words: Author. Title. *Journal*, 2020. [doi.org/…](https://doi.org/…). Read: abstract.
   Who published it stands first where no author is known. */
function entryOf({ author, title, journal, year, address, read, reporter }) {
  const ended = (words) => (!words || /[.?!…]$/.test(words) ? words : `${words}.`);
  const where = author && journal ? `*${journal}*, ${year || "undated"}` : year || "Undated";
  const how = read === "as reported by" ? `${read} ${reporter}` : read;
  return [author || journal, title, where, linked(address), `Read: ${how}`].filter(Boolean).map(ended).join(" ");
}

/* What is missing in a new source, in words. */
function lackingIn({ author, title, journal, year, address, read, reporter }) {
  if (!title) return "Write the title of the source.";
  if (!author && !journal) return "Write who wrote it, or who published it.";
  if (!/^([0-9]{4})?$/.test(year)) return "Write the year with four digits, such as 2020.";
  if (!address && !(author && journal)) return "Write its address, so that readers find it.";
  if (!read) return "Choose how it was read.";
  return read === "as reported by" && !reporter ? "Write who reports it." : "";
}

function linked(address) {
  if (!address) return "";
  const doi = /(10\.\d{4,9}\/\S+)$/.exec(address);
  const whole = doi ? `https://doi.org/${doi[1]}` : address.replace(/^(https?:\/\/)?/i, "https://");
  return `[${whole.replace(/^https:\/\/(www\.)?/, "").replace(/\/$/, "")}](${linkAddress(whole)})`;
}

/* smith2020, made from the first author's name and the year; smith2020b when another source has that mark. */
function markerFor({ author, journal, title, year }, taken) {
  const name = (author.split(",")[0] || journal || title).replace(/\s+(and others|et al\.?)\s*$/i, "").trim().replace(/(\s+[A-Z]{1,3})+$/, "");
  const plain = name.normalize("NFKD").toLowerCase().replace(/[^a-z0-9]+/g, "").slice(0, 30) || "source";
  return free(plain + year, taken);
}

function free(marker, taken) {
  const letters = ["", ..."bcdefghijklmnopqrstuvwxyz"];
  return letters.map((letter) => marker + letter).find((one) => !taken.includes(one)) ?? `${marker}-${taken.length}`;
}

/* Write the mark at `place`; the entry goes to the end, unless the text has it already. */
function cite(marker, entry, place) {
  const entries = entriesIn(box.value);
  const known = entries.find((one) => same(one.entry) === same(entry));
  const mark = known?.marker ?? free(marker, entries.map((one) => one.marker));
  if (!known) {
    const text = box.value;
    const end = text.trimEnd().length;
    const lastLine = text.slice(text.lastIndexOf("\n", end - 1) + 1, end);
    const gap = lastLine.startsWith("[^") ? "\n" : "\n\n";
    replace(end, text.length, `${gap}[^${mark}]: ${entry}\n`);
  }
  replace(place, place, `[^${mark}]`);
}

export const insertSource = () => openDialog("source", {
  ready(form) {
    const here = entriesIn(box.value);
    const items = ({ sources }) => [
      ...here.map((one) => ({ value: one.marker, title: one.marker, detail: one.entry })),
      ...sources.filter((one) => !here.some((mine) => same(mine.entry) === same(one.entry)))
        .map((one, index) => ({ value: `${index}:${one.marker}`, title: one.marker, detail: one.entry })),
    ];
    switchTo(form);
    for (const field of [...form.elements.which, form.elements.read]) field.addEventListener("change", () => switchTo(form));
    loadChoices(form, articleForm.dataset.sources, items, "No source was used before: fill in a new one.");
  },
  done(form, close) {
    const used = chosen(form, "used");
    const written = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, value.trim().replace(/\s+/g, " ")]));
    if (written.which === "new") {
      const lacking = lackingIn(written);
      if (lacking) return lacking;
      cite(markerFor(written, []), entryOf(written), close().end);
      return undefined;
    }
    if (!used) return "Choose a source from the list, or fill in a new one.";
    const entry = used.parentElement.querySelector("small").textContent;
    cite(used.value.replace(/^\d+:/, ""), entry, close().end);
    return undefined;
  },
});

function switchTo(form) {
  for (const part of form.querySelectorAll("[data-part]")) part.hidden = part.dataset.part !== form.elements.which.value;
  form.querySelector("[data-reporter]").hidden = form.elements.read.value !== "as reported by";
}
