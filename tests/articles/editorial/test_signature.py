"""What a signature covers: everything that a page can show of others, every way in which it can change, every place that
shows a status."""

import html
import json
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from siweb.articles.editorial import publishing, scheduling, signature
from siweb.articles.editorial.signature import QuoteNames, signature_of
from siweb.articles.editorial.status import standings
from siweb.articles.editorial.warning_lines import gives_advice
from siweb.articles.importing import sync
from siweb.articles.models import Article, Decision
from siweb.articles.pictures import library, processing
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic
from siweb.launch.checklist import _is_approved
from tests.conftest import article_file, with_role
from tests.support.deciding import KIND, decide, in_a_year, signed
from tests.support.painting import painted, saved

RULES = """driving
:   May I drive?
:   Not on the day. Call [[clinic:phone]].

numb-leg
:   How long may it last?
:   6 hours

price
:   What does it cost?
:   Ask us.

cancel
:   What if I cancel?
:   Ask us.

interpreter
:   Can I have an interpreter?
:   Ask us.

access
:   May someone come with me?
:   Ask us.
"""
SIGN = (
    "{key}\n:   level: {level}\n:   group: nerves\n:   for: everyone\n:   short: {short}\n:   form: yes\n"
    ":   source: clinic\n:   typed: {key}\n:   {short}.\n\n"
)
TINGLE = SIGN.format(key="tingle", level="same-day", short="new tingling")
SIGNS = SIGN.format(key="weak", level="same-day", short="a weak leg after [[rule:numb-leg]]") + TINGLE
TERMS = "Steroid\n:   A medicine that calms swelling.\n\nJoint\n:   Where two bones meet.\n"
BODY = """Call [[clinic:phone]]. We are open [[clinic:hours]].

## Going home

[[rule:driving]]

[[rule:price]]

It says: [[rule:cancel]] And: [[rule:interpreter]] And: [[rule:access]]

The steroid goes in.

![A pelvis](pelvis "The bones.")

![A hip](hip "The hip.")

:::: sheet
## To take with you

[[signs:nerves]]
::::
"""
PAGE = "aftercare"


@pytest.fixture
def colleague(django_user_model):
    return with_role(django_user_model, "cora", "Clinicians", "Colleague")


@pytest.fixture
def page(db, content, editor, clinician):
    """An approved page that shows something of every kind, and the texts that it shows."""
    library.add(processing.make(saved(painted())), "hip.png", editor)
    content(PAGE, BODY, title="Aftercare")
    content("our-rules", RULES, kind="rules", title="Rules")
    content("warning-signs", SIGNS, kind="signs", title="Signs")
    sync.import_folder(content("glossary", TERMS, kind="glossary", title="Words"))
    article = Article.objects.get(slug=PAGE)
    signed(article.live, by=clinician)
    return article


class Ways:
    """The ways in which readers get another text of an article, a picture or a drawing."""

    def __init__(self, content, editor, by, monkeypatch):
        self.content, self.editor, self.by, self.monkeypatch = content, editor, by, monkeypatch

    def _decided(self, slug, body, front, *steps):
        article = Article.objects.get(slug=slug)
        text = front_matter.parse(article_file(body, **front))
        revision = article.edit(text, by=self.editor, version=article.version)
        for step in steps:
            decide(revision, step, self.editor if step == KIND.REQUEST else self.by)

    def reviewed(self, *change):
        self._decided(*change, KIND.REQUEST, KIND.APPROVE, KIND.PUBLISH)

    def urgent(self, *change):
        self._decided(*change, KIND.URGENT)

    def scheduled(self, *change):
        self._decided(*change, KIND.REQUEST, KIND.APPROVE, KIND.SCHEDULE)
        assert scheduling.publish_due(timezone.now() + timedelta(days=2)) == 1

    def file(self, slug, body, front):
        sync.import_folder(self.content(slug, body, **front))

    def picture(self, *_):
        library.replace(library.Picture.objects.get(name="hip"), processing.make(saved(painted().rotate(90))))

    def drawing(self, *_):
        changed = {name: replace(figure, digest="new") for name, figure in publishing.drawings().items()}
        self.monkeypatch.setattr(publishing, "drawings", lambda: changed)
        sync.import_folder(self.content.folder)

    def retired(self, slug, *_):
        decide(Article.objects.get(slug=slug).live, KIND.RETIRE, self.by)


