"""Closing, voiding, sealing and recounting: what is written, what is refused, and what nobody can find afterwards."""

import ast
import hashlib
import random
import threading
import time
from pathlib import Path

import pytest
from django.db import connection, connections, transaction

from ballots.actions import add_batch, open_campaign
from ballots.counting import boxes, bulk, closing, recounting, sealing, tally
from ballots.models import Ballot, Batch, Code, Opinion, Receipt, SealedBox, TallyRow
from ballots.voting import casting, codes
from campaigns.actions import make_polls
from campaigns.models import Poll
from campaigns.models.states import StateError
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ROOT = Path(__file__).resolve().parents[3]


def facts(batch, **numbers):
    return {batch.pk: closing.BatchFacts(**numbers)}


def counts(row):
    return tuple(getattr(row, field) for field in boxes.COUNT_FIELDS)


def refusal(poll, *, attended=None, **numbers):
    """The refusal of closing a poll with one batch; the poll must stay as it was."""
    batch = poll.batches.get()
    codes_before = Code.objects.count()
    with pytest.raises(closing.CannotClose) as caught:
        closing.close(poll, by=None, attended=attended, facts=facts(batch, **numbers))
    poll.refresh_from_db()
    batch.refresh_from_db()
    assert (poll.state, poll.attended_count, batch.state, batch.returned_count) == ("open", None, "open", None)
    assert Code.objects.count() == codes_before
    return caught.value.problems


# Closing


def test_closing_a_phone_batch_counts_what_came_in_and_voids_the_codes_left_over():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3, "2-": 1})
    codes.make_slips(batch, 6)

    closing.close(poll, by=None, attended=8, facts=facts(batch, issued=7))

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.valid_count, batch.void_count) == (7, 4, 4, 0)
    assert (batch.printed_count, batch.unused_count, batch.state) == (10, 6, "closed")
    assert (poll.state, poll.attended_count) == ("closed", 8)
    assert not Code.objects.exists()


def test_a_phone_batch_whose_issued_slips_nobody_counted_has_issued_what_it_collected():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})
    codes.make_slips(batch, 2)

    closing.close(poll, by=None, attended=None, facts=facts(batch, issued=None))

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.unused_count) == (3, 3, 2)


def test_fewer_issued_than_collected_by_phone_is_refused_without_telling_how_many_came_in():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 7})

    problems = refusal(poll, issued=6)

    assert len(problems) == 1
    assert "收回的测评票多于发出的测评票（发出6）" in problems[0]
    assert "7" not in problems[0]


def test_more_issued_than_printed_is_refused():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 2})

    assert refusal(poll, issued=3) == ["“集中评议·党员”：发出3张，多于制作的2张。"]


def test_nobody_counts_the_returned_ballots_of_phones_by_hand():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 2})

    assert "收回数由系统计数" in refusal(poll, issued=2, returned=2)[0]
    assert "收回数由系统计数" in refusal(poll, issued=2, void=1)[0]


def test_ballots_that_no_right_was_spent_for_are_found_at_closing():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 2})
    codes.make_slips(batch, 2)
    Ballot.objects.create(batch=batch, marks="11")

    assert "票箱可能被动过" in refusal(poll, issued=4)[0]


def test_paper_is_closed_with_what_was_taken_out_of_the_box():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"11": 34})

    closing.close(poll, by=None, attended=40, facts=facts(batch, issued=37, returned=35, void=1))

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.valid_count, batch.void_count) == (37, 35, 34, 1)


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ({"issued": 50, "returned": 51, "void": 17}, "收回的测评票多于发出的测评票（发出50，收回51）"),
        ({"issued": 50, "returned": 35}, "应录入35张，实际录入34张"),
        ({"issued": 50, "returned": 34, "void": 35}, "整票无效数多于收回数"),
        ({"issued": None, "returned": 34}, "纸质票须填写发出数和收回数"),
        ({"issued": 34, "returned": None}, "纸质票须填写发出数和收回数"),
    ],
)
def test_paper_that_does_not_reconcile_is_refused(numbers, words):
    poll = factories.make_open_poll()
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 34})

    assert words in refusal(poll, **numbers)[0]


