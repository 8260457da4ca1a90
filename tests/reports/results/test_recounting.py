"""Roll-ups counted again from the boxes, by the places that polls had when they opened."""

import os
import signal
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from ballots.counting import closing, recounting, sealing
from ballots.counting.recounting import recount_all
from ballots.models import SealedBox
from campaigns import actions
from campaigns.models import Poll
from campaigns.models.place import STEP
from reports.management.commands import recount
from reports.models import KeptSums
from reports.results import kept, subtrees
from reports.results.recounting import RollupRecount, printed_sums
from reports.results.rollup import top_of_tree
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_open_poll,
    make_organization,
    make_sealed_campaign,
    tamper,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def campaign():
    """A committee with two general branches of one sealed branch each: 9 of 10 and 10 of 10 on the overall question."""
    root = make_organization()
    generals = [make_organization(name, kind="general_branch", parent=root) for name in ("甲总支", "乙总支")]
    branches = [
        make_organization(name, kind="branch", parent=general)
        for name, general in zip(("甲支部", "乙支部"), generals, strict=True)
    ]
    return make_sealed_campaign(root, branches)


def counted_boxes(campaign) -> RollupRecount:
    rollup = RollupRecount(campaign)
    for recounted in recount_all(campaign.polls.sealed()):
        rollup.add(recounted)
    return rollup


def test_sums_agree_with_the_boxes_though_a_unit_was_moved_since(campaign):
    branch = campaign.polls.first().organization
    actions.move_organization(branch, campaign.organizer, by=None)

    assert counted_boxes(campaign).problems() == []


def test_a_sum_that_differs_is_named_at_every_unit_above_the_poll(campaign):
    rollup = counted_boxes(campaign)
    tamper(campaign.polls.first())

    problems = rollup.problems()

    assert not rollup.agrees(printed_sums(campaign))
    assert [problem for problem in problems if "总体评价" in problem] == [
        "“某局党委”的“总体评价”票箱合计为18/2/0/0/0/0/0/0/0/0，汇总为19/2/0/0/0/0/0/0/0/0。",
        "“甲总支”的“总体评价”票箱合计为9/1/0/0/0/0/0/0/0/0，汇总为10/1/0/0/0/0/0/0/0/0。",
        "“甲支部”的“总体评价”票箱合计为9/1/0/0/0/0/0/0/0/0，汇总为10/1/0/0/0/0/0/0/0/0。",
    ]