@pytest.fixture
def ways(content, editor, colleague, monkeypatch):
    return Ways(content, editor, colleague, monkeypatch)


RULE, SIGN_FRONT, TERM = ({"kind": kind, "title": "New"} for kind in ("rules", "signs", "glossary"))
TEXT_WAYS = ("reviewed", "urgent", "scheduled", "file")

# What changes: (article, its new text, its front matter), what readers call the changed part, the ways in which it can.
CHANGES = {
    "a rule": (("our-rules", RULES.replace("Not on", "Not until"), RULE), "the rule “May I drive?”", TEXT_WAYS),
    "a question": (("our-rules", RULES.replace("I drive?", "I cycle?"), RULE), "the rule “May I cycle?”", TEXT_WAYS),
    "what to do about a fever": (
        ("our-rules", RULES.replace("cancel?\n:   Ask us.", "cancel?\n:   Ask us. Come with a fever."), RULE),
        "the rule “What if I cancel?”",
        TEXT_WAYS,
    ),
    "what to do in an emergency": (
        ("our-rules", RULES.replace("interpreter?\n:   Ask us.", "interpreter?\n:   Ask us. Do not call 999."), RULE),
        "the rule “Can I have an interpreter?”",
        TEXT_WAYS,
    ),
    "a rule in a sign": (
        ("our-rules", RULES.replace("6 hours", "9 hours"), RULE),
        "the rule “How long may it last?”",
        TEXT_WAYS,
    ),
    "a sign": (
        ("warning-signs", SIGNS.replace("new tingling", "tingling"), SIGN_FRONT),
        "the warning sign “tingling”",
        TEXT_WAYS,
    ),
    "a sign's level": (
        ("warning-signs", SIGNS.replace("level: same-day", "level: emergency", 1), SIGN_FRONT),
        "the warning sign “a weak leg after 6 hours”",
        TEXT_WAYS,
    ),
    "a sign more": (
        ("warning-signs", SIGNS + SIGN.format(key="numb", level="emergency", short="new numbness"), SIGN_FRONT),
        "the warning sign “new numbness”",
        TEXT_WAYS,
    ),
    "a sign less": (
        ("warning-signs", SIGNS.replace(TINGLE, ""), SIGN_FRONT),
        "the warning sign “tingle”",
        TEXT_WAYS,
    ),
    "a meaning": (("glossary", TERMS.replace("calms", "stops"), TERM), "the meaning of “Steroid”", TEXT_WAYS),
    "a meaning less": (("glossary", TERMS.split("\n\n")[1], TERM), "the meaning of “Steroid”", TEXT_WAYS),
    "a meaning more": (("glossary", TERMS + "\nHome\n:   Where you live.\n", TERM), "the meaning of “Home”", ()),
    "no glossary": (("glossary", "", {}), "the meaning of “Steroid”", ("retired",)),
    "a picture": (("", "", {}), "the picture “hip”", ("picture",)),
    "a drawing": (("", "", {}), "the picture “pelvis”", ("drawing",)),
}
CASES = [(name, way) for name, (_, _, ways) in CHANGES.items() for way in ways]


@pytest.fixture
def places(client, clinician, page, editor):
    """{place: its words now} of every place that shows the status of the page."""

    def read(address, **asked):
        answer = client.get(address, asked)
        assert answer.status_code == 200, address
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())

    def staff(name):
        return reverse(f"admin:articles_article_{name}", args=[page.pk])

    def all_places():
        client.force_login(clinician)
        now = f"{timezone.localtime():%Y-%m-%dT%H:%M:%S.%f}"
        return {
            "page": read(f"/guide/{PAGE}/"),
            "print": read(f"/guide/{PAGE}/print/"),
            "large print": read(f"/guide/{PAGE}/large-print/"),
            "sheet": read(f"/guide/{PAGE}/sheet/"),
            "review page": read(staff("review")),
            "review pack": read(reverse("admin:articles_article_pack"), article=page.pk),
            "editor": read(staff("change")),
            "list": read(reverse("admin:articles_article_changelist")),
            "dashboard": read(reverse("admin:index")),
            "what was live": read(staff("live_on"), on=now),
            "changes to check": read(reverse("admin:articles_article_confirm")),
        }

    return all_places


