"""A list stands in the order that its address asks for, a page at a time; what is not understood changes nothing."""

import pytest
from django.db.models import Count
from django.http import QueryDict

from campaigns import listing
from campaigns.listing import Head, Listing, in_order_of
from campaigns.models import Commitment, Member
from campaigns.pinyin import ByPinyin
from tests.factories import make_commitment, make_member, make_organization

pytestmark = pytest.mark.django_db

HEADS = (
    Head("姓名", "name", ("name",)),
    Head("职务", "post", (in_order_of("post", ["secretary", "cadre"]),)),
    Head("操作", is_deeds=True),
)


@pytest.fixture
def branch():
    branch = make_organization("第一党支部", kind="branch")
    for name, post in (("丁", "cadre"), ("丙", "secretary"), ("乙", "member"), ("甲", "member")):
        make_member(branch, name, post=post)
    return branch


def listed(branch, address, **options):
    return Listing(QueryDict(address), branch.members.all(), HEADS, **{"size": 50, **options})


def names(rows):
    return [member.name for member in rows]


@pytest.mark.parametrize(
    ("address", "order"),
    [
        ("", "丁丙乙甲"),
        ("sort=name", "丁丙乙甲"),
        ("sort=-name", "甲乙丙丁"),
        ("sort=post", "丙丁乙甲"),
        ("sort=-post", "乙甲丁丙"),
        ("sort=nothing", "丁丙乙甲"),
        ("sort=-", "丁丙乙甲"),
        ("sort=操作", "丁丙乙甲"),
        ("sort=pk;drop", "丁丙乙甲"),
        ("sort=%00", "丁丙乙甲"),
    ],
)
def test_rows_stand_as_the_address_asks_and_else_as_usual(branch, address, order):
    assert names(listed(branch, address)) == sorted(order, key=order.index)


@pytest.mark.parametrize(
    ("address", "is_refused"), [("", False), ("sort=-name", False), ("sort=x", True), ("sort=-", True)]
)
def test_an_order_that_is_not_known_is_told_with_those_that_are(branch, address, is_refused):
    refusal = listed(branch, address).refusal

    assert refusal == ("没有这样的排列方式，按通常的次序列出；可以按姓名、职务排列。" if is_refused else "")


def test_a_head_asks_for_its_order_and_then_for_the_reverse_and_keeps_the_rest_of_the_address(branch):
    def told(address):
        return [(shown.sorted, shown.address) for shown in listed(branch, address).heads[:2]]

    assert told("q=a&page=3") == [("", "?q=a&sort=name"), ("", "?q=a&sort=post")]
    assert told("q=a&sort=name") == [("ascending", "?q=a&sort=-name"), ("", "?q=a&sort=post")]
    assert told("sort=-name") == [("descending", "?sort=name"), ("", "?sort=post")]


@pytest.mark.parametrize(
    ("address", "number", "rows"),
    [
        ("", 1, "丁丙乙"),
        ("page=2", 2, "甲"),
        ("page=9", 2, "甲"),
        ("page=x", 1, "丁丙乙"),
        ("page=-1", 2, "甲"),
        ("page=", 1, "丁丙乙"),
    ],
)
def test_a_page_that_is_not_there_is_the_nearest(branch, address, number, rows):
    page = listed(branch, address, size=3)

    assert (page.page.number, "".join(names(page)), len(page), page.count) == (number, rows, len(rows), 4)


def test_the_ways_between_pages_keep_the_order_and_the_words(branch):
    first, last = listed(branch, "sort=-name&q=", size=3), listed(branch, "sort=-name&page=2", size=3)

    assert (first.previous_address, first.next_address) == ("", "?sort=-name&q=&page=2")
    assert (last.previous_address, last.next_address) == ("?sort=-name&page=1", "")


def test_two_lists_of_a_page_are_told_apart_in_its_address(branch):
    members = listed(
        branch, "sort=-post&commitments_sort=-name&commitments=2", size=3, prefix="commitments_", page="commitments"
    )

    assert names(members) == ["丁"]
    assert members.heads[1].address == "?sort=-post&commitments_sort=post"