def test_a_kept_sum_that_differs_is_named(campaign, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_FROM", 1)
    rollup = counted_boxes(campaign)
    top_of_tree(campaign)
    assert rollup.problems() == []
    assert rollup.agrees(printed_sums(campaign))

    for answer in KeptSums.objects.filter(asked__startswith="parts"):
        for part in answer.value.values():
            part["sheets"][0] += 1
        answer.save()

    assert not rollup.agrees(printed_sums(campaign))
    assert rollup.problems() == [
        f"“{name}”发出/收回/无效各票批合计为{counted}/{counted}/0，汇总为{printed}/{counted}/0。"
        for name, counted, printed in (("某局党委", 20, 22), ("甲总支", 10, 11), ("乙总支", 10, 11))
    ]


def test_sums_that_nobody_asked_for_are_not_made_to_be_looked_at(campaign, monkeypatch):
    monkeypatch.setattr(kept, "KEPT_FROM", 1)

    assert counted_boxes(campaign).problems() == []
    assert counted_boxes(campaign).agrees(printed_sums(campaign))

    # The roll-up keeps its answer about results that are not shown.
    assert [answer.asked.partition(" ")[0] for answer in KeptSums.objects.all()] == ["hidden"]


def test_a_recount_can_be_asked_again_for_its_problems():
    root = make_organization()
    branches = [make_organization(name, kind="branch", parent=root) for name in ("甲支部", "乙支部")]
    # The boxes of the committee itself and of the branches below it are added up.
    rollup = counted_boxes(make_sealed_campaign(root, [root, *branches]))

    assert (rollup.problems(), rollup.problems()) == ([], [])


def test_a_sum_that_is_kept_of_a_unit_further_down_is_checked(campaign, monkeypatch):
    for name, value in ((kept, "KEPT_FROM"), (subtrees, "LARGE_FROM"), (subtrees, "DIVIDED_FROM")):
        monkeypatch.setattr(name, value, 1)
    rollup = counted_boxes(campaign)
    top_of_tree(campaign)
    assert rollup.problems() == []
    assert rollup.agrees(printed_sums(campaign))

    for answer in KeptSums.objects.filter(asked__startswith="unit "):
        answer.value["cells"][0][1][0] += 1
        answer.save()

    assert not rollup.agrees(printed_sums(campaign))
    assert [problem.partition("的“")[0] for problem in rollup.problems()] == ["“甲总支”", "“乙总支”"]


def test_a_kept_sum_that_the_next_would_grow_from_is_checked(monkeypatch):
    for name, value in ((kept, "KEPT_FROM"), (subtrees, "LARGE_FROM"), (subtrees, "DIVIDED_FROM")):
        monkeypatch.setattr(name, value, 1)
    root = make_organization()
    general = make_organization("甲总支", kind="general_branch", parent=root)
    branches = [make_organization(name, kind="branch", parent=general) for name in ("甲支部", "乙支部")]
    campaign = make_sealed_campaign(root, branches)
    last = Poll.objects.filter(pk=campaign.polls.order_by("sealed_at").last().pk)
    at = last.get().sealed_at
    last.update(state=Poll.State.CLOSED, sealed_at=None, erased_at=None)
    top_of_tree(campaign)
    KeptSums.objects.exclude(asked__startswith="unit ").delete()  # which is checked from the top
    for answer in KeptSums.objects.filter(asked__startswith="unit "):
        answer.value["cells"][0][1][0] += 1
        answer.save()
    last.update(state=Poll.State.SEALED, sealed_at=at)

    problems = counted_boxes(campaign).problems()

    assert [problem.partition("的“")[0] for problem in problems] == ["“甲总支”"]


def test_a_poll_that_left_its_place_is_missed_there(campaign):
    rollup = counted_boxes(campaign)
    here, there = campaign.polls.all()
    Poll.objects.filter(pk=here.pk).update(path=there.path[:-STEP] + here.path[-STEP:], names=there.names)

    problems = rollup.problems()

    assert not rollup.agrees(printed_sums(campaign))
    assert "“乙总支”及其下级清点了1个评议点，汇总为2个。" in problems
    assert "“乙总支”发出/收回/无效各票批合计为10/10/0，汇总为20/20/0。" in problems
    assert any("“乙总支”的“总体评价”" in problem for problem in problems)


def test_the_command_fails_where_a_sum_differs_from_the_boxes(campaign, monkeypatch):
    printed = StringIO()
    call_command("recount", stdout=printed)
    assert "汇总" not in printed.getvalue()

    monkeypatch.setattr(RollupRecount, "add", lambda *_: None)
    with pytest.raises(CommandError, match="各票箱的合计与结果的合计不一致"):
        call_command("recount", stdout=printed)

    assert f"{campaign}\t汇总\t不一致：“某局党委”及其下级清点了0个评议点，汇总为2个。" in printed.getvalue()


def test_papers_of_a_void_batch_are_in_no_sum():
    poll = make_open_poll()
    voided = make_batch(poll, method="entered")
    enter_ballots(voided, {"33": 3})
    closing.void_batch(voided, by=None, reason="程序有误", issued=3, returned=3)
    enter_ballots(make_batch(poll, method="entered"), {"11": 6})
    close_poll(poll)
    sealing.seal(poll, by=None)

    assert counted_boxes(poll.campaign).problems() == []


def command(monkeypatch, *, processors: int) -> tuple[list[str], str]:
    """The lines that a recount prints on a machine with so many processors, each poll a piece of its own, and its error."""
    monkeypatch.setattr(recount.os, "sched_getaffinity", lambda _: range(processors))
    monkeypatch.setattr(recount, "PIECES_OF_PROCESS", 1)
    monkeypatch.setattr(recounting, "POLLS_AT_ONCE", 1)
    printed, error = StringIO(), ""
    try:
        call_command("recount", stdout=printed)
    except CommandError as failed:
        error = str(failed)
    return printed.getvalue().splitlines(), error


@pytest.fixture
def shared_out(monkeypatch):
    """The numbers of processes that long work was shared out to."""
    numbers, spread = [], recount.spread

    def noted(work, pieces, processes):
        numbers.append(processes)
        return spread(work, pieces, processes)

    monkeypatch.setattr(recount, "spread", noted)
    return numbers


@pytest.fixture
def five_polls(transactional_db):
    root = make_organization()
    branches = [make_organization(f"{word}支部", kind="branch", parent=root) for word in "甲乙丙丁戊"]
    return list(make_sealed_campaign(root, branches).polls.order_by("path"))


def test_many_processes_print_what_a_single_one_does(five_polls, monkeypatch, shared_out):
    printed = command(monkeypatch, processors=1)
    assert ([line.rsplit("\t")[-1] for line in printed[0]], printed[1]) == (["一致"] * 5, "")
    assert (command(monkeypatch, processors=3), shared_out) == (printed, [3])

    # Boxes and rows that differ, in the shares of several processes.
    tamper(five_polls[1])
    SealedBox.objects.filter(batch__poll=five_polls[3]).update(sha256="0" * 64)

    printed = command(monkeypatch, processors=1)
    assert [line.rsplit("\t")[-1][:3] for line in printed[0]] == ["一致", "不一致", "一致", "不一致", "一致"]
    assert printed[1] == "有2个评议点不一致。"
    assert (command(monkeypatch, processors=3), shared_out) == (printed, [3, 3])


def test_sums_are_compared_with_the_boxes_that_many_processes_counted(five_polls, monkeypatch, shared_out):
    add = RollupRecount.add
    monkeypatch.setattr(RollupRecount, "add", lambda *asked: asked[1].path == five_polls[4].path or add(*asked))

    printed = command(monkeypatch, processors=1)

    assert printed[1] == "各票箱的合计与结果的合计不一致。"
    assert (command(monkeypatch, processors=2), shared_out) == (printed, [2])


def test_sums_that_agree_are_made_by_another_process_alone(five_polls, monkeypatch):
    process = os.getpid()
    for module, name in ((recounting, "total_problems"), (RollupRecount, "problems")):
        made = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *asked, made=made: made(*asked) if os.getpid() != process else 1 / 0)

    assert command(monkeypatch, processors=2)[1] == ""