def test_every_batch_says_what_is_wrong_with_it_and_none_is_closed():
    poll = factories.make_open_poll()
    good = factories.make_batch(poll)
    bad = factories.make_batch(poll, category="群众代表")
    forgotten = factories.make_batch(poll, channel="paper", method="entered")
    factories.cast_ballots(good, {"11": 2})
    codes.make_slips(good, 1)
    given = {good.pk: closing.BatchFacts(issued=2), bad.pk: closing.BatchFacts(issued=1)}

    with pytest.raises(closing.CannotClose) as caught:
        closing.close(poll, by=None, attended=None, facts=given)

    assert caught.value.by_batch == {
        good.pk: [],
        bad.pk: ["发出1张，多于制作的0张。"],
        forgotten.pk: ["没有填写发出数。"],
    }
    assert set(Batch.objects.values_list("state", "issued_count")) == {("open", None)}
    assert Code.objects.filter(batch=good).count() == 1


@pytest.mark.parametrize(
    ("entitled", "attended", "rules", "words"),
    [
        (4, 5, {}, "实际参评人数5多于应参评人数4"),
        (None, 2, {}, "集中评议收回的票多于实际参评人数2"),
        (None, None, {"base": "attended"}, "请填写实际参评人数"),
        (2, None, {"base": "entitled"}, "收回的票多于作分母的全体应参评人员2人"),
    ],
)
def test_people_and_papers_must_fit(entitled, attended, rules, words):
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, **rules)
    make_polls(campaign, [committee])
    campaign.polls.update(entitled_count=entitled)
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    factories.cast_ballots(factories.make_batch(poll), {"11": 3})

    assert [words in problem for problem in refusal(poll, attended=attended, issued=3)] == [True]


def test_a_poll_that_is_not_open_cannot_be_closed():
    poll = factories.make_sealed_poll()

    with pytest.raises(StateError):
        closing.close(poll, by=None, attended=None, facts={})


def test_turnout_counts_spent_rights_and_entered_papers():
    poll = factories.make_open_poll()
    slips, screen = factories.make_batch(poll), factories.make_batch(poll, method="screen")
    paper = factories.make_batch(poll, method="entered")
    empty = factories.make_batch(poll, channel="online")
    factories.cast_ballots(slips, {"11": 3})
    codes.make_slips(slips, 4)
    codes.admit(screen, 5)
    factories.enter_ballots(paper, {"11": 6})
    batches = list(poll.batches.all())

    turnout = sealing.collected_by_batch(batches)

    assert turnout == {slips.pk: 3, screen.pk: 0, paper.pk: 6, empty.pk: 0}
    assert turnout == {batch.pk: sealing.collected(batch) for batch in batches}


# Voiding


def test_a_voided_batch_leaves_the_count_and_a_new_one_takes_its_place():
    poll = factories.make_open_poll()
    broken = factories.make_batch(poll)
    factories.cast_ballots(broken, {"33": 5})
    codes.make_slips(broken, 2)

    closing.void_batch(broken, by=None, reason="收回多于发出", issued=4)
    factories.cast_ballots(factories.make_batch(poll), {"11": 4})
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    broken.refresh_from_db()
    assert (broken.state, broken.issued_count, broken.returned_count, broken.unused_count) == ("void", 4, 5, 2)
    assert [counts(row)[:4] for row in TallyRow.objects.all()] == [(4, 4, 0, 0), (4, 4, 0, 0)]
    assert [boxes.box_lines(box) for box in SealedBox.objects.filter(batch=broken)] == [["33"] * 5]
    assert recounting.recount(poll) == []


def test_voiding_after_closing_keeps_the_numbers_that_were_fixed():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})
    codes.make_slips(batch, 2)
    factories.close_poll(poll)

    closing.void_batch(batch, by=None, reason="程序有误")
    sealing.seal(poll, by=None)

    batch.refresh_from_db()
    assert (batch.issued_count, batch.returned_count, batch.unused_count) == (3, 3, 2)
    assert not TallyRow.objects.exists()


