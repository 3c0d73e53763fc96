"""A fault of ours, or a form older than the sign-in, gives an article's text back without any script."""

import html
import re

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from siweb.articles.models import Article
from siweb.articles.staff import editor as page
from tests.articles.staff.test_editor import FILLED, NEW, address, filled

BODY = "My words, <kept> & whole.\r\n\r\n  As typed."


def given_back(response):
    """What the form of an answer would send: {name: value}."""
    form = re.search(r'<form method="post"[^>]*>(.*?)</form>', response.content.decode(), re.DOTALL)[1]
    areas = re.findall(r'<textarea name="(\w+)" hidden>\n(.*?)</textarea>', form, re.DOTALL)
    return {name: html.unescape(value) for name, value in areas}


@pytest.mark.parametrize(("fault", "status"), [(OperationalError, 503), (ZeroDivisionError, 500)])
def test_a_fault_while_saving_gives_the_text_back(client, editor, shipped, monkeypatch, fault, status):
    def fail(*_, **__):
        raise fault

    monkeypatch.setattr(page, "_save", fail)
    client.raise_request_exception = False
    client.force_login(editor)
    typed = filled(shipped["causes"], body=BODY)
    response = client.post(address(shipped["causes"]), typed)
    assert response.status_code == status
    assert given_back(response) == {name: str(value) for name, value in typed.items()}
    monkeypatch.undo()
    client.post(address(shipped["causes"]), given_back(response))
    shipped["causes"].refresh_from_db()
    assert shipped["causes"].head.parsed.body == "My words, <kept> & whole.\n\n  As typed.\n"


def test_a_form_that_is_older_than_the_sign_in_gives_the_text_back(editor, shipped):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    response = strict.post(NEW, FILLED | {"body": BODY})
    assert response.status_code == 403
    assert given_back(response)["body"] == BODY
    assert not Article.objects.filter(slug="going-home").exists()


def test_whoever_is_signed_out_gets_the_text_back(client, shipped):
    response = client.post(NEW, FILLED | {"body": BODY})
    assert (response.status_code, given_back(response)["body"]) == (403, BODY)


def test_another_sites_words_are_not_carried(client, editor, shipped):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    response = strict.post(NEW, FILLED | {"body": BODY}, headers={"Origin": "https://evil.example"})
    assert "My words" not in response.content.decode()


def test_a_wrong_password_is_never_given_back(client, shipped):
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(reverse("admin:login"), {"username": "edith", "password": "secret words"})
    assert "secret words" not in response.content.decode()
