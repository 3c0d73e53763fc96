/* Pictures: a drawing or picture chosen, or a new one by button, paste or drop. What it shows is asked for each time, and
   nothing is written into the text before the server has the picture. */
"use strict";

{
  const { dataset } = Editor.form;
  const MOST_BYTES = 5 * 1024 * 1024; // as in siweb/articles/pictures.py; a larger body is cut off without an answer

  async function upload(file, alt) {
    const fields = new FormData();
    fields.set("picture", file);
    fields.set("alt", alt);
    return (await (await Editor.send(dataset.upload, fields)).json()).name;
  }

  const quoted = (words) => words.replace(/\s+/g, " ").trim();

  Editor.picture = (files) => Editor.openDialog("picture", {
    ready(form, words) {
      form.elements.alt.value = quoted(words);
      if (files?.length) form.elements.file.files = files;
      const items = ({ figures }) => figures.map((one) => ({ value: one.name, title: one.name, detail: one.alt, picture: one.src }));
      Editor.loadChoices(form, dataset.pages, items, "There is no picture yet: choose a file.");
      form.querySelector("[data-choices]").onchange = () => {
        form.elements.alt.value ||= Editor.chosen(form, "figure").parentElement.querySelector("small")?.textContent ?? "";
      };
    },
    async done(form, close) {
      const [file] = form.elements.file.files;
      const alt = quoted(form.elements.alt.value);
      let name = Editor.chosen(form, "figure")?.value;
      if (!file && !name) return "Choose a picture from the list, or a file.";
      if (file?.size > MOST_BYTES) return "The picture is larger than 5 MB. Save it smaller, then choose it again.";
      if (!alt) return "Say what the picture shows, for people who cannot see it.";
      const button = form.querySelector("[value=ok]");
      button.disabled = true;
      try {
        if (file) name = await upload(file, alt);
      } catch (problem) {
        if (!(problem instanceof Editor.Failure)) throw problem;
        Editor.fail(problem);
        return problem.message;
      } finally {
        button.disabled = false;
      }
      Editor.mended();
      const caption = quoted(form.elements.caption.value).replaceAll('"', "”");
      const { end } = close();
      Editor.insertBlock(`![${alt.replace(/[[\]]/g, "\\$&")}](${name}${caption ? ` "${caption}"` : ""})`, end, end);
      return undefined;
    },
  });

  const pictures = (transfer) => [...transfer.files].some((file) => file.type.startsWith("image/"));

  Editor.box.addEventListener("paste", (event) => {
    const html = event.clipboardData.getData("text/html");
    const words = event.clipboardData.getData("text/plain");
    if (html && words.trim()) return pasteWords(event, html);
    if (!pictures(event.clipboardData)) return undefined;
    event.preventDefault();
    return Editor.picture(event.clipboardData.files);
  });

  /* Words without structure are pasted as the browser would: what is Markdown already stays as it is. */
  function pasteWords(event, html) {
    const pasted = Editor.fromClipboard(html);
    if (!pasted.structured) return;
    event.preventDefault();
    const isBlock = pasted.text.includes("\n") || /^(#|- |\d+\. |\|)/.test(pasted.text);
    if (isBlock) Editor.insertBlock(pasted.text);
    else Editor.insert(pasted.text);
    if (pasted.pictures) Editor.say("The words have been pasted. Pictures do not come along: add each with the Picture button.");
    else Editor.say("Pasted with its headings, lists, bold words, links and tables.");
  }

  Editor.box.addEventListener("dragover", (event) => {
    if (event.dataTransfer.types.includes("Files")) event.preventDefault();
  });

  Editor.box.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault(); // the browser would leave this page to show the file
    if (pictures(event.dataTransfer)) Editor.picture(event.dataTransfer.files);
    else Editor.fail(new Editor.Failure("Only pictures can be dropped here: JPEG, PNG or WebP. Nothing was changed."));
  });
}