def test_nothing_is_voided_twice_or_after_the_seal():
    sealed = factories.make_sealed_poll().batches.get()
    poll = factories.make_open_poll(factories.make_organization("二局党委"))
    voided = factories.make_batch(poll)
    closing.void_batch(voided, by=None, reason="程序有误")

    for batch in (sealed, voided):
        with pytest.raises(StateError):
            closing.void_batch(batch, by=None, reason="程序有误")


def test_a_slip_of_a_voided_batch_is_refused():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    (slip,) = codes.make_slips(batch, 1)
    ticket = codes.exchange(slip)
    closing.void_batch(batch, by=None, reason="程序有误")

    with pytest.raises(casting.CodeUsed):
        casting.cast(ticket=ticket, key="a key", marks="11")


# Sealing


def test_sealing_cuts_sorts_and_counts_the_ballots_and_deletes_them():
    poll = factories.make_open_poll(indicators=("一", "二", "总体评价"))
    factories.cast_ballots(factories.make_batch(poll), {"312": 1, "1-1": 2, "111": 3})
    factories.enter_ballots(factories.make_batch(poll, channel="paper", method="entered"), {"x21": 1})
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    meeting, paper = SealedBox.objects.all()
    assert boxes.box_lines(meeting) == ["1-1", "1-1", "111", "111", "111", "312"]
    assert boxes.box_lines(paper) == ["x21"]
    assert meeting.sha256 == hashlib.sha256(meeting.content.encode()).hexdigest()
    rows = [(row.channel, row.indicator.text, *counts(row)) for row in TallyRow.objects.all()]
    assert sorted(rows) == sorted(
        [
            ("meeting", "一", 6, 5, 0, 1, 0, 0, 0, 0, 0),
            ("meeting", "二", 6, 4, 0, 0, 0, 0, 0, 2, 0),
            ("meeting", "总体评价", 6, 5, 1, 0, 0, 0, 0, 0, 0),
            ("paper", "一", 1, 0, 0, 0, 0, 0, 0, 0, 1),
            ("paper", "二", 1, 0, 1, 0, 0, 0, 0, 0, 0),
            ("paper", "总体评价", 1, 1, 0, 0, 0, 0, 0, 0, 0),
        ]
    )
    assert poll.state == "sealed"
    assert [model.objects.count() for model in (Ballot, Code, Receipt)] == [0, 0, 0]


def test_batches_of_one_channel_and_category_share_their_rows_but_not_their_boxes():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 2})
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"22": 3})
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    assert sorted(SealedBox.objects.values_list("ballot_count", flat=True)) == [2, 3]
    assert [counts(row)[:3] for row in TallyRow.objects.all()] == [(5, 2, 3), (5, 2, 3)]


def test_sealing_a_poll_leaves_every_other_poll_alone():
    committee = factories.make_organization()
    other = factories.make_organization("一支部", parent=committee, kind="branch")
    campaign = factories.make_campaign(committee)
    make_polls(campaign, [committee, other])
    open_campaign(campaign, by=None)
    sealed, open_poll = campaign.polls.all()
    for poll in (sealed, open_poll):
        batch = factories.make_batch(poll)
        slips = codes.make_slips(batch, 2)
        opinion = casting.OpinionText(poll.targets.get().pk, "很好")
        casting.cast(ticket=codes.exchange(slips[0]), key=f"key {poll.pk}", marks="11", opinions=[opinion])
    before = set(Opinion.objects.filter(target__poll=open_poll).values_list("pk", flat=True))
    factories.close_poll(sealed)

    sealing.seal(sealed, by=None)

    assert [model.objects.count() for model in (Ballot, Code, Receipt)] == [1, 1, 1]
    assert Ballot.objects.get().batch.poll == open_poll
    assert set(Opinion.objects.filter(target__poll=open_poll).values_list("pk", flat=True)) == before
    assert not TallyRow.objects.exclude(poll=sealed).exists()


def test_a_poll_without_a_batch_is_sealed_with_neither_box_nor_row():
    poll = factories.make_open_poll()

    closing.close(poll, by=None, attended=None, facts={})
    sealing.seal(poll, by=None)

    assert poll.state == "sealed"
    assert [SealedBox.objects.count(), TallyRow.objects.count()] == [0, 0]
    assert recounting.recount(poll) == []


