/* The checks panel: what the server says of the text as it stands, each finding with a button that leads to its place. */
"use strict";

{
  const panel = document.getElementById("checks");
  const note = document.getElementById("checks-note");
  const findings = panel.querySelector("[data-findings]");
  const count = document.getElementById("editor-findings"); // beside the buttons, always in sight
  const PAUSE = 1200; // milliseconds
  let request = null;
  let last = null;

  async function check() {
    const fields = Editor.fields();
    const now = new URLSearchParams(fields).toString();
    if (now === last || (Editor.form.dataset.article === "new" && !Editor.isUnsaved())) return;
    request?.abort();
    const mine = new AbortController();
    request = mine;
    try {
      const answer = await Editor.send(panel.dataset.address, fields, mine.signal);
      const html = await answer.text();
      if (request !== mine) return;
      findings.innerHTML = html; // a fragment of our own, with every word of the text escaped
      last = now;
      note.textContent = "";
      count.textContent = findings.querySelector("[role=status]")?.textContent ?? "";
      count.hidden = !count.textContent;
    } catch (problem) {
      if (problem.name !== "AbortError") note.textContent = `${problem.message} These checks are of the text as it was before.`;
    }
  }

  /* Go to a finding's field; in the box, to its line and words. */
  function jump({ field, line, words }) {
    const target = Editor.form.elements[field];
    if (!target) return;
    Editor.openTab("write");
    target.closest("details")?.setAttribute("open", "");
    if (target !== Editor.box || !line) {
      target.focus();
      return;
    }
    const lines = Editor.box.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    const at = words ? Editor.box.value.indexOf(words, start) : -1;
    if (at >= 0) Editor.show(at, at + words.length);
    else Editor.show(start, start + (lines[line - 1] ?? "").length);
  }

  count.addEventListener("click", () => Editor.openTab("checks"));

  findings.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-field]");
    if (button) jump(button.dataset);
  });

  Editor.afterPause(PAUSE, check);
}
