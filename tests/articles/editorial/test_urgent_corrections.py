"""What an editor and a clinician may publish as an urgent correction, as truth tables."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from siweb.articles.editorial import workflow
from siweb.articles.importing import sync
from siweb.articles.models import Article
from siweb.articles.text import front_matter
from tests.conftest import article_file
from tests.support.deciding import KIND, decide

SIGNS = (
    "numbness\n:   level: same-day\n:   group: nerves\n:   for: everyone\n:   short: numb\n:   source: clinic\n"
    ":   typed: numb\n:   Numb.\n"
)
RULES = (
    "Here are our answers.\n\ndriving\n:   May I drive?\n:   {}\n\nnumb-leg\n:   How long?\n:   {}\n\n"
    "price\n:   What does it cost?\n:   {}\n"
)
CAUTIOUS = RULES.format("Ask us. Do not drive.", "6 hours", "Ask us.")
ANSWERED = RULES.format("Drive after a day.", "6 hours", "£500")
BODY = """\
Some words. Call [999](tel:999). A [new numbness](warning-signs#numbness) matters.

If you have pain in the chest, go to A&E at once. In the waiting room it is warm.

See [the signs](old-signs#numbness).

::: emergency Call 999 if:
- you cannot pee
- both legs are weak
:::

::: urgent Call your GP if:
- you have a fever
:::

::: dont
- do not drive
:::

::: do
- walk a little
:::

::: urgent Call your GP today if:
[[signs:nerves:same-day]]
:::

[[signs:nerves]]

[[rule:driving]]
"""


@pytest.fixture
def site(db, content):
    content("care", BODY)
    content("our-rules", CAUTIOUS, kind="rules")
    sync.import_folder(content("warning-signs", SIGNS, kind="signs", aliases="[old-signs]"))


def new_version(slug, body, by, **front):
    article = Article.objects.get(slug=slug)
    return article.edit(front_matter.parse(article_file(body, **front)), by=by, version=article.version)


def urgent(revision, by):
    return decide(revision, KIND.URGENT, by)


# How a correction changes the page: what an editor is told that it takes away, or "" where it may go out.
ELSEWHERE = {
    "other words": (lambda body: body.replace("Some words.", "Other words."), ""),
    "a new line in a card": (lambda body: body.replace("- you cannot pee\n", "- you cannot pee\n- you faint\n"), ""),
    "a new card": (lambda body: body + "\n::: urgent Call us if:\n- it swells\n:::\n", ""),
    "a new link to a sign": (lambda body: body + "\nMore [numbness](warning-signs#numbness).\n", ""),
    "an urgent line that becomes an emergency": (
        lambda body: body.replace("- you have a fever\n", "- you feel ill\n").replace(
            "- you cannot pee\n", "- you cannot pee\n- you have a fever\n"
        ),
        "",
    ),
    "another thing to do": (lambda body: body.replace("walk a little", "rest"), ""),
    "no link to a sign": (
        lambda body: body.replace("[new numbness](warning-signs#numbness)", "new numbness"),
        "the link to warning-signs#numbness",
    ),
    "no number to call": (lambda body: body.replace("[999](tel:999)", "somebody"), "the link to tel:999"),
    "no list of signs": (lambda body: body.replace("[[signs:nerves]]\n\n", ""), r"\[\[signs:nerves\]\]"),
    "no rule": (lambda body: body.replace("[[rule:driving]]", "Drive."), r"\[\[rule:driving\]\]"),
    "no emergency line": (lambda body: body.replace("- you cannot pee\n", ""), "“you cannot pee”"),
    "a milder emergency line": (
        lambda body: body.replace("you cannot pee", "you cannot pee for a day"),
        "“you cannot pee”",
    ),
    "an emergency line that is only urgent": (
        lambda body: body.replace("- you cannot pee\n", "").replace("- you have", "- you cannot pee\n- you have"),
        "“you cannot pee”",
    ),
    "another heading of a card": (
        lambda body: body.replace("Call your GP if:", "You may call if:"),
        "“Call your GP if:”",
    ),
    "another kind of card": (
        lambda body: body.replace("::: urgent Call your GP if:", "::: nonurgent Call your GP if:"),
        "“you have a fever”",
    ),
    "an emergency line under a heading that plays it down": (
        lambda body: body.replace("- you cannot pee\n", "") + "\n::: emergency Rarely matters\n- you cannot pee\n:::\n",
        "“you cannot pee”",
    ),
    "an urgent line that becomes an emergency under a new heading": (
        lambda body: (
            body.replace("- you have a fever\n", "- you feel ill\n")
            + "\n::: emergency Rarely matters\n- you have a fever\n:::\n"
        ),
        "“you have a fever”",
    ),
    "a list of signs out of its card": (
        lambda body: body.replace("[[signs:nerves:same-day]]", "- or so") + "\n[[signs:nerves:same-day]]\n",
        r"\[\[signs:nerves:same-day\]\]",
    ),
    "a list of signs among what to do": (
        lambda body: body.replace("[[signs:nerves]]\n", "").replace(
            "- walk a little\n", "- walk\n\n[[signs:nerves]]\n"
        ),
        r"\[\[signs:nerves\]\]",
    ),
    "a list of signs in a warning": (
        lambda body: body.replace("[[signs:nerves]]\n", "").replace(
            "[[signs:nerves:same-day]]", "[[signs:nerves:same-day]]\n\n[[signs:nerves]]"
        ),
        "",
    ),
    "a sentence with A&E": (
        lambda body: body.replace("go to A&E at once", "rest"),
        "“If you have pain in the chest, go",
    ),
    "a sentence with A&E, by words in between": (
        lambda body: body.replace("go to A&E at once", "you need not go to A&E at once"),
        "“If you have pain in the chest, go",
    ),
    "a sentence with A&E, in a warning": (
        lambda body: body.replace(
            "If you have pain in the chest, go to A&E at once. In the waiting room it is warm.", ""
        ).replace(
            "- you cannot pee\n",
            "- you cannot pee\n- If you have pain in the chest, go to A&E at once.\n",
        ),
        "",
    ),
    "a link to a sign by an old address": (
        lambda body: body.replace("[the signs](old-signs#numbness)", "the signs"),
        "the link to old-signs#numbness",
    ),
    "no line of what not to do": (lambda body: body.replace("::: dont\n- do not drive\n:::\n\n", ""), "“do not drive”"),
    "what not to do, to do": (
        lambda body: body.replace("- do not drive\n", "- do not run\n").replace("- walk", "- do not drive\n- walk"),
        "“do not drive”",
    ),
}


@pytest.mark.parametrize("what", ELSEWHERE)
def test_an_editor_adds_to_warnings_and_takes_none_away(site, editor, clinician, what):
    change, taken = ELSEWHERE[what]
    assert change(BODY) != BODY
    revision = new_version("care", change(BODY), editor)
    if taken:
        with pytest.raises(ValidationError, match=f"takes out or changes .*{taken}.* Send it for review"):
            urgent(revision, editor)
        assert urgent(revision, clinician)
    else:
        assert urgent(revision, editor)
    assert Article.objects.get(slug="care").live == revision


def test_an_editor_may_put_back_a_text_that_a_clinician_approved(site, editor, clinician):
    decide(Article.objects.get(slug="care").live, KIND.APPROVE, clinician)
    urgent(new_version("care", BODY + "\nMore words.\n", clinician), clinician)
    back = new_version("care", BODY, editor)
    urgent(back, editor)
    assert Article.objects.get(slug="care").live.number == back.number


@pytest.mark.parametrize("is_approved", [True, False])
def test_a_text_that_says_less_may_be_put_back_only_if_it_was_approved(site, editor, clinician, is_approved):
    short = new_version("care", "Few words.\n", clinician)
    urgent(short, clinician)
    if is_approved:
        decide(short, KIND.APPROVE, with_another(clinician))
    urgent(new_version("care", BODY, clinician), clinician)
    back = new_version("care", "Few words.\n", editor)
    if is_approved:
        assert urgent(back, editor)
    else:
        with pytest.raises(ValidationError, match="takes out or changes"):
            urgent(back, editor)


def with_another(clinician):
    colleague = clinician.__class__.objects.create_user("cora", is_staff=True)
    colleague.groups.set(clinician.groups.all())
    return colleague


def test_what_the_front_matter_warns_of_stays_too(site, editor, clinician):
    warned = {"takeaways": "[Call 999 if you cannot pee., Rest.]"}
    urgent(new_version("care", BODY, clinician, **warned), clinician)
    for takeaways in ("[Rest.]", "[Call 999 if you cannot pee for a day., Rest.]"):
        with pytest.raises(ValidationError, match="takes out or changes “Call 999 if you cannot pee.”"):
            urgent(new_version("care", BODY, editor, takeaways=takeaways), editor)
    assert urgent(new_version("care", BODY, editor, takeaways="[Call 999 if you cannot pee., Walk.]"), editor)


def test_of_two_cautious_answers_only_the_newer_is_the_safe_side(site, editor, clinician):
    newer = CAUTIOUS.replace("Do not drive.", "Do not drive or cycle.")
    for body in (newer, ANSWERED):
        urgent(new_version("our-rules", body, clinician, kind="rules"), clinician)
    with pytest.raises(ValidationError, match="gives another answer to driving"):
        urgent(new_version("our-rules", CAUTIOUS, editor, kind="rules"), editor)
    assert urgent(new_version("our-rules", newer, editor, kind="rules"), editor)


@pytest.mark.parametrize(("key", "safe"), [("cancel", "Do not come with a fever."), ("interpreter", "Call 999.")])
def test_the_safe_side_of_what_the_manager_answers_is_not_an_editors_to_change(site, editor, clinician, key, safe):
    def rules(answer):
        return f"{CAUTIOUS}\n{key}\n:   What if?\n:   {answer}\n"

    urgent(new_version("our-rules", rules(f"Ask us. {safe}"), clinician, kind="rules"), clinician)
    for answer in ("Ask us.", "£50.", f"Ask us. {safe.replace('Call', 'Never call')} Or come."):
        with pytest.raises(ValidationError, match=f"gives another answer to {key}"):
            urgent(new_version("our-rules", rules(answer), editor, kind="rules"), editor)
    urgent(new_version("our-rules", rules("£50."), clinician, kind="rules"), clinician)
    assert urgent(new_version("our-rules", rules(f"Ask us. {safe}"), editor, kind="rules"), editor)


# The rules that readers see, those of the correction, and what an editor is told that it answers; "" where it may go out.
OF_RULES = {
    "an answer": (CAUTIOUS, ANSWERED.replace("£500", "Ask us."), "driving"),
    "another answer": (ANSWERED, ANSWERED.replace("a day", "a week"), "driving"),
    "back to an older cautious answer": (
        CAUTIOUS.replace("Do not drive.", "Do not drive or cycle."),
        CAUTIOUS,
        "driving",
    ),
    "back to the cautious answer": (ANSWERED, ANSWERED.replace("Drive after a day.", "Ask us. Do not drive."), ""),
    "what only begins like it": (ANSWERED, ANSWERED.replace("Drive after a day.", "Ask us. You may drive."), "driving"),
    "another question": (CAUTIOUS, CAUTIOUS.replace("May I drive?", "Must I drive?"), "driving"),
    "another fixed answer": (CAUTIOUS, CAUTIOUS.replace("6 hours", "60 hours"), "numb-leg"),
    "a rule less": (CAUTIOUS, CAUTIOUS.replace("numb-leg\n:   How long?\n:   6 hours\n\n", ""), "numb-leg"),
    "a rule more": (CAUTIOUS, CAUTIOUS + "\nrest\n:   May I work?\n:   Yes.\n", "rest"),
    "the price": (
        CAUTIOUS,
        CAUTIOUS.replace(":   What does it cost?\n:   Ask us.", ":   What does it cost?\n:   £500"),
        "",
    ),
    "a price that gives advice": (
        CAUTIOUS,
        CAUTIOUS.replace("What does it cost?\n:   Ask us.", "What does it cost?\n:   £500. Do not call 999."),
        "price",
    ),
    "a price that leads to a sign": (
        CAUTIOUS,
        CAUTIOUS.replace(
            "What does it cost?\n:   Ask us.", "What does it cost?\n:   [Normal](warning-signs#numbness)."
        ),
        "price",
    ),
    "other words around them": (CAUTIOUS, CAUTIOUS.replace("Here are our answers.", "These are our answers."), ""),
}


@pytest.mark.parametrize("what", OF_RULES)
def test_on_a_clinical_rule_an_editor_only_restores_the_safe_side(site, editor, clinician, what):
    before, after, answered = OF_RULES[what]
    if before != CAUTIOUS:
        urgent(new_version("our-rules", before, clinician, kind="rules"), clinician)
    revision = new_version("our-rules", after, editor, kind="rules")
    if answered:
        with pytest.raises(ValidationError, match=f"gives another answer to {answered}, so a clinician has to decide"):
            urgent(revision, editor)
        assert urgent(revision, clinician)
    else:
        assert urgent(revision, editor)


def test_an_approved_text_with_answers_is_no_way_round_it(site, editor, clinician):
    answered = new_version("our-rules", ANSWERED, editor, kind="rules")
    for kind in (KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH):
        decide(answered, kind, clinician)
    urgent(new_version("our-rules", CAUTIOUS, editor, kind="rules"), editor)
    with pytest.raises(ValidationError, match="gives another answer to driving"):
        urgent(new_version("our-rules", ANSWERED, editor, kind="rules"), editor)


def test_what_is_not_live_has_nothing_to_correct(site, editor, clinician):
    article = Article.objects.create(slug="new")
    revision = article.edit(front_matter.parse(article_file()), by=editor, version=0)
    for user in (editor, clinician):
        assert KIND.URGENT not in {move.kind for move in workflow.possible(article, revision, user)}
        with pytest.raises(ValidationError, match="nothing to correct. Send this one for review"):
            urgent(revision, user)
    decide(revision, KIND.REQUEST, editor)
    decide(revision, KIND.APPROVE, clinician)
    decide(revision, KIND.PUBLISH, clinician)
    decide(revision, KIND.RETIRE, clinician)
    again = new_version("new", "Again.\n", editor)
    with pytest.raises(ValidationError, match="nothing to correct"):
        urgent(again, editor)


@pytest.mark.parametrize("note", ["", "  ", "\n"])
@pytest.mark.parametrize("who", ["editor", "clinician"])
def test_an_urgent_correction_must_say_why(site, request, who, note):
    user = request.getfixturevalue(who)
    revision = new_version("care", BODY + "\nMore words.\n", user)
    with pytest.raises(
        ValidationError, match="Say in a sentence why, then press “Publish as an urgent correction” again"
    ):
        decide(revision, KIND.URGENT, user, note=note)
    assert not revision.decisions.exists()


def test_the_page_says_what_was_taken_and_a_refusal_keeps_the_reason_that_was_typed(site, client, editor):
    revision = new_version("care", BODY.replace("- you cannot pee\n", ""), editor)
    client.force_login(editor)
    page = client.get(reverse("admin:articles_article_review", args=[revision.article_id])).content.decode()
    assert "takes out or changes “you cannot pee”" in page
    assert 'value="urgent"' not in page
    typed = {"moves": "urgent", "number": revision.number, "note": "The line was <wrong>"}
    answer = client.post(reverse("admin:articles_article_decide", args=[revision.article_id]), typed)
    assert answer.status_code == 409
    assert "Send it for review" in answer.content.decode()
    assert re.search(r"<textarea[^>]*>\s*The line was &lt;wrong&gt;</textarea>", answer.content.decode())
