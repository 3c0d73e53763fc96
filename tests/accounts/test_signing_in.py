"""Staff sign in with name and password, then a code; a second factor is compulsory on a public site."""

import re
import time
from types import SimpleNamespace
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import User
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from siweb.accounts.services import make_link
from tests.conftest import with_role

SIGN_IN, CODE, SET_UP = "/admin/login/", "/admin/code/", "/admin/second-factor/"
PASSWORD = "walnut-otter-seventeen"


@pytest.fixture(autouse=True)
def _one_moment(monkeypatch):
    """Codes change every half minute: while a test runs they do not."""
    moment = time.time()
    monkeypatch.setattr("django_otp.oath.time", lambda: moment)
    monkeypatch.setattr("django_otp.plugins.otp_totp.models.time", SimpleNamespace(time=lambda: moment))


@pytest.fixture
def rita(reception):
    reception.set_password(PASSWORD)
    reception.save()
    return reception


@pytest.fixture
def manager(django_user_model):
    return with_role(django_user_model, "mia", "Practice managers")


@pytest.fixture
def public(settings):
    settings.PUBLIC = True


def sign_in(client, name="rita", password=PASSWORD, **more):
    return client.post(SIGN_IN, {"username": name, "password": password, **more})


def ends_at(response):
    """The last address that a chain of redirects led to."""
    return response.redirect_chain[-1][0] if response.redirect_chain else response.request["PATH_INFO"]


def code_of(user, steps=0):
    """What the app of somebody shows, now or some half minutes later."""
    device = TOTPDevice.objects.get(user=user)
    return f"{totp(device.bin_key, t0=-30 * steps):06}"


def set_up(client, steps=0):
    """Set the second factor up; the page with the recovery codes."""
    page = client.get(SET_UP).content.decode()
    assert "<svg" in page
    key = client.session["second_factor_key"]
    return client.post(SET_UP, {"code": f"{totp(bytes.fromhex(key), t0=-30 * steps):06}"})


def recovery_codes(page):
    return re.findall(r"<li><code>([a-z2-7 ]+)</code>", page.content.decode())


def test_name_and_password_lead_to_where_somebody_was_going(client, rita):
    asked = client.get("/admin/enquiries/enquiry/?q=SIJ", follow=True)
    assert ends_at(asked) == "/admin/login/?next=%2Fadmin%2Fenquiries%2Fenquiry%2F%3Fq%3DSIJ"
    response = sign_in(client, next="/admin/enquiries/enquiry/?q=SIJ")
    assert response.headers["Location"] == "/admin/enquiries/enquiry/?q=SIJ"
    assert client.get(response.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("name", "password"), [("rita", "wrong"), ("nobody", PASSWORD), ("rita", ""), ("", ""), ("\0", "\0")]
)
def test_what_is_wrong_is_said_and_the_name_is_kept(client, rita, name, password):
    response = sign_in(client, name, password)
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert ("The name or the password is not right" in response.content.decode()) == (
        bool(password) and "\0" not in name
    )
    assert "_auth_user_id" not in client.session


NOT_OURS = (
    *("//evil.example", "https://evil.example/", "/\\evil.example", "https:evil.example", "\\\\evil.example"),
    *("///evil.example", "http:///evil.example", "javascript:alert(1)", "/%00//evil.example/..", "%2f%2fevil.example"),
    *("evil.example", "ftp://testserver/", "//testserver@evil.example", "http://testserver:81/", "x:y", "@"),
)


@pytest.mark.parametrize("address", [*NOT_OURS, " //evil.example", "\t//evil.example", "/\t/evil.example", "\0"])
def test_nobody_is_led_off_the_site(client, rita, address):
    for response in (sign_in(client, next=address), client.get(SIGN_IN, {"next": address})):
        leads_to = urlsplit(urljoin("http://testserver/admin/login/", response.headers["Location"]))
        assert leads_to.netloc == "testserver"


@pytest.mark.parametrize("page", ["/admin/", "/admin/enquiries/enquiry/", "/admin/password/", "/admin/not-there/"])
def test_on_a_public_site_nothing_opens_without_a_second_factor(client, rita, public, page):
    sign_in(client)
    assert ends_at(client.get(page, follow=True)).startswith(SET_UP)
    assert len(recovery_codes(set_up(client))) == 10
    assert client.get(page).status_code in (200, 404)


def test_the_second_time_the_code_is_asked_for(client, rita, public):
    sign_in(client)
    set_up(client)
    client.post("/admin/sign-out/")
    asked = sign_in(client, next="/admin/enquiries/enquiry/")
    assert ends_at(client.get(asked.headers["Location"], follow=True)).startswith(CODE)
    assert ends_at(client.get(SET_UP, follow=True)).startswith(CODE), "it cannot be set up again without the code"
    wrong = client.post(CODE, {"code": "000000"})
    assert (wrong.status_code, "not right" in wrong.content.decode()) == (422, True)
    right = client.post(CODE, {"code": code_of(rita, 1), "next": "/admin/enquiries/enquiry/"})
    assert right.headers["Location"] == "/admin/enquiries/enquiry/"
    assert client.get("/admin/enquiries/enquiry/").status_code == 200


def test_a_code_works_once(client, rita, public):
    sign_in(client)
    set_up(client)
    used = code_of(rita)
    for again in (False, True):
        client.post("/admin/sign-out/")
        sign_in(client)
        assert client.post(CODE, {"code": used}).status_code == 422, "the one that set it up"
        if not again:
            used = code_of(rita, 1)
            assert client.post(CODE, {"code": used}).status_code == 302


