"""PostgreSQL keeps samples of values for its planner, and would keep them after erasure: none of what people wrote."""

from django.db import migrations

PERSONAL = {
    "enquiries_answers": (
        *("name", "asker", "relation", "phone", "phone_raw", "phone_note", "email"),
        *("language", "words", "times", "needs", "tell"),
    ),
    "enquiries_key": ("word",),
    "enquiries_complaint": ("name", "contact", "words", "outcome"),
    "enquiries_enquiryevent": ("note",),
    "enquiries_enquiry": ("hold_reason",),
}


def keep_no_samples(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, columns in PERSONAL.items():
            for column in columns:
                schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


class Migration(migrations.Migration):
    dependencies = [("enquiries", "0001_initial")]

    operations = [migrations.RunPython(keep_no_samples, migrations.RunPython.noop)]
