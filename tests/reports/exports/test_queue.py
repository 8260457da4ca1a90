"""Exports are asked for, claimed, and never with two workers at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from reports.exports.queue import (
    Lost,
    advance_export,
    ask_for_export,
    cancel_export,
    claim_export,
    fail_export,
    finish_export,
    hand_back_export,
    keep_alive,
)
from reports.models import Export
from reports.models.export import SILENCE
from reports.scope import Scope
from tests import factories
from tests.reports.exports.claiming import again, claimed

pytestmark = pytest.mark.django_db


def test_asking_for_the_same_again_leads_to_the_export_under_way_until_it_ends(campaign, people):
    scope = Scope.of(campaign, people.organization)
    asked = {"kind": "summary", "format": "pdf"}

    first, is_new = ask_for_export(scope, by=people.secretary, **asked)
    second, is_second_new = ask_for_export(scope, by=people.secretary, **asked)
    others, is_others_new = ask_for_export(scope, by=people.officer, **asked)
    cancel_export(first)
    third, is_third_new = ask_for_export(scope, by=people.secretary, **asked)

    assert (is_new, is_second_new, is_others_new, is_third_new) == (True, False, True, True)
    assert second == first
    assert len({first.pk, others.pk, third.pk}) == 3
    assert (second.state, second.total_count, first.state) == ("waiting", 3, "cancelled")


def test_two_of_one_kind_cannot_be_under_way_for_one_user(export, campaign, people):
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.make_export(campaign, by=people.secretary)

    assert Export.objects.count() == 1


def test_the_oldest_waiting_export_is_claimed_and_no_other_worker_gets_it(export, campaign, people):
    later = factories.make_export(campaign, by=people.officer)

    first, second, third = claimed(), claimed(), claimed()

    assert (first, second, third) == (export, later, None)
    assert {first.state, second.state} == {"running"}
    assert first.worker != second.worker


def test_an_export_whose_worker_is_silent_goes_to_another_and_the_first_writes_nothing_more(export):
    first = claimed()
    now = first.seen_at

    too_early = claim_export(now=now + SILENCE - timedelta(seconds=5))
    second = claim_export(now=now + SILENCE + timedelta(seconds=5))

    assert (too_early, second) == (None, export)
    for write in (keep_alive, finish_export, hand_back_export, lambda claim: fail_export(claim, "坏了")):
        with pytest.raises(Lost):
            write(first)
    with pytest.raises(Lost):
        advance_export(first, total=3, done=1, failed=0)
    assert (again(export).state, again(export).worker, again(export).done_count) == ("running", second.worker, 0)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_at_once_each_export_has_one(people):
    campaign = factories.make_campaign(people.organization)
    exports = [factories.make_export(campaign, by=user) for user in (people.secretary, people.officer, people.teller)]
    start = Barrier(8)

    def claim(_):
        try:
            start.wait()
            return claimed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        claims = [claimed_export for claimed_export in pool.map(claim, range(8)) if claimed_export]

    assert sorted(claimed_export.pk for claimed_export in claims) == [asked.pk for asked in exports]
    assert {claimed_export.pk: claimed_export.worker for claimed_export in claims} == dict(
        Export.objects.values_list("pk", "worker")
    )
