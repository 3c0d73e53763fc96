/* What is not part of the text: comments, hidden and struck-out passages, pictures. It is taken out and reported. */

import { styleOf } from "./page.js";

const COMMENT_MARKS = ".MsoCommentReference, .msocomanchor, a[href^='#cmnt'], a[id^='cmnt']";
const WAYS_BACK = "a[href^='#cmnt_ref'], a[id^='cmnt']:not([id^='cmnt_ref'])"; // from a comment of Google Docs to its mark
const COMMENTS = ".msocomtxt, [data-style*='mso-element:comment']:not([data-style*='comment-list']), [class^=MsoCommentText], "
  + "[class^=MsoCommentSubject]";
const HIDDEN_CLASSES = ".sr-only, .visually-hidden, .visuallyhidden, .screen-reader-text, .nhsuk-u-visually-hidden, "
  + ".govuk-visually-hidden";
const EMBEDDED = "img, svg, canvas, video, audio, object, embed, iframe";
const ZERO = /^0*(?:\.0*)?(?:px|pt|em|rem|%|cm|mm|in)?$/;

export function takeOut(page, report) {
  takeOutComments(page, report);
  takeOutAll(page, "[class^=MsoToc]", "contents", report, () => true, true);
  takeOutAll(page, "*", "hidden", report, isHidden);
  takeOutTexts(page, "visibility", /^(hidden|collapse)/, report);
  takeOutTexts(page, "font-size", ZERO, report);
  takeOutAll(page, "*", "struck", report, isStruck);
  takeOutPictures(page, report);
}

/* A comment has a mark in the text and words at the end; each is counted once. */
function takeOutComments(page, report) {
  page.querySelectorAll(WAYS_BACK).forEach((link) => boxOf(link).classList.add("msocomtxt"));
  const marks = outermost(page.querySelectorAll(COMMENT_MARKS)).filter((mark) => !mark.closest(COMMENTS));
  page.querySelectorAll(COMMENT_MARKS).forEach((mark) => mark.remove());
  const comments = outermost(page.querySelectorAll(COMMENTS));
  (comments.length ? comments : marks).forEach((element) => report.add("comment", element.textContent));
  comments.forEach((element) => element.remove());
}

/* The frame around a comment of Google Docs, or its paragraph. */
function boxOf(link) {
  const frame = link.closest("div");
  const isAlone = frame && frame.querySelectorAll(WAYS_BACK).length === 1 && !frame.querySelector("a[id^='cmnt_ref'], h1, h2, h3");
  return isAlone ? frame : link.closest("p, li") ?? link;
}

const outermost = (elements) => [...elements].filter((one) => ![...elements].some((other) => other !== one && other.contains(one)));

/* Take out the outermost elements that fit. A struck cell keeps its place, and so does a hidden row: cells of other rows may
   reach into it. */
function takeOutAll(page, selector, kind, report, fits, once = false) {
  const words = [];
  for (const element of [...page.body.querySelectorAll(selector)].filter(fits)) {
    if (!element.isConnected) continue;
    if (element.textContent.trim()) words.push([...(element.cells ?? [element])].map((one) => one.textContent).join(" "));
    if (element.tagName === "TR" && kind === "hidden") element.dataset.hiddenRow = "";
    else if (/^(TD|TH|TR)$/.test(element.tagName) && kind === "struck") {
      (element.tagName === "TR" ? [...element.cells] : [element]).forEach((cell) => cell.replaceChildren());
    } else element.remove();
  }
  if (once && words.length) report.add(kind, words.join(" "));
  else words.forEach((one) => report.add(kind, one));
}

function isHidden(element) {
  const style = (name) => styleOf(element, name);
  return element.matches(`[hidden], dialog:not([open]), ${HIDDEN_CLASSES}`)
    || style("display") === "none" || style("mso-hide") === "all" || ZERO_OPACITY.test(style("opacity"))
    || style("color") === "transparent" || style("content-visibility") === "hidden"
    || /^rect\([01](px)?[\s,]+[01](px)?[\s,]+[01](px)?[\s,]+[01](px)?/.test(style("clip"))
    || /^inset\((50|100)%/.test(style("clip-path"))
    || (/^(absolute|fixed)/.test(style("position")) && /^-\d{3,}/.test(`${style("left")} ${style("top")}`.trim()))
    || /^-\d{3,}/.test(style("text-indent"))
    || (style("overflow") === "hidden" && [style("height"), style("max-height")].some((size) => size && ZERO.test(size)));
}

const ZERO_OPACITY = /^0+(?:\.0*)?%?$/;

function isStruck(element) {
  return element.matches("s, strike, del, .msoDel")
    || /line-through/.test(styleOf(element, "text-decoration") + styleOf(element, "text-decoration-line"));
}

/* Properties that an inner element can take back: only texts go whose nearest value hides them. */
function takeOutTexts(page, name, hides, report) {
  const isSet = (element) => styleOf(element, name) !== "";
  const texts = page.createTreeWalker(page.body, NodeFilter.SHOW_TEXT);
  const gone = [];
  while (texts.nextNode()) {
    let owner = texts.currentNode.parentElement;
    while (owner && !isSet(owner)) owner = owner.parentElement;
    if (owner && hides.test(styleOf(owner, name))) gone.push(texts.currentNode);
  }
  for (const text of gone) {
    if (text.data.trim()) report.add("hidden", text.data);
    text.data = text.data.trim() ? "" : " ";
  }
}

/* A picture of one sign, such as an emoji, is that sign. */
function takeOutPictures(page, report) {
  for (const picture of page.body.querySelectorAll(EMBEDDED)) {
    if (!picture.isConnected) continue;
    const words = picture.getAttribute("alt") ?? picture.getAttribute("aria-label") ?? picture.textContent;
    const isSign = picture.tagName === "IMG" && [...words].length <= 2 && /[^\w\s]/.test(words);
    const isTracker = picture.getAttribute("width") === "1" || picture.getAttribute("height") === "1";
    if (!isSign && !isTracker) report.add("picture", words);
    picture.replaceWith(isSign ? words : " ");
  }
}
