"""A migration of an empty database leaves everything that every site has: triggers, roles, the clinic's row."""

import json

import pytest
from django.core.management import get_commands
from django.db import connection

from siweb.accounts.roles import RIGHTS
from siweb.core import insert_only
from tests.support.serving import Site

_COUNT = """
import json
from django.contrib.auth.models import Group
from django.db import connection
from siweb.clinics.models import Clinic, Location
from siweb.core.models import SiteVersion
triggers = {"sqlite": "sqlite_master WHERE type = 'trigger'", "postgresql": "pg_trigger WHERE NOT tgisinternal"}
with connection.cursor() as cursor:
    cursor.execute(f"SELECT count(*) FROM {triggers[connection.vendor]}")
    [(count,)] = cursor.fetchall()
rights = {group.name: group.permissions.count() for group in Group.objects.all()}
rows = [model.objects.count() for model in (Clinic, Location, SiteVersion)]
print(json.dumps({"triggers": count, "rights": rights, "rows": rows}))
"""


@pytest.fixture
def empty(tmp_path):
    site = Site(tmp_path, fresh=True)
    site.data_dir.mkdir()
    yield site
    site.close()


@pytest.mark.slow
def test_a_migration_of_an_empty_database_makes_triggers_roles_and_the_clinic(empty):
    empty.manage("migrate", "-v0")
    counted = json.loads(empty.manage("shell", "-v0", "-c", _COUNT))
    kinds = {"sqlite": 2, "postgresql": 3}[connection.vendor]  # update, delete and, on PostgreSQL, truncate
    assert counted == {
        "triggers": len(insert_only.INSERT_ONLY) * kinds,
        "rights": {name: len(rights) for name, rights in RIGHTS.items()},
        "rows": [1, 1, 1],
    }


@pytest.mark.slow
def test_a_migration_of_one_app_alone_fails_at_nothing_that_is_not_there_yet(empty):
    empty.manage("migrate", "siweb", "-v0")
    empty.manage("migrate", "-v0")


def test_the_commands_of_every_app_are_found():
    ours = {name: app for name, app in get_commands().items() if app.startswith("siweb.")}
    assert set(ours.values()) == {"siweb.accounts", "siweb.articles", "siweb.enquiries", "siweb.operations"}
    assert ours["first_account"] == "siweb.accounts"
