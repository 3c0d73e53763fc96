"""Other words for a passage: proposed by a clinician, taken in by an editor, and then no text of the clinician's own."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from siweb.articles.editorial import suggestions, workflow
from siweb.articles.importing import sync
from siweb.articles.models import Article, Proposal
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import BadText
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide

BODY = "Rest for *two days*. Walk a little.\n\nThen walk more. Walk a little.\n"


@pytest.fixture
def article(db, content):
    sync.import_folder(content("care"))
    return Article.objects.get(slug="care")


@pytest.fixture
def sent(article, editor):
    revision = article.edit(front_matter.parse(article_file(BODY)), by=editor, version=article.version)
    decide(revision, KIND.REQUEST, editor)
    return revision


@pytest.fixture
def proposal(sent, clinician):
    return suggestions.propose(sent, clinician, "Rest for *two days*.", "Rest for *one day*.", "Two is too long")


def head():
    return Article.objects.get(slug="care").head


def test_words_that_an_editor_takes_in_are_a_new_text_of_the_editors(proposal, editor, clinician):
    revision = suggestions.take_in(proposal, editor)
    assert revision == head()
    assert "Rest for *one day*. Walk a little." in revision.text
    assert revision.author == editor
    assert revision.note == "wording proposed by Clara Clinician"
    assert revision.parent == proposal.revision
    proposal.refresh_from_db()
    assert (proposal.outcome, proposal.decided_by) == (Proposal.Outcome.ACCEPTED, editor)


def test_the_proposer_may_then_approve_the_text(proposal, editor, clinician):
    revision = suggestions.take_in(proposal, editor)
    decide(revision, KIND.REQUEST, editor)
    assert clinician.pk not in workflow.writers(revision)
    decide(revision, KIND.APPROVE, clinician)


def test_who_took_them_in_has_written_part_of_the_text(proposal, django_user_model):
    colleague = with_role(django_user_model, "cora", "Clinicians")
    revision = suggestions.take_in(proposal, colleague)
    decide(revision, KIND.REQUEST, colleague)
    with pytest.raises(ValidationError, match="You wrote part of this text"):
        decide(revision, KIND.APPROVE, colleague)


def test_nobody_takes_in_their_own_words_superusers_included(sent, django_user_model):
    root = django_user_model.objects.create_superuser("root")
    mine = suggestions.propose(sent, root, "Then walk more.", "Then walk on.")
    with pytest.raises(ValidationError, match="somebody else has to take them in"):
        suggestions.take_in(mine, root)
    assert head() == sent


@pytest.mark.parametrize(
    ("passage", "said"),
    {
        "Rest for two days.": "This passage is not in the text",
        "": "This passage is not in the text",
        "Walk a little.": "This passage stands 2 times in the text",
        "title: A title": "This passage is not in the text",
    }.items(),
)
def test_the_passage_has_to_stand_once_in_the_text(sent, clinician, passage, said):
    with pytest.raises(ValidationError, match=said):
        suggestions.propose(sent, clinician, passage, "Other words.")


def test_line_ends_of_a_browser_and_blank_ends_make_no_difference(sent, clinician, editor):
    made = suggestions.propose(
        sent, clinician, "  Walk a little.\r\n\r\nThen walk more. \r\n", "Walk.\r\n\r\nWalk more."
    )
    assert "Rest for *two days*. Walk.\n\nWalk more. Walk a little." in suggestions.take_in(made, editor).text


@pytest.mark.parametrize("wording", ["", "  \n"])
def test_no_words_are_no_proposal(sent, clinician, wording):
    with pytest.raises(ValidationError, match="Write the new words"):
        suggestions.propose(sent, clinician, "Then walk more.", wording)


def test_words_that_cannot_be_shown_are_refused(sent, clinician):
    with pytest.raises(BadText, match="leads nowhere"):
        suggestions.propose(sent, clinician, "Then walk more.", "See [there](nowhere).")


def test_only_clinicians_propose_and_only_for_the_newest_text(sent, editor, clinician, article):
    with pytest.raises(ValidationError, match="Only clinicians"):
        suggestions.propose(sent, editor, "Then walk more.", "Walk on.")
    article.refresh_from_db()
    article.edit(front_matter.parse(article_file("Newer.\n")), by=editor, version=article.version)
    sent.refresh_from_db()
    with pytest.raises(ValidationError, match="There is a newer text"):
        suggestions.propose(sent, clinician, "Then walk more.", "Walk on.")


def test_a_passage_that_has_gone_meanwhile_is_not_taken_in(proposal, editor):
    article = Article.objects.get(slug="care")
    article.edit(front_matter.parse(article_file("All new.\n")), by=editor, version=article.version)
    with pytest.raises(ValidationError, match="not in the text"):
        suggestions.take_in(proposal, editor)
    assert suggestions.waiting(article).get() == proposal


def test_a_proposal_is_decided_upon_once(proposal, editor, second_editor):
    suggestions.decline(proposal, editor, "The trial says two.")
    for decide_again in (
        lambda: suggestions.take_in(proposal, second_editor),
        lambda: suggestions.decline(proposal, editor, "No"),
    ):
        with pytest.raises(ValidationError, match="already"):
            decide_again()
    proposal.refresh_from_db()
    assert proposal.answer == "The trial says two."


def test_leaving_the_text_as_it_is_needs_a_reason(proposal, editor):
    with pytest.raises(ValidationError, match="Say in a sentence why"):
        suggestions.decline(proposal, editor, " ")


# --- on the page -------------------------------------------------------------------------------------------


def page_of(article):
    return reverse("admin:articles_article_review", args=[article.pk])


def test_the_whole_way_on_the_page(client, sent, clinician, editor):
    client.force_login(clinician)
    said = {"number": sent.number, "passage": "Then walk more.", "wording": "Then walk on.", "note": "Plainer"}
    client.post(reverse("admin:articles_article_propose", args=[sent.article_id]), said)
    proposal = Proposal.objects.get()
    mine = client.get(page_of(sent.article)).content.decode()
    assert "You proposed these words" in mine
    assert 'name="take_in"' not in mine
    client.force_login(editor)
    assert "Plainer" in client.get(page_of(sent.article)).content.decode()
    answer = client.post(reverse("admin:articles_article_proposal", args=[proposal.pk]), {"take_in": ""}, follow=True)
    assert "Taken in: draft 3 holds these words." in answer.content.decode()


def test_a_proposal_that_cannot_be_taken_keeps_every_word_typed(client, sent, clinician):
    client.force_login(clinician)
    said = {"number": sent.number, "passage": "Not there at all", "wording": "My careful words", "note": "My reason"}
    answer = client.post(reverse("admin:articles_article_propose", args=[sent.article_id]), said)
    assert answer.status_code == 422
    for words in ("This passage is not in the text", *list(said.values())[1:]):
        assert words in answer.content.decode()


def test_the_answer_to_a_proposal_is_kept_when_it_comes_too_late(client, proposal, editor, second_editor):
    suggestions.decline(proposal, second_editor, "No")
    client.force_login(editor)
    address = reverse("admin:articles_article_proposal", args=[proposal.pk])
    answer = client.post(address, {"answer": "My long answer"})
    assert answer.status_code == 409
    assert "Somebody has decided about these words already" in answer.content.decode()
    assert "My long answer" in answer.content.decode()
