/* Saving without leaving the page until the server has the text: a lost sign-in or a fault leaves everything as it is. */
"use strict";

{
  const form = Editor.form;
  const state = document.getElementById("editor-state");
  let saving = false;

  /* A save that is refused (422) or stale (409) is sent again as the form itself: the server's page then says what to do. */
  async function save(button) {
    if (saving) return;
    saving = true;
    Editor.say("Saving …");
    const fields = Editor.fields();
    if (button?.name) fields.set(button.name, button.value);
    try {
      const answer = await Editor.send(form.action, fields);
      Editor.mended();
      if (answer.ok) {
        Editor.forgetCopies();
        location.assign((await answer.json()).go);
      } else {
        sendItself(button);
      }
    } catch (problem) {
      Editor.say("");
      Editor.fail(problem);
    } finally {
      saving = false;
    }
  }

  function sendItself(button) {
    Editor.letGo(); // what was typed comes back with the page
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

  const saved = state.textContent;
  form.addEventListener("input", () => {
    state.textContent = "Not saved yet";
  });
  Editor.afterPause(1000, () => {
    state.textContent = Editor.isUnsaved() ? "Not saved yet" : saved;
  });
}
