/* The dashboard of the desk keeps itself up to date: every minute, while the page can be seen.
   When the session has ended, accounts/session.js says so. */

import { fetchInBackground } from "../common/requests.js";

const INTERVAL = 60 * 1000; // milliseconds
const PARTS = ["waiting", "good-to-know"];
let askedAt = Date.now();
let timer;

function schedule() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(update, Math.max(0, askedAt + INTERVAL - Date.now()));
}

async function update() {
  askedAt = Date.now();
  try {
    const answer = await fetchInBackground(location.pathname);
    if (answer.type === "opaqueredirect") return; // signed out
    if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  } catch {
    // the network is away: the next minute may be better
  }
  schedule();
}

/* Replace only what has changed, and speak only other counts. The focus stays on the link that had it. */
function show(news) {
  const { title, said } = news.getElementById("waiting").dataset;
  if (said !== document.getElementById("waiting").dataset.said) {
    document.getElementById("waits-said").textContent = said;
  }
  document.title = title;
  for (const id of PARTS) {
    const [before, after] = [document, news].map((page) => page.getElementById(id));
    if (before.outerHTML !== after.outerHTML) replacePart(before, after);
  }
}

function replacePart(before, after) {
  const focused = before.contains(document.activeElement) && document.activeElement.getAttribute("href");
  before.replaceWith(after);
  if (focused) ([...after.querySelectorAll("a")].find((link) => link.getAttribute("href") === focused) ?? after).focus();
}

document.addEventListener("visibilitychange", schedule);
schedule();
