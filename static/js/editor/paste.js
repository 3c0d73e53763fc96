/* What is pasted or dropped into the box: words of a word processor become our Markdown, pictures open their dialog. */

import { box, insert, insertBlock } from "./box.js";
import { fromClipboard } from "./clipboard.js";
import { sayPasted, showFailure } from "./messages.js";
import { insertPicture } from "./pictures.js";
import { Failure } from "./server.js";

const holdsPictures = (transfer) => [...transfer.files].some((file) => file.type.startsWith("image/"));

/* Text of a word processor is written as Markdown. What an editor of code copied with marks of ours is pasted by the browser. */
function pasteWords(event, html) {
  const { text, isMarkdown, sentences } = fromClipboard(html, labelsIn(box.value));
  if (isMarkdown) {
    sayPasted("Pasted as Markdown, as it was written.");
    return;
  }
  if (!text && !sentences) return;
  event.preventDefault();
  if (text.includes("\n") || /^(#|- |\d+[.)] |\|)/.test(text)) insertBlock(text);
  else if (text) insert(text);
  sayPasted(sentences ? `Pasted. ${sentences}` : "Pasted: nothing was left out.");
}

const labelsIn = (text) => [...text.matchAll(/\[\^([^\]\s]+)\]/g)].map(([, label]) => label);

/* With Shift, Ctrl+V pastes plain text. Firefox offers the HTML all the same, so the keys are noted. */
let asPlain = false;
box.addEventListener("keydown", (event) => {
  asPlain = event.shiftKey && (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "v";
});

box.addEventListener("paste", (event) => {
  if (asPlain) {
    asPlain = false;
    sayPasted("Pasted as plain text, as it was written.");
    return;
  }
  sayPasted("");
  const html = event.clipboardData.getData("text/html");
  const words = event.clipboardData.getData("text/plain");
  if (html && words.trim()) {
    pasteWords(event, html);
  } else if (holdsPictures(event.clipboardData)) {
    event.preventDefault();
    insertPicture(event.clipboardData.files);
  }
});

box.addEventListener("dragover", (event) => {
  if (event.dataTransfer.types.includes("Files")) event.preventDefault();
});

box.addEventListener("drop", (event) => {
  if (!event.dataTransfer.files.length) return;
  event.preventDefault(); // the browser would leave this page to show the file
  if (holdsPictures(event.dataTransfer)) insertPicture(event.dataTransfer.files);
  else showFailure(new Failure("Only pictures can be dropped here: JPEG, PNG or WebP. Nothing was changed."));
});
