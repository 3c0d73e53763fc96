"""What somebody writes stands in one table, on their own pages and on staff's, and nowhere else."""

import re
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core import mail
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.urls import reverse

from siweb.accounts.roles import RECEPTION
from siweb.clinics.models import Clinic
from siweb.enquiries.intake import private_links, spam, submission
from siweb.enquiries.mail.outbox import Outbox
from siweb.enquiries.models import Answers, Enquiry
from siweb.enquiries.questions import screening
from siweb.operations.management.commands.tick import tick
from tests.conftest import with_role
from tests.support.enquiring import CHECK, FORM, Page, ask, posted, send, sent
from tests.support.marking import ALL_MARKS, CORRECTED, MARKED, logged, marks, raising

pytestmark = pytest.mark.django_db

TICKS = [item.wording for item in screening.SCREENING if item.key in MARKED["tell"]]


def every_row_but_answers():
    """{table: all that it holds}, of the whole database but the one table that may hold what was written."""
    rows = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table != Answers._meta.db_table:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
                rows[table] = str(cursor.fetchall())
    return rows


def token_in(message):
    return re.search(r"/enquire/yours/(\S+?)/", message.body)[1]


# --- The whole way, with a mark in every field ------------------------------------------------------------------


def walk(browser, staff):
    """Everything that can happen to an enquiry, well and badly; yields (what, response) of each page."""
    yield "form", browser.get(FORM)
    yield "refused", ask(browser, MARKED, place="nowhere")
    yield "check", ask(browser, MARKED)
    yield "change", ask(browser, MARKED, do="change")
    data = posted(MARKED, do="send")
    response = browser.post(CHECK, data)
    yield "redirect", response
    yield "sent", browser.get(response.url)
    yield "again", browser.post(CHECK, data)
    tick()
    yield "corrected by the form", browser.post(CHECK, data | CORRECTED)
    tick()
    path = f"/enquire/yours/{token_in(mail.outbox[-1])}/"
    yield "yours", browser.get(path)
    yield "yours refused", browser.post(path, {"do": "correct", "phone": "zqxjnonumber", "email": "zqxjmail@"})
    correction = {
        "do": "correct",
        "phone": CORRECTED["phone"],
        "voicemail": "no",
        "email": CORRECTED["email"],
        "first": "phone",
    }
    yield "corrected by the link", browser.post(path, correction)
    yield "withdraw?", browser.post(path, {"do": "withdraw"})
    page = reverse("admin:enquiries_enquiry_change", args=[Enquiry.objects.get().pk])
    yield "staff's list", staff.get(reverse("admin:enquiries_enquiry_changelist"))
    yield "staff's page", staff.get(page)
    yield "staff claims", staff.post(page, {"move": "claim", "version": Enquiry.objects.get().version, "note": ""})
    yield "withdrawn", browser.post(path, {"do": "withdraw-now"})
    yield "link over", browser.get(path)
    yield "spam", send(browser, MARKED, **{spam.TRAP: "zqxjtrap"})
    tick()


PERSONAL = {"refused", "check", "change", "yours", "yours refused", "staff's list", "staff's page"}


@pytest.fixture(scope="module")
def walked(django_db_setup, django_db_blocker):
    """The way walked once: its pages, and what was then in the log, the database, the cache and the mails."""
    caches["default"].clear()
    mail.outbox.clear()
    with django_db_blocker.unblock(), logged() as log, transaction.atomic():
        clinic = Clinic.current()
        clinic.email = "desk@clinic.example"
        clinic.save()
        staff = Client()
        staff.force_login(with_role(get_user_model(), "rita", RECEPTION))
        walked = SimpleNamespace(
            pages=dict(walk(Client(), staff)),
            log=log(),
            answers=str(list(Answers.objects.values())),
            rows=every_row_but_answers(),
            cached=dict(caches["default"]._cache),
            mails=list(mail.outbox),
            staffs_pages=[reverse("admin:enquiries_enquiry_change", args=[e.pk]) for e in Enquiry.objects.all()],
        )
        transaction.set_rollback(True)
    assert {what: page.status_code for what, page in walked.pages.items() if page.status_code >= 400} == {
        "refused": 422,
        "yours refused": 422,
        "link over": 404,
    }
    return walked


