/* New from a phone call: shows who has asked already from this number or address as soon as either is typed. Without this
   script they are shown after "Save". Nothing of the form is kept in the browser; leaving it by mistake is asked about. */

import { askBeforeLeaving } from "../common/page.js";
import { csrfToken } from "../common/requests.js";

const form = document.getElementById("call");
const shown = document.getElementById("same-contact");
const FAILED = "Other enquiries could not be looked for just now. Go on: they are looked for again when you save.";

let lastContact = JSON.stringify(contact());
let isChanged = document.querySelector(".problems") !== null; // a page that came back holds what was typed
let requests = 0;

function contact() {
  return { phone: form.elements.phone.value.trim(), email: form.elements.email.value.trim() };
}

async function lookForOthers() {
  const typed = contact();
  if (JSON.stringify(typed) === lastContact) return;
  lastContact = JSON.stringify(typed);
  const request = ++requests;
  const html = await fetchOthers(typed);
  if (request === requests) shown.innerHTML = html; // of our own, with every word escaped
}

async function fetchOthers(typed) {
  const body = new URLSearchParams({ ...typed, key: form.elements.key.value });
  try {
    const headers = { "X-CSRFToken": csrfToken(form) };
    const answer = await fetch(form.dataset.sameContact, { method: "POST", body, headers, redirect: "error" });
    if (answer.ok) return await answer.text();
  } catch {
    // the network is away: said below
  }
  return `<p>${FAILED}</p>`;
}

form.elements.phone.addEventListener("change", lookForOthers);
form.elements.email.addEventListener("change", lookForOthers);

form.addEventListener("input", () => {
  isChanged = true;
});
form.addEventListener("submit", () => {
  isChanged = false;
});
askBeforeLeaving(() => isChanged);
