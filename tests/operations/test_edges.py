"""What newcomers and browsers try first: a fault in the environment, a .env file, HEAD, and addresses that browsers ask for."""

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from siweb.config import environment as read
from siweb.operations.management.commands import demo
from tests.operations.test_settings import manage

NONSENSE = {
    "DATABASE_URL": "nonsense",
    "SITE_URL": "clinic.example",
    "EMAIL_URL": "nonsense",
    "PORT": "eighty",
    "DATA_DIR": "/proc/no/such",
    "SECRET_KEY": "short",
}


@pytest.mark.parametrize("name", NONSENSE)
@pytest.mark.parametrize("command", ["check", "serve"])
def test_a_fault_in_the_environment_ends_in_one_sentence(tmp_path, name, command):
    done = manage(command, **({"tmp_path": tmp_path} | {name: NONSENSE[name]}))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert name.partition("_")[0].lower() in done.stderr.lower()


def test_the_traceback_is_there_for_whoever_asks(tmp_path):
    done = manage("check", "--traceback", tmp_path=tmp_path, PORT="eighty")
    assert "Traceback" in done.stderr


# --- .env -------------------------------------------------------------------------------------------


@pytest.fixture
def dotenv(tmp_path, monkeypatch):
    """dotenv("A=b") writes a .env file, reads it, and returns what reader("NAME") then says."""
    monkeypatch.delenv("SITE_URL", raising=False)
    monkeypatch.setenv("SITE_TESTED", "before")
    monkeypatch.delenv("SITE_TESTED_TOO", raising=False)

    def write(text):
        path = tmp_path / ".env"
        path.write_bytes(text)
        read.read_dotenv(path)
        return read.read_text

    return write


def test_a_local_site_reads_it_and_the_environment_comes_first(dotenv, monkeypatch):
    reader = dotenv(b"SITE_TESTED=after\nSITE_TESTED_TOO=new\n")
    assert (reader("SITE_TESTED"), reader("SITE_TESTED_TOO")) == ("before", "new")
    monkeypatch.setenv("SITE_TESTED_TOO", "")  # so that it is taken out again afterwards


def test_a_public_site_does_not_read_it(dotenv, monkeypatch):
    monkeypatch.setenv("SITE_URL", "https://clinic.example")
    assert dotenv(b"SITE_TESTED_TOO=new\n")("SITE_TESTED_TOO") == ""


@pytest.mark.parametrize("text", [b"SITE_URL=https://clinic.example\n", b"\xff\xfe\x00"])
def test_one_that_makes_no_sense_is_refused_with_a_sentence(dotenv, text):
    with pytest.raises(ImproperlyConfigured, match=r"^\.env "):
        dotenv(text)


# --- What browsers and scanners ask for ---------------------------------------------------------------


@pytest.mark.django_db
def test_the_icon_and_the_manifest_are_there(client):
    icon = client.get("/favicon.ico")
    assert (icon.status_code, icon["Location"]) == (302, "/static/favicon.ico")
    manifest = client.get("/site.webmanifest")
    assert manifest["Content-Type"] == "application/manifest+json"
    assert [each["src"] for each in json.loads(manifest.content)["icons"]] == [
        "/static/icon-192.png",
        "/static/favicon.svg",
    ]
    assert '<link rel="manifest" href="/site.webmanifest">' in client.get("/").content.decode()


def test_a_password_manager_finds_where_to_change_the_password(client):
    answer = client.get("/.well-known/change-password")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/password/")


HEADS = [
    "/",
    "/guide/causes/",
    "/search/?q=jab",
    "/enquire/form/",
    "/enquire/yours/x/",
    "/admin/login/",
    "/nothing/at/all/",
]


def test_head_writes_nothing_to_the_log(site):
    before = site.log()
    for path in HEADS:
        site.get(path, method="HEAD")
    assert site.log() == before


# --- The demonstration ---------------------------------------------------------------------------------


def test_the_demonstration_names_the_address_that_the_site_is_on(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    assert demo._address_of_staff_pages() == "http://127.0.0.1:8000/admin/"
    (tmp_path / "address").write_text("http://127.0.0.1:8123")
    assert demo._address_of_staff_pages() == "http://127.0.0.1:8123/admin/"
