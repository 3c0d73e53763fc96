"""Asking for an appointment, in tests: answers that are right, and the way from the form to "sent".

`send(client, email="")` sends a whole form with one answer changed; None leaves a field out of what is posted.
"""

import time
import uuid
from html.parser import HTMLParser
from unittest import mock

from django.core import signing

from siweb.enquiries.casework import workflow
from siweb.enquiries.intake import spam
from siweb.enquiries.models import Answers, Enquiry, EnquiryEvent, Outbox

FORM, CHECK = "/enquire/form/", "/enquire/check/"

# From the ranges that Ofcom keeps free for fiction: this one counts as a number that is in use, 07700 900… does not.
PHONE, DOUBTFUL_PHONE = "0161 496 0000", "07700 900123"

ANSWERS = {
    "who": "me",
    "name": "Maria Gonçalves-O’Neill",
    "phone": PHONE,
    "voicemail": "yes",
    "email": "maria@patient.example",
    "first": "phone",
    "times": ["morning", "afternoon"],
    "place": "example-location",
    "needs": ["large-print"],
    "language": "",
    "tell": [],
    "words": "Mornings suit me best.",
}

EMPTY = {name: [] if isinstance(value, list) else "" for name, value in ANSWERS.items()}

FOR_ANOTHER = ANSWERS | {
    "who": "other",
    "asker": "Tom Okafor",
    "relation": "son",
    "knows": "yes",
    "ring": "asker",
}


def begun(seconds_ago=60):
    """What a form carries that was opened so long ago."""
    then = signing.b62_encode(int(time.time()) - seconds_ago)
    with mock.patch.object(spam._clock, "timestamp", return_value=then):
        return spam.begin()


def posted(answers=ANSWERS, **changes):
    """What a browser sends of these answers: a new form's key and beginning too, each replaced by `changes`."""
    data = {"key": str(uuid.uuid4()), "began": begun()} | answers | changes
    return {name: value for name, value in data.items() if value is not None}


def ask(client, answers=ANSWERS, **changes):
    """Press "Check your answers"."""
    return client.post(CHECK, posted(answers, **changes))


def send(client, answers=ANSWERS, *, address="203.0.113.7", forwarded="", **changes):
    """Press "Send enquiry" on the check page. The same `key` again is the same form again."""
    proxy = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return client.post(CHECK, posted(answers, do="send", **changes), REMOTE_ADDR=address, **proxy)


def sent(client, answers=ANSWERS, **changes):
    """The Enquiry that a form made."""
    before = set(Enquiry.objects.values_list("pk", flat=True))
    response = send(client, answers, **changes)
    assert response.status_code == 302
    return Enquiry.objects.exclude(pk__in=before).get()


def make(enquiry, action, by, **more):
    """Do with an enquiry what reception may do with it."""
    return workflow.make(enquiry, action, version=enquiry.version, who=(workflow.RECEPTION,), by=by, **more)


def stored():
    """How many rows there are of what an enquiry is made of."""
    return [table.objects.count() for table in (Enquiry, Answers, EnquiryEvent, Outbox)]


def refused(response, status=422):
    """See that it is refused with that status, on a page with the numbers to call, and that nothing is stored.

    Returns what is said beside which field.
    """
    assert response.status_code == status
    assert 'href="tel:999"' in response.content.decode()
    assert stored() == [0, 0, 0, 0]
    return problems(response)


def problems(response):
    """{field: what is said beside it} of a form that was refused."""
    said = Page(response).texts
    return {
        name.removeprefix("id_").removesuffix("_error"): text.removeprefix("Error: ")
        for name, text in said.items()
        if name.endswith("_error")
    }


def shown_again(page, answers):
    """The fields of a page as far as they were answered, in the shape of ANSWERS."""
    fields = page.fields()
    return {
        name: fields.get(name, []) if isinstance(value, list) else fields.get(name, [""])[0]
        for name, value in answers.items()
    }


class Page(HTMLParser):
    """What a page holds: elements as (tag, attributes), and texts by the id of the element that they stand in."""

    VOID = ("input", "meta", "link", "br", "img", "hr")

    def __init__(self, response):
        super().__init__()
        self.source = response.content.decode()
        self.elements, self.texts, self._open = [], {}, []
        self.feed(self.source)

    def handle_starttag(self, tag, attrs):
        attrs = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attrs))
        if tag not in self.VOID:
            self._open.append((tag, attrs.get("id")))

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        for _, name in self._open:
            if name:
                self.texts[name] = self.texts.get(name, "") + data

    def all(self, tag, **wanted):
        """The attributes of every such element; a trailing _ or a - written as _ is as in HTML."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in wanted.items()}
        return [a for t, a in self.elements if t == tag and wanted.items() <= a.items()]

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]

    def fields(self):
        """{name: [values]} of what its forms would send again: hidden inputs, ticked boxes and what stands in the lines."""
        values = {}
        for attrs in self.all("input"):
            chosen = attrs.get("type") in ("radio", "checkbox")
            if not chosen or "checked" in attrs:
                values.setdefault(attrs.get("name"), []).append(attrs.get("value", "on" if chosen else ""))
        for attrs in self.all("textarea"):
            values.setdefault(attrs["name"], []).append(self.texts.get(attrs["id"], "").removeprefix("\n"))
        return values