@pytest.mark.slow
def test_the_marks_are_where_they_belong(walked):
    """The control: this is what the other tests look for elsewhere."""
    assert set(marks(walked.answers)) >= ALL_MARKS - {"496 0987"} | {"Zqxjsecond", "zqxjnewer", "Zqxjthird", "4960986"}
    assert set(marks(walked.pages["check"].content.decode())) >= ALL_MARKS - {"4960987"}
    staff_page = set(marks(walked.pages["staff's page"].content.decode()))
    assert {
        "Zqxjasker",
        "zqxjrelation",
        "Zqxjname",
        "Zqxjsecond",
        "zqxjlater",
        "zqxjnewer",
        "Zqxjlanguage",
        "Zqxjwords",
    } <= staff_page
    assert {what for what, page in walked.pages.items() if marks(page.content.decode())} == PERSONAL


def test_nothing_that_was_typed_is_logged(walked):
    assert "nightly" in walked.log  # the control: something was
    assert marks(walked.log) == []


def test_nothing_that_was_typed_stands_in_an_address_a_title_or_a_header(walked):
    for what, page in walked.pages.items():
        title = re.search(r"<title>(.*?)</title>", page.content.decode(), re.DOTALL)
        meta = re.findall(r"<meta [^>]*>|<link [^>]*>", page.content.decode())
        heads = [
            page.request["PATH_INFO"],
            page.request["QUERY_STRING"],
            *page.headers.items(),
            title and title[1],
            *meta,
        ]
        assert [mark for head in heads for mark in marks(head)] == [], what


def test_nothing_that_was_typed_stands_in_another_table(walked):
    rows = dict(walked.rows)
    assert "zqxjdomain" in rows.pop("enquiries_key")  # the words that find answers go with them
    assert {"django_session", "django_admin_log", "enquiries_outbox", "enquiries_addresscount"} < rows.keys()
    assert len(rows["enquiries_enquiryevent"]) > 500
    assert {table: marks(text) for table, text in rows.items() if marks(text)} == {}
    for tick_wording in TICKS:
        assert tick_wording not in str(rows)


def test_nothing_that_was_typed_is_cached_or_put_into_a_cookie(walked):
    assert isinstance(caches["default"], LocMemCache)
    assert not walked.cached
    for page in walked.pages.values():
        assert marks(str(page.cookies)) == []


def test_a_mail_to_the_clinic_tells_nothing_of_the_person(walked):
    to_clinic = [message for message in walked.mails if message.to == ["desk@clinic.example"]]
    subjects = [message.subject for message in to_clinic]
    assert subjects.count("You have a new enquiry") == 2  # one is marked, but has no links: a patient may have sent it
    assert set(subjects) <= {"You have a new enquiry", "To do at the enquiry desk"}  # the second in the evening
    for message in to_clinic:
        for text in (
            message.message().as_string(),
            message.body,
            message.alternatives[0].content,
            str(message.extra_headers),
        ):
            assert marks(text) == []
            assert not re.search("SIJ-|diabetes|cancer|interpreter", text)
        is_digest = message.subject == "To do at the enquiry desk"
        assert is_digest or any(page in message.body for page in walked.staffs_pages)


def test_a_mail_to_the_patient_tells_no_more_than_a_reference_and_a_link(walked):
    to_patient = [message for message in walked.mails if message.to != ["desk@clinic.example"]]
    assert [message.to for message in to_patient] == [[MARKED["email"]], [CORRECTED["email"]], [MARKED["email"]]]
    for message in to_patient:
        text = message.message().as_string().replace(message.to[0], "")
        for part in (text, message.subject, message.body, message.alternatives[0].content):
            assert marks(part) == []
            assert not any(wording in part for wording in TICKS)


def test_the_outbox_holds_a_kind_and_an_id_and_no_token(walked):
    tokens = [token_in(message) for message in walked.mails if "/enquire/yours/" in message.body]
    columns = {field.name for field in Outbox._meta.fields}
    assert columns == {
        "id",
        "enquiry",
        "kind",
        "state",
        "attempts",
        "next_try_at",
        "sent_at",
        "problem",
        "letter",
        "recipient",
    }
    assert len(set(tokens)) == 3
    everything = str(walked.rows) + walked.answers
    assert not any(token in everything for token in tokens)
    assert all(len(token) >= 32 for token in tokens)  # 192 bits


def test_the_private_page_shows_no_ticks_and_no_words(walked):
    page = walked.pages["yours"].content.decode()
    assert marks(page) == ["496 0986", "zqxjdomain", "zqxjlater", "zqxjnewer"]
    assert not any(wording in page for wording in TICKS)
    assert "tell" not in Page(walked.pages["yours"]).fields()


