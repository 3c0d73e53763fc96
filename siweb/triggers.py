"""Tables whose rows are written once: the database itself refuses to change or remove them.

They are made again after every migrate, because SQLite rebuilds a table to alter it and drops its triggers silently.
"""

from django.db import connections, transaction

INSERT_ONLY = ("articles_revision", "articles_decision", "articles_publication")

_REFUSAL = "rows of {table} are never changed or removed"

_SQLITE = """
CREATE TRIGGER IF NOT EXISTS {table}_no_{verb} BEFORE {verb} ON {table}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""

_POSTGRESQL = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$;
DROP TRIGGER IF EXISTS {table}_insert_only ON {table};
CREATE TRIGGER {table}_insert_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_refuse();
DROP TRIGGER IF EXISTS {table}_no_truncate ON {table};
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_refuse();
"""


def make_triggers(using="default"):
    """Guard every insert-only table that exists; called after migrate, harmless when called again."""
    connection = connections[using]
    present = set(connection.introspection.table_names()) & set(INSERT_ONLY)
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for statement in (s for table in sorted(present) for s in _statements(connection.vendor, table)):
            cursor.execute(statement)


def _statements(vendor, table):
    refusal = _REFUSAL.format(table=table)
    if vendor == "sqlite":
        return [_SQLITE.format(table=table, verb=verb, refusal=refusal) for verb in ("UPDATE", "DELETE")]
    return [_POSTGRESQL.format(table=table, refusal=refusal)]
