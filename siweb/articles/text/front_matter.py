"""The file format: one text is front matter (YAML between two lines of ---) and a Markdown body.

A text has one canonical form, and texts are compared by the digest of that form: a browser's line
endings or a reordered front matter do not make a new revision.
"""

import difflib
import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field, fields
from functools import cached_property

import yaml

from siweb.core.page_roles import ROLES

KINDS = ("step", "topic", "rules", "signs", "glossary", "page")
TEXT_LIMIT = 600_000  # characters; the longest article needs about 15,000
FRONT_LIMIT = 10_000  # characters; the longest front matter needs about 1,500
LONGEST = {"title": 200, "author": 200, "aliases": 60}  # characters that the database has room for

# Slugs that the site's own pages use: an article of kind "page" may not hide them.
RESERVED = {
    "guide",
    "search",
    "clinics",
    "static",
    "pictures",
    "healthz",
    "admin",
    "enquire",
    "robots.txt",
    "sitemap.xml",
}
# Where a page is listed among others, with the heading of the list in the guide.
SHELVES = {
    "help": "If you need help",
    "deciding": "Before you decide",
    "practical": "Types of injection, clinics and cost",
    "preparing": "Getting ready",
    "after": "Afterwards",
    "answers": "Short answers",
}

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

# Characters that no page can show, and that one of our two databases refuses to hold.
_UNSHOWABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True)
class Problem:
    """Something that stops a text, where it stands, and how to fix it."""

    line: int
    message: str
    field: str = "body"  # or the key of the front matter that it is about
    words: str = ""  # that it is about, where they are known
    key: str = ""  # of advice: its name in the table in messages.py
    fix: tuple = ()  # (old, new): whole lines from `line` on, as they are and as they should be, where that is certain
    is_dangling: bool = False  # whether it is that the text points at what is not there

    @property
    def fix_value(self):
        """Its fix as the value of a form's button: JSON of the line, the lines as they are and as they should be."""
        return json.dumps([self.line, *self.fix]) if self.fix else ""

    def __str__(self):
        return f"line {self.line}: {self.message}"

    @property
    def where(self):
        """Its place, as staff are told it."""
        return f"Line {self.line}" if self.field == "body" else self.field.capitalize()


class BadText(ValueError):
    """A text that cannot be rendered rightly; `problems` says why, each with its line."""

    def __init__(self, problems):
        self.problems = list(problems)
        super().__init__("; ".join(map(str, self.problems)))


@dataclass(frozen=True)
class Text:
    """A parsed text. The order of the fields is the order of the front matter."""

    title: str
    summary: str
    kind: str
    role: tuple = ()  # of ROLES: how the site finds this page
    shelf: str = ""  # of SHELVES
    order: int = 0
    keywords: tuple = ()
    takeaways: tuple = ()
    author: str = ""
    aliases: tuple = ()
    body: str = field(default="", kw_only=True)
    unread: tuple = field(default=(), kw_only=True)  # of a stored version: (key, value as written) of what is not valid
    role_line: int = field(default=1, kw_only=True, compare=False)  # where its file gives the role
    body_line: int = field(default=1, kw_only=True, compare=False)  # where the body begins in its file

    @cached_property
    def front_matter(self):
        front = {key: getattr(self, key) for key in FRONT_MATTER} | dict(self.unread)
        front = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in front.items()
            if value not in ("", ())
        }
        if len(self.role) == 1:
            front["role"] = self.role[0]
        return yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=2**31)

    @cached_property
    def canonical(self):
        return f"---\n{self.front_matter}---\n\n{self.body}"

    @cached_property
    def digest(self):
        return digest_of(self.canonical)

    def as_written(self, key):
        """A value of the front matter, also one that is not valid."""
        return dict(self.unread).get(key, getattr(self, key))

    @cached_property
    def problems(self):
        """What has to be fixed in the front matter before readers may see the text; a draft is stored with it."""
        values = {key: "" for key in REQUIRED if not getattr(self, key)} | dict(self.unread)
        found = ((key, _mistake(key, value)) for key, value in values.items())
        return tuple(Problem(1, message, key if key in FRONT_MATTER else "body") for key, message in found if message)


FRONT_MATTER = tuple(f.name for f in fields(Text) if f.compare and f.name not in ("body", "unread"))
REQUIRED = ("title", "summary", "kind")
_CHOICES = {"kind": KINDS, "shelf": SHELVES}
_LISTS = ("role", "keywords", "takeaways", "aliases")


def digest_of(canonical):
    return hashlib.sha256(canonical.encode()).hexdigest()


