"""A draft may be unfinished: it saves with every mistake, and they stop it later, by name."""

import html
import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from siweb.articles.editorial import publishing, workflow
from siweb.articles.importing import sync
from siweb.articles.models import Article
from siweb.articles.rendering import syntax
from siweb.articles.staff.editor import MAX_NAMED
from siweb.articles.text import front_matter
from siweb.articles.text.front_matter import BadText
from tests.articles.staff.test_editor import FILLED, NEW, address, filled, words
from tests.support.deciding import KIND, decide

CHECKS = reverse("admin:articles_article_checks")

# What an unfinished article holds, the field of the mistake, and what the checks say of it.
UNFINISHED = {
    "a link to nowhere": ({"body": "One.\n\n[x](nowhere)\n"}, "Line 3", 'The link "nowhere" leads nowhere'),
    "a card without a heading": ({"body": "::: emergency\nx\n:::\n"}, "Line 1", "The heading is missing"),
    "a card that is not closed": ({"body": "::: do\n- rest\n"}, "Line 1", "This box is not closed"),
    "a title in the body": ({"body": "# Title\n"}, "Line 1", "There is a heading with one #"),
    "a picture that is not there": ({"body": "![A hip](hip)\n"}, "Line 1", 'There is no figure "hip"'),
    "a rule that is not there": ({"body": "[[rule:nothing]]\n"}, "Line 1", 'There is no rule "nothing"'),
    "a source that is not listed": ({"body": "Words.[^jee]\n"}, "Line 1", 'Source "jee" is not listed'),
    "a list too deep": ({"body": "> " * 25 + "x\n"}, "Line 1", "too deep"),
    "too many marks": ({"body": "* " * (syntax.MOST_MARKS + 100)}, "Line 1", "Keep it under 3,700"),
    "no title": ({"title": "", "slug": "going-home"}, "Title", "title is empty"),
    "no summary": ({"summary": " "}, "Summary", "summary is empty"),
    "a title too long": ({"title": "Home " * 50, "slug": "going-home"}, "Title", "title has 249 characters"),
    "an author too long": ({"author": "x" * 201}, "Author", "author has 201 characters"),
    "an order that is no number": ({"order": "ten"}, "Order", "order must be a whole number"),
    "an order too large": ({"order": "12345"}, "Order", "order must be a whole number"),
    "an old address that is none": ({"aliases": "Old Page\nold"}, "Aliases", "aliases are old addresses"),
    "an old address of another": ({"aliases": "rest"}, "Aliases", "Another article has the old address “rest”"),
    "several": ({"title": "", "slug": "going-home", "body": "[x](nowhere)\n", "order": "ten"}, "Order", "whole number"),
}


@pytest.fixture
def desk(client, editor, content):
    sync.import_folder(content("rest", title="Rest"))
    client.force_login(editor)
    return client


def saved(desk, change):
    answer = desk.post(NEW, FILLED | change, follow=True)
    return Article.objects.get(slug="going-home"), answer


@pytest.mark.parametrize("what", UNFINISHED)
def test_it_saves_and_the_editor_gives_back_every_letter(desk, what):
    change, _, said = UNFINISHED[what]
    article, answer = saved(desk, change)
    assert answer.redirect_chain == [(address(article), 302)]
    assert "Draft 1 is saved." in words(answer)
    assert "before you send it for review." in words(answer)
    typed = FILLED | change
    again = answer.context["form"]
    for name in ("title", "summary", "order", "aliases", "author"):
        assert (again[name].value() or "").strip() == typed[name].strip() or (name, typed[name]) == ("order", "")
    assert again["body"].value().rstrip() == typed["body"].rstrip()
    assert said in words(answer) or what in ("several",)
    unchanged = desk.post(address(article), filled(article), follow=True)
    assert "Nothing had changed" in words(unchanged), "to open and to save it makes no new version"


