"""The worker takes deeds in turn, asks again whether they are allowed, and gives up what kills it."""

import pytest
from django.db import OperationalError

from campaigns.long_deeds import TRIES, queue_deed
from campaigns.models import LongDeed, Role, TrailEntry
from reports.long_deeds import working
from reports.long_deeds.working import work_next_deed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def deed(campaign, cast):
    return queue_deed(campaign, "open", by=cast.secretary, arguments={"seen": None})


def ends():
    return list(LongDeed.objects.order_by("pk").values_list("state", "told"))


def results():
    return list(TrailEntry.objects.values_list("result", flat=True))


def does(monkeypatch, part):
    monkeypatch.setitem(working.PARTS, "open", part)


def test_without_a_deed_there_is_nothing_to_do(db):
    assert not work_next_deed()


def test_whoever_lost_the_role_meanwhile_does_nothing(deed):
    Role.objects.all().delete()

    assert work_next_deed()

    assert ends() == [("refused", "您现在没有办这件事的权限，没有办。")]
    assert results() == ["refused"]


def test_an_account_that_was_stopped_meanwhile_does_nothing(deed, cast):
    cast.secretary.is_active = False
    cast.secretary.save()

    work_next_deed()

    assert [state for state, _ in ends()] == ["refused"]


def test_what_kills_every_worker_is_given_up(deed):
    LongDeed.objects.update(try_count=TRIES)

    work_next_deed()

    assert ends() == [("refused", "后台程序几次中断，没有办成。请告诉系统管理员。")]


def test_a_fault_ends_this_deed_alone_and_writes_nothing_of_the_part(deed, root, cast, campaign, monkeypatch):
    other = queue_deed(factories.make_campaign(root, title="另一次"), "refresh", by=cast.secretary)

    def fail(deed):
        deed.campaign.polls.all().delete()
        raise ValueError

    does(monkeypatch, fail)
    work_next_deed()

    assert ends()[0] == ("refused", "程序出错，没有办成，请告诉系统管理员。")
    assert campaign.polls.count() == 5
    assert list(LongDeed.objects.at_work()) == [other]


def test_a_database_out_of_reach_leaves_the_deed_to_the_next_worker(deed, monkeypatch):
    def fail(_):
        raise OperationalError("gone")

    does(monkeypatch, fail)
    with pytest.raises(OperationalError):
        work_next_deed()

    assert ends() == [("working", "")]


def test_a_deed_of_one_part_ends_with_it(deed, monkeypatch):
    does(monkeypatch, lambda _: "办完了。")

    work_next_deed()

    assert (ends(), results()) == ([("done", "办完了。")], ["done"])
