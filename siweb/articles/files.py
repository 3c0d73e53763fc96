"""The file format: one text is front matter (YAML between two lines of ---) and a Markdown body.

A text has one canonical form, and texts are compared by the digest of that form: a browser's line
endings or a reordered front matter do not make a new revision.
"""

import difflib
import hashlib
import re
import unicodedata
from dataclasses import dataclass, field, fields

import yaml

KINDS = ("step", "topic", "rules", "glossary", "page")
TEXT_LIMIT = 100_000  # characters; the longest article needs about 15,000

# Slugs that the site's own pages use: an article of kind "page" may not hide them.
RESERVED = {"guide", "search", "clinics", "static", "healthz", "admin", "enquire", "robots.txt", "sitemap.xml"}
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True)
class Problem:
    """Something that stops a text, where it stands, and how to mend it."""

    line: int
    message: str

    def __str__(self):
        return f"line {self.line}: {self.message}"


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
    order: int = 0
    keywords: tuple = ()
    takeaways: tuple = ()
    author: str = ""
    aliases: tuple = ()
    body: str = field(default="", kw_only=True)
    body_line: int = field(default=1, kw_only=True, compare=False)  # where the body begins in its file

    @property
    def canonical(self):
        front = {key: getattr(self, key) for key in FRONT_MATTER}
        front = {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in front.items()
            if value not in ("", ())
        }
        written = yaml.safe_dump(front, allow_unicode=True, sort_keys=False, width=2**31)
        return f"---\n{written}---\n\n{self.body}"

    @property
    def digest(self):
        return digest_of(self.canonical)


FRONT_MATTER = tuple(f.name for f in fields(Text) if not f.name.startswith("body"))
_REQUIRED = ("title", "summary", "kind")
_LISTS = ("keywords", "takeaways", "aliases")


def digest_of(canonical):
    return hashlib.sha256(canonical.encode()).hexdigest()


def parse(source):
    """The Text that a file holds. Raises BadText with every problem found, each with its line."""
    source = unicodedata.normalize("NFC", source.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n"))
    if len(source) > TEXT_LIMIT:
        raise BadText(
            [Problem(1, f"The text has {len(source):,} characters. Keep it under {TEXT_LIMIT:,}: split it in two.")]
        )
    match = re.match(r"---[ \t]*\n(.*?\n)---[ \t]*(?:\n|\Z)", source, re.DOTALL)
    if not match:
        raise BadText(
            [Problem(1, "The front matter is missing. Begin with a line ---, then title, summary and kind, then ---.")]
        )
    values = _read_front_matter(match[1])
    body = _canonical_body(source[match.end() :])
    skipped = len(source[match.end() :]) - len(source[match.end() :].lstrip("\n"))
    return Text(**values, body=body, body_line=source[: match.end() + skipped].count("\n") + 1)


def read_bytes(raw):
    """The Text in a file's bytes. Raises BadText, also for bytes that are not UTF-8."""
    try:
        return parse(raw.decode("utf-8"))
    except UnicodeDecodeError as problem:
        line = raw[: problem.start].count(b"\n") + 1
        raise BadText([Problem(line, "This is not UTF-8 text. Save the file as UTF-8.")]) from None


def _canonical_body(body):
    lines = [line.rstrip() if line.strip() == "" else line for line in body.split("\n")]
    return "\n".join(lines).strip("\n") + "\n"


def _read_front_matter(written):
    try:
        front = yaml.load(written, Loader=_PlainLoader)  # noqa: S506  a safe loader that guesses less
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        raise BadText(
            [
                Problem(
                    (mark.line if mark else 0) + 2,
                    'The front matter is not understood. Put a value that has ": " into "quotes".',
                )
            ]
        ) from None
    if not isinstance(front, dict):
        raise BadText(
            [Problem(2, "The front matter is not a list of keys. Write lines such as: title: After your injection")]
        )
    values, problems = {}, []
    for key, value in front.items():
        try:
            values[key] = _read_value(key, value)
        except ValueError as problem:
            problems.append(Problem(_line_of(written, key), str(problem)))
    problems += [Problem(1, f"{key} is missing. Add a line: {key}: …") for key in _REQUIRED if key not in front]
    if problems:
        raise BadText(problems)
    return values


def _read_value(key, value):
    if key not in FRONT_MATTER:
        near = difflib.get_close_matches(str(key), FRONT_MATTER, 1)
        raise ValueError(
            f'"{key}" is not a known key. '
            + (f"Did you mean {near[0]}?" if near else f"Known: {', '.join(FRONT_MATTER)}.")
        )
    if key in _LISTS:
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise ValueError(
                f"{key} must be a list of texts. Write [one, two] or a line for each, beginning with a dash."
            )
        items = tuple(_one_line(item) for item in value)
        if key == "aliases" and not all(SLUG.fullmatch(item) for item in items):
            raise ValueError("aliases are old addresses: small letters, digits and dashes only.")
        return items
    if key == "order":
        if not isinstance(value, str) or not re.fullmatch(r"\d{1,4}", value):
            raise ValueError("order must be a whole number from 0 to 9999.")
        return int(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} is empty. Write its text after the colon.")
    if key == "kind" and value not in KINDS:
        raise ValueError(f'kind is "{value}". It must be one of: {", ".join(KINDS)}.')
    return _one_line(value)


def _one_line(value):
    return " ".join(value.split())


def _line_of(written, key):
    for number, line in enumerate(written.split("\n"), start=2):
        if line.startswith(f"{key}:"):
            return number
    return 2


class _PlainLoader(yaml.SafeLoader):
    """YAML whose scalars are all text: `title: No` is the word No, and no date or number is guessed."""


_PlainLoader.yaml_implicit_resolvers = {}


def _no_double_keys(loader, node, deep=False):
    seen = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=deep)
        if not isinstance(key, str) or key in seen:
            raise yaml.constructor.ConstructorError(None, None, "a key stands twice", key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep=deep)


_PlainLoader.add_constructor("tag:yaml.org,2002:map", lambda loader, node: _no_double_keys(loader, node, deep=True))