@pytest.mark.parametrize("what", UNFINISHED)
def test_the_checks_list_it_as_an_error(desk, what):
    change, where, said = UNFINISHED[what]
    panel = desk.post(CHECKS, FILLED | {"slug": "going-home"} | change).content.decode()
    assert re.search(r"Fix \d+ errors? before publishing\.", panel)
    errors = html.unescape(re.sub(r"<[^>]+>", " ", panel.partition("<h3>Errors</h3>")[2].partition("</ul>")[0]))
    assert said in errors
    assert where in errors


@pytest.mark.parametrize("what", UNFINISHED)
def test_it_is_not_sent_for_review_and_the_refusal_names_it_and_keeps_the_note(desk, what):
    change, where, said = UNFINISHED[what]
    article, _ = saved(desk, change)
    typed = {"moves": "request", "number": article.head.number, "note": "For <spring>", "reason": "It stays."}
    answer = desk.post(reverse("admin:articles_article_decide", args=[article.pk]), typed)
    assert answer.status_code == 422
    assert f"Fix this first: {where[0].lower()}{where[1:]}" in words(answer)
    assert said in words(answer)
    assert "For &lt;spring&gt;" in answer.content.decode()
    assert not article.head.decisions.exists()


@pytest.mark.parametrize("what", UNFINISHED)
def test_it_is_not_published_by_any_way(desk, editor, clinician, what):
    change, _, _ = UNFINISHED[what]
    article, _ = saved(desk, {})
    for kind in (KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH):
        decide(article.head, kind, editor if kind == KIND.REQUEST else clinician)
    article.refresh_from_db()
    desk.post(address(article), filled(article, **{k: v for k, v in change.items() if k != "slug"}))
    article.refresh_from_db()
    assert article.head.number == 2
    live = article.live_id
    with pytest.raises((BadText, ValidationError)):
        decide(article.head, KIND.URGENT, clinician)
    article.refresh_from_db()
    assert (article.live_id, article.page_problems) == (live, [])


@pytest.mark.slow
def test_every_page_of_staff_opens_whatever_the_draft_holds(desk, clinician):
    for number, (change, _, _) in enumerate(UNFINISHED.values()):
        desk.post(NEW, FILLED | change | {"slug": f"draft-{number}"})
    drafts = Article.objects.filter(slug__startswith="draft-")
    assert drafts.count() == len(UNFINISHED)
    desk.force_login(clinician)
    for path in ("/admin/", reverse("admin:articles_article_changelist"), reverse("admin:articles_article_pages")):
        assert desk.get(path).status_code == 200
    for article in drafts:
        for page in ("change", "review", "history", "compare", "move", "live_on"):
            assert desk.get(reverse(f"admin:articles_article_{page}", args=[article.pk])).status_code == 200, page
        page = desk.get(reverse("admin:articles_article_page", args=[article.pk, 1]))
        assert page.status_code in (200, 422)


def test_the_message_names_a_few_errors_and_counts_all(desk):
    _, answer = saved(desk, {"body": "".join(f"[x](nowhere-{number})\n\n" for number in range(MAX_NAMED + 2))})
    assert f"Fix {MAX_NAMED + 2} errors before you send it for review." in words(answer)
    assert words(answer).count("leads nowhere") >= MAX_NAMED


