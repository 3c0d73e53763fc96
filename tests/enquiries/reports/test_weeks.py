"""The manager's chart: how many enquiries came in each week, and how long people waited for the first reply."""

import re
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from siweb.enquiries.models import Enquiry
from siweb.enquiries.reports import statistics
from tests.conftest import with_role
from tests.support.enquiring import Page

WEDNESDAY = timezone.make_aware(datetime(2026, 11, 25, 15))
MONDAY = timezone.make_aware(datetime(2026, 11, 23))


@pytest.fixture
def arrived(make_enquiry):
    """arrived(moment, hours=3) is an enquiry that came then, and the person who wrote it heard from somebody 3 hours later."""

    def arrived(at, hours=None, *, reason="", **columns):
        enquiry = make_enquiry(reason=reason)
        replied = None if hours is None else at + timedelta(hours=hours)
        Enquiry.objects.filter(pk=enquiry.pk).update(created_at=at, first_reply_at=replied, **columns)
        return enquiry

    return arrived


def counted(now=WEDNESDAY):
    return [week.enquiries for week in statistics.last_weeks(now)]


def newest(now=WEDNESDAY):
    return statistics.last_weeks(now)[-1]


def test_a_week_begins_on_monday_as_the_clinic_counts_days(arrived):
    arrived(MONDAY), arrived(MONDAY - timedelta(seconds=1)), arrived(WEDNESDAY)
    assert counted() == [0] * 10 + [1, 2]
    assert newest().first == MONDAY.date()


def test_weeks_go_on_over_the_change_of_the_clocks(arrived):
    summer = timezone.make_aware(datetime(2026, 10, 19))  # the Monday before the clocks go back
    arrived(summer), arrived(summer - timedelta(seconds=1))
    assert counted() == [0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_what_came_before_the_twelve_weeks_is_left_out(arrived):
    first = timezone.make_aware(datetime(2026, 9, 7))
    arrived(first), arrived(first - timedelta(seconds=1))
    assert counted() == [1] + [0] * 11


def test_the_wait_is_the_median_of_those_who_have_had_a_reply(arrived):
    for hours in (1, 2, 30, None):
        arrived(MONDAY, hours)
    assert (newest().enquiries, newest().hours) == (4, 2)


def test_nobody_has_had_a_reply_yet(arrived):
    arrived(MONDAY)
    assert (newest().hours, newest().wait) == (None, "")


def test_calls_are_counted_and_are_no_wait(arrived):
    arrived(MONDAY, 0, source="phone"), arrived(MONDAY, 5)
    assert (newest().enquiries, newest().hours) == (2, 5)


def test_spam_is_not_counted_not_even_when_it_has_been_erased(arrived):
    arrived(MONDAY, reason="trap")
    arrived(MONDAY, state="spam", spam_confirmed=True)
    arrived(MONDAY, state="erased", spam_confirmed=True, erased_at=WEDNESDAY, answers=None)
    arrived(MONDAY, state="erased", erased_at=WEDNESDAY, answers=None)
    assert newest().enquiries == 1


@pytest.mark.parametrize(
    ("hours", "words"), [(0, "0"), (0.04, "0"), (0.46, "0.5"), (7, "7"), (9.96, "10"), (26.4, "26")]
)
def test_hours_are_written_as_short_as_they_can_be(hours, words):
    assert statistics.Week(MONDAY.date(), 1, hours).wait == words


def test_it_is_one_question_to_the_database_however_many_there_are(arrived):
    for day in range(20):
        arrived(WEDNESDAY - timedelta(days=day), 1)
    with CaptureQueriesContext(connection) as asked:
        statistics.last_weeks(WEDNESDAY)
    assert len(asked) == 1


def dashboard_of(client, users, role):
    client.force_login(with_role(users, "one", role))
    return client.get("/admin/")


def test_the_manager_sees_a_picture_and_the_same_in_a_table(client, django_user_model, arrived):
    arrived(timezone.now() - timedelta(hours=4), 3)
    page = dashboard_of(client, django_user_model, "Practice managers")
    drawing = re.search(r"<svg.*?</svg>", page.content.decode(), re.DOTALL)[0]
    assert 'role="img"' in drawing
    assert len(Page(page).all("rect")) == 13  # no bar where nobody has had a reply
    table = re.search(r"Week from.*?</table>", page.content.decode(), re.DOTALL)[0]
    cells = re.findall(r"<td>(.*?)</td>", table)
    assert len(cells) == 24
    assert ("1" in cells, "3" in cells) == (True, True)


def test_a_clinic_without_enquiries_has_an_empty_picture(client, django_user_model):
    assert "Enquiries by week" in dashboard_of(client, django_user_model, "Practice managers").content.decode()


@pytest.mark.parametrize("role", ["Reception", "Clinicians", "Editors"])
def test_nobody_else_sees_it(client, django_user_model, role):
    assert "Enquiries by week" not in dashboard_of(client, django_user_model, role).content.decode()
