"""Tables whose rows are written once: the database itself refuses to change or remove them.

They are made again after every migrate, because SQLite rebuilds a table to alter it and drops its triggers silently.
"""

from django.db import connections, transaction

_KEPT = ("id", "enquiry_id", "at", "actor_id", "actor_name", "verb", "from_state", "to_state")

# Erasing an enquiry empties the words of its events, once, and changes nothing else of them.
_ERASURE = "OLD.erased_at IS NULL AND NEW.erased_at IS NOT NULL AND NEW.note = '' AND " + " AND ".join(
    f"(OLD.{column} = NEW.{column} OR OLD.{column} IS NULL AND NEW.{column} IS NULL)" for column in _KEPT
)

# Each table, and the one kind of update that it allows.
INSERT_ONLY = {
    "articles_revision": "",
    "articles_decision": "",
    "articles_reading": "",
    "articles_publication": "",
    "clinics_openingevent": "",
    "enquiries_enquiryevent": _ERASURE,
    "enquiries_deskevent": "",
    "siweb_staffevent": "",
}

_REFUSAL = "rows of {table} are never changed or removed"

_SQLITE = """
CREATE TRIGGER {name} BEFORE {verb} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{refusal}'); END
"""

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{refusal}' USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_POSTGRESQL = "CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH {each} {when} EXECUTE FUNCTION {table}_refuse()"


def make_triggers(using="default"):
    """Guard every insert-only table that exists; called after migrate, harmless when called again."""
    connection = connections[using]
    present = sorted(set(connection.introspection.table_names()) & set(INSERT_ONLY))
    with transaction.atomic(using=using), connection.cursor() as cursor:
        for table in present:
            for statement in [*drops(connection.vendor, table), *_creations(connection.vendor, table)]:
                cursor.execute(statement)


def drops(vendor, table):
    """The statements that lift a table's guard."""
    on = f" ON {table}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {table}_no_{verb}{on}" for verb in _verbs(vendor)]


def _verbs(vendor):
    return ("update", "delete", "truncate") if vendor == "postgresql" else ("update", "delete")


def _creations(vendor, table):
    refusal, allowed = _REFUSAL.format(table=table), INSERT_ONLY[table]
    form = _POSTGRESQL if vendor == "postgresql" else _SQLITE
    if vendor == "postgresql":
        yield _POSTGRESQL_FUNCTION.format(table=table, refusal=refusal)
    for verb in _verbs(vendor):
        when = f"WHEN (NOT ({allowed}))" if allowed and verb == "update" else ""
        each = "STATEMENT" if verb == "truncate" else "ROW"
        yield form.format(name=f"{table}_no_{verb}", verb=verb, table=table, refusal=refusal, when=when, each=each)
