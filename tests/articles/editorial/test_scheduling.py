"""Texts that are shown at a set time: when it comes, when it cannot, and when nobody shows them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from siweb.articles.editorial import publishing, scheduling, workflow
from siweb.articles.editorial.workflow import State
from siweb.articles.importing import sync
from siweb.articles.models import Article
from siweb.articles.text import front_matter
from siweb.core.models import JobRun
from siweb.enquiries.mail import outbox
from siweb.operations.management.commands.tick import tick
from tests.conftest import article_file
from tests.support.deciding import KIND, decide, tomorrow


@pytest.fixture
def articles(db, content):
    content("care")
    sync.import_folder(content("rest"))
    return {article.slug: article for article in Article.objects.all()}


@pytest.fixture
def scheduled(articles, editor, clinician):
    """scheduled("care", "New words.", at=…) is a text that waits for its time."""

    def schedule(slug, words="New words.\n", at=None, **front):
        article = articles[slug]
        article.refresh_from_db()
        revision = article.edit(front_matter.parse(article_file(words, **front)), by=editor, version=article.version)
        decide(revision, KIND.REQUEST, editor)
        decide(revision, KIND.APPROVE, clinician)
        decide(revision, KIND.SCHEDULE, clinician, publish_at=at or tomorrow())
        return revision

    return schedule


def shown(slug):
    return Article.objects.get(slug=slug).page.html


def after(at, **later):
    return at + timedelta(**later)


def test_a_text_is_shown_when_its_time_comes_and_not_before(scheduled, clinician):
    at = tomorrow()
    revision = scheduled("care", at=at)
    assert scheduling.publish_due(after(at, seconds=-1)) == 0
    assert "New words" not in shown("care")
    assert scheduling.publish_due(at) == 1
    assert "New words" in shown("care")
    done = revision.decisions.get(kind=KIND.PUBLISH)
    assert (done.by, done.note) == (clinician, "as scheduled")
    assert scheduling.publish_due(after(at, days=1)) == 0


def test_a_schedule_that_was_cancelled_and_set_again_keeps_to_the_new_time(scheduled, clinician):
    at = tomorrow()
    revision = scheduled("care", at=at)
    decide(revision, KIND.CANCEL, clinician)
    assert scheduling.publish_due(at) == 0
    decide(revision, KIND.SCHEDULE, clinician, publish_at=after(at, days=7))
    assert scheduling.publish_due(at) == 0
    assert scheduling.publish_due(after(at, days=7)) == 1


def cancelled(revision, article, editor, clinician):
    decide(revision, KIND.CANCEL, clinician)


def replaced(revision, article, editor, clinician):
    article.refresh_from_db()
    article.edit(front_matter.parse(article_file("Newer words.\n")), by=editor, version=article.version)


def sent_back(revision, article, editor, clinician):
    decide(revision, KIND.ASK, clinician)


ENDINGS = [cancelled, replaced, sent_back]


@pytest.mark.parametrize("end", ENDINGS)
def test_a_schedule_that_has_ended_is_neither_due_nor_late(scheduled, articles, editor, clinician, end):
    at = tomorrow()
    revision = scheduled("care", at=at)
    assert [schedule.revision for schedule in scheduling.due(at)] == [revision]
    end(revision, articles["care"], editor, clinician)
    assert scheduling.due(at) == []
    assert scheduling.lateness(after(at, days=1)) == ""


@pytest.mark.parametrize("end", ENDINGS)
def test_a_schedule_that_ends_as_it_is_about_to_be_shown_is_not_shown(
    scheduled, articles, editor, clinician, monkeypatch, end
):
    at = tomorrow()
    revision = scheduled("care", at=at)
    due = scheduling.due(at)
    end(revision, articles["care"], editor, clinician)
    monkeypatch.setattr(scheduling, "due", lambda now: due)
    assert scheduling.publish_due(at) == 0
    assert "Some words" in shown("care")
    assert not revision.decisions.filter(kind=KIND.PUBLISH).exists()


def test_a_new_text_cancels_the_schedule(scheduled, articles, editor):
    at = tomorrow()
    scheduled("care", at=at)
    article = Article.objects.get(slug="care")
    article.edit(front_matter.parse(article_file("Newer words.\n")), by=editor, version=article.version)
    assert scheduling.publish_due(at) == 0
    assert "ew words" not in shown("care")


def test_asking_for_changes_cancels_the_schedule(scheduled, clinician):
    at = tomorrow()
    decide(scheduled("care", at=at), KIND.ASK, clinician)
    assert scheduling.publish_due(at) == 0


def test_a_text_that_cannot_be_shown_any_more_is_cancelled_with_the_reason(scheduled, articles, clinician):
    at = tomorrow()
    revision = scheduled("care", "Read [about rest](rest).\n", at=at)
    publishing.take_down(articles["rest"])
    assert scheduling.publish_due(at) == 0
    cancelled = revision.decisions.get(kind=KIND.CANCEL)
    assert cancelled.by is None
    assert "It could not be shown" in cancelled.note
    assert "leads nowhere" in cancelled.note
    article = Article.objects.get(slug="care")
    assert workflow.state_of(article, revision) == State.APPROVED
    assert "Some words" in article.page.html


def test_one_that_fails_never_stops_the_others_or_the_mail(scheduled, monkeypatch, caplog):
    at = tomorrow()
    bad, good = scheduled("care", at=at), scheduled("rest", at=after(at, seconds=1))
    show = scheduling.show_readers
    mails = []

    def fail(article, *arguments):
        if article.slug == "care":
            raise RuntimeError("words of the text")
        return show(article, *arguments)

    monkeypatch.setattr(scheduling, "show_readers", fail)
    monkeypatch.setattr(outbox, "send_due", mails.append)
    tick(after(at, minutes=1))
    assert "New words" in shown("rest")
    assert mails
    assert good.decisions.filter(kind=KIND.PUBLISH).exists()
    assert "not shown, and is tried again: RuntimeError" in caplog.text
    assert "words of the text" not in caplog.text
    monkeypatch.undo()
    tick(after(at, minutes=2))
    assert bad.decisions.filter(kind=KIND.PUBLISH).exists()


@pytest.mark.parametrize(("minutes", "said"), [(9, ""), (11, "A scheduled text is over 10 minutes late.")])
def test_staff_are_told_when_a_text_is_late(scheduled, minutes, said):
    at = tomorrow()
    scheduled("care", at=at)
    assert scheduling.lateness(after(at, minutes=minutes)).startswith(said or "")
    assert bool(scheduling.lateness(after(at, minutes=minutes))) == bool(said)


def test_the_sentence_says_when_the_scheduler_last_ran(scheduled):
    at = tomorrow()
    scheduled("care", at=at)
    scheduled("rest", at=at)
    late = after(at, minutes=11)
    assert "2 scheduled texts are over 10 minutes late. The scheduler has never run." in scheduling.lateness(late)
    tick(timezone.now())
    ran = timezone.localtime(JobRun.last_success())
    assert f"The scheduler last ran {ran:%-d %B at %H:%M}." in scheduling.lateness(late)


def test_a_clock_that_jumps_shows_no_text_early_and_staff_are_told_why(scheduled):
    scheduled("care", at=tomorrow())
    tick(timezone.now())
    jumped = after(tomorrow(), days=400)
    tick(jumped)
    assert "New words" not in shown("care")
    assert "a practice manager has to confirm the site’s clock first" in scheduling.lateness(jumped)


@pytest.mark.parametrize("at", [timedelta(seconds=-1), timedelta(0), timedelta(days=367)])
def test_only_a_time_to_come_within_a_year_can_be_set(articles, editor, clinician, at):
    article = articles["care"]
    revision = article.edit(front_matter.parse(article_file("New.\n")), by=editor, version=article.version)
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    now = timezone.now()
    with pytest.raises(workflow.ValidationError, match="a time to come, within a year"):
        decide(revision, KIND.SCHEDULE, clinician, publish_at=now + at, at=now)
