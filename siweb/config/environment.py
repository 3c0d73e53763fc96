"""Typed readers of the environment.

A value that makes no sense stops the start with a sentence that says how to fix it: a site that
guesses what its owner meant is found out by a patient.
"""

import contextlib
import os
import re
import secrets
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def read_dotenv(path):
    """Read a local site's settings from a .env file. What the environment has is not replaced, and a public site needs none.

    Raises ImproperlyConfigured for a file that cannot be read, or that would make the site public.
    """
    if "SITE_URL" in os.environ or not path.exists():
        return
    try:
        environ.Env.read_env(path)
    except (OSError, UnicodeDecodeError) as problem:
        raise ImproperlyConfigured(f".env cannot be read: {problem}. Fix it, or remove it.") from None
    if os.environ.pop("SITE_URL", ""):
        raise ImproperlyConfigured(
            ".env sets SITE_URL, but it is for a local site only. Set SITE_URL in the environment of the public site."
        )


def read_text(name, default=""):
    return env.str(name, default=default).strip()


def read_flag(name):
    """True for "yes", False for "no" or nothing."""
    value = read_text(name).lower()
    if value not in ("", "yes", "no"):
        raise ImproperlyConfigured(f'{name} is "{value}". Set it to yes or no, or leave it out.')
    return value == "yes"


def read_number(name, default, lowest, highest):
    value = read_text(name, str(default))
    if not value.isascii() or not value.isdigit() or not lowest <= int(value) <= highest:
        raise ImproperlyConfigured(f'{name} is "{value}". Set it to a whole number from {lowest} to {highest}.')
    return int(value)


def read_list(name, default=""):
    return [part.strip() for part in read_text(name, default).split(",") if part.strip()]


def read_site_url(name):
    """The public address, "https://clinic.example" or "" for a local site; no path, no trailing slash."""
    value = read_text(name).rstrip("/")
    if not value:
        return ""
    parts = urlsplit(value)
    bare = re.fullmatch(r"https?://[a-z0-9.-]+(:\d{1,5})?", value) is not None
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        raise ImproperlyConfigured(
            f'{name} is "{value}". Set it to the address that patients type, such as https://www.example.org, '
            "with no path, or leave it out for a local site."
        )
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1"):
        raise ImproperlyConfigured(f'{name} is "{value}". A site that others can reach must start with https://.')
    return value


def read_database(name, sqlite):
    """Django's settings for the PostgreSQL database that a URL names, or the given ones for SQLite without a URL."""
    if not read_text(name):
        return sqlite
    if urlsplit(read_text(name)).scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(
            f"{name} does not name a PostgreSQL database. Use postgres://user:password@host:port/name, "
            "or leave it out for SQLite."
        )
    return env.db(name)


def read_mail(name):
    """Django's EMAIL_ settings from smtp://user:password@host:port, smtp+tls:// or smtp+ssl://."""
    url = read_text(name)
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    if urlsplit(url).scheme not in ("smtp", "smtp+tls", "smtp+ssl") or not urlsplit(url).hostname:
        raise ImproperlyConfigured(f"{name} does not name a mail server. Use smtp+tls://user:password@host:587.")
    mail = env.email(name)
    return {key: value for key, value in mail.items() if key.startswith("EMAIL_")} | {"EMAIL_TIMEOUT": 10}


def read_secret_key(data_dir, local):
    """SECRET_KEY, or the content of SECRET_KEY_FILE, or, on a local site only, a generated key kept in data_dir."""
    key, key_file = read_text("SECRET_KEY"), read_text("SECRET_KEY_FILE")
    if key and key_file:
        raise ImproperlyConfigured("Both SECRET_KEY and SECRET_KEY_FILE are set. Keep one of them.")
    if key_file:
        try:
            key = Path(key_file).read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as problem:
            raise ImproperlyConfigured(
                f"SECRET_KEY_FILE cannot be read: {problem}. Fix its path or its rights."
            ) from None
    if key:
        if len(key) < 50 or len(set(key)) < 5:
            raise ImproperlyConfigured(
                "The secret key is shorter than 50 characters, or says the same again and again. Make one with: "
                'python -c "import secrets; print(secrets.token_urlsafe(50))"'
            )
        return key
    if not local:
        raise ImproperlyConfigured(
            "SITE_URL is set, so a secret key is needed. Put one into SECRET_KEY or into a file named by SECRET_KEY_FILE. "
            'Make one with: python -c "import secrets; print(secrets.token_urlsafe(50))"'
        )
    return _generated_key(Path(data_dir) / "secret_key")


def _generated_key(path):
    """The key in the file, made first where there is none; whole from the first moment that others can see it."""
    try:
        return _read_or_make_key(path)
    except OSError as problem:
        raise ImproperlyConfigured(
            f"DATA_DIR is {path.parent}, and cannot be used: {problem.strerror}. Name a folder that can be written to."
        ) from None


def _read_or_make_key(path):
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent, encoding="ascii") as draft:
            draft.write(secrets.token_urlsafe(50))
            draft.flush()
            with contextlib.suppress(FileExistsError):  # another process was first: its key is the key
                os.link(draft.name, path)
    return path.read_text(encoding="ascii").strip()
