"""The desk's list: permanent tabs, what each row says, pages that are not counted, and who has looked."""

import re
from datetime import timedelta

import pytest
from django.db import DatabaseError
from django.utils import timezone

from siweb.enquiries.casework import duplicates
from siweb.enquiries.models import DeskEvent, Enquiry, Outbox
from siweb.enquiries.privacy.erasure import erase
from siweb.enquiries.staff.pagination import PAGE
from tests.conftest import with_role
from tests.support.inbox import fill

LIST = "/admin/enquiries/enquiry/"
TABS = ["New", "Mine", "Waiting", "Overdue", "Needs a call", "Closed", "Spam", "All"]


def text_of(client, tab="", **query):
    response = client.get(LIST, ({"tab": tab} if tab else {}) | query)
    assert response.status_code == 200
    return response.content.decode()


def shown(text):
    """The references in the order of the rows."""
    return re.findall(r'class="quiet reference">([^<]*)<', text)


def change(enquiry, **to):
    Enquiry.objects.filter(pk=enquiry.pk).update(**to)
    return enquiry.reference


def tabs_in(text):
    nav = text.partition('<nav class="tabs"')[2].partition("</nav>")[0]
    return [re.sub(r"<[^>]*>", "", link).strip() for link in re.findall(r"<a[^>]*>.*?</a>", nav)]


@pytest.fixture
def one_of_each(make_enquiry, reception, caller):
    """{what it is: its reference}."""
    now = timezone.now()
    late, theirs, mine, due, later = (
        make_enquiry(name=f"Person {n}", phone=f"+44161496011{n}", email="") for n in range(5)
    )
    closed, spam = make_enquiry(email="c@example.org", phone="+441614960121"), make_enquiry(reason="trap")
    return {
        "new": make_enquiry(email="n@example.org", phone="+441614960122").reference,
        "call": make_enquiry(email="t@example.org", phone="+441614960123", tell=["diabetes"]).reference,
        "late": change(late, due_at=now - timedelta(minutes=1)),
        "mine": change(mine, state="in_progress", owner=reception),
        "theirs": change(theirs, state="in_progress", owner=caller),
        "due": change(due, state="waiting", owner=caller, follow_up_at=now - timedelta(days=1)),
        "later": change(later, state="waiting", owner=caller, follow_up_at=now + timedelta(days=3)),
        "closed": change(closed, state="closed", outcome="booked"),
        "spam": spam.reference,
    }


@pytest.mark.parametrize(
    ("tab", "holds"),
    [
        ("", ["late", "new", "call"]),
        ("new", ["late", "new", "call"]),
        ("mine", ["mine"]),
        ("waiting", ["due", "later"]),
        ("overdue", ["late", "due"]),
        ("call", ["call"]),
        ("closed", ["closed"]),
        ("spam", ["spam"]),
        ("mail", []),
        ("nonsense", ["late", "new", "call"]),
    ],
)
def test_a_tab_holds_its_own_and_nothing_else(desk, one_of_each, tab, holds):
    assert set(shown(text_of(desk, tab))) == {one_of_each[name] for name in holds}


def test_all_holds_all_also_what_was_erased(desk, one_of_each):
    erase(Enquiry.objects.get(reference=one_of_each["closed"]), why="request")
    text = text_of(desk, "all")
    assert set(shown(text)) == set(one_of_each.values())
    assert "<bdi>Erased</bdi>" in text


def test_the_tabs_are_always_there_and_only_the_working_ones_are_counted(desk, one_of_each):
    found = ["New 3", "Mine 1", "Waiting 2", "Overdue 2", "Needs a call 1", "Closed", "Spam", "All"]
    for tab in ("new", "all"):
        assert tabs_in(text_of(desk, tab)) == found
    assert 'href="/admin/enquiries/enquiry/?tab=waiting" aria-current="page"' in text_of(desk, "waiting")


def test_more_than_a_hundred_are_not_counted_to_the_end(desk, reception, caller):
    fill(360, 50, (reception, caller))
    assert tabs_in(text_of(desk, "spam"))[0] == "New 99+"


def test_an_empty_tab_says_so(desk):
    assert "No one is waiting for a first reply." in text_of(desk)
    assert "Nothing is overdue." in text_of(desk, "overdue")


