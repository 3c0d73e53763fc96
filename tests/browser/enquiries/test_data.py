"""A practice manager's duties about patients' data in a real browser: narrow and wide, by keyboard, on paper, with axe."""

import pytest

from tests.browser.conftest import WINDOWS
from tests.browser.website.test_accessibility import staff_violations
from tests.browser.website.test_layout import faults

pytestmark = pytest.mark.browser

BASE = "/admin/enquiries/enquiry/"
DATA = f"{BASE}data/"

_FILL = """
import uuid
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from siweb.clinics.models import Clinic
from siweb.enquiries.privacy import complaints, erasure, holds
from siweb.enquiries.intake import submission
from siweb.enquiries.models import AddressCount, Complaint, DeskEvent, Enquiry
from tests.conftest import SAID
manager, now, today = User.objects.get(username="practicemanagers"), timezone.now(), timezone.localdate()

def receive(**said):
    AddressCount.objects.all().delete()
    return submission.receive(uuid.uuid4(), SAID | said, clinic=Clinic.current(), address="192.0.2.1")

held = receive(name="Una Held", phone="+441614960555", phone_raw="0161 496 0555")
held = holds.act(held, "hold", version=1, by=manager, reason="claim, letter of 4 November " * 6)
Enquiry.objects.filter(pk=held.pk).update(hold_review=today)
shared = receive(name="Tom Else", phone="+441614960555", phone_raw="0161 496 0555", tell=["diabetes"])
for number in range(4):
    old = receive(email=f"old{number}@patient.example", phone="", phone_raw="", first="email")
    long_ago = now - timedelta(days=300 + number)
    Enquiry.objects.filter(pk=old.pk).update(state="closed", outcome="no_response", last_activity_at=long_ago)
    if number < 2:
        erasure.purge()
said = dict(route="letter", name="Una Held", contact="0161 496 0555", words="You rang my work. " * 20)
late = Complaint(**said, received_on=today - timedelta(days=41), enquiry=held)
complaints.save(late, by=manager)
done = Complaint(**said, received_on=today, acknowledged_on=today, closed_on=today, outcome="We said sorry.")
complaints.save(done, by=manager)
references = list(Enquiry.objects.values_list("reference", flat=True))
DeskEvent.record("listed", actor=manager, about="New", references=references * 8)
print(held.pk, shared.pk, shared.reference, late.pk)
"""


@pytest.fixture(scope="module")
def filled(site, cookies):
    cookies("Practice managers")
    held, shared, reference, complaint = site.manage("shell", "-v0", "-c", _FILL).split()
    return {"held": f"{BASE}{held}/", "shared": f"{BASE}{shared}/", "reference": reference, "complaint": complaint}


def manager(open_staff, path, **options):
    return open_staff(path, "Practice managers", **options)


def flaws(page):
    """What is wrong with the page as it stands. axe breaks the page's policy itself while it looks."""
    before = len(page.violations)
    found = faults(page), staff_violations(page)
    del page.violations[before:]
    return found


@pytest.mark.parametrize(("width", "scheme"), WINDOWS)
def test_every_page_holds_together_and_axe_finds_nothing(filled, open_staff, width, scheme):
    page = manager(open_staff, "/admin/", width=width, color_scheme=scheme)
    found = {"/admin/": flaws(page)}
    pages = ["", "retention/", "complaints/", "complaints/add/", f"complaints/{filled['complaint']}/", "audit/"]
    pages += ["audit/?day=soon", "disclosure/", "erasure/"]
    for path in [*(DATA + path for path in pages), *(filled[one] + act for one in ("held", "shared") for act in ACTS)]:
        page.goto(path)
        found[path] = flaws(page)
    for path in ("disclosure/", "erasure/"):
        page.goto(DATA + path)
        page.get_by_label("E-mail address").fill("0161 496 0555")
        page.get_by_role("button", name="Look for it").click()
        page.get_by_text("different names").wait_for()
        found[f"{path} found"] = flaws(page)
    assert {path: wrong for path, wrong in found.items() if wrong != ([], [])} == {}


ACTS = ("hold/", "erase/")


def to(page, label):
    """Go on with the tab key to what has this label or text."""
    for _ in range(100):
        page.keyboard.press("Tab")
        named = "(e => e.labels?.[0]?.textContent || e.textContent || '')(document.activeElement)"
        if page.evaluate(named).strip().startswith(label):
            return
    raise AssertionError(f"the tab key does not reach “{label}”")


@pytest.mark.parametrize("javascript", [True, False])
def test_a_complaint_is_written_down_and_closed_by_keyboard_alone(filled, open_staff, javascript):
    page = manager(open_staff, f"{DATA}complaints/", java_script_enabled=javascript)
    to(page, "Write down a complaint") if javascript else page.get_by_text("Write down a complaint").focus()
    page.keyboard.press("Enter")
    for label, text in (("Name", "Ann Other"), ("Phone or e-mail", "ann@other.example"), ("What they", "No answer.")):
        page.get_by_label(label, exact=False).first.focus()
        page.keyboard.type(text)
    page.get_by_label("How it came").select_option("phone")
    page.get_by_role("button", name="Write it down").focus()
    page.keyboard.press("Enter")
    page.get_by_text("in 30 days").first.wait_for()
    page.locator("section", has_text="Open").get_by_role("link", name="Complaint").last.click()
    assert page.get_by_label("What they complain of").input_value() == "No answer."
    today = page.get_by_label("When it came").input_value()
    for label in ("Acknowledged on", "Closed on"):
        page.get_by_label(label).fill(today)
    page.get_by_label("What was done").fill("We said sorry.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved: closed on").wait_for()


def test_the_file_is_downloaded_and_can_be_read_without_the_site(filled, open_staff, tmp_path):
    page = manager(open_staff, f"{DATA}disclosure/")
    to(page, "E-mail address or phone number")
    page.keyboard.type("+44 161 4960555")
    page.keyboard.press("Enter")
    page.get_by_text("different names").wait_for()
    to(page, filled["reference"])
    page.keyboard.press("Space")
    to(page, "Make the file")
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    download.value.save_as(tmp_path / "held.html")
    page.goto(f"file://{tmp_path}/held.html")
    text = page.inner_text("body")
    assert "has diabetes" in text
    assert "Una Held" not in text
    assert flaws(page) == ([], [])


def test_an_erasure_ends_with_a_certificate_that_prints_on_one_sheet(site, open_staff, filled):
    page = manager(open_staff, filled["shared"] + "erase/")
    to(page, f"Type {filled['reference']}")
    page.keyboard.type(filled["reference"].lower())
    page.keyboard.press("Enter")
    page.get_by_text("Certificate of erasure").first.wait_for()
    assert "Traces of this enquiry: 0" in page.inner_text("main")
    assert flaws(page) == ([], [])
    page.emulate_media(media="print")
    assert not page.get_by_role("button", name="Print").is_visible()
    assert page.pdf(format="A4").count(b"/Type /Page\n") == 1
