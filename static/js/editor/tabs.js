/* The tabs of a small screen. On a wide screen all three parts are side by side, and the tabs are not shown. */

const parts = document.getElementById("editor-parts");
const list = document.getElementById("editor-tabs");
const tabs = [...list.querySelectorAll("[role=tab]")];

export function openTab(name) {
  parts.dataset.open = name;
  tabs.forEach((tab) => {
    tab.setAttribute("aria-selected", tab.dataset.tab === name);
    tab.tabIndex = tab.dataset.tab === name ? 0 : -1;
  });
}

tabs.forEach((tab, index) => {
  tab.addEventListener("click", () => openTab(tab.dataset.tab));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = tabs[(index + step + tabs.length) % tabs.length];
    openTab(next.dataset.tab);
    next.focus();
  });
});
openTab("write");
list.hidden = false;
