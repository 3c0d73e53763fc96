"""Looking for what is left of an erased enquiry: in every table's text, and in SQLite's files byte by byte."""

from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection

from .models import Answers, Key

WHAT_REMAINS = (
    "Backups made before now still hold it until they are replaced, and so does a mail that was sent. "
    "On PostgreSQL, the write-ahead log and its archives hold it until they are recycled; "
    "disks may keep blocks that are free."
)

# What could name somebody; a "yes" or the name of a clinic could not.
_NAMING = ("name", "asker", "phone", "phone_raw", "phone_note", "email", "words")
_PUBLIC = ("articles_", "clinics_")  # tables of what readers may read
_SHORTEST = 5  # letters: "Ann" stands in too many other words


@dataclass
class Found:
    tables: int = 0
    columns: int = 0
    files: list = field(default_factory=list)
    elsewhere: list = field(default_factory=list)  # other enquiries of the same person
    traces: int = 0


def told_by(enquiry):
    """Every text of an enquiry that could name its person, from all its answers."""
    rows = enquiry.all_answers.values_list(*_NAMING)
    return sorted({value for row in rows for value in row if len(value) >= _SHORTEST})


def look_for(told):
    """Where any of these texts stands now. Words that readers may read anyway ("Please call me") name nobody."""
    found, tables = Found(), _text_columns()
    told = [text for text in told if not _is_public(text, tables)]
    for table, columns in tables.items():
        found.tables += 1
        for column in columns:
            found.columns += 1
            if hits := _hits(table, column, told):
                _sort_out(found, table, column, told, hits)
    if connection.vendor == "sqlite" and not found.elsewhere:
        _look_into_files(found, told)
    return found


def _is_public(text, tables):
    return any(
        _hits(table, column, [text]) for table in tables if table.startswith(_PUBLIC) for column in tables[table]
    )


def _text_columns():
    """{table: its columns of text} of the whole database."""
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                kind = connection.introspection.get_field_type(column.type_code, column)
                if kind in ("CharField", "TextField", "JSONField"):
                    tables.setdefault(table, []).append(column.name)
    return tables


def _hits(table, column, told):
    """How many rows hold any of the texts."""
    if not told:
        return 0
    quote = connection.ops.quote_name
    where = " OR ".join([f"CAST({quote(column)} AS text) LIKE %s ESCAPE '!'"] * len(told))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {quote(table)} WHERE {where}", [_pattern(text) for text in told])  # noqa: S608
        return cursor.fetchone()[0]


def _pattern(text):
    return "%" + "".join(f"!{letter}" if letter in "!%_" else letter for letter in text) + "%"


def _sort_out(found, table, column, told, hits):
    """The answers of other enquiries are theirs, and so are the words that find these; anything else is a trace."""
    if table == Key._meta.db_table:
        return
    if table != Answers._meta.db_table:
        found.traces += hits
        return
    for answers in Answers.objects.select_related("enquiry"):
        if any(text in str(getattr(answers, column)) for text in told):
            found.elsewhere.append(f"{answers.enquiry.reference} ({column})")


def _look_into_files(found, told):
    for path in _files():
        content = path.read_bytes()
        found.files.append(f"{path.name} ({len(content):,} bytes)")
        found.traces += sum(content.count(text.encode()) for text in told)


def _files():
    """SQLite's file, its journal and its log."""
    name = Path(connection.settings_dict["NAME"].removeprefix("file:").partition("?")[0])
    return sorted(path for path in name.parent.glob(f"{name.name}*") if path.is_file())
