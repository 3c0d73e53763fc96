"""What somebody writes stands in one table, on their own pages and on staff's, and nowhere else."""

import io
import json
import logging
import re
import sys
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.core import mail, signing
from django.core.cache import caches
from django.core.cache.backends.locmem import LocMemCache
from django.db import IntegrityError, OperationalError, connection
from django.test import Client
from django.urls import reverse
from django.utils.log import DEFAULT_LOGGING
from django.utils.module_loading import import_string
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter, get_exception_reporter_class

from siweb.clinics.models import Clinic
from siweb.enquiries import admin as enquiries_admin
from siweb.enquiries import erasing, links, receiving, screening, spam, views, workflow
from siweb.enquiries.models import Answers, Enquiry
from siweb.enquiries.outbox import Outbox
from siweb.management.commands.tick import tick
from siweb.roles import CLINICIANS, RECEPTION

from .enquiring import CHECK, FOR_ANOTHER, FORM, Page, ask, posted, send, sent

pytestmark = pytest.mark.django_db

# In every field that takes words, something that stands nowhere else.
MARKED = FOR_ANOTHER | {
    "asker": "Zqxjasker Onemark",
    "relation": "zqxjrelation",
    "name": "Zqxjname Twomark",
    "phone": "0161 496 0987 zqxjbeside",
    "email": "zqxjmail@zqxjdomain.example",
    "needs": ["interpreter"],
    "language": "Zqxjlanguage",
    "tell": ["diabetes", "cancer"],
    "words": "Zqxjwords one.\nZqxjwords two.",
}
CORRECTED = MARKED | {
    "name": "Zqxjsecond Twomark",
    "email": "zqxjnewer@zqxjdomain.example",
    "phone": "0161 496 0986 zqxjlater",
    "words": "Zqxjthird.",
}
MARK = re.compile(r"zqxj\w*|onemark|twomark|496 ?098[67]|0161496098[67]", re.IGNORECASE)
TICKS = [item.wording for item in screening.SCREENING if item.key in MARKED["tell"]]

ALL_MARKS = {
    *(
        "Zqxjasker",
        "Onemark",
        "zqxjrelation",
        "Zqxjname",
        "Twomark",
        "zqxjbeside",
        "zqxjmail",
        "zqxjdomain",
        "Zqxjlanguage",
        "Zqxjwords",
    ),
    *("496 0987", "4960987"),
}


def marks(text):
    """What was typed, as far as it stands in a text."""
    return sorted(set(MARK.findall(str(text))))


@pytest.fixture
def log():
    """All that is written while a test runs, in the words of settings.LOGGING."""
    stream = io.StringIO()
    ours = settings.LOGGING
    handler = logging.StreamHandler(stream)
    terse = ours["formatters"]["terse"]
    handler.setFormatter(import_string(terse["()"])(terse["format"], style=terse["style"]))
    for name in ours["handlers"]["terminal"]["filters"]:
        handler.addFilter(import_string(ours["filters"][name]["()"])())
    logging.getLogger().addHandler(handler)
    yield lambda: stream.getvalue()
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def clinic():
    clinic = Clinic.current()
    clinic.email = "desk@clinic.example"
    clinic.save()
    return clinic


@pytest.fixture
def browser():
    """A browser that is shown the page for a fault, as readers are."""
    return Client(raise_request_exception=False)


