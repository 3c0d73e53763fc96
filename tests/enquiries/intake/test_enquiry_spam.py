"""A machine's enquiry is marked and kept for a person to judge: no puzzle for anybody, and nobody's address is stored."""

import re
from datetime import datetime, timedelta
from unittest import mock
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core import mail, signing
from django.utils import timezone

from siweb.clinics.models import Clinic
from siweb.enquiries.casework import workflow
from siweb.enquiries.intake import spam
from siweb.enquiries.mail import outbox
from siweb.enquiries.models import AddressCount, Answers, Enquiry, EnquiryEvent, Outbox
from siweb.enquiries.privacy import erasure
from siweb.operations.management.commands.tick import tick
from tests.support.enquiring import ANSWERS, CHECK, FOR_ANOTHER, FORM, Page, ask, begun, posted, send, sent

pytestmark = pytest.mark.django_db

LONDON = ZoneInfo("Europe/London")
MONDAY_NOON = datetime(2026, 11, 23, 12, 30, tzinfo=LONDON)
MARKED = {spam.TRAP: "http://buy.example"}
MARKS = {"trap": lambda: MARKED, "fast": lambda: {"began": begun(0)}}  # made when asked for: haste does not keep

# What browsers and password managers fill in: parts of the names and labels that they know a field by, as in Chromium’s patterns
# for autofill, and the entries of an identity.
KNOWN_TO_FORM_FILLERS = """
    name nick initial title honor prefix suffix gender sex birth dob age occupation company business organi department
    job mail phone tel mobile fax contact web site url home link blog address street line house number apartment suite
    unit floor city town suburb county state region province country zip post code location user login pass pin otp
    secret security question answer card credit cvc cvv exp account bank iban bic amount price coupon promo gift member
    loyalty flight passport licen tax vat ssn insur search query comment message subject note remark memo icq skype msn
    yahoo twitter facebook linkedin handle signature other attn attention
""".split()  # noqa: SIM905


@pytest.fixture
def clock(monkeypatch):
    """The time of day: it stands still, and clock(later) moves it."""

    def show(moment):
        monkeypatch.setattr(timezone, "now", lambda: moment)

    show(MONDAY_NOON)
    return show


@pytest.fixture
def mailbox():
    clinic = Clinic.current()
    clinic.email = "desk@clinic.example"
    clinic.save()
    return clinic.email


def rows():
    return [table.objects.count() for table in (Enquiry, Answers, EnquiryEvent, Outbox)]


# --- The trap and the clock -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("trap", "seconds", "reason"),
    [
        ("", 60, ""),
        ("", 4, ""),
        (None, 60, ""),
        ("", 7 * 24 * 3600, ""),  # a form that was left open for a week
        ("", 0, "fast"),
        ("", 2, "fast"),
        ("", -3600, ""),  # our own clock was put back by an hour while it was filled in
        ("http://buy.example", 60, "trap"),
        (" ", 60, "trap"),
        ("http://buy.example", 0, "trap"),
    ],
)
def test_a_machine_is_known_by_the_trap_or_by_its_haste(client, trap, seconds, reason):
    enquiry = sent(client, **{spam.TRAP: trap}, began=begun(seconds))
    assert (enquiry.spam_reason, enquiry.state) == (reason, "spam" if reason else "new")
    assert enquiry.is_unconfirmed_spam is bool(reason)


@pytest.mark.parametrize(
    "began",
    ["", None, "began", "began:1xVgRd:forged", signing.TimestampSigner(salt="other").sign("began")],
    ids=["empty", "missing", "unsigned", "forged", "of another form"],  # a signature is another one each second
)
def test_a_beginning_that_cannot_be_read_is_unknown_and_no_mark(client, began):
    assert (enquiry := sent(client, began=began)).spam_reason == ""
    assert enquiry.state == "new"


