/* The preview: the page itself, made by the server from the fields as they stand, in a frame beside the box.
   Typing never waits for it; a newer request ends an older one; a text that cannot be shown leaves the last good page. */
"use strict";

{
  const panel = document.getElementById("preview");
  const note = document.getElementById("preview-note");
  const PAUSE = 800; // milliseconds
  const SLOW = 500;
  const LARGE = 50_000; // characters: from here on, only when asked for

  if (panel) {
    const frame = document.createElement("iframe");
    frame.title = "Preview of the page";
    // No scripts. Same origin, so that this page can keep its place and send its links to tabs of their own.
    frame.setAttribute("sandbox", "allow-same-origin allow-popups allow-popups-to-escape-sandbox");
    frame.src = panel.dataset.address;
    let shown = null; // what the page in the frame was made from
    let request = null;
    let last = "";

    const update = async () => {
      const fields = Editor.fields();
      const now = new URLSearchParams(fields).toString();
      if (now === shown) return;
      request?.abort();
      const mine = new AbortController();
      request = mine;
      const slow = setTimeout(() => note.replaceChildren("Updating the preview …"), SLOW);
      try {
        const answer = await Editor.send(panel.dataset.address, fields, mine.signal);
        const text = await answer.text();
        if (request !== mine) return;
        if (answer.ok) show(text);
        else note.replaceChildren(`The text cannot be shown yet: see Checks. ${last && `This is the page from ${last}.`}`);
        if (answer.ok) shown = now;
      } catch (problem) {
        if (problem.name !== "AbortError") note.replaceChildren(`${problem.message} ${last && `This is the page from ${last}.`}`);
      } finally {
        clearTimeout(slow);
      }
    };

    const openOutside = (page) => {
      for (const link of page.querySelectorAll("a[href]:not([href^='#'])")) {
        link.target = "_blank";
        link.rel = "noopener";
      }
    };

    const show = (html) => {
      const page = new DOMParser().parseFromString(html, "text/html");
      openOutside(page);
      const place = frame.contentWindow.scrollY;
      const held = frame.contentDocument;
      held.replaceChild(held.adoptNode(page.documentElement), held.documentElement);
      frame.contentWindow.scrollTo(0, place);
      last = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
      note.replaceChildren("");
    };

    const updateUnlessLarge = () => {
      if (Editor.box.value.length <= LARGE) update();
      else if (!note.textContent) note.replaceChildren("This text is long: press “Update preview” to see it.");
    };

    panel.querySelectorAll("[hidden]").forEach((part) => {
      part.hidden = false;
    });
    panel.querySelector("[data-frame]").append(frame);
    panel.querySelector("[data-update]").addEventListener("click", update);
    frame.addEventListener("load", () => {
      openOutside(frame.contentDocument);
      Editor.afterPause(PAUSE, updateUnlessLarge);
    }, { once: true });
  }
}
