/* The dialog for a picture: a drawing or picture chosen, or a new one from a file. What it shows is asked for each time, and
   nothing is written into the text before the server has the picture. */

import { refusalOf } from "../articles/picture-size.js";
import { insertBlock } from "./box.js";
import { chosen, loadChoices, openDialog } from "./dialogs.js";
import { form as articleForm } from "./form.js";
import { hideFailure, showFailure } from "./messages.js";
import { Failure, send } from "./server.js";

const MOST_BYTES = 5 * 1024 * 1024; // as in siweb/articles/pictures.py; a larger body is cut off without an answer

const oneLine = (words) => words.replace(/\s+/g, " ").trim();

async function upload(file, alt) {
  const fields = new FormData();
  fields.set("picture", file);
  fields.set("alt", alt);
  return (await (await send(articleForm.dataset.upload, fields)).json()).name;
}

/* Files that were pasted or dropped are those of the dialog. */
export function insertPicture(files) {
  openDialog("picture", { ready: (form, words) => fillIn(form, words, files), done: finish });
}

function fillIn(form, words, files) {
  form.elements.alt.value = oneLine(words);
  if (files?.length) form.elements.file.files = files;
  const items = ({ figures }) => figures.map((one) => ({ value: one.name, title: one.name, detail: one.alt, picture: one.src }));
  loadChoices(form, articleForm.dataset.pages, items, "There is no picture yet: choose a file.");
  form.querySelector("[data-choices]").onchange = () => {
    form.elements.alt.value ||= chosen(form, "figure").parentElement.querySelector("small")?.textContent ?? "";
  };
}

async function finish(form, close) {
  const [file] = form.elements.file.files;
  const alt = oneLine(form.elements.alt.value);
  let name = chosen(form, "figure")?.value;
  if (!file && !name) return "Choose a picture from the list, or a file.";
  const refusal = refusalOf(file, MOST_BYTES);
  if (refusal) return refusal;
  if (!alt) return "Say what the picture shows, for people who cannot see it.";
  const button = form.querySelector("[value=ok]");
  button.disabled = true;
  try {
    if (file) name = await upload(file, alt);
  } catch (problem) {
    if (!(problem instanceof Failure)) throw problem;
    showFailure(problem);
    return problem.message;
  } finally {
    button.disabled = false;
  }
  hideFailure();
  const { end } = close();
  insertBlock(pictureLine(name, alt, oneLine(form.elements.caption.value)), end, end);
  return undefined;
}

function pictureLine(name, alt, caption) {
  const title = caption ? ` "${caption.replaceAll('"', "”")}"` : "";
  return `![${alt.replace(/[[\]]/g, "\\$&")}](${name}${title})`;
}