def test_a_new_key_of_the_site_marks_nobody_whose_form_was_open(client, settings):
    fields = Page(client.get(FORM)).fields()
    settings.SECRET_KEY = "another" * 10
    forms = {"key": fields["key"], "began": fields["began"]}
    with mock.patch.object(spam, "_clock", signing.TimestampSigner(salt=spam._clock.salt)):
        assert sent(client, **forms).spam_reason == ""


def test_a_form_that_does_not_say_when_it_began_is_not_taken_for_a_new_one(client):
    page = Page(ask(client, began=None))
    client.post(CHECK, page.fields() | {"do": "send"})  # at once, as the button is on the screen already
    assert Enquiry.objects.get().spam_reason == ""


def test_a_form_that_was_open_when_the_trap_had_another_name_is_not_caught_by_it(client):
    assert sent(client, website="https://maria.example").spam_reason == ""


def test_no_form_filler_keeps_anything_under_the_name_of_the_trap(client):
    page = Page(client.get(FORM))
    (field,) = page.all("input", name=spam.TRAP)
    label = re.search(rf'<label for="{field["id"]}">(.*?)</label>', page.source)[1]
    for text in (field["name"], field["id"], label):
        assert [known for known in KNOWN_TO_FORM_FILLERS if known in text.lower()] == []


def test_the_trap_is_seen_by_nobody_and_reached_by_no_key(client):
    page = Page(client.get(FORM))
    (field,) = page.all("input", name=spam.TRAP)
    assert (field["tabindex"], field["autocomplete"], field.get("type", "text")) == ("-1", "off", "text")
    assert page.all("div", class_="trap", aria_hidden="true")


def test_a_mark_is_not_lost_on_the_way(client):
    for page in (ask(client, **MARKED), send(client, **MARKED, name="")):
        fields = Page(page).fields()
        if page.status_code == 200:
            assert fields[spam.TRAP] == ["http://buy.example"]
    data = Page(ask(client, **MARKED)).fields()
    client.post(CHECK, data | {"do": "send"})
    assert Enquiry.objects.get().spam_reason == "trap"


@pytest.mark.parametrize("mark", MARKS)
def test_a_machine_sees_what_everybody_sees(client, mailbox, mark):
    response, plain = send(client, **MARKS[mark](), words="See www.buy.example"), send(client)
    assert response.status_code == plain.status_code == 302
    enquiry, other = Enquiry.objects.order_by("created_at")
    page, usual = (client.get(r.url).content.decode().replace(r.url, "…") for r in (response, plain))
    assert page.replace(enquiry.reference, other.reference) == usual
    assert list(enquiry.events.values_list("verb", "to_state")) == [("received", "spam")]
    outbox.send_due()
    told = [(message.subject.replace(enquiry.reference, "…"), message.to) for message in mail.outbox]
    acknowledgement = ("We have your enquiry …", [ANSWERS["email"]])
    assert told.count(acknowledgement) == 1
    assert sorted(message.to[0] for message in mail.outbox) == [
        "desk@clinic.example",
        ANSWERS["email"],
        ANSWERS["email"],
    ]


MACHINE_MADE = {
    "a link": {"words": "Cheap pills: https://buy.example/now"},
    "a link without a scheme": {"words": "Visit www.buy.example"},
    "the address of a page": {"words": "More at buy.example/pills"},
    "HTML": {"words": "<a href=x>pills</a>"},
    "a link as forums write it": {"words": "[url=buy.example]pills[/url]"},
    "a link for a name": {"name": "Win at http://buy.example"},
    "a link for a language": {"needs": ["interpreter"], "language": "http://buy.example"},
    "a link beside a phone number": {"phone": "0161 496 0000 http://buy.example"},
    "random letters": {"name": "eAtcDgUHqpNMvWkjZa"},
    "one text in every field": {"name": "Great site", "words": "Great site"},
}
WRITTEN_BY_A_PERSON = {
    "nothing odd": {},
    "nothing but a name": {"words": "", "times": [], "needs": []},
    "a name with capitals inside": {"name": "Siân MacDonald-McKenzie O’Neill"},
    "a name in capitals": {"name": "MARIA GONÇALVES"},
    "an e-mail address": {
        "words": "My other address is maria.jones@clinic.example, and my GP is St. Mary's/Park Road."
    },
    "another language": {"words": "Bitte rufen Sie nach 17 Uhr an. Ich kann/möchte nicht lange sitzen."},
    "long words": {"words": "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"},
}


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("said", MACHINE_MADE)
def test_the_clinic_gets_no_mail_about_what_is_marked_and_looks_machine_made(client, mailbox, mark, said):
    enquiry = sent(client, **({"email": ""} | MARKS[mark]() | MACHINE_MADE[said]))
    assert (enquiry.state, enquiry.outbox.count()) == ("spam", 0)


