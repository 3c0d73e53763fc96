"""The demonstration: invented enquiries in every state on a local site, never on a public one, and gone again when asked."""

import re
from datetime import datetime
from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.utils import timezone

from siweb.accounts.roles import RIGHTS
from siweb.core import phone_numbers
from siweb.core.models import StaffEvent
from siweb.enquiries.casework import stale_claims
from siweb.enquiries.mail import outbox
from siweb.enquiries.models import Answers, CannedReply, Enquiry, EnquiryEvent, Outbox
from siweb.enquiries.privacy import erasure, traces
from siweb.operations import demo_data

QUEUES = ("needs_first_reply", "waiting", "unconfirmed_spam", "needs_a_call", "closed", "spam", "held")


def run(*arguments):
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def swept(db, monkeypatch):
    """Vacuuming is not possible within a test's transaction: how often it was asked for."""
    asked = []
    monkeypatch.setattr(demo_data, "EARLIER", 5)  # enough to see how they are made
    monkeypatch.setattr(erasure, "sweep", lambda: asked.append(1))
    return asked


@pytest.fixture
def made(swept):
    return run()


# --- What is made -----------------------------------------------------------------------------------------------------


def test_there_is_an_enquiry_in_every_state_outcome_call_and_queue(made):
    enquiries, now = Enquiry.objects.all(), timezone.now()
    assert {enquiry.state for enquiry in enquiries} == set(Enquiry.State)
    assert {enquiry.outcome for enquiry in enquiries} == {"", *Enquiry.Outcome}
    assert {enquiry.call for enquiry in enquiries} == {"", *Enquiry.Call}
    assert {enquiry.source for enquiry in enquiries} == set(Enquiry.Source)
    assert [name for name in QUEUES if not getattr(enquiries, name)().exists()] == []
    assert enquiries.overdue(now).exists()
    assert enquiries.waiting_due(now).exists()
    assert Outbox.objects.failed().exists()
    assert CannedReply.objects.count() == len(demo_data.CANNED_REPLIES)


def test_nobody_in_it_can_be_real(made):
    surnames = {name.split()[-1] for name in Answers.objects.values_list("name", flat=True)}
    invented = r"Example|Sample|Invented|Madeup|Pretend|Placeholder|Fictional|Notreal|Imaginary|Specimen"
    assert [name for name in surnames if not re.fullmatch(invented, name)] == []
    numbers = set(Answers.objects.exclude(phone="").values_list("phone", flat=True))
    assert [number for number in numbers if not phone_numbers.is_fiction(number)] == []
    addresses = set(Answers.objects.exclude(email="").values_list("email", flat=True))
    assert [address for address in addresses if not address.endswith("@example.org")] == []


@pytest.mark.parametrize(
    "moment", [datetime(2026, 11, 28, 23, 30), datetime(2026, 11, 30, 0, 10), datetime(2026, 3, 29, 12)]
)
def test_it_can_be_made_at_any_time_and_all_of_it_is_past(swept, monkeypatch, moment):
    now = timezone.make_aware(moment)
    monkeypatch.setattr(timezone, "now", lambda: now)
    run()
    assert not EnquiryEvent.objects.filter(at__gt=now).exists()
    for enquiry in Enquiry.objects.exclude(state="erased"):
        happened = list(enquiry.events.order_by("id").values_list("at", flat=True))
        assert happened == sorted(happened)
        assert happened[0] == enquiry.created_at
    assert Enquiry.objects.overdue(now).exists()
    assert Enquiry.objects.waiting_due(now).exists()
    assert stale_claims.release_stale(now) == 0, "nobody's claim is stale yet"


def test_no_mail_goes_anywhere(made, clinic, mail_server):
    assert not Outbox.objects.filter(state="queued").exists()
    assert outbox.send_due() == 0
    assert mail_server.mails == []


def test_there_is_one_account_for_each_role_and_its_password_is_printed(made, rf):
    printed = dict(re.findall(r"^  (demo-\S+) +(\S+)  \(", made, re.MULTILINE))
    roles = {}
    for username, password in printed.items():
        user = authenticate(rf.post("/admin/login/"), username=username, password=password)
        roles[username] = [group.name for group in user.groups.all()]
        assert user.is_staff
        assert not user.is_superuser
    assert sorted(roles.values()) == sorted([group] for group in RIGHTS)
    assert list(printed) == [username for username, _ in demo_data.STAFF]


# --- Where it is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("--remove",)])
def test_a_public_site_refuses_it(db, settings, arguments):
    settings.PUBLIC = True
    with pytest.raises(CommandError, match="This is a public site"):
        run(*arguments)
    assert not Enquiry.objects.exists()


def test_it_is_not_made_twice(made):
    many = Enquiry.objects.count()
    with pytest.raises(CommandError, match="here already"):
        run()
    assert Enquiry.objects.count() == many


def test_it_takes_over_nobodys_account(swept, django_user_model):
    django_user_model.objects.create_user("demo-manager", password="mine")
    with pytest.raises(CommandError, match="demo-manager is somebody's own account"):
        run()
    assert not Enquiry.objects.exists()
    assert django_user_model.objects.get().check_password("mine")


# --- Taking it away ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_what_it_made_is_taken_away_and_nothing_else(made, make_enquiry, django_user_model, swept, rf):
    own, reply = make_enquiry(), CannedReply.objects.create(title="Own", subject="x", body="x")
    colleague = django_user_model.objects.create_user("colleague", password="mine")
    assert "accounts disabled" in run("--remove")
    assert swept
    assert [enquiry.state for enquiry in Enquiry.objects.exclude(pk=own.pk).distinct()] == ["erased"] * (
        Enquiry.objects.count() - 1
    )
    assert list(Answers.objects.values_list("enquiry", flat=True)) == [own.pk]
    assert list(CannedReply.objects.all()) == [reply]
    assert list(django_user_model.objects.filter(is_active=True)) == [colleague]
    assert not django_user_model.objects.get(username="demo-manager").has_usable_password()


@pytest.mark.slow
def test_nothing_that_anybody_in_it_said_is_left(made):
    told = [text for enquiry in Enquiry.objects.all() for text in traces.told_by(enquiry)]
    notes = [step.note for story in demo_data.STORIES for step in story.steps if step.note]
    run("--remove")
    assert not EnquiryEvent.objects.exclude(note="").exists()
    said = sorted({*told, *notes})
    assert len(said) > 50
    assert sum(traces.look_for(said[start : start + 20]).traces for start in range(0, len(said), 20)) == 0


@pytest.mark.slow
def test_taken_away_twice_it_says_that_there_is_none(made):
    run("--remove")
    with pytest.raises(CommandError, match="There is no demonstration"):
        run("--remove")


@pytest.mark.slow
def test_it_can_be_made_again_with_other_passwords(made):
    run("--remove")
    again = run()
    assert Enquiry.objects.exclude(state="erased").count() == len(demo_data.STORIES) + demo_data.EARLIER - 1
    first, second = (dict(re.findall(r"^  (demo-\S+) +(\S+)  \(", said, re.MULTILINE)) for said in (made, again))
    assert first.keys() == second.keys()
    assert not set(first.values()) & set(second.values())
    assert StaffEvent.objects.filter(verb="enabled the account").count() == len(demo_data.STAFF)
