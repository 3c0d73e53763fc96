"""Sources: what claims something has one, each is complete and says how it was read, and each is used."""

import re
from dataclasses import dataclass

from siweb.articles.rendering import syntax

from .messages import about, blocks, body, sentences

# What claims something and so needs a source: how many people, how much of a medicine, how long something lasts.
NUMBER = r"\d[\d,]{0,11}"
CLAIM = re.compile(
    rf"\b{NUMBER} in (?:every )?\d+(?:,\d+)*"
    rf"|(?<!step )(?<!part )(?<!page )\b{NUMBER} (?:out )?of (?:the |every |these )?\d+(?:,\d+)*"
    r"|\b\d[\d,.]{0,11} ?%|\b\d[\d,.]{0,9} ?(?:mg|milligrams?|mcg|micrograms?|ml|millilitres?|msv|millisieverts?)\b",
    re.IGNORECASE,
)
_TIME = r"\d+(?: (?:to|or) \d+)? (?:minutes?|hours?|days?|weeks?|months?|years?)\b"
_LASTS = re.compile(
    r"\b(?:lasts|takes|fades|settles|starts|begins|wears off|(?:is|are) gone"
    r"|(?:can|may|often|mostly|usually) (?:last|take|start|begin|fade|settle))"
    rf" (?:for )?(?:about |around |up to |over |only |at least |within |in |after )*{_TIME}",
    re.IGNORECASE,
)
# "The pain may be worse for up to 3 days" claims something; "call us if the pain goes on for 3 days" asks for something.
_FELT = re.compile(
    r"\b(?:pain|soreness|relief|numbness|flare|flushing|bruising|swelling|effect|benefit|steroid|infection)\b"
    rf"[^.?!]{{1,60}}?\b(?:for(?: up to| about| around)?|within|after(?: about)?|in(?: about)?) {_TIME}",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"\b(?:if|until|unless|call|tell|ask|check|come|keep|stay|wait|leave|do not|don’t|should|must|score|write)\b",
    re.IGNORECASE,
)

_IN_LISTS = ("list_item_", "dd_", "td_", "th_")

# What the end of an entry may say. Another's report is named.
_READ = re.compile(r"\bRead: (full text|abstract|part of the page|as reported by \S.{0,200}?)\.?\s*$")
_YEAR = re.compile(r"\b(?:(?:19|20)\d\d|undated)\b", re.IGNORECASE)
_ENDS = re.compile(r"[.?!](?:\s|$)")
_ENTRY = re.compile(r" {0,3}\[\^([^\]\s]+)\]:")

_REPORTED = "as reported by"
_COUNTED = re.compile(r"(?<!\d)(?!(?:19|20)\d\d\b)\d")
_HELPS_OR_HARMS = re.compile(
    r"\b(?:relief|reliev\w{1,4}|eased|benefit\w{0,4}|help(?:s|ed)|improve\w{0,5}|better|worse|harm\w{0,4}|side effects?"
    r"|complications?|risks?)\b",
    re.IGNORECASE,
)
# No text can hold these two: around the name of a source in the words of a block.
_OPEN, _CLOSE = "\x02", "\x03"
_CITED = re.compile(f"{_OPEN}([^{_CLOSE}]*){_CLOSE}")


@dataclass(frozen=True)
class Source:
    """One source that a text cites, as its entry says it."""

    label: str
    number: int
    lines: tuple
    words: str
    address: str
    has_journal: bool
    how_read: str  # such as "abstract", or "" where nothing is said
    parts: int  # author, title …: sentences before the journal, the year and the address

    @property
    def told(self):
        """What it is, without how it was read."""
        return self.words.partition("Read:")[0].strip()

    @property
    def lacks(self):
        """What a reader cannot learn from the entry, in words."""
        missing = {
            "who wrote or published it, and its title": self.parts >= 2,
            'its year, or the word "undated"': _YEAR.search(self.told),
            "its address, as a link with https": self.address.startswith("https://")
            or self.has_journal
            and not self.address,
            "how it was read": self.how_read,
        }
        return [what for what, is_told in missing.items() if not is_told]


def sources(document):
    """The Sources that a text cites, by number."""
    name, lines, said = None, (0, 0), []
    for token in document.tokens:
        if token.type == "footnote_open":
            name, said = token.meta, []
        elif token.type == "footnote_close":
            yield _source(name["label"], name["id"] + 1, lines, said)
            name = None
        elif token.type == "inline" and name:
            lines = lines if said else tuple(token.map)
            said.append(token)


