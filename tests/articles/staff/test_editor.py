"""Writing an article in the admin: what is saved, what is refused, and that nothing typed is lost."""

import html
import re
from dataclasses import replace

import pytest
from django.urls import reverse

from siweb.articles.forms import ArticleForm, fields_of, text_of
from siweb.articles.models import Article
from siweb.articles.rendering.care_cards import CARDS
from siweb.clinics.models import FACTS
from tests.support.deciding import signed

NEW = reverse("admin:articles_article_add")
FILLED = {
    "title": "Going home",
    "summary": "What to do on the way home.",
    "kind": "topic",
    "slug": "",
    "order": "",
    "keywords": "",
    "takeaways": "",
    "author": "",
    "aliases": "",
    "body": "Rest.\n",
    "version": "0",
    "note": "",
}


def address(article):
    return reverse("admin:articles_article_change", args=[article.pk])


def filled(article, **changes):
    """What the form of an article holds."""
    return fields_of(article.head.parsed) | {"slug": article.slug, "version": article.version, "note": ""} | changes


@pytest.fixture
def desk(client, editor):
    """The browser of an editor who has signed in."""
    client.force_login(editor)
    return client


@pytest.fixture
def aftercare(shipped):
    return shipped["aftercare"]


def words(response):
    return html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_a_new_article_is_a_draft_that_readers_do_not_see(desk, shipped, editor):
    response = desk.post(NEW, FILLED, follow=True)
    article = Article.objects.get(slug="going-home")
    assert response.redirect_chain == [(address(article), 302)]
    assert "Draft 1 is saved. Readers do not see it yet." in words(response)
    assert (article.live, article.head.author, article.head.parsed.body) == (None, editor, "Rest.\n")
    assert desk.get("/guide/going-home/").status_code == 404


# What stops a new article from being stored, and what is said. What is wrong with a draft: test_unfinished_drafts.py
REFUSED = [
    ({"slug": "Going Home"}, "Use small letters, digits and dashes"),
    ({"slug": "admin"}, "Use small letters, digits and dashes"),
    ({"slug": "aftercare"}, "There is an article at “aftercare” already"),
    ({"title": "🙂"}, "There is an article at"),
    ({"body": "x" * 600_000}, "The text has 600,"),
    ({"note": "x" * 501}, "at most 500 characters"),
]


@pytest.mark.parametrize(("change", "said"), REFUSED)
def test_what_is_wrong_is_said_and_the_text_kept(desk, shipped, change, said):
    if "🙂" in change.get("title", ""):
        Article.objects.create(slug="section")
    before = Article.objects.count()
    typed = FILLED | {"body": "My words, <kept> & whole.\r\n"} | change
    response = desk.post(NEW, typed)
    assert (response.status_code, Article.objects.count()) == (422, before)
    assert said in words(response)
    box = re.search(r'<textarea name="body".*?>\n(.*?)</textarea>', response.content.decode(), re.DOTALL)[1]
    assert html.unescape(box) == typed["body"]


def test_a_save_makes_a_draft_with_its_note(desk, aftercare, editor):
    response = desk.post(address(aftercare), filled(aftercare, body="New.\n", note="Shorter."), follow=True)
    aftercare.refresh_from_db()
    assert "Draft 2 is saved." in words(response)
    assert (aftercare.head.number, aftercare.head.note, aftercare.head.author) == (2, "Shorter.", editor)
    assert aftercare.live.number == 1


@pytest.mark.parametrize("change", [lambda body: body, lambda body: f"\r\n\n{body}".replace("\n", "\r\n") + "\n \n"])
def test_a_save_that_changes_nothing_makes_no_draft_and_says_so(desk, aftercare, change):
    typed = filled(aftercare, body=change(aftercare.head.parsed.body))
    response = desk.post(address(aftercare), typed, follow=True)
    aftercare.refresh_from_db()
    assert "Nothing had changed; no new draft was made." in words(response)
    assert (aftercare.revisions.count(), aftercare.version) == (1, typed["version"])


def test_the_browser_is_told_where_to_go_when_it_saves_by_itself(desk, aftercare):
    response = desk.post(address(aftercare), filled(aftercare), headers={"X-Requested-With": "fetch"})
    assert response.json() == {"go": address(aftercare)}


@pytest.mark.slow
def test_a_late_save_shows_both_texts_and_their_difference_and_then_goes_on_top(desk, aftercare, second_editor):
    mine = filled(aftercare, body="Rest for one day.\n")
    theirs = aftercare.head.parsed
    aftercare.edit(replace(theirs, body="Rest for two days.\n"), by=second_editor, version=aftercare.version)
    response = desk.post(address(aftercare), mine)
    assert response.status_code == 409
    assert aftercare.revisions.count() == 2
    said = words(response)
    assert "Somebody else saved while you were writing. Nothing is lost." in said
    assert "Eve Editor saved draft 2" in said
    assert "removed:  two" in said
    assert "added:  one" in said
    assert "Rest for two days." in response.content.decode()
    form = response.context["form"]
    assert form["body"].value() == "Rest for one day.\n"
    assert "Save my version, replacing draft 2" in said
    again = mine | {"version": form["version"].value()}
    assert "Draft 3 is saved." in words(desk.post(address(aftercare), again, follow=True))
    aftercare.refresh_from_db()
    assert (aftercare.head.parsed.body, aftercare.head.parent.number) == ("Rest for one day.\n", 2)


