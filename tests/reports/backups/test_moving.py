"""The tables that are moved, and refusals; the move itself is in tests/contract/test_backups.py."""

import pytest
from django.apps import apps
from django.db import connection

from campaigns.models import Organization
from reports.backups import moving
from tests.factories import make_organization


def test_every_table_of_ours_is_moved_and_those_of_relations_too():
    moved = set(moving.moved_models())
    own = {model for label in ("campaigns", "ballots", "reports") for model in apps.get_app_config(label).get_models()}

    assert own <= moved
    assert {model for model in apps.get_models(include_auto_created=True) if model not in moved} == set(
        moving.NOT_MOVED
    )


@pytest.mark.parametrize(
    ("url", "message"),
    [("sqlite:////tmp/x.sqlite3", "目标应为 postgres://"), ("mysql://host/name", "目标应为 postgres://")],
)
def test_only_postgresql_is_a_target(db, url, message):
    if connection.vendor != "sqlite":
        pytest.skip("the question does not arise")
    with pytest.raises(moving.CannotMove, match=message):
        moving.move_to(url)


def test_a_digest_changes_with_any_value(db):
    make_organization()
    before = moving._digest(Organization, "default")

    Organization.objects.update(name="某局党委会")

    assert before[0] == 1
    assert moving._digest(Organization, "default") != before
