"""A deed on a campaign of very many polls is asked for once, taken up by one worker, and given up where workers die over it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from campaigns import long_deeds
from campaigns.actions import make_polls
from campaigns.long_deeds import (
    begin_deed_turn,
    end_long_deed,
    forget_ended_deeds,
    held_deed,
    is_any_deed_waiting,
    is_deed_free,
    is_for_worker,
    note_progress,
    queue_deed,
    why_given_up,
)
from campaigns.models import Campaign, LongDeed
from campaigns.models.long_deed import KEPT, LongDeedQuerySet
from campaigns.models.states import StateError
from tests.factories import make_campaign, make_long_deed, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def campaign():
    return make_campaign(make_organization())


def test_more_polls_than_a_request_may_do_are_the_worker_s(campaign, monkeypatch):
    monkeypatch.setattr(long_deeds, "POLLS_IN_A_REQUEST", 1)
    first, second = campaign.organizer, make_organization("一支部", parent=campaign.organizer, kind="branch")

    make_polls(campaign, [first])
    assert not is_for_worker(campaign)

    make_polls(campaign, [second])
    assert is_for_worker(campaign)


def test_a_second_deed_waits_until_the_first_has_ended_and_is_led_to_it(campaign, user):
    first = queue_deed(campaign, "open", by=user)

    with pytest.raises(StateError, match="后台正在办这次活动的“开启评议”，办完以后才能办别的。") as refusal:
        queue_deed(campaign, "refresh", by=user)

    assert refusal.value.way.keys == (campaign.pk, first.pk)
    end_long_deed(first, "已开启。", is_done=True)
    assert queue_deed(campaign, "refresh", by=user).is_at_work


def test_of_two_who_press_at_the_very_moment_the_database_takes_one(campaign, user, monkeypatch):
    queue_deed(campaign, "open", by=user)
    monkeypatch.setattr(LongDeedQuerySet, "at_work", LongDeedQuerySet.none)

    with pytest.raises(StateError, match="刚刚有人把这次活动的一件事交给后台办，办完以后才能办别的。"):
        queue_deed(campaign, "open", by=user)

    assert LongDeed.objects.count() == 1


def test_deeds_on_other_campaigns_do_not_wait(campaign, user):
    queue_deed(campaign, "open", by=user)

    assert queue_deed(make_campaign(campaign.organizer, title="另一次"), "open", by=user).is_at_work


def test_each_beginning_is_counted_and_a_part_that_is_done_counts_anew(campaign, user):
    deed = queue_deed(campaign, "open", by=user)

    assert [begin_deed_turn(deed.pk).try_count for _ in range(2)] == [1, 2]

    deed.position, deed.done_count, deed.total_count = 7, 2, 5
    note_progress(deed)
    begun = begin_deed_turn(deed.pk)
    assert (begun.try_count, begun.position, begun.done_count, begun.total_count) == (1, 7, 2, 5)


def test_a_deed_that_ended_is_begun_by_nobody(campaign, user):
    deed = make_long_deed(campaign, user, ended="已经办完。")

    assert (begin_deed_turn(deed.pk), held_deed(deed.pk), is_deed_free(deed.pk)) == (None, None, False)
    assert not is_any_deed_waiting()


@pytest.mark.parametrize(
    ("facts", "hours", "reason"),
    [
        ({"try_count": 1}, 0, ""),
        ({"try_count": 3}, 0, ""),
        ({"try_count": 4}, 0, "后台程序几次中断，没有办成。请告诉系统管理员。"),
        ({"try_count": 1}, 2, "后台程序一小时没有运行，没有办。请告诉系统管理员，运行以后再办。"),
        ({"try_count": 2}, 2, ""),
        ({"try_count": 1, "total_count": 5}, 2, ""),
    ],
)
def test_a_deed_is_given_up_after_three_deaths_or_where_nobody_took_it_up_for_an_hour(
    facts, hours, reason, campaign, user
):
    now = timezone.now()
    deed = make_long_deed(campaign, user, asked_at=now - timedelta(hours=hours), **facts)

    assert why_given_up(deed, now=now) == reason


def test_long_words_are_cut_to_the_column(campaign, user):
    deed = make_long_deed(campaign, user)

    end_long_deed(deed, "长" * 900, is_done=False)

    assert (LongDeed.objects.get().state, len(LongDeed.objects.get().told)) == ("refused", 500)


def test_an_end_is_forgotten_after_a_week_and_what_goes_on_never(campaign, user):
    now = timezone.now()
    make_long_deed(campaign, user, ended="旧的。", asked_at=now - 2 * KEPT)
    LongDeed.objects.update(ended_at=now - KEPT - timedelta(minutes=1))
    kept = make_long_deed(campaign, user, ended="新的。")
    working = make_long_deed(campaign, user, asked_at=now - 2 * KEPT)

    forget_ended_deeds(now=now)

    assert set(LongDeed.objects.all()) == {kept, working}


@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has one lock for everything")
@pytest.mark.django_db(transaction=True)
def test_while_a_worker_is_at_a_deed_no_other_waits_for_it_or_begins(campaign, user):
    deed = queue_deed(campaign, "open", by=user)

    def look():
        try:
            return is_deed_free(deed.pk), is_any_deed_waiting(), begin_deed_turn(deed.pk)
        finally:
            connection.close()

    def ask():
        try:
            queue_deed(campaign, "refresh", by=user)
        except StateError as refusal:
            return str(refusal)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as other, transaction.atomic():
        held = held_deed(deed.pk)
        assert held == deed
        assert other.submit(look).result() == (False, False, None)
        Campaign.objects.select_for_update().get(pk=campaign.pk)
        end_long_deed(held, "已开启。", is_done=True)
        assert other.submit(ask).result() == "后台正在办这次活动的“开启评议”，办完以后才能办别的。"
        transaction.set_rollback(True)

    assert is_deed_free(deed.pk)
