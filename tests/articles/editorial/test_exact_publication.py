"""A page goes out as it was approved: while what it quotes is not as a clinician saw it, it waits and says so."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from siweb.articles.editorial import held, notices, publishing, scheduling, workflow
from siweb.articles.editorial.workflow import State
from siweb.articles.importing import sync
from siweb.articles.models import Article
from siweb.articles.rendering.renderer import Figure
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide, in_a_year, tomorrow
from tests.support.mailserver import one

SIGN = (
    "numbness\n:   level: {}\n:   group: nerves\n:   for: everyone\n:   short: {}\n:   source: clinic\n:   typed: numb\n"
    ":   New numbness.\n"
)
OTHER_RULES = "driving\n:   May I drive?\n:   Ask us.\n\nprice\n:   What is the price?\n:   Ask us.\n"
RULES = "driving\n:   May I drive?\n:   {}\n\nprice\n:   What does it cost?\n:   {}\n"
GLOSSARY = "Joint\n:   {}\n"
BODY = (
    "A joint.\n\n[[rule:driving]]\n\nPrice: [[rule:price]]\n\n[[signs:nerves]]\n\n"
    '![A pelvis](pelvis "The pelvis.")\n\nCall [[clinic:phone]], [[clinic:hours]]. See [rest](rest).\n'
)


@pytest.fixture
def files(db, content):
    content("care", title="Care")
    content("rest", title="Rest")
    content("our-rules", RULES.format("Ask us.", "Ask us."), kind="rules", title="Our rules")
    content("warning-signs", SIGN.format("same-day", "new numbness"), kind="signs", title="Warning signs")
    content("glossary", GLOSSARY.format("Where bones meet."), kind="glossary", title="Glossary")
    sync.import_folder(content.folder)
    return content


@pytest.fixture
def approved(files, editor, clinician):
    """A version that quotes a bit of everything, approved and not published yet."""
    article = Article.objects.get(slug="care")
    revision = article.edit(front_matter.parse(article_file(BODY, title="Care")), by=editor, version=article.version)
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    return revision


def by_file(slug, body, **front):
    def change(files, monkeypatch):
        sync.import_folder(files(slug, body, **front))

    return change


def of_the_clinic(**facts):
    def change(files, monkeypatch):
        clinic = Clinic.current()
        for name, value in facts.items():
            setattr(clinic, name, value)
        clinic.save()

    return change


def redraw(files, monkeypatch):
    drawings = publishing.drawings()
    monkeypatch.setattr(publishing, "drawings", lambda: drawings | {"pelvis": Figure("/new.svg", 1, 1, "new")})
    publishing.refresh()


# What changes after the approval, and what the page then waits for.
CHANGES = {
    "a rule": (by_file("our-rules", RULES.format("No.", "Ask us."), kind="rules"), "the rule “driving”"),
    "a sign’s text": (
        by_file("warning-signs", SIGN.format("same-day", "numb legs"), kind="signs"),
        "the warning sign “numbness”",
    ),
    "a sign’s level": (
        by_file("warning-signs", SIGN.format("soon", "new numbness"), kind="signs"),
        "the warning sign “numbness”",
    ),
    "a definition": (by_file("glossary", GLOSSARY.format("A bend."), kind="glossary"), "the meaning of “Joint”"),
    "a picture": (redraw, "the picture “pelvis”"),
    "nothing": (lambda *_: None, ""),
    "another article": (by_file("rest", "Other words.\n"), ""),
    "the price": (by_file("our-rules", RULES.format("Ask us.", "£500."), kind="rules"), ""),
    "a rule of the manager": (by_file("our-rules", OTHER_RULES, kind="rules"), ""),
    "the phone": (of_the_clinic(phone="0161 496 0001"), ""),
    "the hours": (of_the_clinic(hours="Mon-Fri 09:00-17:00"), ""),
    "the name": (of_the_clinic(name="Another Clinic"), ""),
}


@pytest.fixture(params=CHANGES)
def changed(request, approved, files, monkeypatch):
    """(the approved version, what it waits for) after each change."""
    change, waits_for = CHANGES[request.param]
    change(files, monkeypatch)
    return approved, waits_for


def moves(revision, user):
    return {move.kind for move in workflow.possible(Article.objects.get(pk=revision.article_id), revision, user)}


def test_only_a_changed_clinical_part_holds_a_page(changed, clinician):
    revision, waits_for = changed
    names = held.changed_since_approval(Article.objects.get(slug="care"), revision)
    assert waits_for in held.in_words(names)
    assert bool(names) == bool(waits_for)
    offered = moves(revision, clinician)
    assert ({KIND.PUBLISH, KIND.SCHEDULE} <= offered) == (not waits_for)
    assert (KIND.CONFIRM in offered) == bool(waits_for)


def test_publish_now_waits_with_the_reason_until_it_is_confirmed(changed, clinician, django_user_model):
    revision, waits_for = changed
    if waits_for:
        for kind in (KIND.PUBLISH, KIND.SCHEDULE):
            with pytest.raises(ValidationError, match=f"{waits_for}.* changed since then. Read it again"):
                decide(revision, kind, clinician)
        decide(revision, KIND.CONFIRM, with_role(django_user_model, "cora", "Clinicians"))
    decide(revision, KIND.PUBLISH, clinician)
    assert Article.objects.get(slug="care").live == revision


def test_a_schedule_waits_past_its_time_and_goes_on_once_it_is_confirmed(approved, files, monkeypatch, clinician):
    at = tomorrow()
    decide(approved, KIND.SCHEDULE, clinician, publish_at=at)
    CHANGES["a rule"][0](files, monkeypatch)
    assert scheduling.publish_due(at) == 0
    assert workflow.state_of(Article.objects.get(slug="care"), approved) == State.SCHEDULED
    assert not approved.decisions.filter(kind=KIND.CANCEL).exists()
    assert scheduling.lateness(at + timedelta(hours=1)) == "", "the scheduler is not to blame"
    decide(approved, KIND.CONFIRM, clinician, at=at + timedelta(hours=1))
    assert scheduling.publish_due(at + timedelta(hours=2)) == 1
    assert Article.objects.get(slug="care").live == approved


def test_a_second_change_holds_it_again(approved, files, monkeypatch, clinician):
    CHANGES["a rule"][0](files, monkeypatch)
    decide(approved, KIND.CONFIRM, clinician)
    assert KIND.PUBLISH in moves(approved, clinician)
    CHANGES["a sign’s level"][0](files, monkeypatch)
    assert KIND.PUBLISH not in moves(approved, clinician)


def test_what_changes_back_holds_no_more(approved, files, monkeypatch, clinician):
    CHANGES["a rule"][0](files, monkeypatch)
    assert KIND.PUBLISH not in moves(approved, clinician)
    article = Article.objects.get(slug="our-rules")
    again = article.edit(article.revisions.get(number=1).parsed, by=clinician, version=article.version)
    decide(again, KIND.URGENT, clinician)
    assert KIND.PUBLISH in moves(approved, clinician)


# --- It says so --------------------------------------------------------------------------------------------


def text_of(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.mark.slow
def test_the_review_page_and_the_dashboard_say_what_it_waits_for(approved, files, monkeypatch, client, clinician):
    client.force_login(clinician)
    review = reverse("admin:articles_article_review", args=[approved.article_id])
    section = "Approved, but something on the page has changed since"
    assert "This page waits" not in text_of(client.get(review))
    assert section not in text_of(client.get("/admin/"))
    CHANGES["a rule"][0](files, monkeypatch)
    page = text_of(client.get(review))
    assert "This page waits. Since it was approved, this has changed on it: the rule “driving”." in page
    assert 'value="confirm"' in client.get(review).content.decode()
    assert 'value="publish"' not in client.get(review).content.decode()
    home = client.get("/admin/")
    assert section in text_of(home)
    assert "the rule “driving”" in text_of(home)
    assert review in home.content.decode()


@pytest.mark.slow
def test_from_the_review_page_it_is_confirmed_and_published(approved, files, monkeypatch, client, clinician):
    CHANGES["a rule"][0](files, monkeypatch)
    client.force_login(clinician)
    review = reverse("admin:articles_article_review", args=[approved.article_id])
    seen = re.search(r'name="seen" value="(\w+)"', client.get(review).content.decode())[1]
    decision = {"number": approved.number, "seen": seen, "read": "on", "review_due": in_a_year(), "moves": "confirm"}
    address = reverse("admin:articles_article_decide", args=[approved.article_id])
    refused = client.post(address, {"number": approved.number, "moves": "publish"})
    assert refused.status_code == 409
    assert "This page waits, because it would not be what was approved" in text_of(refused)
    assert client.post(address, decision).status_code == 302
    assert client.post(address, {"number": approved.number, "moves": "publish"}).status_code == 302
    assert Article.objects.get(slug="care").live == approved


@pytest.fixture
def with_addresses(clinic, clinician, django_user_model):
    """The clinician who approves and a colleague, both with an address."""
    colleague = with_role(django_user_model, "cora", "Clinicians", "Colleague")
    for user in (clinician, colleague):
        user.email = f"{user.username}@joint.example"
        user.save()
    return clinician, colleague


def test_the_approver_gets_an_email_without_a_word_of_the_text(
    with_addresses, approved, files, monkeypatch, mail_server
):
    now = timezone.now()
    assert notices.send_due(now) == 0
    CHANGES["a rule"][0](files, monkeypatch)
    assert notices.send_due(now + timedelta(hours=1)) == 1
    mail = one(mail_server.mails)
    assert mail.to == ["clara@joint.example"]
    assert mail.message["Subject"] == "Please look at: Care"
    assert mail.message["Auto-Submitted"] == "auto-generated"
    for text in (mail.text, mail.html):
        assert "It is approved, and waits: the rule “driving” changed since then." in text
        assert reverse("admin:articles_article_review", args=[approved.article_id]) in text
        assert "May I drive" not in text


@pytest.mark.slow
def test_it_is_sent_once_and_once_a_week_again_while_the_page_waits(
    with_addresses, approved, files, monkeypatch, mail_server
):
    CHANGES["a rule"][0](files, monkeypatch)
    start = timezone.localtime().replace(hour=9, minute=0)
    sent = [notices.send_due(start + timedelta(days=day, hours=hours)) for day in range(9) for hours in (0, 3)]
    assert (sum(sent), sent[0], sent[14]) == (2, 1, 1)
    decide(approved, KIND.CONFIRM, with_addresses[0])
    assert notices.send_due(start + timedelta(days=20)) == 0


def test_without_an_address_of_the_approver_the_other_clinicians_are_told(
    with_addresses, approved, files, monkeypatch, mail_server
):
    clinician, _ = with_addresses
    clinician.email = ""
    clinician.save()
    CHANGES["a rule"][0](files, monkeypatch)
    assert notices.send_due() == 1
    assert one(mail_server.mails).to == ["cora@joint.example"]


def test_a_server_that_is_away_loses_nothing(with_addresses, approved, files, monkeypatch, mail_server, caplog):
    CHANGES["a rule"][0](files, monkeypatch)
    now = timezone.now()
    mail_server.refuse["clara@joint.example"] = "451 clara@joint.example: try later"
    assert notices.send_due(now) == 0
    mail_server.refuse.clear()
    assert notices.send_due(now + timedelta(minutes=9)) == 0, "not at every minute"
    assert notices.send_due(now + timedelta(minutes=11)) == 1
    assert "a notice was not sent" in caplog.text
    assert "@" not in caplog.text