def test_an_open_poll_cannot_be_sealed_and_a_sealed_one_not_again():
    open_poll = factories.make_open_poll()
    sealed = factories.make_sealed_poll(organizer=factories.make_organization("二局党委"))

    for poll in (open_poll, sealed):
        with pytest.raises(StateError):
            sealing.seal(poll, by=None)


def test_a_ballot_too_many_stops_the_seal_and_changes_nothing():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})
    factories.close_poll(poll)
    Ballot.objects.create(batch=batch, marks="11")

    with pytest.raises(tally.IdentityError, match="有效票应为3张，票库中有4张"):
        sealing.seal(poll, by=None)

    poll.refresh_from_db()
    assert (poll.state, Ballot.objects.count(), SealedBox.objects.count()) == ("closed", 4, 0)


@pytest.mark.parametrize(
    ("entitled", "words"), [(2, "收回的票多于作分母的全体应参评人员2人"), (None, "请填写应参评人数")]
)
def test_a_number_of_people_that_was_changed_after_the_closing_is_checked_again(entitled, words):
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, base="entitled")
    make_polls(campaign, [committee])
    campaign.polls.update(entitled_count=5)
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    factories.cast_ballots(factories.make_batch(poll), {"11": 3})
    factories.close_poll(poll)
    Poll.objects.update(entitled_count=entitled)

    with pytest.raises(tally.IdentityError, match=words):
        sealing.seal(poll, by=None)

    poll.refresh_from_db()
    assert (poll.state, TallyRow.objects.count()) == ("closed", 0)


def test_a_mark_that_is_not_on_the_scale_stops_the_seal():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 3})
    factories.close_poll(poll)
    Ballot.objects.update(marks="15")

    with pytest.raises(tally.IdentityError, match="不属于量表"):
        sealing.seal(poll, by=None)

    poll.refresh_from_db()
    assert poll.state == "closed"


def test_equal_boxes_have_different_digests_so_that_a_printed_digest_cannot_be_guessed_open():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 1})
    factories.cast_ballots(factories.make_batch(poll), {"11": 1})
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    first, second = SealedBox.objects.all()
    salts = {box.content.partition('"salt":"')[2][:32] for box in (first, second)}
    assert first.sha256 != second.sha256
    assert len(salts) == 2
    assert all(len(salt) == 32 for salt in salts)


def test_sealing_all_goes_on_past_a_broken_poll_and_names_it():
    committee = factories.make_organization()
    units = [factories.make_organization(name, parent=committee, kind="branch") for name in ("一支部", "二支部")]
    campaign = factories.make_campaign(committee)
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    broken, whole = campaign.polls.all()
    for poll in (broken, whole):
        factories.cast_ballots(factories.make_batch(poll), {"11": 3})
        factories.close_poll(poll)
    Ballot.objects.create(batch=broken.batches.get(), marks="11")

    with pytest.raises(sealing.CannotSeal, match="一支部") as caught:
        sealing.seal_all(campaign, by=None)

    assert (caught.value.sealed, len(caught.value.problems)) == (1, 1)
    assert list(campaign.polls.values_list("state", flat=True)) == ["closed", "sealed"]


# Closing in bulk


def test_a_campaign_is_closed_as_far_as_nobody_has_to_count_paper():
    committee = factories.make_organization()
    names = ("一支部", "二支部", "三支部")
    units = [factories.make_organization(name, parent=committee, kind="branch") for name in names]
    campaign = factories.make_campaign(committee)
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    phone, paper, empty = campaign.polls.all()
    factories.cast_ballots(factories.make_batch(phone), {"11": 3})
    factories.make_batch(paper, method="entered")

    plan = bulk.plan_closing(campaign)

    assert (plan.ready, plan.empty) == ([phone], [empty])
    assert plan.alone == [(paper, "有纸质票，须填写发出数和收回数。")]
    assert bulk.close_planned(plan, by=None, with_empty=False) == (1, [])
    assert list(campaign.polls.values_list("state", flat=True)) == ["closed", "open", "open"]
    assert bulk.close_planned(bulk.plan_closing(campaign), by=None, with_empty=True) == (1, [])
    assert list(campaign.polls.values_list("state", flat=True)) == ["closed", "open", "closed"]