NO_NAME = ("dashboard", "changes to check")  # they list changes, which can be on pages that different people checked


def json_ld(client):
    shown = client.get(f"/guide/{PAGE}/").content.decode()
    return json.loads(re.search(r'ld\+json">(.*?)</script>', shown)[1])["@graph"][0]


def silent(places, client, name):
    """The places that do not say who checked the page, and that this part of it has changed and is not checked."""
    found = {
        place
        for place, words in places.items()
        if name.lower() not in words.lower()
        or not re.search(r"not (yet )?checked", words)
        or place not in NO_NAME
        and not re.search(r"(Checked|checked|Approved) by Clara Clinician", words)
    }
    return found | ({"JSON-LD"} if {"reviewedBy", "lastReviewed"} & json_ld(client).keys() else set())


@pytest.mark.slow
def test_before_anything_changes_every_place_says_who_checked_it_and_nothing_else(page, places, client):
    said = places()
    assert {
        place for place, words in said.items() if re.search("not (yet )?checked since|that part is", words)
    } == set()
    assert {place for place, words in said.items() if "Clara Clinician" not in words} <= {*NO_NAME}
    assert json_ld(client)["reviewedBy"]["name"] == "Clara Clinician"
    assert f"next check by {in_a_year():%-d %B %Y}." in said["page"]


@pytest.mark.slow
@pytest.mark.parametrize(("change", "way"), CASES)
def test_every_place_says_what_has_changed_whichever_way(page, ways, places, client, change, way):
    what, name, _ = CHANGES[change]
    getattr(ways, way)(*what)
    assert silent(places(), client, name) == set()
    page.refresh_from_db()
    assert QuoteNames().phrase(signature_of(page.live, page.page.quotes).changed) == name


@pytest.mark.parametrize(("change", "way"), {change: (change, way) for change, way in CASES}.values())
def test_without_the_rule_every_place_is_silent(page, ways, places, client, monkeypatch, change, way):
    """The control: were such a quote not clinical, the walk above would find every place at fault."""
    what, name, _ = CHANGES[change]
    monkeypatch.setattr(signature, "is_clinical", lambda quote: False)
    getattr(ways, way)(*what)
    said = places()
    assert silent(said, client, name) == {*said, "JSON-LD"}


FACTS = {
    "phone": lambda ways: save_clinic(phone="0161 496 0001"),
    "hours": lambda ways: save_clinic(hours="Mon-Fri 10:00-12:00"),
    "name": lambda ways: save_clinic(name="Another Clinic"),
    **{
        f"the rule on {key}": lambda ways, key=key: ways.urgent(
            "our-rules", re.sub(rf"({key}\n:   .*\n:   )Ask us\.", r"\1We answer.", RULES), RULE
        )
        for key in ("price", "access")
    },
}


def save_clinic(**facts):
    clinic = Clinic.current()
    for name, value in facts.items():
        setattr(clinic, name, value)
    clinic.save()


@pytest.mark.parametrize("fact", FACTS)
def test_what_the_manager_answers_does_not_reopen_a_signature(page, ways, places, client, fact):
    before = page.page_id
    FACTS[fact](ways)
    page.refresh_from_db()
    assert page.page_id != before or fact == "name", "the page does not show it"
    assert signature_of(page.live, page.page.quotes).is_complete
    assert "has changed here" not in places()["page"]
    assert json_ld(client)["reviewedBy"]["name"] == "Clara Clinician"


