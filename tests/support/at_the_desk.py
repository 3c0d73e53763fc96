"""Working on enquiries at the desk, in tests: `press(client, enquiry, "claim")` presses a button of its page.

`brought(make_enquiry(), "waiting", reception)` is an enquiry that came to a state by the moves that lead there.
"""

from datetime import timedelta

from django.utils import timezone

from siweb.enquiries.casework import workflow
from siweb.enquiries.privacy import erasure

WAYS = {
    "in_progress": ("claim",),
    "waiting": ("claim", "wait"),
    "closed": ("claim", "no_response"),
    "spam": ("spam",),
}


def page_of(enquiry, part="change"):
    return f"/admin/enquiries/enquiry/{enquiry.pk}/{part}/"


def brought(enquiry, state, by):
    for action in WAYS.get(state, ()):
        soon = timezone.now() + timedelta(days=2)
        workflow.make(enquiry, action, version=enquiry.version, who=(workflow.RECEPTION,), by=by, until=soon)
    return erasure.erase(enquiry, why="request") if state == "erased" else enquiry


def newest(enquiry):
    return enquiry.events.order_by("pk").last().pk


def held(enquiry, **typed):
    """What the page holds in its form, as it was when `enquiry` was read."""
    return {"version": enquiry.version, "seen": newest(enquiry), "note": ""} | typed


def press(client, enquiry, move, **typed):
    return client.post(page_of(enquiry), held(enquiry, move=move) | typed)


def to_send(enquiry, **typed):
    """What a letter's page holds when it is sent."""
    return held(enquiry, do="send", subject="About your enquiry", text="Please ring us.") | typed


def what_is_stored(*tables):
    """Every row of some tables, to see later that nothing has changed."""
    return [list(table.objects.order_by("pk").values()) for table in tables]
