"""No document names a path, an address, a command or a name that is not there, and every link leads somewhere."""

import re
import shlex
from functools import cache
from pathlib import PurePosixPath

import pytest
from django.core.management import get_commands
from django.urls import Resolver404, resolve

from siweb.config import environment
from tests.support.documented_commands import STARTS, problem_of, problem_of_management
from tests.support.documents import DOCUMENTS, ROOT, SEARCH_DATA, anchors, blocks, commands, links, spans, text_of

LANGUAGES = {"", "markdown", "mermaid", "sh", "text"}  # each is checked: "" and the last are compared with the code
IGNORED = (ROOT / ".gitignore").read_text().splitlines()  # what is made on a machine
SOURCES = ("siweb", "templates", "static", "content", "tests")
_SUFFIXES = (".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".tsv", ".html", ".js", ".css")
_PATH = re.compile(r"(?<![\w/<.-])(?:siweb|templates|static|tests|docs|content)/[\w./-]*\w/?")

SPANS = sorted({(document, span) for document in DOCUMENTS for span in spans(document)})


@cache
def source():
    """All that the project's own files say, but for the documents and their tests."""
    files = [ROOT / name for name in ("Makefile", "pyproject.toml", "requirements.txt")]
    files += [path for folder in SOURCES for path in (ROOT / folder).rglob("*") if path.suffix in _SUFFIXES]
    return "\n".join(path.read_text(encoding="utf-8") for path in files if "test_docs" not in path.name)


def link_problems(document):
    """The links of a document that lead nowhere."""
    for link in links(document):
        path, _, anchor = link.partition("#")
        target = (ROOT / document).parent / path if path else ROOT / document
        if link.startswith("https://"):
            continue
        if not target.exists():
            yield f"{link}: no such file"
        elif anchor and anchor not in anchors(str(target.resolve().relative_to(ROOT))):
            yield f"{link}: no such heading"


@pytest.mark.parametrize("document", [*DOCUMENTS, SEARCH_DATA])
def test_every_link_leads_to_a_file_or_heading_that_exists(document):
    assert list(link_problems(document)) == []


def test_a_link_that_leads_nowhere_would_be_noticed(monkeypatch):
    monkeypatch.setattr(
        "tests.operations.test_docs.links", lambda document: ["docs/none.md", "#none", "README.md#none"]
    )
    assert len(list(link_problems("README.md"))) == 3


def test_every_document_is_reached_from_the_readme():
    seen, to_read = set(), ["README.md"]
    while to_read:
        document = to_read.pop()
        seen.add(document)
        targets = ((ROOT / document).parent / link.partition("#")[0] for link in links(document) if "://" not in link)
        found = {str(PurePosixPath(target.resolve().relative_to(ROOT))) for target in targets}
        to_read += [path for path in found if path.endswith(".md") and path not in seen]
    assert set(DOCUMENTS) <= seen


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_block_of_code_is_of_a_kind_that_is_checked(document):
    assert set(re.findall(r"^```(.*)$", text_of(document), re.MULTILINE)) <= LANGUAGES
    assert len(blocks(document, "")) <= (document == "docs/architecture.md")


@pytest.mark.parametrize(("document", "line"), [(name, line) for name in DOCUMENTS for line in commands(name)])
def test_every_command_of_a_block_could_be_typed(document, line):
    assert problem_of(line) == ""


@pytest.mark.parametrize(
    "line",
    [
        "make nothing",
        "python manage.py nothing",
        "python manage.py erase",
        "python manage.py demo --nothing",
        "python -m tests.nothing",
        "python -m tests.bench.pages --nothing",
        ".venv/bin/python -m pytest tests/nothing.py",
        "python -c 'import nothing'",
        "curl http://127.0.0.1:8000/",
    ],
)
def test_a_command_that_is_not_there_would_be_noticed(line):
    assert problem_of(line)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_that_a_document_names_exists(document):
    named = _PATH.findall(text_of(document))
    assert [path for path in named if not (ROOT / path).exists()] == []


def problem_of_span(document, span):
    """Why a piece of inline code is not true; "" where it is."""
    first = span.split()[0]
    if span.startswith("[") or span.startswith("::"):
        return ""  # our Markdown: test_docs_tables.py renders it
    if span == "make" or span.startswith(STARTS):
        return problem_of(span)
    if first in get_commands() and first != span:
        return problem_of_management(*shlex.split(span))
    if "://" in span:
        return problem_of_url(span)
    if span.startswith("/"):
        return problem_of_address(span)
    if " " not in span and ("/" in span or span.endswith(_SUFFIXES) or span.startswith(".")):
        return problem_of_path(document, span)
    if span in get_commands():
        return ""
    parts = [part for part in re.split(r"…|\(\)$", span) if part]
    return "" if all(part in source() for part in parts) else f"`{span}` is nowhere in the code"


def problem_of_path(document, path):
    places = (ROOT / path, (ROOT / document).parent / path)
    is_made = any(path == line or line.endswith("/") and path.startswith(line) for line in IGNORED)
    return "" if is_made or any(place.exists() for place in places) else f"{path} does not exist"


def problem_of_address(address):
    try:
        resolve(re.sub(r"<\w+>", "aftercare", address))
    except Resolver404:
        return f"the site has no {address}"
    return ""


def problem_of_url(url):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("URL", url.rstrip("…"))
        if url.startswith("postgres://"):
            return "" if environment.read_database("URL", {})["HOST"] else f"{url} names no host"
        if url.startswith("smtp"):
            return "" if environment.read_mail("URL")["EMAIL_HOST"] else f"{url} names no host"
    return "" if url == "https://…" else f"no test knows how to try {url}"


@pytest.mark.parametrize(("document", "span"), SPANS)
def test_every_piece_of_inline_code_is_true(document, span):
    assert problem_of_span(document, span) == ""


@pytest.mark.parametrize(
    "span",
    [
        "siweb/none.py",
        "none.md",
        "/none/at/all/",
        "make none",
        "NO_SUCH_SETTING_AT_ALL",
        "ftp://a.example",
        "erase --nothing SIJ-7F3K",
    ],
)
def test_inline_code_that_is_not_true_would_be_noticed(span):
    assert problem_of_span("README.md", span)
