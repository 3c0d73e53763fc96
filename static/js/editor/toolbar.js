/* The row of buttons over the box, and the keys that do the same. */

import { box } from "./box.js";
import { bold, bullets, heading, numbers, undo } from "./formatting.js";
import { insertCard, insertLink, insertRule, insertTable } from "./insert.js";
import { insertPicture } from "./pictures.js";
import { insertSource } from "./sources.js";

/* By the name that a button has in its data-act. */
const ACTIONS = {
  heading,
  bold,
  bullets,
  numbers,
  undo,
  link: insertLink,
  card: insertCard,
  picture: () => insertPicture(),
  source: insertSource,
  rule: insertRule,
  table: insertTable,
};

/* Those of word processors where they have one. AltGr types letters, so it is not taken for Ctrl and Alt. */
const KEYS = {
  "Ctrl": { KeyB: "bold", KeyK: "link" },
  "Ctrl Shift": { Digit2: "heading", Digit7: "numbers", Digit8: "bullets" },
  "Ctrl Alt": { KeyC: "card", KeyP: "picture", KeyS: "source", KeyR: "rule", KeyG: "table" },
};

const bar = document.getElementById("editor-toolbar");
const buttons = [...bar.querySelectorAll("button")];
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);

function focusOn(button) {
  buttons.forEach((one) => {
    one.tabIndex = one === button ? 0 : -1;
  });
  button.focus();
}

bar.addEventListener("keydown", (event) => {
  const index = buttons.indexOf(document.activeElement);
  const next = { ArrowRight: index + 1, ArrowLeft: index - 1, Home: 0, End: buttons.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  focusOn(buttons[(next + buttons.length) % buttons.length]);
});

buttons.forEach((button, index) => {
  if (isMac) button.title = button.title.replace("Ctrl+", "⌘").replace("Alt+", "⌥").replace("Shift+", "⇧");
  button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
  button.addEventListener("click", () => ACTIONS[button.dataset.act]());
  button.tabIndex = index ? -1 : 0;
});
bar.hidden = false;

box.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.getModifierState("AltGraph")) return;
  const held = ["Ctrl", ...(event.altKey ? ["Alt"] : []), ...(event.shiftKey ? ["Shift"] : [])].join(" ");
  const action = KEYS[held]?.[event.code];
  if (!action) return;
  event.preventDefault();
  ACTIONS[action]();
});
