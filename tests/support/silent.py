"""Whether a page shows what was written: an independent count of letters, digits and signs, with no help of the checks."""

import re
from collections import Counter
from html.parser import HTMLParser

VOID = {"br", "hr", "img"}


class _Seen(HTMLParser):
    """What a reader sees of a page: its text, with the marks that the browser draws."""

    def __init__(self, markup):
        super().__init__()
        self.text, self.stars, self.lists, self.kinds = [], 0, [], set()
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.kinds.add(tag)
        attrs = dict(attrs)
        if tag in ("em", "strong"):
            self.stars += 2 if tag == "em" else 4
        elif tag in ("ul", "ol"):
            self.lists.append(int(attrs.get("start", 1)) if tag == "ol" else 0)
        elif tag == "li" and self.lists[-1]:
            self.text.append(f" {self.lists[-1]}. ")
            self.lists[-1] += 1
        elif tag == "li":
            self.text.append(" - ")
        elif re.fullmatch("h[2-6]", tag):
            self.text.append(f" {'#' * int(tag[1])} ")
        elif tag == "blockquote":
            self.text.append(" > ")

    def handle_endtag(self, tag):
        if tag in ("ul", "ol"):
            self.lists.pop()

    def handle_data(self, data):
        self.text.append(data)


def lost_signs(body, markup):
    """The signs and numbers of a body that its page does not show, or shows too often; marks that did their work are none.

    For bodies without links, sources, quotes, pictures and boxes.
    """
    seen = _Seen(markup)
    written = re.sub(r"^([\s>]*)\*(?=\s)", r"\1-", body, flags=re.MULTILINE)  # either mark makes a point
    written = re.sub(r"\\(?=[^\w\s]|_|\n)", "", written)  # shows the mark after it, or ends the line
    before, after = Counter("".join(written.split())), Counter("".join("".join(seen.text).split()))
    lost = (before - after) + (after - before)
    if lost["*"] + lost["_"] == seen.stars:
        del lost["*"], lost["_"]
    if "blockquote" in seen.kinds:
        lost[">"] = len(re.findall(r"^\s*>[\s>]*\d", body, re.MULTILINE))  # "more than 5" is no quotation
    if "table" in seen.kinds:
        del lost["|"], lost["-"], lost[":"]
    numbers = Counter(re.findall(r"\d+", written)), Counter(re.findall(r"\d+", "".join(seen.text)))
    return +lost + (numbers[0] - numbers[1]) + (numbers[1] - numbers[0])
