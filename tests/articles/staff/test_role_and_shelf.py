"""Role and shelf of a page, as an editor meets them, and where a shelf lists the page."""

import re

import pytest
from django.utils.html import escape

from siweb.articles.forms import ArticleForm, fields_of
from siweb.articles.importing import sync
from siweb.articles.models import Article, Publication
from siweb.articles.text.front_matter import SHELVES
from siweb.core.page_roles import NEEDED, ROLES
from tests.support.deciding import KIND, decide
from tests.support.opened import with_needed_roles

OPTIONAL = [role for role in ROLES if role not in NEEDED]


@pytest.fixture
def whole(db, content):
    content("plain")
    content("both", role="[help, aftercare]", shelf="after")
    with_needed_roles(content)
    sync.import_folder(content.folder)


@pytest.fixture
def desk(client, editor, whole):
    client.force_login(editor)
    return client


def address(slug):
    return f"/admin/articles/article/{Article.objects.get(slug=slug).pk}/change/"


def offered(desk, slug):
    """The values of the roles that the editor offers for a page, and the page."""
    page = desk.get(address(slug)).content.decode()
    select = re.search(r'<select name="role".*?</select>', page, re.DOTALL)[0]
    return re.findall(r'<option value="([^"]*)"', select), page


def save(desk, slug, **typed):
    article = Article.objects.get(slug=slug)
    data = fields_of(article.head.parsed) | {"slug": slug, "version": article.version, "note": ""} | typed
    return desk.post(address(slug), data)


def test_a_page_that_the_site_needs_shows_its_roles_and_what_they_are_for_and_offers_no_other(desk):
    values, page = offered(desk, "both")
    assert values == ["help, aftercare"]
    for role in ("help", "aftercare"):
        assert escape(ROLES[role].use) in page


def test_a_page_without_a_role_is_offered_those_that_no_page_has(desk):
    assert offered(desk, "plain")[0] == ["", *OPTIONAL]


def test_a_page_keeps_a_role_that_the_site_can_do_without_or_gives_it_back(desk, editor):
    save(desk, "plain", role="types")
    decide(Article.objects.get(slug="plain").head, KIND.URGENT, editor)
    assert offered(desk, "plain")[0] == ["", *OPTIONAL]
    assert offered(desk, "privacy")[0] == ["privacy"]


def test_a_new_article_is_offered_the_roles_that_no_page_has(whole):
    assert [value for value, _ in ArticleForm().fields["role"].widget.choices] == ["", *OPTIONAL]


def test_a_save_keeps_both(desk):
    save(desk, "both", body="Other words.\n")
    text = Article.objects.get(slug="both").head.parsed
    assert (text.body, text.role, text.shelf) == ("Other words.\n", ("help", "aftercare"), "after")


def test_a_role_that_was_lost_in_a_draft_is_offered_again(desk, editor):
    article = Article.objects.get(slug="privacy")
    form = ArticleForm(fields_of(article.head.parsed) | {"role": "", "version": article.version}, article=article)
    assert [value for value, _ in form.fields["role"].widget.choices] == ["privacy"]


# What an editor posts for a page, and what is said.
WRONG = [
    ("privacy", {"role": ""}, "The site needs a page with the role &quot;privacy&quot;"),
    ("plain", {"role": "privacy"}, "has the role &quot;privacy&quot; too"),
    ("plain", {"role": "home"}, "role is &quot;home&quot;. It must be one of"),
    ("signs", {"kind": "topic"}, "The role &quot;signs&quot; needs kind: signs"),
]


@pytest.mark.parametrize(("slug", "typed", "said"), WRONG)
def test_what_would_lose_or_double_a_role_is_said_and_the_draft_is_kept(desk, slug, typed, said):
    before = Article.objects.get(slug=slug).head
    response = save(desk, slug, **typed)
    assert response.status_code == 302
    assert Article.objects.get(slug=slug).head != before
    assert said in desk.get(response.url).content.decode()


def test_a_shelf_that_is_not_offered_is_refused_at_its_field(desk):
    response = save(desk, "plain", shelf="top")
    assert response.status_code == 422
    assert "Select a valid choice" in response.content.decode()
    assert 'id="id_shelf_error"' in response.content.decode()


# --- Where a shelf lists a page ---------------------------------------------------------------------------------------


def test_the_guide_lists_topics_by_shelf_in_their_order_and_loses_none(client, db, content):
    for number, shelf in enumerate([*SHELVES, None]):
        front = {"shelf": shelf} if shelf else {}
        content(f"late-{number}", title=f"Late {number}", order=20, **front)
        content(f"early-{number}", title=f"Early {number}", order=10, **front)
    sync.import_folder(content.folder)
    page = client.get("/guide/").content.decode()
    headings = [page.index(f"<h2>{escape(heading)}</h2>") for heading in (*SHELVES.values(), "More to read")]
    assert headings == sorted(headings)
    for number, (start, end) in enumerate(zip(headings, [*headings[1:], len(page)], strict=True)):
        assert start < page.index(f"Early {number}<") < page.index(f"Late {number}<") < end


def test_the_home_page_lists_what_is_on_the_shelf_of_each_door_whatever_its_kind(client, db, content):
    for kind in ("topic", "step", "page"):
        content(f"on-{kind}", title=f"On {kind}", kind=kind, shelf="after")
    content("off", title="Off it", shelf="answers")
    sync.import_folder(content.folder)
    door = client.get("/").content.decode().partition("I have had it")[2].partition("</section>")[0]
    assert [f"On {kind}" in door for kind in ("topic", "step", "page")] == [True] * 3
    assert "Off it" not in door


def test_a_change_of_role_or_shelf_is_a_new_page_and_part_of_its_history(desk, editor):
    save(desk, "plain", shelf="answers")
    decide(Article.objects.get(slug="plain").head, KIND.URGENT, editor)
    shelves = Publication.objects.filter(article__slug="plain").order_by("at").values_list("shelf", flat=True)
    assert list(shelves) == ["", "answers"]
