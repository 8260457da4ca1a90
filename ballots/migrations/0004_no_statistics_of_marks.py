"""PostgreSQL keeps samples of every column for its planner, and keeps them after the rows are gone: not of what people marked."""

from django.db import migrations

COLUMNS = (
    ("ballots_ballot", "marks"),
    ("ballots_keyedsheet", "marks"),
    ("ballots_keyedsheet", "opinions"),
    ("ballots_keying", "totals"),
)


def keep_no_samples(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table, column in COLUMNS:
            schema_editor.execute(f"ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 0")


class Migration(migrations.Migration):
    dependencies = [("ballots", "0003_keying")]

    operations = [migrations.RunPython(keep_no_samples, migrations.RunPython.noop)]
