"""Opening the site: only when everything is there, by the practice manager, written down, and closed again with a reason."""

import re
from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction

from siweb.accounts.roles import MANAGERS
from siweb.articles.editorial.publishing import live_offers
from siweb.articles.importing import sync
from siweb.articles.models import Article, Publication
from siweb.articles.text import front_matter
from siweb.clinics.models import Clinic, Location, OpeningEvent
from siweb.core.dashboard import dashboard
from siweb.core.models import SiteVersion
from siweb.launch import checklist
from tests.clinics.test_clinic_pages import change
from tests.conftest import with_role
from tests.support.deciding import KIND, decide, signed
from tests.support.opened import give

PAGE = "/admin/clinics/clinic/opening/"


@pytest.fixture
def manager(django_user_model):
    return with_role(django_user_model, "mia", MANAGERS, "Manager")


@pytest.fixture
def desk(client, manager, monkeypatch):
    """The manager's browser, with the second factor given."""
    monkeypatch.setattr("siweb.accounts.two_factor.is_missing", lambda user: False)
    client.force_login(manager)
    return client


def clara():
    """The clinician who has approved everything."""
    return User.objects.get(username="clara")


def rewrite(slug, old, new):
    """What an editor wrote, as an urgent correction: readers see it, and no clinician has approved it."""
    editor = with_role(User, "edith", "Editors")
    article = Article.objects.get(slug=slug)
    text = article.live.text
    assert old in text
    decide(
        article.edit(front_matter.parse(text.replace(old, new)), by=editor, version=article.version),
        KIND.URGENT,
        clara(),
    )


def unanswered(key):
    def take_back():
        rewrite("our-rules", f"What about {key}?\n:   We say so.", f"What about {key}?\n:   Ask us.")
        decide(Article.objects.get(slug="our-rules").live, KIND.APPROVE, clara())  # so that the answer alone is missing

    return take_back


def lose_role(role):
    """A page from before there were roles: no one can make it one now."""
    [article] = [article for article in Article.objects.select_related("page") if role in article.page.role]
    text = replace(article.live.parsed, role=())
    article.live = article.edit(text, by=with_role(User, "edith", "Editors"), version=article.version)
    article.page = Publication.objects.create(
        article=article, revision=article.live, title=text.title, kind=text.kind, order=0, minutes=1
    )
    article.save()
    SiteVersion.move()


def change_place(**facts):
    place = Location.objects.get()
    for name, value in facts.items():
        setattr(place, name, value)
    place.save()


# What makes each condition, and it alone, hold no more.
BREAKS = {
    "clinic": [lambda: give(is_example=True)],
    "places": [lambda: change_place(is_example=True)],
    "phone": [
        lambda: give(phone=""),
        lambda: give(phone="01632 960001"),
        lambda: give(phone="+44 7700 900123"),
        lambda: change_place(phone="0161 496 0123"),
    ],
    "hours": [lambda: give(hours=" \n")],
    "legal_name": [lambda: give(legal_name="")],
    "controller": [lambda: give(controller="")],
    "registration": [lambda: give(registration="")],
    "lawful_basis": [lambda: give(lawful_basis="")],
    "pages": [lambda: lose_role("glossary")],
    "retention": [lambda: rewrite("privacy", "[[clinic:retention]]", "a while")],
    "complaints": [lambda: lose_role("complaints")],
    **{key: [unanswered(key)] for key in checklist.RULES},
    "help": [lambda: rewrite("when-to-get-help", "Call 999.", "Call 999 now.")],
    "signs": [lambda: rewrite("warning-signs", "New numbness.", "New numbness. Call now.")],
    "preparation": [lambda: rewrite("before-you-come", "Eat", "Drink")],
    "procedure": [lambda: rewrite("procedure", "a while", "an hour")],
    "aftercare": [lambda: rewrite("aftercare", "Rest", "Walk")],
    "mail": [lambda: give(email="other@joint.example")],
}


CASES = [(key, number) for key, ways in BREAKS.items() for number in range(len(ways))]


def missing(user):
    return [point.condition.key for point in checklist.checklist(user) if not point.holds]


# --- The truth table --------------------------------------------------------------------------------------------------


def test_every_condition_is_in_the_table():
    assert list(BREAKS) == [condition.key for condition in checklist.CONDITIONS]


def test_with_everything_there_it_opens(ready, manager):
    assert missing(manager) == []
    checklist.open_site(manager)
    assert not Clinic.current().closed


