/* Staff's session: warns two minutes before it ends, and says so when it has ended, without touching what is typed.
   After a new sign-in in another tab the forms of this page work again: their CSRF tokens are refreshed. */

import { csrfToken, fetchInBackground, setCsrfToken } from "../common/requests.js";

const WARN = 120; // seconds before the end
const RETRY = 30; // seconds
const { address, left, name, signIn } = document.getElementById("session-script").dataset;
let timer;
let banner;

function openBanner() {
  if (!banner) {
    banner = document.createElement("div");
    banner.id = "session";
    banner.setAttribute("role", "alert");
    document.body.append(banner);
  }
  return banner;
}

/* Show a sentence, and one thing to do about it. The focus stays where somebody is typing. */
function show(words, action) {
  const sentence = document.createElement("p");
  sentence.textContent = words;
  openBanner().replaceChildren(sentence, ...(action ? [action] : []));
  banner.hidden = false;
}

function hide() {
  if (banner) banner.hidden = true;
}

function checkAfter(seconds) {
  clearTimeout(timer);
  timer = setTimeout(check, Math.max(1, seconds) * 1000);
}

async function check() {
  try {
    await handleAnswer(await fetchInBackground(address));
  } catch {
    checkAfter(RETRY); // the network is away: what there is to say can wait
  }
}

async function staySignedIn() {
  const headers = { "X-CSRFToken": csrfToken() };
  try {
    await handleAnswer(await fetch(address, { method: "POST", headers, redirect: "manual", cache: "no-store" }));
  } catch {
    show("The server could not be reached. Try again in a moment.", stayButton());
  }
}

async function handleAnswer(answer) {
  if (answer.status === 403) return showSignedOut();
  if (!answer.ok) return checkAfter(RETRY);
  const session = await answer.json();
  setCsrfToken(session.token);
  if (session.name !== name) {
    return show(`You are signed in as ${session.name} in another tab. What you save here is saved as ${session.name}.`);
  }
  if (session.left > WARN) {
    hide();
    return checkAfter(session.left - WARN);
  }
  warn(session);
  return checkAfter(session.left + 1);
}

function warn({ left: seconds, extends: canExtend }) {
  const end = new Date(Date.now() + seconds * 1000);
  const at = end.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  if (canExtend) show(`You will be signed out at ${at}, because nothing has been done here for a while.`, stayButton());
  else show(`You will be signed out at ${at}, twelve hours after you signed in. Save now what you are writing.`);
}

function stayButton() {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "Stay signed in";
  button.addEventListener("click", staySignedIn);
  return button;
}

function showSignedOut() {
  const link = document.createElement("a");
  link.href = signIn;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Sign in again in a new tab";
  show("You have been signed out. What you have typed on this page is still here. Do not close it.", link);
  checkAfter(15);
}

/* Meanwhile the computer may have slept, or a new sign-in may have happened in another tab. */
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) check();
});
addEventListener("focus", check);
addEventListener("pageshow", (event) => event.persisted && check());

checkAfter(left - WARN);
