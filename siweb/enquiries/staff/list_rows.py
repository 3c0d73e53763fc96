"""How an enquiry reads as a row of a list: whom it is about, what they ask, how it stands and what is special."""

from dataclasses import dataclass
from typing import NamedTuple

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.text import Truncator, capfirst

from siweb.core.staff_pages import age_of
from siweb.enquiries.casework import duplicates
from siweb.enquiries.mail import urgent
from siweb.enquiries.models import Enquiry, EnquiryEvent, Outbox
from siweb.enquiries.questions.forms import FIRST

from . import contact_details
from . import due_dates as due

SHOWN_OF_WORDS = 80  # characters


class Mark(NamedTuple):
    """A flag in words, and how loud it is: "late", "soon" or "plain"."""

    words: str
    tone: str = "plain"
    sign: str = ""  # beside the words, for the eye


def rows_of(pks, overdue):
    """The rows of these enquiries, in this order. `overdue` are the enquiries that are. What was ticked is not read."""
    unopened = urgent.unopened(timezone.now())
    found = (
        Enquiry.objects.filter(pk__in=pks)
        .select_related("answers", "owner")
        .defer("answers__tell")
        .annotate(
            is_overdue=Exists(overdue.filter(pk=OuterRef("pk"))),
            was_opened=Exists(EnquiryEvent.objects.filter(enquiry=OuterRef("pk"), verb="viewed")),
            is_passed_on_unopened=Exists(unopened.filter(pk=OuterRef("pk"))),
            mail_failed=Exists(Outbox.objects.filter(enquiry=OuterRef("pk"), state=Outbox.State.FAILED)),
        )
    )
    by_pk = {enquiry.pk: enquiry for enquiry in found}
    again = duplicates.among(by_pk.values())
    return [Row(by_pk[pk], pk in again) for pk in pks if pk in by_pk]


@dataclass(frozen=True)
class Row:
    enquiry: Enquiry  # with what rows_of asks about it
    is_duplicate: bool

    @property
    def said(self):
        return self.enquiry.answers

    @property
    def name(self):
        return self.said.name if self.said else "Erased"

    @property
    def age(self):
        """How long ago it came: "3 hours ago"."""
        age = age_of(self.enquiry.created_at, depth=1)
        return f"{age} ago" if age else "just now"

    @property
    def asker(self):
        """Who asks for somebody else, or ""."""
        return f"{self.said.asker} ({self.said.relation})" if self.said and self.said.asker else ""

    @property
    def reach(self):
        """How and when to reach them: "Phone, mornings, afternoons"."""
        if not self.said:
            return ""
        times = contact_details.times(self.said)
        return dict(FIRST)[self.said.first] + (f", {times}" if times else "")

    @property
    def phone(self):
        return contact_details.phone(self.said) if self.said else ""

    @property
    def asks(self):
        return Truncator(" ".join(self.said.words.split())).chars(SHOWN_OF_WORDS) if self.said else ""

    @property
    def is_unopened(self):
        return not self.enquiry.was_opened and self.enquiry.source == Enquiry.Source.FORM and bool(self.said)

    @property
    def state(self):
        enquiry = self.enquiry
        if enquiry.is_unconfirmed_spam:
            return Mark("Possible spam: check", "soon")
        words = capfirst(enquiry.get_state_display())
        return Mark(f"{words}: {enquiry.get_outcome_display()}" if enquiry.outcome else words)

    @property
    def due(self):
        """Until when something is to be done, or ""."""
        return "" if self.enquiry.is_overdue else capfirst(due.in_words(self.enquiry))

    @property
    def marks(self):
        """What is special about it."""
        enquiry = self.enquiry
        if enquiry.is_passed_on_unopened:
            yield Mark("Passed on as urgent, not opened: ring a clinician", "late", "⚠")
        elif enquiry.passed_on_at and enquiry.state in Enquiry.OPEN:
            yield Mark("Passed on as urgent", "soon")
        if enquiry.is_overdue:
            yield Mark(capfirst(due.in_words(enquiry)) or "Overdue", "late", "⚠")
        if self.is_unopened:
            yield Mark("Not opened yet", "soon", "●")
        if enquiry.call and enquiry.state in Enquiry.OPEN:
            yield Mark(capfirst(enquiry.get_call_display()), "soon" if enquiry.call == Enquiry.Call.OPEN else "plain")
        if self.is_duplicate:
            yield Mark("Possible duplicate", "soon", "⚑")
        if enquiry.mail_failed:
            yield Mark("A mail could not be sent", "soon")
        if enquiry.hold_reason:
            yield Mark("Held")
        yield from map(Mark, contact_details.badges(self.said) if self.said else ())
