/* What more than one page does with itself. */

/* Ask before the page is left, whenever `isUnsent()` is true. */
export function askBeforeLeaving(isUnsent) {
  addEventListener("beforeunload", (event) => {
    if (isUnsent()) event.preventDefault();
  });
}

/* Open the links of a document in new tabs, except those to its own parts. */
export function openLinksInNewTabs(page) {
  for (const link of page.querySelectorAll("a[href]:not([href^='#'])")) {
    link.target = "_blank";
    link.rel = "noopener";
  }
}
