import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.counting import closing
from ballots.models import Ballot, Code, Opinion, Receipt
from ballots.voting import casting, codes
from ballots.voting.casting import OpinionText, cast
from campaigns.ballot_form import InvalidMarks
from tests.factories import (
    close_poll,
    make_batch,
    make_branch_poll,
    make_choice_poll,
    make_open_poll,
    make_organization,
)

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def known(batch, *, is_known):
    """The batch; where it is known, a ballot of its poll was refused before, so that PostgreSQL takes the next ones at once."""
    if is_known:
        with pytest.raises(casting.CodeUsed):
            cast(ticket=codes.Ticket(batch.pk, batch.poll_id, 5, ""), key="refused", marks="11")
    return batch


@pytest.fixture(params=[True, False], ids=["known", "unknown"])
def batch(request):
    return known(make_batch(make_open_poll()), is_known=request.param)


@pytest.fixture(params=[True, False], ids=["known", "unknown"])
def screen(request):
    return known(make_batch(make_open_poll(make_organization("另一局党委")), method="screen"), is_known=request.param)


def ticket_for(batch):
    """A fresh ticket of a slips batch."""
    (slip,) = codes.make_slips(batch, 1)
    return codes.exchange(slip)


def trace():
    """Everything that a cast may write."""
    return {
        "ballots": sorted(Ballot.objects.values_list("batch_id", "marks")),
        "codes": sorted(Code.objects.values_list("digest", flat=True)),
        "receipts": sorted(Receipt.objects.values_list("digest", flat=True)),
        "opinions": sorted(Opinion.objects.values_list("target_id", "kind", "text")),
    }


def test_a_ballot_is_written_and_its_code_is_gone(batch):
    ticket = ticket_for(batch)
    target = batch.poll.targets.get()

    number = cast(ticket=ticket, key="k", marks="12", opinions=[OpinionText(target.pk, "多公开。\n常公开。")])

    assert trace() == {
        "ballots": [(batch.pk, "12")],
        "codes": [],
        "receipts": [codes.digest("k", purpose="receipt")],
        "opinions": [(target.pk, "suggestion", "多公开。\n常公开。")],
    }
    assert number.isdigit()
    assert len(number) == 8


def test_the_same_submission_again_gets_the_same_receipt_and_writes_nothing(batch):
    ticket = ticket_for(batch)
    codes.make_slips(batch, 1)
    first = cast(ticket=ticket, key="k", marks="12")
    after_first = trace()

    second = cast(ticket=ticket, key="k", marks="12")

    assert second == first
    assert trace() == after_first


def test_a_second_ballot_with_the_same_code_is_refused_and_leaves_no_trace(batch):
    ticket = ticket_for(batch)
    codes.make_slips(batch, 1)
    cast(ticket=ticket, key="first", marks="12")
    after_first = trace()

    with pytest.raises(casting.CodeUsed, match="已经用过"):
        cast(ticket=ticket, key="second", marks="33")

    assert trace() == after_first


def test_a_code_gives_no_right_in_another_batch(batch):
    ticket = ticket_for(batch)
    other = make_batch(batch.poll, category="群众代表")
    before = trace()

    with pytest.raises(casting.CodeUsed):
        cast(ticket=codes.Ticket(other.pk, other.poll_id, ticket.slip, ""), key="k", marks="12")

    assert trace() == before


def test_a_ballot_after_the_closing_is_refused(batch):
    ticket = ticket_for(batch)
    close_poll(batch.poll, issued={batch.pk: 1})
    before = trace()

    with pytest.raises(casting.PollNotOpen, match="没有计入"):
        cast(ticket=ticket, key="k", marks="12")

    assert trace() == before


def test_a_ballot_taken_before_the_closing_gets_its_receipt_again_after_it(batch):
    ticket = ticket_for(batch)
    number = cast(ticket=ticket, key="k", marks="12")
    close_poll(batch.poll)

    assert cast(ticket=ticket, key="k", marks="12") == number


def test_a_poll_that_is_gone_takes_no_ballot():
    with pytest.raises(casting.PollNotOpen, match="没有找到"):
        cast(ticket=codes.Ticket(1, 999_999, 5, ""), key="k", marks="12")


