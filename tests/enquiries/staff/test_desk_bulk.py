"""Several enquiries at once: named, confirmed, and each moved only if it is still as it was seen."""

import html
import re

import pytest

from siweb.enquiries.casework import workflow
from siweb.enquiries.models import DeskEvent, Enquiry
from tests.conftest import with_role

LIST, SEVERAL = "/admin/enquiries/enquiry/", "/admin/enquiries/enquiry/several/"


@pytest.fixture
def colleague(django_user_model):
    return with_role(django_user_model, "rosa", "Reception")


@pytest.fixture
def three(make_enquiry):
    return [make_enquiry(name=f"Person {n}", phone=f"+44161496012{n}", email="") for n in (1, 2, 3)]


def ticked(enquiries, **more):
    return {"row": [f"{enquiry.pk}:{enquiry.version}" for enquiry in enquiries], "do": "claim", "tab": "new"} | more


def confirm(client, enquiries, **more):
    """The page that comes after the press, and what it says."""
    return client.post(SEVERAL, ticked(enquiries, confirmed="yes") | more, follow=True).content.decode()


def said(text):
    return [html.unescape(words) for words in re.findall(r'<li class="(?:success|warning)">([^<]*)', text)]


def states(enquiries):
    return [Enquiry.objects.get(pk=enquiry.pk).state for enquiry in enquiries]


def test_the_page_to_confirm_names_the_people_and_what_will_happen_and_does_nothing_yet(desk, three):
    text = desk.post(SEVERAL, ticked(three[:2])).content.decode()
    for words in ("Person 1", "Person 2", "Each becomes yours", "Claim selected: 2 enquiries", "change nothing"):
        assert words in text
    assert "Person 3" not in text
    assert states(three) == ["new"] * 3
    event = DeskEvent.objects.get()
    assert (event.verb, event.about) == ("listed", "to confirm: Claim selected")
    assert set(event.references) == {enquiry.reference for enquiry in three[:2]}


@pytest.mark.parametrize(
    ("do", "before", "after"),
    [("claim", "new", "in_progress"), ("spam", "new", "spam"), ("no_response", "in_progress", "closed")],
)
def test_confirmed_each_is_moved_by_the_workflow_and_leaves_its_event(desk, reception, three, do, before, after):
    if before != "new":
        for enquiry in three:
            workflow.make(enquiry, "claim", version=1, who=("reception",), by=reception)
    text = confirm(desk, three, do=do)
    assert states(three) == [after] * 3
    assert said(text) == ["3 done."]
    for enquiry in three:
        assert enquiry.events.filter(verb=do, actor=reception).count() == 1


def test_what_a_colleague_was_quicker_with_is_left_out_and_who_and_when_is_said(desk, colleague, three):
    event = workflow.make(Enquiry.objects.get(pk=three[0].pk), "claim", version=1, who=("reception",), by=colleague)
    [told] = said(confirm(desk, three))
    assert re.fullmatch(rf"2 done, 1 skipped. {three[0].reference}: Rosa Reception claimed this at \d\d:\d\d\.", told)
    assert Enquiry.objects.get(pk=three[0].pk).owner == colleague
    assert event.enquiry.events.filter(verb="claim").count() == 1
    text = desk.post(SEVERAL, ticked(three)).content.decode()
    assert "nothing to do" in text
    assert "Rosa Reception claimed this at" in text
    assert "You claimed this at" in text


def test_whatever_else_has_happened_meanwhile_is_said(desk, colleague, three):
    workflow.make(Enquiry.objects.get(pk=three[0].pk), "spam", version=1, who=("reception",), by=colleague)
    assert "Rosa Reception marked this as spam at" in said(confirm(desk, three[:1]))[0]
    Enquiry.objects.get(pk=three[1].pk).record("corrected")
    Enquiry.objects.filter(pk=three[1].pk).update(version=2)
    assert "The patient wrote again and changed what they had said at" in said(confirm(desk, three[1:2]))[0]
    assert states(three) == ["spam", "new", "new"]


def test_what_the_workflow_forbids_is_left_out_and_why_is_said(desk, reception, three):
    workflow.make(three[0], "claim", version=1, who=("reception",), by=reception)
    text = desk.post(SEVERAL, ticked(three, do="no_response")).content.decode()
    assert text.count("This enquiry is new, so “No response” is not possible.") == 2
    assert text.count('type="hidden" name="row"') == 1
    assert said(confirm(desk, three, do="no_response"))[0].startswith("1 done, 2 skipped.")
    assert states(three) == ["closed", "new", "new"]


def test_pressed_again_or_reloaded_nothing_is_done_twice(desk, reception, three):
    posted = ticked(three, confirmed="yes")
    assert said(desk.post(SEVERAL, posted, follow=True).content.decode()) == ["3 done."]
    [told] = said(desk.post(SEVERAL, posted, follow=True).content.decode())
    assert told.startswith("0 done, 3 skipped.")
    assert told.count("You claimed this at") == 3
    assert [enquiry.events.filter(verb="claim").count() for enquiry in three] == [1] * 3


def test_nothing_ticked_is_said_and_leads_back_to_the_tab(desk, three):
    response = desk.post(SEVERAL, {"do": "claim", "tab": "waiting"})
    assert response.headers["Location"] == f"{LIST}?tab=waiting"
    assert "Nothing was ticked." in desk.get(LIST).content.decode()


@pytest.mark.parametrize(
    "posted",
    [
        {"do": "erase", "row": "x"},
        {"row": ["x", ":", "0:0", "%00:1"]},
        {"do": "claim", "row": ["x:y"], "confirmed": "yes"},
        {"do": "claim", "row": "00000000-0000-0000-0000-000000000000:99999999999999999999999", "confirmed": "yes"},
        {"do": "claim", "tab": "//evil.example"},
        {},
    ],
)
def test_nonsense_changes_nothing_and_is_no_fault(desk, three, posted):
    response = desk.post(SEVERAL, posted)
    assert response.status_code == 302
    assert response.headers["Location"].startswith(LIST)
    assert "evil" not in response.headers["Location"]
    assert states(three) == ["new"] * 3


def test_no_get_acts(desk, three):
    assert desk.get(SEVERAL, ticked(three, confirmed="yes")).status_code == 302
    assert states(three) == ["new"] * 3


def test_a_list_offers_only_what_one_of_its_rows_can_take(desk, three, reception):
    def offered(tab):
        return re.findall(r'name="do" value="([^"]*)"', desk.get(LIST, {"tab": tab}).content.decode())

    assert offered("new") == ["claim", "spam"]
    workflow.make(three[0], "claim", version=1, who=("reception",), by=reception)
    assert offered("mine") == ["spam", "no_response"]
    assert offered("all") == ["claim", "spam", "no_response"]
    workflow.make(three[0], "no_response", version=2, who=("reception",), by=reception)
    assert offered("closed") == []


def test_clinicians_alone_cannot(client, caller, make_enquiry):
    enquiry = make_enquiry(tell=["diabetes"])
    client.force_login(caller)
    assert client.post(SEVERAL, ticked([enquiry], confirmed="yes")).status_code == 403
    assert states([enquiry]) == ["new"]
