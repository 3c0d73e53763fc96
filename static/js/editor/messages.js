/* What the editor says to the writer. */

import { Failure } from "./server.js";

const message = document.getElementById("editor-said");
const pasted = document.getElementById("editor-pasted");
const failure = document.getElementById("editor-failed");
const failureWords = document.getElementById("editor-failed-words");

/* Say what has happened, politely. */
export function say(words) {
  message.textContent = words;
}

/* Say what a paste has changed, until the next one. */
export function sayPasted(words) {
  pasted.textContent = words;
}

/* Say what has gone wrong, at once, until something goes well again; nothing for an AbortError. */
export function showFailure(problem) {
  if (problem.name === "AbortError") return;
  if (!(problem instanceof Failure)) throw problem;
  failureWords.textContent = problem.message;
  failure.hidden = false;
}

export function hideFailure() {
  failure.hidden = true;
}

export const timeOfDay = (date) => date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
