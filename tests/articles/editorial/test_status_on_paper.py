"""What paper says of a check: which parts have changed since, or where all of them are named, and who checked which."""

import html
import re

import pytest

from siweb.articles.editorial import quote_changes
from siweb.articles.importing import sync
from siweb.articles.models import Article, Publication
from siweb.articles.text import front_matter
from siweb.articles.views import _ready
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide, signed

KEYS = ("one", "two", "three", "four", "five")
BODY = ":::: sheet\n## To take with you\n\n" + "\n\n".join(f"[[rule:{key}]]" for key in KEYS) + "\n::::\n"
PAPER = ("sheet", "print", "large-print")
REFERENCE = "All {} changed parts are named at the foot of that page."


def rules(**answers):
    return "\n".join(f"{key}\n:   Question {key}?\n:   {answers.get(key, 'No.')}\n" for key in KEYS)


@pytest.fixture
def page(db, content, clinician):
    content("our-rules", rules(), kind="rules")
    sync.import_folder(content("care", BODY, title="Care"))
    article = Article.objects.get(slug="care")
    signed(article.live, by=clinician)
    return article


@pytest.fixture
def change(page, content):
    return lambda *keys: sync.import_folder(content("our-rules", rules(**dict.fromkeys(keys, "Yes.")), kind="rules"))


@pytest.fixture
def read(client):
    def read(place):
        shown = client.get(f"/guide/care/{place}/".replace("//", "/")).content.decode()
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())

    return read


def name(key):
    return f"the rule “Question {key}?”"


@pytest.mark.parametrize("count", range(1, 6))
@pytest.mark.parametrize("place", PAPER)
def test_paper_names_all_that_changed_or_says_where_it_is_named(change, read, place, count):
    change(*KEYS[:count])
    said = read(place)
    named = {key for key in KEYS if name(key) in said}
    foot = read("").partition("Changed here, and not yet checked:")[2]
    if named == set(KEYS[:count]):
        assert REFERENCE.format(count) not in said
    else:
        assert REFERENCE.format(count) in said
        assert "Printed from http" in said
        assert all(name(key) in foot for key in KEYS[:count])


def test_before_anything_changes_a_sheet_refers_to_nothing(page, read):
    assert "changed part" not in read("sheet")


@pytest.mark.parametrize("place", PAPER)
def test_paper_says_who_checked_a_part_that_changed(change, page, read, place, django_user_model):
    colleague = with_role(django_user_model, "cora", "Clinicians", "Colleague")
    change("one", "two")
    page.refresh_from_db()
    quote_changes.check_change("rule:one", {page.pk: page.page_id}, colleague)
    said = read(place)
    assert re.search(rf"Since then {re.escape(name('two'))} has changed here, and that part is not yet checked\.", said)
    assert re.search(rf"checked by Cora Colleague on \d+ \w+ \d+: {re.escape(name('one'))}\.", said)


def test_a_wording_that_came_back_has_been_here_since_then(page, clinician):
    """Not since readers saw it for the first time: in between they saw another."""
    for body in ("Other words.\n", BODY):
        page.refresh_from_db()
        text = front_matter.parse(article_file(body, title="Care"))
        decide(page.edit(text, by=clinician, version=page.version), KIND.URGENT, clinician)
    first, _, newest = Publication.objects.filter(article=page).order_by("pk")
    assert first.revision.digest == newest.revision.digest
    assert _ready(newest, []).since == newest.at
