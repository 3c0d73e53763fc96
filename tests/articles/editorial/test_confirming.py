"""A rule or picture that changes puts every approved page that shows it on a list, until a clinician confirms it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from siweb.articles.editorial import reconfirmation
from siweb.articles.editorial.publishing import publish
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision
from siweb.articles.text import front_matter
from siweb.core.models import SiteVersion
from tests.conftest import article_file
from tests.support.deciding import KIND, decide, signed

LIST = reverse("admin:articles_article_confirm")


def rules(answer):
    return f"numb-leg\n:   Who do I call?\n:   {answer}\n\nother\n:   What else?\n:   Nothing.\n"


@pytest.fixture
def articles(db, content):
    content("care", "[[rule:numb-leg]]\n", title="Care")
    content("rest", "[[rule:numb-leg]]\n", title="Rest")
    content("walk", "[[rule:other]]\n", title="Walk")
    content("unchecked", "[[rule:numb-leg]]\n")
    sync.import_folder(content("our-rules", rules("Ask us."), kind="rules"))
    return {article.slug: article for article in Article.objects.all()}


@pytest.fixture
def checked(articles, clinician):
    for slug in ("care", "rest", "walk"):
        signed(articles[slug].live, by=clinician)
    return articles


def new_answer(articles, editor, answer="Us, at once."):
    """The rules as an editor wrote them anew, approved by nobody yet."""
    article = Article.objects.get(slug="our-rules")
    text = front_matter.parse(article_file(rules(answer), kind="rules"))
    return article.edit(text, by=editor, version=article.version)


def slugs(found):
    return [article.slug for article in found]


def test_a_changed_rule_lists_the_approved_pages_that_quote_it(checked, editor):
    revision = new_answer(checked, editor)
    assert slugs(reconfirmation.quoting(revision.article, revision)) == ["care", "rest"]
    assert reconfirmation.to_confirm() == []
    decide(revision, KIND.URGENT, editor)
    assert slugs(reconfirmation.to_confirm()) == ["care", "rest"]


def test_publishing_confirms_the_pages_that_were_ticked_and_leaves_the_others(checked, editor, clinician):
    revision = new_answer(checked, editor)
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    due = checked["care"].live.last_check.review_due
    decide(revision, KIND.PUBLISH, clinician, confirm={checked["care"].pk, checked["walk"].pk})
    assert slugs(reconfirmation.to_confirm()) == ["rest"]
    confirmed = Decision.objects.get(kind=KIND.CONFIRM)
    assert (confirmed.revision, confirmed.by, confirmed.review_due) == (checked["care"].live, clinician, due)


def test_an_urgent_correction_by_an_editor_confirms_nothing(checked, editor):
    decide(new_answer(checked, editor), KIND.URGENT, editor, confirm={checked["care"].pk})
    assert slugs(reconfirmation.to_confirm()) == ["care", "rest"]


def test_a_rule_that_is_as_it_was_again_takes_the_page_off_the_list(checked, editor):
    decide(new_answer(checked, editor), KIND.URGENT, editor)
    decide(new_answer(checked, editor, "Ask us."), KIND.URGENT, editor)
    assert reconfirmation.to_confirm() == []


def test_the_page_of_the_rules_offers_them_and_does_it_in_the_same_step(client, checked, editor, clinician):
    revision = new_answer(checked, editor)
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    client.force_login(clinician)
    said = client.get(reverse("admin:articles_article_review", args=[revision.article_id])).content.decode()
    assert "“Care” is still correct" in said
    assert "“Walk” is still correct" not in said
    assert "Rules that change on other pages too" in said
    sent = {"number": revision.number, "moves": "publish", "confirm": [checked["care"].pk]}
    client.post(reverse("admin:articles_article_decide", args=[revision.article_id]), sent)
    assert slugs(reconfirmation.to_confirm()) == ["rest"]


def test_the_list_shows_the_old_and_the_new_words(client, checked, editor, clinician):
    decide(new_answer(checked, editor), KIND.URGENT, editor)
    client.force_login(clinician)
    said = client.get(LIST).content.decode()
    assert "the rule “numb-leg”" in said
    assert '<del><span class="visually-hidden">removed: </span>Ask us.</del>' in said
    assert "at once" in said


def test_many_are_confirmed_in_one_step_and_keep_their_day(client, checked, editor, clinician):
    decide(new_answer(checked, editor), KIND.URGENT, editor)
    client.force_login(clinician)
    due, version = checked["care"].live.last_check.review_due, SiteVersion.current()
    waiting = reconfirmation.to_confirm()
    answer = client.post(LIST, {"page": [f"{a.pk}:{a.page_id}" for a in waiting]}, follow=True)
    assert "2 pages confirmed. The day of the next check stays." in answer.content.decode()
    assert "No page waits to be confirmed" in answer.content.decode()
    assert {decision.review_due for decision in Decision.objects.filter(kind=KIND.CONFIRM)} == {due}
    assert SiteVersion.current() > version


def test_a_page_that_changed_since_the_list_was_opened_is_not_confirmed(client, checked, editor, clinician):
    decide(new_answer(checked, editor), KIND.URGENT, editor)
    client.force_login(clinician)
    care = reconfirmation.to_confirm()[0]
    decide(new_answer(checked, editor, "Call 999."), KIND.URGENT, editor)
    answer = client.post(LIST, {"page": [f"{care.pk}:{care.page_id}"]}, follow=True)
    assert "1 page has changed since you opened this list" in answer.content.decode()
    assert not Decision.objects.filter(kind=KIND.CONFIRM).exists()


@pytest.mark.parametrize("sent", [{}, {"page": ["", "x:y", "1", "1:2:3", "²:1"]}])
def test_nothing_ticked_and_nonsense_confirm_nothing(client, checked, editor, clinician, sent):
    decide(new_answer(checked, editor), KIND.URGENT, editor)
    client.force_login(clinician)
    assert "Nothing was ticked" in client.post(LIST, sent, follow=True).content.decode()
    assert not Decision.objects.filter(kind=KIND.CONFIRM).exists()


def test_only_clinicians_confirm(client, checked, editor):
    client.force_login(editor)
    assert client.get(LIST).status_code == 403
    with pytest.raises(ValidationError):
        reconfirmation.confirm_quotes({}, editor)


def test_the_list_costs_as_many_queries_for_many_pages(
    client, checked, editor, clinician, content, django_assert_max_num_queries
):
    for number in range(20):
        content(f"page-{number}", "[[rule:numb-leg]]\n")
    sync.import_folder(content.folder)
    for article in Article.objects.filter(slug__startswith="page-"):
        signed(article.live, by=clinician)
    decide(new_answer(checked, editor), KIND.URGENT, editor)
    client.force_login(clinician)
    with django_assert_max_num_queries(40):
        assert client.get(LIST).content.decode().count('name="page"') == 22


def test_a_drawing_that_changes_puts_its_pages_on_the_list(db, content, clinician, monkeypatch):
    from siweb.articles.editorial import publishing

    sync.import_folder(content("joint", '![The pelvis](pelvis "Caption.")\n'))
    article = Article.objects.get()
    signed(article.live, by=clinician)
    before = publishing.drawings
    changed = {name: figure.__class__(**{**vars(figure), "digest": "new"}) for name, figure in before().items()}
    monkeypatch.setattr(publishing, "drawings", lambda: changed)
    publish(article)
    assert slugs(reconfirmation.to_confirm()) == ["joint"]