def staff_browser(django_user_model, group):
    user = django_user_model.objects.create_user(group.lower(), first_name=group, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    browser = Client(raise_request_exception=False)
    browser.force_login(user)
    return browser


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
    yield "spam", send(browser, MARKED, website="zqxjtrap")
    tick()


PERSONAL = {"refused", "check", "change", "yours", "yours refused", "staff's page"}


@pytest.fixture
def walked(browser, django_user_model, clinic, log):
    caches["default"].clear()
    reception = staff_browser(django_user_model, RECEPTION)
    pages = dict(walk(browser, reception))
    assert {what: page.status_code for what, page in pages.items() if page.status_code >= 400} == {
        "refused": 422,
        "yours refused": 422,
        "link over": 404,
    }
    return pages


def test_the_marks_are_where_they_belong(walked):
    """The control: this is what the other tests look for elsewhere."""
    everything = str(list(Answers.objects.values()))
    assert set(marks(everything)) >= ALL_MARKS - {"496 0987"} | {"Zqxjsecond", "zqxjnewer", "Zqxjthird", "4960986"}
    assert set(marks(walked["check"].content.decode())) >= ALL_MARKS - {"4960987"}
    staff_page = set(marks(walked["staff's page"].content.decode()))
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
    assert {what for what, page in walked.items() if marks(page.content.decode())} == PERSONAL


def test_nothing_that_was_typed_is_logged(walked, log):
    assert "nightly" in log()  # the control: something was
    assert marks(log()) == []


def test_nothing_that_was_typed_stands_in_an_address_a_title_or_a_header(walked):
    for what, page in walked.items():
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
    rows = every_row_but_answers()
    assert {"django_session", "django_admin_log", "enquiries_outbox", "enquiries_addresscount"} < rows.keys()
    assert len(rows["enquiries_enquiryevent"]) > 500
    assert {table: marks(text) for table, text in rows.items() if marks(text)} == {}
    for tick_wording in TICKS:
        assert tick_wording not in str(rows)


def test_nothing_that_was_typed_is_cached_or_put_into_a_cookie(walked, browser):
    cache = caches["default"]
    assert isinstance(cache, LocMemCache)
    assert not cache._cache
    for page in walked.values():
        assert marks(str(page.cookies)) == []


def test_a_mail_to_the_clinic_tells_nothing_of_the_person(walked):
    to_clinic = [message for message in mail.outbox if message.to == ["desk@clinic.example"]]
    assert len(to_clinic) == 1  # nothing of the marked one
    for message in to_clinic:
        assert message.subject == "You have a new enquiry"
        for text in (
            message.message().as_string(),
            message.body,
            message.alternatives[0].content,
            str(message.extra_headers),
        ):
            assert marks(text) == []
            assert not re.search("SIJ-|diabetes|cancer|interpreter", text)
        assert (
            reverse("admin:enquiries_enquiry_change", args=[Enquiry.objects.earliest("created_at").pk]) in message.body
        )


def test_a_mail_to_the_patient_tells_no_more_than_a_reference_and_a_link(walked):
    to_patient = [message for message in mail.outbox if message.to != ["desk@clinic.example"]]
    assert [message.to for message in to_patient] == [[MARKED["email"]], [CORRECTED["email"]], [MARKED["email"]]]
    for message in to_patient:
        text = message.message().as_string().replace(message.to[0], "")
        for part in (text, message.subject, message.body, message.alternatives[0].content):
            assert marks(part) == []
            assert not any(wording in part for wording in TICKS)


def test_the_outbox_holds_a_kind_and_an_id_and_no_token(walked):
    tokens = [token_in(message) for message in mail.outbox if "/enquire/yours/" in message.body]
    columns = {field.name for field in Outbox._meta.fields}
    assert columns == {"id", "enquiry", "kind", "state", "attempts", "next_try_at", "sent_at", "problem"}
    assert len(set(tokens)) == 3
    everything = str(every_row_but_answers()) + str(list(Answers.objects.values()))
    assert not any(token in everything for token in tokens)
    assert all(len(token) >= 32 for token in tokens)  # 192 bits


def test_the_private_page_shows_no_ticks_and_no_words(walked):
    page = walked["yours"].content.decode()
    assert marks(page) == ["496 0986", "zqxjdomain", "zqxjlater", "zqxjnewer"]
    assert not any(wording in page for wording in TICKS)
    assert "tell" not in Page(walked["yours"]).fields()


def test_only_clinicians_see_what_was_ticked(browser, django_user_model):
    enquiry = sent(browser, MARKED)
    page = reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])
    for group, sees in ((RECEPTION, False), (CLINICIANS, True)):
        text = staff_browser(django_user_model, group).get(page).content.decode()
        assert [wording in text for wording in TICKS] == [sees, sees]
        assert "needs a clinician’s call" in text or "needs a clinician&#x27;s call" in text


