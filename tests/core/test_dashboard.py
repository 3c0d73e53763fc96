"""The first page after signing in: what waits for this very person, how long it has, and what is good to know."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from siweb.articles.editorial import suggestions
from siweb.articles.importing import sync
from siweb.articles.linting import background
from siweb.articles.models import Advice, Article, Decision, Usefulness
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic
from siweb.core.dashboard import dashboard
from siweb.enquiries.models import Enquiry, Outbox
from tests.conftest import article_file
from tests.support.deciding import decide, signed
from tests.support.many import make_articles

KIND = Decision.Kind
PAGE = "/admin/"


@pytest.fixture
def article(db, content):
    def make(slug="care", body="Some words.\n", **front):
        sync.import_folder(content(slug, body, **({"title": slug.title()} | front)))
        return Article.objects.get(slug=slug)

    return make


def write(article, by, words="Other words.\n"):
    article.refresh_from_db()
    text = front_matter.parse(article_file(words, title=article.slug.title()))
    return article.edit(text, by=by, version=article.version)


def sent(article, by, **said):
    revision = write(article, by)
    decide(revision, KIND.REQUEST, by, **said)
    return revision


def waiting(user):
    """{heading: the words of its items} of what waits for somebody."""
    return {section.heading: [item.words for item in section.items] for section in dashboard(user)["waiting"]}


def to_know(user):
    return {section.heading: [item.words for item in section.items] for section in dashboard(user)["good_to_know"]}


@pytest.fixture
def page(client):
    def page(user):
        client.force_login(user)
        response = client.get(PAGE)
        assert response.status_code == 200
        return response.content.decode()

    return page


# --- Drafts and reviews -----------------------------------------------------------------------------------------------


def test_nothing_waits_and_the_page_says_so_calmly(page, editor):
    text = page(editor)
    assert "Nothing waits for you." in text
    assert "Good to know" not in text
    assert "<title>To do" in text


def test_changes_requested_wait_for_the_writer_with_the_reviewers_words(
    article, page, editor, second_editor, clinician
):
    revision = sent(article(), editor)
    decide(revision, KIND.ASK, clinician, note="Say that we do not know.\n<b>Please</b>.")
    text = page(editor)
    assert waiting(editor) == {"Changes requested": ["Care"]}
    assert "asked by Clara Clinician" in text
    assert "Say that we do not know.<br>&lt;b&gt;Please&lt;/b&gt;." in text
    assert "<title>(1) To do" in text
    assert waiting(second_editor) == waiting(clinician) == {}


def test_a_draft_is_its_writers(article, editor, second_editor):
    write(article(), editor)
    assert to_know(editor)["Your drafts"] == ["Care"]
    assert "Your drafts" not in to_know(second_editor)
    assert waiting(editor) == {}


def test_a_text_in_review_waits_for_every_clinician_who_did_not_write_it(article, editor, clinician, caller):
    sent(article(), clinician)
    assert waiting(caller) == {"Waiting for your review": ["Care"]}
    assert waiting(clinician) == waiting(editor) == {}
    for user, says in ((clinician, "another clinician has to approve it"), (editor, "sent by Clara Clinician")):
        [review] = [section for section in dashboard(user)["good_to_know"] if section.heading == "In review"]
        assert says in review.items[0].detail


def test_where_one_clinician_works_their_text_waits_for_a_reader_first(article, editor, clinician):
    Clinic.objects.update(one_clinician=True)
    revision = sent(article(), clinician)
    assert waiting(clinician) == {}
    assert waiting(editor) == {"Waiting for a second person to read them": ["Care"]}
    decide(revision, KIND.READ, editor)
    assert waiting(clinician) == {"Waiting for your review": ["Care"]}


def test_the_oldest_is_first_and_says_how_long_it_has_waited(article, page, editor, clinician):
    now = timezone.now()
    for slug, days in (("young", 0), ("old", 3), ("older", 40)):
        decide(write(article(slug), editor), KIND.REQUEST, editor, at=now - timedelta(days=days))
    assert waiting(clinician) == {"Waiting for your review": ["Older", "Old", "Young"]}
    text = page(clinician)
    ages = re.findall(r'class="age">([^<]*)<', text.partition("Good to know")[0])
    assert ages == ["1\xa0month", "3\xa0days"]


def test_approved_texts_wait_for_a_clinician_and_schedules_are_good_to_know(article, editor, clinician):
    revision = sent(article(), editor)
    signed(revision, clinician)
    assert waiting(clinician) == {"Approved, not yet published": ["Care"]}
    assert to_know(editor)["Approved, not yet published"] == ["Care"]
    at = timezone.now().replace(hour=9, minute=30) + timedelta(days=2)
    decide(revision, KIND.SCHEDULE, clinician, publish_at=at)
    assert waiting(clinician) == {}
    [scheduled] = [section for section in dashboard(editor)["good_to_know"] if section.heading == "Scheduled"]
    assert f"{timezone.localtime(at):%Y %H:%M}" in scheduled.items[0].detail


def test_a_scheduled_text_that_nobody_shows_is_said_loudly(article, editor, clinician):
    now = timezone.now()
    revision = sent(article(), editor, at=now - timedelta(hours=3))
    decide(revision, KIND.APPROVE, clinician, at=now - timedelta(hours=2))
    decide(revision, KIND.SCHEDULE, clinician, at=now - timedelta(hours=1), publish_at=now - timedelta(minutes=20))
    assert "over 10 minutes late" in waiting(editor)["A text is late"][0]


def test_proposed_words_wait_for_an_editor(article, editor, clinician):
    suggestions.propose(sent(article(), editor), clinician, "Other words.", "Better words.")
    assert waiting(editor) == {"Words that a clinician proposes": ["Care"]}
    assert to_know(clinician)["Words that a clinician proposes"] == ["Care"]


# --- What readers see -------------------------------------------------------------------------------------------------


def test_a_changed_file_waits_for_a_decision_of_anybody_who_writes(article, editor, clinician):
    write(article(), editor)
    article("care", "The file says otherwise.\n")
    assert waiting(editor) == {"The file has changed: needs a decision": ["Care"]}
    assert waiting(clinician) == waiting(editor)


def test_an_urgent_correction_waits_for_a_clinician_and_leads_to_what_is_live(article, editor, clinician):
    article = article()
    decide(write(article, editor), KIND.URGENT, editor)
    assert waiting(clinician) == {"Urgent corrections to confirm": ["Care"]}
    write(article, editor, "A draft on top.\n")
    [urgent] = dashboard(clinician)["waiting"]
    assert urgent.items[0].url.endswith(f"/{article.pk}/review/?revision=2")
    assert to_know(editor)["Urgent corrections to confirm"] == ["Care"]


RULES = "driving\n:   May I drive?\n:   {}\n\nparking\n:   May I park?\n:   Yes.\n"


def test_a_changed_rule_puts_the_pages_that_quote_it_on_the_clinicians_list(article, editor, clinician):
    article("our-rules", RULES.format("Ask us."), kind="rules")
    signed(article("care", "[[rule:driving]]\n").live, clinician)
    signed(article("other", "[[rule:parking]]\n").live, clinician)
    assert to_know(editor)["Rules that need the clinic’s answer"] == ["May I drive?"]
    article("our-rules", RULES.format("Not on the day."), kind="rules")
    assert waiting(clinician) == {"Changed on approved pages, not yet checked": ["The rule “May I drive?”"]}
    assert "Rules that need the clinic’s answer" not in to_know(editor)


@pytest.mark.parametrize(("days", "heading"), [(-1, "Review overdue"), (30, "Review due within 30 days"), (31, None)])
def test_checks_that_are_due(article, editor, clinician, days, heading):
    now, today = timezone.now(), timezone.localdate()
    due = today + timedelta(days=days)
    decide(article().live, KIND.APPROVE, clinician, at=now - timedelta(days=60), review_due=due)
    assert [name for name in to_know(editor) if name.startswith("Review")] == [heading] * bool(heading)
    assert waiting(clinician) == ({heading: ["Care"]} if days < 0 else {})


def test_what_no_clinician_has_checked_is_said_to_clinicians(article, editor, clinician):
    article()
    heading = "Published, but not yet checked by a clinician"
    assert to_know(clinician)[heading] == ["Care"]
    assert heading not in to_know(editor)


@pytest.mark.parametrize(
    ("yes", "no", "days", "told"),
    [(0, 5, 0, True), (10, 5, 0, True), (11, 5, 0, False), (0, 4, 0, False), (0, 5, 91, False), (0, 5, 90, True)],
)
def test_pages_that_readers_found_not_useful(article, editor, yes, no, days, told):
    Usefulness.objects.create(article=article(), day=timezone.localdate() - timedelta(days=days), yes=yes, no=no)
    found = [section for section in dashboard(editor)["good_to_know"] if "useful" in section.heading]
    assert bool(found) == told
    if told:
        assert found[0].items[0].detail == f"{no} of {yes + no} readers said no in the last 90 days"


def test_a_file_that_is_gone_is_said(article, editor, content):
    article()
    (content.folder / "care.md").unlink()
    article("other")
    assert to_know(editor)["The file is gone"] == ["Care"]


# --- Advice -----------------------------------------------------------------------------------------------------------


def test_advice_is_worked_out_by_the_tick_and_only_shown_here(article, editor, monkeypatch):
    article("care", "This is the best page.\n", takeaways="[One., Two., Three.]")
    assert "Advice on live pages" not in to_know(editor)
    assert (background.advise(), background.advise()) == (1, 0)
    monkeypatch.setattr("siweb.articles.linting.report.advice", None)
    [advice] = [section for section in dashboard(editor)["good_to_know"] if section.heading == "Advice on live pages"]
    assert [item.words for item in advice.items] == ["Care"]
    assert '"best" promises too much' in advice.items[0].detail


def test_advice_goes_with_its_text_and_is_made_again_with_new_checks(article, monkeypatch):
    article("care", "This is the best page.\n")
    article("other", "Words.\n")
    assert background.advise() == 2
    article("care", "This is a page.\n")
    assert background.advise() == 1
    assert Advice.objects.count() == 2
    monkeypatch.setattr(background, "_checks", lambda: "newer checks")
    assert (background.advise(), background.advise()) == (2, 0)


def test_a_round_of_advice_ends_in_time_and_the_next_goes_on(article):
    article("care")
    article("other")
    assert background.advise(seconds=-1) == 0
    assert background.advise() == 2


# --- Enquiries, and who sees what -------------------------------------------------------------------------------------


def test_reception_sees_how_many_enquiries_wait_and_no_article(article, page, reception, manager, make_enquiry, editor):
    sent(article(), editor)
    late, _, mine = make_enquiry(), make_enquiry(), make_enquiry()
    Enquiry.objects.filter(pk=late.pk).update(due_at=timezone.now() - timedelta(minutes=1))
    Enquiry.objects.filter(pk=mine.pk).update(state="in_progress", owner=reception)
    assert waiting(reception) == {"Enquiries": ["2 need a first reply", "1 is overdue", "1 is with you"]}
    assert waiting(manager) == {"Enquiries": ["2 need a first reply", "1 is overdue"]}
    text = page(reception)
    assert "Maria" not in text
    assert "Care" not in text


def test_a_clinician_sees_how_many_patients_to_call(clinician, make_enquiry, editor):
    make_enquiry(tell=["diabetes"])
    assert waiting(clinician) == {"Patients to call": ["1 needs your call"]}
    assert waiting(editor) == {}


def test_mail_that_waits_is_said(reception, make_enquiry, mail_server):
    make_enquiry()
    Outbox.objects.update(next_try_at=timezone.now() - timedelta(hours=1))
    assert "Mail has been waiting" in waiting(reception)["Messages that could not be sent"][0]


def test_the_title_counts_every_single_thing(article, page, clinician, editor, make_enquiry):
    for slug in ("one", "two"):
        sent(article(slug), editor)
    make_enquiry(tell=["diabetes"])
    make_enquiry(tell=["diabetes"])
    assert "<title>(4) To do" in page(clinician)


def test_long_sections_are_cut_and_lead_to_the_list(article, page, editor):
    for number in range(7):
        write(article(f"draft-{number}"), editor)
    text = page(editor)
    assert '<a href="/admin/articles/article/?tab=drafts">And 2 more</a>' in text


@pytest.mark.slow
def test_links_lead_somewhere(article, client, page, editor, clinician, make_enquiry):
    revision = sent(article(), editor)
    sent(article("other"), editor)
    decide(revision, KIND.ASK, clinician)
    make_enquiry(tell=["diabetes"])
    for user in (editor, clinician):
        for path in set(re.findall(r'href="(/admin/[^"]*(?:article|enquiry)/[^"]*)"', page(user))):
            assert client.get(path.replace("&amp;", "&")).status_code == 200, path


@pytest.mark.parametrize("who", ["anonymous", "a member of no group"])
def test_others_see_nothing(client, article, editor, who, django_user_model):
    write(article(), editor)
    if who != "anonymous":
        client.force_login(django_user_model.objects.create_user("norma", is_staff=True))
    response = client.get(PAGE)
    assert response.status_code in (200, 302)
    assert "Care" not in response.content.decode()


def test_its_queries_do_not_grow_with_what_is_live(client, editor, clinician):
    client.force_login(clinician)
    counts = []
    for first in (0, 30):
        make_articles(30, 3, by=editor, first=first)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(PAGE).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 20
