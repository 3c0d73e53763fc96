"""The addresses of the pages that code needs: asked for once for each version of the site, and kept while it cannot be."""

from unittest import mock

import pytest
from django.db import OperationalError
from django.template import Context, Template

from siweb.core import page_roles
from siweb.core.models import SiteVersion
from siweb.core.page_roles import HELP_BLOCK, ROLES
from siweb.website.errors import error_page


@pytest.fixture
def provided(db, monkeypatch):
    """What the provider returns, and how often it was asked."""
    held = [{"privacy": "/privacy/"}, 0]

    def provider():
        held[1] += 1
        return held[0]

    monkeypatch.setattr(page_roles._registry, "provider", provider)
    return held


def test_the_addresses_are_asked_for_again_only_when_the_site_has_changed(provided):
    for _ in range(3):
        assert page_roles.addresses()["privacy"] == "/privacy/"
    assert provided[1] == 1
    provided[0] = {"privacy": "/your-data/"}
    assert page_roles.addresses()["privacy"] == "/privacy/"
    SiteVersion.move()
    assert page_roles.addresses()["privacy"] == "/your-data/"


def test_while_the_database_is_away_the_last_ones_are_given(provided):
    page_roles.addresses()
    with mock.patch.object(SiteVersion, "current", side_effect=OperationalError):
        assert page_roles.addresses()["privacy"] == "/privacy/"


@pytest.mark.parametrize("code", [500, 503])
def test_a_page_for_a_fault_asks_nothing_and_links_what_was_last_known(provided, rf, code):
    page_roles.addresses()
    with mock.patch.object(page_roles._registry, "current", side_effect=AssertionError):
        page = error_page(rf.get("/"), code).content.decode()
    assert 'href="/privacy/"' in page
    assert f'href="{HELP_BLOCK}">Get help now</a>' in page


def test_help_is_always_there(provided, client):
    assert page_roles.addresses()["help"] == HELP_BLOCK
    path, _, anchor = HELP_BLOCK.partition("#")
    home = client.get(path).content.decode()
    assert f'href="{HELP_BLOCK}">Get help now</a>' in home
    assert f'id="{anchor}"' in home
    provided[0] = {"help": "/guide/help/"}
    SiteVersion.move()
    assert page_roles.addresses()["help"] == "/guide/help/"


def test_a_page_that_is_not_there_is_not_linked(provided, client):
    foot = client.get("/").content.decode().partition("<footer")[2]
    assert 'href="/privacy/"' in foot
    assert 'href=""' not in foot
    assert "Accessibility" not in foot


def test_a_template_can_name_every_role():
    for role in ROLES:
        assert Template(f"{{{{ page_urls.{role} }}}}").render(Context({"page_urls": {role: "/there/"}})) == "/there/"
