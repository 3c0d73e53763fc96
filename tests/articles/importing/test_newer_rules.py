"""A rule that is newer than a text refuses none that is stored: it stays live, is listed, and stops no other."""

import json
import re

import pytest
from django.core.management import call_command

from siweb.articles.editorial import publishing, workflow
from siweb.articles.importing import archive, sync
from siweb.articles.models import Article, Publication
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import BadText
from siweb.clinics.models import Clinic
from tests.conftest import article_file
from tests.support.deciding import KIND, decide
from tests.support.newer_rule import add_newer_rule

RULES = "driving\n:   May I drive?\n:   {}\n"
LINE = "Line 3: Nobody says forsooth any more. Take it out."


@pytest.fixture
def articles(db, content):
    content("old", "Some words.\n\nForsooth: [[rule:driving]]\n", title="Old")
    content("older", "Forsooth.\n", title="Older")
    content("fine", "[[rule:driving]]\n\n[[clinic:name]]\n", title="Fine")
    sync.import_folder(content("our-rules", RULES.format("Ask us."), kind="rules", title="Our rules"))
    return content


@pytest.fixture
def newer_rule(articles, monkeypatch):
    """A release with a rule that two live texts break."""
    add_newer_rule(monkeypatch)
    monkeypatch.setattr(publishing, "_renderer", lambda: "the new release")


def article(slug):
    return Article.objects.select_related("live", "page", "head").get(slug=slug)


def shown(slug):
    return article(slug).page.html


def broken():
    return set(Article.objects.exclude(page_problems=[]).values_list("slug", flat=True))


def new_version(slug, body, by, **front):
    found = article(slug)
    return found.edit(front_matter.parse(article_file(body, **front)), by=by, version=found.version)


def test_the_files_are_imported_as_before_and_the_texts_stay_live(newer_rule, articles):
    live = dict(Article.objects.values_list("slug", "live_id"))
    for _ in range(2):
        report = sync.import_folder(articles.folder)
        assert set(report.outcomes.values()) == {"UNCHANGED"}
        assert dict(Article.objects.values_list("slug", "live_id")) == live
        assert broken() == {"old", "older"}
    assert sync.last_refusal() is None


def test_the_dashboard_lists_them_with_their_lines(newer_rule, articles, client, editor):
    client.force_login(editor)
    assert "breaks a rule" not in client.get("/admin/").content.decode()
    sync.import_folder(articles.folder)
    home = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", client.get("/admin/").content.decode()))
    assert "2 live texts break a rule that is newer than they are" in home
    assert LINE in home
    assert "Line 1: Nobody says forsooth any more." in home
    sync.import_folder(articles("older", "Fair words.\n", title="Older"))
    assert "1 live text breaks a rule that is newer than it is" in client.get("/admin/").content.decode()


# What happens on the site after the release, and the page that follows.
def another_is_published(articles, editor, clinician):
    decide(new_version("fine", "Better words.\n", editor, title="Fine"), KIND.URGENT, clinician)
    assert "Better words" in shown("fine")


def a_rule_changes(articles, editor, clinician):
    rules = new_version("our-rules", RULES.format("No."), clinician, kind="rules", title="Our rules")
    decide(rules, KIND.URGENT, clinician)
    for slug in ("fine", "old"):
        assert "No." in shown(slug), "a page never shows a former answer because of a rule of style"


def a_fact_changes(articles, editor, clinician):
    clinic = Clinic.current()
    clinic.name = "Another Clinic"
    clinic.save()
    assert "Another Clinic" in shown("fine")


def a_file_changes(articles, editor, clinician):
    sync.import_folder(articles("fine", "From a file.\n", title="Fine"))
    assert "From a file" in shown("fine")


def one_is_retired(articles, editor, clinician):
    decide(article("fine").live, KIND.RETIRE, clinician)
    assert article("fine").page is None


def a_broken_one_is_retired(articles, editor, clinician):
    decide(article("older").live, KIND.RETIRE, clinician)
    assert article("older").page_problems == []


def a_clinician_approves_it(articles, editor, clinician):
    decide(article("old").live, KIND.APPROVE, clinician)
    decide(article("old").live, KIND.CONFIRM, clinician)


