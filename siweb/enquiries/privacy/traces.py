"""Looking for what is left of an erased enquiry: in every table's text, and in SQLite's files byte by byte."""

import mmap
import re
from dataclasses import dataclass, field
from itertools import islice

from django.db import connection
from django.db.models import CharField, TextField

from siweb.core.phone_numbers import digits_of, pattern_of
from siweb.enquiries.models import Answers, Complaint, Enquiry, EnquiryEvent, Key

from .disk_space import database_file

WHAT_REMAINS = (
    "Backups made before now still hold it until they are replaced, and so does a mail that was sent. "
    "On PostgreSQL, the write-ahead log and its archives hold it until they are recycled; "
    "disks may keep blocks that are free."
)

# What could name somebody; a "yes" or the name of a clinic could not.
_NAMING = ("name", "asker", "phone", "phone_raw", "phone_note", "email", "words")
_PUBLIC = ("articles_", "clinics_")  # tables of what readers may read
_MOST_COMPARED = 500  # in one question: SQLite takes no more than 1,000
_SHORTEST = 5  # letters: "Ann" stands in too many other words
_MOST_NAMED = 20  # others of one text

# Rows of others, which stay: how each is called, by its table.
_OTHERS = {
    Answers._meta.db_table: (Answers, "enquiry__reference", "{}"),
    EnquiryEvent._meta.db_table: (EnquiryEvent, "enquiry__reference", "{}"),
    Complaint._meta.db_table: (Complaint, "pk", "complaint {}"),
}


@dataclass
class Found:
    tables: int = 0
    columns: int = 0
    files: list = field(default_factory=list)
    elsewhere: dict = field(default_factory=dict)  # other enquiries and complaints of the same person: in which answers
    traces: int = 0

    @property
    def others(self):
        """Where else the same person is, in words: "SIJ-7F3K (e-mail, phone)"."""
        return [f"{row} ({', '.join(sorted(where))})" for row, where in sorted(self.elsewhere.items())]


def told_by(enquiry):
    """Every text of an enquiry that could name its person, from all its answers."""
    rows = enquiry.all_answers.values_list(*_NAMING)
    return sorted({value for row in rows for value in row if len(value) >= _SHORTEST})


def look_for(told):
    """Where any of these texts stands now. Words that readers may read anyway ("Please call me") name nobody."""
    found, tables, living = Found(), _text_columns(), set()
    told = [text for text in told if not _is_public(text, tables)]
    for table, columns in tables.items():
        found.tables += 1
        found.columns += len(columns)
        if table == Key._meta.db_table or not _hits(table, columns, told):  # others are found by words of theirs
            continue
        for column in columns:
            for text in told:
                if (hits := _hits(table, [column], [text])) and _is_others(found, table, column, text, hits):
                    living.add(text)
    _look_for_numbers(found, told)
    if connection.vendor == "sqlite":
        _look_into_files(found, [text for text in told if text not in living])
    return found


def _is_public(text, tables):
    return any(_hits(table, columns, [text]) for table, columns in tables.items() if table.startswith(_PUBLIC))


def _text_columns():
    """{table: its columns of text} of the whole database. Lists of keys, which nobody types, are none."""
    tables = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            for column in connection.introspection.get_table_description(cursor, table):
                if _holds_words(table, column):
                    tables.setdefault(table, []).append(column.name)
    return tables


def _holds_words(table, column):
    if not column.type_code:  # in SQLite's own tables of samples
        return True
    kind = connection.introspection.get_field_type(column.type_code, column)
    return kind in ("CharField", "TextField") or kind == "JSONField" and table != Answers._meta.db_table


def _hits(table, columns, told):
    """How many rows hold any of the texts in any of the columns. Of very many texts a row may be counted twice."""
    at_once = max(1, _MOST_COMPARED // len(columns))
    return sum(_hits_of(table, columns, told[i : i + at_once]) for i in range(0, len(told), at_once))


def _hits_of(table, columns, told):
    quote = connection.ops.quote_name
    each = [f"CAST({quote(column)} AS text) LIKE %s ESCAPE '!'" for column in columns for _ in told]
    patterns = [_pattern(text) for _ in columns for text in told]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {quote(table)} WHERE {' OR '.join(each)}", patterns)  # noqa: S608
        return cursor.fetchone()[0]


def _pattern(text):
    return "%" + "".join(f"!{letter}" if letter in "!%_" else letter for letter in text) + "%"


def _is_others(found, table, column, text, hits):
    """Whether it is in rows of others, which are named: their answers, notes and complaints. All else is a trace."""
    if table == "auth_user" or column == "actor_name":
        found.elsewhere.setdefault("staff", set()).add("the name of a colleague")
        return True
    if table not in _OTHERS:
        found.traces += hits
        return False
    model, name, called = _OTHERS[table]
    rows = model.objects.filter(**{f"{column}__contains": text})
    if model is not Complaint:
        found.traces += rows.filter(enquiry__state=Enquiry.State.ERASED).count()
        rows = rows.exclude(enquiry__state=Enquiry.State.ERASED)
    theirs = (
        called.format(row) for row, said in rows.values_list(name, column).iterator() if text in said
    )  # SQLite: MARIE is Marie
    named = list(islice(theirs, _MOST_NAMED + 1))
    where = model._meta.get_field(column).verbose_name
    for row in named[:_MOST_NAMED] + [f"{hits:,} rows in all"] * (len(named) > _MOST_NAMED):
        found.elsewhere.setdefault(row, set()).add(where)
    return bool(named)


def _look_for_numbers(found, told):
    """Name the rows of others that hold one of these telephone numbers, whatever is between its digits."""
    numbers = {digits_of(text) for text in told if re.fullmatch(r"\+?\d{7,16}", text)}
    if not numbers:
        return
    pattern = re.compile("|".join(map(pattern_of, sorted(numbers))))
    for model, name, called in _OTHERS.values():
        columns = [column for column in model._meta.get_fields() if isinstance(column, CharField | TextField)]
        for row, *texts in model.objects.values_list(name, *(column.name for column in columns)).iterator():
            where = {column.verbose_name for column, text in zip(columns, texts, strict=True) if pattern.search(text)}
            if where and len(found.elsewhere) < _MOST_NAMED:
                found.elsewhere.setdefault(called.format(row), set()).update(where)


def _look_into_files(found, told):
    """A text that stands in somebody else's row is in the file for that, so its bytes prove nothing."""
    for path in _files():
        size = path.stat().st_size
        found.files.append(f"{path.name} ({size:,} bytes)")
        if size and told:
            pattern = re.compile(b"|".join(re.escape(text.encode()) for text in told))
            with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                found.traces += sum(1 for _ in pattern.finditer(content))


def _files():
    """SQLite's file, its journal and its log."""
    name = database_file()
    return sorted(path for path in name.parent.glob(f"{name.name}*") if path.is_file())
