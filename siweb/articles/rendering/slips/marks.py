"""Marks that the parser has left in the text: readers would see them."""

import re
from collections import Counter

from .slip import Slip
from .words import ESCAPED, OPAQUE

MAX_NAMED = 3  # of one kind in one line

_WORD = rf"[\w{OPAQUE}]"
_TAGS = (
    "a|abbr|address|article|aside|b|big|blockquote|body|br|button|caption|center|cite|code|col|dd|del|details|div|dl|dt|em|"
    "figure|font|footer|form|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|li|link|main|mark|meta|nav|o:p|ol|"
    "option|p|pre|q|s|script|section|select|small|span|strike|strong|style|sub|summary|sup|svg|table|tbody|td|tfoot|th|"
    "thead|title|tr|tt|u|ul|video|w:[a-z]+"
)


def _plain(what):
    return f"{what} Readers would see it: take it out, or put a backslash before it if it should be shown."


# (what is left, what the author is told, whether it is an error). The first that matches a place is the one that is reported.
# These are wrong wherever readers would see them;
_ANYWHERE = (
    (
        r"<!--?(?:[^<]{0,300}?-->)?|<!\[CDATA\[|\]\]>|%%|\{#\s|\s#\}|\{%|%\}|<%|%>",
        "A comment would be shown to readers. Take it out.",
        True,
    ),
    (r"(?<!\S)(?:-{2,}|={2,})>(?=\s+(?-i:[A-Z\d]))", "An arrow is shown as it is typed. Write →, or “then”.", False),
    (r"-->", "A comment would be shown to readers. Take it out.", True),
    (r"\bmailto:", "“mailto:” would be shown to readers. Write <name@example.org>.", False),
    (r"\bfile:///\S{0,200}", "This file is on one computer, and no reader can open it. Take its address out.", False),
    (r"\bhttps?://(?!\S)", "This address is not complete. Write [words](https://address).", False),
    (
        r"(?<![\w:]):[a-z][a-z0-9_+-]{1,30}:(?![\w:])",
        "A name of a picture sign would be shown as it is. Type the sign, or take it out.",
        False,
    ),
    (
        r"[ÃÂ][\u0080-\u00bf]|â€|â‰|ï»¿",
        "These signs are what is left of another one, from a file that was read wrongly. Type the word again.",
        True,
    ),
    (
        r"(?<=[A-Za-z])\?(?=[a-z])",
        "A question mark is inside a word: a sign was lost before it. Type the word again.",
        False,
    ),
    (
        r"%20|(?:=[0-9A-F]{2}){2,}",
        "This is how an address or an e-mail writes a sign. Type the sign itself.",
        False,
    ),
    (r"【[^【】\n]{0,60}】|:contentReference", "A mark of a chat program is left in the text. Take it out.", False),
    (
        r"(?<!\S)(?-i:@[A-Z][a-z]+)",
        "This looks like a note to a colleague, and readers would see it. Take it out.",
        False,
    ),
    (
        r"'{2,}|\${2,}|(?<![:/\w.])//(?![/\w.]*\.)",
        "These marks belong to another way of writing, and readers would see them. Take them out.",
        False,
    ),
    (
        r"(?<=\s)[•●▪■◦‣▸►➢](?=\s)|(?<=: )[-*](?= [A-Za-z][^\n]{1,80} [-*] [A-Za-z])"
        r"|(?<=[a-z]{2} )\*(?= [a-z]{2}[^*\n]{0,80} \* [a-z]{2})",
        "A bullet is in the middle of a line. Begin a line for each point, with a dash and a blank.",
        False,
    ),
    (r"(?<=\S)\t+(?=\S)", "A tab is shown as one blank, and columns are lost. Make a table.", False),
    (r"(?<=\S)[ \u00a0]{3,}(?=\S)", "Several blanks are shown as one, and columns are lost. Make a table.", False),
)
# and these are Markdown, or taken for it.
_MARKDOWN = (
    (
        rf"</?(?:{_TAGS})(?:\s[^<>\n]{{0,200}})?/?>",
        "HTML is not used here, and readers would see it. Write **bold**, *italic* or a list instead.",
        False,
    ),
    (r"<[!?]?/?[A-Za-z][^<>\n]{0,80}>", _plain("This looks like HTML."), False),
    (
        r"&(?:[A-Za-z][A-Za-z0-9]{1,30}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});",
        _plain("This code for a character is unknown."),
        False,
    ),
    (
        r"(?<!&)&(?:nbsp|lt|gt|amp|quot|apos|copy|reg|trade|deg|ord[fm]|pound|euro|cent|sect|middot|bull|hellip|"
        r"[nm]dash|[lr][sd]quo|[lr]aquo|frac(?:12|14|34)|sup[123]|micro|mu|alpha|beta|times|divide|plusmn|minus|ge|le|ne|shy|"
        r"[lru]arr)(?![A-Za-z;])",
        _plain("This code for a character has no semicolon."),
        False,
    ),
    (
        r"\[[^\[\]\n]{0,200}\]\(|\]\(",
        "A link is not understood. Write [words](slug): no blanks in the address, and only words in the brackets.",
        True,
    ),
    (r"\[[^\[\]\n]{0,200}\]\[|\]\[", "A reference is not understood. Write [words](slug).", True),
    (
        r"\[\[[^\[\]\n]{0,80}\]{0,2}",
        "A quote is not understood. Write [[rule:key]] or [[clinic:key]], the key in small letters.",
        True,
    ),
    (
        r"\[\^[^\]\s]{1,60}\]",
        'Source "{0}" is not listed. Add a line at the end: [^{0}]: Author. Title. *Journal*, year.',
        True,
    ),
    (r"\[\^", "A source mark is not understood. Write [^name], a short name without blanks.", True),
    (r"\[(?:clinic|rule|signs):[^\]\n]{0,60}\]", "A quote needs two brackets on each side: [[clinic:phone]].", False),
    (
        r"\(([^()\n]{1,80})\)\[([^\]\n]{1,200})\]",
        "The brackets of this link are in the wrong order. Write [words](address).",
        False,
    ),
    (
        r"(?<!\[)\[(?!sic\]|\.\.\.\]|…\])[^\[\]\n]{0,200}\](?!\])|\[(?!sic\]|\.\.\.\]|…\])|(?<!\[sic)(?<!\[…)(?<!\[\.\.\.)\]",
        "Square brackets are left in the text. Write [words](address) for a link, or round brackets.",
        False,
    ),
    (
        r"\*{2,}|(?<!\s)\*|\*(?!\s|$)",
        "A star is left in the text. Bold is **words** with no blank inside the stars, and a blank or a "
        "punctuation mark outside.",
        False,
    ),
    (r"={2,}", "Two = signs do not highlight here. Write **words** for bold.", False),
    (r"~", "A ~ would be shown to readers. Write “about”; struck-out text cannot be shown.", False),
    (r"\^", "A ^ would be shown to readers. Write raised digits as ² or ³, and a source as [^name].", False),
    (r"`+|´", "A backtick is left in the text. Use quotation marks.", False),
    (r"\\", "A backslash would be shown to readers. Take it out.", False),
    (r"(?<!_)_{1,2}(?!_)", "An underscore is left in the text. Italic is *words*.", False),
    (r"\{[^{}\n]{0,80}\}|[{}]", _plain("These braces have no meaning here."), False),
    (r"(?<=[^:\n]):{3,}(?!:)", "Colons begin or end a box only on a line of their own. Take them out.", False),
    (r"!\([a-z0-9-]{1,60}\)", "A picture is not understood. Write ![What it shows](name).", False),
    (r"(?<!#)#{2,}(?!#)", "Heading marks are left in the text. Begin the line with ## and a blank.", False),
)
_TABLE = _ANYWHERE + _MARKDOWN
_ANY = re.compile("|".join(f"(?P<k{number}>{pattern})" for number, (pattern, *_) in enumerate(_TABLE)), re.IGNORECASE)
_IN_PLAIN = "Marks have no meaning here: readers would see “{}”. Take it out."
_BAR = re.compile(r"\|")
_SUSPECT = re.compile(
    r"(?i:www\.)|[][*=~^`´\\_{}<>\t|【ÃÂâï]|!\(|%20|(?<!\S)@|[Tt]b[cd]|rror!|\?[a-z]"
    r"|''|\${2}|//|##|&[A-Za-z#]|:[a-z]|%[%}>]|<%|[ \u00a0]{3}|TODO|FIXME|TB[CD]"
    r"|XX|xx|\?\?|orem|nsert |[•●▪■◦‣▸►➢]|onfirmed|o do:|:::|->|: -|/(?!\S)|mailto:|file:|TBA|\(\?|[:£$€] ?\?"
    r"|(?:X|\.{3}|…|\?) ?[mμµu]?[gcl]"
)