def test_a_total_that_differs_is_named_where_another_process_made_it(five_polls, monkeypatch):
    monkeypatch.setattr(recounting, "count_total", lambda _: {})

    printed, error = command(monkeypatch, processors=1)

    assert "\t合计\t不一致：" in printed[-1]
    assert command(monkeypatch, processors=2) == (printed, error)


def test_a_process_that_adds_up_and_is_killed_fails_the_recount(five_polls, monkeypatch):
    monkeypatch.setattr(recount, "printed_sums", lambda _: os.kill(os.getpid(), signal.SIGKILL))

    assert command(monkeypatch, processors=2)[1].startswith("没有核对完：3个核对的进程中有一个意外结束（信号9）")


def test_a_process_that_is_killed_fails_the_recount(five_polls, monkeypatch):
    recounted = recounting.Recounter.recount

    def kill(self, keys):
        if five_polls[3].pk in keys:
            os.kill(os.getpid(), signal.SIGKILL)
        return recounted(self, keys)

    monkeypatch.setattr(recounting.Recounter, "recount", kill)
    printed, error = command(monkeypatch, processors=2)

    assert [line.split("\t")[1] for line in printed] == ["甲支部", "乙支部", "丙支部"]
    assert error.startswith("没有核对完：3个核对的进程中有一个意外结束（信号9）")


def test_few_polls_and_polls_of_a_transaction_are_counted_by_one_process(campaign, monkeypatch, shared_out):
    pieces_of_process = recount.PIECES_OF_PROCESS
    assert command(monkeypatch, processors=2)[1] == ""

    monkeypatch.setattr(recount, "can_spread", lambda: True)
    monkeypatch.setattr(recount.os, "sched_getaffinity", lambda _: range(8))
    monkeypatch.setattr(recount, "PIECES_OF_PROCESS", pieces_of_process)
    call_command("recount", stdout=StringIO())

    assert shared_out == []
