"""The practice manager makes, changes and disables the accounts of staff; what was done to one is written down for good."""

import re

import pytest
from django.contrib.auth.models import Group, Permission, User

from siweb.accounts import services
from siweb.accounts.roles import CLINICIANS, EDITORS, MANAGERS, RECEPTION
from siweb.core.models import StaffEvent
from tests.conftest import with_role

LIST = "/admin/auth/user/"
WHO = {"username": "norma", "first_name": "Norma", "last_name": "New", "email": "", "is_active": "on"}


@pytest.fixture
def manager(django_user_model):
    return with_role(django_user_model, "mia", MANAGERS, "Manager")


@pytest.fixture
def office(client, manager):
    client.force_login(manager)
    return client


def groups(*names):
    return [group.pk for group in Group.objects.filter(name__in=names)]


def page_of(account):
    return f"{LIST}{account.pk}/change/"


def form_of(account, **changes):
    """What the page of an account posts when nothing or little was changed."""
    kept = {name: getattr(account, name) for name in ("username", "first_name", "last_name", "email")}
    kept |= {"is_active": "on"} if account.is_active else {}
    kept["urgent_emails"] = "on"
    form = kept | {"groups": [group.pk for group in account.groups.all()]} | changes
    return {name: value for name, value in form.items() if value is not None}


def done_to(account):
    return list(account.staff_events.order_by("pk").values_list("verb", "note", "actor_name"))


@pytest.mark.slow
def test_a_new_account_gets_a_link_that_works_once_and_no_password(office, client):
    response = office.post(f"{LIST}add/", WHO | {"groups": groups(EDITORS)})
    link = re.search(r'value="http://127.0.0.1:8000(/admin/choose-password/[^"]+)"', response.content.decode())[1]
    norma = User.objects.get(username="norma")
    assert (norma.is_staff, norma.is_superuser, norma.has_usable_password()) == (True, False, False)
    assert done_to(norma) == [
        ("made the account", "Editors", "Mia Manager"),
        ("gave a link to choose a password", "", "Mia Manager"),
    ]
    chosen = "seven-purple-badgers-dance"
    office.post("/admin/sign-out/")
    assert client.post(link, {"new_password1": chosen, "new_password2": chosen}).status_code == 302
    assert client.post("/admin/login/", {"username": "norma", "password": chosen}).status_code == 302
    assert client.get("/admin/articles/article/").status_code == 200


def test_what_is_changed_is_written_down_and_shown(office, editor):
    office.post(page_of(editor), form_of(editor, email="e@example.org", groups=groups(EDITORS, CLINICIANS)))
    office.post(
        page_of(editor), form_of(editor, email="e@example.org", groups=groups(EDITORS, CLINICIANS), is_active=None)
    )
    editor.refresh_from_db()
    office.post(page_of(editor), form_of(editor))
    office.post(page_of(editor), form_of(editor, is_active="on"))
    assert done_to(editor) == [
        ("changed what they work as", "Editors → Clinicians, Editors", "Mia Manager"),
        ("changed the account", "email address", "Mia Manager"),
        ("disabled the account", "", "Mia Manager"),
        ("enabled the account", "", "Mia Manager"),
    ]
    text = office.get(page_of(editor)).content.decode()
    assert "Editors → Clinicians, Editors" in text
    assert "e@example.org" not in "".join(note for _, note, _ in done_to(editor))


def test_whoever_is_disabled_is_out_at_once_and_what_they_did_stays(office, editor):
    from django.test import Client

    browser = Client()
    browser.force_login(editor)
    assert browser.get("/admin/").status_code == 200
    office.post(page_of(editor), form_of(editor, is_active=None))
    assert browser.get("/admin/").status_code == 302
    assert User.objects.filter(username="edith").exists()


def test_a_link_signs_out_everywhere(office, editor):
    from django.test import Client

    browser = Client()
    browser.force_login(editor)
    assert office.post(f"{LIST}{editor.pk}/link/").status_code == 200
    assert browser.get("/admin/").status_code == 302


