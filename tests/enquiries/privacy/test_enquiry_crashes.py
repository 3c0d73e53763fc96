"""A fault tells its kind and its place, and nothing of what somebody wrote."""

import sys

import pytest
from django.conf import settings
from django.core import mail
from django.db import IntegrityError, OperationalError
from django.test import Client
from django.urls import reverse
from django.utils.log import DEFAULT_LOGGING
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter, get_exception_reporter_class

from siweb.clinics.models import Clinic
from siweb.enquiries.casework import timeline
from siweb.enquiries.intake import private_links, submission, views
from siweb.enquiries.mail.outbox import Outbox
from siweb.enquiries.models import Enquiry
from siweb.operations.management.commands.tick import tick
from tests.support.enquiring import CHECK, ask, posted, send, sent
from tests.support.marking import ALL_MARKS, MARKED, logged, marks, raising

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    """A browser that is shown the page for a fault, as readers are."""
    return Client(raise_request_exception=False)


@pytest.fixture
def log():
    """What is written while a test runs."""
    with logged() as log:
        yield log


def staffs_page(browser, user, enquiry):
    browser.force_login(user)
    return browser.get(reverse("admin:enquiries_enquiry_change", args=[enquiry.pk]))


@pytest.mark.parametrize("fault", [ValueError, RuntimeError, IntegrityError, OperationalError, UnicodeError])
def test_a_fault_that_quotes_the_answers_logs_only_its_kind_and_place(browser, monkeypatch, log, fault):
    monkeypatch.setattr(submission, "receive", raising(fault))
    response = send(browser, MARKED)
    assert response.status_code in (500, 503)
    assert fault.__name__ in log()
    assert marks(log()) == []
    assert "Failing row" not in log() + response.content.decode()


@pytest.mark.parametrize("fault", [ValueError, IntegrityError, OperationalError])
@pytest.mark.parametrize("where", ["form", "correct", "withdraw"])
def test_a_fault_anywhere_else_on_the_way_logs_only_its_kind(browser, monkeypatch, log, where, fault):
    token = private_links.make_link(sent(browser, MARKED))
    path = f"/enquire/yours/{token}/"
    with monkeypatch.context() as broken:
        broken.setattr(submission, "correct", raising(fault))
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
    path = {"sent": sealed, "yours": f"/enquire/yours/{private_links.make_link(Enquiry.objects.get())}/"}[where]
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


def test_a_fault_on_staffs_page_logs_only_its_kind(browser, reception, monkeypatch, log):
    enquiry = sent(browser, MARKED)
    monkeypatch.setattr(timeline, "of_mail", raising(ValueError))
    response = staffs_page(browser, reception, enquiry)
    assert response.status_code == 500
    assert "ValueError" in log()
    assert marks(log()) == marks(response.content.decode()) == []


@pytest.mark.parametrize("fault", [OSError, ConnectionRefusedError])
def test_a_mail_that_cannot_be_sent_logs_only_its_kind(browser, monkeypatch, log, fault):
    Clinic.objects.update(email="desk@clinic.example")
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
    monkeypatch.setattr(submission, "receive", raising(ValueError))
    send(browser, MARKED)
    assert mail.outbox == []


def test_what_cannot_be_written_down_is_not_shown(browser, reception, monkeypatch, log):
    """Who looks is on record first: when that fails, nothing of the person is seen."""
    enquiry = sent(browser, MARKED)

    def fail(*_, **__):
        raise OperationalError("zqxjname is locked")

    monkeypatch.setattr(Enquiry, "record", fail)
    response = staffs_page(browser, reception, enquiry)
    assert response.status_code == 503
    assert marks(response.content.decode()) == marks(log()) == []
