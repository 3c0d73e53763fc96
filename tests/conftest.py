"""What every test may use."""

import gc
import os
import shutil
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import TransactionTestCase

from siweb.articles.models import Article
from siweb.articles.rendering.document import Document
from siweb.articles.text.front_matter import read_bytes
from siweb.clinics.models import Clinic
from siweb.core import insert_only, page_roles, shared_texts
from siweb.enquiries.casework import workflow
from siweb.enquiries.intake.submission import receive
from siweb.enquiries.models import AddressCount, Enquiry
from tests.browser.engines import missing
from tests.support import prepared
from tests.support.mailserver import CLINIC, MailServer, set_mail_server
from tests.support.opened import ready  # noqa: F401  a fixture
from tests.support.serving import Site
from tests.support.snapshot import load_shipped_content

COMPULSORY = os.environ.get("BROWSER_TESTS") == "compulsory"
SOFFICE = shutil.which("soffice")
# The first that is installed. The headless shell has no window around its pages, which takes most of the processor's time.
CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"))), None
)


def pytest_configure(config):
    gc.set_threshold(20_000, 50, 50)  # as the server does: rows, forms and templates are thousands of small objects
    if prepared.begin():
        config.add_cleanup(prepared.end)


def pytest_collection_modifyitems(config, items):
    """Say plainly what a machine cannot run, leave the long forms to `make test-all`, and begin with what takes longest.

    TESTS=quick keeps one case of each test.
    """
    for item in items:
        if _starts_a_site(item):
            item.add_marker("server")
        if reason := _reason_to_skip(item):
            item.add_marker(pytest.mark.skip(reason=reason))
    if os.environ.get("TESTS") == "quick":
        first = {(item.path, item.originalname): item for item in reversed(items)}
        config.hook.pytest_deselected(items=[item for item in items if first[item.path, item.originalname] is not item])
        items[:] = [item for item in items if first[item.path, item.originalname] is item]
    # Workers share the files out in this order: what is short comes last, so that none works on alone at the end.
    items.sort(key=lambda item: not (item.get_closest_marker("browser") or item.get_closest_marker("server")))


def _starts_a_site(item):
    """Whether a test uses the running site that tests share; others in the same file may need none."""
    definitions = item._fixtureinfo.name2fixturedefs.get("site", ())
    return any(definition.scope == "session" for definition in definitions[-1:])


def _reason_to_skip(item):
    """Why this machine, or this form of the suite, does not run a test; "" where it does."""
    if item.get_closest_marker("full") and os.environ.get("TESTS") != "full":
        return "runs in make test-all"
    if COMPULSORY:
        return ""
    lacking = {
        "Chromium": item.get_closest_marker("browser") and not CHROMIUM,
        "LibreOffice": item.get_closest_marker("office") and not SOFFICE,
        item.get_closest_marker("engines") and missing(item.callspec.params["engine"]): True,
    }
    return next((f"{name} is not installed" for name, is_lacking in lacking.items() if name and is_lacking), "")


def pytest_collection_finish():
    """What was imported and collected stays: to look through it for garbage again and again took a seventh of the time."""
    gc.collect()
    gc.freeze()


def pytest_terminal_summary(terminalreporter):
    """Say what this run did not try, beside the reasons of the tests that it skipped."""
    other = {"sqlite": "PostgreSQL (DATABASE_URL was not set)", "postgresql": "SQLite (DATABASE_URL was set)"}
    terminalreporter.write_line(f"Database: {connection.vendor}. Not tried in this run: {other[connection.vendor]}.")


@pytest.fixture(autouse=True, scope="session")
def _flush_may_empty_insert_only_tables():
    """Only here are the triggers lifted: to empty the test database between tests. The flush makes them again."""
    flush = TransactionTestCase._fixture_teardown

    def lift_then_flush(self):
        drop_triggers()
        flush(self)

    TransactionTestCase._fixture_teardown = lift_then_flush
    yield
    TransactionTestCase._fixture_teardown = flush


