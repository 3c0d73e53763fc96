"""A signature covers all that a reader sees of a quoted part: every line, link and part that it quotes in its turn."""

import pytest
from django.core.exceptions import ValidationError

from siweb.articles.editorial import signature, workflow
from siweb.articles.editorial.signature import signature_of
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision
from siweb.articles.rendering.document import Rule
from tests.support.deciding import KIND, decide, signed

RULES = "hours\n:   How long?\n:   6 hours\n\nprice\n:   What does it cost?\n:   Ask us.\n"
SIGN = (
    "weak\n:   level: same-day\n:   group: nerves\n:   for: everyone\n:   short: a weak leg\n:   source: clinic\n"
    ":   typed: weak\n:   {}\n"
)
TERM = (
    "Steroid\n:   A [medicine](warning-signs#weak) that calms swelling for [[rule:hours]].\n:   It is not a cure.\n"
    ":   Also: cortisone\n:   Typed: cortizone\n"
)


@pytest.fixture
def page(db, content, clinician):
    content("our-rules", RULES, kind="rules")
    content("warning-signs", SIGN.format("A weak leg."), kind="signs")
    content("glossary", TERM, kind="glossary")
    sync.import_folder(content("care", "A steroid helps.\n\n[[signs:nerves]]\n", title="Care"))
    article = Article.objects.get(slug="care")
    signed(article.live, by=clinician)
    return article


def changed(page):
    page.refresh_from_db()
    return signature_of(page.live, page.page.quotes).changed


TERMS = {
    "its meaning": (TERM.replace("calms", "stops"), ("term:Steroid",)),
    "a second line": (TERM.replace("not a cure", "a cure"), ("term:Steroid",)),
    "a line more": (TERM.replace(":   Also", ":   It is safe.\n:   Also"), ("term:Steroid",)),
    "where a link leads": (TERM.replace("#weak", "#nerves"), ("term:Steroid",)),
    "no link": (TERM.replace("[medicine](warning-signs#weak)", "medicine"), ("term:Steroid",)),
    "another name beside it": (TERM.replace("Also: cortisone", "Also: aspirin"), ("term:Steroid",)),
    "a second line of names": (TERM.replace(":   Typed", ":   Also: cure\n:   Typed"), ("term:Steroid",)),
    "what only the search knows": (TERM.replace("cortizone", "cortisol"), ()),
}


@pytest.mark.parametrize("what", TERMS)
def test_each_line_of_a_meaning_is_part_of_it(page, content, what):
    text, quotes = TERMS[what]
    sync.import_folder(content("glossary", text, kind="glossary"))
    assert changed(page) == quotes


def test_a_rule_in_a_meaning_is_part_of_what_was_checked(page, content):
    sync.import_folder(content("our-rules", RULES.replace("6 hours", "60 hours"), kind="rules"))
    assert changed(page) == ("rule:hours",)


@pytest.mark.parametrize(
    "answer",
    [
        "Ask us.",
        "ask us",
        "Ask\u00a0us.",
        "Ask  us",
        "“Ask us.”",
        "- Ask us",
        "A\u200bsk us",
        "Please ask us.",
        "",
        "–",
        "…",
    ],
)
def test_a_rule_that_only_says_ask_us_has_no_answer_however_it_is_written(answer):
    assert not Rule("price", "What does it cost?", answer).answered


@pytest.mark.parametrize("answer", ["£500", "6 hours", "24/7", "Task us.", "Asking us costs nothing.", "No."])
def test_other_rules_have_an_answer(answer):
    assert Rule("price", "What does it cost?", answer).answered


UNSEEN = {
    "a meaning": ("glossary", TERM.replace("calms", "stops"), "glossary"),
    "the full wording of a sign": ("warning-signs", SIGN.format("A leg that is weak for a week."), "signs"),
}


@pytest.mark.parametrize("kind", [KIND.APPROVE, KIND.CONFIRM])
@pytest.mark.parametrize("what", UNSEEN)
def test_what_changed_while_the_page_was_on_screen_is_not_checked_unseen(page, content, clinician, what, kind):
    """These change no letter of the page itself, so the clinician has to open it again."""
    if kind == KIND.APPROVE:
        sync.import_folder(content("rest", "A steroid helps.\n\n[[signs:nerves]]\n"))
        page = Article.objects.get(slug="rest")
    _, seen = workflow.render_for_review(page.live)
    slug, body, front = UNSEEN[what]
    sync.import_folder(content(slug, body, kind=front))
    with pytest.raises(ValidationError, match="This page has changed since it was on your screen"):
        decide(page.live, kind, clinician, seen=seen, read=True)
    assert decide(page.live, kind, clinician)


def test_a_quote_of_an_earlier_release_is_named_and_breaks_no_page(page, client):
    """Lists of signs were one quote each before every sign became one."""
    check = page.live.last_check
    Decision.objects.create(
        revision=page.live, kind=KIND.CONFIRM, by=check.by, review_due=check.review_due, quotes={"signs:nerves": "1"}
    )
    assert "the warning signs “nerves”" in client.get("/guide/care/").content.decode()
    assert signature.describe("signs:nerves") == "the warning signs “nerves”"


def test_a_rule_in_the_sentence_that_tells_a_sign_from_another_is_shown_and_part_of_what_was_checked(
    page, content, clinician, client
):
    sync.import_folder(
        content("warning-signs", SIGN.format("A weak leg. *Expected for [[rule:hours]].*"), kind="signs")
    )
    decide(page.live, KIND.CONFIRM, clinician)
    assert "a weak leg. <em>Expected for 6 hours.</em>" in client.get("/guide/care/").content.decode()
    sync.import_folder(content("our-rules", RULES.replace("6 hours", "60 hours"), kind="rules"))
    assert "Expected for 60 hours." in client.get("/guide/care/").content.decode()
    assert changed(page) == ("rule:hours",)
