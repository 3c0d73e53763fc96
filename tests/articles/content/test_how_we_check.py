"""Every sentence that the site says about its own checking is tied to a test of the thing that it describes."""

import json
import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from siweb.articles.editorial import reminders
from siweb.articles.importing import sync
from siweb.articles.linting.messages import sentences
from siweb.articles.models import Article, Decision, Revision
from siweb.articles.pictures import library, processing
from siweb.articles.staff.forms import next_check
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide, in_a_year, signed
from tests.support.painting import painted, saved
from tests.support.rendering import shipped as shipped_documents

# Whole sections about checking, and the words by which a sentence elsewhere is about it.
SECTIONS = {"who-checks", "when-it-is-checked-again", "how-it-is-written-and-checked"}
ABOUT = re.compile(
    r"\b(?:checked|signature|sign(?:s|ed) (?:an?|alone|it|one|article)|signed|approved|urgent correction|clinicians?"
    r"|next check|each version|date at the top|top of (?:each|the) (?:page|article))\b",
    re.IGNORECASE,
)

PROOFS = {}  # {sentence: name of the test that proves it}


def proves(*said):
    def tie(test):
        PROOFS.update(dict.fromkeys(said, test.__name__))
        return test

    return tie


def said_about_checking(documents):
    return {
        sentence
        for slug in ("how-we-write", "our-rules", "about")
        for section in documents[slug].sections({}, {})
        for sentence in sentences(section.text)
        if section.anchor in SECTIONS or ABOUT.search(sentence)
    }


def test_every_sentence_about_checking_has_its_proof_and_no_proof_is_without_its_sentence():
    assert said_about_checking(shipped_documents()) == set(PROOFS)


@pytest.mark.parametrize("said", ["Each page is checked twice.", "A clinician has signed every page."])
def test_a_new_sentence_about_checking_would_be_missed(said):
    """The control."""
    documents = dict(shipped_documents())
    text = front_matter.Text("A title", "A summary.", "page", body=f"## Anywhere\n\nWords. {said}\n")
    documents["about"] = type(documents["about"])(text)
    assert said in said_about_checking(documents) - set(PROOFS)


# --- a small site ------------------------------------------------------------------------------------------------------

RULES = "driving\n:   May I drive?\n:   {}\n\nprice\n:   What does it cost?\n:   {}\n"
SIGN = (
    "numb\n:   level: same-day\n:   group: nerves\n:   for: everyone\n:   short: {}\n:   source: clinic\n"
    ":   typed: numb\n:   Numb.\n"
)
TEXTS = {
    "our-rules": (RULES.format("No.", "Ask us."), "rules"),
    "warning-signs": (SIGN.format("numb"), "signs"),
    "glossary": ("Steroid\n:   A medicine.\n", "glossary"),
    "care": (
        "A steroid. Call [[clinic:phone]], [[clinic:hours]].\n\n[[rule:driving]]\n\n[[rule:price]]\n\n"
        '[[signs:nerves]]\n\n![A hip](hip "Seen.")\n',
        "topic",
    ),
}
STATUS = re.compile(r'<p class="quiet status">(.*?) <a class="screen" href="#checked">', re.DOTALL)


@pytest.fixture
def write(content, db):
    def write(slug, body, kind):
        sync.import_folder(content(slug, body, kind=kind, title=slug))
        return Article.objects.get(slug=slug)

    return write


@pytest.fixture
def care(content, write, editor):
    library.add(processing.make(saved(painted())), "hip.png", editor)
    for slug, (body, kind) in TEXTS.items():
        content(slug, body, kind=kind, title=slug)
    return write("care", *TEXTS["care"])


@pytest.fixture
def status(client):
    """The line under the title, as a reader has it."""
    return lambda slug="care": STATUS.search(client.get(f"/guide/{slug}/").content.decode())[1]


def rewritten(article, by, body="Other words.\n"):
    article.refresh_from_db()
    return article.edit(front_matter.parse(article_file(body, title="care")), by=by, version=article.version)


NOT_YET = "Not yet checked by a clinician at this clinic."