def test_mails_that_failed_are_found_while_something_can_be_done_about_them(desk, make_enquiry):
    failed, closed = make_enquiry(), make_enquiry()
    Outbox.objects.exclude(kind="new_enquiry").update(state="failed")
    change(closed, state="closed", outcome="booked")
    text = text_of(desk, "mail")
    assert shown(text) == [failed.reference]
    assert "A mail could not be sent" in text
    assert tabs_in(text)[-1] == "Mail not sent"
    assert tabs_in(text_of(desk)) == ["New 1", *(f"{tab} 0" for tab in TABS[1:5]), *TABS[5:]]


# --- Rows -------------------------------------------------------------------------------------------------------------


def test_a_row_says_whom_to_reach_how_and_when_what_they_ask_and_who_has_it(desk, make_enquiry, reception):
    enquiry = make_enquiry(
        times=["morning", "afternoon"], words="My hip hurts.\n" + "word " * 40, needs=["bsl", "text"]
    )
    at = timezone.now() - timedelta(hours=3, minutes=5)
    change(enquiry, state="in_progress", owner=reception, created_at=at)
    text = text_of(desk, "mine")
    for words in (
        "Maria Example",
        "Phone, mornings, afternoons",
        "My hip hurts. word",
        "British Sign Language",
        "No calls: text or e-mail only",
    ):
        assert words in text
    assert "3\xa0hours ago" in text
    assert f"{timezone.localtime(at):%Y, %H:%M}" in text
    assert "Rita Reception" in text
    assert "Reply due" in text
    [asked] = re.findall(r'class="asks"><bdi>([^<]*)<', text)
    assert len(asked) == 80


def test_whoever_asks_for_somebody_else_is_named(desk, make_enquiry):
    make_enquiry(who="other", asker="Tom Carer", relation="son", knows="yes", ring="asker")
    assert "Asked for by <bdi>Tom Carer (son)</bdi>" in text_of(desk)


def test_what_nobody_has_opened_is_bold_and_says_so(desk, client, make_enquiry):
    enquiry = make_enquiry()
    assert ('class="unopened"' in text_of(desk), "Not opened yet" in text_of(desk)) == (True, True)
    desk.get(f"{LIST}{enquiry.pk}/change/")
    assert ('class="unopened"' in text_of(desk), "Not opened yet" in text_of(desk)) == (False, False)


def test_marks_are_words(desk, make_enquiry, one_of_each):
    for tab, words in {
        "overdue": "Overdue since",
        "call": "Needs a clinician&#x27;s call",
        "spam": "Possible spam: check",
    }.items():
        assert words in text_of(desk, tab)
    assert "Closed: booked</span>" in text_of(desk, "closed")
    assert "Possible duplicate" not in text_of(desk)
    held = make_enquiry()
    change(held, hold_reason="A solicitor has written.", hold_review=timezone.localdate())
    make_enquiry()
    text = text_of(desk)
    assert "Held</span>" in text
    assert text.count("Possible duplicate") == len([e for e in Enquiry.objects.needs_first_reply() if duplicates.of(e)])


def test_ticks_are_in_no_list_of_reception(desk, make_enquiry):
    make_enquiry(tell=["diabetes", "cancer"])
    for tab in ("new", "call", "all"):
        assert [word for word in ("diabetes", "cancer") if word in text_of(desk, tab)] == []


def test_what_a_person_wrote_is_inert(desk, make_enquiry):
    make_enquiry(name="<b>Eve</b>", words="<script>alert(1)</script>")
    text = text_of(desk)
    assert "&lt;b&gt;Eve" in text
    assert "<script>alert" not in text


