"""One real site and one real Chromium for every test in this folder."""

import os
import xml.etree.ElementTree as ET

import pytest
from django.db import connections
from playwright.sync_api import sync_playwright

from tests.browser.engines.fixtures import display, each_engine, engine  # noqa: F401  fixtures
from tests.browser.windows import Windows
from tests.conftest import CHROMIUM
from tests.support.serving import Site
from tests.support.staffing import cookie_of

# Without these it asks for hosts of its maker's at every start.
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# What staff's pages are looked at in: width and colours. All four in make test-all, one in make test.
WINDOWS = [
    (390, "light"),
    *(pytest.param(*window, marks=pytest.mark.full) for window in ((1280, "dark"), (390, "dark"), (1280, "light"))),
]

# What a whole way of many pages is walked in: in make test another one than the single pages.
WAYS = [
    (1280, "dark"),
    *(pytest.param(*way, marks=pytest.mark.full) for way in ((390, "dark"), (1280, "light"), (390, "light"))),
]

# One page for each template.
PAGES = {
    "home": "/",
    "guide": "/guide/",
    "article": "/guide/causes/",
    "cards": "/guide/when-to-get-help/",
    "figure": "/guide/procedure/",
    "table": "/guide/mimics/",
    "glossary": "/guide/glossary/",
    "rules": "/guide/our-rules/",
    "page": "/privacy/",
    "leaflet": "/guide/causes/print/",
    "large": "/guide/causes/large-print/",
    "sheet": "/guide/when-to-get-help/sheet/",
    "diary": "/guide/relief-diary/sheet/",
    "useful": "/guide/causes/useful/",
    "search": "/search/",
    "results": "/search/?q=injektion+hurts",
    "nothing": "/search/?q=xylophone",
    "clinics": "/clinics/",
    "location": "/clinics/example-location/",
    "error": "/not-there/",
    "enquire": "/enquire/",
    "form": "/enquire/form/",
    "withdrawn": "/enquire/withdrawn/",
    "corrected": "/enquire/corrected/",
    "link over": "/enquire/yours/unknown/",
}


@pytest.fixture(scope="session")
def site(tmp_path_factory):
    with Site.start(tmp_path_factory.mktemp("browsed"), WORKERS="1") as site:
        yield site


@pytest.fixture(scope="session")
def sitemap(site):
    """The path of every page that the sitemap names."""
    tree = ET.fromstring(site.get("/sitemap.xml").body)
    return [loc.text.removeprefix(site.url) for loc in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]


@pytest.fixture(scope="session")
def chromium():
    with sync_playwright() as playwright:
        # Playwright's loop runs in this thread, and Django keeps a connection of its own for what runs beside it:
        # PostgreSQL drops no database that one is open to.
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()
        connections.close_all()


@pytest.fixture(scope="session")
def all_windows(chromium, site):
    return Windows(chromium, site.url)


@pytest.fixture
def open_window(all_windows):
    """open_window(viewport={…}, color_scheme="dark", …) is a window with nothing remembered, for this test."""
    opened = []

    def open_window(**options):
        opened.append(all_windows.open(**options))
        return opened[-1]

    yield open_window
    for window in opened:
        all_windows.give_back(window)


@pytest.fixture
def open_page(open_window):
    """open_page("/guide/", width=360, …) is a page in a window of its own."""

    def open_page(path, *, width=360, height=640, **options):
        page = open_window(viewport={"width": width, "height": height}, **options).new_page()
        page.goto(path)
        return page

    return open_page


@pytest.fixture(scope="session")
def cookies(site):
    """cookies("Editors") is the session of one of them who has signed in; the same each time."""
    made = {}

    def of(role):
        if role not in made:
            made[role] = cookie_of(site, role.lower().replace(" ", ""), role)
        return made[role]

    return of


@pytest.fixture
def open_staff(open_window, site, cookies):
    """open_staff("/admin/", "Editors", width=390, …) is a page of somebody who has signed in.

    `page.violations` are what the page's policy forbade, and `page.faults` what its scripts failed at; there are none of
    either when the test is over.
    """
    pages = []

    def open_staff(path, role="Editors", *, width=1280, height=900, **options):
        window = open_window(viewport={"width": width, "height": height}, **options)
        window.add_cookies([{"name": "session", "value": cookies(role), "url": site.url}])
        page = window.new_page()
        page.violations, page.faults = [], []
        page.on("console", lambda said: page.violations.extend([said.text] * ("Content Security" in said.text)))
        page.on("pageerror", lambda fault: page.faults.append(str(fault)))
        pages.append(page)
        page.goto(path)
        return page

    yield open_staff
    assert [(page.violations, page.faults) for page in pages if page.violations or page.faults] == []