PLACEHOLDER = re.compile(
    r"\b(?:TODO|FIXME|TB[ACD]|[Tt]b[cd]|XX+|xxx+)\b|\?{3,}|(?<!\S)\?\?(?=[\s.,;:)]|$)|Error! (?:Reference|Bookmark|Hyperlink)"
    r"|\b[Xx]{1,2}(?=mc?g\b)|(?:\b[Xx]{1,2} |(?:\.{3}|…|(?<!\S)\?) ?)(?=(?:m?g|mcg|m?l|[µμu]g)\b)|\(\?\)|[£$€]\?+|: ?\?$"
    r"|\b(?i:insert (?:name|date|here|text|link|number|dose"
    r"|time)\b|lorem ipsum|to do:)|(?<!has )(?<!have )(?<!had )(?<!needs )(?<!need )(?<!is )(?<!are )\b(?i:to be confirmed)\b",
    re.MULTILINE,
)
_ADDRESS = re.compile(r"(?i:https?://|www\.)[^\s<>\[\]|*]{0,300}[^\s<>\[\]|*.,;:!?)”’\"']")
_MAIL_OR_PATH = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]{1,100}|(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}/\S*"
)


def in_words(words, line, in_cell=False, in_source=False, begun=frozenset()):
    """The Slips in the shown text of an inline token, which begins on a line of the body.

    `begun` has the lines whose beginning is reported already.
    """
    shown = words.shown
    if not _SUSPECT.search(shown):
        return
    yield from _left(words, line, in_cell, begun)
    for found in PLACEHOLDER.finditer(shown):
        message = f"“{found[0]}” marks a place that is not finished. Write what belongs there."
        yield Slip(line + words.line_at(found.start()), message, found[0], is_error=True)
    if not in_source and ("://" in shown or "www." in shown.lower()):
        yield from _bare_addresses(words, line)


