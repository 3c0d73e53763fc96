"""Nobody checks their own words: not in a rule, sign or meaning that another page quotes, nor in a picture."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from siweb.articles.editorial import quote_changes, workflow
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision, Picture
from siweb.articles.pictures import library, processing
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide, signed
from tests.support.painting import painted, saved

RULES = "driving\n:   May I drive?\n:   {}\n\nrest\n:   Must I rest?\n:   {}\n"
SIGN = (
    "numb\n:   level: same-day\n:   group: nerves\n:   for: everyone\n:   short: {}\n:   source: clinic\n"
    ":   typed: numb\n:   Numb.\n"
)
BODY = 'A steroid.\n\n[[rule:driving]]\n\n[[signs:nerves]]\n\n![A hip](hip "Seen.")\n'

# What a clinician changes alone: (article, its new text, its kind, the quote).
CHANGES = {
    "rule": ("our-rules", RULES.format("Yes.", "No."), "rules", "rule:driving"),
    "sign": ("warning-signs", SIGN.format("numb for a day"), "signs", "sign:numb"),
    "term": ("glossary", "Steroid\n:   A drug.\n", "glossary", "term:Steroid"),
    "picture": ("", "", "", "figure:hip"),
}
WROTE, UPLOADED = "You wrote part of this text", "You uploaded the picture “hip”"


@pytest.fixture
def colleague(django_user_model):
    return with_role(django_user_model, "cora", "Clinicians", "Colleague")


@pytest.fixture
def care(db, content, editor):
    library.add(processing.make(saved(painted())), "hip.png", editor)
    content("our-rules", RULES.format("No.", "No."), kind="rules")
    content("warning-signs", SIGN.format("numb"), kind="signs")
    content("glossary", "Steroid\n:   A medicine.\n", kind="glossary")
    sync.import_folder(content("care", BODY, title="Care"))
    return Article.objects.get(slug="care")


def edited(slug, body, by, **front):
    article = Article.objects.get(slug=slug)
    return article.edit(front_matter.parse(article_file(body, **front)), by=by, version=article.version)


def replace_picture(by):
    library.replace(Picture.objects.get(), processing.make(saved(painted().rotate(90))), by)


def change(what, by):
    slug, body, kind, _ = CHANGES[what]
    if what == "picture":
        replace_picture(by)
    else:
        decide(edited(slug, body, by, kind=kind), KIND.URGENT, by)


def published(care, clinician, colleague, editor):
    signed(care.live, by=colleague)
    return care.live, KIND.CONFIRM


def not_checked(care, clinician, colleague, editor):
    return care.live, KIND.APPROVE


def in_review(care, clinician, colleague, editor):
    revision = edited("care", BODY + "\nMore.\n", editor, title="Care")
    decide(revision, KIND.REQUEST, editor)
    return revision, KIND.APPROVE


def waiting(care, clinician, colleague, editor):
    revision, _ = in_review(care, clinician, colleague, editor)
    decide(revision, KIND.APPROVE, colleague)
    return revision, KIND.CONFIRM


def scheduled(care, clinician, colleague, editor):
    revision, _ = waiting(care, clinician, colleague, editor)
    decide(revision, KIND.SCHEDULE, colleague)
    return revision, KIND.CONFIRM


STATES = {state.__name__: state for state in (published, not_checked, in_review, waiting, scheduled)}


def is_offered(revision, kind, user):
    article = Article.objects.get(pk=revision.article_id)
    return kind in {move.kind for move in workflow.possible(article, revision, user)}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("what", CHANGES)
def test_who_changed_a_part_checks_no_page_that_shows_it(care, clinician, colleague, editor, what, state):
    revision, kind = STATES[state](care, clinician, colleague, editor)
    change(what, clinician)
    assert not is_offered(revision, kind, clinician)
    assert is_offered(revision, kind, colleague)
    with pytest.raises(ValidationError, match=UPLOADED if what == "picture" else WROTE):
        decide(revision, kind, clinician)
    assert decide(revision, kind, colleague)


@pytest.mark.parametrize("what", CHANGES)
def test_who_changed_a_part_does_not_check_the_change_on_other_pages(care, clinician, colleague, what):
    signed(care.live, by=colleague)
    change(what, clinician)
    quote = CHANGES[what][3]
    shown = {article.pk: article.page_id for article in quote_changes.unchecked_changes()[quote]}
    with pytest.raises(ValidationError, match=UPLOADED if what == "picture" else WROTE):
        quote_changes.check_change(quote, shown, clinician)
    assert quote_changes.check_change(quote, shown, colleague) == 1


def test_another_part_of_the_same_text_is_not_ones_own(care, clinician, colleague):
    signed(care.live, by=colleague)
    decide(edited("our-rules", RULES.format("No.", "Yes."), clinician, kind="rules"), KIND.URGENT, clinician)
    assert decide(care.live, KIND.CONFIRM, clinician)


@pytest.mark.parametrize("what", CHANGES)
def test_what_another_clinician_has_approved_is_no_longer_ones_own(care, clinician, colleague, what):
    signed(care.live, by=colleague)
    change(what, clinician)
    if what == "picture":
        decide(care.live, KIND.CONFIRM, colleague)
    else:
        signed(Article.objects.get(slug=CHANGES[what][0]).live, by=colleague)
    assert decide(care.live, KIND.CONFIRM, clinician)


def test_a_change_of_a_text_that_an_editor_wrote_on_is_still_ones_own(care, clinician, colleague, editor):
    signed(care.live, by=colleague)
    change("rule", clinician)
    decide(edited("our-rules", RULES.format("Yes.", "Rest."), editor, kind="rules"), KIND.URGENT, clinician)
    with pytest.raises(ValidationError, match=WROTE):
        decide(care.live, KIND.CONFIRM, clinician)


@pytest.mark.parametrize("what", CHANGES)
def test_the_only_clinician_needs_a_second_reader_and_the_page_says_so(
    care, clinician, colleague, editor, client, what
):
    Clinic.objects.update(one_clinician=True)
    signed(care.live, by=colleague)
    change(what, clinician)
    with pytest.raises(ValidationError, match="only clinician"):
        decide(care.live, KIND.CONFIRM, clinician)
    read = care if what == "picture" else Article.objects.get(slug=CHANGES[what][0])
    decide(read.live, KIND.READ, editor)
    decide(care.live, KIND.CONFIRM, clinician)
    said = client.get("/guide/care/").content.decode()
    assert "Checked by Clara Clinician, who wrote part of it, and read by a second person, on" in said


def test_a_second_reader_reads_a_published_page_only_when_something_on_it_has_changed(care, colleague, editor):
    Clinic.objects.update(one_clinician=True)
    signed(care.live, by=colleague)
    assert not is_offered(care.live, KIND.READ, editor)
    replace_picture(colleague)
    assert is_offered(care.live, KIND.READ, editor)


def test_the_page_of_a_change_and_of_the_article_say_why(care, clinician, colleague, client):
    signed(care.live, by=colleague)
    change("picture", clinician)
    client.force_login(clinician)
    for address in (
        reverse("admin:articles_article_confirm") + "?quote=figure:hip",
        reverse("admin:articles_article_review", args=[care.pk]),
    ):
        assert "You uploaded the picture “hip” as it is now, so another clinician has to check it." in client.get(
            address
        ).content.decode().replace("&#x27;", "'")


def test_who_replaces_a_picture_cannot_tick_its_pages_in_the_same_step(care, clinician, colleague, client):
    signed(care.live, by=colleague)
    client.force_login(clinician)
    address = reverse("admin:articles_picture_change", args=[Picture.objects.get().pk])
    assert 'name="confirm"' not in client.get(address).content.decode()
    from tests.articles.pictures.test_pictures import upload

    client.post(address, {"replace": "", "picture": upload(saved(painted().rotate(180))), "confirm": care.pk})
    assert list(quote_changes.unchecked_changes()) == ["figure:hip"]
    assert not Decision.objects.filter(kind=KIND.QUOTE).exists()
