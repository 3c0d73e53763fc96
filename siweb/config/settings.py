"""Every setting of the site, in one file, read from the environment (docs/operations.md has the table).

SITE_URL is the one switch: without it this is a local site over SQLite that needs no configuration; an
https:// address turns on everything that a public site needs, and refuses to start without it.
"""

import sqlite3
import sys
from pathlib import Path
from urllib.parse import quote, urlsplit

from . import environment as read

BASE_DIR = Path(__file__).resolve().parents[2]
read.read_dotenv(BASE_DIR / ".env")
DATA_DIR = Path(read.read_text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
CONTENT_DIR = BASE_DIR / "content"
PORT = read.read_number("PORT", 8000, 1, 65535)
SITE_URL = read.read_site_url("SITE_URL")
PUBLIC = SITE_URL.startswith("https://")
SITE_ROOT = SITE_URL or f"http://127.0.0.1:{PORT}"  # what addresses begin with

DEBUG = False
SECRET_KEY = read.read_secret_key(DATA_DIR, local=not PUBLIC)
ALLOWED_HOSTS = [urlsplit(SITE_URL).hostname] if PUBLIC else ["localhost", "127.0.0.1", "[::1]"]
USE_X_FORWARDED_HOST = False
FORCE_SCRIPT_NAME = ""  # the site is at the root of its host, whatever a header says

# How old may be what a server process keeps in memory of what readers see; on a writer's own machine, nothing is old.
MEMORY_SECONDS = 1.0 if SITE_URL else 0.0

# Proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; gunicorn's configuration reads it too.
PROXIES = read.read_list("PROXIES", "127.0.0.1,::1")

INSTALLED_APPS = [
    "siweb.accounts.apps.StaffAdminConfig",  # django.contrib.admin with our own site
    "siweb.accounts.apps.StaffAuthConfig",  # django.contrib.auth as staff know it
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.forms",  # its templates, beside our own widget's
    "markdownx",
    "siweb.core",
    "siweb.accounts",
    "siweb.clinics",
    "siweb.articles",
    "siweb.enquiries",
    "siweb.launch",
    "siweb.operations",
]

MIDDLEWARE = [
    # First, so that errors, redirects and static files carry their headers too.
    "siweb.website.middleware.security_headers",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "siweb.website.middleware.body_limit",  # before anything that would read a body
    "siweb.website.middleware.outage",
    "django.middleware.common.CommonMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",  # for staff: a page that does not ask for it sets no cookie
    "django.middleware.csrf.CsrfViewMiddleware",  # sets its cookie only where a page has a form that needs it
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "siweb.accounts.session_timeout.sessions",
    "django.contrib.messages.middleware.MessageMiddleware",
]

ROOT_URLCONF = "siweb.config.urls"
WSGI_APPLICATION = "siweb.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,  # the admin's
        "OPTIONS": {
            "context_processors": [
                "siweb.website.context_processors.page_frame",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# --- Database -------------------------------------------------------------------------------------
# Only these two may make a missing SQLite file: a web process that finds none must say so (503) and
# not go on with an empty site.
_creates_database = sys.argv[1:2] in (["migrate"], ["serve"])
_sqlite_mode = "rwc" if _creates_database else "rw"

# Up to 3.51.2 two connections can corrupt a WAL database at a checkpoint (fixed on 13 March 2026).
# FULL, because simulated power cuts lost acknowledged rows with NORMAL and with Django's own default.
# secure_delete, so that what was erased is not left in free pages. No cache_spill, because a long import would
# write before its end, and shut every reader out until then (8 s with 1,000 articles).
_journal = "WAL" if sqlite3.sqlite_version_info >= (3, 51, 3) else "TRUNCATE"

DATABASES = {
    "default": read.read_database(
        "DATABASE_URL",
        sqlite={
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": f"file:{quote(str(DATA_DIR / 'site.sqlite3'))}?mode={_sqlite_mode}",
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",  # a write never fails half-way for a lock it could have waited for
                "timeout": 20,
                "init_command": f"PRAGMA journal_mode={_journal}; PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; "
                "PRAGMA cache_spill=OFF;",
            },
        },
    )
}
if DATABASES["default"]["ENGINE"].endswith("postgresql"):
    DATABASES["default"].setdefault("OPTIONS", {})["connect_timeout"] = 3

# --- Language, time, files --------------------------------------------------------------------------
LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = False
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # there is no media folder
    "staticfiles": {"BACKEND": "siweb.core.static_files.HashedStaticFilesStorage"},
}

# --- Security -----------------------------------------------------------------------------------------
BODY_LIMIT = 64 * 1024  # bytes of one request's body
STAFF_BODY_LIMIT = (
    6 * 1024 * 1024
)  # of what staff send who are signed in: a picture, or an article with its marks escaped
DATA_UPLOAD_MAX_MEMORY_SIZE = (
    STAFF_BODY_LIMIT  # siweb/website/middleware.py refuses what is too long before anything is read
)
FILE_UPLOAD_MAX_MEMORY_SIZE = STAFF_BODY_LIMIT  # a picture is never written to a temporary file
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
DATA_UPLOAD_MAX_NUMBER_FILES = 1

X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# Readers get no cookie. Staff's session cookie makes the page cache step aside.
_cookie_prefix = "__Host-" if PUBLIC else ""
SESSION_COOKIE_NAME = f"{_cookie_prefix}session"
CSRF_COOKIE_NAME = f"{_cookie_prefix}csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC
CSRF_COOKIE_AGE = 24 * 3600  # as the privacy notice says
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 12 * 3600  # siweb/accounts/session_timeout.py ends them earlier
LOGIN_URL, LOGIN_REDIRECT_URL = "admin:login", "admin:index"

# How staff sign in: siweb/accounts/lockout.py counts tries, siweb/accounts/two_factor.py asks for the code.
AUTHENTICATION_BACKENDS = ["siweb.accounts.lockout.LockoutBackend"]
OTP_TOTP_ISSUER = "SI Joint Clinic"
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # its delays double without end; ours are the lock-out's
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600  # of a link to choose a password
PASSWORD_HASHERS = ["siweb.accounts.hashers.QueuedArgon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in (
        ("MinimumLengthValidator", {"min_length": 15}),
        ("CommonPasswordValidator", {}),
        ("UserAttributeSimilarityValidator", {}),
    )
]
CSRF_FAILURE_VIEW = "siweb.website.errors.forbidden"

