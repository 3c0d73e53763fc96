"""Another site's page cannot send, change or withdraw anything; a form without its token gives back what was typed."""

import pytest
from django.test import Client

from siweb.enquiries.intake import private_links
from siweb.enquiries.models import Answers, Enquiry
from tests.support.enquiring import CHECK, FOR_ANOTHER, FORM, Page, posted, sent, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def strict():
    return Client(enforce_csrf_checks=True)


def retry(browser, response):
    """Press "Try again" on the page that gave the answers back."""
    page = Page(response)
    (form,) = [form for form in page.all("form") if form.get("method") == "post"]
    return browser.post(form["action"], page.fields())


@pytest.mark.parametrize("token", [None, "", "x" * 64])
@pytest.mark.parametrize("has_cookie", [True, False])
@pytest.mark.parametrize("act", ["send", "change", None])
def test_a_form_without_its_token_comes_back_whole_with_one_that_works(strict, token, has_cookie, act):
    if has_cookie:
        strict.get(FORM)
    data = posted(FOR_ANOTHER, csrfmiddlewaretoken=token, do=act, tell=["night", "age"], words="One.\n\nTwo.")
    response = strict.post(CHECK, data)
    fields = Page(response).fields()
    assert response.status_code == 403
    assert stored() == [0, 0, 0, 0]
    kept = {name: value for name, value in data.items() if name != "csrfmiddlewaretoken"}
    assert {n: fields.get(n, []) for n in kept} == {n: v if isinstance(v, list) else [v] for n, v in kept.items()}
    assert 'href="tel:+441632960001"' in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert retry(strict, response).status_code == (302 if act == "send" else 200)
    assert stored()[:2] == ([1, 1] if act == "send" else [0, 0])


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_another_sites_page_cannot_send_a_form(strict, origin):
    token = Page(strict.get(FORM)).fields()["csrfmiddlewaretoken"][0]
    response = strict.post(CHECK, posted(do="send", csrfmiddlewaretoken=token), HTTP_ORIGIN=origin)
    assert response.status_code == 403
    assert stored() == [0, 0, 0, 0]


def test_another_sites_page_cannot_withdraw_or_change_by_a_private_link(client, strict):
    token = private_links.make_link(sent(client))
    for act in ("withdraw-now", "correct"):
        assert strict.post(f"/enquire/yours/{token}/", {"do": act, "email": "x@b.cc"}).status_code == 403
    enquiry = Enquiry.objects.get()
    assert (enquiry.state, enquiry.version, Answers.objects.count()) == ("new", 1, 1)


def test_what_was_typed_behind_a_private_link_comes_back_when_the_token_is_missing(client, strict):
    path = f"/enquire/yours/{private_links.make_link(sent(client))}/"
    response = strict.post(path, {"do": "correct", "phone": "0161 496 0001", "voicemail": "no", "email": ""})
    assert response.status_code == 403
    assert retry(strict, response).status_code == 302
    assert Enquiry.objects.get().answers.phone == "+441614960001"