@pytest.mark.slow
@proves("No clinician wrote them.", "No clinician has signed an article as it first came.")
@proves("Look at the top of each page.", "No one from outside has scored or approved this guide.")
def test_what_ships_has_no_clinician_and_says_so_on_every_page(shipped, client):
    assert not Decision.objects.exists()
    assert set(Revision.objects.values_list("author", flat=True)) == {None}
    for article in shipped.values():
        shown = client.get(article.page.url).content.decode()
        assert STATUS.search(shown)[1] == NOT_YET, article.slug
        facts = json.loads(re.search(r'ld\+json">(.*?)</script>', shown)[1])["@graph"][0]
        assert not {"reviewedBy", "lastReviewed", "review", "aggregateRating", "award"} & facts.keys(), article.slug


@pytest.mark.slow
@proves(
    'Until that is done, the top of the article says: "Not yet checked by a clinician at this clinic".',
    'A new article carries the words "Not yet checked by a clinician at this clinic".',
    "On when to get help, the emergency lists come first.",
)
def test_the_status_is_under_the_title_and_after_the_emergency_lists(shipped, client):
    for article in shipped.values():
        before = client.get(article.page.url).content.decode().partition('<p class="quiet status">')[0]
        text = before[before.index("<h1>") :].partition("</h1>")[2]
        if article.slug == "when-to-get-help":
            assert text.count('class="card emergency"') == 2
        else:
            assert text.strip() == "", article.slug


@proves("Only people who have signed in can do that.")
def test_who_has_not_signed_in_cannot_write(care, client):
    for name in ("change", "review", "decide"):
        answer = client.post(reverse(f"admin:articles_article_{name}", args=[care.pk]), {"body": "x"}, follow=True)
        assert answer.status_code in (200, 403), name
        assert "Sign in" in answer.content.decode(), name
    assert care.revisions.count() == 1


@proves("Each version is kept, with the name and the date, so that no change is lost.")
def test_each_version_is_kept_with_its_writer_and_day(care, editor):
    first, second = care.live, rewritten(care, editor)
    kept = {revision.pk: (revision.author, revision.created_at.date()) for revision in care.revisions.all()}
    assert kept[second.pk] == (editor, timezone.now().date())
    assert first.pk in kept


@proves("Each article must be read by a clinician of this clinic.")
def test_only_a_clinician_approves_and_only_with_the_page_on_screen(care, editor, clinician):
    for by, said in ((editor, {}), (clinician, {"seen": ""})):
        with pytest.raises(ValidationError):
            decide(care.live, KIND.APPROVE, by, **said)
    assert decide(care.live, KIND.APPROVE, clinician)


@proves(
    "That person signs one exact text, under their own name.",
    "A change of even one word needs a new signature.",
    "They stay until a named clinician has read that very text and signed it.",
)
def test_a_signature_is_for_one_exact_text_and_under_a_name(care, editor, clinician, status):
    signed(care.live, by=clinician)
    assert status().startswith("Checked by Clara Clinician on ")
    decide(rewritten(care, editor, TEXTS["care"][0].replace("A steroid", "One steroid")), KIND.URGENT, clinician)
    assert status().endswith(NOT_YET)
    signed(Article.objects.get(slug="care").live, by=clinician)
    assert status().startswith("Checked by Clara Clinician on ")


CHANGES = {
    "the rule “May I drive?”": ("our-rules", RULES.format("Yes.", "Ask us."), "rules"),
    "the warning sign “numb at once”": ("warning-signs", SIGN.format("numb at once"), "signs"),
    "the meaning of “Steroid”": ("glossary", "Steroid\n:   A drug.\n", "glossary"),
}


@pytest.mark.slow
@proves(
    "A signature also covers what the page shows from elsewhere: our rules, warning signs, pictures and words explained.",
    "If one of these changes, the page says which part is not yet checked.",
)
def test_a_signature_covers_what_the_page_shows_from_elsewhere(care, write, clinician, status):
    for name, change in CHANGES.items():
        signed_again(care, clinician)
        write(*change)
        assert f"Since then {name} has changed here, and that part is not yet checked." in status()
    signed_again(care, clinician)
    library.replace(library.Picture.objects.get(), processing.make(saved(painted().rotate(90))))
    assert "Since then the picture “hip” has changed here, and that part is not yet checked." in status()


def signed_again(article, by):
    article.refresh_from_db()
    decide(article.live, KIND.CONFIRM if article.live.is_approved else KIND.APPROVE, by)


