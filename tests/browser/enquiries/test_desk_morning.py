"""A morning at the desk in a real browser, by keyboard alone: two people, five enquiries' worth of work, nothing forgotten.

Claim, call, wait, write; a caller is written down and passed to a clinician, who rings and lets it be booked; booked, next.
Nothing that the policy forbids, nothing that axe finds, and nothing that scrolls sideways at any stop.
"""

import pytest

from tests.browser.conftest import WAYS
from tests.browser.website.test_accessibility import staff_violations

pytestmark = pytest.mark.browser

ARRIVALS = """
import sys, uuid
from siweb.clinics.models import Clinic
from siweb.enquiries.models import CannedReply
from siweb.enquiries.intake.submission import receive
from tests.conftest import SAID
for name in ("First Morning", "Second Morning"):
    said = SAID | {{"name": f"{{name}} {tag}", "email": "{tag}@example.org", "phone": "+44161496{number}"}}
    receive(uuid.uuid4(), said, clinic=Clinic.current(), address="192.0.2.77")
    CannedReply.objects.get_or_create(title="We tried to ring", defaults={{
        "subject": "Your enquiry {{{{reference}}}}", "body": "Hello {{{{name}}}}, please ring us."}})
"""


class Hands:
    """Somebody who has signed in and uses the keyboard only."""

    def __init__(self, open_staff, role, width, scheme):
        self.page = open_staff("/admin/", role, width=width, height=800, color_scheme=scheme)
        self.seen()

    def to(self, name):
        """Go on with Tab until what has this name has the focus; round once, from the top."""
        for _ in range(250):
            self.page.keyboard.press("Tab")
            if self.page.evaluate(NAMED, name):
                return self
        raise AssertionError(f"“{name}” cannot be reached by Tab on {self.page.url}")

    def press(self, name):
        """Press a link or button that leads to another page, and look at that page."""
        self.to(name)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        return self.seen()

    def tick(self, name):
        self.to(name).page.keyboard.press("Space")
        return self

    def write(self, name, words):
        self.to(name).page.keyboard.type(words)
        return self

    def said(self, words):
        assert words in self.page.inner_text("main"), f"“{words}” is not said on {self.page.url}"
        return self

    def seen(self):
        assert staff_violations(self.page) == []
        wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wider) <= 0, f"{self.page.url} scrolls sideways"
        return self


# Whether what has the focus is called so: by its label, its group's and its label, or its own words.
NAMED = """name => {
    const at = document.activeElement, label = at.labels?.[0]?.textContent ?? at.textContent;
    const group = at.closest("fieldset")?.querySelector("legend")?.textContent ?? "";
    return [at.getAttribute("aria-label"), label, `${group}: ${label}`].some(
        words => words?.replace(/\\s+/g, " ").trim().startsWith(name));
}"""


@pytest.mark.parametrize(("width", "scheme"), WAYS)
def test_a_morning_at_the_desk(open_staff, site, width, scheme):
    tag, number = f"{scheme}{width}", f"{width + (scheme == 'dark'):04}"  # of this window alone: nobody asks twice
    site.manage("shell", "-v0", "-c", ARRIVALS.format(tag=tag, number=number))
    desk = Hands(open_staff, "Reception", width, scheme)

    desk.press("Enquiries").to(f"First Morning {tag}")
    desk.page.keyboard.press("Shift+Tab")
    desk.press(f"First Morning {tag}").press("Claim").said("You claimed this")
    desk.press("No answer").said("no answer")
    desk.write("Note", "Rings again tomorrow.").press("In 3 working days").said("Rings again tomorrow.")

    desk.press("Enquiries").press(f"Second Morning {tag}").press("Claim")
    desk.to("Begin with").page.keyboard.type("We tried")
    desk.press("Write and preview").said(f"Hello Second Morning {tag}, please ring us.")
    desk.press("Send").said("please ring us.")

    desk.press("New from a phone call").tick("Who is the appointment for?: The caller")
    desk.write("Full name", f"Third Caller {tag}").write("On which number", f"01632 96{number}")
    desk.tick("If nobody answers, may we leave a message?: Yes").tick("Which clinic would suit?")
    desk.tick("Read out: the person who needs the appointment … (optional): has diabetes").press("Save")
    desk.said("Tell the caller the reference").said("needs a clinician")
    assert "has diabetes" not in desk.page.content()
    theirs = desk.page.url

    clinician = Hands(open_staff, "Clinicians", width, scheme)
    clinician.press("Enquiries").press(f"Third Caller {tag}").said("has diabetes")
    clinician.write("Note", "Sugar is watched.").press("May be booked")

    desk.page.goto(theirs)
    desk.said("may be booked").said("Sugar is watched.")
    desk.write("Note", "Tuesday at ten.").press("Booked").said("Closed: booked").said("Tuesday at ten.")
    desk.press("Save and next")
    assert desk.page.url != theirs
