"""A new version takes back the one that is on its way to readers: said before, asked once, recorded, told."""

import html
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from siweb.articles.editorial import notices, scheduling, workflow
from siweb.articles.editorial.pending import takes_back
from siweb.articles.editorial.suggestions import propose
from siweb.articles.editorial.workflow import State
from siweb.articles.importing import sync
from siweb.articles.models import Article
from siweb.articles.text import front_matter
from tests.articles.staff.test_editor import address, filled, words
from tests.conftest import article_file
from tests.support.deciding import KIND, decide, tomorrow
from tests.support.mailserver import one

WAY = {
    State.DRAFT: (),
    State.IN_REVIEW: (KIND.REQUEST,),
    State.CHANGES_REQUESTED: (KIND.REQUEST, KIND.ASK),
    State.APPROVED: (KIND.REQUEST, KIND.APPROVE),
    State.SCHEDULED: (KIND.REQUEST, KIND.APPROVE, KIND.SCHEDULE),
    State.PUBLISHED: (KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH),
    State.UNCHECKED: (KIND.URGENT,),
    State.RETIRED: (KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH, KIND.RETIRE),
}
# What is said before a new version is saved, for each state in which one would take something back.
SAID = {
    State.IN_REVIEW: r"This text is in review: Edith Editor sent it on \d+ \w+ \d{4} at \d\d:\d\d\.",
    State.APPROVED: r"Clara Clinician has approved this text, and it is not published yet\.",
    State.SCHEDULED: r"This text is scheduled for \d+ \w+ \d{4} at \d\d:\d\d\.",
}
TAKEN_BACK = sorted(SAID)


@pytest.fixture
def article(db, content):
    sync.import_folder(content("care", title="Care"))
    return Article.objects.get()


@pytest.fixture
def brought_to(article, editor, clinician):
    """brought_to(state) is a version that an editor wrote, in a state."""

    def bring(state):
        article.refresh_from_db()
        revision = article.edit(
            front_matter.parse(article_file("Other words.\n", title="Care")), by=editor, version=article.version
        )
        for kind in WAY[state]:
            decide(revision, kind, editor if kind in (KIND.REQUEST, KIND.URGENT) else clinician)
        article.refresh_from_db()
        return revision

    return bring


@pytest.mark.parametrize("state", WAY)
def test_it_is_said_for_what_is_on_its_way_to_readers_and_for_nothing_else(brought_to, article, state):
    brought_to(state)
    said = takes_back(article)
    assert bool(article.pending) == bool(said) == (state in SAID)
    if said:
        assert re.fullmatch(SAID[state] + " Saving a new version takes it back.", said)


@pytest.mark.parametrize("state", WAY)
def test_the_editor_says_it_before_saving_and_asks_once(client, brought_to, article, second_editor, state):
    revision = brought_to(state)
    client.force_login(second_editor)
    page = client.get(address(article))
    assert ("Saving a new version takes it back." in words(page)) == (state in SAID)
    typed = filled(article, body="My words, <kept>.\r\n", note="Why")
    answer = client.post(address(article), typed)
    if state in SAID:
        assert answer.status_code == 422
        assert "Tick the box to save yours." in words(answer)
        assert "My words, &lt;kept&gt;." in answer.content.decode()
        assert 'value="Why"' in answer.content.decode()
        assert article.revisions.count() == revision.number, "nothing is saved"
        answer = client.post(address(article), typed | {"take_back": "on"})
    assert answer.status_code == 302
    article.refresh_from_db()
    assert article.head.parsed.body == "My words, <kept>.\n"
    assert [d.by for d in revision.decisions.filter(kind=KIND.REPLACE)] == [second_editor] * (state in SAID)
    again = client.post(address(article), filled(article, body="More words.\n"))
    assert again.status_code == 302, "it is asked once: the new version is a draft"


def test_a_save_that_changes_nothing_asks_nothing_and_takes_nothing_back(client, brought_to, article, editor):
    revision = brought_to(State.IN_REVIEW)
    client.force_login(editor)
    assert "Nothing had changed" in words(client.post(address(article), filled(article), follow=True))
    assert workflow.state_of(Article.objects.get(), revision) == State.IN_REVIEW


def test_what_was_sent_for_review_after_the_editor_was_opened_is_asked_too(client, brought_to, article, editor):
    revision = brought_to(State.DRAFT)
    typed = filled(article, body="Typed before.\n")
    decide(revision, KIND.REQUEST, editor)
    client.force_login(editor)
    answer = client.post(address(article), typed)
    assert answer.status_code == 422
    assert 'name="take_back"' in answer.content.decode()


# --- Every way to a new version -----------------------------------------------------------------------------


def by_saving(client, article, revision, people):
    client.post(address(article), filled(article, body="New.\n") | {"take_back": "on"})


def by_restoring(client, article, revision, people):
    page = reverse("admin:articles_article_history", args=[article.pk])
    assert "To restore one is to save it." in words(client.get(page))
    client.post(reverse("admin:articles_article_restore", args=[article.pk]), {"number": 1, "version": article.version})


