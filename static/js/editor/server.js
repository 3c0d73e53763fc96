/* Talking to the server: one way to send, and every way to fail said in words. Nothing here touches the text. */

import { csrfToken } from "../common/requests.js";
import { form } from "./form.js";

export class Failure extends Error {}

/* Send fields, and return the answer when the server has dealt with them (also 409 and 422, which say what is wrong).
   Throws a Failure whose message is a sentence, or the browser's own AbortError. */
export async function send(address, fields, signal) {
  fields.set("csrfmiddlewaretoken", csrfToken(form)); // a new sign-in may have changed it
  const answer = await request(address, { method: "POST", body: fields, signal });
  if (answer.ok || answer.status === 409 || answer.status === 422) return answer;
  throw new Failure(await reasonOf(answer));
}

export async function fetchJson(address) {
  const answer = await request(address, {});
  if (!answer.ok) throw new Failure(await reasonOf(answer));
  return answer.json();
}

async function request(address, options) {
  try {
    return await fetch(address, { ...options, redirect: "manual", headers: { "X-Requested-With": "fetch" } });
  } catch (problem) {
    if (problem.name === "AbortError") throw problem;
    throw new Failure("The server could not be reached. Your text is still here. Try again in a minute.");
  }
}

async function reasonOf(answer) {
  if (answer.headers.get("Content-Type") === "application/json") return (await answer.json()).problem;
  if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
    return "You have been signed out. Your text is still here. Sign in again in another tab, then try again here.";
  }
  if (answer.status === 413) return "This is too large to send. Your text is still here. Shorten it, or split it in two.";
  if (answer.status === 404) return "This article is not there any more. Your text is still here: copy it.";
  return "The server could not do this just now. Your text is still here. Try again in a few minutes.";
}