@pytest.mark.parametrize(("key", "number"), CASES)
def test_with_one_thing_missing_it_does_not_open(ready, manager, key, number):
    BREAKS[key][number]()
    also = {"driving": ["procedure"], "complaints": ["pages"]}.get(key, [])  # "procedure" quotes the changed rule
    assert sorted(missing(manager)) == sorted([key, *also])
    with pytest.raises(ValidationError, match="stays closed"), transaction.atomic():
        checklist.open_site(manager)
    assert Clinic.current().closed
    assert not OpeningEvent.objects.filter(verb="opened the site").exists()


def test_a_rule_that_no_clinician_stands_for_is_not_answered(ready, manager):
    rewrite("our-rules", "We say so.", "We say something else.")
    assert missing(manager) == [*checklist.RULES, "procedure"]


def test_on_a_site_without_articles_every_page_and_rule_is_missing(db, manager):
    assert {"pages", "retention", "complaints", *checklist.RULES, *checklist.APPROVED} < set(missing(manager))


# What the rules say (None: the rule is not there), whether a clinician has approved them, and whether that is an answer.
ANSWERS = [
    (None, True, False),
    ("Ask us.", True, False),
    ("Ask us. Until you hear from us, wait.", True, False),
    ("*Ask us* first.", True, False),
    ("ask us", True, False),
    ("After 24 hours.", False, False),
    ("After 24 hours.", True, True),
    ("After 24 hours. Ask us if you are not sure.", True, True),
]


@pytest.mark.parametrize(("written", "approved", "holds"), ANSWERS)
def test_a_rule_is_answered_only_by_the_clinics_own_approved_words(
    content, clinician, manager, written, approved, holds
):
    entries = [f"{key}\n:   What about {key}?\n:   {written}\n" for key in checklist.RULES if written]
    sync.import_folder(content("what-we-do", "\n".join(entries) or "Nothing yet.\n", kind="rules"))
    if approved:
        signed(Article.objects.get().live, by=clinician)
    assert [key for key in checklist.RULES if key not in missing(manager)] == list(checklist.RULES) * holds


def test_the_shipped_rules_have_a_question_for_each_and_leave_its_answer_to_the_clinic(shipped):
    rules = live_offers(page__kind="rules")["our-rules"].rules
    assert [key for key in checklist.RULES if key not in rules] == []
    assert [key for key in checklist.RULES if rules[key].answered] == ["numb-leg"]


def test_what_is_missing_is_looked_at_again_when_the_button_is_pressed(ready, desk):
    assert 'value="open"' in desk.get(PAGE).content.decode()
    give(legal_name="")
    response = desk.post(PAGE, {"do": "open"})
    assert response.status_code == 422
    assert "The site stays closed: 1 thing is missing." in response.content.decode()
    assert Clinic.current().closed


# --- Opening and closing ----------------------------------------------------------------------------------------------


def test_the_manager_opens_it_and_readers_see_that_at_once(ready, desk, client):
    before = SiteVersion.current()
    assert "Not open yet" in client.get("/").content.decode()
    assert "The site is open." in desk.post(PAGE, {"do": "open"}, follow=True).content.decode()
    assert SiteVersion.current() > before
    home = client.get("/")
    assert "Not open yet" not in home.content.decode()
    assert "noindex" not in home.content.decode()
    assert "X-Robots-Tag" not in home.headers
    assert 'href="tel:+441617150000"' in home.content.decode()
    assert "Disallow:\n" in client.get("/robots.txt").content.decode()
    assert client.get("/enquire/form/").status_code == 200


@pytest.mark.slow
def test_pages_that_quote_the_number_link_it_from_then_on_and_no_more_once_it_is_closed(
    ready,
    manager,
    content,
):
    sync.import_folder(content("anatomy", "Call us: [[clinic:phone]].\n"))
    shown = [Article.objects.get(slug="anatomy").page.html]
    for act in (lambda: checklist.open_site(manager), lambda: checklist.close_site(manager, "The roof leaks.")):
        act()
        shown.append(Article.objects.get(slug="anatomy").page.html)
    assert ["tel:" in html for html in shown] == [False, True, False]


@pytest.mark.slow
def test_who_opened_and_closed_it_and_why_is_written_down_and_shown(ready, desk):
    desk.post(PAGE, {"do": "open"})
    desk.post(PAGE, {"do": "close", "reason": "The <roof> leaks."})
    page = desk.get(PAGE).content.decode()
    events = [re.sub(r"\s+", " ", re.sub("<[^>]+>", "", event)) for event in re.findall("<li><b>.*?</li>", page)][-4:]
    assert "Mia Manager closed the site: The &lt;roof&gt; leaks." in events[0]
    assert "Mia Manager opened the site" in events[1]
    assert Clinic.current().closed


