"""Letters that reception sends often: the practice manager keeps them, and nothing is filled in that is not known."""

import pytest

from siweb.enquiries.models import CannedReply
from tests.conftest import with_role
from tests.support.at_the_desk import brought, page_of

REPLIES = "/admin/enquiries/cannedreply/"
REPLY = {
    "title": "Ring us",
    "subject": "About {{reference}}",
    "body": "Dear {{name}},\n\nplease ring us.",
    "in_use": "on",
}


@pytest.fixture
def manager(client, django_user_model):
    client.force_login(with_role(django_user_model, "mia", "Practice managers"))
    return client


def test_the_practice_manager_writes_one_changes_it_and_takes_it_out_of_use(manager):
    assert manager.post(REPLIES + "add/", REPLY).status_code == 302
    reply = CannedReply.objects.get()
    filled = reply.filled(name="Maria", reference="SIJ-7F3K")
    assert filled == ("About SIJ-7F3K", "Dear Maria,\n\nplease ring us.")
    without = {name: value for name, value in REPLY.items() if name != "in_use"}
    assert manager.post(f"{REPLIES}{reply.pk}/change/", without | {"title": "Call us"}).status_code == 302
    reply.refresh_from_db()
    assert (reply.title, reply.in_use) == ("Call us", False)
    assert "Call us" in manager.get(REPLIES).content.decode()


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("Dear {{surname}}", "is not filled in. Use only"),
        ("Dear {{name}", "A placeholder is not whole"),
        ("", "This field is required"),
    ],
)
def test_what_could_not_be_filled_in_is_refused_and_kept(manager, body, said):
    response = manager.post(REPLIES + "add/", REPLY | {"body": body, "title": "A title that stays"})
    text = response.content.decode()
    assert response.status_code == 200
    assert said in text
    assert "A title that stays" in text
    assert not CannedReply.objects.exists()


def test_nobody_can_remove_one(manager):
    reply = CannedReply.objects.create(title="Ring us", subject="Ring us", body="Please ring us.")
    assert manager.post(f"{REPLIES}{reply.pk}/delete/", {"post": "yes"}).status_code in (302, 404)
    assert CannedReply.objects.get() == reply


def test_reception_chooses_only_among_those_in_use(client, reception, make_enquiry):
    CannedReply.objects.create(title="In use", subject="x", body="x")
    CannedReply.objects.create(title="Out of use", subject="x", body="x", in_use=False)
    enquiry = brought(make_enquiry(), "in_progress", reception)
    client.force_login(reception)
    text = client.get(page_of(enquiry)).content.decode()
    assert "In use" in text
    assert "Out of use" not in text
    assert client.get(REPLIES).status_code == 403
