"""The desk's search: by name, phone, e-mail and reference, and its words stand nowhere but on the page."""

import logging
import re

import pytest
from django.db import DatabaseError

from siweb.enquiries.intake.submission import correct
from siweb.enquiries.models import Answers, DeskEvent, Enquiry
from siweb.enquiries.privacy.erasure import erase
from siweb.enquiries.staff.pagination import PAGE
from tests.support.inbox import fill

LIST, SEARCH = "/admin/enquiries/enquiry/", "/admin/enquiries/enquiry/search/"


@pytest.fixture
def zoe(make_enquiry):
    return make_enquiry(name="Zoë O’Neill-Smith", phone="+441614960123", email="Zoe.Neill@example.org")


@pytest.fixture
def karl(make_enquiry):
    return make_enquiry(name="Karl Łukasz", phone="+4930123456", email="k@example.org")


def page_for(client, words):
    response = client.post(SEARCH, {"words": words})
    assert response.status_code == 200
    return response.content.decode()


def found(client, words):
    return re.findall(r'class="quiet reference">([^<]*)<', page_for(client, words))


@pytest.mark.parametrize(
    "words",
    [
        *("zoe", "ZOË", "zoë o'neill", "oneillsmith", "o'ne", "O’Neill-Smith  zo"),
        *("0161 496 0123", "+44 161 496 0123", "0044 (0)161 496 0123", "+44 (0)161", "01614960123", "0161 49", "0123"),
        *("960123", "60 123", "161 496"),
        *("zoe.neill@example.org", "ZOE.NEILL@EXAMPLE.ORG", "zoe.neill@", " zoe.neill @ example.org "),
    ],
)
def test_one_is_found_by(desk, zoe, karl, words):
    assert found(desk, words) == [zoe.reference]


@pytest.mark.parametrize("words", ["+49 30 123456", "0049 30 123456", "3456", "karl łuk", "k@"])
def test_somebody_from_abroad_is_found_by(desk, zoe, karl, words):
    assert found(desk, words) == [karl.reference]


@pytest.mark.parametrize("words", ["zo karl", "neill", "0161 497", "4960", "example.org", "x@example.org", "SIJ-0000"])
def test_nobody_is_found_by(desk, zoe, karl, words):
    assert found(desk, words) == []
    assert "”. A name is found by" in page_for(desk, words)


def test_a_reference_is_found_however_it_is_typed_also_when_only_a_record_of_it_is_left(desk, zoe, karl):
    letters = zoe.reference.removeprefix("SIJ-")
    for words in (zoe.reference, zoe.reference.lower(), f"sij {letters}", letters.lower()):
        assert zoe.reference in found(desk, words)
    erase(zoe, why="request")
    assert found(desk, zoe.reference) == [zoe.reference]
    assert found(desk, "zoe") == []


def test_a_name_that_is_also_somebody_elses_reference_finds_both(desk, zoe, make_enquiry):
    wynn = make_enquiry(name="Gwen Wynn")
    Enquiry.objects.filter(pk=zoe.pk).update(reference="SIJ-WYNN")
    assert found(desk, "wynn") == ["SIJ-WYNN", wynn.reference]


def test_whoever_asks_for_somebody_else_and_what_was_said_before_are_found_too(desk, make_enquiry):
    enquiry = make_enquiry(who="other", asker="Tom Carer", relation="son", knows="yes", ring="asker")
    correct(enquiry, {"name": "Mary Example", "phone": "+441614960777"}, via=Answers.Via.DESK)
    for words in ("carer", "maria", "mary", "0161 496 0000", "0777"):
        assert found(desk, words) == [enquiry.reference]


@pytest.mark.parametrize("words", ["", "   ", "…", "\0", "016", "0 1 6"])
def test_too_little_is_said_with_what_to_type(desk, zoe, words):
    text = page_for(desk, words)
    assert "then press “Search”" in text
    assert zoe.reference not in text
    assert not DeskEvent.objects.exists()


@pytest.mark.parametrize("words", ["%", "_zoe", "*", "<b>", "' OR 1=1", "a " * 200, "9" * 300, "\\", "<"])
def test_nonsense_finds_nobody_and_is_no_fault(desk, zoe, words):
    assert found(desk, words) == []
    assert "<b>" not in page_for(desk, words).partition('role="status"')[2].partition("</p>")[0].replace("<bdi>", "")


def test_results_come_from_every_state_with_their_state_newest_first(desk, make_enquiry):
    closed, spam, new = make_enquiry(), make_enquiry(reason="trap"), make_enquiry()
    Enquiry.objects.filter(pk=closed.pk).update(state="closed", outcome="no_response")
    text = page_for(desk, "maria")
    assert found(desk, "maria") == [new.reference, spam.reference, closed.reference]
    for words in ("Closed: no response", "Possible spam: check", "New"):
        assert f"{words}</span>" in text


def test_one_page_is_shown_and_that_there_are_more(desk, reception, caller):
    fill(PAGE * 5, 30, (reception, caller), first=1000)
    text = page_for(desk, "077 0000")
    assert len(found(desk, "077 0000")) == PAGE
    assert "There are more: type more of it" in text


def test_a_search_is_written_down_with_its_kind_and_never_its_words(desk, zoe, karl):
    kinds = {"zoe": "by name", "0161 496": "by phone", "zoe.neill@": "by e-mail", zoe.reference: "by reference"}
    for words in kinds:
        page_for(desk, words)
    page_for(desk, "nobody")
    events = list(DeskEvent.objects.order_by("id").values_list("verb", "about", "references"))
    assert events == [*(("searched", kind, [zoe.reference]) for kind in kinds.values()), ("searched", "by name", [])]


def test_nothing_is_shown_when_a_search_cannot_be_written_down_and_its_words_are_kept(desk, zoe, monkeypatch):
    def refuse(*_, **__):
        raise DatabaseError

    monkeypatch.setattr(DeskEvent, "save", refuse)
    response = desk.post(SEARCH, {"words": "zoe"})
    assert response.status_code == 503
    text = response.content.decode()
    assert zoe.reference not in text
    assert re.search(r'name="words"[^>]*>\s*zoe', text)


def test_the_words_are_in_no_address_and_no_log(desk, zoe, caplog):
    caplog.set_level(logging.DEBUG, logger="siweb")
    text = page_for(desk, "oneillsmith")
    assert [address for address in re.findall(r'(?:href|action)="([^"]*)"', text) if "oneill" in address.lower()] == []
    assert "oneillsmith" not in caplog.text
    response = desk.get(SEARCH, {"words": "zoe"})
    assert (response.status_code, response.headers["Location"]) == (302, LIST)


def test_clinicians_do_not_search(client, caller, zoe):
    client.force_login(caller)
    assert client.post(SEARCH, {"words": "zoe"}).status_code == 403
