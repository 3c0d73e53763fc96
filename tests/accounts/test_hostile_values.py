"""Numbers of 5,000 digits and days at the end of time, in any address or form of staff, are no fault of ours."""

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from siweb.core.http import number_in
from siweb.enquiries.staff.access_log import ChoiceForm
from tests.accounts.test_roles import PAGES, address_of, things  # noqa: F401  a fixture

VALUES = ("9" * 5000, "9" * 18, "9999-12-31", "0001-01-01", "٣" * 5000, "²", "-1")
# Every name that a page of articles or of the data looks for.
NAMES = (
    "number",
    "version",
    "page",
    "revision",
    "old",
    "new",
    "on",
    "day",
    "article",
    "confirm",
    "before",
    "after",
    "code",
)


@pytest.fixture
def admin(django_user_model):
    client = Client(raise_request_exception=True)  # a fault is shown as what it is
    client.force_login(django_user_model.objects.create_superuser("root"))
    return client


@pytest.mark.slow
@pytest.mark.parametrize("value", VALUES, ids=["5,000 digits", "18 digits", "last day", "first day", "٣", "²", "-1"])
def test_no_page_of_staff_fails_for_a_value(admin, things, value):  # noqa: F811
    names = dict.fromkeys(NAMES, value) | {"page": f"{value}:{value}"}
    for name, held, _, methods in PAGES:
        if name in ("logout", "(?P<url>.*)$") or not methods:
            continue
        for asked in (names, names | {"page": value}):
            address = address_of(name, held, things)
            for response in (admin.get(address, asked), admin.post(address, asked)):
                assert response.status_code < 500, (name, response.status_code)


@pytest.mark.parametrize(("day", "status"), [("9999-12-31", 422), ("9999-12-30", 422), ("0001-01-01", 200), ("x", 422)])
def test_a_day_at_the_end_of_time_is_refused_in_words(client, manager, day, status):
    client.force_login(manager)
    assert client.get("/admin/enquiries/enquiry/data/audit/", {"day": day}).status_code == status


@pytest.mark.django_db
def test_today_may_be_asked_for():
    assert ChoiceForm({"day": timezone.localdate().isoformat()}).is_valid()


@pytest.mark.parametrize("is_enrolled", [True, False])
def test_a_code_of_5000_digits_is_a_wrong_code(client, manager, is_enrolled):
    if is_enrolled:
        TOTPDevice.objects.create(user=manager, name="app")
    client.force_login(manager)
    page = "/admin/code/" if is_enrolled else "/admin/second-factor/"
    client.get(page)
    for code in ("9" * 5000, "٣" * 5000, "9" * 4301):
        assert client.post(page, {"code": code}).status_code == 422


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("17", 17), ("٣", 3), ("9" * 18, 10**18 - 1)]
    + [(text, -1) for text in ("", "-1", "+1", " 1", "1.0", "²", "one", "9" * 19, "9" * 5000)],
)
def test_a_number_is_read_as_one_or_as_none_that_there_is(text, number):
    assert number_in(text) == number
