"""Possible duplicates: the same phone number or e-mail address within 30 days."""

from datetime import timedelta

import pytest
from django.utils import timezone

from siweb.enquiries.casework import duplicates
from siweb.enquiries.intake.submission import correct
from siweb.enquiries.models import Answers, Enquiry, Key
from siweb.enquiries.privacy.erasure import erase

OTHER = {"name": "Ben Sample", "phone": "+441614960111", "email": "ben@example.org"}


def days_ago(enquiry, days):
    enquiry.created_at = timezone.now() - timedelta(days=days)
    enquiry.save()
    Key.objects.filter(enquiry=enquiry).update(received=enquiry.created_at)
    return enquiry


def twins(enquiry):
    """What every way of asking says of one enquiry; they say the same."""
    found = set(duplicates.of(enquiry))
    marked = duplicates.among(Enquiry.objects.select_related("answers"))
    assert (enquiry.pk in marked) == bool(found)
    return found


@pytest.mark.parametrize(
    ("said", "is_one"),
    [
        ({}, True),
        ({"name": "Somebody Else"}, True),
        ({"email": "other@example.org"}, True),
        ({"phone": "", "first": "email"}, True),
        ({"phone": "+441614960111", "email": "MARIA@Example.org"}, True),
        ({"email": ""}, True),
        (OTHER, False),
        ({**OTHER, "name": "Maria Example"}, False),
        ({"phone": "", "email": "ben@example.org", "first": "email"}, False),
    ],
)
def test_the_same_phone_or_email_is_a_possible_duplicate_and_the_same_name_alone_is_not(make_enquiry, said, is_one):
    first, second = make_enquiry(), make_enquiry(**said)
    assert twins(first) == ({second} if is_one else set())
    assert twins(second) == ({first} if is_one else set())


@pytest.mark.parametrize(("days", "is_one"), [(0, True), (29, True), (31, False), (400, False)])
def test_thirty_days_are_near_enough_and_no_more(make_enquiry, days, is_one):
    earlier, later = days_ago(make_enquiry(), days), make_enquiry()
    assert twins(later) == ({earlier} if is_one else set())
    assert twins(earlier) == ({later} if is_one else set())


def test_a_caller_is_found_by_the_number_however_it_is_written(make_enquiry):
    enquiry = make_enquiry()
    for phone in ("0161 496 0000", "+44 161 496 0000", "0044161 4960000", "01614960000"):
        assert list(duplicates.of_contact(phone, "")) == [enquiry]
    assert list(duplicates.of_contact("", " Maria@example.org")) == [enquiry]
    assert list(duplicates.of_contact("0161 496 0000", "", except_for=enquiry)) == []
    assert list(duplicates.of_contact("0161 496", "")) == []
    assert list(duplicates.of_contact("", "")) == []
    days_ago(enquiry, 31)
    assert list(duplicates.of_contact("0161 496 0000", "")) == []


def test_a_number_that_was_corrected_since_still_finds_it(make_enquiry):
    enquiry, later = make_enquiry(), make_enquiry(email="")
    correct(enquiry, {"phone": "+441614960222", "phone_raw": "0161 496 0222"}, via=Answers.Via.DESK)
    assert twins(later) == {enquiry}


def test_nobody_is_their_own_duplicate_however_often_they_correct_themselves(make_enquiry):
    enquiry = make_enquiry()
    correct(enquiry, {"name": "Maria Sample"}, via=Answers.Via.LINK)
    enquiry.refresh_from_db()
    assert twins(enquiry) == set()


def test_what_was_erased_is_nobodys_duplicate_and_has_none(make_enquiry):
    gone, here = make_enquiry(), make_enquiry()
    gone = erase(gone, why="request")
    assert twins(here) == set()
    assert list(duplicates.of(gone)) == []


def test_a_page_of_a_list_asks_once(make_enquiry, django_assert_num_queries):
    for _ in range(5):
        make_enquiry()
    page = list(Enquiry.objects.select_related("answers"))
    with django_assert_num_queries(1):
        assert len(duplicates.among(page)) == 5
    with django_assert_num_queries(0):
        assert duplicates.among([]) == set()