def test_only_clinicians_see_what_was_ticked(client, reception, caller):
    enquiry = sent(client, MARKED)
    page = reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])
    for user, sees in ((reception, False), (caller, True)):
        client.force_login(user)
        text = client.get(page).content.decode()
        assert [wording in text for wording in TICKS] == [sees, sees]
        assert "needs a clinician’s call" in text or "needs a clinician&#x27;s call" in text


# --- Caches and cookies -----------------------------------------------------------------------------------------


def test_no_page_of_a_person_may_be_stored_on_the_way(walked):
    for what in PERSONAL | {"sent", "withdraw?", "link over", "redirect", "corrected by the link", "withdrawn"}:
        assert "no-store" in walked.pages[what].headers["Cache-Control"], what
        assert "public" not in walked.pages[what].headers["Cache-Control"], what


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_no_page_that_gives_answers_back_may_be_stored_on_the_way(client, monkeypatch, status):
    if status == 403:
        client = Client(enforce_csrf_checks=True)
    monkeypatch.setattr(spam, "MOST_AN_HOUR", 0 if status == 429 else 60)
    if status >= 500:
        monkeypatch.setattr(submission, "receive", raising(OperationalError if status == 503 else ValueError))
    response = send(client, MARKED)
    assert response.status_code == status
    assert set(marks(response.content.decode())) >= ALL_MARKS - {"4960987"}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/enquire/", "/enquire/withdrawn/", "/enquire/corrected/"])
def test_a_page_that_is_the_same_for_everybody_sets_no_cookie(client, path):
    response = client.get(path)
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_the_form_sets_exactly_one_cookie(client):
    response = client.get(FORM)
    (cookie,) = response.cookies.values()
    assert cookie.key == settings.CSRF_COOKIE_NAME
    assert (cookie["samesite"], bool(cookie["httponly"])) == ("Strict", True)
    assert marks(cookie.OutputString()) == []
    assert "public" not in response.headers["Cache-Control"]


def test_the_whole_way_sets_no_other_cookie(client):
    enquiry = sent(client, MARKED)
    for response in (client.get(FORM), ask(client), client.get(f"/enquire/yours/{private_links.make_link(enquiry)}/")):
        assert set(response.cookies) == {settings.CSRF_COOKIE_NAME}
    assert set(client.cookies) == {settings.CSRF_COOKIE_NAME}
    assert not client.get(send(client).url).cookies


@pytest.mark.parametrize("path", ["/enquire/form/", "/enquire/sent/x/", "/enquire/yours/x/", "/enquire/withdrawn/"])
def test_search_engines_are_asked_to_leave_these_pages_out(client, path):
    response = client.get(path)
    assert response.status_code == 404 or '<meta name="robots" content="noindex">' in response.content.decode()


# --- The real server --------------------------------------------------------------------------------------------


@pytest.mark.server
def test_the_real_servers_log_holds_nothing_of_the_person(site):
    form = site.get(FORM)
    cookie = form.headers["Set-Cookie"].partition(";")[0]
    token = re.search('name="csrfmiddlewaretoken" value="(.*?)"', form.text)[1]
    headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "User-Agent": "zqxjagent"}

    def post(path=CHECK, **changes):
        data = posted(MARKED, **({"csrfmiddlewaretoken": token} | changes))
        return site.get(path, method="POST", body=urlencode(data, doseq=True), **headers)

    answers = [
        post(),
        post(do="send"),
        post(do="send", name=""),
        post(do="send", csrfmiddlewaretoken="x"),
        post(path="/enquire/yours/zqxjtoken/", do="correct"),
        post(path="/enquire/sent/zqxjsealed/"),
        site.get("/enquire/yours/zqxjtoken/?zqxjquery=1", Referer="http://127.0.0.1/zqxjreferer"),
        site.get("/enquire/zqxjname%0Aforged/"),
        site.get("/enquire/", Host="zqxjhost.example"),
        site.get(CHECK, method="POST", body="name=" + "zqxj" * 60_000, **headers),
    ]
    assert [answer.status for answer in answers] == [200, 302, 422, 403, 404, 405, 404, 404, 400, 413]
    assert marks(answers[0].text)
    assert "Open http" in site.log()
    assert marks(site.log()) == []
    assert "forged" not in site.log()
