"""Fill a local site with invented enquiries in every state, one account for each role and a few canned replies.

--remove takes them away again: the canned replies are deleted, the enquiries are erased and the accounts are disabled.
What is recorded once and never changed is kept, as for real ones: of each enquiry the reference, dates, states and outcome,
of each account its name and what it did. Both say that they were the demonstration's. To leave no trace, run it on a site of
its own (DATA_DIR) and delete that folder.
"""

import secrets
import uuid
from datetime import time, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from siweb.accounts import services
from siweb.clinics.models import Clinic
from siweb.core import phone_numbers
from siweb.core.models import StaffEvent
from siweb.enquiries.casework import workflow
from siweb.enquiries.intake import submission
from siweb.enquiries.models import Answers, CannedReply, Enquiry, Outbox
from siweb.enquiries.privacy import erasure, holds
from siweb.enquiries.questions.forms import CONSENT_VERSION
from siweb.enquiries.staff.access_recording import AGAIN_AFTER
from siweb.operations import demo_data
from siweb.operations.management.commands.serve import ADDRESS_FILE

User = get_user_model()

_OURS = uuid.UUID("5b0a6d0e-7f0c-4f3f-9a53-6c1e3c4f2d10")  # the demonstration's forms have keys that are made from it
_NOTE = "for the demonstration"
_KINDS = {
    demo_data.RECEPTION: workflow.RECEPTION,
    demo_data.MANAGER: workflow.RECEPTION,
    demo_data.CLINICIAN: workflow.CLINICIAN,
    demo_data.PATIENT: workflow.PATIENT,
}


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser):
        parser.add_argument("--remove", action="store_true", help="take away what an earlier run made")

    def handle(self, remove, **options):
        if settings.PUBLIC:
            raise CommandError("This is a public site: invented enquiries have no place in it. Run it on a local one.")
        if remove:
            self._remove()
        else:
            self._make()

    def _make(self):
        if _enquiries().exists() or _accounts().filter(is_active=True).exists():
            raise CommandError("The demonstration is here already. Take it away first: manage.py demo --remove")
        with transaction.atomic():
            passwords = _make_accounts()
            _make_enquiries()
            for title, subject, body in demo_data.CANNED_REPLIES:
                CannedReply.objects.create(title=title, subject=subject, body=body)
        self.stdout.write(f"{_enquiries().count()} enquiries are made. Sign in at {_address_of_staff_pages()} as:")
        for username, group in demo_data.STAFF:
            self.stdout.write(f"  {username:16}  {passwords[username]}  ({group})")
        self.stdout.write("These passwords are shown only now. Take all of it away with: manage.py demo --remove")

    def _remove(self):
        enquiries, people = list(_enquiries()), list(_accounts().filter(is_active=True))
        if not enquiries and not people:
            raise CommandError("There is no demonstration to take away.")
        with transaction.atomic():
            for enquiry in enquiries:
                _erase(enquiry)
            for account in people:
                _disable(account)
            CannedReply.objects.filter(title__in=[title for title, *_ in demo_data.CANNED_REPLIES]).delete()
        erasure.sweep()
        self.stdout.write(
            f"{len(enquiries)} enquiries are erased, {len(people)} accounts disabled, the canned replies deleted. "
            "Records of erased enquiries and the accounts' names stay, as for real ones."
        )


# --- What is the demonstration's ----------------------------------------------------------------------------------------
def _address_of_staff_pages():
    """Where staff sign in: at the address that the site of this data folder was last started on."""
    last = settings.DATA_DIR / ADDRESS_FILE
    root = last.read_text() if last.exists() and not settings.SITE_URL else settings.SITE_ROOT
    return f"{root}{reverse('admin:index')}"


def _stories():
    """(key of its form, Story) of every enquiry."""
    stories = [*demo_data.STORIES, *demo_data.earlier()]
    return [(uuid.uuid5(_OURS, str(number)), story) for number, story in enumerate(stories)]


def _enquiries():
    """Those that are here and not erased: erasing gives an enquiry another key."""
    return Enquiry.objects.filter(submission_key__in=[key for key, _ in _stories()]).order_by("created_at")


def _accounts():
    made = StaffEvent.objects.filter(note=_NOTE).values("account")
    return User.objects.filter(username__in=[username for username, _ in demo_data.STAFF], pk__in=made)


# --- Making it ----------------------------------------------------------------------------------------------------------
def _make_accounts():
    """{name to sign in with: its new password}. Those of an earlier run are enabled again."""
    ours = {account.username: account for account in _accounts()}
    taken = User.objects.filter(username__in=[username for username, _ in demo_data.STAFF]).exclude(username__in=ours)
    if taken.exists():
        raise CommandError(f"{taken[0].username} is somebody's own account already. Rename that first.")
    passwords, made = {}, {}
    for username, group in demo_data.STAFF:
        account = ours.get(username) or User(username=username, first_name="Demo", is_staff=True)
        account.last_name, account.is_active = username.removeprefix("demo-").title(), True
        passwords[username] = secrets.token_urlsafe(12)
        account.set_password(passwords[username])
        account.save()
        account.groups.set([Group.objects.get(name=group)])
        made[username] = account
    for username, account in made.items():
        verb = "enabled the account" if username in ours else "made the account"
        services.record(account, verb, by=made[demo_data.MANAGER], note=_NOTE)
    return passwords


