"""Guessing is limited for each person and address; nobody else is locked out, and nothing of it is kept for long."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.contrib.auth.backends import ModelBackend
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from siweb.accounts import lockout
from siweb.accounts.models import SignInAttempts
from siweb.operations.management.commands.tick import tick

SIGN_IN, PASSWORD = "/admin/login/", "walnut-otter-seventeen"
HERE, THERE = "203.0.113.7", "198.51.100.20"
RIGHT, WRONG, LOCKED = 302, 200, 429


@pytest.fixture
def rita(reception):
    reception.set_password(PASSWORD)
    reception.save()
    return reception


def attempt(password, address=HERE, name="rita", **more):
    """What the answer is to somebody who comes through our proxy."""
    sent = {"username": name, "password": password}
    return Client().post(SIGN_IN, sent, REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=address, **more)


def answers(many, **more):
    return [attempt(f"guess {n}", **more).status_code for n in range(many)]


def pass_by(minutes):
    SignInAttempts.objects.update(until=timezone.now() + lockout.COOLOFF - timedelta(minutes=minutes))


@pytest.mark.slow
def test_of_a_hundred_guesses_ten_are_looked_at_and_the_person_signs_in_from_elsewhere(rita):
    assert answers(100) == [WRONG] * 10 + [LOCKED] * 90
    locked = attempt(PASSWORD)
    assert (locked.status_code, locked.headers["Retry-After"]) == (LOCKED, "900")
    assert "<b>15 minutes</b>" in locked.content.decode()
    assert attempt(PASSWORD, THERE).status_code == RIGHT


def test_others_at_the_same_address_sign_in(rita, editor):
    editor.set_password(PASSWORD)
    editor.save()
    answers(12)
    assert attempt(PASSWORD, name="edith").status_code == RIGHT


def test_after_fifteen_minutes_it_may_be_tried_again(rita):
    answers(11)
    pass_by(14)
    again = attempt(PASSWORD)
    assert (again.status_code, "<b>1 minute</b>" in again.content.decode()) == (LOCKED, True)
    pass_by(15)
    assert answers(11) == [WRONG] * 10 + [LOCKED]
    pass_by(15)
    assert attempt(PASSWORD).status_code == RIGHT


def test_guessing_slowly_is_counted_too(rita):
    for _ in range(10):
        assert answers(1) == [WRONG]
        pass_by(10)
    assert answers(1) == [LOCKED]


def test_whoever_signs_in_begins_again(rita):
    for _ in range(3):
        answers(9)
        assert attempt(PASSWORD).status_code == RIGHT


@pytest.mark.parametrize("name", ["nobody", "RITA", "rita ", "x" * 150, "é" * 150, "second factor of 1"])
def test_names_that_are_nobodys_are_counted_alike(rita, name):
    assert answers(12, name=name) == [WRONG] * 10 + [LOCKED] * 2


def test_a_forged_address_does_not_help(rita):
    forged = [attempt(f"guess {n}", f"192.0.2.{n}, {HERE}").status_code for n in range(12)]
    assert forged == [WRONG] * 10 + [LOCKED] * 2
    rita.refresh_from_db()
    direct = [
        Client()
        .post(SIGN_IN, {"username": "rita", "password": "x"}, REMOTE_ADDR=THERE, HTTP_X_FORWARDED_FOR=f"192.0.2.{n}")
        .status_code
        for n in range(12)
    ]
    assert direct == [WRONG] * 10 + [LOCKED] * 2, "a peer that is no proxy of ours is not believed"


JUNK = ("not-an-ip", "", ",,,", "\0", "203.0.113.7\r\nx: y", "1" * 10_000, "::ffff:0:0:0:0:0:0:0", "🦴", "fe80::1%eth0")


@pytest.mark.parametrize("junk", JUNK)
def test_junk_for_an_address_is_no_fault_and_does_not_help(rita, junk):
    assert answers(12, address=junk) == [WRONG] * 10 + [LOCKED] * 2


@pytest.mark.parametrize(
    ("said", "counted"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
    ],
)
def test_of_ipv6_the_network_is_counted(said, counted):
    assert lockout.address_of(RequestFactory().get("/", REMOTE_ADDR=said)) == counted


def test_the_password_page_is_no_way_round(rita):
    browser = Client()
    browser.force_login(rita)
    new = {"new_password1": "seven-purple-badgers-dance", "new_password2": "seven-purple-badgers-dance"}
    found = [browser.post("/admin/password/", {"old_password": f"guess {n}"} | new).status_code for n in range(12)]
    assert found == [422] * 10 + [LOCKED] * 2
    assert browser.post("/admin/password/", {"old_password": PASSWORD} | new).status_code == LOCKED


@pytest.mark.slow
def test_only_name_and_address_are_kept_until_the_pause_is_over(rita, caplog):
    answers(12, HTTP_USER_AGENT="secret browser", QUERY_STRING="next=/secret/")
    kept = {(row.kind, row.username, row.address) for row in SignInAttempts.objects.all()}
    assert kept == {("name", "rita", HERE), ("address", "", HERE), ("network", "", "203.0.113.0")}
    assert caplog.records == []
    tick(timezone.now() + timedelta(minutes=14))
    assert SignInAttempts.objects.count() == 3
    tick(timezone.now() + timedelta(minutes=15))
    assert SignInAttempts.objects.count() == 0


def test_a_hundred_guesses_at_once_are_a_hundred_guesses(site):
    page = site.get(SIGN_IN)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)[1]
    cookie = page.headers["Set-Cookie"].partition(";")[0]

    def guess(n):
        sent = urlencode({"username": "planted-name", "password": f"planted-{n}", "csrfmiddlewaretoken": token})
        kind = "application/x-www-form-urlencoded"
        more = {"Cookie": cookie, "X-Forwarded-For": HERE, "Content-Type": kind}
        return site.get(SIGN_IN, method="POST", body=sent, **more).status

    with ThreadPoolExecutor(20) as crowd:
        found = list(crowd.map(guess, range(100)))
    assert (found.count(WRONG), found.count(LOCKED)) == (10, 90)
    assert "planted" not in site.log()


def test_an_attempt_that_a_wrong_clock_recorded_in_the_future_locks_nobody_out(rita):
    answers(11)
    pass_by(-400 * 24 * 60)
    assert attempt(PASSWORD).status_code == RIGHT


# --- By address and network, whatever the names -----------------------------------------------------------------------


@pytest.fixture
def looked_at(monkeypatch):
    """The names whose passwords were looked at."""
    names = []
    monkeypatch.setattr(
        ModelBackend, "authenticate", lambda self, request, username, password, **_: names.append(username)
    )
    return names


@pytest.mark.django_db
def test_one_address_is_stopped_whatever_names_it_tries_and_nothing_is_hashed_for_it(looked_at):
    found = [attempt("x", name=f"name {n}").status_code for n in range(40)]
    assert found == [WRONG] * 30 + [LOCKED] * 10
    assert len(looked_at) == 30
    page = attempt("x", name="another")
    assert "from your internet connection" in page.content.decode()
    assert attempt("x", THERE).status_code == WRONG


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("addresses", "outside"),
    [
        ([f"2001:db8:1:{n:x}::1" for n in range(105)], "2001:db8:2::1"),
        ([f"203.0.113.{n}" for n in range(105)], "203.0.114.1"),
    ],
    ids=["IPv6 by /48", "IPv4 by /24"],
)
def test_one_network_is_stopped_whatever_addresses_it_takes(looked_at, addresses, outside):
    found = [attempt("x", address, name=f"name {address}").status_code for address in addresses]
    assert found == [WRONG] * 100 + [LOCKED] * 5
    assert len(looked_at) == 100
    assert "from your network" in attempt("x", addresses[0], name="another").content.decode()
    assert attempt("x", outside).status_code == WRONG


@pytest.mark.django_db
def test_of_ipv6_all_addresses_of_a_home_are_one(looked_at):
    found = [attempt("x", f"2001:db8:1:2::{n:x}", name=f"name {n}").status_code for n in range(1, 33)]
    assert found == [WRONG] * 30 + [LOCKED] * 2


def test_who_signs_in_from_an_office_uses_up_none_of_its_attempts(rita):
    for _ in range(40):
        assert attempt(PASSWORD).status_code == RIGHT
    assert {row.count for row in SignInAttempts.objects.all()} == {0}


def test_the_slips_of_an_office_do_not_add_up_over_a_day(rita, monkeypatch):
    begin = timezone.now()
    for hour in range(5):
        monkeypatch.setattr(timezone, "now", lambda at=begin + timedelta(minutes=10 * hour): at)
        assert [attempt("slip", name=f"name {hour} {n}").status_code for n in range(12)] == [WRONG] * 12
    assert attempt(PASSWORD).status_code == RIGHT


@pytest.mark.django_db
def test_attempts_that_are_refused_write_nothing(looked_at):
    [attempt("x", name=f"name {n}") for n in range(30)]
    with CaptureQueriesContext(connection) as queries:
        assert attempt("x", name="another").status_code == LOCKED
    assert [q["sql"] for q in queries if re.match("INSERT|UPDATE|DELETE|SAVEPOINT|BEGIN", q["sql"])] == []


@pytest.mark.django_db
def test_a_proxy_that_does_not_say_who_asks_is_not_taken_for_one_reader(looked_at):
    browser = Client(REMOTE_ADDR="127.0.0.1")
    found = {browser.post(SIGN_IN, {"username": f"n{n}", "password": "x"}).status_code for n in range(40)}
    assert found == {WRONG}


# --- Codes ------------------------------------------------------------------------------------------------------------

CODE_PAGE = "/admin/code/"


@pytest.fixture
def enrolled(rita):
    """Rita, who has an app and recovery codes: ask(code) gives one from an address."""
    TOTPDevice.objects.create(user=rita, name="app")
    paper = StaticDevice.objects.create(user=rita, name="paper")
    for token in ("abcd2345", "efgh2345"):
        StaticToken.objects.create(device=paper, token=token)

    def ask(code, address=HERE):
        browser = Client(REMOTE_ADDR="127.0.0.1", headers={"X-Forwarded-For": address})
        browser.force_login(rita)
        return browser.post(CODE_PAGE, {"code": code})

    return ask


def test_ten_wrong_codes_leave_the_owner_the_recovery_codes(enrolled):
    assert [enrolled("000000", THERE).status_code for _ in range(11)] == [422] * 10 + [LOCKED]
    locked = enrolled("000000")
    assert locked.status_code == LOCKED, "digits are few: they are counted wherever they come from"
    assert "use one of your recovery codes" in locked.content.decode()
    assert enrolled("abcd 2345").status_code == 302


def test_who_uses_up_the_recovery_codes_elsewhere_does_not_lock_the_owner_out(enrolled):
    assert [enrolled("wrong", THERE).status_code for _ in range(11)] == [422] * 10 + [LOCKED]
    assert enrolled("efgh2345", THERE).status_code == LOCKED
    assert enrolled("efgh2345").status_code == 302


def test_a_right_recovery_code_gives_back_no_digits(enrolled):
    for _ in range(10):
        enrolled("000000")
    assert enrolled("abcd2345").status_code == 302
    assert enrolled("000000").status_code == LOCKED
