/* The dashboard of the desk keeps itself up to date: every minute, while somebody can see it.
   That is not doing anything: the session ends no later for it. When it has ended, session.js says so. */
"use strict";

{
  const EVERY = 60 * 1000;
  const PARTS = ["waiting", "good-to-know"];
  let asked = Date.now();
  let timer;

  const again = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(look, Math.max(0, asked + EVERY - Date.now()));
  };

  const look = async () => {
    asked = Date.now();
    try {
      const answer = await fetch(location.pathname, { headers: { "X-Background": "yes" }, redirect: "manual", cache: "no-store" });
      if (answer.type === "opaqueredirect") return; // signed out
      if (answer.ok) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch {
      // the network is away: the next minute may be better
    }
    again();
  };

  /* Only what has changed is replaced, only other counts are spoken, and who stands on a link stays on it. */
  const show = (news) => {
    const { title, said } = news.getElementById("waiting").dataset;
    if (said !== document.getElementById("waiting").dataset.said) {
      document.getElementById("waits-said").textContent = said;
    }
    document.title = title;
    for (const id of PARTS) {
      const [before, after] = [document, news].map((place) => place.getElementById(id));
      if (before.outerHTML === after.outerHTML) continue;
      const held = before.contains(document.activeElement) && document.activeElement.getAttribute("href");
      before.replaceWith(after);
      if (held) ([...after.querySelectorAll("a")].find((link) => link.getAttribute("href") === held) ?? after).focus();
    }
  };

  document.addEventListener("visibilitychange", again);
  again();
}
