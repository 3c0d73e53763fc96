/* Saving without leaving the page until the server has the text: a lost sign-in or a fault leaves everything as it is. */

import { afterPause, form, readFields } from "./form.js";
import { forgetCopies, isUnsaved, leaveWithoutAsking } from "./local-copy.js";
import { hideFailure, say, showFailure } from "./messages.js";
import { send } from "./server.js";

const UNSAVED = "Not saved yet";
const state = document.getElementById("editor-state");
const savedWords = state.textContent;
let isSaving = false;

/* A save that is refused (422) or stale (409) is sent again as the form itself: the server's page then says what to do. */
async function save(button) {
  if (isSaving) return;
  isSaving = true;
  say("Saving …");
  const fields = readFields();
  if (button?.name) fields.set(button.name, button.value);
  try {
    const answer = await send(form.action, fields);
    hideFailure();
    if (answer.ok) {
      forgetCopies();
      location.assign((await answer.json()).go);
    } else {
      sendForm(button);
    }
  } catch (problem) {
    say("");
    showFailure(problem);
  } finally {
    isSaving = false;
  }
}

function sendForm(button) {
  leaveWithoutAsking(); // what was typed comes back with the page
  if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  HTMLFormElement.prototype.submit.call(form);
}

form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) return; // the preview in a tab of its own
  event.preventDefault();
  save(event.submitter);
});

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s") {
    event.preventDefault();
    save(form.querySelector("[data-save]"));
  }
});

form.addEventListener("input", () => {
  state.textContent = UNSAVED;
});
afterPause(1000, () => {
  state.textContent = isUnsaved() ? UNSAVED : savedWords;
});
