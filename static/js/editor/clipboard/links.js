/* Links: taken out of the wrappers of mail filters and search engines, without asking anybody over the network. */

import { linkAddress } from "../markdown.js";

/* Wrappers that hold the address as it is in a parameter. */
const IN_PARAMETER = [
  [/(^|\.)safelinks\.protection\.outlook\.com$|(^|\.)teams\.cdn\.office\.net$/, ["url"]],
  [/^(www\.)?google\.[a-z.]{2,6}$/, ["q", "url"], "/url"],
  [/^urldefense\.proofpoint\.com$/, ["u"], "/v1/url"],
  [/^linkprotect\.cudasvc\.com$/, ["a"]],
  [/^clicktime\.symantec\.com$|^protect\d?\.fireeye\.com$|^lm?\.facebook\.com$/, ["u"]],
  [/^duckduckgo\.com$/, ["uddg"], "/l/"],
  [/^(www\.)?youtube\.com$/, ["q"], "/redirect"],
  [/^out\.reddit\.com$/, ["url"]],
  [/^slack-redir\.net$|^(www\.)?linkedin\.com$/, ["url"], "/"],
];
const FILTERS = /(^|\.)(mimecast\.com|mimecastprotect\.com|urldefense\.(proofpoint\.)?(com|us)|secure-web\.cisco\.com|avanan\.click|clicktime\.symantec\.com|cudasvc\.com|safelinks\.protection\.outlook\.com|fireeye\.com|protection\.sophos\.com)$/;
const MAX_WRAPPERS = 5;

/* Give each link of the page the address that it may have in ours, as data-address. */
export function readLinks(page, report) {
  for (const link of page.body.querySelectorAll("a[href]")) {
    const words = link.textContent.replace(/\s+/g, " ").trim();
    if (words) readLink(link, words, report);
  }
  readTexts(page, report);
}

/* Addresses that are only words: those of mail filters name the person who got the mail. */
function readTexts(page, report) {
  const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode;
    if (!text.data.includes("://") || text.parentElement.closest("a[data-address]")) continue;
    text.data = text.data.replace(/https?:\/\/[^\s<>"“”]*[^\s<>"“”.,;:!?)\]]/gi, (written) => {
      const unwrapped = unwrap(written);
      if (unwrapped !== written) report.add("unwrapped", unwrapped);
      return unwrapped;
    });
  }
}

function readLink(link, words, report) {
  const written = link.getAttribute("href").trim();
  const unwrapped = unwrap(written);
  const secure = unwrapped.replace(/^http:\/\//i, "https://");
  if (!mayHold(secure, words)) {
    report.add("link", `${words}: ${written.slice(0, 40)}`);
    return;
  }
  if (unwrapped !== written) report.add("unwrapped", secure);
  else if (FILTERS.test(hostOf(written))) report.add("wrapped", hostOf(written));
  else if (secure !== unwrapped) report.add("secure", secure);
  if (words === written && unwrapped !== written) link.textContent = secure;
  link.dataset.address = linkAddress(plainAddress(secure));
}

/* tel: and mailto: in small letters, and a number of digits only: “+44 (0)1632” has one zero too many. */
function plainAddress(address) {
  if (/^tel:/i.test(address)) return `tel:${address.slice(4).replace(/^(\s*\+.*)\(0\)/, "$1").replace(/[^\d+]/g, "")}`;
  return address.replace(/^mailto:/i, "mailto:");
}

/* An e-mail address is a link only where readers see it. */
function mayHold(address, words) {
  if (/^mailto:/i.test(address)) return words.toLowerCase().includes(address.slice(7).split("?")[0].toLowerCase());
  return /^tel:[\d+() .-]+$/i.test(address) || (/^https:\/\/./i.test(address) && Boolean(parsed(address)));
}

function parsed(address) {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

const hostOf = (address) => parsed(address)?.hostname ?? "";

/* The address inside of all wrappers; the address itself where there is none, or one that cannot be read. */
export function unwrap(address, wrappers = 0) {
  const inner = wrappers < MAX_WRAPPERS ? inside(address) : null;
  return inner && parsed(inner) ? unwrap(inner, wrappers + 1) : address;
}

function inside(address) {
  const url = /^https?:/i.test(address) ? parsed(address) : null;
  if (!url) return null;
  if (/^urldefense\.(proofpoint\.)?(com|us)$/.test(url.hostname)) {
    if (url.pathname.startsWith("/v2/")) return proofpoint2(url);
    if (url.pathname.startsWith("/v3/")) return proofpoint3(address);
  }
  if (/^(www\.)?bing\.com$/.test(url.hostname) && url.pathname === "/ck/a") return bytesOf((url.searchParams.get("u") ?? "").slice(2)) || null;
  if (url.hostname === "secure-web.cisco.com") return decoded(/\/(https?%3A.+)$/i.exec(address)?.[1] ?? "");
  const wrapper = IN_PARAMETER.find(([host, , path = "/"]) => host.test(url.hostname) && url.pathname.startsWith(path));
  const found = wrapper?.[1].map((name) => url.searchParams.get(name)).find((value) => /^(https?|mailto|tel):/i.test(value ?? ""));
  return found?.trim().replace(/\s/g, "%20") ?? null;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/* Version 2 writes % as - and / as _. */
function proofpoint2(url) {
  return decoded((url.searchParams.get("u") ?? "").replaceAll("-", "%").replaceAll("_", "/"));
}

const RUNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/* Version 3 writes each sign that it does not like as *, a run of n such signs as ** and a letter that means n; the signs
   follow, in base64. */
function proofpoint3(address) {
  const [, text, signs] = /\/v3\/__(.+?)__;([\w*-]*)!/.exec(address) ?? [];
  if (text === undefined) return null;
  const wanting = [...bytesOf(signs)];
  let short = false;
  const take = (count) => {
    if (wanting.length < count) short = true;
    return wanting.splice(0, count).join("");
  };
  const whole = text.replace(/\*(\*.)?/g, (_, run) => take(run ? RUNS.indexOf(run[1]) + 2 : 1)).replace(/^(https?:\/)(?=[^/])/i, "$1/");
  return short ? null : whole;
}

function bytesOf(base64) {
  try {
    const bytes = Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
    return new TextDecoder().decode(bytes);
  } catch {
    return "";
  }
}
