/* The row of buttons over the box, the keys that do the same, and the tabs of a small screen. */
"use strict";

{
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
    const at = buttons.indexOf(document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    focusOn(buttons[(to + buttons.length) % buttons.length]);
  });

  for (const button of buttons) {
    if (isMac) button.title = button.title.replace("Ctrl+", "⌘").replace("Alt+", "⌥").replace("Shift+", "⇧");
    button.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays
    button.addEventListener("click", () => Editor[button.dataset.act]());
  }
  buttons.forEach((button, index) => {
    button.tabIndex = index ? -1 : 0;
  });
  bar.hidden = false;

  /* Those of word processors where they have one. AltGr types letters, so it is not taken for Ctrl and Alt. */
  const KEYS = {
    "Ctrl": { KeyB: "bold", KeyK: "link" },
    "Ctrl Shift": { Digit2: "heading", Digit7: "numbers", Digit8: "bullets" },
    "Ctrl Alt": { KeyC: "card", KeyP: "picture", KeyS: "source", KeyR: "rule", KeyG: "table" },
  };

  Editor.box.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.getModifierState("AltGraph")) return;
    const held = ["Ctrl", ...(event.altKey ? ["Alt"] : []), ...(event.shiftKey ? ["Shift"] : [])].join(" ");
    const act = KEYS[held]?.[event.code];
    if (!act) return;
    event.preventDefault();
    Editor[act]();
  });

  /* Tabs: on a wide screen all three parts stand side by side, and the tabs are not shown. */
  const parts = document.getElementById("editor-parts");
  const tabs = [...document.querySelectorAll("#editor-tabs [role=tab]")];

  Editor.openTab = (name) => {
    parts.dataset.open = name;
    tabs.forEach((tab) => {
      tab.setAttribute("aria-selected", tab.dataset.tab === name);
      tab.tabIndex = tab.dataset.tab === name ? 0 : -1;
    });
  };

  tabs.forEach((tab, index) => {
    tab.addEventListener("click", () => Editor.openTab(tab.dataset.tab));
    tab.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      const next = tabs[(index + step + tabs.length) % tabs.length];
      Editor.openTab(next.dataset.tab);
      next.focus();
    });
  });
  Editor.openTab("write");
  document.getElementById("editor-tabs").hidden = false;
}
