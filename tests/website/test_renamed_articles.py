"""Renaming every article loses nothing: all that the site leads to is walked before and after, and compared."""

import json
import re
from collections import Counter
from functools import partial
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.core.management import call_command
from django.urls import Resolver404, resolve, reverse

from siweb.articles.importing import renaming, sync
from siweb.articles.models import Article, OldAddress, Publication
from siweb.articles.search import live_index
from siweb.clinics.models import Clinic
from siweb.core import page_roles
from siweb.enquiries.mail import messages
from siweb.launch import checklist
from tests.support.deciding import signed

# Searches: one that names a sign, one for each way in which the search leads to a page by its role, and ordinary words.
QUERIES = ("numb between my legs", "fever", "suicidal", "warfarin", "insulin", "lidocaine", "contrast dye", "driving")
SITE = ("/", "/guide/", "/clinics/", "/enquire/", "/enquire/form/", "/search/", "/nowhere-at-all/", "/sitemap.xml")
OF_ARTICLES = ("article", "page", "leaflet", "large_print", "sheet", "useful")


class _Links(HTMLParser):
    """Collects (words, address) of every link, (attribute, address) of all else that leads somewhere, and the ids."""

    def __init__(self, html):
        super().__init__()
        self.found, self.ids, self._open = [], set(), None
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids.add(attrs.get("id"))
        if tag == "a" and "href" in attrs:
            self._open = [attrs["href"], ""]
        elif address := attrs.get("action") or tag == "link" and attrs.get("rel") == "canonical" and attrs["href"]:
            self.found.append((tag, address))
        elif attrs.get("property") == "og:url":
            self.found.append(("og:url", attrs["content"]))

    def handle_data(self, data):
        if self._open:
            self._open[1] += data

    def handle_endtag(self, tag):
        if tag == "a" and self._open:
            self.found.append((" ".join(self._open[1].split()), self._open[0]))
            self._open = None


class Walk:
    """What every page, e-mail, search and check of the site leads to now: `found` counts (where, words, to what)."""

    def __init__(self, client, staff, enquiry):
        self.client, self.staff, self.enquiry = client, staff, enquiry
        self.slugs = dict(Article.objects.values_list("slug", "pk"))
        self.found, self.ids = Counter(), {}

    def all(self):
        for slug, pk in self.slugs.items():
            page = Publication.objects.showing().get(article=pk)
            for name in OF_ARTICLES[2:]:
                self.page(f"{name} of {pk}", reverse(name, args=[slug]))
            self.page(f"article {pk}", page.url)
        for path in SITE:
            self.page(path, path)
        self.searches()
        self.mails()
        self.desk()
        self.checklist()
        return self.found

    def page(self, where, path):
        response = self.client.get(path)
        html = response.content.decode()
        self.found[where, "status", response.status_code] += 1
        self.links(where, html)
        return html

    def links(self, where, html):
        parsed = _Links(html)
        for words, address in parsed.found:
            self.found[where, words, self.identity(address)] += 1
        for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL):
            for key, address in _addresses_in(json.loads(block)):
                self.found[where, f"JSON-LD {key}", self.identity(address)] += 1
        for address in re.findall("<loc>(.*?)</loc>", html):
            self.found[where, "sitemap", self.identity(address)] += 1

    def searches(self):
        live_index.shelf = live_index.Shelf()
        for query in QUERIES:
            html = self.client.get("/search/", {"q": query}).content.decode()
            self.links(f"search for {query}", html)
            for place, result in enumerate(live_index.shelf.search(query).results):
                self.found[f"search for {query}", f"result {place}", self.identity(result.url)] += 1

    def mails(self):
        clinic = Clinic.current()
        for mail in (
            messages.acknowledgement(self.enquiry, clinic, "token"),
            messages.letter(self.enquiry, clinic, "About it", "Dear Maria"),
        ):
            for part in mail.message().walk():
                if part.get_content_maintype() == "text":
                    text = part.get_payload(decode=True).decode()
                    for address in re.findall(r"https?://[^\s\"<>]+", text):
                        self.found["e-mail", part.get_content_type(), self.identity(address)] += 1

    def desk(self):
        for name, args in (("enquiries_enquiry_call", ()), ("enquiries_enquiry_change", (self.enquiry.pk,))):
            html = self.staff.get(reverse(f"admin:{name}", args=args)).content.decode()
            self.links(name, html.partition('id="content-main"')[2])

    def checklist(self):
        for user in self.staff.people:
            for point in checklist.checklist(user):
                words = f"{point.condition.words}: {point.holds}"
                self.found[f"checklist of {user}", words, self.identity(point.page)] += 1

    def identity(self, address):
        """What an address leads to, whatever it is called: ("article", key of it, section, whether it is there)."""
        address = address.removeprefix(settings.SITE_ROOT)
        path, _, anchor = address.partition("#")
        try:
            match = resolve(path.partition("?")[0])
        except Resolver404:
            return address
        if match.url_name not in OF_ARTICLES:
            return path.partition("?")[0] if match.app_name == "admin" else address
        pk = self.slugs.get(match.kwargs["slug"])
        if pk is None:
            return f"old address, or none: {address}"
        return match.url_name, pk, anchor, not anchor or anchor in self.ids_of(pk)

    def ids_of(self, pk):
        if pk not in self.ids:
            page = Publication.objects.showing().get(article=pk)
            self.ids[pk] = _Links(self.client.get(page.url).content.decode()).ids
        return self.ids[pk]


