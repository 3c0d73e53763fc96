"""Every page is valid HTML, error pages too, by the Nu HTML checker: VNU_JAR names its jar, and Java runs it."""

import json
import os
import shutil
import subprocess

import pytest

from siweb.views import ERRORS, error_page

from .test_pages import sitemap

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


def test_the_checker_would_have_found_something(tmp_path):
    (tmp_path / "bad.html").write_text("<!doctype html><title>x</title><p><div></p>")
    assert errors(tmp_path)
