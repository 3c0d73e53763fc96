"""What the staff's dashboard says about enquiries: how many wait and since when, never who."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.timesince import timesince

from siweb.core.dashboard import Button, Item, Section
from siweb.enquiries.mail import outbox, urgent
from siweb.enquiries.models import Enquiry
from siweb.enquiries.privacy import complaints, erasure, holds
from siweb.enquiries.privacy.clock_doubt import clock_doubt

from .tabs import address_of, with_failed_mail


def sections(user):
    if user.has_perm("enquiries.work_on_enquiry"):
        yield _at_the_desk(user)
        yield Section("Messages that could not be sent", list(_mail()))
        spam = _counted(Enquiry.objects.unconfirmed_spam(), "is", "are", "possible spam: check", "spam")
        yield Section("Spam", list(spam), waits=False)
    if user.has_perm("enquiries.see_ticks"):
        calls = list(_counted(Enquiry.objects.needs_a_call(), "needs", "need", "your call", "call"))
        now = _counted(Enquiry.objects.passed_on(), "needs", "need", "your call now", "call", is_late=True)
        yield Section("Patients to call", [*now, *calls], total=sum(item.count for item in calls))
    if user.has_perm("enquiries.manage_enquiries"):
        yield Section("The nightly deletion", list(_about_the_nights()))
        yield Section("Patients’ data", list(_about_data()), more=reverse("admin:enquiries_enquiry_data"))


def _about_the_nights():
    """Why enquiries past the retention period are not erased: the clock may be wrong, or there were very many."""
    if doubt := clock_doubt():
        fields = {"day": timezone.localdate(doubt.now).isoformat()}
        button = Button("The clock is right", reverse("admin:enquiries_enquiry_clock"), fields)
        yield Item(doubt.question, detail=doubt.explanation, is_late=True, button=button)
    elif erasure.left_for_tonight() == 0 and (due := erasure.count_due(timezone.now())):
        yield Item(
            f"{erasure.MAX_PER_NIGHT} enquiries were erased last night, the most in one night",
            reverse("admin:enquiries_enquiry_retention"),
            detail=f"{due} more are past the retention period and follow in the next nights. If that is more than you "
            "expect, hold the enquiries that you need, and ask the person who looks after the server to check the clock.",
        )


def _about_data():
    """Complaints to acknowledge and holds to review: each with its day, without a name."""
    for complaint in complaints.to_acknowledge():
        address = reverse("admin:enquiries_enquiry_complaint", args=[complaint.pk])
        words = complaints.number(complaint).capitalize()
        yield Item(words, address, complaint.received_on, detail=complaints.standing(complaint))
    for enquiry in holds.to_review():
        address = reverse("admin:enquiries_enquiry_hold", args=[enquiry.pk])
        yield Item(
            f"Is {enquiry.reference} still to be held?", address, enquiry.hold_review, detail=enquiry.hold_reason
        )


def _at_the_desk(user):
    """The to-do list of reception. One that stands in two of the queues is one enquiry."""
    now = timezone.now()
    new, mine = _arrivals(Enquiry.objects.needs_first_reply()), _arrivals(Enquiry.objects.mine(user))
    late, due = _arrivals(Enquiry.objects.overdue(now)), _arrivals(Enquiry.objects.waiting_due(now))
    calls, unopened = _calls(now)
    oldest = f"The oldest came {timesince(min(new.values()))} ago" if new else ""
    items = [
        *_item(
            unopened,
            "was",
            "were",
            "passed on as urgent, and no clinician has opened it: ring one",
            "call",
            is_late=True,
        ),
        *_item(new, "needs", "need", "a first reply", "new", detail=oldest),
        *_item(late, "is", "are", "overdue", "overdue", is_late=True),
        *_item(mine, "is", "are", "with you", "mine"),
        *_item(due, "waits", "wait", "for you to follow up today", "waiting"),
        *_item(calls, "needs", "need", "a clinician’s call", "call"),
    ]
    total = len({*unopened, *new, *late, *mine, *due})
    return Section("Enquiries", items, more=reverse("admin:enquiries_enquiry_changelist"), total=total)


def _calls(now):
    """{key: when it came} of all that need a clinician's call, and of those that were passed on and not opened."""
    is_unopened = Exists(urgent.unopened(now).filter(pk=OuterRef("pk")))
    found = Enquiry.objects.needs_a_call().order_by().values_list("pk", "created_at", is_unopened)
    return {pk: at for pk, at, _ in found}, {pk: at for pk, at, unopened in found if unopened}


def _arrivals(enquiries):
    """{key: when it came}: few, because they wait."""
    return dict(enquiries.order_by().values_list("pk", "created_at"))


def _item(found, singular, plural, words, tab, **more):
    if found:
        verb = singular if len(found) == 1 else plural
        yield Item(f"{len(found)} {verb} {words}", address_of(tab), count=len(found), **more)


def _counted(enquiries, singular, plural, words, tab, **more):
    found = _arrivals(enquiries)
    return _item(found, singular, plural, words, tab, since=min(found.values(), default=None), **more)


def _mail():
    if problem := outbox.waiting_because():
        yield Item(problem)
    yield from _item(
        _arrivals(with_failed_mail()), "enquiry has", "enquiries have", "a mail that could not be sent", "mail"
    )