def test_a_bulk_closing_says_which_poll_was_refused_and_why():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 3})
    Poll.objects.update(attended_count=2)

    closed, refused = bulk.close_planned(bulk.plan_closing(poll.campaign), by=None, with_empty=False)

    assert (closed, [refused_poll for refused_poll, _ in refused]) == (0, [poll])
    assert "多于实际参评人数2" in refused[0][1]


def test_planning_takes_the_same_number_of_queries_for_one_poll_and_for_three(django_assert_num_queries):
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    branches = [factories.make_organization(f"{n}支部", parent=committee, kind="branch") for n in range(3)]
    make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        factories.make_batch(poll)

    with django_assert_num_queries(2):
        bulk.plan_closing(campaign)


# Secrecy after the seal


def rank_correlation(values):
    """Spearman's coefficient of a sequence of different values with its own order."""
    order = {value: rank for rank, value in enumerate(sorted(values))}
    count = len(values)
    squares = sum((order[value] - rank) ** 2 for rank, value in enumerate(values))
    return 1 - 6 * squares / (count * (count**2 - 1))


def test_after_the_seal_neither_keys_nor_physical_order_of_opinions_tell_the_order_of_casting():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    target = poll.targets.get().pk
    slips = codes.make_slips(batch, 1000)
    for number, slip in enumerate(slips):
        opinion = casting.OpinionText(target, f"{number}")
        casting.cast(ticket=codes.exchange(slip), key=f"key {number}", marks="11", opinions=[opinion])
    before = dict(Opinion.objects.values_list("text", "pk"))
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    with connection.cursor() as cursor:
        physical = "ctid" if connection.vendor == "postgresql" else "rowid"
        cursor.execute(f"SELECT text, id FROM ballots_opinion ORDER BY {physical}")
        rows = cursor.fetchall()
        if connection.vendor == "postgresql":
            # Nor does a transaction's number: all opinions of the poll were written by the one that sealed it.
            cursor.execute("SELECT count(DISTINCT xmin::text) FROM ballots_opinion")
            assert cursor.fetchone() == (1,)
    after = dict(rows)
    assert abs(rank_correlation([int(text) for text, _ in rows])) < 0.15
    assert abs(rank_correlation([after[str(number)] for number in range(1000)])) < 0.15
    assert not set(before.values()) & set(after.values())
    assert [field.name for field in Opinion._meta.fields] == ["id", "target", "kind", "text"]


def test_a_box_does_not_keep_the_order_in_which_ballots_came():
    poll = factories.make_open_poll(indicators=("一", "二", "三", "总体评价"))
    random.seed(7)
    marks = ["".join(random.choice("123-") for _ in range(4)) for _ in range(60)]
    batch = factories.make_batch(poll)
    for ballot in marks:
        factories.cast_ballots(batch, {ballot: 1})
    factories.close_poll(poll)

    sealing.seal(poll, by=None)

    assert boxes.box_lines(SealedBox.objects.get()) == sorted(marks)


