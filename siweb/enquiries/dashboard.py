"""What the staff's dashboard says about enquiries: how many wait and since when, never who."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from siweb.dashboard import Item, Section

from . import outbox
from .models import Enquiry


def sections(user):
    if user.has_perm("enquiries.work_on_enquiry"):
        yield Section("Enquiries", list(_at_the_desk(user)))
        problem = outbox.waiting_because()
        yield Section("Mail that could not be sent", [Item(problem, _list())] if problem else [])
    if user.has_perm("enquiries.see_ticks"):
        yield Section(
            "Patients to call", list(_counted(Enquiry.objects.needs_a_call(), "needs", "need", "your call", ""))
        )


def _at_the_desk(user):
    new = Enquiry.objects.filter(state=Enquiry.State.NEW)
    yield from _counted(Enquiry.objects.overdue(timezone.now()), "is", "are", "overdue", "?overdue=yes")
    yield from _counted(new, "needs", "need", "a first reply", "?state__exact=new")
    mine = Enquiry.objects.filter(owner=user, state=Enquiry.State.IN_PROGRESS)
    yield from _counted(mine, "is", "are", "with you", "?state__exact=in_progress")


def _counted(enquiries, singular, plural, words, query):
    found = enquiries.aggregate(count=Count("pk"), oldest=Min("created_at"))
    if found["count"]:
        verb = singular if found["count"] == 1 else plural
        yield Item(f"{found['count']} {verb} {words}", _list() + query, found["oldest"], count=found["count"])


def _list():
    return reverse("admin:enquiries_enquiry_changelist")