def in_text(text):
    """(words, message, whether it is an error) of the marks in a text without Markdown, such as a title."""
    if not _SUSPECT.search(text):
        return
    for found in _ANY.finditer(_without_addresses(text)):
        message, is_error = _about(found)
        is_markdown = int(found.lastgroup[1:]) >= len(_ANYWHERE)
        yield found[0], _IN_PLAIN.format(found[0]) if is_markdown else message, is_error
    if placeholder := PLACEHOLDER.search(text):
        yield placeholder[0], f"“{placeholder[0]}” marks a place that is not finished. Write what belongs there.", True


def _about(found):
    """(message, whether it is an error) for a match of _ANY."""
    _, message, is_error = _TABLE[int(found.lastgroup[1:])]
    return message.format(found[0][2:-1]) if "{0}" in message else message, is_error


def _left(words, line, in_cell, begun):
    text, named = _without_addresses(words.shown), Counter()
    for found in _ANY.finditer(text):
        message, is_error = _about(found)
        at = line + words.line_at(found.start())
        named[at, message] += 1
        is_begun = at in begun and found.start() - text.rfind("\n", 0, found.start()) <= 2
        if named[at, message] <= MAX_NAMED and not is_begun and not _is_line_to_write(found, text):
            yield Slip(at, message, _clear(found[0]), is_error=is_error)
    if not in_cell and (found := _BAR.search(text)):
        message = "A bar is left in the text. A table needs its line of |---|---| and as many cells in each row."
        yield Slip(line + words.line_at(found.start()), message, "|")


def _is_line_to_write(found, text):
    return found[0].strip("_") == "" and not text.replace("_", "").strip()


def _without_addresses(text):
    """The text with blanks in the place of addresses, which may hold any mark."""
    if "@" in text or "/" in text or "www." in text:
        text = _ADDRESS.sub(lambda found: "a" * len(found[0]), text)
        text = _MAIL_OR_PATH.sub(lambda found: "a" * len(found[0]), text)
    return text


def _bare_addresses(words, line):
    links = [(span.start, span.end) for span in words.spans if span.token.type == "link_open"]
    for found in _ADDRESS.finditer(words.shown):
        if not any(start <= found.start() < end for start, end in links):
            message = "This address is no link. Write [words](https://address)."
            yield Slip(line + words.line_at(found.start()), message, found[0])


def _clear(passage):
    return passage.replace(ESCAPED, "").replace(OPAQUE, "")
