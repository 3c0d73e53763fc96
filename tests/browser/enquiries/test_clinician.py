"""A clinician's calls in a real browser: by keyboard alone from the list to the next patient, and the summary on one sheet."""

import json

import pytest

from tests.browser.articles.test_print import sheets
from tests.browser.conftest import WINDOWS
from tests.browser.enquiries.test_phone_call import reach
from tests.browser.website.test_accessibility import staff_violations

pytestmark = pytest.mark.browser

LIST = "/admin/enquiries/enquiry/"
MADE = """
import json, uuid
from django.contrib.auth.models import User
from siweb.clinics.models import Clinic
from siweb.enquiries.casework import workflow
from siweb.enquiries.intake.submission import receive
from siweb.enquiries.models import Enquiry
from siweb.enquiries.questions.screening import KEYS
from tests.conftest import SAID
Enquiry.objects.filter(call=Enquiry.Call.OPEN).update(call="")  # of other tests on this site: ours come first
def made(**said):
    return receive(uuid.uuid4(), SAID | said, clinic=Clinic.current(), address="192.0.2.1")
def step(enquiry, action, note=""):
    by = User.objects.get(username="clinicians")
    workflow.make(enquiry, action, version=enquiry.version, who=("clinician",), by=by, note=note)
long = made(
    tell=list(KEYS), words=("It began after the second child, on the left. " * 90)[:4000],
    who="other", asker="Thomasina Okafor-Featherstonehaugh", relation="daughter and carer", knows="yes", ring="asker",
    name="Bartholomew Aloysius Okafor-Featherstonehaugh", needs=["interpreter", "large-print", "step-free"], language="Welsh",
)
for _ in range(4):
    step(long, "not_reached", "No answer, rang off.")
step(long, "ask_gp", ("We spoke for a long time about all of it. " * 100)[:4000])
first, second = made(tell=["diabetes", "rather-say"], words="Mornings are best."), made(tell=["bones"], name="Second Caller")
print(json.dumps([str(each.pk) for each in (first, second, long)]))
"""


@pytest.fixture(scope="module")
def enquiries(site, cookies):
    """The keys of two who wait for a call, and of one about whom much was said and who was called."""
    cookies("Clinicians")
    return json.loads(site.manage("shell", "-v0", "-c", MADE))


def page_of(key):
    return f"{LIST}{key}/change/"


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_axe_finds_nothing_and_nothing_is_cut(open_staff, enquiries, width, scheme):
    first, _, long = enquiries
    page = open_staff(LIST, "Clinicians", width=width, color_scheme=scheme)
    for path in (LIST, page_of(first), page_of(long), f"{LIST}{long}/summary/"):
        page.goto(path)
        assert staff_violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path} is wider than the screen"


def test_much_that_was_said_prints_on_one_sheet(open_staff, enquiries):
    for key in enquiries:
        page = open_staff(f"{LIST}{key}/summary/", "Clinicians")
        assert sheets(page.pdf(prefer_css_page_size=True)) == 1
        page.emulate_media(media="print", color_scheme="dark")
        assert page.locator("nav:visible, button:visible").count() == 0
        assert page.locator("body").evaluate("e => getComputedStyle(e).color") == "rgb(0, 0, 0)"
        smallest = page.locator("main *").evaluate_all(
            "e => Math.min(...e.map(x => parseFloat(getComputedStyle(x).fontSize)))"
        )
        assert smallest >= 8, "six points"


def test_calling_by_keyboard_alone(open_staff, enquiries):
    first, second, _ = enquiries
    page = open_staff("/admin/", "Clinicians")
    reach(page, "section a[href^='/admin/enquiries/']")
    press(page)
    assert "Maria Example" in page.inner_text("h2 >> nth=0")
    reach(page, f"a[href='{page_of(first)}']")
    press(page)
    reach(page, "#id_note")
    page.keyboard.type("Sugar is well kept.")
    reach(page, "[value=may_be_booked]")
    press(page)
    assert "Answered: may be booked" in page.inner_text("#content")
    reach(page, f"a[href='{page_of(second)}']")
    press(page)
    assert "Second Caller" in page.inner_text("#content")
    reach(page, "[value=not_reached]")
    press(page)
    assert "could not reach them" in page.inner_text(".messagelist")
    page.goto(LIST)
    reach(page, f"a[href='{LIST}{first}/summary/']")
    press(page)
    assert "Sugar is well kept." in page.inner_text("main")


def press(page):
    with page.expect_navigation():
        page.keyboard.press("Enter")
