"""Everything held about an e-mail or a phone: found, chosen by the manager, and made one file without showing a tick."""

import html
import re

import pytest
from django.db import DatabaseError

from siweb.enquiries.intake import submission
from siweb.enquiries.models import Complaint, DeskEvent
from siweb.enquiries.privacy import holds, subject_search
from tests.support.enquiring import make

PAGE = "/admin/enquiries/enquiry/data/disclosure/"
TICK = "has diabetes"


@pytest.fixture
def desk(client, manager):
    client.force_login(manager)
    return client


@pytest.fixture
def enquiry(make_enquiry, reception):
    """One with everything: a tick, a note, a correction, a hold."""
    enquiry = make_enquiry(tell=["diabetes"], words="Quillwords", needs=["large-print"], phone_note="after 5")
    make(enquiry, "claim", reception)
    make(enquiry, "note", reception, note="Quillnote: rang <b>twice</b>")
    enquiry = submission.correct(enquiry, {"words": "Quillsecond", "name": "Maria Newname"}, via="link")
    return holds.act(enquiry, "hold", version=enquiry.version, by=reception, reason="claim of May")


def look_for(desk, who):
    return desk.post(PAGE, {"who": who})


def file_of(desk, who, *enquiries, **more):
    chosen = [enquiry.reference for enquiry in enquiries]
    response = desk.post(PAGE, {"who": who, "file": "1", "reference": chosen} | more)
    return response, html.unescape(response.content.decode())


@pytest.mark.parametrize(
    ("typed", "kind", "key"),
    [
        (" Maria@Example.ORG ", "e-mail address", "maria@example.org"),
        ("0161 496 0000", "phone number", "1614960000"),
        ("+44 161 496 0000", "phone number", "1614960000"),
        ("0044 (0)161-496-0000", "phone number", "1614960000"),
        ("07700 900123", "phone number", "7700900123"),
        ("sij 7f3k", "reference", "SIJ-7F3K"),
        ("SIJ-7F3K9", "reference", "SIJ-7F3K9"),
        ("SIJ7346", "reference", "SIJ-7346"),
    ],
)
def test_what_is_typed_is_read_as_an_address_a_number_or_a_reference(typed, kind, key):
    asked = subject_search.read(typed)
    assert (asked.kind, asked.key) == (kind, key)


@pytest.mark.parametrize("typed", ["", "Maria", "maria at example", "a b@c", "12", "%", "SIJ"])
def test_anything_else_is_refused_with_words_and_finds_nothing(desk, enquiry, typed):
    response = look_for(desk, typed)
    assert response.status_code == 422
    assert "Enter a whole e-mail address" in response.content.decode()
    assert DeskEvent.objects.count() == 0


@pytest.mark.parametrize("who", ["maria@example.org", "MARIA@example.org", "0161 496 0000", "+44 161 4960000"])
def test_it_is_found_however_it_is_written_and_no_tick_is_shown(desk, enquiry, make_enquiry, who):
    stranger = make_enquiry(email="tom@else.example", phone="+441614960009", phone_raw="0161 496 0009", name="Tom Else")
    text = look_for(desk, who).content.decode()
    assert (enquiry.reference in text, stranger.reference in text) == (True, False)
    assert [word for word in (TICK, "Quill", "diabetes", "large-print") if word in text] == []


def test_the_search_is_written_down_with_references_and_never_the_address(desk, enquiry):
    look_for(desk, "maria@example.org")
    [event] = DeskEvent.objects.all()
    assert (event.verb, event.references, event.actor_name) == ("searched", [enquiry.reference], "Mia Manager")
    assert "maria" not in str(vars(event)).lower().replace("mia manager", "")


SPELLINGS = ["0161 496 0000", "01614960000", "0161 4960000", "0161-496-0000", "(0161) 496.0000", "+44 (0)161 496 0000"]


@pytest.mark.parametrize("typed", SPELLINGS)
@pytest.mark.parametrize("written", SPELLINGS)
def test_a_number_is_found_in_notes_and_words_whatever_is_between_its_digits(make_enquiry, reception, typed, written):
    other = {"email": "tom@else.example", "phone": "+441614960009", "phone_raw": "0161 496 0009"}
    worded = make_enquiry(**other, words=f"Or ring my wife on {written}.")
    noted = make_enquiry(**other)
    make(noted, "note", reception, note=f"Wife rang:{written}")
    make_enquiry(**other, words="Or ring 0161 496 0001.")
    found = subject_search.find(subject_search.read(typed))
    assert set(found.references) == {worded.reference, noted.reference}


def test_a_second_number_of_an_answer_finds_its_person(make_enquiry):
    both = make_enquiry(phone="+447700900123", phone_raw="07700 900123 or 0161 496 0000")
    assert subject_search.find(subject_search.read("0161 4960000")).references == [both.reference]


