"""Who may change the warning signs, and what has to be confirmed when they change."""

import pytest
from django.core.exceptions import ValidationError

from siweb.articles.editorial import quote_changes, reconfirmation
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision
from siweb.articles.text import front_matter
from siweb.core import shared_texts
from tests.conftest import article_file
from tests.support.deciding import decide, signed

KIND = Decision.Kind
SIGN = (
    "{key}\n:   level: {level}\n:   group: nerves\n:   for: people with a cold\n:   short: new {key}\n:   form: yes\n"
    ":   source: clinic\n:   typed: cold\n:   New {key}.\n\n"
)
BODY = SIGN.format(key="numbness", level="same-day") + SIGN.format(key="tingling", level="soon")


@pytest.fixture
def articles(db, content, clinician):
    content("care", "[[signs:nerves]]\n", title="Care")
    content("rest", "Words.\n", title="Rest")
    sync.import_folder(content("warning-signs", BODY, kind="signs"))
    found = {article.slug: article for article in Article.objects.all()}
    for article in found.values():
        signed(article.live, by=clinician)
    return found


def new_text(body, editor):
    article = Article.objects.get(slug="warning-signs")
    return article.edit(front_matter.parse(article_file(body, kind="signs")), by=editor, version=article.version)


WEAKER = {
    "gone": SIGN.format(key="numbness", level="same-day"),
    "lowered": BODY.replace("level: same-day", "level: soon"),
    "for others": BODY.replace("people with a cold", "children with a cold", 1),
    "off the form": BODY.replace(":   form: yes\n", "", 1),
    "shorter": BODY.replace("New numbness.", "Numbness."),
    "milder words": BODY.replace("New numbness.", "New numbness that lasts.").replace("New numb", "Very new numb"),
    "renamed": BODY.replace("numbness\n:   level", "numb\n:   level", 1),
    "not found by its words": BODY.replace("typed: cold", "typed: chill", 1),
    "only for some, by words after it": BODY.replace("New numbness.", "New numbness that lasts for a week."),
    "a sentence after it": BODY.replace("New numbness.", "New numbness. It is usual on the first day."),
    "a shorter list, by words after it": BODY.replace("short: new numbness", "short: new numbness for a week"),
    "letters that only look alike": BODY.replace("New numbness.", "New numbn\u0435ss."),
    "one more that is expected": BODY + SIGN.format(key="warmth", level="normal"),
    "one more of the same words that is milder": BODY
    + SIGN.format(key="numbness-2", level="soon").replace("new numbness-2", "New  numbness"),
}
STRICTER = {
    "stricter": BODY.replace("level: same-day", "level: emergency"),
    "for everyone": BODY.replace("people with a cold", "everyone"),
    "one more": BODY + SIGN.format(key="pain", level="same-day"),
    "more words that people type": BODY.replace("typed: cold", "typed: cold, chill"),
}


@pytest.mark.parametrize("body", WEAKER.values(), ids=WEAKER)
def test_only_a_clinician_may_take_from_a_sign_at_once(articles, editor, clinician, body):
    revision = new_text(body, editor)
    with pytest.raises(ValidationError, match="a clinician has to decide"):
        decide(revision, KIND.URGENT, editor)
    decide(revision, KIND.URGENT, clinician)


def test_a_text_of_another_kind_takes_all_signs_away(articles, editor):
    article = Article.objects.get(slug="warning-signs")
    revision = article.edit(front_matter.parse(article_file("Words.")), by=editor, version=article.version)
    with pytest.raises(ValidationError, match="a clinician has to decide"):
        decide(revision, KIND.URGENT, editor)


def test_another_article_gives_no_sign_a_milder_level(articles, editor, clinician):
    """A topic that becomes a text of signs, with the key of one that there is."""
    article = Article.objects.get(slug="rest")
    text = front_matter.parse(article_file(SIGN.format(key="numbness", level="soon"), kind="signs"))
    revision = article.edit(text, by=editor, version=article.version)
    with pytest.raises(ValidationError, match="numbness, so a clinician has to decide"):
        decide(revision, KIND.URGENT, editor)
    decide(revision, KIND.URGENT, clinician)


@pytest.mark.parametrize("body", STRICTER.values(), ids=STRICTER)
def test_an_editor_may_add_a_sign_or_make_one_stricter_at_once(articles, editor, body):
    decide(new_text(body, editor), KIND.URGENT, editor)
    assert len(shared_texts.signs()) >= 2


def test_a_changed_sign_reopens_the_approval_of_the_pages_that_show_it(articles, editor):
    revision = new_text(BODY.replace("level: same-day", "level: emergency"), editor)
    assert [article.slug for article in reconfirmation.quoting(articles["warning-signs"], revision)] == ["care"]
    decide(revision, KIND.URGENT, editor)
    [(quote, pages)] = quote_changes.unchecked_changes().items()
    assert (quote, [article.slug for article in pages]) == ("sign:numbness", ["care"])


def test_the_list_of_changes_shows_the_sign_as_it_was_and_is(articles, editor, clinician, client):
    decide(new_text(BODY.replace("New numbness.", "New numbness. Call at once."), editor), KIND.URGENT, clinician)
    client.force_login(clinician)
    assert "The warning sign “new numbness”" in client.get("/admin/articles/article/confirm/").content.decode()
    page = client.get("/admin/articles/article/confirm/", {"quote": "sign:numbness"}).content.decode()
    assert "Call at once" in page


def test_the_page_that_shows_a_sign_is_made_again(articles, editor, clinician, client):
    decide(
        new_text(BODY.replace("short: new numbness", "short: new numbness, at once"), editor), KIND.URGENT, clinician
    )
    assert "new numbness, at once" in client.get("/guide/care/").content.decode()
