"""Asking for an appointment at the real server: the same form many times at once, corrections, limits, and what stops with it."""

import contextlib
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.operations.test_outage import database_away
from tests.support.enquiring import ANSWERS
from tests.support.serving import Site, living, ticks, until
from tests.support.visiting import Visitor, counted, page_of, reference_of, rows, staff_page

pytestmark = pytest.mark.server

STRANGER = "192.0.2.99"  # an address where no proxy of a test's is


# --- Once, however often it is sent -----------------------------------------------------------------------------------


def test_a_form_that_is_sent_twenty_times_at_once_is_one_enquiry_with_one_mail_each(site):
    visitor = Visitor(site, "203.0.113.2")
    data = page_of(visitor.check(name="Twenty Times")).fields() | {"do": "send"}
    together = threading.Barrier(20)

    def press(_):
        together.wait()
        return visitor.post(data)

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(press, range(20)))
    assert [answer.status for answer in answers] == [302] * 20
    [reference] = {reference_of(site, answer) for answer in answers}
    assert counted(site, reference) == (1, 1, 1, 1)
    assert rows(site, "SELECT count(*) FROM enquiries_answers WHERE name = 'Twenty Times'") == [(1,)]


def test_twenty_corrections_of_one_form_at_once_lose_none_and_stay_one_enquiry(site):
    visitor = Visitor(site, "203.0.113.3")
    reference = visitor.sent(name="Many Minds")
    together = threading.Barrier(20)

    def correct(number):
        together.wait()
        return visitor.post(ANSWERS | visitor.hidden | {"name": "Many Minds", "words": f"mind {number}", "do": "send"})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(correct, range(20)))
    assert {reference_of(site, answer) for answer in answers} == {reference}
    assert counted(site, reference) == (1, 21, 1, 1)


def test_back_corrected_and_sent_again_is_one_enquiry_that_keeps_the_correction(site):
    visitor = Visitor(site, "203.0.113.4")
    first = visitor.sent(name="Back Button", words="First words.")
    second = visitor.sent(name="Back Button", words="Second words.")
    assert first == second
    assert counted(site, first) == (1, 2, 1, 1)
    page = staff_page(site, first)
    now, before = page.split("<h3>Typed in the form on")
    assert "Second words." in now
    assert "First words." not in now
    assert "First words." in before


# --- The minute tick --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, pytest.param(signal.SIGINT, marks=pytest.mark.full)])
def test_the_minute_tick_ends_with_the_server_however_that_ends(tmp_path, how):
    with Site.start(tmp_path, WORKERS="1") as site:
        group = site.process.pid
        assert len(until(lambda: ticks(group), "a tick runs", site.log)) == 1
        os.kill(site.process.pid, how)  # the server alone, as a service manager or a crash would
        site.process.wait(60)
        try:
            until(lambda: not living(group), "nothing is left", lambda: str(living(group)))
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)


def test_the_server_goes_on_when_the_tick_is_killed_and_another_is_started(tmp_path):
    with Site.start(tmp_path, WORKERS="1") as site:
        group = site.process.pid
        [tick] = until(lambda: ticks(group), "a tick runs", site.log)
        os.kill(tick, signal.SIGKILL)
        until(lambda: tick not in ticks(group), "it is gone")
        assert Visitor(site).sent()
        assert site.process.poll() is None
        assert len(until(lambda: ticks(group), "another tick runs", site.log)) == 1
        assert "the job runner ended (-9); it is started again" in site.log()


# --- Limits -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def bare_site(tmp_path_factory):
    """A site whose proxy is elsewhere: the person who asks from here is a stranger and may not speak for others."""
    with Site.start(tmp_path_factory.mktemp("bare"), PROXIES=STRANGER) as site:
        yield site


_numbers = iter(range(2, 250))


def statuses_within_one_hour(send):
    """What `send(an address of its own)` returned, done again with another where the clock struck in the middle."""
    while True:
        began = time.time() // 3600
        statuses = send(f"198.51.100.{next(_numbers)}")
        if time.time() // 3600 == began:
            return statuses


def marked(site, *addresses):
    """The answers to forms that come too fast to be a person's, one from each of these addresses."""
    return [Visitor(site, address, seconds_ago=0).send(name="Too Fast").status for address in addresses]


