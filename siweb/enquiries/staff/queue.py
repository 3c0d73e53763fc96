"""The queues of the desk, each a plain word in the address, and which enquiry comes next in one."""

from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from siweb.enquiries.models import Enquiry
from siweb.enquiries.workflow import RECEPTION, kinds_of

QUEUES = {
    "new": lambda user: Enquiry.objects.needs_first_reply(),
    "mine": lambda user: Enquiry.objects.mine(user),
    "waiting": lambda user: Enquiry.objects.waiting(),
    "overdue": lambda user: Enquiry.objects.overdue(timezone.now()),
    "call": lambda user: Enquiry.objects.needs_a_call(),
    "closed": lambda user: Enquiry.objects.closed(),
    "spam": lambda user: Enquiry.objects.spam(),
}
FIRST = "new"


def following(enquiry, name, user):
    """The next oldest of a queue after an enquiry, or else its oldest; None where there is no other."""
    name = name if RECEPTION in kinds_of(user) else "call"
    others = QUEUES.get(name, QUEUES[FIRST])(user).exclude(pk=enquiry.pk).order_by("created_at", "pk")
    later = Q(created_at__gt=enquiry.created_at) | Q(created_at=enquiry.created_at, pk__gt=enquiry.pk)
    return others.filter(later).first() or others.first()


def query(name):
    """What an address carries of a queue."""
    return f"?{urlencode({'from': name})}" if name in QUEUES else ""


def address(name):
    return reverse("admin:enquiries_enquiry_changelist")
