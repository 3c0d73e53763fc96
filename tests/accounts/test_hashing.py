"""Passwords are hashed one at a time on a machine, on one processor, and beside the loop that serves readers."""

import fcntl
import os
import subprocess
import sys

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, identify_hasher, make_password
from django.db import connection

from siweb.accounts import hashers
from tests.support.serving import PROJECT

HASHERS = ["siweb.accounts.hashers.QueuedArgon2PasswordHasher"]
PASSWORD = "walnut-otter-seventeen"


@pytest.fixture
def argon2(settings):
    settings.PASSWORD_HASHERS = HASHERS


def test_the_site_hashes_with_one_thread_only(argon2):
    from siweb.config import settings as of_the_site

    assert of_the_site.PASSWORD_HASHERS == HASHERS
    hashed = make_password(PASSWORD)
    assert ",p=1$" in hashed
    assert check_password(PASSWORD, hashed)
    assert not check_password("wrong", hashed)


def test_a_password_that_was_hashed_with_eight_is_still_right_and_hashed_again(argon2):
    old, stored = Argon2PasswordHasher().encode(PASSWORD, "a" * 22), []
    assert ",p=8$" in old
    assert check_password(PASSWORD, old, setter=stored.append)
    assert stored == [PASSWORD]
    assert not identify_hasher(make_password(PASSWORD)).must_update(make_password(PASSWORD))


def is_locked():
    """Whether another process of this machine would wait now."""
    handle = os.open(hashers._LOCKED, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(handle)
    return False


def test_other_processes_wait_while_one_hashes_also_after_a_fault():
    assert hashers.queue.run(is_locked)
    assert not is_locked()
    with pytest.raises(ZeroDivisionError):
        hashers.queue.run(lambda: 1 / 0)
    assert not is_locked()


# In a process that is cooperative as the server's workers are: nothing of this could end if hashing held up the loop.
_COOPERATIVE = """
from gevent import monkey
monkey.patch_all()
import gevent
from gevent.event import Event
from siweb.accounts import hashers

original_lock = monkey.get_original("threading", "Lock")
gate, inside, most, served = original_lock(), [], [], Event()
gate.acquire()

def hash(number):
    inside.append(number)
    most.append(len(inside))
    with gate:                      # the thread stands still until the loop opens the gate
        inside.remove(number)
    return number

queue = hashers.Queue()
waiting = [gevent.spawn(queue.run, hash, number) for number in range(hashers.MAX_WAITING)]
while not inside:
    gevent.sleep(0.001)
reader = gevent.spawn(served.set)   # a reader comes meanwhile
served.wait()
try:
    queue.run(hash, 99)
except hashers.TooBusyError:
    print("busy")
gate.release()
gevent.joinall(waiting, raise_error=True)
print(sorted(greenlet.value for greenlet in waiting), max(most), queue.waiting)
try:
    queue.run(lambda: 1 / 0)
except ZeroDivisionError:
    print("a fault arrives", queue.waiting)
"""


def test_the_loop_serves_others_while_one_is_hashed_and_too_many_are_turned_away():
    done = subprocess.run(
        [sys.executable, "-c", _COOPERATIVE],
        cwd=PROJECT,
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["busy", f"{list(range(hashers.MAX_WAITING))} 1 0", "a fault arrives 0"]


def too_busy(*_, **__):
    raise hashers.TooBusyError


def test_a_sign_in_that_would_wait_too_long_is_asked_to_come_back(client, reception, monkeypatch):
    monkeypatch.setattr("django.contrib.auth.models.User.check_password", too_busy)
    response = client.post("/admin/login/", {"username": "rita", "password": PASSWORD})
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "60"
    assert PASSWORD not in response.content.decode()


@pytest.mark.parametrize("page", ["change", "choose"])
def test_no_password_is_hashed_while_the_database_is_locked(client, reception, monkeypatch, page):
    from django.contrib.auth.models import User

    from siweb.accounts import services

    reception.set_password(PASSWORD)
    reception.save()
    hashed, original = [], User.set_password

    def watched(user, password):
        hashed.append(len(connection.savepoint_ids))
        original(user, password)

    path = "/admin/password/"
    data = {"new_password1": "seven-purple-badgers-dance", "new_password2": "seven-purple-badgers-dance"}
    if page == "choose":
        path = services.make_link(reception, by=reception).partition("8000")[2] or "/admin/"
    else:
        client.force_login(reception)
        data["old_password"] = PASSWORD
    outside = len(connection.savepoint_ids)
    monkeypatch.setattr(User, "set_password", watched)
    assert client.post(path, data).status_code == 302
    assert hashed == [outside]
    reception.refresh_from_db()
    assert reception.check_password("seven-purple-badgers-dance")