EVENTS = {
    event.__name__: event
    for event in (
        *(another_is_published, a_rule_changes, a_fact_changes, a_file_changes),
        *(one_is_retired, a_broken_one_is_retired, a_clinician_approves_it),
    )
}


@pytest.mark.parametrize("is_imported", [True, False])
@pytest.mark.parametrize("event", EVENTS)
def test_it_stops_nothing(newer_rule, articles, editor, clinician, event, is_imported):
    """Also before the files were imported again, which every start does."""
    if is_imported:
        sync.import_folder(articles.folder)
    EVENTS[event](articles, editor, clinician)
    assert {"old"} <= set(Article.objects.published().values_list("slug", flat=True))


def test_a_new_text_is_held_to_the_rule(newer_rule, articles, editor, clinician):
    sync.import_folder(articles.folder)
    revision = new_version("old", "Forsooth, and more.\n", editor, title="Old")
    for kind, by in ((KIND.REQUEST, editor), (KIND.URGENT, clinician)):
        with pytest.raises((BadText, workflow.ValidationError), match="forsooth"):
            decide(revision, kind, by)
    with pytest.raises(sync.RefusedError, match=r"fine\.md, line 7: Nobody says forsooth"):
        sync.import_folder(articles("fine", "Forsooth.\n", title="Fine"))
    articles("fine", "[[rule:driving]]\n\n[[clinic:name]]\n", title="Fine")
    with pytest.raises(sync.RefusedError, match=r"new\.md, line 7: Nobody says forsooth"):
        sync.import_folder(articles("new", "Forsooth.\n"))


def test_a_change_that_breaks_a_live_text_is_refused_also_beside_one_that_is_broken(newer_rule, articles, clinician):
    sync.import_folder(articles.folder)
    rules = new_version("our-rules", "other\n:   What?\n:   Ask us.\n", clinician, kind="rules")
    with pytest.raises(BadText, match=r"old\.md: There is no rule"):
        decide(rules, KIND.URGENT, clinician)
    assert "Ask us." in shown("old")


def test_what_is_fixed_is_listed_no_more(newer_rule, articles, editor, clinician):
    sync.import_folder(articles.folder)
    decide(new_version("old", "Fair words.\n", editor, title="Old"), KIND.URGENT, clinician)
    assert broken() == {"older"}


def test_a_text_that_cannot_be_parsed_any_more_keeps_the_page_that_readers_have(articles, monkeypatch, clinician):
    before = shown("old")
    monkeypatch.setattr("siweb.articles.rendering.syntax.MOST_MARKS", 5)
    monkeypatch.setattr(publishing, "_renderer", lambda: "the new release")
    publishing._remembered.clear()
    sync.import_folder(articles.folder)
    assert shown("old") == before
    assert "old" in broken()


def test_a_file_as_readers_have_it_is_imported_although_its_front_matter_breaks_a_newer_rule(articles, monkeypatch):
    monkeypatch.setitem(front_matter._CHOICES, "kind", [kind for kind in front_matter.KINDS if kind != "topic"])
    stored = Article.objects.get(slug="fine").live
    assert [problem.field for problem in stored.parsed.problems] == ["kind"]
    sync.import_folder(articles.folder)
    assert article("fine").live == stored
    with pytest.raises(sync.RefusedError, match='kind is "topic"'):
        sync.import_folder(articles("new", "Words.\n"))


# --- Histories ----------------------------------------------------------------------------------------------------


def test_old_histories_are_exported_archived_and_imported_again(newer_rule, articles, editor, clinician, tmp_path):
    sync.import_folder(articles.folder)
    for slug in ("old", "older"):
        draft = article(slug)
        draft.edit(
            draft.head.parsed.__class__("", "", "topic", body="[x](nowhere)\n"), by=editor, version=draft.version
        )
    assert archive.write(tmp_path / "archive") == 6
    revisions = [
        json.loads(line) for line in (tmp_path / "archive/articles/old/revisions.jsonl").read_text().splitlines()
    ]
    assert [one["digest"] for one in revisions] == list(
        article("old").revisions.order_by("number").values_list("digest", flat=True)
    )
    call_command("export_content", articles.folder.parent, verbosity=0)
    before = Publication.objects.count()
    assert set(sync.import_folder(articles.folder).outcomes.values()) == {"UNCHANGED"}
    assert Publication.objects.count() == before