def _source(label, number, lines, said):
    words = " ".join(map(syntax.plain, said))
    children = [child for token in said for child in token.children]
    read = _READ.search(words)
    return Source(
        label=label,
        number=number,
        lines=lines,
        words=words,
        address=next((child.attrGet("href") for child in children if child.type == "link_open"), ""),
        has_journal=any(child.type == "em_open" for child in children),
        how_read=read[1] if read else "",
        parts=_parts(children),
    )


def _parts(children):
    """How many sentences stand before the address: the journal and the year, which stand last, are none."""
    told, in_journal = "", False
    for child in children:
        if child.type == "link_open":
            break
        if child.type in ("em_open", "em_close"):
            in_journal = child.type == "em_open" and bool(told.strip())
        elif child.type == "text" and not in_journal:
            told += child.content
    told = _YEAR.sub("", told.partition("Read:")[0])
    return sum(bool(re.search(r"[^\W\d_]{2}", part)) for part in _ENDS.split(told))


def advice(document):
    """What has no source, and what a source does not say."""
    sourced = set(sourced_tokens(document))
    for token, words in blocks(document):
        if token.type == "inline" and id(token) not in sourced and (claim := _claim_in(document, words)):
            yield about(document, token.map, "no-source", claim)
    found = list(sources(document))
    for source in found:
        if source.words and (lacks := source.lacks):  # an empty one is an error of its own
            yield about(document, source.lines, "source-lacks", source.label, lacks="; ".join(lacks))
    yield from _reported(document, {source.label for source in found if source.how_read.startswith(_REPORTED)})
    yield from _unused(document)


def _claim_in(document, words):
    """The words that claim something; how long things last at a clinic is its own to say."""
    if claim := CLAIM.search(words):
        return claim[0]
    if document.text.kind not in ("step", "topic"):
        return ""
    return next(filter(None, map(_how_long, sentences(words))), "")


def _how_long(sentence):
    """The words of a sentence that say how long something lasts; a question says nothing."""
    if sentence.endswith("?"):
        return ""
    claim = _LASTS.search(sentence) or not _ASKS.search(sentence) and _FELT.search(sentence)
    return claim[0] if claim else ""


def sourced_tokens(document):
    """The ids of the inline tokens whose numbers have a source: a mark of their own, or, for a list item or a cell, one
    anywhere in its list, table or box, or in the paragraph right before that. A sheet is no box: it is a part of the text.
    """
    block, introduced, sheet = [], False, 0
    for token in body(document):
        if token.type == "container_card_open" and syntax.card_of(token)[0] in syntax.SHEETS:
            sheet = 1
            continue
        if token.type == "container_card_close" and token.level < sheet:
            sheet = 0
            continue
        block.append(token)
        if token.level > sheet or token.nesting > 0:
            continue
        marked = [t for t in block if any(child.type == "footnote_ref" for child in t.children or [])]
        yield from map(id, marked)
        depth = 0
        for part in block if marked or introduced else ():
            depth += part.nesting if part.type.startswith(_IN_LISTS) else 0
            if depth:
                yield id(part)
        block, introduced = [], bool(marked) and block[0].type == "paragraph_open"


def _reported(document, reported):
    """Sentences that claim something which nobody here has read where it was written, and do not say so."""
    for token in body(document) if reported else ():
        if token.type != "inline":
            continue
        for sentence in sentences(_with_labels(token)):
            labels, words = set(_CITED.findall(sentence)), _CITED.sub("", sentence)
            claims = _COUNTED.search(words) or _HELPS_OR_HARMS.search(words)
            if labels and labels <= reported and claims and _REPORTED not in words.lower():
                yield about(document, token.map, "as-reported", words[:60].strip(), label=min(labels))


def _with_labels(token):
    said = []
    for child in token.children:
        cites = child.type == "footnote_ref"
        said.append(f"{_OPEN}{child.meta['label']}{_CLOSE}" if cites else syntax.plain(token.copy(children=[child])))
    return "".join(said)


def _unused(document):
    entries = {entry[1]: number for number, line in enumerate(document.lines) if (entry := _ENTRY.match(line))}
    for label, number in document.env.get("footnotes", {}).get("refs", {}).items():
        if number == -1:
            line = entries.get(label[1:], 0)
            yield about(document, (line, line), "unused-source", label[1:])