SILENCED_SYSTEM_CHECKS = []
if PUBLIC:
    SECURE_SSL_REDIRECT = True  # gunicorn believes X-Forwarded-Proto from PROXIES only
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = read.read_flag("HSTS_SUBDOMAINS")
    SECURE_HSTS_PRELOAD = read.read_flag("HSTS_PRELOAD")
    # Other sites on subdomains, and a promise to browser makers, are the owner's to decide.
    if not SECURE_HSTS_INCLUDE_SUBDOMAINS:
        SILENCED_SYSTEM_CHECKS.append("security.W005")
    if not SECURE_HSTS_PRELOAD:
        SILENCED_SYSTEM_CHECKS.append("security.W021")

# What each person has to do, on the first page of the staff: modules with a function sections(user), in this order.
DASHBOARD_SECTIONS = [
    "siweb.operations.dashboard",
    "siweb.enquiries.staff.dashboard",
    "siweb.launch.dashboard",
    "siweb.articles.staff.dashboard",
]

# --- The editor: django-markdownx, whose own views are never reached ----------------------------------
MARKDOWNX_MARKDOWNIFY_FUNCTION = "siweb.articles.editorial.publishing.markdownify"
MARKDOWNX_URLS_PATH = "/admin/articles/article/preview/"
MARKDOWNX_UPLOAD_URLS_PATH = "/admin/articles/picture/upload/"
MARKDOWNX_UPLOAD_MAX_SIZE = 5 * 1024 * 1024
MARKDOWNX_UPLOAD_CONTENT_TYPES = ["image/jpeg", "image/png", "image/webp"]
MARKDOWNX_IMAGE_MAX_SIZE = {"size": (1600, 1600), "quality": 85}
MARKDOWNX_SKIP_RESIZE = []
MARKDOWNX_EDITOR_RESIZABLE = False
MARKDOWNX_SERVER_CALL_LATENCY = 800  # milliseconds

# --- Mail and logs ------------------------------------------------------------------------------------
globals().update(read.read_mail("EMAIL_URL"))
DEFAULT_FROM_EMAIL = read.read_text("EMAIL_FROM", "")

DEFAULT_EXCEPTION_REPORTER = "siweb.core.exception_reporter.TerseReporter"

# To the terminal only, and never a request's query, body or address: those can name a patient.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "terse": {"()": "siweb.core.logging.Terse", "format": "{asctime} {levelname} {name}: {message}", "style": "{"}
    },
    "filters": {"without_path": {"()": "siweb.core.logging.WithoutPath"}},
    "handlers": {"terminal": {"class": "logging.StreamHandler", "formatter": "terse", "filters": ["without_path"]}},
    "root": {"handlers": ["terminal"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "WARNING", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.security": {"level": "ERROR"},
        "django.security.DisallowedHost": {"level": "CRITICAL"},  # any scanner can fill a log with these
    },
}
