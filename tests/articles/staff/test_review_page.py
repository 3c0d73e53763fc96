"""The page where a text is judged: what it shows, what its buttons do, and that nothing typed is lost."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision, Reading
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide, in_a_year, signed

ENTRY = "Jee H. A trial. *PM&R*, 2014. [doi.org](https://doi.org/10.1/x). Read: abstract."
BODY = f"## Rest\n\nRest for two days.[^jee2014]\n\n[^jee2014]: {ENTRY}\n"


@pytest.fixture
def article(db, content):
    sync.import_folder(content("care"))
    return Article.objects.get(slug="care")


def write(article, by, body=BODY, **front):
    article.refresh_from_db()
    return article.edit(
        front_matter.parse(article_file(body, **front)), by=by, version=article.version, note="Two days, not one"
    )


@pytest.fixture
def sent(article, editor):
    """A text that an editor has sent for review."""
    revision = write(article, editor)
    decide(revision, KIND.REQUEST, editor, note="Please look at the days.", reason="The trial says so.")
    return revision


def address(article, name="review", *more):
    return reverse(f"admin:articles_article_{name}", args=[article.pk, *more])


def on_screen(client, revision):
    """Open the page as a person does, the frame too, read it, and return what its forms then carry."""
    said = client.get(address(revision.article)).content.decode()
    assert client.get(address(revision.article, "page", revision.number)).status_code == 200
    seen = re.search(r'name="seen" value="(\w*)"', said)
    return {"number": revision.number, "seen": seen[1] if seen else "", "read": "on"}


def press(client, revision, moves, **said):
    return client.post(address(revision.article, "decide"), {"moves": moves, "number": revision.number, **said})


def kinds(revision):
    return [decision.kind for decision in revision.decisions.all()]


def test_it_shows_all_that_a_clinician_judges_by(client, sent, clinician):
    client.force_login(clinician)
    said = client.get(address(sent.article)).content.decode()
    for words in (
        "Two days, not one",  # the note of the revision
        "Please look at the days.",  # that of the request
        "The trial says so.",  # why advice was left standing
        '<span class="visually-hidden">added: </span>',  # words that differ
        "<b>Read: abstract.</b> Jee H.",
        "There are 0 takeaways",  # what the checks advise now
        "I have read this page as it will be shown",
        "What has happened",
    ):
        assert words in said, words
    assert f'<iframe src="{address(sent.article, "page", sent.number)}"' in said


def test_only_the_page_in_the_frame_may_be_framed_and_only_by_us(client, sent, clinician):
    client.force_login(clinician)
    framed = client.get(address(sent.article, "page", sent.number))
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert framed.headers["X-Frame-Options"] == "SAMEORIGIN"
    around = client.get(address(sent.article))
    assert "frame-ancestors 'none'" in around.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in around.headers["Content-Security-Policy"]
    assert around.headers["X-Frame-Options"] == "DENY"
    assert "frame-src" not in client.get("/guide/care/").headers["Content-Security-Policy"]


def test_the_page_in_the_frame_is_the_page_that_readers_get(client, sent, clinician):
    client.force_login(clinician)
    seen = on_screen(client, sent)
    draft = client.get(address(sent.article, "page", sent.number)).content.decode()
    press(client, sent, "approve publish", review_due=in_a_year(), **seen)
    sent.article.refresh_from_db()
    assert sent.article.page.html in client.get("/guide/care/").content.decode()
    assert sent.article.page.html in draft


@pytest.mark.parametrize("method", ["get", "head", "options"])
@pytest.mark.parametrize("headers", [{}, {"Sec-Purpose": "prefetch"}])
def test_to_be_sent_a_page_is_not_to_have_read_it(client, sent, clinician, method, headers):
    client.force_login(clinician)
    for path in (address(sent.article), address(sent.article, "page", sent.number)):
        getattr(client, method)(path, headers=headers)
    assert not Reading.objects.exists()


def test_whoever_ticks_has_read_it_and_only_with_the_tick_it_is_approved(client, sent, clinician):
    client.force_login(clinician)
    carried = on_screen(client, sent)
    without = press(client, sent, "approve", review_due=in_a_year(), note="Mine", seen=carried["seen"])
    assert without.status_code == 422
    assert "Read the page to its end, then tick this box." in without.content.decode()
    assert "Mine" in without.content.decode()
    assert (kinds(sent), Reading.objects.count()) == ([KIND.REQUEST], 0)
    assert press(client, sent, "approve", review_due=in_a_year(), **carried).status_code == 302
    assert Reading.objects.get().by == clinician


@pytest.mark.slow
def test_a_tick_does_not_move_to_a_page_that_has_changed_meanwhile(client, sent, clinician, second_editor):
    client.force_login(clinician)
    carried = on_screen(client, sent)
    assert ticked(press(client, sent, "approve", review_due="soon", **carried)), "it is still the page that was read"
    write(sent.article, second_editor, BODY.replace("two days", "nine weeks"))
    decide(Article.objects.get().head, KIND.REQUEST, second_editor)
    answer = press(client, sent, "approve", review_due=in_a_year(), **carried)
    assert answer.status_code == 409
    assert not ticked(answer)
    assert not Reading.objects.exists()


def ticked(answer):
    return "checked" in re.search(r'<input type="checkbox" name="read"[^>]*>', answer.content.decode())[0]


def test_a_text_that_was_not_on_screen_is_not_approved(client, sent, clinician):
    client.force_login(clinician)
    answer = press(client, sent, "approve", seen="0" * 64, read="on", review_due=in_a_year(), note="A remark of mine")
    assert answer.status_code == 409
    assert "Read it as it is now, then decide" in answer.content.decode()
    assert "A remark of mine" in answer.content.decode()
    assert kinds(sent) == [KIND.REQUEST]


@pytest.mark.slow
def test_approve_and_publish_in_one_press(client, sent, clinician):
    client.force_login(clinician)
    answer = press(client, sent, "approve publish", review_due=in_a_year(), **on_screen(client, sent))
    assert answer.status_code == 302
    assert kinds(sent) == [KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH]
    assert "Checked by Clara Clinician" in client.get("/guide/care/").content.decode()
    assert "It is approved. It is published: readers see it now." in client.get(answer.url).content.decode()


def test_approve_and_schedule_in_one_press(client, sent, clinician):
    client.force_login(clinician)
    at = timezone.localtime().replace(hour=12) + timedelta(days=3)
    on = {"publish_at": f"{at:%Y-%m-%dT%H:%M}", "review_due": in_a_year()}
    assert press(client, sent, "approve schedule", **on, **on_screen(client, sent)).status_code == 302
    assert timezone.localtime(sent.decisions.get(kind=KIND.SCHEDULE).publish_at) == at.replace(second=0, microsecond=0)


def test_one_press_does_all_or_nothing(client, sent, clinician):
    client.force_login(clinician)
    answer = press(client, sent, "approve schedule", review_due=in_a_year(), note="Mine", **on_screen(client, sent))
    assert answer.status_code == 422
    assert "Choose a time to come" in answer.content.decode()
    assert "Mine" in answer.content.decode()
    assert kinds(sent) == [KIND.REQUEST]


def test_a_wrong_day_is_said_beside_its_box_and_the_note_is_kept(client, sent, clinician):
    client.force_login(clinician)
    answer = press(client, sent, "approve", review_due="soon", note="My remark", **on_screen(client, sent))
    assert answer.status_code == 422
    assert "Write the day as 2027-03-31." in answer.content.decode()
    assert "My remark" in answer.content.decode()


def test_the_next_check_is_proposed_as_the_clinic_wishes(client, sent, clinician):
    Clinic.objects.update(review_months=6)
    client.force_login(clinician)
    due = re.search(r'name="review_due" value="([\d-]+)"', client.get(address(sent.article)).content.decode())[1]
    assert 178 <= (timezone.datetime.fromisoformat(due).date() - timezone.localdate()).days <= 185


def test_when_the_text_has_moved_on_the_page_shows_how_and_keeps_what_was_typed(client, sent, clinician, second_editor):
    client.force_login(clinician)
    seen = on_screen(client, sent)
    write(sent.article, second_editor, BODY.replace("two days", "nine weeks"))
    answer = press(client, sent, "approve", review_due=in_a_year(), note="Typed with care", **seen)
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "What has changed since the text that you had on screen (from text 2 to text 3)" in said
    assert "nine weeks" in said
    assert "Typed with care" in said
    assert kinds(sent) == [KIND.REQUEST, KIND.REPLACE]


def test_asking_for_changes_needs_words(client, sent, clinician):
    client.force_login(clinician)
    answer = press(client, sent, "ask", note=" ")
    assert answer.status_code == 422
    assert "Say it in a sentence" in answer.content.decode()
    assert press(client, sent, "ask", note="“two days”: say who said so.").status_code == 302
    assert "say who said so" in client.get(address(sent.article)).content.decode()


def test_who_wrote_part_of_a_text_reads_why_they_cannot_approve_it(client, article, clinician):
    revision = write(article, clinician)
    decide(revision, KIND.REQUEST, clinician)
    client.force_login(clinician)
    said = client.get(address(article)).content.decode()
    assert "You wrote part of this text, so another clinician has to approve it." in said
    assert 'value="approve' not in said


@pytest.mark.slow
def test_where_one_clinician_works_the_page_says_how_it_goes(client, article, clinician, editor):
    Clinic.objects.update(one_clinician=True)
    revision = write(article, clinician)
    decide(revision, KIND.REQUEST, clinician)
    client.force_login(clinician)
    said = client.get(address(article)).content.decode()
    assert "One clinician works here." in said
    assert "you may approve it once somebody who did not write it" in said
    client.force_login(editor)
    press(client, revision, "read", **on_screen(client, revision))
    client.force_login(clinician)
    press(client, revision, "approve publish", review_due=in_a_year(), **on_screen(client, revision))
    assert "who wrote part of it, and read by Edith Editor," in client.get("/guide/care/").content.decode()


def test_sending_for_review_with_advice_standing_asks_why(client, article, editor):
    revision = write(article, editor)
    client.force_login(editor)
    answer = press(client, revision, "request", note="For the spring")
    assert answer.status_code == 422
    assert "For the spring" in answer.content.decode()
    assert press(client, revision, "request", note="For the spring", reason="It is a short page.").status_code == 302
    kept = Decision.objects.get().advice
    assert kept["reason"] == "It is a short page."
    assert "takeaways" in [finding["key"] for finding in kept["found"]]


def test_an_urgent_correction_is_shown_with_its_warning(client, article, editor):
    revision = write(article, editor)
    client.force_login(editor)
    assert "no clinician will have checked it" in client.get(address(article)).content.decode()
    press(client, revision, "urgent", note="The dose was wrong")
    assert "Corrected urgently on" in client.get("/guide/care/").content.decode()


def test_errors_stop_an_urgent_correction_and_are_said(client, article, editor, content):
    sync.import_folder(content("rest"))
    revision = write(article, editor, "Read [about rest](rest).\n")
    Article.objects.filter(slug="rest").update(live=None, page=None)
    client.force_login(editor)
    answer = press(client, revision, "urgent", note="The dose was wrong")
    assert answer.status_code == 422
    assert "leads nowhere" in answer.content.decode()
    assert "The dose was wrong" in answer.content.decode()
    assert not Decision.objects.exists()


def test_a_text_that_cannot_be_shown_says_why_and_offers_no_approval(client, sent, clinician):
    write(sent.article, sent.author, "See [nowhere](nowhere).\n")
    client.force_login(clinician)
    said = client.get(address(sent.article)).content.decode()
    assert "Fix these errors before this text is sent for review" in said
    assert "leads nowhere" in said
    assert 'name="seen" value=""' in said or 'value="approve' not in said
    assert client.get(address(sent.article, "page", 3)).status_code == 422
    assert not Reading.objects.exists()


@pytest.mark.parametrize("moves", ["", "nonsense", "delete", "READ"])
def test_an_unknown_move_changes_nothing(client, sent, clinician, moves):
    client.force_login(clinician)
    assert press(client, sent, moves).status_code == 302
    assert kinds(sent) == [KIND.REQUEST]


@pytest.mark.parametrize("number", ["", "9", "x", "-1", "²"])
def test_a_text_that_does_not_exist_is_not_found(client, sent, clinician, number):
    client.force_login(clinician)
    assert client.post(address(sent.article, "decide"), {"moves": "ask", "number": number}).status_code == 404


def test_an_older_text_can_be_looked_at_but_not_decided_upon(client, sent, clinician, second_editor):
    write(sent.article, second_editor, BODY.replace("two", "three"))
    client.force_login(clinician)
    said = client.get(address(sent.article), {"revision": sent.number}).content.decode()
    assert "There is nothing for you to decide about this text now." in said
    assert "The newest text</b> is text 3" in said
    assert client.get(address(sent.article), {"revision": 9}).status_code == 404


def test_what_readers_see_can_be_judged_while_a_draft_is_in_the_making(client, sent, clinician):
    client.force_login(clinician)
    live = sent.article.live
    said = client.get(address(sent.article), {"revision": live.number}).content.decode()
    assert 'value="approve"' in said
    assert "Approve and publish now" not in said, "it is live already"
    client.get(address(sent.article, "page", live.number))
    seen = re.search(r'name="seen" value="(\w+)"', said)[1]
    assert press(client, live, "approve", seen=seen, read="on", review_due=in_a_year()).status_code == 302
    assert "Checked by Clara" in client.get("/guide/care/").content.decode()


def test_a_checked_page_says_when_a_rule_on_it_has_changed(client, db, content, clinician):
    content("care", "[[rule:call]]\n")
    sync.import_folder(content("our-rules", "call\n:   Whom?\n:   Ask us.\n", kind="rules"))
    article = Article.objects.get(slug="care")
    signed(article.live, by=clinician)
    client.force_login(clinician)
    assert "Check what has changed" not in client.get(address(article)).content.decode()
    sync.import_folder(content("our-rules", "call\n:   Whom?\n:   Us.\n", kind="rules"))
    said = client.get(address(article)).content.decode()
    assert "Since then the rule “Whom?” has changed here, and that part is not yet checked." in said
    assert "Check what has changed" in said


def test_what_staff_look_at_sends_no_answer_of_a_reader(client, sent, clinician):
    client.force_login(clinician)
    framed = client.get(address(sent.article, "page", sent.number))
    assert "form-action 'none'" in framed.headers["Content-Security-Policy"]


@pytest.mark.slow
def test_the_number_of_queries_does_not_grow_with_the_history(client, article, clinician, editor, second_editor):
    def queries():
        client.get(address(article))  # what is remembered until the site's version moves is read now
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address(article)).status_code == 200
        return len(asked)

    client.force_login(clinician)
    write(article, editor, "Text 0.\n")
    few = queries()
    for number in range(1, 30):
        revision = write(article, second_editor, f"Text {number}.\n")
        decide(revision, KIND.REQUEST, editor)
        decide(revision, KIND.WITHDRAW, editor)
    assert queries() <= few


def test_editors_and_clinicians_only(client, sent, reception, django_user_model):
    manager = with_role(django_user_model, "max", "Practice managers")
    for user in (reception, manager):
        client.force_login(user)
        for name, more in (("review", ()), ("page", (2,)), ("decide", ()), ("propose", ())):
            assert client.get(address(sent.article, name, *more)).status_code in (403, 405)
            assert client.post(address(sent.article, name, *more)).status_code in (403, 405)
        for name in ("confirm", "pack"):
            assert client.get(reverse(f"admin:articles_article_{name}")).status_code == 403
    client.logout()
    assert client.get(address(sent.article)).status_code == 302