@pytest.mark.slow
def test_two_facts_are_always_said(desk, aftercare, clinician):
    assert "Live: revision 1, not yet checked by a clinician" in _facts(desk, aftercare)
    signed(aftercare.live, clinician)
    desk.post(address(aftercare), filled(aftercare, body="New.\n"))
    facts = _facts(desk, aftercare)
    assert re.search(r"Live: revision 1, checked by Clara Clinician on \d+ \w+ \d{4}", facts)
    assert "You are editing: draft 2" in facts


def _facts(desk, article):
    return " ".join(words(desk.get(address(article))).split())


def test_the_address_can_be_chosen_until_readers_have_it(desk, aftercare):
    desk.post(NEW, FILLED)
    article = Article.objects.get(slug="going-home")
    desk.post(address(article), filled(article, slug="home-again"))
    article.refresh_from_db()
    assert article.slug == "home-again"
    desk.post(address(aftercare), filled(aftercare, slug="other"))
    aftercare.refresh_from_db()
    assert aftercare.slug == "aftercare"


@pytest.mark.parametrize("new", [True, False])
def test_an_address_that_somebody_takes_meanwhile_is_refused_with_the_text_kept(desk, shipped, monkeypatch, new):
    desk.post(NEW, FILLED)
    article = Article.objects.get(slug="going-home")
    monkeypatch.setattr(ArticleForm, "clean_slug", lambda form: "causes")  # it was free when the form looked
    response = desk.post(NEW, FILLED) if new else desk.post(address(article), filled(article, body="Mine."))
    assert response.status_code == 422
    assert "There is an article at this address now." in words(response)
    article.refresh_from_db()
    assert (article.slug, article.revisions.count()) == ("going-home", 1)


def test_only_those_who_may_write_come_in(client, shipped, reception):
    client.force_login(reception)
    for name in ("add", "preview", "pages", "sources", "how_to_write"):
        assert client.get(reverse(f"admin:articles_article_{name}")).status_code == 403
    assert client.get(address(shipped["aftercare"])).status_code == 403


def test_what_a_text_may_point_at_and_quote(desk, shipped):
    offered = desk.get(reverse("admin:articles_article_pages")).json()
    aftercare = next(page for page in offered["pages"] if page["target"] == "aftercare")
    assert {"anchor", "heading"} == set(aftercare["sections"][0])
    assert "/clinics/" in [page["target"] for page in offered["pages"]]
    assert "driving" in [rule["key"] for rule in offered["rules"]]
    assert "phone" in [fact["key"] for fact in offered["facts"]]
    assert "pelvis" in [figure["name"] for figure in offered["figures"]]


def test_a_source_is_offered_once_with_its_mark(desk, shipped):
    offered = desk.get(reverse("admin:articles_article_sources")).json()["sources"]
    assert len(offered) > 50
    assert len({source["entry"] for source in offered}) == len(offered)
    assert "kao2017" in [source["marker"] for source in offered]


def test_how_to_write_shows_every_card_and_fact_as_readers_see_it(desk, shipped):
    page = desk.get(reverse("admin:articles_article_how_to_write")).content.decode()
    assert [kind for kind in CARDS if f"::: {kind}" not in page] == []
    assert [key for key in FACTS if f"[[clinic:{key}]]" not in page] == []
    assert '<div class="card emergency">' in page


def test_the_checks_of_a_stored_text_are_shown_where_it_is_opened(desk, aftercare, editor):
    aftercare.edit(text_of(filled(aftercare, body="One.\n\n**Two:**three\n")), by=editor, version=aftercare.version)
    page = desk.get(address(aftercare)).content.decode()
    assert """name="fix" value="[3, &quot;**Two:**three&quot;, &quot;**Two:** three&quot;]\"""" in page


def test_one_press_fixes_a_passage_and_saves_nothing(desk, aftercare):
    before = aftercare.head_id
    typed = filled(aftercare, body="One.\r\n\r\n**Two:**three\r\n", title="Mine")
    response = desk.post(address(aftercare), typed | {"fix": '[3, "**Two:**three", "**Two:** three"]'})
    assert response.status_code == 200
    assert response.context["form"]["body"].value() == "One.\n\n**Two:** three\n"
    assert response.context["form"]["title"].value() == "Mine"
    assert "The passage is fixed. It is not saved yet." in words(response)
    aftercare.refresh_from_db()
    assert aftercare.head_id == before


STALE = [
    '[3, "**Two:** three", "x"]',
    '[9, "**Two:**three", "x"]',
    '[0, "", "x"]',
    '[3, "Two", "x"]',
    "[3]",
    "{}",
    "x",
    "",
    "[3, 4, 5]",
]


@pytest.mark.parametrize("fix", STALE)
def test_a_fix_for_lines_that_have_changed_changes_nothing(desk, shipped, fix):
    response = desk.post(NEW, FILLED | {"body": "One.\n\n**Two:**three\n", "fix": fix})
    assert response.context["form"]["body"].value() == "One.\n\n**Two:**three\n"
    assert "The text has changed there, so nothing was fixed." in words(response)


def test_enter_in_a_field_saves_and_fixes_nothing(desk, aftercare):
    page = desk.post(address(aftercare), filled(aftercare, title="Go\x07ing", body="**Two:**three\n")).content.decode()
    form = page[page.index('id="article-form"') :]
    first = next(button for button in re.findall(r"<button[^>]*>", form) if 'type="button"' not in button)
    assert "name=" not in first
    assert "formaction" not in first
