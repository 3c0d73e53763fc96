"""The clinic's facts: hours and phones as staff type them and as readers see them, and what is missing."""

from datetime import date, time

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction

from siweb.clinics import hours, opening
from siweb.clinics.models import FACTS, Clinic, Location, Practitioner
from siweb.core import phone_numbers
from siweb.core.models import SiteVersion

SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)


@pytest.mark.parametrize(
    ("typed", "weekday", "wanted"),
    [
        ("Mon-Fri 09:00-17:00", 0, [(time(9), time(17))]),
        ("monday to friday 9.00 to 17.30", 4, [(time(9), time(17, 30))]),
        ("Mon–Fri 9:00–12:00\nMon 13:00-17:00", 0, [(time(9), time(12)), (time(13), time(17))]),
        ("Mon-Fri 9am-5pm", 0, [(time(9), time(17))]),
        ("Mon to Fri: 9.30am - 5.30pm", 4, [(time(9, 30), time(17, 30))]),
        ("Sat 9am to midday", 5, [(time(9), time(12))]),
        ("Sun 12pm-12.30pm", 6, [(time(12), time(12, 30))]),
        ("Sat 10:00-12:00", 5, [(time(10), time(12))]),
        ("Sat 10:00-12:00", 6, None),
        ("", 0, None),
    ],
)
def test_hours_are_understood_as_staff_type_them(typed, weekday, wanted):
    assert hours.parse_hours(typed).get(weekday) == wanted


@pytest.mark.parametrize(
    "typed",
    [
        "9 to 5",
        "Mon 9-5",
        "Mon 13pm-14pm",
        "Mon 0am-9am",
        "Mon 9am-5pm-6pm",
        "Mon 25:00-26:00",
        "Mon 09:00-24:00",
        "Xyz 09:00-10:00",
    ],
)
def test_hours_that_are_not_understood_are_refused_with_an_example(typed):
    with pytest.raises(ValidationError, match="is not understood. Write a line such as"):
        hours.parse_hours(typed)


@pytest.mark.parametrize(
    ("typed", "accepted"),
    [
        ("Mon 09:00-09:01", True),
        ("Mon 09:00-09:00", False),
        ("Mon 09:00-08:59", False),
        ("Mon 00:00-00:00", False),
        ("Mon-Tue 09:00-17:00", True),
        ("Mon-Mon 09:00-17:00", True),
        ("Tue-Mon 09:00-17:00", False),
    ],
)
def test_hours_end_after_they_begin(typed, accepted):
    if accepted:
        assert hours.parse_hours(typed)
        return
    with pytest.raises(
        ValidationError, match="ends before it begins. Write the earlier day and the earlier time first."
    ):
        hours.parse_hours(typed)


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        (time(9), "9am"),
        (time(17, 30), "5.30pm"),
        (time(12), "midday"),
        (time(0, 5), "12.05am"),
        (time(12, 30), "12.30pm"),
    ],
)
def test_times_are_said_as_people_write_them(moment, said):
    assert hours.say_time(moment) == said


@pytest.mark.parametrize(
    ("typed", "day", "said"),
    [
        ("Mon-Fri 09:00-17:00", MONDAY, "Today 9am to 5pm"),
        ("Mon-Fri 09:00-17:00", SATURDAY, "Closed today"),
        ("Mon 09:00-12:00\nMon 13:00-17:00", MONDAY, "Today 9am to midday and 1pm to 5pm"),
        ("", MONDAY, ""),
    ],
)
def test_today_is_said_in_a_few_words(typed, day, said):
    clinic = Clinic(hours=typed)
    assert opening.say_today(clinic, clinic, day) == said


def test_days_with_the_same_hours_share_a_line():
    assert hours.hours_lines("Mon-Thu 09:00-17:00\nFri 09:00-16:00") == [
        "Monday to Thursday: 9am to 5pm",
        "Friday: 9am to 4pm",
        "Saturday and Sunday: closed",
    ]


def test_machines_get_the_hours_in_their_own_form():
    assert hours.schema_hours("Sat 10:00-12:30") == ["Sa 10:00-12:30"]


@pytest.mark.parametrize(
    ("shown", "dialled"),
    [
        ("01632 960001", "+441632960001"),
        ("+44 1632 960001", "+441632960001"),
        ("(01632) 960-001", "+441632960001"),
        ("111", "111"),
    ],
)
def test_a_phone_link_dials_from_anywhere(shown, dialled):
    assert phone_numbers.dialled(shown) == dialled


@pytest.mark.parametrize("phone", ["ring us", "0", "01632 960001 ext 5", "+", "٠١٦٣٢"])
def test_what_cannot_be_dialled_is_refused(phone):
    with pytest.raises(ValidationError, match="is not a phone number"):
        phone_numbers.validate_phone(phone)


def test_a_fresh_site_is_plainly_an_example_with_a_number_kept_for_fiction(db):
    clinic, location = Clinic.current(), Location.objects.get()
    assert clinic.is_example
    assert location.is_example
    assert phone_numbers.is_fiction(clinic.phone)
    assert phone_numbers.is_fiction(location.phone)
    assert not phone_numbers.is_fiction("020 7123 4567")
    assert "xample" in location.name
    assert not Practitioner.objects.exists()


def test_the_database_refuses_a_second_clinic(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        Clinic.objects.create(pk=2, name="Another")


def test_what_the_clinic_has_not_given_is_listed_and_never_invented(db):
    clinic = Clinic.current()
    assert clinic.missing() == [
        "mailbox for notifications",
        "legal name",
        "data controller",
        "data protection registration",
        "lawful basis",
    ]
    assert {key for key in FACTS if not clinic.fact(key)} >= {"email", "legal_name", "controller", "lawful_basis"}


def test_a_check_names_what_is_missing(db):
    found = {check.id: check for check in run_checks(databases=["default"])}
    assert "legal name" in found["siweb.W004"].msg
    assert "siweb.W003" in found


def test_the_check_is_content_when_the_clinic_has_said_everything(db):
    Clinic(
        pk=1,
        name="A clinic",
        is_example=False,
        phone="01632 960001",
        hours="Mon 09:00-10:00",
        email="desk@clinic.example",
        legal_name="A Ltd",
        controller="A Ltd",
        registration="Z0",
        retention_months=6,
        lawful_basis="steps",
    ).save()
    assert not {"siweb.W003", "siweb.W004"} & {check.id for check in run_checks(databases=["default"])}


@pytest.mark.parametrize("change", ["clinic", "location", "practitioner", "removal"])
def test_a_change_to_the_clinic_moves_the_sites_version(db, change):
    before = SiteVersion.current()
    if change == "clinic":
        Clinic.current().save()
    elif change == "location":
        Location.objects.get().save()
    elif change == "practitioner":
        Practitioner(name="A", role="B", register="C", number="1").save()
    else:
        Location.objects.get().delete()
    assert SiteVersion.current() > before


def test_while_the_database_is_away_the_last_known_clinic_is_shown(db, monkeypatch):
    known = Clinic.current()

    def away(*_, **__):
        raise DatabaseError

    monkeypatch.setattr(Clinic.objects, "get", away)
    assert Clinic.current().phone == known.phone
    monkeypatch.setattr(Clinic, "_last_read", None)
    assert Clinic.current().phone == ""


def test_a_place_without_injections_has_no_guidance():
    with pytest.raises(ValidationError, match="Tick that injections"):
        Location(name="A", slug="a", guidance="live X-ray").clean()
