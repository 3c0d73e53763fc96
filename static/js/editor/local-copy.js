/* A copy of unsaved text in this browser, for articles only: written after pauses, offered when the page is opened again,
   removed once the server has the text. A browser that keeps nothing is no reason to stop. */
"use strict";

{
  const { article, version } = Editor.form.dataset;
  const PREFIX = `article:${article}:`;
  const KEY = PREFIX + version;
  const PAUSE = 1000; // milliseconds
  const KEPT = 30 * 24 * 3600 * 1000;
  const offer = document.getElementById("editor-offer");
  const NOT_OURS = new Set(["csrfmiddlewaretoken", "note"]);

  const now = () => Object.fromEntries([...Editor.fields()].filter(([name, value]) => !NOT_OURS.has(name) && typeof value === "string"));
  const given = JSON.stringify(now());
  let refused = false;
  let leaving = false;

  const changed = () => JSON.stringify(now()) !== given;
  Editor.isUnsaved = () => changed() || "unsaved" in Editor.form.dataset;

  function keep() {
    if (!changed()) return;
    try {
      localStorage.setItem(KEY, JSON.stringify({ at: Date.now(), fields: now() }));
    } catch {
      if (!refused) Editor.say("This browser keeps no copy of unsaved text. Save now and then.");
      refused = true;
    }
  }

  function forget() {
    try {
      keys().forEach((key) => localStorage.removeItem(key));
    } catch {
      // a browser that keeps nothing has nothing to forget
    }
  }

  /* Leave this page without a question. */
  Editor.letGo = () => {
    leaving = true;
  };

  /* The server has the text: no copy of this article is needed any more. */
  Editor.forgetCopies = () => {
    Editor.letGo();
    forget();
  };

  /* Nobody will come back for these. */
  function forgetOld() {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith("article:"))) {
      if (Date.now() - JSON.parse(localStorage.getItem(key)).at > KEPT) localStorage.removeItem(key);
    }
  }

  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));

  function newestCopy() {
    try {
      forgetOld();
      return keys().map((key) => JSON.parse(localStorage.getItem(key))).sort((one, other) => other.at - one.at)[0];
    } catch {
      return undefined;
    }
  }

  function restore(fields) {
    for (const [name, value] of Object.entries(fields)) {
      const field = Editor.form.elements[name];
      if (!field || field.value === value) continue;
      if (field === Editor.box) Editor.replace(0, field.value.length, value);
      else field.value = value;
    }
    Editor.form.dispatchEvent(new Event("input"));
    offer.hidden = true;
    Editor.box.focus();
  }

  const copy = newestCopy();
  // A copy made before somebody else saved carries the older version with it: saving it leads to the comparison.
  if (copy && JSON.stringify(copy.fields) !== given) {
    const at = new Date(copy.at);
    const time = at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
    const day = at.toDateString() === new Date().toDateString() ? "" : ` on ${at.toLocaleDateString("en-GB", { day: "numeric", month: "long" })}`;
    offer.querySelector("[data-words]").textContent = `Restore unsaved text from ${time}${day}?`;
    offer.querySelector("[data-restore]").addEventListener("click", () => restore(copy.fields));
    offer.querySelector("[data-discard]").addEventListener("click", () => {
      forget();
      offer.hidden = true;
      Editor.box.focus();
    });
    offer.hidden = false;
  }

  document.querySelector("[data-throw-away]")?.addEventListener("click", (event) => {
    if (confirm("Throw your text away? Only the text that was saved by somebody else stays.")) Editor.forgetCopies();
    else event.preventDefault();
  });

  Editor.afterPause(PAUSE, keep);
  addEventListener("pagehide", () => leaving || keep());
  addEventListener("beforeunload", (event) => {
    if (!leaving && Editor.isUnsaved()) event.preventDefault();
  });
}
