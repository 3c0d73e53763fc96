"""The application that gunicorn runs: the page cache, and Django behind it."""

import os
from urllib.parse import urlsplit

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "siweb.config.settings")
_django = get_wsgi_application()

from django.conf import settings  # noqa: E402  only now are the settings ready
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from siweb.articles.importing.autoreload import follow_files  # noqa: E402
from siweb.articles.search.live_index import shelf  # noqa: E402
from siweb.core.models import SiteVersion  # noqa: E402
from siweb.website.page_cache import PageCache  # noqa: E402


def _version():
    """What every page depends on: the site's version, and the day, for "today's hours"."""
    try:
        return SiteVersion.current(), timezone.localdate()
    finally:
        connection.close()


def _hosts():
    if settings.SITE_URL:
        return [urlsplit(settings.SITE_URL).netloc]
    return [f"{host}:{settings.PORT}" for host in settings.ALLOWED_HOSTS]


application = PageCache(
    _django,
    hosts=_hosts(),
    staff_cookie=settings.SESSION_COOKIE_NAME,
    uncached=(settings.STATIC_URL, "/pictures/"),  # compressed already, and kept by browsers for ever
    queries={"/search/": {"q"}, "/admin/": None},  # tests/website/test_queries.py looks for views that read another
    version=_version,
    moved=shelf.rebuild_soon,
    seconds=settings.MEMORY_SECONDS,
)
if not settings.SITE_URL:  # a writer's own machine: an edited file shows on the next reload
    application = follow_files(application, settings.CONTENT_DIR / "articles")