@pytest.mark.slow
@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ("  ", "Write why the site is closed"),
        ("x" * 401, "at most 400 characters"),
        ("a\0b", "Null characters are not allowed"),
    ],
)
def test_it_is_not_closed_without_a_reason_and_what_was_typed_is_kept(ready, desk, reason, said):
    desk.post(PAGE, {"do": "open"})
    response = desk.post(PAGE, {"do": "close", "reason": reason})
    assert response.status_code == 422
    assert said in response.content.decode()
    assert f">{reason}</textarea>" in response.content.decode()
    assert not Clinic.current().closed


@pytest.mark.parametrize("act", ["open", "close"])
def test_done_twice_it_says_that_somebody_else_was_first(ready, desk, act):
    posted = {"do": act, "reason": "The roof leaks."}
    desk.post(PAGE, {"do": "open"})
    if act == "close":
        desk.post(PAGE, posted)
    many = OpeningEvent.objects.count()
    response = desk.post(PAGE, posted)
    assert response.status_code == 422
    assert "Somebody else" in response.content.decode()
    assert OpeningEvent.objects.count() == many


@pytest.mark.slow
def test_looking_opens_nothing(ready, desk):
    for query in ("", "?do=open", "?do=send"):
        assert desk.get(PAGE + query).status_code == 200
    assert desk.post(PAGE, {"do": "delete"}).status_code == 422
    assert Clinic.current().closed
    assert OpeningEvent.objects.count() == 2, "only the test mail of the fixture"


@pytest.mark.slow
def test_a_clinic_that_was_read_before_it_opened_does_not_close_it_when_it_is_saved(ready, desk, manager, monkeypatch):
    from siweb.clinics.admin import ClinicAdmin

    saving = ClinicAdmin.save_model

    def open_first(self, request, obj, form, change):
        checklist.open_site(manager)  # somebody else, between reading the clinic and saving it
        saving(self, request, obj, form, change)

    monkeypatch.setattr(ClinicAdmin, "save_model", open_first)
    change(desk, "/admin/clinics/clinic/1/change/", phone="0161 715 0001")
    assert Clinic.current().phone == "0161 715 0001"
    assert not Clinic.current().closed


@pytest.mark.slow
def test_a_local_site_says_that_it_always_shows_itself(ready, desk, settings):
    settings.PUBLIC = False
    page = desk.get(PAGE).content.decode()
    assert "This is a local site." in page
    assert 'value="open"' not in page
    for act in ("open", "close"):
        response = desk.post(PAGE, {"do": act, "reason": "The roof leaks."})
        assert "This is a local site, which always shows itself." in response.content.decode()
    assert Clinic.current().opened_at is None


# --- What the page and the dashboard say ------------------------------------------------------------------------------


def test_each_missing_thing_says_how_to_fix_it_and_leads_there(db, desk):
    page = desk.get(PAGE)
    for point in page.context["missing"]:
        assert point.condition.fix in page.content.decode()
        if point.page:
            assert desk.get(point.page.partition("#")[0]).status_code == 200, point.page
    led = {point.condition.key for point in page.context["missing"] if point.page}
    assert {"clinic", "places", "phone", "legal_name", "mail"} <= led


@pytest.mark.slow
def test_links_lead_editors_into_the_text_and_the_manager_to_the_page(ready, manager, clinician):
    def pages(user):
        return {point.condition.key: point.page for point in checklist.checklist(user)}

    assert pages(manager)["driving"] == "/guide/our-rules/#driving"
    clinician.user_permissions.clear()
    assert re.fullmatch(r"/admin/articles/article/\d+/review/\?revision=1", pages(clinician)["driving"])


def waiting(user):
    return {section.heading: [item.words for item in section.items] for section in dashboard(user)["waiting"]}


@pytest.mark.slow
def test_the_dashboard_says_what_is_missing_to_the_manager_only(ready, manager, reception, settings):
    heading = "The site is not open yet"
    assert waiting(manager)[heading] == ["Everything is there: you can open it"]
    give(legal_name="", hours="")
    assert waiting(manager)[heading] == ["2 of 26 things are missing"]
    assert heading not in waiting(reception)
    settings.PUBLIC = False
    assert heading not in waiting(manager)


def test_the_dashboard_of_an_open_site_says_what_is_no_longer_there(ready, manager):
    checklist.open_site(manager)
    assert waiting(manager) == {}
    give(legal_name="")
    assert waiting(manager) == {"The site is open, but not all is well": ["1 of 26 things is no longer there"]}
