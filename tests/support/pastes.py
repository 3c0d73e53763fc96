"""Random clipboards of which it is known what a reader sees, and what a rendered page shows: both as the same kind of tokens.

A number that is raised is "^5", one that is lowered "_2", so that neither can pass for a part of another number.
"""

import re
from html import escape
from html.parser import HTMLParser

_WORDS = (
    "rest",
    "walk",
    "do",
    "not",
    "no",
    "never",
    "cannot",
    "without",
    "tablet",
    "mg",
    "if",
    "unless",
    "numb",
    "SI-joint",
)
_NUMBERS = ("1", "5", "10", "75", "0.5", "2,000", "111", "999", "9:30", "50%", "-5")
_SIGNS = ("2*3", "4*5", "_x_", "#1", "a|b", "<5", "`q`", "~7~", "(steroid)", "999!", "1.", "2)", "-", "+", "&amp;")
_SIGNS += ("c:\\d", "£5", "“no”", "=", "**")
_TOKEN = re.compile(r"\^?\w+|[^\w\s]")
_END = "\0"  # after a lowered number: a digit that follows belongs to another one
_IGNORED = set("•;,.:")  # what is put between the parts of a cell, and what ends a sentence
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_FRACTIONS = {"½": "1/2", "⅓": "1/3", "¼": "1/4", "¾": "3/4"}


def tokens(text):
    """The words, numbers and signs of a text, raised numbers marked."""
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹]+", lambda found: f" ^{found[0].translate(_RAISED)} ", text)
    text = re.sub("[₀-₉]+", lambda found: f"{found[0].translate(_LOWERED)}{_END}", text)
    text = re.sub(rf"{_END}(?=\d)", " ", text).replace(_END, "")
    for sign, written in _FRACTIONS.items():
        text = text.replace(sign, f" {written} ")
    return [token for token in _TOKEN.findall(text) if token not in _IGNORED]


class Clipboard:
    """One random clipboard: its `html`, the tokens that a reader sees (`shown`), and how much is left out of it."""

    def __init__(self, rng):
        self.rng = rng
        self.left_out = {"struck": 0, "hidden": 0}
        parts = [
            rng.choice((self.paragraph, self.paragraph, self.list, self.table))() for _ in range(rng.randint(1, 3))
        ]
        self.html = "".join(html for html, _ in parts)
        self.shown = [token for _, shown in parts for token in shown]

    def paragraph(self):
        html, text = self.inline(self.rng.randint(1, 7))
        tag = self.rng.choice(("p", "div", "h2", "p class=MsoNormal"))
        return f"<{tag}>{html}</{tag.split()[0]}>", tokens(text)

    def inline(self, length):
        """(html, what is shown) of so many pieces, some without a blank between them."""
        html = text = ""
        for _ in range(length):
            gap = self.rng.choice((" ", " ", "&nbsp;", ""))
            piece, shown = self.piece()
            html, text = html + gap + piece, text + (" " if gap else "") + shown
        return html, text

    def piece(self):
        rng = self.rng
        word = rng.choice(rng.choice((_WORDS, _WORDS, _NUMBERS, _SIGNS)))
        plain = word.replace("&amp;", "&")
        written = escape(plain, quote=False)
        number = rng.choice("123456789")
        choice = rng.randrange(12)
        if choice < 4:
            return written, plain
        if choice < 6:
            tag = rng.choice(("b", "strong", "i", "u", "span style='font-weight:700'", "b style='font-weight:normal'"))
            return f"<{tag}>{written}</{tag.split()[0]}>", plain
        if choice == 6:
            raised = rng.choice(("<sup>{}</sup>", "<span style='vertical-align:super'>{}</span>"))
            return f"10{raised.format(number)}", f"10 ^{number} "
        if choice == 7:
            over, under = rng.choice((("1", "2"), ("3", "4"), ("1", "3")))
            return f"{number}<sup>{over}</sup>/<sub>{under}</sub>", f"{number} {over}/{under} "
        if choice == 8:
            self.left_out["struck"] += 1
            struck = rng.choice(("<s>{}</s>", "<del>{}</del>", "<span style='text-decoration:line-through'>{}</span>"))
            return f" {struck.format(written)} ", " "
        if choice == 9:
            self.left_out["hidden"] += 1
            hidden = rng.choice(
                ("<span style='display:none'>{}</span>", "<i hidden>{}</i>", "<span style='font-size:0'>{}</span>")
            )
            return f" {hidden.format(written)} ", " "
        if choice == 10:
            return f"<a href='https://example.org/{number}'>{written}</a>", plain
        return "CO<sub>2</sub>", f"CO2{_END}"

    def list(self, depth=0):
        kind, first = self.rng.choice(("ul", "ol", "ol")), self.rng.choice((1, 1, 3))
        number, html, shown = first, "", []
        for _ in range(self.rng.randint(1, 4)):
            value = ""
            if kind == "ol" and self.rng.random() < 0.2:
                number += self.rng.randint(1, 5)
                value = f" value={number}"
            words, text = self.inline(self.rng.randint(1, 4))
            inner = self.list(depth + 1) if depth < 2 and self.rng.random() < 0.25 else ("", [])
            html += f"<li{value}>{self.rng.choice(('{}', '<p>{}</p>')).format(f'go {words}')}{inner[0]}</li>"
            shown += [f"{number})"] * (kind == "ol") + tokens(f"go {text}") + inner[1]
            number += 1
        return f"<{kind} start={first}>{html}</{kind}>", shown

    def table(self):
        columns, rows = self.rng.randint(2, 4), self.rng.randint(2, 4)
        grid = [[None] * columns for _ in range(rows + 1)]
        html = ""
        for top in range(rows + 1):
            html += "<tr>"
            for left in range(columns):
                if grid[top][left] is not None:
                    continue
                wide = high = 1
                if top and self.rng.random() < 0.3:
                    wide = self.rng.randint(1, 2) if left + 1 < columns and grid[top][left + 1] is None else 1
                    high = min(self.rng.randint(1, 2), rows + 1 - top)
                words, text = self.inline(self.rng.randint(1, 3))
                cell = tokens(f"c{top}{left} {text}")
                for down in range(high):
                    for right in range(wide):
                        grid[top + down][left + right] = cell
                tag = "td" if top else "th"
                html += f"<{tag} rowspan={high} colspan={wide}>c{top}{left} {words}</{tag}>"
            html += "</tr>"
        begun = [row for above, row in zip([None, *grid], grid, strict=False) if row != above]  # others have no height
        shown = [token for row in begun for cell in row for token in ["|", *cell]]
        return f"<table>{html}</table>", shown


class Shown(HTMLParser):
    """The tokens of a rendered page: the number of an item is "3)", each cell begins with "|"."""

    def __init__(self, html):
        super().__init__()
        self.tokens, self.text, self.lists = [], "", []
        self.feed(html)
        self.finish()

    def finish(self):
        self.tokens += tokens(self.text)
        self.text = ""

    def handle_starttag(self, tag, attrs):
        if tag not in ("a", "strong", "em", "code", "span"):
            self.finish()
        if tag in ("ol", "ul"):
            self.lists.append(int(dict(attrs).get("start", 1)) if tag == "ol" else None)
        elif tag == "li" and self.lists[-1] is not None:
            self.tokens.append(f"{self.lists[-1]})")
            self.lists[-1] += 1
        elif tag in ("td", "th"):
            self.tokens.append("|")

    def handle_endtag(self, tag):
        if tag not in ("a", "strong", "em", "code", "span"):
            self.finish()
        if tag in ("ol", "ul"):
            self.lists.pop()

    def handle_data(self, data):
        self.text += data
