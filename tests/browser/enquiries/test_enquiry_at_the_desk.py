"""One enquiry at the desk in a real browser: narrow and wide, light and dark, by keyboard, with axe and the policy."""

import pytest

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations
from tests.browser.website.test_layout import faults

pytestmark = pytest.mark.browser

MANY = """
import uuid
from django.contrib.auth.models import User
from siweb.clinics.models import Clinic
from siweb.enquiries.mail import letters
from siweb.enquiries.casework import workflow
from siweb.enquiries.models import CannedReply
from siweb.enquiries.intake.submission import correct, receive
from tests.conftest import SAID

by = User.objects.get(username="reception")
long = {"name": "Maximiliane-Konstanze " * 4, "email": "maximiliane.konstanze.von.und.zu@a-rather-long-domain.example.org",
        "who": "other", "asker": "Tom Okafor", "relation": "son", "knows": "no", "ring": "asker", "language": "Polish",
        "needs": ["interpreter", "bsl", "text", "large-print", "step-free"], "tell": ["diabetes"],
        "words": "A long line without any end: " + "x" * 300 + "\\n\\n" + "Some words. " * 60}

def move(enquiry, action, **more):
    workflow.make(enquiry, action, version=enquiry.version, who=("reception",), by=by, **more)

CannedReply.objects.get_or_create(title="Please ring us", subject="About {{reference}}", body="Dear {{name}}")
fresh = receive(uuid.uuid4(), SAID | long, clinic=Clinic.current())
begun = receive(uuid.uuid4(), SAID, clinic=Clinic.current())
move(begun, "claim")
move(begun, "no_answer", note="Rang twice. " * 30)
correct(begun, {"phone": "+441614960123", "phone_raw": "0161 496 0123"}, via="desk", by=by, version=begun.version)
begun.refresh_from_db()
letters.send(begun, "About your enquiry", "Please ring us. " * 20, version=begun.version, by=by)
begun.outbox.filter(kind="letter").update(state="failed", problem="the server does not know this address")
marked = receive(uuid.uuid4(), SAID, clinic=Clinic.current(), reason="trap")
print(fresh.pk, begun.pk, marked.pk)
"""
NEW = """
import uuid
from siweb.clinics.models import Clinic
from siweb.enquiries.intake.submission import receive
from tests.conftest import SAID
print(receive(uuid.uuid4(), SAID, clinic=Clinic.current()).pk)
"""
CLAIMED = """
from django.contrib.auth.models import User
from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Enquiry
by, _ = User.objects.get_or_create(username="cora", first_name="Cora", last_name="Colleague")
workflow.make(Enquiry.objects.get(pk="{pk}"), "claim", version=1, who=("reception",), by=by, note="I know her.")
"""


def page_of(pk):
    return f"/admin/enquiries/enquiry/{pk}/change/"


@pytest.fixture(scope="module")
def many(site, cookies):
    cookies("Reception")
    return site.manage("shell", "-v0", "-c", MANY).split()


@pytest.fixture
def new(site, cookies):
    cookies("Reception")
    return site.manage("shell", "-v0", "-c", NEW).strip()


def focus_on(page, words):
    """Move the focus to a button by Tab alone."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText || ''").strip() == words:
            return
    raise AssertionError(f"“{words}” cannot be reached by Tab")


def press(page, words):
    focus_on(page, words)
    with page.expect_navigation():
        page.keyboard.press("Enter")


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_the_page_holds_together_and_axe_finds_nothing(many, open_staff, width, scheme):
    page = open_staff(page_of(many[0]), "Reception", width=width, color_scheme=scheme)
    for pk in many:
        page.goto(page_of(pk))
        for summary in page.locator("summary").all():
            summary.click()
        assert (faults(page), staff_violations(page)) == ([], [])


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_a_letter_and_what_it_refuses_hold_together(many, open_staff, width, scheme):
    page = open_staff(page_of(many[1]), "Reception", width=width, color_scheme=scheme)
    page.select_option("#id_reply", label="Please ring us")
    page.fill("#id_note", "For colleagues")
    page.get_by_role("button", name="Write and preview").click()
    page.get_by_role("heading", name="The whole mail").wait_for()
    assert page.input_value("#id_text") == "Dear Maria Example"
    assert page.input_value("#id_note") == "For colleagues"
    assert (faults(page), staff_violations(page)) == ([], [])
    page.fill("#id_text", "")
    page.get_by_role("button", name="Send", exact=True).click()
    page.get_by_text("Write something to send.").wait_for()
    assert (faults(page), staff_violations(page)) == ([], [])
    page.get_by_role("button", name="Back without sending").click()
    page.get_by_role("heading", name="What next").wait_for()
    assert page.input_value("#id_note") == "For colleagues"


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_who_comes_second_loses_nothing_and_is_told_where_the_focus_is(site, new, open_staff, width, scheme):
    page = open_staff(page_of(new), "Reception", width=width, color_scheme=scheme)
    page.fill("#id_note", "Typed for a long time")
    site.manage("shell", "-v0", "-c", CLAIMED.format(pk=new))
    page.get_by_role("button", name="Claim", exact=True).click()
    page.get_by_text("Cora Colleague claimed this at").wait_for()
    assert page.evaluate("document.activeElement.id") == "changed"
    assert page.input_value("#id_note") == "Typed for a long time"
    assert (faults(page), staff_violations(page)) == ([], [])
    page.get_by_role("button", name="Add my note and keep their state").click()
    page.get_by_text("You added a note").first.wait_for()
    assert page.get_by_text("With Cora Colleague").is_visible()
    assert page.get_by_text("Typed for a long time").is_visible()


def test_from_claiming_to_booking_by_keyboard_alone(new, open_staff):
    page = open_staff(page_of(new) + "?tab=new", "Reception")
    press(page, "Claim")
    page.locator("#id_note").focus()
    page.keyboard.type("She rings back at ten.")
    press(page, "No answer")
    assert page.get_by_text("You called: no answer").count() == 2  # the message, and the newest step
    assert page.get_by_text("She rings back at ten.").is_visible()
    press(page, "Patient has been in touch")
    press(page, "Booked")
    assert page.get_by_text("Closed: booked").is_visible()
    assert page.url.endswith("?tab=new")


def test_enter_in_a_field_presses_no_button_that_does_anything(new, open_staff):
    page = open_staff(page_of(new), "Reception")
    page.get_by_text("Correct the phone or e-mail").click()
    page.fill("#id_note", "kept")
    page.fill("#id_phone", "0161 496 0999")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.get_by_text("Nobody has taken it yet").is_visible()
    assert page.input_value("#id_note") == "kept"
    assert page.input_value("#id_phone") == "0161 496 0999"


def test_what_is_pressed_most_is_large_enough(many, open_staff):
    for width in (390, 1280):
        page = open_staff(page_of(many[1]), "Reception", width=width)
        targets = page.locator(".enquiry :is(.way, .button, summary):visible").all()
        assert len(targets) > 15
        sizes = [(target.inner_text(), target.bounding_box()) for target in targets]
        assert [words for words, box in sizes if box["height"] < 44] == []


def test_everything_works_without_scripts(new, open_staff):
    page = open_staff(page_of(new), "Reception", java_script_enabled=False)
    page.get_by_role("button", name="Claim", exact=True).click()
    page.get_by_text("You claimed this").first.wait_for()