@pytest.mark.parametrize("mark", MARKS)
@pytest.mark.parametrize("said", WRITTEN_BY_A_PERSON)
def test_the_clinic_is_told_of_what_a_person_may_have_written_although_it_is_marked(client, mailbox, mark, said):
    enquiry = sent(client, **({"email": ""} | MARKS[mark]() | WRITTEN_BY_A_PERSON[said]))
    assert (enquiry.state, list(enquiry.outbox.values_list("kind", flat=True))) == ("spam", ["new_enquiry"])
    outbox.send_due()
    (told,) = mail.outbox
    assert told.to == [mailbox]
    for part in (told.body, told.alternatives[0].content):
        assert "It may be spam. Please check it." in part


@pytest.mark.parametrize("said", MACHINE_MADE)
def test_the_clinic_is_told_of_everything_that_is_not_marked(client, mailbox, said):
    enquiry = sent(client, **({"email": ""} | MACHINE_MADE[said]))
    assert (enquiry.state, list(enquiry.outbox.values_list("kind", flat=True))) == ("new", ["new_enquiry"])
    outbox.send_due()
    assert "spam" not in mail.outbox[0].body


# --- Until a person has judged ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "is_overdue"),
    [
        (datetime(2026, 11, 23, 17, 1), False),  # Monday: it came today
        (datetime(2026, 11, 24, 9, 0), False),
        (datetime(2026, 11, 24, 16, 59), False),
        (datetime(2026, 11, 24, 17, 1), True),  # Tuesday's end: a whole working day
        (datetime(2026, 11, 29, 12, 0), True),
    ],
)
@pytest.mark.parametrize("reason", MARKS)
def test_what_a_machine_marked_is_overdue_after_a_working_day(client, clock, editor, now, is_overdue, reason):
    clock(MONDAY_NOON)
    enquiry = sent(client, **MARKS[reason]())
    Enquiry.objects.update(created_at=MONDAY_NOON)
    now = now.replace(tzinfo=LONDON)
    assert list(Enquiry.objects.overdue(now)) == ([enquiry] if is_overdue else [])
    assert list(Enquiry.objects.unconfirmed_spam()) == [enquiry]
    workflow.make(enquiry, "spam", version=enquiry.version, who=(workflow.RECEPTION,), by=editor)
    assert not Enquiry.objects.overdue(now).exists()


def test_what_no_person_has_judged_is_never_purged_and_what_one_has_goes_after_thirty_days(client, editor, monkeypatch):
    monkeypatch.setattr(erasure, "sweep", lambda: None)  # not within a test's transaction
    enquiry = sent(client, **MARKED)
    century = timezone.now() + timedelta(days=36_500)
    assert erasure.purge(century) == 0
    assert enquiry in erasure.past_their_time(century)["nobody"]
    workflow.make(enquiry, "spam", version=enquiry.version, who=(workflow.RECEPTION,), by=editor)
    assert erasure.purge(timezone.now() + timedelta(days=29)) == 0
    assert erasure.purge(timezone.now() + timedelta(days=31)) == 1
    enquiry.refresh_from_db()
    assert (enquiry.state, Answers.objects.count()) == ("erased", 0)


