"""Sections of the public pages that are no articles: home, guide, clinics and the start of the enquiry form.

Each page is rendered as a reader gets it, so that the search never says anything else than the page.
"""

import re
from html.parser import HTMLParser

from django.http import Http404, HttpRequest
from django.urls import resolve, reverse

from siweb.clinics.models import Location

from .index import Section

KIND = "service"
LISTS = ("home", "guide")  # they only lead on: found by title and description
# Lay words for what these pages tell.
OF_CLINICS = (
    "opening hours, opening times, are you open, open today, when are you open, phone number, telephone number, telephone,"
    " contact number, contact details, where are you, where are you based, address, postcode, directions, map,"
    " how do I get there, parking, parking at the clinic, car park, disabled parking, blue badge"
)
OF_ENQUIRY = (
    "book appointment, book an appointment, booking, make an appointment, get an appointment, book in, book online"
)
_HEADINGS, _VOID = ("h2", "h3"), ("br", "img", "input", "hr", "meta", "link")
_INLINE = ("a", "b", "i", "span", "em", "strong")
_LEFT_OUT = ("script", "style", "nav", "form", "svg")
_SIGNS = frozenset({"card", "signs"})  # classes of the lists of warning signs
_OF_TODAY = re.compile(r"Today \d.*|Closed today")  # true for one day only


def public_sections():
    """Yield the Sections of every public page that is no article."""
    for name in LISTS:
        yield from _sections(reverse(name), only_first=True)
    places = [place.get_absolute_url() for place in Location.objects.all()]
    yield from _sections(reverse("clinics"), keywords="" if len(places) == 1 else OF_CLINICS)
    for address in places:
        yield from _sections(address, keywords=OF_CLINICS if len(places) == 1 else "")
    yield from _sections(reverse("enquire"), keywords=OF_ENQUIRY)


def _sections(address, only_first=False, keywords=""):
    page = _Page()
    page.feed(_render(address))
    for place, (heading, texts) in enumerate(page.sections[: 1 if only_first else None]):
        text = " ".join([page.description] * (place == 0) + texts * (not only_first))
        yield Section(address, page.title, heading, text, KIND, keywords)


def _render(address):
    """Return the HTML of a page; "" if there is none now."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", address, address
    request.META = {"SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    request.resolver_match = match = resolve(address)
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except Http404:
        return ""
    return response.content.decode() if response.status_code == 200 else ""


class _Page(HTMLParser):
    """Collect title, description and [(heading, [texts])] of <main>; warning signs are left out: they are the help page's."""

    def __init__(self):
        super().__init__()
        self.title, self.description, self.sections = "", "", [("", [])]
        self._open, self._left_out, self._text = [], 0, ""

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "meta" and attrs.get("name") == "description":
            self.description = attrs.get("content", "")
        if tag in _VOID:
            if tag == "br" and not self._in_heading():
                self._finish_text()
            return
        left_out = tag in _LEFT_OUT or not _SIGNS.isdisjoint((attrs.get("class") or "").split())
        self._open.append((tag, left_out))
        self._left_out += left_out
        if tag not in _INLINE:
            self._finish_text()

    def handle_endtag(self, tag):
        if tag not in [name for name, _ in self._open]:
            return
        text = self._finish_text() if tag in ("h1", *_HEADINGS) else ""
        while self._open:
            name, left_out = self._open.pop()
            self._left_out -= left_out
            if name == tag:
                break
        if tag == "h1":
            self.title = text
        elif tag in _HEADINGS and text:
            self.sections.append((text, []))
        elif tag not in _INLINE:
            self._finish_text()

    def handle_data(self, data):
        if not self._left_out and "main" in [name for name, _ in self._open]:
            self._text += data

    def _in_heading(self):
        return any(name in ("h1", *_HEADINGS) for name, _ in self._open)

    def _finish_text(self):
        """Return the text since the last block, and add it to the section unless it is a heading or of today only."""
        text, self._text = " ".join(self._text.split()), ""
        if text and not self._in_heading() and not _OF_TODAY.fullmatch(text):
            self.sections[-1][1].append(text)
        return text
