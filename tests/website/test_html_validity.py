"""Every page is valid HTML, error pages too, by the Nu HTML checker: VNU_JAR names its jar, and Java runs it."""

import json
import os
import shutil
import subprocess

import pytest
from django.core import mail

from siweb.clinics.models import Clinic
from siweb.enquiries.intake import private_links
from siweb.enquiries.intake.resubmit import REASONS, kept
from siweb.enquiries.mail import outbox
from siweb.website.errors import ERRORS, error_page
from tests.support.enquiring import ANSWERS, DOUBTFUL_PHONE, FOR_ANOTHER, ask, begun, send, sent
from tests.website.test_pages import sitemap

VNU_JAR = os.environ.get("VNU_JAR")

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not VNU_JAR or not shutil.which("java"), reason="VNU_JAR is not set, or Java is not installed"),
]


def errors(folder):
    done = subprocess.run(
        ["java", "-jar", VNU_JAR, "--format", "json", "--errors-only", "--skip-non-html", str(folder)],
        capture_output=True,
        text=True,
        timeout=300,
    )
    return [
        (m.get("url", "").rsplit("/", 1)[-1], m.get("lastLine"), m["message"])
        for m in json.loads(done.stderr)["messages"]
    ]


def test_every_page_is_valid_html(shipped, client, rf, tmp_path):
    extra = [
        "/guide/causes/print/",
        "/guide/causes/large-print/",
        "/guide/causes/useful/",
        "/search/?q=hip",
        "/search/?q=xylophone",
    ]
    paths = [*sitemap(client), *extra]
    for number, path in enumerate(paths):
        (tmp_path / f"{number}-{path.strip('/').replace('/', '-').replace('?', '-')}.html").write_bytes(
            client.get(path).content
        )
    for code in ERRORS:
        (tmp_path / f"error-{code}.html").write_bytes(error_page(rf.get("/x"), code).content)
    assert errors(tmp_path) == []


def test_every_page_of_an_enquiry_is_valid_html(shipped, client, rf, tmp_path, settings):
    clinic = Clinic.current()
    clinic.lawful_basis, clinic.email = "consent", "desk@clinic.example"
    clinic.save()
    settings.EMAIL_BACKEND, settings.DEFAULT_FROM_EMAIL = "django.core.mail.backends.locmem.EmailBackend", "a@b.example"
    agreed = ANSWERS | {"consent": "on"}
    pages = {
        "form": client.get("/enquire/form/"),
        "errors": ask(client, who="other", words="x" * 4001, needs=["interpreter"]),
        "check": ask(client, agreed, phone=DOUBTFUL_PHONE, email="maria@gmial.com", words="a\n\nb <b>"),
        "change": ask(client, FOR_ANOTHER | agreed, do="change"),
        "over": client.get("/enquire/yours/unknown/"),
    }
    arrived = send(client, agreed)
    pages["sent"] = client.get(arrived.url)
    yours = f"/enquire/yours/{private_links.make_link(sent(client, agreed))}/"
    pages["yours"] = client.get(yours)
    pages["yours wrong"] = client.post(yours, {"do": "correct", "phone": "12"})
    pages["withdraw"] = client.post(yours, {"do": "withdraw"})
    for reason in REASONS:
        request = rf.post("/enquire/check/", FOR_ANOTHER | {"began": begun()})
        pages[f"kept {reason}"] = kept(request, reason)
    for name, response in pages.items():
        (tmp_path / f"{name}.html").write_bytes(response.content)
    outbox.send_due()
    for number, message in enumerate(mail.outbox):
        (tmp_path / f"mail {number}.html").write_text(message.alternatives[0][0], encoding="utf-8")
    assert len(mail.outbox) == 4
    assert errors(tmp_path) == []


def test_the_checker_would_have_found_something(tmp_path):
    (tmp_path / "bad.html").write_text("<!doctype html><title>x</title><p><div></p>")
    assert errors(tmp_path)
