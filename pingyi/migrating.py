"""Migrations that are known as applied exactly when they are."""

from django.db import migrations


class WholeMigration(migrations.Migration):
    """A migration that is recorded in the transaction in which it changes the database.

    Django leaves indexes and foreign keys to the end of that transaction and records such a migration in another one after
    it: killed between the two, an upgrade would find its tables there already and never come to an end.
    """

    def apply(self, project_state, schema_editor, collect_sql=False):
        state = super().apply(project_state, schema_editor, collect_sql)
        while schema_editor.deferred_sql:
            schema_editor.execute(schema_editor.deferred_sql.pop(0), None)
        return state
