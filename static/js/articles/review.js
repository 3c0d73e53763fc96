/* The page of a text under review: the frame's links open in tabs of their own, and what was typed in one form is not lost
  by sending another. Without this script everything works; the frame then shows no other page than its own. */
"use strict";

{
  const frame = document.querySelector("[data-frame]");
  const forms = [...document.querySelectorAll("[data-move]")];
  let sending = false;

  const openOutside = () => {
    for (const link of frame.contentDocument?.querySelectorAll("a[href]:not([href^='#'])") ?? []) {
      link.target = "_blank";
      link.rel = "noopener";
    }
  };
  const typedIn = (form) =>
    [...form.elements].some((field) => field.type !== "hidden" && "defaultValue" in field && field.value !== field.defaultValue);

  if (frame) {
    frame.addEventListener("load", openOutside);
    openOutside();
  }

  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      const other = forms.find((one) => one !== form && typedIn(one));
      const title = other?.querySelector("h3")?.textContent ?? "Proposed words";
      sending = !other || confirm(`What you typed under “${title}” is not sent with this. Go on without it?`);
      if (!sending) event.preventDefault();
    });
  }

  addEventListener("beforeunload", (event) => {
    if (!sending && forms.some(typedIn)) event.preventDefault();
  });
}
