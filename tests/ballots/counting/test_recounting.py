"""`manage.py recount`."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.counting import boxes, closing, recounting, sealing
from ballots.models import Ballot, SealedBox, TallyRow
from campaigns.models import Poll
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def recount(**options):
    """The lines that the command prints, each about a poll."""
    out = StringIO()
    call_command("recount", stdout=out, **options)
    return out.getvalue().splitlines()


def disagreement(**options):
    """The printed lines of a recount that must fail."""
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("recount", stdout=out, **options)
    return str(caught.value), out.getvalue().splitlines()


def test_prints_one_line_a_sealed_poll_and_leaves_open_ones_out():
    factories.make_sealed_poll({"11": 39, "2-": 2})
    factories.make_open_poll(factories.make_organization("二局党委"), title="另一次评议")

    assert recount() == ["2026年度群众评议\t某局党委\t票箱1个\t有效票41张\t一致"]


def test_counts_the_ballots_of_a_batch_once_however_many_targets_it_has():
    poll = factories.make_open_poll()
    for category in ("党员", "群众代表"):
        factories.cast_ballots(factories.make_batch(poll, category=category), {"11": 6})
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    assert recount() == ["2026年度群众评议\t某局党委\t票箱2个\t有效票12张\t一致"]


def test_ballots_of_a_voided_batch_are_told_apart():
    poll = factories.make_open_poll()
    voided = factories.make_batch(poll)
    factories.cast_ballots(voided, {"33": 3})
    closing.void_batch(voided, by=None, reason="程序有误")
    factories.cast_ballots(factories.make_batch(poll), {"11": 6})
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    assert recount() == ["2026年度群众评议\t某局党委\t票箱2个\t有效票6张（另有作废票批中3张）\t一致"]


def tamper_with_a_box():
    box = SealedBox.objects.get()
    SealedBox.objects.update(content=box.content.replace("\n2-", "\n11"))


@pytest.mark.parametrize(
    ("tamper", "words"),
    [
        (tamper_with_a_box, "SHA-256不符"),
        (lambda: SealedBox.objects.update(sha256="0" * 64), "SHA-256不符"),
        (
            lambda: TallyRow.objects.filter(abstained_count=0).update(grade_1_count=41, grade_2_count=0),
            "计票结果与票箱不符",
        ),
        (lambda: TallyRow.objects.filter(abstained_count=0).delete(), "计票结果与票箱不符"),
        (lambda: SealedBox.objects.update(ballot_count=40), "应有40张票，实有41张"),
    ],
)
def test_fails_and_says_what_disagrees_after(tamper, words):
    factories.make_sealed_poll({"11": 39, "2-": 2})
    tamper()

    error, lines = disagreement()

    assert error == "有1个评议点不一致。"
    assert [("不一致" in line, words in line) for line in lines] == [(True, True)]


def test_a_recount_names_a_broken_poll_and_goes_on_with_the_others():
    broken = factories.make_sealed_poll()
    factories.make_sealed_poll(organizer=factories.make_organization("二局党委"))
    TallyRow.objects.filter(poll=broken).delete()

    _, lines = disagreement()

    assert {line.split("\t")[1]: line.endswith("\t一致") for line in lines} == {"某局党委": False, "二局党委": True}


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("\n2-", "\n2", "票箱不能重新计票：票面“2”应有2项，实有1项。"),
        ("\n2-", "\n7-", "票箱不能重新计票：票面上有不属于量表的标记：7。"),
        ("\n2-", "\n", "票箱不能重新计票：票面“”应有2项，实有0项。"),
    ],
)
def test_a_box_that_cannot_be_counted_leaves_the_boxes_beside_it_alone(old, new, words):
    broken = factories.make_sealed_poll({"11": 39, "2-": 1})
    factories.make_sealed_poll({"12": 7}, organizer=factories.make_organization("二局党委"))
    box = SealedBox.objects.get(batch__poll=broken)
    SealedBox.objects.filter(pk=box.pk).update(content=box.content.replace(old, new))

    first, second = recounting.recount_all(Poll.objects.sealed().order_by("pk"))

    assert any(words in problem for problem in first.problems)
    assert (first.cells, second.problems) == ({}, ())
    assert sorted(second.cells.values()) == [(0, 7, *[0] * 8), (7, 0, *[0] * 8)]


def test_a_ballot_without_marks_is_no_empty_box():
    poll = factories.make_sealed_poll({"11": 1})
    box = SealedBox.objects.get()
    SealedBox.objects.filter(pk=box.pk).update(content=box.content.replace("\n11", "\n"))

    problems = recounting.recount(poll)

    assert any("票箱不能重新计票：票面“”应有2项，实有0项。" in problem for problem in problems)


def test_a_box_about_nobody_on_the_ballot_is_named():
    poll = factories.make_sealed_poll()
    form = poll.form
    form["sections"][0]["id"] += 1000
    Poll.objects.filter(pk=poll.pk).update(form=form)

    problems = recounting.recount(poll)

    assert any(problem.startswith("票箱不能重新计票") for problem in problems)


def test_the_boxes_of_two_batches_of_one_channel_and_category_are_added_up():
    poll = factories.make_open_poll()
    for marks in ({"11": 3}, {"22": 4}):
        factories.enter_ballots(factories.make_batch(poll, method="entered"), marks)
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    (recounted,) = recounting.recount_all(Poll.objects.sealed())

    assert recounted.problems == ()
    assert set(recounted.cells.values()) == {(3, 4, *[0] * 8)}


def test_chooses_by_campaign_and_by_unit():
    factories.make_sealed_poll(title="春季评议")
    factories.make_sealed_poll(organizer=factories.make_organization("二局党委"), title="秋季评议")

    assert [line.split("\t")[:2] for line in recount(campaign="秋季评议")] == [["秋季评议", "二局党委"]]
    assert [line.split("\t")[:2] for line in recount(unit="某局党委")] == [["春季评议", "某局党委"]]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"campaign": "没有的活动"}, "没有名为“没有的活动”的评议活动"),
        ({"unit": "没有的单位"}, "没有已封存的评议点"),
        ({"campaign": "2026年度群众评议", "unit": "没有的单位"}, "没有已封存的评议点"),
    ],
)
def test_a_recount_of_an_unknown_campaign_or_unit_is_refused(options, words):
    factories.make_sealed_poll()

    assert words in disagreement(**options)[0]


def test_says_that_nothing_is_sealed():
    assert recount() == ["没有已封存的评议点。"]


def test_the_boxes_of_a_campaign_laid_end_to_end_are_held_against_the_sums():
    poll = factories.make_sealed_poll({"11": 39, "2-": 2})

    assert recounting.total_problems(poll.campaign) == []

    TallyRow.objects.filter(abstained_count=0).update(grade_1_count=41, grade_2_count=0)

    assert recounting.total_problems(poll.campaign) == [
        "“兑现公开承诺情况”各票箱合计为39/2/0/0/0/0/0/0/0/0，各评议点结果合计为41/0/0/0/0/0/0/0/0/0。"
    ]


def test_a_campaign_in_which_nobody_cast_agrees_with_its_empty_boxes():
    poll = factories.make_open_poll()
    factories.make_batch(poll)
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    assert SealedBox.objects.get().ballot_count == 0
    assert [line.endswith("\t一致") for line in recount()] == [True]

    TallyRow.objects.update(valid_count=1, grade_1_count=1)

    assert recounting.total_problems(poll.campaign)[0].endswith(
        "各票箱合计为0/0/0/0/0/0/0/0/0/0，各评议点结果合计为1/0/0/0/0/0/0/0/0/0。"
    )


def test_many_polls_take_as_many_queries_as_one(django_assert_num_queries):
    factories.make_sealed_poll()

    with CaptureQueriesContext(connection) as queries:
        list(recounting.recount_all(Poll.objects.sealed()))
    for number in range(3):
        factories.make_sealed_poll(organizer=factories.make_organization(f"第{number}局党委"))
    with django_assert_num_queries(len(queries)):
        assert len(list(recounting.recount_all(Poll.objects.sealed()))) == 4


def test_a_recount_agrees_with_every_kind_of_poll():
    poll = factories.make_sealed_poll({"11": 39, "21": 1, "1-": 1})

    assert recounting.recount(poll) == []


def recounted(change):
    poll = factories.make_sealed_poll({"11": 39, "21": 1, "1-": 1})
    change(poll)
    return recounting.recount(poll)


def tamper(poll, *, fix_digest=False):
    box = SealedBox.objects.get()
    box.content = box.content.replace("\n21", "\n11")
    if fix_digest:
        box.sha256 = boxes.box_digest(box.content)
    SealedBox.objects.filter(pk=box.pk).update(content=box.content, sha256=box.sha256)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (tamper, "SHA-256不符"),
        (lambda poll: tamper(poll, fix_digest=True), "兑现公开承诺情况（集中评议·党员）的计票结果与票箱不符"),
        (lambda poll: SealedBox.objects.update(sha256="0" * 64), "SHA-256不符"),
        (lambda poll: SealedBox.objects.update(ballot_count=40), "应有40张票，实有41张"),
        (lambda poll: poll.batches.update(void_count=1), "与票批有效数40不符"),
        (
            lambda poll: TallyRow.objects.filter(indicator__is_overall=True).update(grade_1_count=39, grade_2_count=1),
            "总体评价（集中评议·党员）的计票结果与票箱不符：票箱为41/40/0/0/0/0/0/0/0/1/0，结果为41/39/1/0/0/0/0/0/0/1/0",
        ),
        (lambda poll: TallyRow.objects.filter(indicator__is_overall=True).delete(), "结果为无"),
        (lambda poll: SealedBox.objects.all().delete(), "缺少“某局党委”的票箱"),
        (lambda poll: SealedBox.objects.update(content="[broken"), "票头不属于这个票批"),
        (lambda poll: Poll.objects.update(names=["某县党委"]), "票头所写的单位及其上级，与这个评议点现在的不符"),
        (lambda poll: Poll.objects.update(path="0" * 8 + poll.path), "票头所写的单位及其上级，与这个评议点现在的不符"),
        (lambda poll: Ballot.objects.create(batch=poll.batches.get(), marks="11"), "又出现了1张未封存的票"),
    ],
)
def test_a_recount_names_each_change_to_boxes_and_rows(change, words):
    assert any(words in problem for problem in recounted(change))


def test_a_box_that_was_moved_to_another_batch_is_found():
    poll = factories.make_open_poll()
    first, second = factories.make_batch(poll), factories.make_batch(poll, category="群众代表")
    factories.cast_ballots(first, {"11": 3})
    factories.cast_ballots(second, {"11": 3})
    factories.close_poll(poll)
    sealing.seal(poll, by=None)
    here, there = SealedBox.objects.order_by("pk")
    SealedBox.objects.filter(pk=here.pk).delete()
    SealedBox.objects.filter(pk=there.pk).update(batch=first)

    problems = recounting.recount(poll)

    assert any("票头不属于这个票批" in problem for problem in problems)
