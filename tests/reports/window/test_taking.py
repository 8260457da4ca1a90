"""Sums of a window in a campaign: whole published days, in one campaign alone, frozen with a digest."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from io import StringIO
from threading import Barrier

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.utils import timezone

from ballots.counting import sealing
from campaigns.models import Poll
from reports.models import WindowDay, WindowTaking
from reports.scope import Scope
from reports.summary.actions import save_summary
from reports.window.actions import count_taps
from reports.window.taking import (
    CannotTake,
    check_takings,
    copied_counts,
    copied_grades,
    copied_head,
    give_back,
    take_into,
)
from tests.factories import close_poll, enter_ballots, make_batch, make_campaign, make_open_poll, make_window

pytestmark = [pytest.mark.django_db, pytest.mark.database]

DAYS = (
    (date(2015, 2, 27), (8, 1, 1)),
    (date(2015, 3, 2), (3, 0, 0)),
    (date(2015, 3, 3), (9, 0, 1)),
    (date(2015, 3, 6), (6, 0, 0)),
)


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def window(poll):
    return make_window(poll.organization, *DAYS)


def take(poll, window, first, last, **facts):
    return take_into(poll, window, first_on=date(2015, *first), last_on=date(2015, *last), by=None, **facts)


def test_the_sums_of_whole_days_are_copied_with_their_digest(poll, window):
    taking = take(poll, window, (2, 1), (3, 5))

    assert (taking.tap_count, copied_counts(taking)[:3]) == (23, (20, 1, 2))
    assert [grade.label for grade in copied_grades(taking)] == ["满意", "基本满意", "不满意"]
    head = copied_head(taking)
    assert (head["window"], head["question"], head["days"]) == (
        "办事大厅",
        "您对这次服务满意吗？",
        ["2015-02-01", "2015-03-05"],
    )
    assert taking.content.split("\n")[1:] == [
        "2015-02-27 2015-02-27 8 1 1 0 0 0 0",
        "2015-03-02 2015-03-03 12 0 1 0 0 0 0",
    ]
    assert [faults for _, faults in check_takings(Poll.objects.all())] == [[]]


def faults_of(taking):
    ((checked, faults),) = check_takings(Poll.objects.filter(pk=taking.poll_id))
    assert checked == taking
    return faults


def test_a_copy_that_was_touched_or_days_that_were_is_noticed(poll, window):
    taking = take(poll, window, (2, 1), (3, 5))

    count_taps(window, date(2015, 3, 3), {1: 1})
    touched = faults_of(taking)
    forged_text = taking.content.replace(" 8 1 1 ", " 18 1 1 ")
    WindowTaking.objects.update(content=forged_text)
    forged = faults_of(taking)

    assert touched == ["副本与窗口各日的合计不符。"]
    assert forged == ["副本与它的SHA-256不符。", "副本各档相加为33人次，登记的是23人次。", "副本与窗口各日的合计不符。"]


def test_a_recount_names_the_copies_and_fails_on_a_touched_one(poll, window):
    enter_ballots(make_batch(poll, method="entered"), {"11": 9})
    taking = take(poll, window, (2, 1), (3, 5))
    close_poll(poll)
    sealing.seal(poll, by=None)
    good = StringIO()
    call_command("recount", stdout=good)

    WindowTaking.objects.update(sha256="0" * 64)

    assert f"窗口即时评议\t{taking}，23人次\t一致" in good.getvalue()
    with pytest.raises(CommandError, match="有1份窗口即时评议的汇总不一致"):
        call_command("recount", stdout=StringIO())


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ((3, 3), (3, 6), "2015年3月3日在3月2日至3日之内，这几天人次少，合并公布，不能分开。请从2015年3月2日起"),
        ((2, 1), (3, 2), "2015年3月2日在3月2日至3日之内"),
        ((3, 1), (2, 1), "结束日期不能早于开始日期"),
        ((3, 1), (3, 7), "至2015年3月6日为止"),
        ((3, 4), (3, 5), "共0人次，少于本次活动的最小分组人数5"),
    ],
)
def test_days_within_a_part_or_not_yet_published_are_refused(poll, window, first, last, words):
    with pytest.raises(CannotTake, match=words):
        take(poll, window, first, last)
    assert not WindowTaking.objects.exists()


def test_a_window_without_published_days_has_nothing_to_take(poll):
    window = make_window(poll.organization, (timezone.localdate(), (40, 0, 0)))

    with pytest.raises(CannotTake, match="没有；当天的"):
        take(poll, window, (3, 1), (3, 2))


def test_a_campaign_that_asks_for_larger_groups_gets_them(poll, window):
    poll.campaign.min_group = 11
    poll.campaign.save()

    with pytest.raises(CannotTake, match="共10人次，少于本次活动的最小分组人数11"):
        take(poll, window, (2, 1), (2, 28))


def test_no_tap_is_in_two_campaigns_until_it_is_given_back(poll, window):
    other = make_open_poll(poll.organization, title="另一次评议")
    taking = take(poll, window, (2, 1), (3, 3))

    with pytest.raises(CannotTake, match=f"2015年2月1日至2015年3月3日已汇总到“{poll.campaign.title}”"):
        take(other, window, (3, 1), (3, 6))
    assert WindowTaking.objects.get() == taking
    give_back(taking)

    assert take(other, window, (3, 1), (3, 6)).tap_count == 19
    assert WindowDay.objects.filter(taking=None).count() == 1


def test_before_the_opening_and_after_the_filing_nothing_goes_in_or_out(poll, window):
    preparing = make_campaign(poll.organization, title="筹备中").polls.create(organization=poll.organization)
    with pytest.raises(CannotTake, match="开启以后"):
        take(preparing, window, (2, 1), (3, 6))
    taking = take(poll, window, (2, 1), (3, 3))
    save_summary(Scope.of_poll(poll), {"use": "通报。"}, by=None).summary.keep(by=None, snapshot={"format": 2})

    with pytest.raises(CannotTake, match="小结已经定稿"):
        give_back(taking)
    with pytest.raises(CannotTake, match="小结已经定稿"):
        take(poll, window, (3, 4), (3, 6))
    assert WindowTaking.objects.get() == taking


@pytest.mark.django_db(transaction=True)
def test_of_two_campaigns_that_take_a_day_at_once_one_gets_it(poll, window):
    polls = [poll, make_open_poll(poll.organization, title="另一次评议")]
    start = Barrier(2)

    def taking(place):
        try:
            start.wait()
            return take(polls[place], window, ((2, 1), (3, 1))[place], ((3, 3), (3, 6))[place])
        except CannotTake as refusal:
            return str(refusal)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(taking, range(2)))

    refusals = [answer for answer in answers if isinstance(answer, str)]
    assert len(refusals) == 1
    assert "只能汇总到一次评议活动" in refusals[0]
    assert WindowTaking.objects.count() == 1
    assert set(WindowDay.objects.exclude(taking=None).values_list("taking", flat=True)) == {
        WindowTaking.objects.get().pk
    }
