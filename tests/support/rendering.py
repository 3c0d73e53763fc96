"""A small site of made-up surroundings, to render texts in without a database."""

import re
from functools import cache
from html.parser import HTMLParser

from django.conf import settings

from siweb.articles.editorial.publishing import drawings
from siweb.articles.rendering.document import Document, Rule, Term
from siweb.articles.rendering.glossary_links import terms_by_name
from siweb.articles.rendering.renderer import Figure, Surroundings, _Rendering, render
from siweb.articles.rendering.sanitizer import clean
from siweb.articles.text.front_matter import BadText, Text, parse, read_bytes
from siweb.core.shared_texts import by_quote
from tests.conftest import article_file

_TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "hr", "br", "blockquote", "pre", "code", "div", "section", "span"),
    *("em", "strong", "sup", "a", "ol", "ul", "li", "dl", "dt", "dd", "figure", "figcaption", "img"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
_ATTRIBUTES = {
    "id",
    "class",
    "href",
    "src",
    "alt",
    "width",
    "height",
    "start",
    "scope",
    "data-label",
    "aria-label",
}

RULES, GLOSSARY = "/guide/our-rules/", "/guide/glossary/"

AROUND = Surroundings(
    addresses={
        "aftercare": "/guide/aftercare/",
        "after-care": "/guide/aftercare/",  # its old slug
        "glossary": "/guide/glossary/",
        "our-rules": "/guide/our-rules/",
        "about": "/about/",
    },
    anchors={"aftercare": {"driving"}, "after-care": {"driving"}, "our-rules": {"driving"}},
    rules={
        "driving": Rule("driving", "When may I drive?", "Not that day.", "Not *that* day.", RULES),
        "escort": Rule("escort", "Who comes?", "Ask us. Bring an adult.", "Ask us. Bring an adult.", RULES),
        "numb-leg": Rule("numb-leg", "How long?", "6 hours", "6 hours", RULES),
        "night-line": Rule("night-line", "Whom do I call?", "01632 960 002", "01632 960 002", RULES),
        "advice": Rule(
            "advice",
            "Does [[clinic:name]] help?",
            "Call [[clinic:phone]] first.",
            "Call [[clinic:phone]] [first](after-care).",
            RULES,
        ),
    },
    terms=terms_by_name(
        [
            Term("Steroid", "A medicine.", page=GLOSSARY),
            Term("Sacroiliac joint", "A joint.", page=GLOSSARY),
            Term("Joint", "Where bones meet.", page=GLOSSARY),
        ]
    ),
    facts={"name": "Example Clinic", "phone": "01632 960001", "hours": "Mon & Tue", "email": ""},
    phone_link="tel:01632960001",
    figures={"pelvis": Figure("/static/figures/pelvis.svg", 640, 540)},
    is_page=lambda path: path in ("/", "/clinics/"),
)


def document(body, kind="topic", line=1):
    return _understood(Document(Text("A title", "A summary.", kind, body=body, body_line=line)))


def file_of(body, kind="topic"):
    """The same, read as a file is: bodies of any characters."""
    return _understood(Document(parse(article_file(body, kind=kind))))


def _understood(document):
    """The document. Raises BadText for one that the parser would not take."""
    if document.problems:
        raise BadText(document.problems)
    return document


def html(body, kind="topic", around=AROUND):
    return render(document(body, kind), around).html


@cache
def shipped():
    """The articles that we ship, parsed: {slug: Document}."""
    files = sorted((settings.CONTENT_DIR / "articles").glob("*.md"))
    return {path.stem: Document(read_bytes(path.read_bytes())) for path in files}


@cache
def shipped_surroundings():
    documents = shipped()
    facts = "name phone hours email legal_name controller registration regulator rating reply retention lawful_basis"
    return Surroundings(
        addresses={slug: f"/guide/{slug}/" for slug in documents},
        anchors={slug: document.anchors for slug, document in documents.items()},
        rules={key: rule for document in documents.values() for key, rule in document.rules.items()},
        terms=terms_by_name(term for document in documents.values() for term in document.terms),
        signs=by_quote(sign for document in documents.values() for sign in document.signs),
        facts=dict.fromkeys(facts.split(), "a fact of the clinic"),
        phone_link="tel:01632960001",
        figures=drawings(),
        is_page=lambda path: path.startswith("/"),
    )


def html_even_if_refused(document, around=AROUND):
    """What would leave the renderer if nobody had looked at its list of mistakes."""
    return clean(_Rendering(document, around).html())


class _Parts(HTMLParser):
    def __init__(self, markup):
        super().__init__()
        self.dangers = []
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.dangers += [tag] * (tag not in _TAGS)
        for name, value in attrs:
            scheme = (
                re.sub(r"[\x00-\x20]", "", value or "").partition(":")[0].lower() if name in ("href", "src") else ""
            )
            known = name in _ATTRIBUTES and scheme not in ("javascript", "data", "vbscript", "blob", "file")
            self.dangers += [f"{tag} {name}={value}"] * (not known)

    def handle_comment(self, data):
        self.dangers.append("<!--")

    handle_decl = handle_pi = unknown_decl = handle_comment


def dangers(markup):
    """What stands in a page that may do something, move something or call somewhere; a list of its own, on purpose."""
    return _Parts(markup).dangers
