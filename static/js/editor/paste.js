/* What is pasted or dropped into the box: words of a word processor become our Markdown, pictures open their dialog. */

import { box, insert, insertBlock } from "./box.js";
import { fromClipboard } from "./clipboard.js";
import { say, showFailure } from "./messages.js";
import { insertPicture } from "./pictures.js";
import { Failure } from "./server.js";

const holdsPictures = (transfer) => [...transfer.files].some((file) => file.type.startsWith("image/"));

/* Words without structure are pasted as the browser would: what is Markdown already stays as it is. */
function pasteWords(event, html) {
  const pasted = fromClipboard(html);
  if (!pasted.structured) return;
  event.preventDefault();
  const isBlock = pasted.text.includes("\n") || /^(#|- |\d+\. |\|)/.test(pasted.text);
  if (isBlock) insertBlock(pasted.text);
  else insert(pasted.text);
  if (pasted.pictures) say("The words have been pasted. Pictures do not come along: add each with the Picture button.");
  else say("Pasted with its headings, lists, bold words, links and tables.");
}

box.addEventListener("paste", (event) => {
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