@pytest.mark.parametrize("change", [{"is_active": None}, {"groups": []}, {"is_active": None, "groups": []}])
def test_the_last_manager_who_can_sign_in_stays_one(office, manager, change):
    response = office.post(page_of(manager), form_of(manager, **change))
    assert "This is the last practice manager" in response.content.decode()
    manager.refresh_from_db()
    assert (manager.is_active, manager.groups.get().name, done_to(manager)) == (True, MANAGERS, [])


def test_one_of_two_managers_can_be_disabled_and_a_disabled_one_does_not_count(office, manager, django_user_model):
    other = with_role(django_user_model, "max", MANAGERS)
    assert office.post(page_of(other), form_of(other, is_active=None)).status_code == 302
    assert office.post(page_of(manager), form_of(manager, is_active=None)).status_code == 200
    manager.refresh_from_db()
    assert manager.is_active


@pytest.mark.parametrize("path", ["{pk}/change/", "{pk}/link/", "{pk}/second-factor/"])
def test_superusers_are_not_the_managers_to_touch(office, admin_user, path):
    before = User.objects.values().get(pk=admin_user.pk)
    for method in (office.get, office.post):
        response = method(f"{LIST}{path.format(pk=admin_user.pk)}", form_of(admin_user, is_active=None))
        assert response.status_code in (302, 404)
    assert User.objects.values().get(pk=admin_user.pk) == before
    assert f">{admin_user.username}<" not in office.get(LIST).content.decode()
    assert StaffEvent.objects.count() == 0


def test_nobody_gets_more_rights_than_a_group_has(office, editor):
    permission = Permission.objects.get(codename="approve_article").pk
    sent = {
        "is_superuser": "on",
        "is_staff": "",
        "user_permissions": [permission],
        "password": "x",
        "last_login": "2020-01-01",
    }
    before = editor.password
    office.post(page_of(editor), form_of(editor, **sent))
    editor.refresh_from_db()
    assert (editor.is_superuser, editor.is_staff, editor.password) == (False, True, before)
    assert not editor.user_permissions.exists()
    other = Group.objects.create(name="Others")
    assert office.post(page_of(editor), form_of(editor, groups=[other.pk])).status_code == 200
    assert editor.groups.get().name == EDITORS


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"username": "edith"}, "already exists"),
        ({"username": "no blanks"}, "Enter a valid username"),
        ({"username": ""}, "required"),
        ({"first_name": ""}, "required"),
        ({"last_name": "\0"}, "Null characters"),
        ({"email": "nonsense"}, "valid email"),
        ({"groups": ["x"]}, "not a valid value"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_made(office, editor, changes, said):
    response = office.post(f"{LIST}add/", WHO | changes)
    assert said in response.content.decode()
    assert User.objects.count() == 2


@pytest.mark.slow
def test_nothing_done_to_an_account_is_recorded_by_halves(office, editor, monkeypatch):
    def refuse(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(services.StaffEvent.objects, "create", refuse)
    office.raise_request_exception = False
    for path, sent in (
        (page_of(editor), form_of(editor, is_active=None)),
        (f"{LIST}add/", WHO | {"groups": groups(RECEPTION)}),
        (f"{LIST}{editor.pk}/link/", {}),
    ):
        before = list(User.objects.values())
        assert office.post(path, sent).status_code == 500
        assert list(User.objects.values()) == before


def test_an_account_cannot_be_removed(office, editor):
    assert office.post(f"{LIST}{editor.pk}/delete/", {"post": "yes"}).status_code == 404
    text = office.get(page_of(editor)).content.decode()
    assert "Delete" not in text
    assert 'name="action"' not in office.get(LIST).content.decode()


def test_the_list_takes_few_queries_however_many_there_are(office, django_assert_max_num_queries, django_user_model):
    for number in range(30):
        with_role(django_user_model, f"user{number}", EDITORS)
    with django_assert_max_num_queries(12):
        assert "user29" in office.get(LIST).content.decode()
