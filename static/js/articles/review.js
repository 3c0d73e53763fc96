/* The page of a text under review: the frame's links open in tabs of their own, and what was typed in one form is not lost
   by sending another. Without this script everything works; the frame then shows no other page than its own. */

import { askBeforeLeaving, openLinksInNewTabs } from "../common/page.js";

const frame = document.querySelector("[data-frame]");
const forms = [...document.querySelectorAll("[data-move]")];
let isSending = false;

function openFrameLinksInNewTabs() {
  if (frame.contentDocument) openLinksInNewTabs(frame.contentDocument);
}

/* A tick that a page was read is no loss: it belongs to the decision that was not made. */
const isText = (field) => field.type !== "hidden" && field.name !== "read" && "defaultValue" in field;
const isChanged = (field) =>
  field.type === "checkbox" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue;
const isTypedIn = (form) =>
  [...form.elements].some((field) => isText(field) && isChanged(field));

if (frame) {
  frame.addEventListener("load", openFrameLinksInNewTabs);
  openFrameLinksInNewTabs();
}

for (const form of forms) {
  form.addEventListener("submit", (event) => {
    const other = forms.find((one) => one !== form && isTypedIn(one));
    const title = other?.querySelector("h3")?.textContent ?? "Proposed words";
    isSending = !other || confirm(`What you typed under “${title}” is not sent with this. Go on without it?`);
    if (!isSending) event.preventDefault();
  });
}

askBeforeLeaving(() => !isSending && forms.some(isTypedIn));
