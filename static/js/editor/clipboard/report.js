/* What a paste left out or changed, counted and quoted, and the sentences that say so. */

const SECTIONS = { left: "Left out", changed: "Changed", check: "Please check" };

/* Kind: [section, one, several]. */
const KINDS = {
  struck: ["left", "struck-out passage", "struck-out passages"],
  hidden: ["left", "hidden passage", "hidden passages"],
  comment: ["left", "comment", "comments"],
  picture: ["left", "picture: add it with the Picture button", "pictures: add each with the Picture button"],
  contents: ["left", "table of contents", "tables of contents"],
  link: ["left", "link that no page may hold, its text kept", "links that no page may hold, their text kept"],
  unwrapped: ["changed", "link, taken out of a mail filter or redirect", "links, taken out of mail filters or redirects"],
  secure: ["changed", "link, now with https", "links, now with https"],
  raised: ["changed", "raised or lowered number", "raised or lowered numbers"],
  symbol: ["changed", "character of a symbol font", "characters of symbol fonts"],
  merged: ["changed", "merged cell, repeated in each place it covered", "merged cells, repeated in each place they covered"],
  nested: ["changed", "table inside a cell, now in one line", "tables inside cells, now in one line"],
  source: ["changed", "footnote, now a source: complete it after “Read:”", "footnotes, now sources: complete each after “Read:”"],
  divided: ["check", "word divided at the end of a line", "words divided at the ends of lines"],
  headless: ["check", "table whose first row is now its heading row", "tables whose first row is now the heading row"],
  nameless: ["check", "table without a heading row: write its headings", "tables without a heading row: write their headings"],
  wrapped: ["check", "link that leads through a mail filter, kept as it is", "links that lead through a mail filter, kept as they are"],
};
const MAX_QUOTED = 3;
const MAX_LENGTH = 60;

export class Report {
  /* {kind: [words, …]} of everything that was noted. */
  entries = {};

  add(kind, words = "") {
    (this.entries[kind] ??= []).push(words.replace(/\s+/g, " ").trim());
  }

  /* “Left out: 2 comments (“…”, “…”). Changed: 1 link (“…”).”, or nothing. */
  sentences() {
    return Object.entries(SECTIONS).map(([section, title]) => {
      const parts = Object.entries(KINDS).filter(([kind, [of]]) => of === section && this.entries[kind])
        .map(([kind, [, one, several]]) => counted(this.entries[kind], one, several));
      return parts.length ? `${title}: ${parts.join("; ")}.` : "";
    }).filter(Boolean).join(" ");
  }
}

function counted(all, one, several) {
  const quoted = all.filter(Boolean).slice(0, MAX_QUOTED).map((words) => `“${shortened(words)}”`);
  const more = quoted.length && all.length > quoted.length ? ", …" : "";
  return `${all.length} ${all.length === 1 ? one : several}${quoted.length ? ` (${quoted.join(", ")}${more})` : ""}`;
}

const shortened = (words) => (words.length > MAX_LENGTH ? `${words.slice(0, MAX_LENGTH).trimEnd()}…` : words);
