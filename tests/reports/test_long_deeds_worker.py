"""The worker's process for long deeds."""

import subprocess

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.urls import reverse

from campaigns.long_deeds import queue_deed
from campaigns.models import LongDeed
from reports.management.commands import work_deeds, work_exports
from tests.factories import make_campaign, make_cast, make_long_deed, make_organization
from tests.reports.test_long_rosters import Process

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary():
    return make_cast(make_organization()).secretary


@pytest.fixture
def campaign(secretary):
    return make_campaign(secretary.roles.get().organization)


@pytest.fixture
def worker(monkeypatch):
    monkeypatch.setattr(subprocess, "Popen", Process)
    worker = work_exports.Command()
    worker._doer, worker._doer_at = None, 0.0
    return worker


def test_the_worker_starts_one_process_while_a_deed_waits(worker, campaign, secretary):
    worker._see_to_deeds()
    assert worker._doer is None

    deed = queue_deed(campaign, "open", by=secretary)
    worker._see_to_deeds()
    first = worker._doer
    worker._see_to_deeds()
    assert (worker._doer, first.command) == (first, ["work_deeds"])

    first.code = 0
    LongDeed.objects.filter(pk=deed.pk).delete()
    worker._see_to_deeds()
    assert worker._doer is None


def test_a_process_that_hangs_is_killed(worker, campaign, secretary):
    queue_deed(campaign, "open", by=secretary)
    worker._see_to_deeds()
    worker._doer_at -= work_exports.SECONDS_TO_DO + 1

    worker._see_to_deeds()

    assert worker._doer.was_killed


def test_the_process_does_the_deed_and_says_where_the_database_is_away(campaign, secretary, monkeypatch, capsys):
    monkeypatch.setattr(work_deeds.os, "nice", lambda _: None)
    queue_deed(campaign, "open", by=secretary, arguments={"seen": None})

    call_command("work_deeds")

    assert LongDeed.objects.get().told == "没有选定评议单位。"

    def fail():
        raise OperationalError("connection refused")

    monkeypatch.setattr(work_deeds, "work_next_deed", fail)
    with pytest.raises(SystemExit):
        call_command("work_deeds")
    assert "connection refused" in capsys.readouterr().err


# The page


def page(client, deed, query=""):
    address = reverse("campaigns:long_deed", args=[deed.campaign_id, deed.pk])
    return client.get(address + query).content.decode()


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({}, ["等待办理", "一批一批地开启"]),
        ({"try_count": 1}, ["正在办理"]),
        ({"done_count": 500, "total_count": 102000}, ["已开启500／102000个评议点", 'max="102000" value="500"']),
        ({"kind": "refresh"}, ["全部办完或者全部不办", "按名册更新评议对象"]),
    ],
)
def test_the_page_says_how_far_the_worker_is(client, campaign, secretary, facts, words):
    client.force_login(secretary)
    deed = make_long_deed(campaign, secretary, **facts)

    for text in (page(client, deed), page(client, deed, "?part=1")):
        assert [word for word in words[:1] if word not in text] == []
    assert [word for word in words if word not in page(client, deed)] == []
    assert "<html" not in page(client, deed, "?part=1")
    assert "data-active" in page(client, deed, "?part=1")


def test_a_deed_that_nobody_takes_up_is_said_to_be_overlooked(client, campaign, secretary):
    client.force_login(secretary)
    deed = make_long_deed(campaign, secretary)
    later = make_long_deed(make_campaign(campaign.organizer, title="另一次"), secretary)
    assert "后台程序可能没有运行" not in page(client, deed)
    assert "排队中，前面还有1件。" in page(client, later)

    LongDeed.objects.filter(pk=deed.pk).update(asked_at=deed.asked_at.replace(year=deed.asked_at.year - 1))

    assert "后台程序可能没有运行" in page(client, deed)


def test_the_end_is_told_and_the_page_looks_no_more(client, campaign, secretary):
    client.force_login(secretary)
    done = make_long_deed(campaign, secretary, ended="已开启。")
    refused = make_long_deed(campaign, secretary, ended="“一支部”的票上没有评议对象。", state="refused")

    assert "已开启。" in page(client, done)
    assert "<b>没有办成。</b>“一支部”的票上没有评议对象。" in page(client, refused)
    assert "export.js" not in page(client, done)
    assert "data-active" not in page(client, done, "?part=1")


def test_the_campaign_s_page_leads_to_what_is_under_way_and_no_longer_to_what_ended(client, campaign, secretary):
    client.force_login(secretary)
    deed = make_long_deed(campaign, secretary)
    address = reverse("campaigns:campaign_detail", args=[campaign.pk])
    link = reverse("campaigns:long_deed", args=[campaign.pk, deed.pk])
    assert link in client.get(address).content.decode()

    LongDeed.objects.all().delete()
    make_long_deed(campaign, secretary, ended="已开启。")

    assert link not in client.get(address).content.decode()