@pytest.mark.parametrize("marks", ["", "1", "123", "14", "10", "1x", "1 ", "1\x00", "1１", "１２", "--\n"])
def test_marks_that_do_not_fit_the_ballot_are_refused_and_the_code_stays_good(batch, marks):
    ticket = ticket_for(batch)
    before = trace()

    with pytest.raises(InvalidMarks):
        cast(ticket=ticket, key="k", marks=marks)

    assert trace() == before
    cast(ticket=ticket, key="k", marks="12")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("好" * (casting.MAX_OPINION_LENGTH + 1), "1001字，至多1000字"),
        ("a" * 100_000, "至多1000字"),
        ("铃\x07响", "无法显示的字符"),
        ("空\x00字", "无法显示的字符"),
        ("代理\ud800项", "无法显示的字符"),
        ("坏字节\ufffd", "无法显示的字符"),
        ("非字符\uffff", "无法显示的字符"),
        ("回车\r", "无法显示的字符"),
    ],
)
def test_an_opinion_that_cannot_be_kept_as_it_is_is_refused_whole(batch, text, complaint):
    ticket = ticket_for(batch)
    before = trace()

    with pytest.raises(InvalidMarks, match=complaint):
        cast(ticket=ticket, key="k", marks="12", opinions=[OpinionText(batch.poll.targets.get().pk, text)])

    assert trace() == before


@pytest.mark.parametrize(
    "text", ["好" * casting.MAX_OPINION_LENGTH, "𬱖䶮㛃", "👍🏽👨‍👩‍👧", "=SUM(A1)", "<b>粗</b>", "第一\n\t第二"]
)
def test_an_opinion_is_kept_as_it_was_written(batch, text):
    cast(ticket=ticket_for(batch), key="k", marks="12", opinions=[OpinionText(batch.poll.targets.get().pk, text)])

    assert Opinion.objects.get().text == text


def test_an_opinion_about_a_target_of_another_ballot_is_refused(batch, screen):
    ticket = ticket_for(batch)
    before = trace()

    with pytest.raises(InvalidMarks, match="不属于"):
        cast(ticket=ticket, key="k", marks="12", opinions=[OpinionText(screen.poll.targets.get().pk, "好")])

    assert trace() == before


def test_a_browser_votes_once_at_a_screen_whatever_it_sends(screen):
    codes.admit(screen, 5)
    ticket = codes.exchange(codes.screen_code(screen), browser="phone")
    cast(ticket=ticket, key="first", marks="12")
    after_first = trace()

    with pytest.raises(casting.AlreadyCast, match="已经投过票"):
        cast(ticket=ticket, key="second", marks="33")

    assert trace() == after_first


def test_a_screen_takes_as_many_ballots_as_people_were_admitted(screen):
    codes.admit(screen, 2)
    for browser in ("a", "b"):
        cast(ticket=codes.exchange(codes.screen_code(screen), browser=browser), key=browser, marks="12")
    full = trace()

    with pytest.raises(casting.RoomFull, match="会场人数"):
        cast(ticket=codes.exchange(codes.screen_code(screen), browser="c"), key="c", marks="33")

    assert trace() == full


@pytest.mark.parametrize("method", ["slips", "screen"])
def test_a_voided_batch_takes_no_ballot(method):
    batch = make_batch(make_open_poll(), method=method)
    if method == "screen":
        codes.admit(batch, 3)
        ticket = codes.exchange(codes.screen_code(batch), browser="a")
    else:
        ticket = ticket_for(batch)
    closing.void_batch(batch, by=None, reason="多发")

    with pytest.raises(casting.CodeUsed, match="作废"):
        cast(ticket=ticket, key="k", marks="12")
    with pytest.raises(casting.CodeUsed, match="作废"):
        casting.admits(ticket)

    assert trace() == {"ballots": [], "codes": [], "receipts": [], "opinions": []}


def test_a_participant_learns_before_filling_in_that_casting_would_refuse(batch, screen):
    fresh, used = ticket_for(batch), ticket_for(batch)
    codes.admit(screen, 1)
    voted, late = (codes.exchange(codes.screen_code(screen), browser=browser) for browser in "ab")
    cast(ticket=used, key="slip", marks="12")
    cast(ticket=voted, key="screen", marks="12")

    assert casting.admits(fresh) == batch
    with pytest.raises(casting.CodeUsed):
        casting.admits(used)
    with pytest.raises(casting.AlreadyCast):
        casting.admits(voted)
    with pytest.raises(casting.RoomFull):
        casting.admits(late)
    close_poll(batch.poll)
    with pytest.raises(casting.PollNotOpen):
        casting.admits(fresh)


