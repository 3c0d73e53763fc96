/* Talking to the server: one way to send, and every way to fail said in words. Nothing here touches the text. */
"use strict";

{
  const LONGER = "Shorten it, or split it in two.";

  Editor.Failure = class extends Error {};

  /* Send fields, and return the answer when the server has dealt with them (also 409 and 422, which say what is wrong).
     Throws an Editor.Failure whose message is a sentence, or the browser's own AbortError. */
  Editor.send = async (address, fields, signal) => {
    fields.set("csrfmiddlewaretoken", Editor.form.elements.csrfmiddlewaretoken.value); // a new sign-in may have changed it
    const answer = await fetched(address, { method: "POST", body: fields, redirect: "manual", signal });
    if (answer.ok || answer.status === 409 || answer.status === 422) return answer;
    throw new Editor.Failure(await reason(answer));
  };

  Editor.ask = async (address) => {
    const answer = await fetched(address, { redirect: "manual" });
    if (!answer.ok) throw new Editor.Failure(await reason(answer));
    return answer.json();
  };

  async function fetched(address, options) {
    try {
      return await fetch(address, { ...options, headers: { "X-Requested-With": "fetch" } });
    } catch (problem) {
      if (problem.name === "AbortError") throw problem;
      throw new Editor.Failure("The server could not be reached. Your text is still here. Try again in a minute.");
    }
  }

  async function reason(answer) {
    if (answer.headers.get("Content-Type") === "application/json") return (await answer.json()).problem;
    if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) {
      return "You have been signed out. Your text is still here. Sign in again in another tab, then try again here.";
    }
    if (answer.status === 413) return `This is too much to send. Your text is still here. ${LONGER}`;
    if (answer.status === 404) return "This article is not there any more. Your text is still here: copy it.";
    return "The server could not do this just now. Your text is still here. Try again in a few minutes.";
  }

  /* The form as it stands. */
  Editor.fields = () => new FormData(Editor.form);

  const said = document.getElementById("editor-said");
  const failed = document.getElementById("editor-failed");
  const failedWords = document.getElementById("editor-failed-words");

  /* What has happened, politely. */
  Editor.say = (words) => {
    said.textContent = words;
  };

  /* What has gone wrong, at once, until something goes well again; nothing for an AbortError. */
  Editor.fail = (problem) => {
    if (problem.name === "AbortError") return;
    if (!(problem instanceof Editor.Failure)) throw problem;
    failedWords.textContent = problem.message;
    failed.hidden = false;
  };

  Editor.mended = () => {
    failed.hidden = true;
  };

  /* Call a function when somebody has stopped typing for a moment, and once at the beginning. */
  Editor.afterPause = (milliseconds, act) => {
    let timer;
    const start = () => {
      clearTimeout(timer);
      timer = setTimeout(act, milliseconds);
    };
    Editor.form.addEventListener("input", start);
    Editor.form.addEventListener("change", start);
    start();
    return start;
  };
}
