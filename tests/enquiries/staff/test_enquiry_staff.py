"""Enquiries for staff: a page that records who looked, and moves by the workflow."""

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from siweb.enquiries.models import Enquiry, EnquiryEvent

LIST = "/admin/enquiries/enquiry/"
PERSONAL = ("Maria Example", "0161 496 0000", "+441614960000", "maria@example.org", "secret words", "diabetes")


def page_of(enquiry):
    return f"{LIST}{enquiry.pk}/change/"


def move(client, enquiry, action, version=None, **more):
    return client.post(page_of(enquiry), {"version": version or enquiry.version, "note": "", "move": action} | more)


@pytest.fixture
def enquiry(make_enquiry):
    return make_enquiry(tell=["diabetes"], words="secret words")


def test_opening_one_is_recorded_once_an_hour_for_each(desk, client, enquiry, caller):
    for _ in range(3):
        assert desk.get(page_of(enquiry)).status_code == 200
    assert list(enquiry.events.values_list("verb", "actor_name")) == [("received", ""), ("viewed", "Rita Reception")]
    client.force_login(caller)
    client.get(page_of(enquiry))
    assert enquiry.events.filter(verb="viewed").count() == 2


def test_nothing_is_shown_when_the_look_cannot_be_recorded(desk, enquiry, monkeypatch):
    def refuse(*_, **__):
        raise DatabaseError

    monkeypatch.setattr(EnquiryEvent, "save", refuse)
    desk.raise_request_exception = False
    response = desk.get(page_of(enquiry))
    assert response.status_code == 503
    assert "This page cannot be shown just now" in response.content.decode()
    assert [word for word in PERSONAL if word in response.content.decode()] == []


def test_reception_sees_that_a_call_is_needed_and_a_clinician_sees_why(desk, client, enquiry, caller):
    text = desk.get(page_of(enquiry)).content.decode()
    assert "Maria Example" in text
    assert "needs a clinician" in text
    assert "has diabetes" not in text
    client.force_login(caller)
    assert "has diabetes" in client.get(page_of(enquiry)).content.decode()


def test_a_clinician_sees_only_those_that_need_a_call(client, enquiry, make_enquiry, caller):
    plain = make_enquiry()
    client.force_login(caller)
    text = client.get(LIST).content.decode()
    assert (enquiry.reference in text, plain.reference in text) == (True, False)
    assert client.get(page_of(plain)).status_code == 404


@pytest.mark.parametrize("who", ["anonymous", "editor", "a member of no group", "a dismissed receptionist"])
def test_others_see_nothing(client, enquiry, who, editor, reception, django_user_model):
    if who == "editor":
        client.force_login(editor)
    elif who == "a member of no group":
        client.force_login(django_user_model.objects.create_user("norma", is_staff=True))
    elif who == "a dismissed receptionist":
        client.force_login(reception)
        reception.is_active = False
        reception.save()
    for path in (LIST, page_of(enquiry)):
        response = client.get(path)
        assert response.status_code in (302, 403)
        assert [word for word in (*PERSONAL, enquiry.reference) if word in response.content.decode()] == []
    assert move(client, enquiry, "claim").status_code in (302, 403)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.events.count()) == ("new", 1)


def test_a_move_is_a_button_and_leaves_an_event(desk, enquiry):
    assert move(desk, enquiry, "claim", note="I ring at ten").status_code == 302
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.owner.username) == ("in_progress", "rita")
    event = enquiry.events.last()
    assert (event.verb, event.from_state, event.to_state, event.note) == (
        "claim",
        "new",
        "in_progress",
        "I ring at ten",
    )
    text = desk.get(page_of(enquiry)).content.decode()
    assert "I ring at ten" in text
    assert 'value="claim"' not in text
    assert 'value="booked"' not in text, "a clinician has not rung yet"


def test_a_stale_save_keeps_the_note_and_changes_nothing(desk, enquiry):
    move(desk, enquiry, "claim")
    response = move(desk, enquiry, "spam", version=1, note="typed for a long time")
    text = response.content.decode()
    assert response.status_code == 409
    assert "Somebody else has changed this enquiry" in text
    assert "typed for a long time" in text
    enquiry.refresh_from_db()
    assert enquiry.state == "in_progress"
    assert f'name="version" value="{enquiry.version}"' in text