def test_a_mistaken_mark_is_lifted_by_a_person_and_the_reason_stays(client, editor):
    enquiry = sent(client, **MARKED)
    Enquiry.objects.update(due_at=MONDAY_NOON - timedelta(days=300))
    workflow.make(enquiry, "not_spam", version=enquiry.version, who=(workflow.RECEPTION,), by=editor)
    assert (enquiry.state, enquiry.spam_reason) == ("new", "trap")
    assert enquiry.due_at > timezone.now()


def test_a_correction_does_not_lift_a_mark(client):
    data = posted(do="send")
    client.post(CHECK, data | MARKED)
    client.post(CHECK, data | {"words": "Two."})
    marked = Enquiry.objects.get()
    assert (marked.state, marked.spam_reason, marked.answers.words) == ("spam", "trap", "Two.")


# --- Limits -----------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("mark", "most"), [(None, 60), ("trap", 4), ("fast", 4)])
def test_one_address_stores_so_many_an_hour_and_no_more(client, clock, mark, most):
    marked = MARKS[mark]() if mark else {}
    statuses = [send(client, **marked).status_code for _ in range(most + 3)]
    assert statuses == [302] * most + [429] * 3
    assert rows()[:2] == [most, most]
    assert send(client, address="203.0.113.8", **marked).status_code == 302
    clock(MONDAY_NOON + timedelta(hours=1))
    assert send(client, **marked).status_code == 302


def test_a_flood_of_marked_ones_does_not_shut_out_the_person_beside_it(client, clock):
    for _ in range(20):
        send(client, **MARKED)
    assert rows()[0] == 4
    assert send(client).status_code == 302
    assert Enquiry.objects.filter(state="new").count() == 1


def test_fifty_slow_people_behind_one_address_are_all_taken(client, clock):
    for person in range(50):
        assert send(client, name=f"Person {person}", began=begun(3600), email="").status_code == 302
    assert set(Answers.objects.values_list("name", flat=True)) == {f"Person {person}" for person in range(50)}
    assert not Enquiry.objects.exclude(state="new").exists()


def test_who_is_refused_keeps_what_was_typed_and_sees_the_number(client, clock, monkeypatch):
    monkeypatch.setattr(spam, "MOST_AN_HOUR", 0)
    data = posted(FOR_ANOTHER, do="send", tell=["night", "age"], words="One.\n<Two> & “three”.")
    response = client.post(CHECK, data)
    page = Page(response)
    assert (response.status_code, response.headers["Retry-After"]) == (429, "3600")
    assert rows() == [0, 0, 0, 0]
    assert 'href="tel:+441632960001"' in page.source
    assert "Too many enquiries have come from your connection" in page.source
    for shown in ("Tom Okafor", "Someone else", "has pain that is worse at night", "is under 18"):
        assert re.search(rf"<dd>[^/]*{shown}", page.source)
    assert "<dd>One.<br>&lt;Two&gt; &amp; “three”.</dd>" in page.source
    fields = page.fields()
    assert {n: fields.get(n, []) for n in data} == {n: v if isinstance(v, list) else [v] for n, v in data.items()}
    clock(MONDAY_NOON + timedelta(hours=1))
    monkeypatch.undo()
    assert client.post(CHECK, {n: v for n, v in fields.items() if n != "csrfmiddlewaretoken"}).status_code == 302
    assert Answers.objects.get().words == "One.\n<Two> & “three”."


@pytest.mark.slow
def test_to_press_twice_or_to_be_refused_by_the_form_does_not_count(client, clock):
    data = posted(do="send")
    for _ in range(70):
        assert client.post(CHECK, data).status_code == 302
        assert client.post(CHECK, data | {"name": ""}).status_code == 422
    assert AddressCount.objects.get().count == 1


def test_at_the_limit_the_same_form_sent_again_is_still_its_enquiry(client, clock, monkeypatch):
    monkeypatch.setattr(spam, "MOST_AN_HOUR", 1)
    data = posted(do="send")
    first = client.post(CHECK, data)
    assert client.post(CHECK, data).headers["Location"] == first.headers["Location"]
    assert Enquiry.objects.count() == 1