# --- Order and pages --------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tab", "field", "newest_first"),
    [
        *[("new", "due_at", False), ("waiting", "follow_up_at", False), ("call", "created_at", False)],
        *[("closed", "created_at", True), ("all", "created_at", True)],
    ],
)
def test_every_row_stands_once_on_the_pages_of_a_tab_in_its_order_and_back_again(
    desk, reception, caller, tab, field, newest_first
):
    fill(400, 35, (reception, caller))
    Enquiry.objects.filter(state="new").update(due_at=timezone.now() + timedelta(days=1))  # many at one moment
    there, page = [], text_of(desk, tab)
    pages = [shown(page)]
    while more := re.search(r'rel="next" href="([^"]*)"', page):
        page = desk.get(LIST + more[1].replace("&amp;", "&")).content.decode()
        pages.append(shown(page))
    there = [reference for on_page in pages for reference in on_page]
    assert len(there) == len(set(there)) == {"new": 105, "waiting": 35, "call": 35, "all": 400}.get(tab, len(there))
    values = [Enquiry.objects.get(reference=reference).__dict__[field] for reference in there]
    assert values == sorted(values, reverse=newest_first)
    for before in reversed(pages[:-1]):
        back = re.search(r'rel="prev" href="([^"]*)"', page)[1]
        page = desk.get(LIST + back.replace("&amp;", "&")).content.decode()
        assert shown(page) == before
    assert 'rel="prev"' not in page


def test_what_is_claimed_between_two_pages_takes_no_other_with_it(desk, reception, caller):
    fill(PAGE, PAGE // 2, (reception, caller))  # one page and a half of new ones
    first = text_of(desk)
    address = LIST + re.search(r'rel="next" href="([^"]*)"', first)[1].replace("&amp;", "&")
    second = shown(desk.get(address).content.decode())
    Enquiry.objects.filter(reference__in=shown(first)[:10]).update(state="in_progress", owner=reception)
    assert shown(desk.get(address).content.decode()) == second
    Enquiry.objects.filter(reference__in=second).update(state="in_progress", owner=reception)
    assert shown(desk.get(address).content.decode()) == shown(first)[10:], "a page that has gone is the first"


@pytest.mark.parametrize(
    "point", ["x", "_", "2026-01-01T00:00:00_x", "9999-99-99_0", "0001-01-01T00:00:00_" + "0" * 32]
)
def test_nonsense_for_a_place_in_the_list_is_no_fault(desk, make_enquiry, point):
    make_enquiry()
    for way in ("after", "before"):
        assert desk.get(LIST, {way: point}).status_code == 200


# --- Who may see what, and that it is written down --------------------------------------------------------------------


def test_a_clinician_sees_only_what_needs_their_call_with_the_number_to_ring(client, one_of_each, caller):
    client.force_login(caller)
    for tab in ("", "new", "all", "closed", "mail"):
        text = text_of(client, tab)
        assert shown(text) == [one_of_each["call"]]
        assert tabs_in(text) == ["Needs a call 1"]
        assert 'href="tel:+441614960123"' in text
        assert 'name="row"' not in text
        assert "/enquiry/search/" not in text


def test_each_list_with_names_is_written_down_before_it_is_shown(desk, one_of_each):
    for tab in ("overdue", "mine", "all"):
        text_of(desk, tab)
    said = [(e.actor_name, e.verb, e.about) for e in DeskEvent.objects.order_by("id")]
    assert said == [("Rita Reception", "listed", about) for about in ("Overdue", "Mine", "All")]
    assert set(DeskEvent.objects.get(about="Overdue").references) == {one_of_each["late"], one_of_each["due"]}
    assert "Maria" not in str(DeskEvent.objects.values_list("about", "references"))


def test_nothing_is_shown_when_the_list_cannot_be_written_down(desk, make_enquiry, monkeypatch):
    enquiry = make_enquiry()

    def refuse(*_, **__):
        raise DatabaseError

    monkeypatch.setattr(DeskEvent, "save", refuse)
    response = desk.get(LIST)
    assert response.status_code == 503
    assert [word for word in ("Maria", enquiry.reference) if word in response.content.decode()] == []


def test_the_list_asks_for_no_change_and_makes_none(desk, make_enquiry):
    enquiry = make_enquiry()
    desk.get(LIST, {"do": "claim", "row": f"{enquiry.pk}:1", "confirmed": "yes"})
    assert desk.post(LIST, {"do": "claim"}).status_code == 405
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.version) == ("new", 1)


def test_a_manager_sees_what_reception_sees(client, django_user_model, one_of_each):
    client.force_login(with_role(django_user_model, "mia", "Practice managers", "Manager"))
    assert len(tabs_in(text_of(client))) == len(TABS)