def _make_enquiries():
    now, clinic = timezone.localtime(), Clinic.current()
    staff, numbers = {account.username: account for account in _accounts()}, {}
    for key, story in _stories():
        number = numbers.setdefault(story.name, 100 + len(numbers))  # the same person has the same
        _Telling(story, now, staff).tell(key, _said(story, f"0161 496 0{number}", clinic), clinic)


def _said(story, phone, clinic):
    """The fields of Answers."""
    usual = {
        **{"who": "me", "asker": "", "relation": "", "knows": "", "ring": "", "language": "", "words": ""},
        **{"name": story.name, "phone": phone, "email": _email(story.name), "first": "phone"},
        **{"voicemail": "yes", "times": ["morning"], "place_id": None, "needs": [], "tell": []},
        "consent": CONSENT_VERSION if clinic.asks_consent else "",
    }
    said = usual | story.said
    phone = phone_numbers.read_phone(said["phone"]) if said["phone"] else None
    return said | {
        "phone": phone.number if phone else "",
        "phone_raw": phone.raw if phone else "",
        "phone_doubtful": bool(phone and phone.doubtful),
        "phone_note": phone.note if phone else "",
        "voicemail": said["voicemail"] if phone else "",
    }


def _email(name):
    return f"{'.'.join(name.lower().split())}@example.org"


class _Telling:
    """One story as it happened, through the functions by which real ones happen."""

    def __init__(self, story, now, staff):
        self.story, self.now, self.staff = story, now, staff

    def tell(self, key, said, clinic):
        story, source = self.story, Enquiry.Source.PHONE if self.story.by_phone else Enquiry.Source.FORM
        came = self._moment(story.came)
        enquiry = submission.receive(key, said, clinic=clinic, reason=story.marked, source=source, at=came)
        self._let_no_mail_go(enquiry, came)
        for step in story.steps:
            self._do(enquiry, step)
        if story.corrected:
            submission.correct(enquiry, {"times": ["any"]}, via=Answers.Via.LINK, at=self._moment(story.corrected))
        if story.held:
            manager = self.staff[demo_data.MANAGER]
            holds.act(enquiry, "hold", version=enquiry.version, by=manager, reason=story.held)
        if story.erased:
            erasure.erase(enquiry, why="request", by=self.staff[demo_data.MANAGER])

    def _let_no_mail_go(self, enquiry, came):
        """None of these mails is to go anywhere: they count as sent, or as refused."""
        enquiry.outbox.update(state=Outbox.State.SENT, sent_at=came, attempts=1)
        if self.story.mail_failed:
            enquiry.outbox.filter(kind=Outbox.Kind.ACKNOWLEDGEMENT).update(
                state=Outbox.State.FAILED, sent_at=None, problem="the server does not know this address"
            )
            enquiry.record("mail_failed", at=came + timedelta(minutes=1))

    def _do(self, enquiry, step):
        at, by = self._moment(step.when), self.staff.get(step.by)
        if by and not enquiry.events.filter(verb="viewed", actor=by, at__gt=at - AGAIN_AFTER).exists():
            enquiry.record("viewed", actor=by, at=at - timedelta(minutes=1))
        until = None if step.until is None else self._at(self.now.date() + timedelta(days=step.until), "09:00")
        who = (_KINDS[step.by],)
        event = workflow.make(
            enquiry, step.action, version=enquiry.version, who=who, by=by, note=step.note, until=until, at=at
        )
        if step.action == "letter":
            enquiry.outbox.create(
                kind=Outbox.Kind.LETTER, letter=event, state=Outbox.State.SENT, sent_at=at, attempts=1
            )

    def _moment(self, when):
        days, clock = when
        if not days:
            return self.now - timedelta(minutes=clock)
        day = self.now.date()
        while days:
            day -= timedelta(days=1)
            days -= day.weekday() < 5
        return self._at(day, clock)

    def _at(self, day, clock):
        return timezone.make_aware(timezone.datetime.combine(day, time.fromisoformat(clock)))


# --- Taking it away -----------------------------------------------------------------------------------------------------
def _erase(enquiry):
    if enquiry.hold_reason:
        enquiry = holds.act(enquiry, "lift", version=enquiry.version, by=None)
    erasure.erase(enquiry, why="demo")


def _disable(account):
    account.is_active = False
    account.set_unusable_password()
    account.save()
    services.record(account, "disabled the account", by=account, note=_NOTE)