def test_corrections_count_too(client, clock, monkeypatch):
    monkeypatch.setattr(spam, "MOST_AN_HOUR", 2)
    data = posted(do="send")
    statuses = [client.post(CHECK, data | {"words": f"Version {n}."}).status_code for n in range(4)]
    assert statuses == [302, 302, 429, 429]
    assert Enquiry.objects.get().answers.words == "Version 1."
    assert Answers.objects.count() == 2


# --- Whose address it is ----------------------------------------------------------------------------------------

PROXY = settings.PROXIES[0]


@pytest.mark.parametrize(
    ("one", "other", "are_counted_together"),
    [
        (("203.0.113.7", ""), ("203.0.113.7", ""), True),
        (("203.0.113.7", ""), ("203.0.113.8", ""), False),
        (("203.0.113.7", "198.51.100.1"), ("203.0.113.7", "198.51.100.2"), True),  # forged: nobody of ours wrote it
        ((PROXY, "198.51.100.1"), (PROXY, "198.51.100.2"), False),
        ((PROXY, "198.51.100.1"), (PROXY, "198.51.100.1"), True),
        (
            (PROXY, "192.0.2.1, 198.51.100.1"),
            (PROXY, "192.0.2.2, 198.51.100.1"),
            True,
        ),  # only the last was written by ours
        ((PROXY, "198.51.100.1"), ("198.51.100.1", ""), True),
        (("2001:db8:1:2::1", ""), ("2001:db8:1:2:ffff::9", ""), True),  # one house has 2^64
        (("2001:db8:1:2::1", ""), ("2001:db8:1:3::1", ""), False),
        ((PROXY, "2001:db8:1:2::1"), ("2001:DB8:1:2::2", ""), True),
        (("::ffff:203.0.113.7", ""), ("::ffff:203.0.113.8", ""), False),  # IPv4 as IPv6 writes it: two houses
        (("::ffff:203.0.113.7", ""), ("203.0.113.7", ""), True),
    ],
)
def test_enquiries_are_counted_by_the_address_that_they_came_from(client, clock, one, other, are_counted_together):
    for peer, forwarded in (one, other):
        assert send(client, address=peer, forwarded=forwarded).status_code == 302
    counts = sorted(AddressCount.objects.values_list("count", flat=True))
    assert counts == ([2] if are_counted_together else [1, 1])


def test_what_is_counted_is_not_the_address_and_is_another_thing_every_hour(client, clock):
    for hours in range(3):
        clock(MONDAY_NOON + timedelta(hours=hours))
        send(client, address="203.0.113.7")
    digests = list(AddressCount.objects.values_list("digest", flat=True))
    assert len(set(digests)) == 3
    assert all(len(digest) == 64 and "203" not in bytes.fromhex(digest).decode("latin-1") for digest in digests)
    assert spam._scrambled("203.0.113.7", MONDAY_NOON) != spam._scrambled(
        "203.0.113.7", MONDAY_NOON + timedelta(hours=1)
    )


def test_the_digest_needs_the_sites_key(settings):
    before = spam._scrambled("203.0.113.7", MONDAY_NOON)
    assert spam._scrambled("203.0.113.7", MONDAY_NOON) == before
    settings.SECRET_KEY = "another" * 10
    assert spam._scrambled("203.0.113.7", MONDAY_NOON) != before


def test_no_address_stands_in_any_table(client, clock):
    sent(client, address="203.0.113.7")
    for table in (Enquiry, Answers, EnquiryEvent, Outbox, AddressCount):
        assert "203.0.113" not in str(list(table.objects.values()))


@pytest.mark.parametrize(("hours", "left"), [(0, 1), (1, 1), (3, 0), (30, 0)])
def test_counts_are_gone_two_hours_after_theirs(client, clock, hours, left):
    tick(MONDAY_NOON)  # what is done once a day has been done today
    send(client)
    clock(MONDAY_NOON + timedelta(hours=hours))
    tick(MONDAY_NOON + timedelta(hours=hours))
    assert AddressCount.objects.count() == left