def drop_triggers():
    with connection.cursor() as cursor:
        for table in insert_only.INSERT_ONLY:
            for statement in insert_only.drops(connection.vendor, table):
                cursor.execute(statement)


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    """A running site with the articles that we ship, for tests that only read from it."""
    with Site.start(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture
def editor(django_user_model):
    return with_role(django_user_model, "edith", "Editors", "Editor")


@pytest.fixture
def second_editor(django_user_model):
    return with_role(django_user_model, "eve", "Editors", "Editor")


@pytest.fixture
def clinician(django_user_model):
    return with_role(django_user_model, "clara", "Clinicians", "Clinician")


NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

SAID = {
    "who": "me",
    **dict.fromkeys(("asker", "relation", "knows", "ring", "language", "words", "consent", "phone_note"), ""),
    "name": "Maria Example",
    "phone": "+441614960000",
    "phone_raw": "0161 496 0000",
    "phone_doubtful": False,
    "email": "maria@example.org",
    "first": "phone",
    "voicemail": "yes",
    "times": ["morning"],
    "place_id": None,
    "needs": [],
    "tell": [],
}


@pytest.fixture
def make_enquiry(db):
    """make_enquiry(tell=["diabetes"]) is an enquiry as the form stores it; reason="trap" one that a machine marked."""

    def make(reason="", **said):
        return receive(uuid.uuid4(), SAID | said, clinic=Clinic.current(), address="192.0.2.1", reason=reason)

    return make


@pytest.fixture
def aged(make_enquiry, reception):
    """aged("closed", days=200) is an enquiry in that state whose last activity was so long ago."""

    def bring(state, before=NOON, *, confirmed=False, hold="", **ago):
        enquiry = make_enquiry(reason="trap" if state == Enquiry.State.SPAM else "")
        AddressCount.objects.all().delete()  # all come from one address, and more than may
        owner = reception if state in workflow.WORKED_ON else None
        Enquiry.objects.filter(pk=enquiry.pk).update(
            state=state,
            owner=owner,
            outcome="no_response" if state == Enquiry.State.CLOSED else "",
            follow_up_at=NOON if state == Enquiry.State.WAITING else None,
            spam_confirmed=confirmed,
            hold_reason=hold,
            hold_review=NOON.date() if hold else None,
            last_activity_at=before - timedelta(**ago),
            created_at=before - timedelta(days=2000) + timedelta(seconds=Enquiry.objects.count()),  # in order
        )
        enquiry.refresh_from_db()
        return enquiry

    return bring


@pytest.fixture
def reception(django_user_model):
    """A receptionist with her rights."""
    return with_role(django_user_model, "rita", "Reception")


@pytest.fixture
def desk(client, reception):
    """The browser of a receptionist who has signed in."""
    client.force_login(reception)
    return client


@pytest.fixture
def caller(django_user_model):
    """A clinician with the right to see what was ticked."""
    return with_role(django_user_model, "carl", "Clinicians")


@pytest.fixture
def manager(django_user_model):
    """A practice manager with her rights."""
    return with_role(django_user_model, "mia", "Practice managers", "Manager")


def with_role(users, name, role, last_name=""):
    user = users.objects.create_user(name, first_name=name.title(), last_name=last_name or role, is_staff=True)
    user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def mail_server(settings):
    """A mail server that the site in this process sends to."""
    with MailServer() as server:
        set_mail_server(settings, server.port)
        yield server


@pytest.fixture
def clinic(db):
    """The clinic with a mailbox."""
    clinic = Clinic.current()
    clinic.email = CLINIC
    clinic.save()
    return clinic


@pytest.fixture
def content(tmp_path):
    """A folder of article files: content("anatomy", body="…") writes one, content.folder is where they are."""
    folder = tmp_path / "articles"
    folder.mkdir()

    def write(slug, body="Some words.\n", **front):
        (folder / f"{slug}.md").write_text(article_file(body, **front), encoding="utf-8")
        return folder

    write.folder = folder
    return write


def article_file(body="Some words.\n", **front):
    """The text of an article's file."""
    front = {"title": "A title", "summary": "A summary.", "kind": "topic"} | front
    lines = [f"{key}: {value}" for key, value in front.items()]
    return "\n".join(["---", *lines, "---", "", body])


@pytest.fixture(autouse=True)
def _no_texts_of_another_test():
    """Sites of different tests can have the same version."""
    shared_texts.forget()
    page_roles.forget()


@pytest.fixture
def signs(monkeypatch, settings):
    """The warning signs that we ship, for a site without articles."""
    file = settings.CONTENT_DIR / "articles" / "warning-signs.md"
    found = Document(read_bytes(file.read_bytes())).signs
    monkeypatch.setattr(shared_texts, "signs", lambda: found)
    return found


@pytest.fixture
def shipped(db):
    """The site with the articles that we ship."""
    load_shipped_content()
    return {article.slug: article for article in Article.objects.published()}
