"""Fixes for marks that are left in the text: a line that is written again and has the slip no more."""

import re
from dataclasses import replace
from functools import cache

from . import starts

MAX_FIXES, MAX_LINE = 20, 1_000  # of one text, and the characters of a line: each fix is tried out

_SUPER, _SUB = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹"), str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_END = r"(?=[.,;:!?)]*(?:\s|$))"
_LEADS = r"^([\s>]*)"

# Words that are whole inside another one: "do**not**drive". "un**safe**" is one word, and no blank may go into it.
_WHOLE = "(?i:not|no|never|only|must|do|and|or|all|any|both|before|after|always|if|unless|without|stop|call|ask|[a-z])"

# In this order: what to look for in a line, and what to write instead.
_MARKS = (
    (r"(?<=[A-Za-z])[`´](?=[a-z])", "’"),
    (r"<!--.*?-->[ \t]*", ""),
    (r"^(?![\s>#:+-])([^|\n]*?)[ \t]*<br\s*/?>[ \t]*(?=[^\s|])(?=[^|\n]*$)", "\\1\\\\\n"),
    (r"<br\s*/?>[ \t]*$", ""),
    (r"<(b|strong)>[ \t]*(\S(?:[^<>\n]*[^<>\s])?)[ \t]*</\1>", r"**\2**"),
    (r"<(i|em)>[ \t]*(\S(?:[^<>\n]*[^<>\s])?)[ \t]*</\1>", r"*\2*"),
    (r"(?<=\w)<sup>(\d+)</sup>", lambda found: found[1].translate(_SUPER)),
    (r"(?<=\w)<sub>(\d+)</sub>", lambda found: found[1].translate(_SUB)),
    (r"\[b\][ \t]*(\S(?:[^\[\]\n]*[^\[\]\s])?)[ \t]*\[/b\]", r"**\1**"),
    (r"\[i\][ \t]*(\S(?:[^\[\]\n]*[^\[\]\s])?)[ \t]*\[/i\]", r"*\1*"),
    (r"(?<![=|])==(?!=)[ \t]*([^=|\n]+?)[ \t]*==(?![=|]|$)", r"**\1**"),
    (r"\*\*([.,;:!?]+)\*\*", r"\1"),
    (r"(?<=\w)~(\d+)~", lambda found: found[1].translate(_SUB)),
    (r"(?<=\w)\^(\d+)\^?", lambda found: found[1].translate(_SUPER)),
    (r"(?:(?<=\d)([ \t]?))?~[ \t]?(?=\d)", lambda found: "about " if found[1] is None else " to "),
    (r"(?<!\S)[-=]{2,}>(?=\s)", "→"),
    (r"<?mailto:([\w.+-]+@[\w.-]+\w)>?", r"<\1>"),
    (
        r"\[[ \t]*\[?[ \t]*(clinic|rule|signs)[ \t]*:[ \t]*([A-Za-z0-9_:-]+)[ \t]*\]?[ \t]*\]",
        lambda found: f"[[{found[1]}:{found[2].lower()}]]",
    ),
    (r"(?<!\!)\(([^()\[\]\n]+)\)\[(https://[^\s\[\]]+|[a-z0-9-]+)\]", r"[\1](\2)"),
    (r"(?<!!)\[([^\[\]\n]+)\][ \t]+\((https://[^\s()]+)\)", r"[\1](\2)"),
    (r"!\[([^\[\]\n]+)\][ \t]+\(([a-z0-9-]+)\)", r"![\1](\2)"),
    (
        r"\[([^\[\]\n]+)\][ \t]*\([ \t]*tel:[ \t]*([\d \t+-]+?)[ \t]*\)",
        lambda found: f"[{found[1]}](tel:{''.join(found[2].split())})",
    ),
    (
        rf"([^\W\d_]?)\*\*[ \t]*(?=[^\w*]|\w+[^\w*\n][^*\n]*\*\*|(?:{_WHOLE})\b)"
        r"([^*\n\d][^*\n]*?|[^*\n\d])[ \t]*\*\*(?=([^\W\d_]?))",
        lambda found: f"{found[1]}{' ' * bool(found[1])}**{found[2]}**{' ' * bool(found[3])}",
    ),
    (r"(?<![\w*])\*\*[ \t]*([^*\n]+?)[ \t]*\*\*(?![\w*])", r"**\1**"),
    (r"(?<!\w)__([A-Z][^_\n]*|[^_\n]+ [^_\n]+)__(?![\w.])", r"**\1**"),
    (rf"(?<![^\s(])(?<!\]\()(www\.[\w.-]{{1,100}}\w(?:/[\w./-]{{0,200}}\w/?)?){_END}", r"[\1](https://\1)"),
    (rf"(?<![^\s(])(?<!\]\()(https://([\w.-]{{1,100}}\w)(?:/[\w./?=&%#-]{{0,200}}[\w/])?){_END}", r"[\2](\1)"),
    (r"(?<!`)`+[ \t]*([^`\n]+?)[ \t]*`+(?!`)", r"“\1”"),
    (r"&nbsp;", "\u00a0"),
    (r"&lt;", r"\\<"),
    (r"&gt;", r"\\>"),
    (r"&amp;", "&"),
    (r"^([#＃]{2,6})[ \t\u00a0]*(?=[^\s#＃])", lambda found: f"{'#' * len(found[1])} "),
    (r"(?<=\d)\*(?=\d)", " × "),
    (r"\\(?=[\"',/;?@$%(])", ""),
    (r"\\(?=\s*$)", ""),
    (r"\\(?=[\[\]()*#])", ""),
    (r"(?<=[^\W\d_])(?=\[\[(?:rule|clinic|signs):)|(?<=\]\])(?=[^\W\d_]{2})", " "),
    (
        r"([^\W\d_]?)(?<!!)(\[[^][^\n]+\]\([^()\s]+\))(?=([^\W\d_]{3})?)",
        lambda found: f"{found[1]}{' ' * bool(found[1])}{found[2]}{' ' * bool(found[3])}",
    ),
)
_STARTS = {
    starts.TO_LIST: (
        (rf"{_LEADS}(?:[{starts.PLAIN_BULLETS}]\ufe0f?|o(?=\s)|[-=]+>)\s*[-–]?\s*(?=[^\s\d])", r"\1- "),
        (rf"{_LEADS}[-–—‐‑−─]\s*(?=[^\W\d_])", r"\1- "),
    ),
    starts.TO_NUMBER: ((rf"{_LEADS}\(?(\d{{1,2}})[.)]+\s*(?=[^\W\d])", r"\1\2. "),),
}


def _compiled(table):
    return tuple((re.compile(pattern), new) for pattern, new in table)


_COMPILED = _compiled(_MARKS)
_COMPILED_STARTS = {message: _compiled(table) for message, table in _STARTS.items()}


def with_fixes(slips, document, messages_of):
    """The same Slips, with a fix for those of the body that have one; `messages_of` returns the messages about a line."""
    tried, messages_of = 0, cache(messages_of)
    for slip in slips:
        line = document.lines[slip.line]
        if slip.fix or slip.field != "body" or tried == MAX_FIXES or len(line) > MAX_LINE:
            yield slip
        else:
            tried += 1
            yield replace(slip, fix=_fix_of(slip, line, messages_of))


def _fix_of(slip, line, messages_of):
    before = None
    for pattern, new in _COMPILED_STARTS.get(slip.message, _COMPILED):
        rewritten = pattern.sub(new, line)
        if rewritten == line:
            continue
        before = messages_of(line) if before is None else before
        after = messages_of(rewritten)
        if slip.message in before and slip.message not in after and after <= before:
            return line, rewritten
    return ()