def test_rows_without_a_value_come_last_both_ways(branch):
    for content, due_on in (("甲", "2026-05-01"), ("乙", None), ("丙", "2026-06-01")):
        make_commitment(branch, content, due_on=due_on)
    heads = (Head("时限", "due", ("due_on",)),)

    def contents(address):
        return "".join(row.content for row in Listing(QueryDict(address), Commitment.objects.all(), heads, size=50))

    assert (contents("sort=due"), contents("sort=-due")) == ("甲丙乙", "丙甲乙")


def test_a_page_of_a_list_takes_two_queries_however_long_it_is(branch, django_assert_num_queries):
    for number in range(60):
        make_member(branch, f"党员{number}")

    with django_assert_num_queries(2):
        assert len(listed(branch, "sort=-post&page=2")) == 14
    assert Member.objects.count() == 64


@pytest.mark.parametrize("address", ["", "sort=name", "sort=-name", "sort=post", "sort=-post", "sort=due", "sort=-due"])
@pytest.mark.parametrize("size", [1, 2, 3, 4, 7])
def test_the_pages_together_are_the_list_whichever_end_they_are_read_from(branch, address, size):
    for name, content, due_on in (
        ("甲", "一", "2026-05-01"),
        ("乙", "二", None),
        ("丙", "三", None),
        ("丁", "四", None),
    ):
        make_commitment(branch, content, due_on=due_on, member=branch.members.get(name=name))
    heads = (
        Head("姓名", "name", ("member__name",)),
        Head("职务", "post", (in_order_of("member__post", ["secretary"]),)),
        Head("时限", "due", ("due_on",)),
    )

    def page(number, size):
        return Listing(QueryDict(f"{address}&page={number}"), Commitment.objects.all(), heads, size=size)

    whole = [row.content for row in page(1, 50)]
    assert len(whole) == 4
    pages = [
        [row.content for row in page(number, size)] for number in range(1, page(1, size).page.paginator.num_pages + 1)
    ]
    assert [row for rows in pages for row in rows] == whole
    assert [len(rows) for rows in pages[:-1]] == [size] * (len(pages) - 1)


@pytest.mark.database
@pytest.mark.parametrize("address", ["", "sort=name", "sort=-name", "sort=post"])
def test_pages_far_in_have_the_rows_that_stand_there(branch, monkeypatch, django_assert_num_queries, address):
    for number in range(6):
        make_member(branch, f"党员{number}")
    whole = names(listed(branch, address))
    monkeypatch.setattr(listing, "FAR_IN", 2)

    pages = []
    for number in range(1, 6):
        with django_assert_num_queries(2):
            pages += names(listed(branch, f"{address}&page={number}", size=2))

    assert pages == whole and len(whole) == 10


def test_what_a_list_counts_of_each_row_is_not_counted_of_rows_passed_over(
    branch, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(listing, "FAR_IN", 1)
    rows = branch.members.annotate(number=Count("commitments"))

    with django_assert_num_queries(2) as queries:
        assert names(Listing(QueryDict("page=2"), rows, HEADS, size=1)) == ["丙"]

    passing = queries[-1]["sql"].partition(" IN (SELECT ")[2]
    assert "OFFSET 1" in passing and "COUNT" not in passing


@pytest.mark.parametrize(
    ("by", "is_told"),
    [
        ("name", False),
        (ByPinyin("name"), False),
        (ByPinyin("organization__name"), False),
        ("organization__path", False),
        ("organization__parent__path", True),
        (ByPinyin("organization__parent__name"), True),
        ("number", True),
        ("commitments__content", True),
    ],
)
def test_only_an_order_by_what_rows_may_lack_says_where_those_without_stand(branch, by, is_told):
    rows = branch.members.annotate(number=Count("commitments"))

    order = Listing(QueryDict("sort=-by"), rows, [Head("按", "by", (by,))], size=50).rows.query.order_by[0]

    assert order.descending and bool(order.nulls_last) is is_told


def test_the_last_page_of_a_long_list_is_not_counted_off_from_its_beginning(branch, django_assert_num_queries):
    with django_assert_num_queries(2) as queries:
        assert names(listed(branch, "page=4", size=1)) == ["甲"]

    assert "OFFSET" not in queries[-1]["sql"]