def test_every_rule_that_the_manager_answers_is_one_that_we_ship_and_gives_no_advice(shipped):
    shipped_rules, _ = publishing.published_rules()
    keys = {key.removeprefix("rule:") for key in signature.NOT_CLINICAL}
    assert keys <= shipped_rules.keys()
    assert [key for key in keys if gives_advice(shipped_rules[key].written)] == []
    assert gives_advice(shipped_rules["cancel"].written)
    assert gives_advice(shipped_rules["interpreter"].written)


def test_the_line_under_the_title_leads_to_the_detail_at_the_foot(page, ways, client):
    ways.urgent("our-rules", RULES.replace("Not on", "Not until").replace("6 hours", "9 hours"), RULE)
    ways.urgent("glossary", TERMS.replace("calms", "stops"), TERM)
    ways.picture()
    shown = client.get(f"/guide/{PAGE}/").content.decode()
    assert re.search(
        r'<h1>Aftercare</h1>\s*<p class="quiet status">Checked by [^<]* <a class="screen" href="#checked">', shown
    )
    assert "and 1 other part have changed here, and these parts are not yet checked." in shown
    detail = shown[shown.index('<div class="checked" id="checked">') :].partition("</div>")[0]
    assert re.findall("<li>(.*?)</li>", detail) == [
        "the picture “hip”",
        "the rule “May I drive?”",
        "the rule “How long may it last?”",
        "the meaning of “Steroid”",
    ]


def test_a_check_that_is_overdue_says_so_under_the_title(page, client, monkeypatch):
    due = in_a_year()
    later = due + timedelta(days=1)
    monkeypatch.setattr(timezone, "localdate", lambda *_: later)
    shown = client.get(f"/guide/{PAGE}/").content.decode()
    status = re.search(r'<p class="quiet status">(.*?) <a', shown)[1]
    assert status.endswith(f". The next check was due on {due:%-d %B %Y} and has not been done.")
    assert "next check by" not in shown


def test_a_rule_that_a_page_only_leads_to_is_not_part_of_what_was_checked(db, content, clinician):
    """The first five unanswered rules are shown in full, the others are a link: until they have an answer."""
    rules = {f"rule-{n}": f"rule-{n}\n:   Question {n}?\n:   Ask us.\n" for n in range(6)}
    content("our-rules", "\n".join(rules.values()), kind="rules")
    sync.import_folder(content("care", "\n\n".join(f"[[rule:{key}]]" for key in rules)))
    care = Article.objects.get(slug="care")
    signed(care.live, by=clinician)

    def changed(**answers):
        body = "\n".join(answers.get(key.replace("-", "_"), text) for key, text in rules.items())
        sync.import_folder(content("our-rules", body, kind="rules"))
        care.refresh_from_db()
        return signature_of(care.live, care.page.quotes).changed

    assert changed(rule_5=rules["rule-5"].replace("Ask us.", "Ask us. Stay in.")) == ()
    assert changed(rule_5=rules["rule-5"].replace("Ask us.", "No.")) == ("rule:rule-5",)
    assert changed(rule_0=rules["rule-0"].replace("Ask us.", "No.")) == ("rule:rule-0", "rule:rule-5")


def test_the_opening_checklist_asks_for_a_signature_that_covers_everything(page, ways):
    def is_approved():
        [standing] = standings(Article.objects.filter(pk=page.pk))
        return _is_approved(standing)

    assert is_approved()
    ways.urgent("our-rules", RULES.replace("Not on", "Not until"), RULE)
    assert not is_approved()


def test_a_former_page_says_what_had_changed_by_then(page, ways, client, clinician):
    """Checked later, or not: what was live on a date is told as it was."""
    ways.urgent("our-rules", RULES.replace("Not on", "Not until"), RULE)
    moment = timezone.now()
    decide(page.live, KIND.CONFIRM, clinician, at=moment + timedelta(minutes=1))
    client.force_login(clinician)
    address = reverse("admin:articles_article_live_on", args=[page.pk])
    said = client.get(address, {"on": f"{timezone.localtime(moment):%Y-%m-%dT%H:%M:%S.%f}"}).content.decode()
    assert "Changed by then, and not yet checked: the rule “May I drive?”" in said
    assert Decision.objects.filter(kind=KIND.CONFIRM).exists()
