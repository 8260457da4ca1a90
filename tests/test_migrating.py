import importlib
import re
from pathlib import Path

import pytest
from django.db import connection, migrations, models
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.state import ProjectState

from pingyi.migrating import WholeMigration

ROOT = Path(__file__).resolve().parent.parent
# The migrations before these were released as Django makes them.
WHOLE_FROM = {"campaigns": 31, "ballots": 19, "reports": 32}


def newer_migrations():
    for app, first in WHOLE_FROM.items():
        for path in sorted((ROOT / app / "migrations").glob("0*.py")):
            if int(re.match(r"\d+", path.name)[0]) >= first:
                yield f"{app}.migrations.{path.stem}"


@pytest.mark.parametrize("name", list(newer_migrations()))
def test_a_new_migration_is_whole(name):
    assert issubclass(importlib.import_module(name).Migration, WholeMigration)


def adding_a_table(base):
    class Migration(base):
        operations = [
            migrations.CreateModel("Wheel", [("id", models.AutoField(primary_key=True))]),
            migrations.CreateModel(
                "Spoke",
                [
                    ("id", models.AutoField(primary_key=True)),
                    ("wheel", models.ForeignKey("reports.Wheel", models.CASCADE)),
                ],
            ),
        ]

    return Migration("9999_wheels", "reports")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("base", "is_inside"), [(WholeMigration, True), (migrations.Migration, False)])
def test_the_record_is_written_before_the_transaction_ends(base, is_inside, monkeypatch):
    recorded = []

    class Recording(MigrationExecutor):
        def record_migration(self, migration):
            recorded.append(connection.in_atomic_block)

    migration = adding_a_table(base)
    executor = Recording(connection)
    executor.apply_migration(ProjectState(), migration)
    try:
        assert recorded == [is_inside]
        assert {"reports_wheel", "reports_spoke"} <= {*connection.introspection.table_names()}
    finally:
        executor.unapply_migration(ProjectState(), migration, fake=False)