def test_what_cannot_be_written_down_is_not_shown(browser, django_user_model, monkeypatch, log):
    """Who looks is on record first: when that fails, nothing of the person is seen."""
    enquiry = sent(browser, MARKED)

    def fail(*_, **__):
        raise OperationalError("zqxjname is locked")

    monkeypatch.setattr(Enquiry, "record", fail)
    response = staff_browser(django_user_model, RECEPTION).get(
        reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])
    )
    assert response.status_code == 503
    assert marks(response.content.decode()) == marks(log()) == []


# --- Caches and cookies -----------------------------------------------------------------------------------------


def test_no_page_of_a_person_may_be_stored_on_the_way(walked):
    for what in PERSONAL | {"sent", "withdraw?", "link over", "redirect", "corrected by the link", "withdrawn"}:
        assert "no-store" in walked[what].headers["Cache-Control"], what
        assert "public" not in walked[what].headers["Cache-Control"], what


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_no_page_that_gives_answers_back_may_be_stored_on_the_way(browser, monkeypatch, status):
    if status == 403:
        browser = Client(enforce_csrf_checks=True)
    monkeypatch.setattr(spam, "MOST_AN_HOUR", 0 if status == 429 else 60)
    if status >= 500:
        monkeypatch.setattr(receiving, "receive", raising(OperationalError if status == 503 else ValueError))
    response = send(browser, MARKED)
    assert response.status_code == status
    assert set(marks(response.content.decode())) >= ALL_MARKS - {"4960987"}
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/enquire/", "/enquire/withdrawn/", "/enquire/corrected/"])
def test_a_page_that_is_the_same_for_everybody_sets_no_cookie(browser, path):
    response = browser.get(path)
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")


def test_the_form_sets_exactly_one_cookie(browser):
    response = browser.get(FORM)
    (cookie,) = response.cookies.values()
    assert cookie.key == settings.CSRF_COOKIE_NAME
    assert (cookie["samesite"], bool(cookie["httponly"])) == ("Strict", True)
    assert marks(cookie.OutputString()) == []
    assert "public" not in response.headers["Cache-Control"]


def test_the_whole_way_sets_no_other_cookie(browser, clinic):
    enquiry = sent(browser, MARKED)
    for response in (browser.get(FORM), ask(browser), browser.get(f"/enquire/yours/{links.make_link(enquiry)}/")):
        assert set(response.cookies) == {settings.CSRF_COOKIE_NAME}
    assert set(browser.cookies) == {settings.CSRF_COOKIE_NAME}
    assert not browser.get(send(browser).url).cookies


@pytest.mark.parametrize("path", ["/enquire/form/", "/enquire/sent/x/", "/enquire/yours/x/", "/enquire/withdrawn/"])
def test_search_engines_are_asked_to_leave_these_pages_out(browser, path):
    response = browser.get(path)
    assert response.status_code == 404 or '<meta name="robots" content="noindex">' in response.content.decode()


# --- Faults -----------------------------------------------------------------------------------------------------

QUOTES = f"Failing row contains ({', '.join(str(value) for value in MARKED.values())})"


def raising(fault):
    def fail(*_, **__):
        cause = KeyError(QUOTES)
        raise fault(QUOTES) from cause

    return fail


@pytest.mark.parametrize("fault", [ValueError, RuntimeError, IntegrityError, OperationalError, UnicodeError])
def test_a_fault_that_quotes_the_answers_logs_only_its_kind_and_place(browser, monkeypatch, log, fault):
    monkeypatch.setattr(receiving, "receive", raising(fault))
    response = send(browser, MARKED)
    assert response.status_code in (500, 503)
    assert fault.__name__ in log()
    assert marks(log()) == []
    assert "Failing row" not in log() + response.content.decode()