@proves("A new phone number, new opening hours or a new price does not need a new signature.")
def test_facts_of_the_clinic_do_not_reopen_a_signature(care, write, clinician, client, status):
    signed(care.live, by=clinician)
    write("our-rules", RULES.format("No.", "100 pounds."), "rules")
    clinic = Clinic.current()
    clinic.phone, clinic.hours = "0161 496 0123", "Mon-Fri 10:00-12:00"
    clinic.save()
    shown = client.get("/guide/care/").content.decode()
    assert all(fact in shown for fact in ("100 pounds", "0161 496 0123", clinic.hours_lines[0]))
    assert status().endswith(f", next check by {in_a_year():%-d %B %Y}.")


@proves("Nobody signs alone for words that they wrote.")
@proves("In a clinic with only one clinician, somebody else must read the text too.", "The page then says so.")
def test_nobody_signs_alone_for_their_own_words(care, editor, clinician, status):
    revision = rewritten(care, clinician)
    decide(revision, KIND.URGENT, clinician)
    for one_clinician in (False, True):
        Clinic.objects.update(one_clinician=one_clinician)
        with pytest.raises(ValidationError, match="You wrote part of this text"):
            decide(revision, KIND.APPROVE, clinician)
    decide(revision, KIND.READ, editor)
    decide(revision, KIND.APPROVE, clinician)
    assert status().startswith("Checked by Clara Clinician, who wrote part of it, and read by Edith Editor, on ")


@proves(
    "Some mistakes cannot wait.",
    "Staff can then correct a text before a clinician has read it.",
    "The page tells you that it was an urgent correction.",
    "Staff can put an urgent correction on the page at once.",
)
def test_an_urgent_correction_is_shown_at_once_and_says_so(care, editor, client, status):
    decide(rewritten(care, editor, TEXTS["care"][0] + "\nDo not drive at all.\n"), KIND.URGENT, editor)
    assert "Do not drive at all." in client.get("/guide/care/").content.decode()
    assert status() == f"Corrected urgently on {timezone.localdate():%-d %B %Y}. {NOT_YET}"


@proves("The clinic sets how long a signature lasts.")
def test_the_form_offers_the_clinics_own_time_until_the_next_check(db):
    def offered(months):
        Clinic.objects.update(review_months=months)
        return next_check()

    assert offered(6) < offered(12) < offered(24)


@proves("The date of the next check is on each signed article.")
@proves("If the date has passed, the top of the page says so.")
@proves("Until you hear from us, look for the date at the top of each page.")
def test_the_date_of_the_next_check_is_at_the_top(care, clinician, status, monkeypatch):
    signed(care.live, by=clinician)
    due = in_a_year()
    assert f"on {timezone.localdate():%-d %B %Y}, next check by {due:%-d %B %Y}." in status()
    monkeypatch.setattr(timezone, "localdate", lambda *_: due + timedelta(days=1))
    assert f"The next check was due on {due:%-d %B %Y} and has not been done." in status()


@pytest.mark.slow
@proves("When a date comes near or has passed, clinicians get an e-mail.", "They get one a week until it is done.")
def test_clinicians_are_reminded_once_a_week_until_it_is_done(care, django_user_model, mail_server):
    clinician = with_role(django_user_model, "clara", "Clinicians", "Clinician")
    clinician.email = "clara@joint.example"
    clinician.save()
    start = timezone.localtime().replace(hour=9)
    decide(care.live, KIND.APPROVE, clinician, review_due=timezone.localdate() + timedelta(days=10))
    told = [reminders.send_due(start + timedelta(days=day)) for day in range(22)]
    assert [day for day, count in enumerate(told) if count] == [0, 7, 14, 21]
    decide(care.live, KIND.CONFIRM, clinician, at=start + timedelta(days=21))
    assert [reminders.send_due(start + timedelta(days=day)) for day in range(22, 31)] == [0] * 9


@proves(
    "A separate page tells you how we write and check: who writes, where the facts come from, "
    "and what has not been done yet."
)
def test_every_page_leads_to_how_we_write_and_check(shipped, client):
    anchors = shipped_documents()["how-we-write"].anchors
    assert {"who-writes", "where-facts-come-from", "what-has-not-been-done"} <= anchors
    for article in shipped.values():
        shown = client.get(article.page.url).content.decode()
        assert 'href="/how-we-write/">How we write and check</a>' in shown.partition('id="checked"')[2], article.slug
