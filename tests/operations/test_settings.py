"""The environment is read by readers that refuse nonsense, and SITE_URL switches everything that a public site needs."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from siweb.config import environment as read

KEY = "a-long-key-for-tests" * 3
PUBLIC = {"SITE_URL": "https://clinic.example", "SECRET_KEY": KEY}


def manage(*arguments, tmp_path, **environ):
    """Run manage.py as an owner would, with nothing in the environment but what is given."""
    clean = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=clean | {"DATA_DIR": str(tmp_path)} | environ,
        capture_output=True,
        text=True,
        timeout=100,
    )


@pytest.mark.parametrize(
    ("reader", "value", "wanted"),
    [
        (read.read_flag, "yes", True),
        (read.read_flag, "NO", False),
        (read.read_flag, "", False),
        (read.read_flag, "1", None),
        (read.read_flag, "true", None),
        (lambda name: read.read_number(name, 8000, 1, 65535), "8001", 8001),
        (lambda name: read.read_number(name, 8000, 1, 65535), "0", None),
        (lambda name: read.read_number(name, 8000, 1, 65535), "65536", None),
        (lambda name: read.read_number(name, 8000, 1, 65535), "eighty", None),
        (lambda name: read.read_number(name, 8000, 1, 65535), "²", None),
        (read.read_list, "a, b,,c ", ["a", "b", "c"]),
        (read.read_site_url, "", ""),
        (read.read_site_url, "https://clinic.example/", "https://clinic.example"),
        (read.read_site_url, "https://clinic.example:8443", "https://clinic.example:8443"),
        (read.read_site_url, "http://localhost:8000", "http://localhost:8000"),
        (read.read_site_url, "http://clinic.example", None),
        (read.read_site_url, "clinic.example", None),
        (read.read_site_url, "https://clinic.example/site", None),
        (read.read_site_url, "https://me@clinic.example", None),
        (read.read_site_url, "ftp://clinic.example", None),
        (read.read_site_url, "https://clinic.example:port", None),
        (read.read_mail, "nonsense", None),
        (read.read_mail, "http://mail.example", None),
        (lambda name: read.read_database(name, sqlite={"the": "file"}), "", {"the": "file"}),
        (lambda name: read.read_database(name, sqlite={}), "nonsense", None),
        (lambda name: read.read_database(name, sqlite={}), "mysql://me@host/name", None),
    ],
)
def test_a_reader_takes_what_makes_sense_and_says_how_to_fix_the_rest(monkeypatch, reader, value, wanted):
    monkeypatch.setenv("VARIABLE", value)
    if wanted is None:
        with pytest.raises(ImproperlyConfigured, match="VARIABLE"):
            reader("VARIABLE")
    else:
        assert reader("VARIABLE") == wanted


def test_mail_settings_come_from_one_address(monkeypatch):
    monkeypatch.setenv("EMAIL_URL", "smtp+tls://user:secret@mail.example:587")
    mail = read.read_mail("EMAIL_URL")
    assert mail["EMAIL_HOST"] == "mail.example"
    assert mail["EMAIL_USE_TLS"] is True


def test_a_local_site_makes_its_own_key_and_keeps_it(monkeypatch, tmp_path):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    key = read.read_secret_key(tmp_path, local=True)
    assert len(key) >= 50
    assert read.read_secret_key(tmp_path, local=True) == key
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({}, "a secret key is needed"),
        ({"SECRET_KEY": "short"}, "shorter than 50"),
        ({"SECRET_KEY_FILE": "/nowhere"}, "cannot be read"),
        ({"SECRET_KEY": KEY, "SECRET_KEY_FILE": "/nowhere"}, "Keep one of them"),
    ],
)
def test_a_public_site_refuses_to_start_without_a_good_key(monkeypatch, tmp_path, environ, said):
    for name in ("SECRET_KEY", "SECRET_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=said):
        read.read_secret_key(tmp_path, local=False)


def test_a_key_may_come_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "key").write_text(f"{KEY}\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    monkeypatch.setenv("SECRET_KEY_FILE", str(tmp_path / "key"))
    assert read.read_secret_key(tmp_path, local=False) == KEY


@pytest.mark.slow
def test_the_deployment_checks_are_clean_for_a_public_site(tmp_path):
    done = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **PUBLIC)
    assert done.returncode == 0, done.stderr
    assert "2 silenced" in done.stdout  # W005 and W021, beside their reason


@pytest.mark.slow
def test_an_owner_may_ask_for_the_silenced_ones(tmp_path):
    asked = PUBLIC | {"HSTS_SUBDOMAINS": "yes", "HSTS_PRELOAD": "yes"}
    done = manage("check", "--deploy", "--fail-level", "WARNING", tmp_path=tmp_path, **asked)
    assert "0 silenced" in done.stdout


@pytest.mark.slow
def test_a_local_site_is_told_that_it_is_not_public(tmp_path):
    assert "siweb.W002" in manage("check", "--deploy", tmp_path=tmp_path).stderr


@pytest.mark.parametrize(
    ("environ", "id"),
    [
        ({"EMAIL_URL": "smtp://mail.example:25"}, "siweb.E001"),
        ({"DATA_DIR": "/nowhere/at/all", "SECRET_KEY": KEY}, "siweb.E002"),
        ({**PUBLIC, "PROXIES": " "}, "siweb.W001"),
    ],
)
def test_a_configuration_mistake_has_an_id_and_a_fix(tmp_path, environ, id):
    done = manage("check", "--deploy", tmp_path=tmp_path, **environ)
    assert id in done.stderr
    assert "HINT" in done.stderr


def test_a_nonsense_variable_stops_the_start_with_one_sentence(tmp_path):
    done = manage("check", tmp_path=tmp_path, PORT="eighty")
    assert done.returncode != 0
    assert 'PORT is "eighty". Set it to a whole number' in done.stderr


@pytest.mark.slow
def test_a_public_site_has_every_protection(tmp_path):
    names = ["SECURE_SSL_REDIRECT", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "ALLOWED_HOSTS", "DEBUG"]
    code = f"from django.conf import settings; import json; print(json.dumps([getattr(settings, n) for n in {names}]))"
    done = manage("shell", "--no-imports", "-c", code, tmp_path=tmp_path, **PUBLIC)
    assert json.loads(done.stdout) == [True, True, True, ["clinic.example"], False]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's own settings")
def test_sqlite_keeps_what_it_has_acknowledged_and_forgets_what_was_erased(db):
    def pragma(name):
        return connection.cursor().execute(f"PRAGMA {name}").fetchone()[0]

    assert pragma("synchronous") == 2  # FULL
    assert pragma("secure_delete") == 1
    assert connection.transaction_mode == "IMMEDIATE"


@pytest.mark.parametrize(("version", "journal"), [("3.40.1", "TRUNCATE"), ("3.51.2", "TRUNCATE"), ("3.51.3", "WAL")])
def test_wal_is_used_only_where_it_cannot_corrupt(tmp_path, version, journal):
    info = tuple(map(int, version.split(".")))
    code = f"import sqlite3; sqlite3.sqlite_version_info = {info}; from siweb.config import settings; print(settings.DATABASES)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert f"journal_mode={journal};" in done.stdout, done.stderr
