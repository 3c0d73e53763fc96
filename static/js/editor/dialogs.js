/* Dialogs and lists to choose from. A dialog gives back what was chosen, and the place in the text where it belongs. */

import { box } from "./box.js";
import { fetchJson } from "./server.js";

const MOST = 40; // choices shown at a time

/* Open a dialog of the page. `ready(form, words)` fills it; `done(form, place)` may return a sentence that says what is
   missing, and the dialog stays. */
export function openDialog(name, { ready, done }) {
  const dialog = document.getElementById(`dialog-${name}`);
  const form = dialog.querySelector("form");
  const problem = form.querySelector("[data-problem]");
  const place = { start: box.selectionStart, end: box.selectionEnd };

  const finish = async (event) => {
    event.preventDefault();
    if (event.submitter?.value === "cancel") return dialog.close();
    const missing = await done(form, () => {
      dialog.close();
      return place;
    });
    problem.textContent = missing ?? "";
    return undefined;
  };
  form.reset();
  problem.textContent = "";
  form.addEventListener("submit", finish);
  dialog.addEventListener("close", () => {
    form.removeEventListener("submit", finish);
    box.focus();
  }, { once: true });
  dialog.showModal();
  ready?.(form, box.value.slice(place.start, place.end).trim());
}

export const chosen = (form, name) => form.querySelector(`[name=${name}]:checked`);

/* Fill a list of choices that typing narrows. Items are {value, title, detail, picture}; the last chosen stays chosen. */
function fillChoices(list, filter, items, empty) {
  const count = list.parentElement.querySelector("[data-count]");
  const show = () => {
    const asked = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = items.filter((item) => asked.every((word) => `${item.title} ${item.detail ?? ""} ${item.value}`.toLowerCase().includes(word)));
    list.replaceChildren(...found.slice(0, MOST).map((item) => choice(item, list.dataset.name)));
    const more = found.length > MOST ? `The first ${MOST} of ${found.length}: type more to narrow them down.` : `${found.length} found.`;
    count.textContent = items.length ? more : empty;
  };
  filter.oninput = show;
  show();
}

function choice(item, name) {
  const label = document.createElement("label");
  const radio = Object.assign(document.createElement("input"), { type: "radio", name, value: item.value });
  const words = document.createElement("span");
  words.append(Object.assign(document.createElement("b"), { textContent: item.title }));
  if (item.detail) words.append(Object.assign(document.createElement("small"), { textContent: item.detail }));
  label.append(radio);
  if (item.picture) label.append(Object.assign(document.createElement("img"), { src: item.picture, alt: "", loading: "lazy" }));
  label.append(words);
  return label;
}

/* Fill a dialog's choices from the server, and say so when that cannot be. */
export async function loadChoices(form, address, itemsOf, empty) {
  const list = form.querySelector("[data-choices]");
  const filter = form.querySelector("[data-filter]");
  list.replaceChildren();
  try {
    fillChoices(list, filter, itemsOf(await fetchJson(address)), empty);
  } catch (problem) {
    form.querySelector("[data-problem]").textContent = problem.message;
  }
}