@pytest.mark.parametrize("fault", [ValueError, IntegrityError, OperationalError])
@pytest.mark.parametrize("where", ["form", "correct", "withdraw"])
def test_a_fault_anywhere_else_on_the_way_logs_only_its_kind(browser, monkeypatch, log, where, fault):
    token = links.make_link(sent(browser, MARKED))
    path = f"/enquire/yours/{token}/"
    with monkeypatch.context() as broken:
        broken.setattr(receiving, "correct", raising(fault))
        broken.setattr(views.workflow, "make", raising(fault))
        broken.setattr(views.EnquiryForm, "is_valid", raising(fault))
        contact = {"do": "correct", "phone": MARKED["phone"], "voicemail": "no"}
        response = {
            "form": lambda: ask(browser, MARKED),
            "correct": lambda: browser.post(path, contact),
            "withdraw": lambda: browser.post(path, {"do": "withdraw-now"}),
        }[where]()
    assert response.status_code in (500, 503)
    assert fault.__name__ in log()
    assert marks(log()) == []
    assert token not in log()


@pytest.mark.parametrize("fault", [ValueError, OperationalError])
@pytest.mark.parametrize("where", ["sent", "yours"])
def test_a_private_address_is_not_logged_when_its_page_faults(browser, monkeypatch, log, where, fault):
    sealed = send(browser, MARKED).url
    path = {"sent": sealed, "yours": f"/enquire/yours/{links.make_link(Enquiry.objects.get())}/"}[where]
    secret = path.split("/")[-2]
    fail = raising(fault)
    monkeypatch.setattr(views, "render", fail)
    response = browser.get(path)
    assert response.status_code == (503 if fault is OperationalError else 500)
    assert fault.__name__ in log()
    assert secret not in log()
    assert marks(log()) == marks(response.content.decode()) == []


@pytest.mark.parametrize(
    "path",
    ["/enquire/yours/zqxjtoken/", "/enquire/sent/zqxjsealed/", "/enquire/zqxjname/", "/enquire/check/?zqxjname=1"],
)
@pytest.mark.parametrize("method", ["get", "post", "put"])
def test_no_address_is_logged_that_is_not_found_or_not_allowed(log, path, method):
    strict = Client(enforce_csrf_checks=True, raise_request_exception=False)
    getattr(strict, method)(path, HTTP_REFERER="http://testserver/zqxjname", HTTP_USER_AGENT="zqxjagent")
    getattr(strict, method)(path, HTTP_HOST="zqxjhost.example")
    assert marks(log()) == []


def test_a_fault_on_staffs_page_logs_only_its_kind(browser, django_user_model, monkeypatch, log):
    enquiry = sent(browser, MARKED)
    monkeypatch.setattr(enquiries_admin, "_state_of", raising(ValueError))
    response = staff_browser(django_user_model, RECEPTION).get(
        reverse("admin:enquiries_enquiry_change", args=[enquiry.pk])
    )
    assert response.status_code == 500
    assert "ValueError" in log()
    assert marks(log()) == marks(response.content.decode()) == []


@pytest.mark.parametrize("fault", [OSError, ConnectionRefusedError])
def test_a_mail_that_cannot_be_sent_logs_only_its_kind(browser, clinic, monkeypatch, log, fault):
    sent(browser, MARKED)
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", raising(fault))
    tick()
    assert fault.__name__ in log()
    assert marks(log()) == []
    assert marks(list(Outbox.objects.values())) == []


def crash(fault):
    """What Django's crash report is made from."""
    try:
        raising(fault)()
    except fault:
        return sys.exc_info()


