"""Who may decide what about a text: every state with every move by everybody, against a table written by hand."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from siweb.articles.editorial import workflow
from siweb.articles.editorial.workflow import State
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision, Reading
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic
from siweb.core.models import SiteVersion
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide

WAY = {  # how a text gets into a state, after an editor wrote it
    State.DRAFT: (),
    State.IN_REVIEW: (KIND.REQUEST,),
    State.CHANGES_REQUESTED: (KIND.REQUEST, KIND.ASK),
    State.APPROVED: (KIND.REQUEST, KIND.APPROVE),
    State.SCHEDULED: (KIND.REQUEST, KIND.APPROVE, KIND.SCHEDULE),
    State.UNCHECKED: (KIND.URGENT,),
    State.PUBLISHED: (KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH),
    State.RETIRED: (KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH, KIND.RETIRE),
    State.REPLACED: (KIND.REQUEST, "a newer text"),
}

# What each may do. E: the editor who wrote it; O: another editor; C: a clinician. What a clinician who wrote it may not do
# of what another may is in capitals in the last column.
MAY = """
draft              E request urgent             O request urgent             C request urgent
in_review          E withdraw urgent            O withdraw urgent            C withdraw urgent APPROVE ask
changes_requested  E request urgent             O request urgent             C request urgent
approved           E urgent                     O urgent                     C urgent ask publish schedule
scheduled          E urgent                     O urgent                     C urgent ask publish cancel
unchecked          E                            O                            C APPROVE retire
published          E                            O                            C confirm retire
retired            E request                    O request                    C request
replaced           E                            O                            C
"""


def rows():
    for line in MAY.strip().splitlines():
        state, *words = line.split()
        may, who = {}, ""
        for word in words:
            if word in "EOC":
                may[who := word] = set()
            else:
                may[who].add(word)
        yield State(state), may


ROWS = dict(rows())
MOVES = {move.kind for move in workflow.MOVES}


@dataclass
class People:
    editor: object
    other: object
    clinician: object
    colleague: object


@pytest.fixture
def people(editor, second_editor, clinician, django_user_model):
    return People(editor, second_editor, clinician, with_role(django_user_model, "cora", "Clinicians", "Colleague"))


@pytest.fixture
def article(db, content):
    sync.import_folder(content("care"))
    return Article.objects.get(slug="care")


def write(article, by, words="Other words.\n", **front):
    article.refresh_from_db()
    return article.edit(front_matter.parse(article_file(words, **front)), by=by, version=article.version)


def brought_to(state, article, people, writer):
    """A text that somebody wrote, in a state; others decide."""
    revision = write(article, writer)
    for step in WAY[state]:
        if step == "a newer text":
            write(article, people.other, "Newer words.\n")
        else:
            decide(revision, step, people.colleague)
    article.refresh_from_db()
    return revision


def published(slug, people):
    """A new article that readers see."""
    article = Article.objects.create(slug=slug)
    for kind in (KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH):
        decide(write(article, people.editor, "First words.\n"), kind, people.colleague)
    article.refresh_from_db()
    return article


def can(article, revision, user):
    return {str(move.kind) for move in workflow.possible(article, revision, user)}


def test_the_table_knows_every_state_and_every_move():
    assert set(ROWS) == set(State) == set(WAY)
    known = {kind.lower() for may in ROWS.values() for kinds in may.values() for kind in kinds}
    assert known | {"read"} == MOVES == set(KIND) - {KIND.QUOTE, KIND.REPLACE}


@pytest.mark.parametrize("state", State)
def test_everybody_may_do_what_the_table_says(article, people, state):
    revision = brought_to(state, article, people, people.editor)
    assert workflow.state_of(article, revision) == state
    for who, user in {"E": people.editor, "O": people.other, "C": people.clinician}.items():
        assert can(article, revision, user) == {kind.lower() for kind in ROWS[state][who]}, who


@pytest.mark.parametrize("state", State)
def test_a_clinician_may_do_the_same_with_a_text_of_their_own_but_approve_it(article, people, state):
    revision = brought_to(state, article, people, people.clinician)
    assert can(article, revision, people.clinician) == {kind for kind in ROWS[state]["C"] if kind.islower()}


@pytest.mark.parametrize("state", State)
def test_superusers_are_bound_by_the_same_table(article, people, state, django_user_model):
    root = django_user_model.objects.create_superuser("root")
    revision = brought_to(state, article, people, root)
    assert can(article, revision, root) == {kind for kind in ROWS[state]["C"] if kind.islower()}


@pytest.mark.parametrize("state", State)
def test_receptionists_and_who_has_left_may_do_nothing(article, people, state, reception):
    revision = brought_to(state, article, people, people.editor)
    people.colleague.is_active = False
    assert can(article, revision, reception) == can(article, revision, people.colleague) == set()


@pytest.mark.parametrize("state", State)
def test_what_the_table_does_not_allow_is_refused_and_changes_nothing(article, people, state):
    revision = brought_to(state, article, people, people.clinician)
    before = SiteVersion.current(), Decision.objects.count()
    for user in (people.editor, people.clinician):
        for kind in MOVES - can(article, revision, user):
            with pytest.raises(ValidationError):
                decide(revision, kind, user)
    assert (SiteVersion.current(), Decision.objects.count()) == before


@pytest.mark.parametrize("state", State)
def test_what_the_table_allows_can_be_done(article, people, state):
    """Each on a text of its own, for a decision is for good."""
    for number, kind in enumerate(sorted(ROWS[state]["C"])):
        born = published(f"page-{number}", people)
        revision = brought_to(state, born, people, people.editor)
        decide(revision, kind.lower(), people.clinician)
        assert revision.decisions.filter(kind=kind.lower(), by=people.clinician).exists()


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.APPROVED, State.SCHEDULED, State.CHANGES_REQUESTED])
def test_a_new_text_begins_as_a_draft_whatever_was_pending(article, people, state):
    revision = brought_to(state, article, people, people.editor)
    newer = write(article, people.other, "Newer words.\n")
    article.refresh_from_db()
    assert workflow.state_of(article, newer) == State.DRAFT
    assert workflow.state_of(article, revision) == State.REPLACED


# --- one clinician -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", [State.IN_REVIEW, State.UNCHECKED])
def test_where_one_clinician_works_a_second_reader_lets_them_approve_their_own_text(article, people, state):
    Clinic.objects.update(one_clinician=True)
    revision = brought_to(state, article, people, people.clinician)
    assert "approve" not in can(article, revision, people.clinician)
    assert "read" not in can(article, revision, people.clinician), "nobody is the second reader of their own text"
    decide(revision, KIND.READ, people.editor)
    assert "approve" in can(article, revision, people.clinician)
    decision = decide(revision, KIND.APPROVE, people.clinician)
    assert decision.own_text
    revision = revision.article.revisions.get(pk=revision.pk)
    assert revision.second_reader == people.editor


def test_a_reading_is_of_one_exact_text(article, people):
    Clinic.objects.update(one_clinician=True)
    revision = brought_to(State.IN_REVIEW, article, people, people.clinician)
    decide(revision, KIND.READ, people.editor)
    newer = write(article, people.clinician, "Newer words.\n")
    decide(newer, KIND.REQUEST, people.clinician)
    article.refresh_from_db()
    assert "approve" not in can(article, newer, people.clinician)


def test_where_more_clinicians_work_there_are_no_second_readers(article, people):
    revision = brought_to(State.IN_REVIEW, article, people, people.clinician)
    with pytest.raises(ValidationError, match="only where the clinic has one clinician"):
        decide(revision, KIND.READ, people.editor)
    Clinic.objects.update(one_clinician=True)
    decide(revision, KIND.READ, people.editor)
    Clinic.objects.update(one_clinician=False)
    assert "approve" not in can(article, revision, people.clinician)


# --- who wrote part of a text ----------------------------------------------------------------------------


def test_a_text_written_on_top_of_ones_own_is_part_ones_own(article, people):
    write(article, people.clinician)
    revision = write(article, people.editor, "Other words, and more.\n")
    decide(revision, KIND.REQUEST, people.editor)
    assert workflow.writers(revision) == {people.clinician.pk, people.editor.pk}
    assert "approve" not in can(article, revision, people.clinician)


def test_what_was_approved_since_is_nobodys_own_any_more(article, people):
    mine = write(article, people.clinician)
    decide(mine, KIND.REQUEST, people.clinician)
    decide(mine, KIND.APPROVE, people.colleague)
    revision = write(article, people.editor, "Other words, and more.\n")
    assert workflow.writers(revision) == {people.editor.pk}


def test_a_text_that_is_restored_is_still_its_writers(article, people):
    write(article, people.clinician, "Mine.\n")
    write(article, people.editor, "Theirs.\n")
    restored = write(article, people.editor, "Mine.\n")
    decide(restored, KIND.REQUEST, people.editor)
    assert people.clinician.pk in workflow.writers(restored)
    assert "approve" not in can(article, restored, people.clinician)


def test_an_approval_that_was_taken_back_counts_no_more(article, people):
    mine = write(article, people.clinician)
    decide(mine, KIND.REQUEST, people.clinician)
    decide(mine, KIND.APPROVE, people.colleague)
    decide(mine, KIND.ASK, people.colleague)
    assert people.clinician.pk in workflow.writers(write(article, people.editor, "Other words, and more.\n"))


# --- one exact page, on one's own screen ------------------------------------------------------------------


@pytest.mark.parametrize("kind", [KIND.APPROVE, KIND.CONFIRM])
def test_nobody_signs_a_page_that_was_not_on_their_own_screen(article, people, kind):
    state = State.IN_REVIEW if kind == KIND.APPROVE else State.PUBLISHED
    revision = brought_to(state, article, people, people.editor)
    _, seen = workflow.render_for_review(revision)
    Reading.objects.create(revision=revision, by=people.colleague, page_digest=seen)
    of_another_page = workflow.render_for_review(article.revisions.exclude(pk=revision.pk).first())[1]
    for digest, read, said in (
        (seen, False, "tick that you have read it"),  # only a colleague has
        ("", True, "Read the text on this page first"),
        ("0" * 64, True, "has changed since it was on your screen"),
        (of_another_page, True, "has changed since it was on your screen"),
    ):
        with pytest.raises(ValidationError, match=said):
            decide(revision, kind, people.clinician, seen=digest, read=read)
    assert not Reading.objects.filter(by=people.clinician, revision=revision).exists()
    decide(revision, kind, people.clinician, seen=seen, read=True)
    assert Reading.objects.get(by=people.clinician, revision=revision).page_digest == seen


def test_what_was_read_once_need_not_be_read_again_as_long_as_it_is_the_same_page(article, people):
    revision = brought_to(State.IN_REVIEW, article, people, people.editor)
    _, seen = workflow.render_for_review(revision)
    decide(revision, KIND.APPROVE, people.clinician, seen=seen, read=True)
    decide(revision, KIND.PUBLISH, people.clinician)
    decide(revision, KIND.CONFIRM, people.clinician, seen=seen)
    assert Reading.objects.filter(by=people.clinician).count() == 1


def test_a_rule_that_changes_between_looking_and_approving_stops_the_approval(db, people, content):
    folder = content("care", "[[rule:numb-leg]]\n")
    content("our-rules", "numb-leg\n:   Who do I call?\n:   Ask us.\n", kind="rules")
    sync.import_folder(folder)
    care = Article.objects.get(slug="care")
    _, seen = workflow.render_for_review(care.live)
    content("our-rules", "numb-leg\n:   Who do I call?\n:   Us, at once.\n", kind="rules")
    sync.import_folder(folder)
    with pytest.raises(ValidationError, match="has changed since it was on your screen"):
        decide(care.live, KIND.APPROVE, people.clinician, seen=seen, read=True)
    decide(care.live, KIND.APPROVE, people.clinician)


@pytest.mark.parametrize("days", [None, -1, 0, 732, 9999])
def test_an_approval_says_when_the_next_check_is_due_within_24_months(article, people, days):
    revision = brought_to(State.IN_REVIEW, article, people, people.editor)
    day = days if days is None else timezone.localdate() + timedelta(days=days)
    with pytest.raises(ValidationError, match="the day of the next check"):
        decide(revision, KIND.APPROVE, people.clinician, review_due=day)


@pytest.mark.parametrize("days", [1, 731])
def test_the_next_check_may_be_due_tomorrow_or_24_months_from_now(article, people, days):
    revision = brought_to(State.IN_REVIEW, article, people, people.editor)
    day = timezone.localdate() + timedelta(days=days)
    assert decide(revision, KIND.APPROVE, people.clinician, review_due=day).review_due == day


def test_no_clinic_sets_a_review_beyond_what_an_approval_may_say():
    field = Clinic._meta.get_field("review_months")
    field.run_validators(24)
    with pytest.raises(ValidationError):
        field.run_validators(25)
