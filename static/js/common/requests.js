/* Requests to our own server that more than one page makes, and the CSRF token that they need. */

const TOKENS = "input[name=csrfmiddlewaretoken]";

/* The CSRF token of a form, or of the page; empty where there is no form. */
export const csrfToken = (parent = document) => parent.querySelector(TOKENS)?.value ?? "";

/* Give every form of the page this token. */
export function setCsrfToken(token) {
  for (const field of document.querySelectorAll(TOKENS)) field.value = token;
}

/* Ask without doing anything: the session ends no later for it. */
export const fetchInBackground = (address) =>
  fetch(address, { headers: { "X-Background": "yes" }, redirect: "manual", cache: "no-store" });