def test_a_recovery_code_works_once_however_it_is_typed(client, rita, public):
    sign_in(client)
    first, second, *_ = recovery_codes(set_up(client))
    for typed, status in ((first.upper(), 302), (first, 422), (second.replace(" ", "-"), 302)):
        client.post("/admin/sign-out/")
        sign_in(client)
        assert client.post(CODE, {"code": typed}).status_code == status
    assert "8 recovery codes" in client.get(SET_UP).content.decode()
    fresh = recovery_codes(client.post(SET_UP, {"do": "codes"}))
    client.post("/admin/sign-out/")
    sign_in(client)
    assert client.post(CODE, {"code": second}).status_code == 422
    assert client.post(CODE, {"code": fresh[0]}).status_code == 302


@pytest.mark.parametrize("typed", ["", " ", "12345", "１２３４５６", "²²²²²²", "9" * 400, "abc", "\0", "-1", "0x10"])
def test_nonsense_is_no_code(client, rita, public, typed):
    sign_in(client)
    assert client.post(SET_UP, {"code": typed}).status_code == 422
    client.get(SET_UP)
    set_up(client)
    client.post("/admin/sign-out/")
    sign_in(client)
    assert client.post(CODE, {"code": typed}).status_code == 422


def test_another_phone_takes_the_place_of_the_first(client, rita, public):
    sign_in(client)
    set_up(client)
    before = code_of(rita, 1)
    client.post(SET_UP, {"do": "again"})
    assert ends_at(client.get("/admin/", follow=True)).startswith(SET_UP)
    set_up(client)
    client.post("/admin/sign-out/")
    sign_in(client)
    assert client.post(CODE, {"code": before}).status_code == 422


def test_on_a_local_site_it_is_offered_and_asked_of_whoever_took_it(client, rita):
    sign_in(client)
    assert "Set up a second factor" in client.get("/admin/enquiries/enquiry/").content.decode()
    set_up(client)
    assert client.get("/admin/").status_code == 200
    client.post("/admin/sign-out/")
    sign_in(client)
    assert ends_at(client.get("/admin/", follow=True)).startswith(CODE)


def test_guessing_codes_is_limited_wherever_it_comes_from(client, rita, public):
    sign_in(client)
    set_up(client)
    client.post("/admin/sign-out/")
    sign_in(client)
    answers = [client.post(CODE, {"code": "000000"}, REMOTE_ADDR=f"203.0.113.{n}").status_code for n in range(12)]
    assert answers == [422] * 10 + [429] * 2
    right = client.post(CODE, {"code": code_of(rita, 1)})
    assert (right.status_code, "15 minutes" in right.content.decode()) == (429, True)


def test_the_manager_removes_a_lost_second_factor_and_that_is_recorded(
    client, rita, public, manager, django_user_model
):
    sign_in(client)
    set_up(client)
    assert client.get("/admin/").status_code == 200
    from django.test import Client

    office = Client()
    office.force_login(manager)
    set_up(office)
    assert office.get(f"/admin/auth/user/{rita.pk}/second-factor/").status_code == 404, "only by the button"
    assert office.post(f"/admin/auth/user/{rita.pk}/second-factor/").status_code == 302
    assert ends_at(client.get("/admin/", follow=True)).startswith(SET_UP), "also where they are signed in"
    assert "Mia Practice managers" in office.get(f"/admin/auth/user/{rita.pk}/change/").content.decode()
    assert rita.staff_events.first().verb == "removed the second factor"


def test_a_link_lets_its_owner_choose_a_password_once_and_opens_nothing_else(client, rita, manager, public):
    link = make_link(rita, by=manager).removeprefix("http://127.0.0.1:8000")
    assert sign_in(client).status_code == 200, "the old password works no more"
    assert client.post(link, {"new_password1": "short", "new_password2": "short"}).status_code == 422
    chosen = "seven-purple-badgers-dance"
    assert client.post(link, {"new_password1": chosen, "new_password2": chosen}).status_code == 302
    assert client.get(link).status_code == 404
    assert sign_in(client, password=chosen).status_code == 302
    assert ends_at(client.get("/admin/", follow=True)).startswith(SET_UP)


def test_a_newer_link_ends_the_older_and_a_disabled_account_has_none(client, rita, manager):
    older, newer = (make_link(rita, by=manager).removeprefix("http://127.0.0.1:8000") for _ in range(2))
    assert [client.get(link).status_code for link in (older, newer)] == [404, 200]
    User.objects.filter(pk=rita.pk).update(is_active=False)
    assert client.get(newer).status_code == 404


def test_everybody_changes_their_own_password_and_other_browsers_are_signed_out(client, rita):
    from django.test import Client

    elsewhere = Client()
    for browser in (client, elsewhere):
        sign_in(browser)
    new = "seven-purple-badgers-dance"
    wrong = client.post("/admin/password/", {"old_password": "x", "new_password1": new, "new_password2": new})
    assert wrong.status_code == 422
    right = client.post("/admin/password/", {"old_password": PASSWORD, "new_password1": new, "new_password2": new})
    assert right.status_code == 302
    assert client.get("/admin/").status_code == 200
    assert elsewhere.get("/admin/").status_code == 302
    assert rita.staff_events.get().verb == "changed their own password"


def test_whoever_is_disabled_is_out_at_the_next_request(client, rita):
    sign_in(client)
    assert client.get("/admin/").status_code == 200
    User.objects.filter(pk=rita.pk).update(is_active=False)
    assert client.get("/admin/").status_code == 302
    assert sign_in(client).status_code == 200


def test_readers_get_no_cookie_and_staffs_are_strict(client, rita, shipped):
    assert not client.get("/").cookies
    response = sign_in(client)
    session = response.cookies["session"]
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert not client.get("/").cookies
    for page in ("/admin/", SIGN_IN, "/admin/password/", "/admin/jsi18n/", "/admin/session/"):
        assert "no-store" in client.get(page).headers["Cache-Control"], page
