"""A rule, sign, meaning or picture that changes is one decision for a clinician, about every approved page that shows it."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from siweb.articles.editorial import quote_changes, reconfirmation
from siweb.articles.editorial.publishing import publish
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic
from siweb.core.models import SiteVersion
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide, signed

LIST = reverse("admin:articles_article_confirm")


NUMB = "rule:numb-leg"


def rules(answer, other="Nothing."):
    return f"numb-leg\n:   Who do I call?\n:   {answer}\n\nother\n:   What else?\n:   {other}\n"


@pytest.fixture
def articles(db, content):
    content("care", "## At home\n\nRest.\n\n[[rule:numb-leg]]\n", title="Care")
    content("rest", "[[rule:numb-leg]]\n", title="Rest")
    content("walk", "[[rule:other]]\n", title="Walk")
    content("unchecked", "[[rule:numb-leg]]\n")
    sync.import_folder(content("our-rules", rules("Ask us."), kind="rules"))
    return {article.slug: article for article in Article.objects.all()}


@pytest.fixture
def colleague(django_user_model):
    return with_role(django_user_model, "cora", "Clinicians", "Colleague")


@pytest.fixture
def checked(articles, clinician):
    for slug in ("care", "rest", "walk"):
        signed(articles[slug].live, by=clinician)
    return articles


def new_answer(editor, answer="Us, at once.", other="Nothing."):
    """The rules as an editor wrote them again, approved by nobody yet."""
    article = Article.objects.get(slug="our-rules")
    text = front_matter.parse(article_file(rules(answer, other), kind="rules"))
    return article.edit(text, by=editor, version=article.version)


def unchecked():
    """{changed quote: slugs of the approved pages where it is not checked}."""
    return {quote: [a.slug for a in articles] for quote, articles in quote_changes.unchecked_changes().items()}


def on_screen(quote=NUMB):
    """The pages of a change as the form on screen sends them."""
    return {article.pk: article.page_id for article in quote_changes.unchecked_changes()[quote]}


def sent(quote=NUMB):
    return {"quote": quote, "page": [f"{key}:{page}" for key, page in on_screen(quote).items()]}


def shown(client, quote=NUMB):
    return " ".join(client.get(LIST, {"quote": quote}).content.decode().split())


def test_a_changed_rule_lists_the_approved_pages_that_quote_it(checked, editor, clinician):
    revision = new_answer(editor)
    assert [a.slug for a in reconfirmation.quoting(revision.article, revision)] == ["care", "rest"]
    assert unchecked() == {}
    decide(revision, KIND.URGENT, clinician)
    assert unchecked() == {NUMB: ["care", "rest"]}


def test_publishing_checks_the_change_on_the_pages_that_were_ticked_and_on_no_others(checked, editor, clinician):
    revision = new_answer(editor)
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    decide(revision, KIND.PUBLISH, clinician, confirm={checked["care"].pk, checked["walk"].pk})
    assert unchecked() == {NUMB: ["rest"]}
    decision = Decision.objects.get(kind=KIND.QUOTE)
    assert (decision.revision, decision.by, [*decision.quotes]) == (checked["care"].live, clinician, [NUMB])


def test_publishing_checks_only_what_it_changes(checked, editor, clinician):
    """Another rule of the same page changed earlier: it was not in front of the person who publishes this one."""
    sync_both = front_matter.parse(article_file("[[rule:numb-leg]]\n\n[[rule:other]]\n", title="Care"))
    care = Article.objects.get(slug="care")
    decide(care.edit(sync_both, by=editor, version=care.version), KIND.URGENT, editor)
    care.refresh_from_db()
    signed(care.live, by=clinician)
    decide(new_answer(editor, "Ask us.", "Something."), KIND.URGENT, clinician)
    revision = new_answer(editor, "Us, at once.", "Something.")
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    decide(revision, KIND.PUBLISH, clinician, confirm={care.pk})
    assert unchecked() == {NUMB: ["rest"], "rule:other": ["care", "walk"]}


def test_an_urgent_correction_confirms_nothing(checked, editor, clinician):
    decide(new_answer(editor), KIND.URGENT, clinician, confirm={checked["care"].pk})
    assert unchecked() == {NUMB: ["care", "rest"]}


def test_a_rule_that_is_as_it_was_again_takes_the_page_off_the_list(checked, editor, clinician):
    decide(new_answer(editor), KIND.URGENT, clinician)
    decide(new_answer(editor, "Ask us."), KIND.URGENT, clinician)
    assert unchecked() == {}


def test_the_page_of_the_rules_offers_them_and_does_it_in_the_same_step(client, checked, editor, clinician):
    revision = new_answer(editor)
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    client.force_login(clinician)
    said = client.get(reverse("admin:articles_article_review", args=[revision.article_id])).content.decode()
    assert "“Care” is still correct" in said
    assert "“Walk” is still correct" not in said
    assert "Rules that change on other pages too" in said
    posted = {"number": revision.number, "moves": "publish", "confirm": [checked["care"].pk]}
    client.post(reverse("admin:articles_article_decide", args=[revision.article_id]), posted)
    assert unchecked() == {NUMB: ["rest"]}


def test_the_list_names_each_change_once_with_its_pages(client, checked, editor, clinician):
    decide(new_answer(editor, other="Something."), KIND.URGENT, clinician)
    client.force_login(clinician)
    said = client.get(LIST).content.decode()
    assert said.count("The rule “Who do I call?”") == said.count("The rule “What else?”") == 1
    assert "2 pages: Care, Rest" in said
    assert "1 page: Walk" in said


def test_a_change_shows_the_old_and_the_new_words_and_each_passage_as_readers_see_it(
    client, checked, editor, clinician
):
    decide(new_answer(editor), KIND.URGENT, clinician)
    client.force_login(clinician)
    said = shown(client)
    assert '<del><span class="visually-hidden">removed: </span>Ask us.</del>' in said
    assert said.count("<p><strong>Who do I call?</strong></p> <p>Us, at once.</p>") == 2
    assert "Under “At home”:" in said
    assert "Rest.</p>" not in said
    assert "Approve this change on these 2 pages" in said


def test_one_decision_checks_the_change_on_all_its_pages_and_keeps_their_day(client, checked, editor, clinician):
    decide(new_answer(editor), KIND.URGENT, clinician)
    client.force_login(clinician)
    check, version = checked["care"].live.last_check, SiteVersion.current()
    answer = client.post(LIST, sent(), follow=True).content.decode()
    assert "Change approved on 2 pages. The date of the next check is unchanged." in answer
    assert "Nothing to check" in answer
    assert Article.objects.get(slug="care").live.last_check == check
    assert SiteVersion.current() > version


def test_a_page_goes_on_saying_who_checked_it_and_says_who_checked_the_change(client, checked, editor, clinician):
    decide(new_answer(editor), KIND.URGENT, clinician)
    said = client.get("/guide/care/").content.decode()
    assert "Since then the rule “Who do I call?” has changed here, and that part is not yet checked." in said
    quote_changes.check_change(NUMB, on_screen(), clinician)
    said = client.get("/guide/care/").content.decode()
    assert "not yet checked" not in said
    assert "Changed here since then, and checked by Clara Clinician on" in said


def test_a_change_that_was_checked_and_changes_again_is_on_the_list_again(checked, editor, clinician):
    decide(new_answer(editor), KIND.URGENT, clinician)
    quote_changes.check_change(NUMB, on_screen(), clinician)
    assert unchecked() == {}
    decide(new_answer(editor, "Nobody."), KIND.URGENT, clinician)
    assert unchecked() == {NUMB: ["care", "rest"]}


def test_a_new_check_of_the_whole_page_covers_all_that_it_quotes(checked, editor, clinician):
    decide(new_answer(editor), KIND.URGENT, clinician)
    decide(checked["care"].live, KIND.CONFIRM, clinician)
    assert unchecked() == {NUMB: ["rest"]}


def test_a_page_that_changed_since_the_list_was_opened_is_not_checked(client, checked, editor, clinician):
    decide(new_answer(editor), KIND.URGENT, clinician)
    client.force_login(clinician)
    posted = sent()
    decide(new_answer(editor, "Call 999."), KIND.URGENT, clinician)
    assert "2 pages have changed since you opened this list" in client.post(LIST, posted, follow=True).content.decode()
    assert not Decision.objects.filter(kind=KIND.QUOTE).exists()


@pytest.mark.parametrize("pages", [[], ["", "x:y", "1", "1:2:3", "²:1"]])
def test_nothing_ticked_and_nonsense_check_nothing(client, checked, editor, clinician, pages):
    decide(new_answer(editor), KIND.URGENT, clinician)
    client.force_login(clinician)
    answer = client.post(LIST, {"quote": NUMB, "page": pages}, follow=True)
    assert "No page was ticked" in answer.content.decode()
    assert not Decision.objects.filter(kind=KIND.QUOTE).exists()


@pytest.mark.parametrize("quote", ["", "rule", "nothing:x", "__class__:x"])
def test_what_is_no_changed_quote_leads_back_to_the_list(client, checked, clinician, quote):
    client.force_login(clinician)
    care = checked["care"]
    answer = client.post(LIST, {"quote": quote, "page": f"{care.pk}:{care.page_id}"})
    assert (answer.status_code, answer.url) == (302, LIST)
    assert client.get(LIST, {"quote": quote}).url == LIST
    assert not Decision.objects.filter(kind=KIND.QUOTE).exists()


def test_only_clinicians_check_a_change(client, checked, editor, clinician):
    decide(new_answer(editor), KIND.URGENT, clinician)
    client.force_login(editor)
    assert client.get(LIST).status_code == 403
    with pytest.raises(ValidationError):
        quote_changes.check_change(NUMB, on_screen(), editor)


# --- nobody approves their own words ---------------------------------------------------------------------------------------


def test_who_wrote_the_change_may_not_check_it_on_other_pages(client, checked, clinician, colleague):
    decide(new_answer(clinician), KIND.URGENT, clinician)
    client.force_login(clinician)
    assert "“A title”: You wrote part of this text, so another clinician has to approve it." in shown(client)
    assert "Approve this change" not in shown(client)
    with pytest.raises(ValidationError, match="You wrote part of this text"):
        quote_changes.check_change(NUMB, on_screen(), clinician)
    assert quote_changes.check_change(NUMB, on_screen(), colleague) == 2


def test_words_that_another_clinician_has_approved_are_no_longer_ones_own(checked, clinician, colleague):
    revision = new_answer(clinician)
    decide(revision, KIND.URGENT, clinician)
    decide(revision, KIND.APPROVE, colleague)
    assert quote_changes.check_change(NUMB, on_screen(), clinician) == 2


def test_the_only_clinician_may_check_their_own_change_once_somebody_else_has_read_it(
    checked, editor, clinician, client
):
    Clinic.objects.update(one_clinician=True)
    revision = new_answer(clinician)
    decide(revision, KIND.URGENT, clinician)
    with pytest.raises(ValidationError, match="As the only clinician"):
        quote_changes.check_change(NUMB, on_screen(), clinician)
    decide(revision, KIND.READ, editor)
    assert quote_changes.check_change(NUMB, on_screen(), clinician) == 2
    assert "who wrote part of it, and read by a second person, on" in client.get("/guide/care/").content.decode()


# --- many pages ---------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_lists_cost_as_many_queries_for_many_pages(
    client, checked, editor, clinician, content, django_assert_max_num_queries
):
    for number in range(20):
        content(f"page-{number}", "[[rule:numb-leg]]\n")
    sync.import_folder(content.folder)
    for article in Article.objects.filter(slug__startswith="page-"):
        signed(article.live, by=clinician)
    decide(new_answer(editor), KIND.URGENT, clinician)
    client.force_login(clinician)
    with django_assert_max_num_queries(40):
        assert "22 pages" in client.get(LIST).content.decode()
    with django_assert_max_num_queries(50):
        assert shown(client).count('name="page"') == 22


def test_a_drawing_that_changes_puts_its_pages_on_the_list(db, content, clinician, monkeypatch):
    from siweb.articles.editorial import publishing

    sync.import_folder(content("joint", '![The pelvis](pelvis "Caption.")\n'))
    article = Article.objects.get()
    signed(article.live, by=clinician)
    before = publishing.drawings
    changed = {name: figure.__class__(**{**vars(figure), "digest": "new"}) for name, figure in before().items()}
    monkeypatch.setattr(publishing, "drawings", lambda: changed)
    publish(article)
    assert unchecked() == {"figure:pelvis": ["joint"]}
