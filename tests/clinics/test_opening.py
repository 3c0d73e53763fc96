"""When a place is open on a day: its week, bank holidays, and the days that staff have written down."""

import json
import re
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.urls import reverse

from siweb.clinics import opening
from siweb.clinics.hours import parse_special_hours
from siweb.clinics.models import Clinic, Location

WEEK = "Mon-Fri 9am-5pm"
SPECIAL = "24 Dec 2026 9am-12.30pm Christmas Eve\n7 January 2027: closed, Staff training.\n26 Dec 2026 10:00-12:00"


@pytest.mark.parametrize(
    ("day", "nation", "said"),
    [
        ("2026-12-01", "ENG", "Today 9am to 5pm"),
        ("2026-12-05", "ENG", "Closed today"),  # a Saturday
        ("2026-12-24", "ENG", "Today 9am to 12.30pm (Christmas Eve)"),
        ("2026-12-25", "ENG", "Closed today (Christmas Day)"),
        ("2026-12-26", "ENG", "Today 10am to midday"),  # a Saturday, and Boxing Day: the line says otherwise
        ("2026-12-28", "ENG", "Closed today (Boxing Day, substitute day)"),
        ("2027-01-04", "ENG", "Today 9am to 5pm"),
        ("2027-01-04", "SCT", "Closed today (New Year Holiday, substitute day)"),
        ("2027-01-07", "ENG", "Closed today (Staff training)"),
        ("2027-03-26", "ENG", "Closed today (Good Friday)"),
        ("2027-03-29", "ENG", "Closed today (Easter Monday)"),
        ("2027-03-29", "SCT", "Today 9am to 5pm"),
        ("2027-07-12", "NIR", "Closed today (Battle of the Boyne)"),
    ],
)
def test_today_is_what_the_week_the_holidays_and_the_staff_say(day, nation, said):
    clinic = Clinic(hours=WEEK, special_hours=SPECIAL, nation=nation)
    assert opening.say_today(clinic, clinic, date.fromisoformat(day)) == said


def test_a_place_follows_the_clinics_days_unless_it_has_its_own():
    clinic = Clinic(hours=WEEK, special_hours="7 Jan 2027 closed Staff training\n8 Jan 2027 closed")
    place = Location(hours="Mon-Sun 10:00-11:00", special_hours="8 Jan 2027 2pm-3pm")
    said = [opening.say_today(place, clinic, date(2027, 1, day)) for day in (6, 7, 8)]
    assert said == ["Today 10am to 11am", "Closed today (Staff training)", "Today 2pm to 3pm"]


def test_days_that_differ_are_announced_two_weeks_before():
    clinic = Clinic(hours=WEEK, special_hours=SPECIAL)
    told = {day: found.words for day, found in opening.coming_changes(clinic, clinic, date(2026, 12, 14))}
    assert list(told) == [date(2026, 12, day) for day in (24, 25, 26, 28)]
    assert told[date(2026, 12, 25)] == "closed (Christmas Day)"
    assert opening.coming_changes(clinic, clinic, date(2026, 12, 9)) == []


def test_a_bank_holiday_on_a_day_that_is_closed_anyway_is_no_change():
    clinic = Clinic(hours="Tue-Thu 9am-5pm")
    assert opening.coming_changes(clinic, clinic, date(2027, 3, 22)) == []


@pytest.mark.parametrize(
    "line",
    ["Christmas", "25 Dec closed", "32 Dec 2026 closed", "25 Xyz 2026 closed", "24 Dec 2026", "24 Dec 2026 5pm-9am"],
)
def test_a_day_that_makes_no_sense_is_refused_with_an_example(line):
    with pytest.raises(ValidationError, match="Write"):
        parse_special_hours(line)


@pytest.mark.parametrize(("closes", "accepted"), [("9.01am", True), ("9am", False), ("8.59am", False)])
def test_hours_of_a_special_day_end_after_they_begin(closes, accepted):
    typed = f"24 Dec 2026 9am-{closes} Christmas Eve"
    if accepted:
        assert parse_special_hours(typed)
        return
    with pytest.raises(ValidationError, match="ends before it begins. Write the earlier time first."):
        parse_special_hours(typed)


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["home", "clinics", "location", "enquire"])
def test_every_page_with_hours_says_it_on_christmas_day(client, monkeypatch, name):
    monkeypatch.setattr("siweb.clinics.models.timezone.localdate", lambda *_: date(2026, 12, 25))
    place = Location.objects.first()
    text = client.get(place.get_absolute_url() if name == "location" else reverse(name)).content.decode()
    assert "Closed today (Christmas Day)" in text or name == "enquire"
    assert "Today 9am" not in text
    if name in ("home", "location", "enquire"):
        assert "Monday 28 December: closed (Boxing Day" in text


@pytest.mark.django_db
def test_machines_are_told_of_the_days_that_differ(client, monkeypatch):
    monkeypatch.setattr("siweb.clinics.models.timezone.localdate", lambda *_: date(2026, 12, 14))
    place = Location.objects.first()
    Location.objects.update(special_hours="24 Dec 2026 9am-12.30pm")
    text = client.get(place.get_absolute_url()).content.decode()
    facts = json.loads(re.search(r"ld\+json\">(.*?)</script>", text)[1])["@graph"][0]
    days = {day["validFrom"]: (day["opens"], day["closes"]) for day in facts["specialOpeningHoursSpecification"]}
    assert days == {
        "2026-12-24": ("09:00", "12:30"),
        "2026-12-25": ("00:00", "00:00"),
        "2026-12-28": ("00:00", "00:00"),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["html", "txt"])
@pytest.mark.parametrize("name", ["acknowledgement", "letter"])
def test_mails_say_which_days_differ(monkeypatch, name, form):
    monkeypatch.setattr("siweb.clinics.models.timezone.localdate", lambda *_: date(2026, 12, 14))
    text = render_to_string(f"enquiries/mail/{name}.{form}", {"clinic": Clinic.current()})
    assert "Other hours: Friday 25 December: closed (Christmas Day); Monday 28 December" in text