def test_a_form_that_came_too_fast_gets_the_same_answer_and_is_only_marked(site):
    reference = Visitor(site, "203.0.113.5", seconds_ago=0).sent()
    marks = rows(site, f"SELECT state, spam_reason FROM enquiries_enquiry WHERE reference = '{reference}'")
    assert marks == [("spam", "fast")]
    assert counted(site, reference) == (1, 1, 1, 1)


def test_an_address_behind_our_proxy_is_limited_and_its_neighbour_is_not(site):
    def send(address):
        return [*marked(site, *[address] * 6), *marked(site, next_door(address))]

    assert statuses_within_one_hour(send) == [302] * 4 + [429] * 2 + [302]


def next_door(address):
    return address.replace("198.51.100.", "198.51.101.")


def test_what_a_sender_adds_before_the_proxys_word_is_not_believed(site):
    def send(address):
        return marked(site, *[f"10.0.0.{number}, {address}" for number in range(5)])

    assert statuses_within_one_hour(send) == [302] * 4 + [429]


def test_a_stranger_cannot_speak_for_other_addresses(bare_site):
    statuses = marked(bare_site, *[f"10.0.0.{number}" for number in range(8)], f"10.0.0.8, {STRANGER}")
    assert statuses[:4] == [302] * 4
    assert 429 in statuses  # by the ninth, even where the clock has struck after the fourth


def test_sixty_people_share_an_address_and_the_next_is_told_to_call_and_keeps_the_text(site):
    answers = []

    def send(address):
        visitor = Visitor(site, address)
        page = page_of(visitor.check(name="Shared Address")).fields() | {"do": "send"}
        keys = [f"{page['key'][0][:-4]}{number:04x}" for number in range(61)]
        answers[:] = [visitor.post(page | {"key": key}) for key in keys]
        return [answer.status for answer in answers]

    assert statuses_within_one_hour(send) == [302] * 60 + [429]
    refused = answers[-1]
    assert refused.headers["Retry-After"] == "3600"
    assert "Shared Address" in refused.text
    assert page_of(refused).fields()["name"] == ["Shared Address"]
    assert 'href="tel:+441632960001"' in refused.text


# --- What is written down ---------------------------------------------------------------------------------------------


_LINK = """
from siweb.enquiries.intake import private_links
from siweb.enquiries.models import Enquiry
print(private_links.make_link(Enquiry.objects.get(reference={!r})))
"""


def private_link(site, reference):
    return f"/enquire/yours/{site.manage('shell', '-v0', '-c', _LINK.format(reference)).strip()}/"


def test_no_page_of_a_person_and_nothing_that_was_typed_is_in_the_log(bare_site):
    visitor = Visitor(bare_site)
    said = {"name": "Quill Unlogged", "email": "unlogged@quill.example", "words": "Quillwords"}
    answer = visitor.send(**said)
    reference, sent = reference_of(bare_site, answer), answer.headers["Location"]
    yours = private_link(bare_site, reference)
    correction = {"csrfmiddlewaretoken": visitor.hidden["csrfmiddlewaretoken"], "do": "correct", "phone": "Quill"}
    assert [bare_site.get(path).status for path in (sent, yours)] == [200, 200]
    assert bare_site.get(f"/enquire/yours/{'Q' * 32}/").status == 404
    assert bare_site.get("/enquire/sent/Quillsealed/").status == 404
    assert bare_site.get(yours, method="PUT", body="a=b").status == 403
    assert visitor.post(correction, yours).status == 422
    with database_away(bare_site):
        assert bare_site.get(yours).status == 503
        assert visitor.post(correction, yours).status == 503
        assert visitor.post(ANSWERS | visitor.hidden | said | {"do": "send", "words": "Quillother"}).status == 503
    until(lambda: bare_site.get("/healthz").status == 200, "the site recovers")
    log = bare_site.log()
    assert "an enquiry was not saved: OperationalError" in log  # the control: something was written
    secrets = [
        sent.split("/")[-2],
        yours.split("/")[-2],
        "Q" * 32,
        "Quill",
        "quill",
        "unlogged",
        reference,
        "127.0.0.1 -",
    ]
    assert [secret for secret in secrets if secret in log] == []
    assert "/enquire/" not in log
