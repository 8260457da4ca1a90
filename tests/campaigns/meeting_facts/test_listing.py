"""The facts of many meetings out of a workbook: all rows are right, or nothing is written and each fault is named by its row."""

import io
from datetime import UTC, date, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import Workbook

from campaigns import actions
from campaigns.forms.polls import put_facts
from campaigns.meeting_facts.listing import HEADINGS, FactsChanged, read_meeting_facts, write_meeting_facts
from campaigns.models import Poll
from campaigns.roster.safety import Unreadable
from tests.factories import make_campaign, make_organization

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 3, tzinfo=UTC)
SEALED = {"state": "sealed", "form": {}, "closed_at": NOW, "sealed_at": NOW}


def read(file, polls):
    return read_meeting_facts(file, Poll.objects.filter(pk__in=[poll.pk for poll in polls]), put=put_facts)


@pytest.fixture
def polls():
    committee = make_organization("某局党委")
    units = [make_organization(name, parent=committee, kind="branch") for name in ("第一支部", "第二支部")]
    return list(make_polls_of(committee, units))


def make_polls_of(committee, units):
    campaign = make_campaign(committee)
    actions.make_polls(campaign, units)
    Poll.objects.filter(organization=units[0]).update(host="王书记", entitled_count=30)
    return campaign.polls.select_related("organization__parent").order_by("path")


def workbook(*rows, headings=HEADINGS, hidden=()):
    book = Workbook()
    for row in (headings, *rows):
        book.active.append(row)
    for number in hidden:
        book.active.row_dimensions[number].hidden = True
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def row(unit, entitled=None, day=None, place=None, host=None, *more):
    return (unit, entitled, day, place, host, *more, *([None] * (3 - len(more))))


def errors(listing):
    return [(error.row, error.column, error.message) for error in listing.errors]


def test_filled_cells_change_what_stands_and_empty_ones_leave_it(polls):
    file = workbook(
        row("第一支部", 32, date(2026, 12, 1), "会议室"),
        row("第二支部", "18", "2026年12月2日", None, "李书记", None, "张三、李四"),
    )

    listing = read(file, polls)
    write_meeting_facts(listing.lines)

    first, second = Poll.objects.order_by("path")
    assert (first.entitled_count, first.meeting_on, first.place, first.host) == (
        32,
        date(2026, 12, 1),
        "会议室",
        "王书记",
    )
    assert (second.entitled_count, second.meeting_on, second.host, second.scrutineers) == (
        18,
        date(2026, 12, 2),
        "李书记",
        "张三、李四",
    )
    changes = [(change.label, change.before, change.after) for change in listing.lines[0].changes]
    assert changes == [("应参评人数", "30", "32"), ("评议会日期", "", "2026-12-01"), ("地点", "", "会议室")]


def test_rows_that_change_nothing_are_counted(polls):
    listing = read(workbook(row("第一支部", 30, None, None, "王书记"), row("第二支部")), polls)

    assert (listing.lines, listing.errors, listing.unchanged_count) == ([], [], 2)


def test_each_fault_is_named_by_its_row_and_column(polls):
    file = workbook(
        row("第三支部", 10),
        row("第一支部", "三十", "下周一"),
        row("第二支部", -1),
        row("第二支部", 12),
        row("第一支部", 31),
        hidden=[6],
    )

    faults = errors(read(file, polls))

    assert [(number, column) for number, column, _ in faults] == [
        (2, "单位"),
        (3, "应参评人数"),
        (3, "评议会日期"),
        (4, "应参评人数"),
        (5, "单位"),
        (6, ""),
    ]
    assert faults[0][2] == "这次活动里没有您办的这个评议单位，名称要和下载的表里一样"
    assert faults[4][2] == "和第4行是同一个单位" and "隐藏" in faults[5][2]


def test_units_called_alike_are_told_apart_by_their_parent():
    committee = make_organization("某局党委")
    parents = [make_organization(name, parent=committee) for name in ("甲党委", "乙党委")]
    units = [make_organization("机关支部", parent=parent, kind="branch") for parent in parents]
    polls = list(make_polls_of(committee, units))

    listing = read(workbook(row("机关支部", 5), row("乙党委/机关支部", 6)), polls)

    assert errors(listing) == [(2, "单位", "有几个同名的党组织，请写成“上级名称/名称”")]
    assert [line.poll for line in listing.lines] == [polls[1].pk]


def test_a_sealed_meeting_is_refused_unless_its_row_says_what_stands(polls):
    Poll.objects.filter(pk=polls[0].pk).update(**SEALED)

    (same, changed) = (read(workbook(row("第一支部", count)), polls) for count in (30, 31))

    assert (same.errors, same.unchanged_count) == ([], 1)
    assert [(number, column) for number, column, _ in errors(changed)] == [(2, "单位")]


@pytest.mark.parametrize("change", [{"host": "赵书记"}, SEALED])
def test_what_changed_since_the_preview_is_not_written_over(change, polls):
    listing = read(workbook(row("第一支部", None, None, None, "李书记"), row("第二支部", 9)), polls)
    Poll.objects.filter(pk=polls[0].pk).update(**change)

    with pytest.raises(FactsChanged):
        write_meeting_facts(listing.lines)

    assert Poll.objects.get(pk=polls[1].pk).entitled_count is None


def test_a_poll_that_is_gone_since_is_not_passed_over(polls):
    listing = read(workbook(row("第一支部", 31), row("第二支部", 9)), polls)
    Poll.objects.get(pk=polls[1].pk).delete()

    with pytest.raises(FactsChanged):
        write_meeting_facts(listing.lines)

    assert Poll.objects.get().entitled_count == 30


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (workbook(), "表头下面没有内容"),
        (workbook(headings=HEADINGS[:3]), "没有找到表头"),
        (io.BytesIO(b"nonsense"), "xlsx"),
    ],
)
def test_a_file_that_is_no_such_list_is_refused(file, sentence, polls):
    with pytest.raises(Unreadable, match=sentence):
        read(file, polls)


def test_of_the_polls_those_alone_are_read_that_have_a_line(polls):
    with CaptureQueriesContext(connection) as queries:
        listing = read(workbook(row("第一支部", 31)), polls)

    assert [line.poll for line in listing.lines] == [polls[0].pk]
    (whole,) = [query["sql"] for query in queries if "supervisor" in query["sql"]]
    assert f'"organization_id" IN ({polls[0].organization_id})' in whole