def by_taking_in(client, article, revision, people):
    proposal = propose(revision, people["clinician"], "Other words.", "Better words.")
    page = reverse("admin:articles_article_review", args=[article.pk])
    assert "Taking these words in saves one." in words(client.get(page))
    client.post(reverse("admin:articles_article_proposal", args=[proposal.pk]), {"take_in": ""})


def by_choosing(client, article, revision, people):
    sync.import_folder(people["content"]("care", "From a file.\n", title="Care"))
    article.refresh_from_db()
    page = reverse("admin:articles_article_resolve", args=[article.pk])
    assert "Your choice saves one." in words(client.get(page))
    client.post(page, {"choice": "file", "version": article.version})


def by_moving(client, article, revision, people):
    client.force_login(people["clinician"])
    page = reverse("admin:articles_article_move", args=[article.pk])
    assert "Moving saves one." in words(client.get(page))
    client.post(page, {"slug": "caring", "version": article.version})


WAYS = {way.__name__: way for way in (by_saving, by_restoring, by_taking_in, by_choosing, by_moving)}


@pytest.mark.parametrize("state", TAKEN_BACK)
@pytest.mark.parametrize("way", WAYS)
def test_every_way_says_it_before_and_records_it(
    client, brought_to, article, second_editor, clinician, content, way, state
):
    revision = brought_to(state)
    client.force_login(second_editor)
    WAYS[way](client, article, revision, {"clinician": clinician, "content": content})
    assert Article.objects.get().head_id != revision.pk
    assert revision.decisions.filter(kind=KIND.REPLACE).count() == 1
    history = words(client.get(reverse("admin:articles_article_history", args=[article.pk])))
    assert "Replaced by a newer version by" in " ".join(history.split())
    assert scheduling.publish_due(timezone.now() + timedelta(days=30)) == 0


def test_a_file_that_takes_a_version_back_is_recorded_without_a_person(db, content, editor, clinician):
    sync.import_folder(content("care", "First.\n"))
    article = Article.objects.get()
    decide(article.live, KIND.APPROVE, clinician)
    sync.import_folder(content("care", "Second.\n"))
    article.refresh_from_db()
    decide(article.head, KIND.REQUEST, editor)
    sync.import_folder(content("care", "Third.\n"))
    taken = article.revisions.get(number=2).decisions.get(kind=KIND.REPLACE)
    assert taken.by is None


# --- It is told ------------------------------------------------------------------------------------------------


@pytest.fixture
def told(clinic, clinician, caller):
    """Two clinicians with an address: Clara, who approves, and Carl."""
    for user in (clinician, caller):
        user.email = f"{user.username}@joint.example"
        user.save()
    return clinician, caller


def replaced(article, by):
    article.refresh_from_db()
    return article.edit(front_matter.parse(article_file("Newer.\n", title="Care")), by=by, version=article.version)


@pytest.mark.parametrize("state", WAY)
def test_the_approver_is_told_on_the_dashboard_and_by_email(
    client, told, brought_to, article, second_editor, mail_server, state
):
    brought_to(state)
    replaced(article, second_editor)
    client.force_login(told[0])
    home = " ".join(html.unescape(words(client.get("/admin/"))).split())
    said = f"Eve Editor saved a newer version, which took back the one that was {state.label}."
    assert ("Taken back by a newer version" in home) == (said in home) == (state in SAID)
    sent = notices.send_due()
    approvers = ["clara@joint.example"] if state != State.IN_REVIEW else ["carl@joint.example", "clara@joint.example"]
    assert sorted(address for mail in mail_server.mails for address in mail.to) == approvers * (state in SAID)
    assert sent == len(mail_server.mails)
    for mail in mail_server.mails:
        assert mail.message["Subject"] == "Please look at: Care"
        assert said in mail.text
        assert said in mail.html
        assert "Newer." not in mail.text + mail.html


def test_it_is_told_no_more_once_the_new_version_is_sent_on(client, told, brought_to, article, second_editor):
    brought_to(State.SCHEDULED)
    newer = replaced(article, second_editor)
    client.force_login(told[0])
    assert "Taken back by a newer version" in words(client.get("/admin/"))
    decide(newer, KIND.REQUEST, second_editor)
    assert "Taken back by a newer version" not in words(client.get("/admin/"))
    assert list(notices.waiting_notices()) == []


def test_only_the_last_that_was_taken_back_is_told(told, brought_to, article, second_editor, mail_server):
    brought_to(State.IN_REVIEW)
    decide(replaced(article, second_editor), KIND.REQUEST, second_editor)
    article.refresh_from_db()
    article.edit(front_matter.parse(article_file("Newest.\n", title="Care")), by=second_editor, version=article.version)
    assert notices.send_due() == 2
    assert notices.send_due(timezone.now() + timedelta(hours=1)) == 0
    assert len({one(mail_server.to(f"{name}@joint.example")).message["Message-ID"] for name in ("clara", "carl")}) == 1


def test_a_schedule_that_was_taken_back_stays_so(brought_to, article, second_editor):
    brought_to(State.SCHEDULED)
    replaced(article, second_editor)
    assert scheduling.publish_due(tomorrow() + timedelta(days=1)) == 0
