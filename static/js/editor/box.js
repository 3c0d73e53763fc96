/* The box that holds the text. Whatever a button writes goes through replace(), so that the browser's own undo goes on
   working, and Tab is never caught. Every other editor-*.js builds on this one. */
"use strict";

const Editor = {};

{
  const box = document.querySelector("textarea.markdownx-editor");

  Editor.box = box;
  Editor.form = box?.form;

  /* Put text in the place of what stands from start to end, as if it had been typed. */
  Editor.replace = (start, end, text) => {
    box.focus();
    box.setSelectionRange(start, end);
    const typed = text ? document.execCommand("insertText", false, text) : start === end || document.execCommand("delete");
    if (!typed) {
      box.setRangeText(text, start, end, "end");
      box.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  Editor.insert = (text) => Editor.replace(box.selectionStart, box.selectionEnd, text);

  /* Put a block (a card, a picture, a table) on lines of its own, with a blank line on either side. */
  Editor.insertBlock = (block, start = box.selectionStart, end = box.selectionEnd) => {
    const before = box.value.slice(0, start);
    const after = box.value.slice(end);
    const above = !before.trim() ? "" : "\n".repeat(Math.max(0, 2 - /\n*$/.exec(before)[0].length));
    const below = !after.trim() ? "\n" : "\n".repeat(Math.max(0, 2 - /^\n*/.exec(after)[0].length));
    Editor.replace(start, end, above + block + below);
    return start + above.length;
  };

  /* An address as it may stand between the brackets of a link. */
  Editor.linkable = (address) => address.replaceAll("(", "%28").replaceAll(")", "%29");

  /* Show a place in the box: select it, and scroll to it. */
  Editor.show = (start, end = start) => {
    box.focus();
    box.setSelectionRange(start, end);
    const lines = box.value.slice(0, start).split("\n").length - 1;
    const all = box.value.split("\n").length;
    box.scrollTop = Math.max(0, (box.scrollHeight * lines) / all - box.clientHeight / 3);
    box.scrollIntoView({ block: "nearest" });
  };

  /* The whole lines that the selection touches. */
  function lines() {
    const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const last = box.selectionEnd > start && box.value[box.selectionEnd - 1] === "\n" ? box.selectionEnd - 1 : box.selectionEnd;
    const end = box.value.indexOf("\n", last);
    return { start, end: end === -1 ? box.value.length : end };
  }

  function changeLines(change) {
    const { start, end } = lines();
    const changed = change(box.value.slice(start, end).split("\n")).join("\n");
    Editor.replace(start, end, changed);
    if (changed.includes("\n")) box.setSelectionRange(start, start + changed.length);
  }

  const LIST = /^(\s*)(?:[-*+]|\d+[.)])\s+/;

  const NEXT_HEADING = { "": "## ", "#": "## ", "##": "### " }; // and then none

  Editor.heading = () => changeLines((lines) => lines.map((line) => {
    const [, marks, words] = /^(#*)\s*(.*)$/.exec(line);
    return (NEXT_HEADING[marks] ?? "") + words;
  }));

  Editor.bullets = () => changeLines((lines) => marked(lines, /^\s*[-*+]\s+/, () => "- "));
  Editor.numbers = () => changeLines((lines) => marked(lines, /^\s*\d+[.)]\s+/, (number) => `${number}. `));

  /* Lines with the list's marks; without them when all have them. */
  function marked(lines, mark, markOf) {
    const filled = lines.filter((line) => line.trim() || lines.length === 1);
    if (filled.every((line) => mark.test(line))) return lines.map((line) => line.replace(mark, ""));
    let number = 0;
    return lines.map((line) => (filled.includes(line) ? markOf((number += 1)) + line.replace(LIST, "") : line));
  }

  Editor.bold = () => {
    let { selectionStart: start, selectionEnd: end, value } = box;
    if (start === end) {
      start -= /[\p{L}\p{N}'’-]*$/u.exec(value.slice(0, start))[0].length;
      end += /^[\p{L}\p{N}'’-]*/u.exec(value.slice(end))[0].length;
    }
    start += /^\s*/.exec(value.slice(start, end))[0].length;
    end -= /\s*$/.exec(value.slice(start, end))[0].length;
    if (value.slice(start - 2, start) === "**" && value.slice(end, end + 2) === "**") [start, end] = [start - 2, end + 2];
    const inner = /^\*\*([^]*)\*\*$/.exec(value.slice(start, end));
    const words = inner ? inner[1] : value.slice(start, end) || "bold words";
    Editor.replace(start, end, inner ? words : `**${words}**`);
    const from = inner ? start : start + 2;
    box.setSelectionRange(from, from + words.length);
  };

  Editor.undo = () => {
    box.focus();
    document.execCommand("undo");
  };

  /* Enter in a list begins the next item; in an empty item it ends the list. */
  function goOnWithList(event) {
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.isComposing) return;
    if (box.selectionStart !== box.selectionEnd) return;
    const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
    const line = box.value.slice(start, box.selectionStart);
    const [item, indent, mark, words] = /^(\s*)([-*+]|\d{1,3}[.)])\s+(.*)$/.exec(line) ?? [];
    if (!item) return;
    event.preventDefault();
    if (!words) Editor.replace(start, box.selectionStart, "");
    else Editor.insert(`\n${indent}${/\d/.test(mark) ? Number.parseInt(mark, 10) + 1 + mark.slice(-1) : mark} `);
  }

  box?.addEventListener("keydown", goOnWithList);
}