def _addresses_in(thing):
    if isinstance(thing, dict):
        for key, value in thing.items():
            if isinstance(value, str) and value.startswith("http"):
                yield key, value
            yield from _addresses_in(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from _addresses_in(value)


@pytest.fixture
def site(shipped, client, manager, clinician, editor, make_enquiry, monkeypatch, clinic):
    """The shipped site, its checked pages approved; call it to begin a walk."""
    monkeypatch.setattr(live_index, "shelf", None)
    monkeypatch.setattr("siweb.accounts.two_factor.is_missing", lambda user: False)
    for role in ("help", "rules", "signs", "procedure", "aftercare"):
        signed(Article.objects.get(pk=Publication.objects.by_role()[role][0]).live, by=clinician)
    staff = type(client)()
    staff.people = (manager, editor)
    staff.force_login(manager)
    return partial(Walk, client, staff, make_enquiry())


def rename_by_staff(clinician, tmp_path):
    for number, article in enumerate(Article.objects.order_by("slug")):
        renaming.move(article, f"moved-{number}", clinician, article.version)


def rename_by_files(clinician, tmp_path):
    folder = tmp_path / "articles"
    call_command("export_content", tmp_path, verbosity=0)
    for number, path in enumerate(sorted(folder.glob("*.md"))):
        text = path.read_text(encoding="utf-8")
        path.unlink()
        named = text.replace("\nkind:", f"\naliases: [{path.stem}]\nkind:", 1)
        (folder / f"moved-{number}.md").write_text(named, encoding="utf-8")
    sync.import_folder(folder)


@pytest.mark.slow
@pytest.mark.parametrize("rename", [rename_by_staff, rename_by_files], ids=lambda way: way.__name__)
def test_after_every_article_is_renamed_everything_is_still_there(site, client, clinician, tmp_path, rename):
    before = site().all()
    old = {page.url: page.article_id for page in Publication.objects.showing()}
    rename(clinician, tmp_path)
    assert not Article.objects.exclude(slug__startswith="moved-").exists()
    after = site().all()
    assert (before - after, after - before) == ({}, {})
    now = {page.article_id: page.url for page in Publication.objects.showing()}
    for address, pk in old.items():
        response = client.get(address)
        assert (response.status_code, response.url) == (301, now[pk])
        slug = address.strip("/").rpartition("/")[2]
        assert client.get(reverse("leaflet", args=[slug])).status_code == 200


def forget_the_role(monkeypatch):
    found = {role: path for role, path in page_roles.addresses().items() if role != "help"}
    found["help"] = page_roles.HELP_BLOCK
    monkeypatch.setattr(page_roles, "addresses", lambda: found)


def forget_the_old_addresses(monkeypatch):
    OldAddress.objects.all().delete()


def know_it_by_its_address(monkeypatch):
    found = page_roles.addresses() | {"privacy": "/privacy/"}
    monkeypatch.setattr(page_roles, "addresses", lambda: found)


SABOTAGES = {
    forget_the_role: ("/", "Get help now"),
    forget_the_old_addresses: ("old /guide/when-to-get-help/", "status"),
    know_it_by_its_address: ("/enquire/", "How we look after your data"),
}


@pytest.mark.slow
@pytest.mark.parametrize("sabotage", SABOTAGES, ids=lambda way: way.__name__)
def test_the_walk_notices_what_is_lost(site, clinician, monkeypatch, sabotage):
    def walk():
        found = site()
        for path in ("/", "/enquire/"):
            found.page(path, path)
        response = found.client.get("/guide/when-to-get-help/", follow=True)
        found.found["old /guide/when-to-get-help/", "status", response.status_code] += 1
        return found.found

    before = walk()
    for role in ("help", "privacy"):
        article = Article.objects.get(pk=Publication.objects.by_role()[role][0])
        renaming.move(article, f"moved-{role}", clinician, article.version)
    assert walk() == before
    sabotage(monkeypatch)
    assert SABOTAGES[sabotage] in {(where, words) for where, words, _ in before - walk()}


# --- Code names no address ----------------------------------------------------------------------------------------------

CODE = [
    path
    for folder in ("siweb", "templates", "static/js")
    for path in sorted((settings.BASE_DIR / folder).rglob("*"))
    if path.suffix in (".py", ".html", ".txt", ".xml", ".js", ".yaml") and "migrations" not in path.parts
]


def slugs_in(text):
    """The addresses of shipped articles that a text knows: a link to one, or the name of one that is no ordinary word."""
    slugs = [path.stem for path in (settings.CONTENT_DIR / "articles").glob("*.md")]
    any_of = "|".join(slugs)
    named = "|".join(slug for slug in slugs if "-" in slug)
    patterns = rf"""url '(?:article|page|leaflet|sheet)' '[^']+'|/guide/(?:{any_of})\b|["'/](?:{named})["'/#]"""
    patterns += rf"""|(?:args|slug)=\[?["'](?:{any_of})["']"""
    return re.findall(patterns, text)


def test_no_code_template_script_or_data_knows_the_address_of_an_article():
    assert len(CODE) > 300
    assert {str(path): found for path in CODE if (found := slugs_in(path.read_text(encoding="utf-8")))} == {}


@pytest.mark.parametrize(
    "written",
    [
        "{% url 'article' 'glossary' %}",
        'reverse("article", args=["causes"])',
        'HELP = "when-to-get-help"',
        "leads_to: [/guide/procedure/#diabetes]",
        'filter(article__slug="privacy")',
    ],
)
def test_such_an_address_is_noticed(written):
    assert slugs_in(written)