# What no database holds or no machine bears is refused, with every letter given back.
NOT_STORED = {
    "a character that cannot be shown": {"body": "One\n\nTw\x07o"},
    "one in the title": {"title": "Go\x07ing"},
    "a text too long": {"body": "x" * front_matter.TEXT_LIMIT},
    "front matter too long": {"takeaways": "x\n" * (front_matter.FRONT_LIMIT // 4)},
}


@pytest.mark.parametrize("what", NOT_STORED)
def test_what_cannot_be_stored_is_given_back(desk, what):
    typed = FILLED | {"body": "My words, <kept>.\n", "summary": "Sum", "note": "Why"} | NOT_STORED[what]
    answer = desk.post(NEW, typed)
    assert (answer.status_code, Article.objects.count()) == (422, 1)
    form = answer.context["form"]
    assert {name: form[name].value() for name in typed if name != "version"} == {
        name: value for name, value in typed.items() if name != "version"
    }


# --- Links to drafts --------------------------------------------------------------------------------------------


@pytest.fixture
def two_drafts(desk):
    desk.post(NEW, FILLED | {"title": "First", "slug": "first", "body": "See [second](second#more).\n"})
    desk.post(NEW, FILLED | {"title": "Second", "slug": "second", "body": "## More\n\nWords.\n"})
    return [Article.objects.get(slug=slug) for slug in ("first", "second")]


def test_a_link_to_another_draft_is_an_error_only_at_publication(desk, two_drafts, editor, clinician):
    first, second = two_drafts
    panel = desk.post(CHECKS, filled(first)).content.decode()
    assert "No errors." in panel
    for kind, by in ((KIND.REQUEST, editor), (KIND.APPROVE, clinician)):
        decide(first.head, kind, by)
    with pytest.raises(BadText, match='The link leads to "second", which is not published yet. Publish that first'):
        decide(first.head, KIND.PUBLISH, clinician)
    for kind, by in ((KIND.REQUEST, editor), (KIND.APPROVE, clinician), (KIND.PUBLISH, clinician)):
        decide(second.head, kind, by)
    decide(first.head, KIND.PUBLISH, clinician)
    assert 'href="/guide/second/#more"' in Article.objects.get(slug="first").page.html


@pytest.mark.parametrize(
    ("target", "said"),
    [("second#less", 'no section "#less" in second'), ("nowhere", "leads nowhere"), ("gone", "leads nowhere")],
)
def test_a_link_to_nothing_is_an_error_at_once(desk, two_drafts, editor, clinician, target, said, content):
    sync.import_folder(content("gone"))
    decide(Article.objects.get(slug="gone").live, KIND.RETIRE, clinician)
    first, _ = two_drafts
    desk.post(address(first), filled(first, body=f"See [it]({target}).\n"))
    first.refresh_from_db()
    with pytest.raises(BadText, match=said):
        decide(first.head, KIND.REQUEST, editor)


def test_readers_are_never_led_to_a_draft(desk, two_drafts, clinician):
    around = publishing.live_surroundings()
    assert not {"first", "second"} & around.addresses.keys()
    assert {"first", "second"} <= around.unpublished


# --- Texts as they are stored --------------------------------------------------------------------------------------

STORED = {
    "a draft": "---\ntitle: x\nkind: topic\norder: ten\n---\n\nWords.\n",
    "a key of former times": "---\ntitle: x\nsummary: y\nkind: topic\nshelf: old\n---\n\nWords.\n",
    "a kind of former times": "---\ntitle: x\nsummary: y\nkind: leaflet\n---\n\nWords.\n",
    "a list where a text is": "---\ntitle: [x, z]\nsummary: y\nkind: topic\n---\n\nWords.\n",
    "front matter that is not understood": "---\ntitle: [x\nsummary: y\n---\n\nWords.\n",
    "front matter that is no list of keys": "---\njust words\n---\n\nWords.\n",
    "no front matter": "Words.\n",
    "nothing": "",
}


@pytest.mark.parametrize("source", STORED.values(), ids=STORED)
def test_a_stored_text_is_read_without_loss_whatever_it_holds(source):
    text = front_matter.read_stored(source)
    assert text.problems
    again = front_matter.read_stored(text.canonical)
    assert (again, again.canonical) == (text, text.canonical)
    kept = set(re.findall(r"\w+", text.canonical))
    assert set(re.findall(r"\w+", source)) <= kept
    with pytest.raises(BadText):
        publishing.render(publishing.Document(text), publishing.Surroundings())


def test_a_draft_shows_its_state_and_offers_its_review_page(desk, clinician):
    article, _ = saved(desk, {"summary": ""})
    assert workflow.state_of(article, article.head) == workflow.State.DRAFT
    desk.force_login(clinician)
    page = words(desk.get(reverse("admin:articles_article_review", args=[article.pk])))
    assert "Fix these errors before this text is sent for review." in page
    assert "summary is empty" in page