_FRONT = re.compile(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", re.DOTALL)


def read_stored(source):
    """The Text of a stored version. Never raises: a draft may be unfinished, and a rule newer than the text.

    What cannot be read keeps its place, so that nothing is lost: a value in `unread`, front matter as a whole in the body.
    """
    try:
        return parse(source)
    except BadText:
        return _as_far_as_understood(source)


def _as_far_as_understood(source):
    match = _FRONT.match(source)
    try:
        front = yaml.load(match[1], Loader=_PlainLoader) if match else None  # noqa: S506  as in _read_front_matter
    except yaml.YAMLError:
        front = None
    if not isinstance(front, dict):
        return Text("", "", "topic", body=canonical_body(source))
    values, unread = {"title": "", "summary": "", "kind": "topic"}, []
    for key, value in front.items():
        try:
            values[key] = read_value(key, value)
        except ValueError:
            unread.append((key, tuple(value) if isinstance(value, list) else value))
    return Text(**values, unread=tuple(unread), body=canonical_body(source[match.end() :]))


def parse(source):
    """The Text that a file holds. Raises BadText with every problem found, each with its line."""
    source = normal(source.removeprefix("\ufeff"))
    if len(source) > TEXT_LIMIT:
        raise BadText([_too_long(len(source))])
    if problems := unshowable(source):
        raise BadText(problems)
    match = _FRONT.match(source)
    if not match:
        raise BadText(
            [Problem(1, "The front matter is missing. Begin with a line ---, then title, summary and kind, then ---.")]
        )
    values = _read_front_matter(match[1])
    blank = re.compile(r"(?:[^\S\n]*\n)*").match(source, match.end())
    body_line = source.count("\n", 0, blank.end()) + 1
    body, role_line = canonical_body(source[match.end() :]), _line_of(match[1], "role")
    return within_limits(Text(**values, body=body, body_line=body_line, role_line=role_line))


def within_limits(text):
    """The same Text. Raises BadText for one that could not be read again once it is written down."""
    if (length := len(text.front_matter)) > FRONT_LIMIT:
        longest = max(FRONT_MATTER, key=lambda key: len(str(getattr(text, key))))
        raise BadText([_front_too_long(length, longest)])
    if (length := len(text.canonical)) > TEXT_LIMIT:
        raise BadText([_too_long(length)])
    return text


def normal(written):
    """The same words in NFC, with the line ends that files have here."""
    return unicodedata.normalize("NFC", written.replace("\r\n", "\n").replace("\r", "\n"))


def _too_long(length):
    return Problem(1, f"The text has {length:,} characters. Keep it under {TEXT_LIMIT:,}: split it in two.")


def _front_too_long(length, field="body"):
    message = (
        f"The front matter has {length:,} characters. Keep it under {FRONT_LIMIT:,}: shorten its longest text or list."
    )
    return Problem(1, message, field)


def unshowable(written):
    """A list with the Problem of the first character that no page can show; empty when all can be shown."""
    bad = _UNSHOWABLE.search(written)
    if not bad:
        return []
    line = written.count("\n", 0, bad.start()) + 1
    return [Problem(line, f"A character cannot be shown (U+{ord(bad[0]):04X}). Type its word again.")]


def title_in(beginning):
    """The title that stands at the beginning of a canonical text, without reading on; "" when there is none."""
    lines = beginning.split("\n", 2)
    is_titled = lines[0] == "---" and len(lines) == 3 and lines[1].startswith("title:")
    return yaml.load(lines[1], Loader=yaml.BaseLoader)["title"] if is_titled else ""  # noqa: S506  texts alone


def read_bytes(raw):
    """The Text in a file's bytes. Raises BadText, also for bytes that are not UTF-8."""
    try:
        return parse(raw.decode("utf-8"))
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise BadText([Problem(line, "This is not UTF-8 text. Save the file as UTF-8.")]) from None


def canonical_body(body):
    lines = [line.rstrip() if line.strip() == "" else line for line in body.split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


_NOT_UNDERSTOOD = (
    'The front matter is not understood here. Put the value into "quotes" if it has a colon or begins with a mark; '
    "close every quote and bracket."
)


def _read_front_matter(written):
    if len(written) > FRONT_LIMIT:
        raise BadText([_front_too_long(len(written))])
    try:
        front = yaml.load(written, Loader=_PlainLoader)  # noqa: S506  makes nothing but texts and lists of texts
    except yaml.YAMLError as problem:
        unclosed = re.search("scanning|flow", problem.context or "")  # it is noticed far below
        mark = (unclosed and problem.context_mark) or problem.problem_mark
        raise BadText([Problem(mark.line + 2, problem.note or _NOT_UNDERSTOOD)]) from None
    if not isinstance(front, dict):
        raise BadText(
            [Problem(2, "The front matter is not a list of keys. Write lines such as: title: After your injection")]
        )
    values, problems = {}, []
    for key, value in front.items():
        try:
            values[key] = read_value(key, value)
        except ValueError as problem:
            problems.append(Problem(_line_of(written, key), str(problem), key if key in FRONT_MATTER else "body"))
    problems += [Problem(1, f"{key} is missing. Add a line: {key}: …", key) for key in REQUIRED if key not in front]
    if problems:
        raise BadText(problems)
    return values


def _mistake(key, value):
    """What is wrong with a value, or ""."""
    try:
        read_value(key, list(value) if isinstance(value, tuple) else value)
    except ValueError as problem:
        return str(problem)
    return ""


def read_value(key, value):
    """One value of the front matter, as Text holds it. Raises ValueError with a sentence that says how to fix it."""
    if key not in FRONT_MATTER:
        near = difflib.get_close_matches(key, FRONT_MATTER, 1)
        raise ValueError(
            f'"{key}" is not a known key. '
            + (f"Did you mean {near[0]}?" if near else f"Known: {', '.join(FRONT_MATTER)}.")
        )
    if key in _LISTS:
        return _read_list(key, [value] if key == "role" and isinstance(value, str) else value)
    if not isinstance(value, str):
        raise ValueError(f'{key} must be one text. Put it into "quotes" if it begins with a bracket.')
    if key == "order":
        if not re.fullmatch("[0-9]{1,4}", value):
            raise ValueError("order must be a whole number from 0 to 9999.")
        return int(value)
    if not value.strip():
        raise ValueError(f"{key} is empty. Write its text.")
    if value not in _CHOICES.get(key, [value]):
        raise ValueError(f'{key} is "{value}". It must be one of: {", ".join(_CHOICES[key])}.')
    return _one_line(key, value)


def _read_list(key, value):
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise ValueError(f"{key} must be a list of texts. Write [one, two] or a line for each, beginning with a dash.")
    items = tuple(_one_line(key, item) for item in value)
    if key in _CHECKS:
        _CHECKS[key](items)
    return items


def _check_old_addresses(slugs):
    if not all(SLUG.fullmatch(slug) for slug in slugs):
        raise ValueError("aliases are old addresses: small letters, digits and dashes only.")


def _check_roles(names):
    if unknown := [name for name in names if name not in ROLES]:
        raise ValueError(f'role is "{unknown[0]}". It must be one of: {", ".join(ROLES)}. Or leave the line out.')
    if len(set(names)) < len(names):
        raise ValueError("role names one role twice. Keep one.")


_CHECKS = {"aliases": _check_old_addresses, "role": _check_roles}


def _one_line(key, value):
    """The text on one line, in NFC: an escape such as "\\u0301" is only now a character."""
    if bad := _UNSHOWABLE.search(value):
        raise ValueError(f"{key} holds a character that cannot be shown (U+{ord(bad[0]):04X}). Take it out.")
    line = " ".join(unicodedata.normalize("NFC", value).split())
    most = LONGEST.get(key)
    if most and len(line) > most:
        raise ValueError(f"{key} has {len(line)} characters. Keep it to {most}.")
    return line


def _line_of(written, key):
    for number, line in enumerate(written.split("\n"), start=2):
        if line.startswith(f"{key}:"):
            return number
    return 2


_POINT_IN_VALUE = re.compile(r"\n[ \t]*-[ \t]")


class _PlainLoader(yaml.BaseLoader):
    """Reads keys with a text or a list of texts, and no more of YAML.

    Every scalar is text: `title: No` is the word No, and no date or number is guessed. What YAML would drop without a word
    is refused: tags, anchors, the end of "Pain # 1", the first of two keys. So are aliases and depth: they are bombs.
    """

    depth = 0

    def compose_node(self, parent, index):
        event = self.peek_event()
        if event.anchor or getattr(event, "tag", None) or self.depth == 3:
            raise _refusal(event.start_mark, None)
        self.depth += 1
        node = super().compose_node(parent, index)
        self.depth -= 1
        end = node.end_mark
        if re.compile("[ \t]?#").match(end.buffer, end.pointer):  # two blanks before it say that a remark is meant
            raise _refusal(node.start_mark, 'A # ends the value here. Put the value into "quotes".')
        is_plain = isinstance(node, yaml.ScalarNode) and not node.style
        if is_plain and _POINT_IN_VALUE.search(end.buffer, event.start_mark.index, end.index):
            raise _refusal(node.start_mark, "The dash below begins no point of its own. Indent both lines alike.")
        return node

    def construct_mapping(self, node, deep=False):
        seen = []
        for key, _ in node.value:
            if key.value in seen:
                raise _refusal(key.start_mark, f'"{key.value}" stands twice. Keep one.')
            seen.append(key.value)
        return super().construct_mapping(node, deep)


def _refusal(mark, note):
    return yaml.MarkedYAMLError(problem_mark=mark, note=note)
