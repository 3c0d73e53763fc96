/* Staff's session: warns two minutes before it ends, and says so when it has ended, without touching what is typed.
   After a new sign-in in another tab the forms of this page work again: their CSRF tokens are refreshed. */
"use strict";

{
  const WARN = 120; // seconds before the end
  const { address, left, name, signIn } = document.currentScript.dataset;
  let timer;
  let box;

  const banner = () => {
    if (!box) {
      box = document.createElement("div");
      box.id = "session";
      box.setAttribute("role", "alert");
      document.body.append(box);
    }
    return box;
  };

  /* Words, and one thing to do about them. The focus stays where somebody is typing. */
  const say = (words, act) => {
    const said = document.createElement("p");
    said.textContent = words;
    banner().replaceChildren(said, ...(act ? [act] : []));
    box.hidden = false;
  };

  const hush = () => {
    if (box) box.hidden = true;
  };

  const again = (seconds) => {
    clearTimeout(timer);
    timer = setTimeout(look, Math.max(1, seconds) * 1000);
  };

  const token = () => document.querySelector("input[name=csrfmiddlewaretoken]")?.value ?? "";

  const ask = (options) => fetch(address, { redirect: "manual", cache: "no-store", ...options });

  /* Ask how things stand. That is not doing anything: the session ends no later for it. */
  const look = async () => {
    try {
      await understand(await ask({ headers: { "X-Background": "yes" } }));
    } catch {
      again(30); // the network is away: what there is to say can wait
    }
  };

  const stay = async () => {
    try {
      await understand(await ask({ method: "POST", headers: { "X-CSRFToken": token() } }));
    } catch {
      say("The server could not be reached. Try again in a moment.", button());
    }
  };

  const understand = async (answer) => {
    if (answer.status === 403) return ended();
    if (!answer.ok) return again(30);
    const now = await answer.json();
    for (const field of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) field.value = now.token;
    if (now.name !== name) return say(`You are signed in as ${now.name} in another tab. What you save here is saved as ${now.name}.`);
    if (now.left > WARN) {
      hush();
      return again(now.left - WARN);
    }
    warn(now);
    again(now.left + 1);
  };

  const warn = ({ left, extends: extend }) => {
    const at = new Date(Date.now() + left * 1000).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });
    if (extend) say(`You will be signed out at ${at}, because nothing has been done here for a while.`, button());
    else say(`You will be signed out at ${at}, twelve hours after you signed in. Save now what you are writing.`);
  };

  const button = () => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = "Stay signed in";
    made.addEventListener("click", stay);
    return made;
  };

  const ended = () => {
    const link = document.createElement("a");
    link.href = signIn;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = "Sign in again in a new tab";
    say("You have been signed out. What you have typed on this page is still here. Do not close it.", link);
    again(15);
  };

  /* Whoever comes back to this tab may have slept, or signed in in another. */
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) look();
  });
  window.addEventListener("focus", look);
  window.addEventListener("pageshow", (event) => event.persisted && look());

  again(left - WARN);
}
