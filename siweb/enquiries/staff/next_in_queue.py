"""Which enquiry comes next in the queue that one came from. The queue is a plain word in the address: a tab's key."""

from django.db.models import Q
from django.utils import timezone

from siweb.enquiries.models import Enquiry

from . import tabs as desk


def following(enquiry, key, user):
    """The next of a queue after an enquiry, or else its first; None where there is no other."""
    tabs = {tab.key: tab for tab in desk.tabs_of(user)}
    tab = tabs.get(key) or next(iter(tabs.values()))
    urgent = Enquiry.objects.passed_on().exclude(pk=enquiry.pk).order_by("passed_on_at", "pk")
    if tab.key == "call" and (first := urgent.first()):
        return first
    field = tab.order.lstrip("-")  # the oldest first, in every tab
    others = tab.rows(user, timezone.now()).exclude(pk=enquiry.pk).order_by(field, "pk")
    value = getattr(enquiry, field)
    later = Q(**{f"{field}__gt": value}) | Q(**{field: value, "pk__gt": enquiry.pk}) if value else Q(pk=None)
    return others.filter(later).first() or others.first()


def query(key):
    """What an address carries of a queue."""
    return f"?tab={key}" if key in desk.BY_KEY else ""
