"""Rows that older versions wrote, as migrations leave them."""

from contextlib import contextmanager

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from campaigns.models import Campaign
from reports.models import Finding, Problem
from tests.factories import make_sealed_poll

RULE = "org-dissatisfied-third"


@contextmanager
def as_before():
    """The models of a version that kept a finding for each indicator; afterwards the database is of this version again."""
    executor = MigrationExecutor(connection)
    executor.migrate([("reports", "0008_export")])
    try:
        yield executor.loader.project_state([("reports", "0008_export")]).apps
    finally:
        migrate_to_the_last()


def migrate_to_the_last():
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.django_db(transaction=True)
def test_decisions_on_single_indicators_become_one_finding_with_all_their_reasons():
    poll = make_sealed_poll({"111": 9}, indicators=("甲项", "乙项", "丙项"), thresholds=[RULE])
    target = poll.targets.get()
    other = make_sealed_poll(title="另一活动", organizer=poll.organization, thresholds=[RULE])
    decisions = [("dismissed", "票数有误"), ("confirmed", "经复核属实"), ("pending", "")]
    with as_before() as old:
        for indicator, (state, reason) in zip(target.questionnaire.indicators.all(), decisions, strict=True):
            decided_at = None if state == "pending" else timezone.now()
            facts = {"rule": RULE, "target_id": target.pk, "indicator_id": indicator.pk, "state": state}
            row = old.get_model("reports", "Finding").objects.create(**facts, reason=reason, decided_at=decided_at)
            old.get_model("reports", "Problem").objects.create(
                organization_id=poll.organization_id,
                content=f"{indicator}超过界限",
                finding_id=row.pk,
                target_id=target.pk,
            )

    finding = Finding.objects.get()
    assert (finding.rule, finding.target, finding.state) == (RULE, target, "confirmed")
    assert finding.reason == "“甲项”不予认定：票数有误；“乙项”认定：经复核属实"
    kept = Problem.objects.order_by("pk").values_list("content", "finding", "target")
    assert list(kept) == [
        ("甲项超过界限", None, None),
        ("乙项超过界限", finding.pk, target.pk),
        ("丙项超过界限", None, None),
    ]
    assert [Campaign.objects.get(pk=each.campaign_id).judged for each in (poll, other)] == ["each", "overall"]
