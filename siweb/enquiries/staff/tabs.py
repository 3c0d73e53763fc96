"""The desk's tabs, and what stands around each of its pages: the way to them, to the search and to a caller."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.db.models import IntegerField, Subquery
from django.urls import reverse
from django.utils import timezone

from siweb.core import staff_pages
from siweb.enquiries.casework import workflow
from siweb.enquiries.models import Enquiry, Outbox

MOST_COUNTED = 99  # more of them is "99+": nobody needs to know how many more, and no count reads a whole table


@dataclass(frozen=True)
class Tab:
    key: str
    label: str
    rows: Callable  # (user, now) -> the enquiries in it
    order: str  # a field; with "-", the newest first
    empty: str  # what is said when nothing is in it
    counted: bool = False  # the working ones
    stands: bool = True  # in the row of tabs at all times


TABS = (
    Tab(
        *("new", "New", lambda user, now: Enquiry.objects.needs_first_reply(), "due_at"),
        empty="No one is waiting for a first reply.",
        counted=True,
    ),
    Tab(
        *("mine", "Mine", lambda user, now: Enquiry.objects.mine(user), "due_at"),
        empty="You have nothing in progress. Enquiries that wait for a patient are in “Waiting”.",
        counted=True,
    ),
    Tab(
        *("waiting", "Waiting", lambda user, now: Enquiry.objects.waiting(), "follow_up_at"),
        empty="We are not waiting for any patient.",
        counted=True,
    ),
    Tab(
        *("overdue", "Overdue", lambda user, now: Enquiry.objects.overdue(now), "due_at"),
        empty="Nothing is overdue.",
        counted=True,
    ),
    Tab(
        *("call", "Needs a call", lambda user, now: Enquiry.objects.needs_a_call(), "created_at"),
        empty="No one is waiting for a clinician’s call.",
        counted=True,
    ),
    Tab(
        *("closed", "Closed", lambda user, now: Enquiry.objects.closed(), "-created_at"),
        empty="Nothing has been closed yet.",
    ),
    Tab("spam", "Spam", lambda user, now: Enquiry.objects.spam(), "-created_at", empty="There is no spam."),
    Tab("all", "All", lambda user, now: Enquiry.objects.all(), "-created_at", empty="There is no enquiry yet."),
    Tab(
        *("mail", "Mail not sent", lambda user, now: with_failed_mail(), "-created_at"),
        empty="Every mail could be sent.",
        stands=False,
    ),
)
BY_KEY = {tab.key: tab for tab in TABS}


def with_failed_mail():
    """What is not closed yet, and a mail about it could not be sent."""
    failed = Outbox.objects.filter(state=Outbox.State.FAILED).values("enquiry")
    return Enquiry.objects.filter(pk__in=failed, state__in=Enquiry.OPEN)


def tabs_of(user):
    """The tabs that somebody may see: for clinicians alone, what needs their call."""
    kinds = workflow.kinds_of(user)
    if workflow.RECEPTION in kinds:
        return TABS
    return (BY_KEY["call"],) if workflow.CLINICIAN in kinds else ()


def address_of(key):
    """Where a tab is; for a key that none has, where the first one is."""
    return reverse("admin:enquiries_enquiry_changelist") + (f"?tab={key}" if key in BY_KEY else "")


def frame(request, title, chosen=None, counts=None):
    """The context of a page at the desk. `chosen` is the tab that it shows; `counts` says how many are in which."""
    return staff_pages.frame(request, title) | {
        "tabs": [
            (tab, address_of(tab.key), (counts or {}).get(tab.key))
            for tab in tabs_of(request.user)
            if tab.stands or tab == chosen
        ],
        "chosen": chosen,
        "works_at_the_desk": workflow.RECEPTION in workflow.kinds_of(request.user),
    }


class _CountOf(Subquery):
    """How many rows a queryset has, as a part of another question."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) AS counted)"
    output_field = IntegerField()


def counts(user, queues):
    """How many are in each of these {name: enquiries}, in words and in one question."""
    parts = {name: _CountOf(rows.order_by().values("pk")[: MOST_COUNTED + 1]) for name, rows in queues.items()}
    found = get_user_model().objects.filter(pk=user.pk).values(**parts).get()  # one row, to hang the questions on
    return {name: str(count) if count <= MOST_COUNTED else f"{MOST_COUNTED}+" for name, count in found.items()}


def queues_of(user):
    """{key: the enquiries in it} of all tabs, as things are for somebody now."""
    now = timezone.now()
    return {tab.key: tab.rows(user, now) for tab in TABS}
