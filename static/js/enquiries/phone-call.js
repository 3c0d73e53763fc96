/* New from a phone call: who has asked already from this number or address is shown as soon as either is typed. Without this
   script they are shown after "Save". Nothing of the form is kept in the browser; leaving it by mistake is asked about. */
"use strict";

{
  const form = document.getElementById("call");
  const said = document.getElementById("same-contact");
  const AWAY = "Other enquiries could not be looked for just now. Go on: they are looked for again when you save.";
  const asked = () => ({ phone: form.elements.phone.value.trim(), email: form.elements.email.value.trim() });
  let latest = JSON.stringify(asked());
  let changed = document.querySelector(".problems") !== null; // a page that came back holds what was typed
  let number = 0;

  async function look() {
    const contact = asked();
    if (JSON.stringify(contact) === latest) return;
    latest = JSON.stringify(contact);
    const mine = ++number;
    const html = await fragment(contact);
    if (mine === number) said.innerHTML = html; // of our own, with every word escaped
  }

  async function fragment(contact) {
    const body = new URLSearchParams({ ...contact, key: form.elements.key.value });
    try {
      const headers = { "X-CSRFToken": form.elements.csrfmiddlewaretoken.value };
      const answer = await fetch(form.dataset.sameContact, { method: "POST", body, headers, redirect: "error" });
      if (answer.ok) return await answer.text();
    } catch {
      // the network is away: said below
    }
    return `<p>${AWAY}</p>`;
  }

  form.elements.phone.addEventListener("change", look);
  form.elements.email.addEventListener("change", look);

  form.addEventListener("input", () => (changed = true));
  form.addEventListener("submit", () => (changed = false));
  addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
}