def test_a_cast_asks_the_database_as_little_as_it_can(batch, django_assert_num_queries):
    for key in ("step by step", "at once"):
        cast(ticket=ticket_for(batch), key=key, marks="12")
    ticket = ticket_for(batch)

    with django_assert_num_queries(1):
        cast(ticket=ticket, key="k", marks="12")


def inserted(queries, table, column):
    """The values of a column in the order in which they were inserted into a table."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT "{column}" FROM "{table}" ORDER BY ctid')
            return [row[0] for row in cursor.fetchall()]
    statements = [query["sql"] for query in queries if query["sql"].startswith(f'INSERT INTO "{table}"')]
    rows = [
        cell
        for query in queries
        if query["sql"].startswith("INSERT INTO cast_by_slip")
        for cell in at_once_opinions(query)
    ]
    for statement in statements:
        head, _, body = statement.partition(" VALUES ")
        place = [name.strip('" ') for name in head.partition("(")[2].rstrip(")").split(",")].index(column)
        rows += [
            [cell.strip() for cell in row.strip("()").split(", ")][place] for row in re.findall(r"\([^()]*\)", body)
        ]
    return [int(row) for row in rows]


def at_once_opinions(query):
    """The targets of the opinions in the one statement of SQLite, in their order."""
    return [target_id for _, target_id, _, _ in json.loads(re.search(r"\[\[.*\]\]", query["sql"])[0])]


def test_keyed_ballots_are_written_in_the_order_of_random_keys_and_not_of_the_stack():
    batch = make_batch(make_open_poll(), method="entered")

    with CaptureQueriesContext(connection) as queries:
        casting.record_ballots(batch=batch, marks=[("11", 20), ("13", 20)])

    keys = inserted(queries, "ballots_ballot", "id")
    assert len(keys) == 40
    assert keys == sorted(keys)


def test_opinions_of_one_ballot_are_written_in_random_order():
    poll = make_branch_poll(member_count=6)
    targets = [target.pk for target in poll.targets.order_by("position")]
    batch = make_batch(poll)
    texts = [casting.OpinionText(target, "请多走访") for target in targets]
    orders = []

    for slip in codes.make_slips(batch, 6):
        with CaptureQueriesContext(connection) as queries:
            marks = "1" * poll.ballot_form.cell_count
            casting.cast(ticket=codes.exchange(slip), key=f"key of {slip}", marks=marks, opinions=texts)
        orders.append(inserted(queries, "ballots_opinion", "target_id")[-len(targets) :])

    assert all(sorted(order) == sorted(targets) for order in orders)
    assert len(targets) > 5
    assert any(order != targets for order in orders)


def test_a_phone_s_choice_from_a_list_is_written_settled():
    batch = make_batch(make_choice_poll())

    for place, marks in enumerate(["11-1--", "11----", "--11--"]):
        cast(ticket=ticket_for(batch), key=f"k{place}", marks=marks)

    assert trace()["ballots"] == sorted([(batch.pk, "112122"), (batch.pk, "11----"), (batch.pk, "--1122")])


def test_a_phone_s_choice_of_too_many_is_refused_and_leaves_no_trace():
    batch = make_batch(make_choice_poll())
    ticket = ticket_for(batch)
    before = trace()

    with pytest.raises(InvalidMarks, match=r"^“最满意的实事评选表”至多选2项，现在选了3项，请去掉1项。$"):
        cast(ticket=ticket, key="k", marks="11111-")

    assert trace() == before


def test_on_paper_a_choice_of_too_many_spoils_its_list_and_nothing_else():
    batch = make_batch(make_choice_poll(), method="entered")

    casting.record_ballots(batch=batch, marks=[("12111-", 2), ("1-1---", 1), ("11----", 1)])

    assert trace()["ballots"] == [(batch.pk, marks) for marks in ("1-1222", "11----", "12xxxx", "12xxxx")]