def test_an_address_in_somebody_elses_words_or_in_a_note_is_found_too(desk, make_enquiry, reception):
    other = {"email": "tom@else.example", "phone": "+441614960009", "phone_raw": "0161 496 0009"}
    worded = make_enquiry(**other, words="Or write to my wife, maria@example.org")
    noted = make_enquiry(**other)
    make(noted, "note", reception, note="Wife rang: 0161 496 0000")
    assert worded.reference in look_for(desk, "maria@example.org").content.decode()
    text = look_for(desk, "0161 496 0000").content.decode()
    assert noted.reference in text
    assert "a note names the phone number" in text


def test_the_file_holds_everything_in_words(desk, enquiry, make_enquiry):
    Complaint.objects.create(
        name="M", contact="0161 4960000", words="Quillcomplaint", route="phone", recorded_by=enquiry.owner
    )
    complaint = Complaint.objects.get()
    look_for(desk, "maria@example.org")
    response, text = file_of(desk, "0161 496 0000", enquiry, complaint=complaint.pk)
    for held in (
        *("Maria Example", "Maria Newname", "Quillwords", "Quillsecond", "Quillnote: rang <b>twice</b>"),
        *(TICK, "Large print", "0161 496 0000", "maria@example.org", "Mornings", "after 5", "claim of May"),
        *("Quillcomplaint", "the private link", "to the patient: we have your enquiry", enquiry.reference),
    ):
        assert held in text, held
    assert "R. R." in text
    assert "Rita" not in text
    assert "Searched" in text
    assert "1 time, by M. M." in text


def test_the_file_is_whole_in_itself_inert_and_named_after_nobody(desk, make_enquiry):
    enquiry = make_enquiry(name="<script>alert(1)</script>", words="<img src=x>")
    response = file_of(desk, "maria@example.org", enquiry)[0]
    text = response.content.decode()
    assert re.fullmatch(
        r'attachment; filename="everything-held-\d{4}-\d\d-\d\d\.html"', response.headers["Content-Disposition"]
    )
    assert "no-store" in response.headers["Cache-Control"]
    assert "<script" not in text
    assert "<img" not in text
    assert re.findall(r'(?:src|href)="', text) == []


def test_the_file_is_written_down_with_references_and_never_the_address(desk, enquiry):
    file_of(desk, "maria@example.org", enquiry)
    [event] = DeskEvent.objects.all()
    assert (event.verb, event.references) == ("disclosed", [enquiry.reference])
    assert event.about == "by e-mail address"


def test_no_file_is_made_where_it_cannot_be_written_down(desk, enquiry, monkeypatch):
    def refuse(*_, **__):
        raise DatabaseError

    monkeypatch.setattr(DeskEvent, "save", refuse)
    for response in (look_for(desk, "maria@example.org"), file_of(desk, "maria@example.org", enquiry)[0]):
        assert response.status_code == 503
        assert "Content-Disposition" not in response.headers
        assert [word for word in ("Maria", "Quill") if word in response.content.decode()] == []


def test_where_several_people_share_a_number_it_says_so_and_ticks_nobody(desk, enquiry, make_enquiry):
    other = make_enquiry(name="Tom Else", email="tom@else.example")
    text = look_for(desk, "0161 496 0000").content.decode()
    assert "different names appear in these" in text
    assert " checked" not in text
    _, file = file_of(desk, "0161 496 0000", other)
    assert "Tom Else" in file
    assert [word for word in ("Quill", "Maria", enquiry.reference) if word in file] == []


def test_what_one_asked_for_another_is_not_ticked_and_says_why(desk, make_enquiry):
    make_enquiry(who="other", asker="Tom Else", relation="son", knows="no", ring="asker")
    text = look_for(desk, "maria@example.org").content.decode()
    assert "holds the data of both" in text
    assert " checked" not in text


def test_a_name_that_was_corrected_is_no_other_person(desk, enquiry):
    text = look_for(desk, "maria@example.org").content.decode()
    assert "Maria Newname" in text
    assert "different names" not in text
    assert text.count(" checked") == 1


def test_one_person_is_ticked(desk, make_enquiry):
    make_enquiry(), make_enquiry(name="maria  EXAMPLE")
    text = look_for(desk, "maria@example.org").content.decode()
    assert text.count(" checked") == 2


def test_only_what_was_found_can_be_chosen(desk, enquiry, make_enquiry):
    stranger = make_enquiry(email="tom@else.example", phone="+441614960009", phone_raw="0161 496 0009")
    response, text = file_of(desk, "maria@example.org", stranger)
    assert response.status_code == 422
    assert "Nothing was ticked" in text
    assert "Content-Disposition" not in response.headers


def test_nothing_found_says_what_else_to_try(desk, enquiry):
    assert "Nothing is held about it." in look_for(desk, "nobody@example.org").content.decode()


def test_an_address_in_the_address_of_the_page_looks_for_nothing(desk, enquiry):
    assert enquiry.reference not in desk.get(f"{PAGE}?who=maria@example.org").content.decode()
    assert DeskEvent.objects.count() == 0