# A report quotes the lines of the program around a fault: these stand far enough from crash().
def requests_that_crash(rf):
    headers = {"HTTP_COOKIE": "session=zqxjsession", "HTTP_REFERER": "http://testserver/zqxjreferer"}
    return {
        "form": rf.post(CHECK, posted(MARKED), **headers),
        "private link": rf.post("/enquire/yours/zqxjtoken/", {"email": MARKED["email"]}, **headers),
        "query": rf.get("/enquire/form/?zqxjquery=zqxjvalue", **headers),
    }


@pytest.mark.parametrize("form", ["text", "html"])
@pytest.mark.parametrize("what", ["form", "private link", "query"])
@pytest.mark.parametrize("fault", [ValueError, IntegrityError])
def test_a_crash_report_holds_nothing_of_the_person(rf, form, what, fault):
    request = requests_that_crash(rf)[what]
    assert request.POST or what == "query"  # it has been read, as the view does
    reporter = get_exception_reporter_class(request)(request, *crash(fault))
    report = reporter.get_traceback_text() if form == "text" else reporter.get_traceback_html()
    assert fault.__name__ in report
    found = marks(report)
    assert found == []


def test_djangos_own_crash_report_would_hold_all_of_it(rf):
    """The control of the test above."""
    request = requests_that_crash(rf)["form"]
    reporter = ExceptionReporter(request, *crash(ValueError))
    reporter.filter = SafeExceptionReporterFilter()
    assert set(marks(reporter.get_traceback_text())) >= ALL_MARKS - {"4960987"}


def test_nobody_is_mailed_a_crash_report(browser, monkeypatch):
    """Django would, to ADMINS, by its own handler."""
    assert DEFAULT_LOGGING["handlers"]["mail_admins"]  # the control: Django's own set-up has it
    assert settings.ADMINS == []
    monkeypatch.setattr(receiving, "receive", raising(ValueError))
    send(browser, MARKED)
    assert mail.outbox == []


def test_the_sealed_address_holds_the_reference_and_the_day_and_nothing_more(browser):
    response = send(browser, MARKED)
    enquiry = Enquiry.objects.get()
    payload = response.url.split("/")[-2].partition(":")[0]
    assert json.loads(signing.b64_decode(payload.encode())) == [enquiry.reference, enquiry.due_at.isoformat()]
    page = browser.get(response.url).content.decode()
    assert enquiry.reference in page
    assert marks(page) == []
    Enquiry.objects.update(reference="SIJ-GONE")
    assert enquiry.reference in browser.get(response.url).content.decode()  # nothing is looked up


@pytest.mark.parametrize("why", ["unknown", "past its time", "a newer one was sent", "closed", "erased"])
def test_a_link_that_opens_nothing_does_not_say_why(browser, why):
    enquiry = sent(browser, MARKED)
    token = links.make_link(enquiry)
    assert browser.get(f"/enquire/yours/{token}/").status_code == 200
    enquiry.refresh_from_db()
    if why == "past its time":
        Enquiry.objects.update(link_until=enquiry.created_at)
    if why == "a newer one was sent":
        links.make_link(enquiry)
    if why == "closed":
        workflow.make(enquiry, "withdrawn", version=enquiry.version, who=(workflow.PATIENT,))
    if why == "erased":
        erasing.erase(enquiry, why="request")
    path = f"/enquire/yours/{'x' * len(token) if why == 'unknown' else token}/"
    plain = browser.get("/enquire/yours/never-made/")
    for response in (browser.get(path), browser.post(path, {"do": "correct", "email": "x@b.cc"})):
        page = response.content.decode()
        assert response.status_code == plain.status_code == 404
        assert page.replace(path, "…") == plain.content.decode().replace("/enquire/yours/never-made/", "…")


@pytest.mark.parametrize(
    "change", [lambda s: s[:-1], lambda s: s + "x", lambda s: "x" + s, lambda s: s.swapcase(), lambda s: ""]
)
def test_a_sealed_address_that_was_changed_is_not_found(browser, change):
    sealed = send(browser, MARKED).url.split("/")[-2]
    assert browser.get(f"/enquire/sent/{change(sealed)}/").status_code == 404


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