def test_nothing_in_the_code_changes_a_box_or_a_row_that_was_written():
    """Boxes and rows are made in bulk at sealing; no other line creates, updates or deletes one."""
    changing = {"update", "delete", "save", "create", "bulk_update", "update_or_create", "get_or_create", "bulk_create"}
    writers = []
    for folder in ("campaigns", "ballots", "reports"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in changing:
                    source = ast.unparse(node.func)
                    if any(name in source for name in ("SealedBox", "TallyRow", "boxes.", "tally_rows.")):
                        writers.append((path.name, source))

    assert writers == [("sealing.py", "SealedBox.objects.bulk_create"), ("sealing.py", "TallyRow.objects.bulk_create")]


# Against casts in flight, and on disk


@pytest.mark.django_db(transaction=True)
def test_of_a_hundred_voters_racing_the_closing_each_is_counted_or_told_no():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    tickets = [codes.exchange(slip) for slip in codes.make_slips(batch, 100)]
    answers, errors, lock = {"taken": 0, "refused": 0}, [], threading.Lock()
    half_way = threading.Event()

    def vote(chunk):
        for ticket in chunk:
            try:
                casting.cast(ticket=ticket, key=f"key {ticket.slip}", marks="11")
                answer = "taken"
            except casting.Refused:
                answer = "refused"
            except Exception as error:
                errors.append(error)
                return
            with lock:
                answers[answer] += 1
                if answers["taken"] >= 30:
                    half_way.set()
            time.sleep(0.01)  # SQLite's waiting closer looks again only so often, and would starve
        connections.close_all()

    def close():
        try:
            half_way.wait(60)
            closing.close(poll, by=None, attended=None, facts=facts(batch, issued=100))
        except Exception as error:
            errors.append(error)
        connections.close_all()

    threads = [threading.Thread(target=vote, args=(tickets[start::10],)) for start in range(10)]
    threads.append(threading.Thread(target=close))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    batch.refresh_from_db()
    assert errors == []
    assert answers["taken"] + answers["refused"] == 100
    assert answers["taken"] == batch.returned_count == Ballot.objects.count()
    assert batch.unused_count == answers["refused"] > 0
    sealing.seal(poll, by=None)
    assert [counts(row)[0] for row in TallyRow.objects.all()] == [answers["taken"]] * 2


@pytest.mark.django_db(transaction=True)
def test_of_two_people_sealing_at_once_one_is_refused_and_every_ballot_is_counted_once():
    poll = factories.make_open_poll()
    factories.cast_ballots(factories.make_batch(poll), {"11": 20})
    factories.close_poll(poll)
    answers = []

    def seal():
        try:
            sealing.seal(poll, by=None)
            answers.append("sealed")
        except StateError:
            answers.append("refused")
        connections.close_all()

    threads = [threading.Thread(target=seal) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(answers) == ["refused", "sealed"]
    assert [box.ballot_count for box in SealedBox.objects.all()] == [20]
    assert recounting.recount(poll) == []


def _bytes_of_ballots_and_codes() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('ballots_ballot') + pg_relation_size('ballots_code')")
        return cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_no_dead_row_and_no_page_on_disk_remembers_what_was_deleted():
    poll = factories.make_open_poll()
    batch = factories.make_batch(poll)
    slips = codes.make_slips(batch, 30)
    for slip in slips[:20]:
        casting.cast(ticket=codes.exchange(slip), key=f"key {slip}", marks="11")
    marked = "marks-that-are-looked-for"
    Ballot.objects.filter(pk=Ballot.objects.first().pk).update(marks=marked)
    Ballot.objects.filter(marks=marked).update(marks="11")
    factories.close_poll(poll)

    sealing.seal(poll, by=None)
    sealing.erase_traces()

    if connection.vendor == "postgresql":
        # The server's own look at the tables may hold on to dead rows for a moment: the next seal erases them.
        for _ in range(10):
            if not _bytes_of_ballots_and_codes():
                break
            time.sleep(0.5)
            sealing.erase_traces()
        assert _bytes_of_ballots_and_codes() == 0
    else:
        path = Path(connection.settings_dict["NAME"])
        assert path.with_name(path.name + "-wal").stat().st_size == 0
        assert marked.encode() not in path.read_bytes()


def test_erasing_traces_inside_a_transaction_does_nothing():
    with transaction.atomic():
        sealing.erase_traces()


# Recounting


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
            "总体评价（集中评议·党员）的计票结果与票箱不符：票箱为41/40/0/0/0/0/0/1/0，结果为41/39/1/0/0/0/0/1/0",
        ),
        (lambda poll: TallyRow.objects.filter(indicator__is_overall=True).delete(), "结果为无"),
        (lambda poll: SealedBox.objects.all().delete(), "缺少“某局党委”的票箱"),
        (lambda poll: SealedBox.objects.update(content="[broken"), "票头不属于这个票批"),
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


def test_a_new_batch_is_refused_after_closing():
    poll = factories.make_open_poll()
    factories.close_poll(poll)

    with pytest.raises(StateError):
        add_batch(poll, channel="meeting", category=poll.campaign.categories.first(), method="slips")