@pytest.mark.parametrize(
    "sent", [{"move": "fly"}, {"move": "erase"}, {"version": "x"}, {"until": "soon", "move": "wait"}, {}]
)
def test_nonsense_is_refused_with_words_and_changes_nothing(desk, enquiry, sent):
    response = desk.post(page_of(enquiry), {"version": 1, "note": "kept"} | sent)
    assert response.status_code in (409, 422)
    assert "kept" in response.content.decode()
    enquiry.refresh_from_db()
    assert enquiry.state == "new"


def test_no_get_changes_anything(desk, enquiry):
    for path in (f"{page_of(enquiry)}?move=claim&version=1", f"{LIST}?action=delete_selected", f"{LIST}add/"):
        desk.get(path)
    for verb in ("delete", "history"):
        desk.get(f"{LIST}{enquiry.pk}/{verb}/")
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.version) == ("new", 1)


@pytest.mark.parametrize(
    "query",
    ["q=%00", "p=-1", "p=99999999999999999999", "state__exact=nothing", "o=1.2.3.99", "created_at__year=999999999999"],
)
def test_odd_addresses_are_no_fault(desk, enquiry, query):
    assert desk.get(f"{LIST}?{query}").status_code < 500


@pytest.mark.parametrize("id", ["0", "x" * 5000, "%00", "00000000-0000-0000-0000-000000000000"])
def test_an_enquiry_that_is_not_there_is_not_found(desk, id):
    assert desk.get(f"{LIST}{id}/change/").status_code in (302, 404)


def test_what_a_person_wrote_is_inert_and_cannot_reorder_the_page(desk, make_enquiry):
    enquiry = make_enquiry(name="<script>alert(1)</script>", words="{{7*7}} <img src=x onerror=alert(1)>")
    text = desk.get(page_of(enquiry)).content.decode()
    assert "<script>alert(1)" not in text
    assert "<img src=x" not in text
    assert "{{7*7}} &lt;img" in text


def test_staff_pages_are_kept_by_nobody(desk, enquiry):
    for path in (LIST, page_of(enquiry)):
        assert "no-store" in desk.get(path).headers["Cache-Control"]


def test_a_record_of_it_can_be_opened(desk, enquiry):
    from siweb.enquiries.privacy.erasure import erase

    erase(enquiry, why="request")
    text = desk.get(page_of(enquiry)).content.decode()
    assert "Erased on" in text
    assert [word for word in PERSONAL if word in text] == []


class Terminal:
    """Somebody who answers the questions of a command."""

    def __init__(self, monkeypatch, lines, passwords):
        lines, passwords = iter(lines), iter(passwords)
        monkeypatch.setattr("builtins.input", lambda _: next(lines))
        monkeypatch.setattr("siweb.accounts.management.commands.first_account.getpass", lambda _: next(passwords))


GOOD = "walnut-otter-seventeen"


def test_the_first_account_is_the_practice_managers(db, client, monkeypatch, make_enquiry, capsys):
    Terminal(monkeypatch, ["bad name!", "mia", "Mia", "Manager"], ["short", GOOD, "another", GOOD, GOOD])
    call_command("first_account")
    assert client.post("/admin/login/", {"username": "mia", "password": GOOD}).status_code == 302
    assert client.get(page_of(make_enquiry())).status_code == 200
    assert not User.objects.get(username="mia").is_superuser
    said = capsys.readouterr()
    assert "at least 15 characters" in said.err
    assert "not the same" in said.err
    assert GOOD not in said.out + said.err
    with pytest.raises(CommandError, match="There is a practice manager already"):
        call_command("first_account")


def test_an_enquirys_own_words_are_in_no_list_of_what_staff_may_change(desk, enquiry):
    move(desk, enquiry, "note", note="x", name="Another", words="other", state="closed")
    enquiry.refresh_from_db()
    assert (enquiry.answers.name, enquiry.answers.words, enquiry.state) == ("Maria Example", "secret words", "new")
    assert Enquiry.objects.count() == 1
