"""Data-protection complaints: written down from any route, acknowledged within 30 days, closed with what was done."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from siweb.core.dashboard import dashboard
from siweb.enquiries.models import Complaint, DeskEvent
from siweb.enquiries.privacy import complaints

LIST = "/admin/enquiries/enquiry/data/complaints/"
ADD = f"{LIST}add/"
TODAY = date(2026, 11, 25)

TYPED = {
    "received_on": "2026-11-04",
    "route": "letter",
    "name": "Maria Example",
    "contact": "maria@example.org",
    "words": "You left a message with my neighbour.",
    "reference": "",
    "acknowledged_on": "",
    "closed_on": "",
    "outcome": "",
}


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def complaint(manager):
    """complaint(received_on=…) is one that was written down."""

    def make(**changes):
        said = {name: value or None for name, value in TYPED.items() if name != "reference"} | {"outcome": ""} | changes
        return Complaint.objects.create(recorded_by=manager, **said)

    return make


def page_of(complaint):
    return f"{LIST}{complaint.pk}/"


def save(desk, complaint, version=1, **changes):
    return desk.post(page_of(complaint), TYPED | {"version": version} | changes)


@pytest.mark.parametrize("route", Complaint.Route.values)
def test_it_is_written_down_whatever_way_it_came(desk, manager, route):
    assert desk.post(ADD, TYPED | {"route": route}).status_code == 302
    written = Complaint.objects.get()
    assert (written.route, written.name, written.recorded_by, written.version) == (route, "Maria Example", manager, 1)
    [event] = DeskEvent.objects.all()
    assert (event.verb, event.about) == ("complaint", f"complaint {written.pk} recorded")


def test_a_day_may_be_typed_as_people_here_write_it(desk):
    desk.post(ADD, TYPED | {"received_on": "04/11/2026"})
    assert Complaint.objects.get().received_on == date(2026, 11, 4)


@pytest.mark.parametrize(
    ("received", "said"),
    [
        (date(2026, 11, 4), "acknowledge by 4 December 2026, in 9 days"),
        (date(2026, 10, 27), "acknowledge by 26 November 2026, in 1 day"),
        (date(2026, 10, 26), "acknowledge by 25 November 2026, today"),
        (date(2026, 10, 25), "acknowledge by 24 November 2026, 1 day overdue"),
        (date(2026, 10, 1), "acknowledge by 31 October 2026, 25 days overdue"),
    ],
)
def test_the_day_to_acknowledge_it_by_is_said_in_words(received, said):
    assert complaints.standing(Complaint(received_on=received), TODAY) == said


def test_what_is_acknowledged_or_closed_says_so():
    acknowledged = Complaint(received_on=date(2026, 10, 1), acknowledged_on=date(2026, 10, 3))
    assert complaints.standing(acknowledged, TODAY) == "acknowledged on 3 October 2026, to be answered"
    acknowledged.closed_on = date(2026, 10, 9)
    assert complaints.standing(acknowledged, TODAY) == "closed on 9 October 2026"


def test_the_list_has_the_open_ones_first_the_oldest_first_and_names_nobody(desk, complaint):
    closed = complaint(acknowledged_on=TODAY, closed_on=TODAY, outcome="Said sorry.", received_on=date(2026, 1, 1))
    young, old = complaint(), complaint(received_on=date(2026, 10, 1))
    text = desk.get(LIST).content.decode()
    places = [text.index(f">Complaint {one.pk}<") for one in (old, young, closed)]
    assert places == sorted(places)
    assert "overdue" in text
    assert [word for word in ("Maria", "neighbour", "example.org") if word in text] == []


def test_opening_one_is_written_down_first_and_shows_it(desk, complaint):
    written = complaint()
    assert "You left a message with my neighbour." in desk.get(page_of(written)).content.decode()
    assert DeskEvent.objects.get().about == f"complaint {written.pk} viewed"


def test_nothing_is_shown_where_the_look_cannot_be_written_down(desk, complaint, monkeypatch):
    from django.db import DatabaseError

    def refuse(*_, **__):
        raise DatabaseError

    written = complaint()
    monkeypatch.setattr(DeskEvent, "save", refuse)
    response = desk.get(page_of(written))
    assert response.status_code == 503
    assert "neighbour" not in response.content.decode()


def test_it_is_linked_to_an_enquiry_by_its_reference_however_that_is_typed(desk, make_enquiry):
    enquiry = make_enquiry()
    desk.post(ADD, TYPED | {"reference": enquiry.reference.lower().replace("-", " ")})
    assert Complaint.objects.get().enquiry == enquiry
    assert enquiry.reference in desk.get(LIST).content.decode()
    assert DeskEvent.objects.first().references == [enquiry.reference]


BAD = {
    "reference": ({"reference": "SIJ-0000"}, "There is no enquiry SIJ-0000."),
    "empty": ({"name": "", "words": ""}, "Write down what they complain of."),
    "tomorrow": ({"received_on": "2999-01-01"}, "This day is still to come."),
    "acknowledged before it came": ({"acknowledged_on": "2026-11-03"}, "before the complaint came"),
    "closed without what was done": (
        {"acknowledged_on": "2026-11-05", "closed_on": "2026-11-06"},
        "Say what was done",
    ),
    "closed without an acknowledgement": ({"closed_on": "2026-11-06", "outcome": "x"}, "Say when they heard first"),
    "done but not closed": ({"acknowledged_on": "2026-11-05", "outcome": "x"}, "Say when it was closed"),
    "no day": ({"received_on": "soon"}, "Enter a day, such as 25/11/2026."),
    "no route": ({"route": "pigeon"}, "Select a valid choice."),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_so_is_refused_with_words_and_nothing_typed_is_lost(desk, complaint, case):
    changes, said = BAD[case]
    written = complaint(words="as it was")
    for response in (desk.post(ADD, TYPED | changes), save(desk, written, **changes)):
        text = response.content.decode()
        assert response.status_code == 422
        assert said in text
        assert "maria@example.org" in text
    assert Complaint.objects.get().words == "as it was"


def test_it_is_acknowledged_closed_and_opened_again_and_each_is_an_event(desk, complaint):
    written = complaint()
    acknowledged = {"acknowledged_on": "2026-11-05"}
    save(desk, written, 1, **acknowledged)
    save(desk, written, 2, **acknowledged, closed_on="2026-11-09", outcome="We said sorry.")
    save(desk, written, 3, **acknowledged)
    written.refresh_from_db()
    assert (written.version, written.closed_on, written.acknowledged_on) == (4, None, date(2026, 11, 5))
    said = DeskEvent.objects.exclude(about__endswith="viewed").order_by("id").values_list("about", flat=True)
    assert [about.split()[-1] for about in said] == ["acknowledged", "closed", "reopened"]
    assert "sorry" not in " ".join(said)


def test_of_two_people_the_second_sees_both_and_loses_nothing(desk, complaint):
    written = complaint()
    save(desk, written, 1, words="theirs, typed first")
    response = save(desk, written, 1, words="mine, typed for a long time")
    text = response.content.decode()
    assert response.status_code == 409
    assert "theirs, typed first" in text
    assert "mine, typed for a long time" in text
    written.refresh_from_db()
    assert (written.words, written.version) == ("theirs, typed first", 2)
    assert 'name="version" value="2"' in text
    assert save(desk, written, 2, words="both").status_code == 302


def test_a_mistake_does_not_make_a_stale_page_fresh(desk, complaint):
    written = complaint()
    save(desk, written, 1, words="theirs")
    text = save(desk, written, 1, name="").content.decode()
    assert 'name="version" value="1"' in text
    assert save(desk, written, 1, words="mine").status_code == 409


def test_managers_find_what_waits_on_the_dashboard(complaint, manager, reception):
    waiting = complaint(received_on=timezone.localdate() - timedelta(days=40))
    complaint(received_on=TODAY, acknowledged_on=TODAY)
    [section] = [section for section in dashboard(manager)["waiting"] if section.heading == "Patients’ data"]
    [item] = section.items
    assert item.words == f"Complaint {waiting.pk}"
    assert "10 days overdue" in item.detail
    assert dashboard(reception)["waiting"] == []


def test_what_was_written_is_inert(desk, complaint):
    written = complaint(name="<script>alert(1)</script>", words="<img src=x onerror=alert(1)>")
    text = desk.get(page_of(written)).content.decode()
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text
