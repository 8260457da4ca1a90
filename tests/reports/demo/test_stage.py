"""Steps of an act: days counted back from today, people on rosters, and ballots from entry to closing."""

import random
from datetime import date

import pytest

from ballots.models import Ballot
from campaigns.models import Commitment, Member, Poll
from reports.demo import words
from reports.demo.stage import Stage
from tests.factories import make_open_poll, make_organization

from .staging import TODAY, make_stage


def stage_on(day, seed=1):
    """A stage of nobody, for what needs no database."""
    return Stage(secretary=None, today=day, chance=random.Random(seed))


def test_days_lie_before_today_and_a_negative_number_ahead():
    stage = stage_on(TODAY)

    assert [stage.day(days) for days in (0, 20, -10)] == [TODAY, date(2026, 10, 31), date(2026, 11, 30)]


@pytest.mark.parametrize(
    ("today", "year"), [(date(2026, 1, 5), 2025), (date(2026, 2, 28), 2025), (date(2026, 3, 15), 2026)]
)
def test_in_january_and_february_the_last_year_is_appraised(today, year):
    assert stage_on(today).year == year


def test_a_day_has_its_quarter_and_its_half_of_the_year():
    stage = stage_on(date(2026, 7, 10))

    assert [stage.quarter(days) for days in (0, 10, 200)] == ["2026年第三季度", "2026年第二季度", "2025年第四季度"]
    assert [stage.half_year(days) for days in (0, 10)] == ["2026年下半年", "2026年上半年"]


def test_a_total_is_split_whole_into_parts_of_at_least_so_many():
    parts = stage_on(TODAY).split(100, 7, least=5)

    assert (len(parts), sum(parts)) == (7, 100)
    assert min(parts) >= 5


@pytest.mark.django_db
def test_each_roster_has_one_secretary_then_deputies_and_only_plain_members_on_probation():
    units = [make_organization(name) for name in ("甲", "乙")]

    members = make_stage().add_members([(units[0], 40), (units[1], 60)])

    for unit, count in zip(units, (40, 60), strict=True):
        posts = [member.post for member in members if member.organization == unit]
        assert posts == ["secretary", "deputy", "deputy", *["member"] * (count - 3)]
    probationary = Member.objects.filter(status="probationary")
    assert 0 < probationary.count() < 15
    assert set(probationary.values_list("post", flat=True)) == {"member"}


@pytest.mark.django_db
def test_promises_have_a_day_where_they_were_kept_and_a_reason_where_not():
    stage = make_stage()
    members = stage.add_members([(make_organization(), 60)], all_full=True)

    stage.promise((member, 3) for member in members)

    assert Commitment.objects.count() == 180
    assert not Commitment.objects.fulfilled().filter(fulfilled_on=None).exists()
    broken = Commitment.objects.filter(status="unfulfilled")
    assert set(broken.values_list("note", "fulfilled_on")) == {(words.NOT_FULFILLED, None)}


@pytest.mark.django_db
def test_ballots_are_entered_cast_and_closed_as_they_were_counted():
    stage, poll = make_stage(), make_open_poll()
    key, facts = stage.enter(poll, channel="paper", category="群众代表", marks=["11", "12"], issued=5)
    slips = stage.cast_with_slips(poll, channel="meeting", category="党员", marks=["11"] * 6, spare=2)

    stage.close(poll, [(key, facts), (slips.pk, type(facts)(issued=6))], entitled=10, attended=8)

    stored = Poll.objects.get()
    assert (stored.state, stored.entitled_count, stored.attended_count) == ("closed", 10, 8)
    numbers = poll.batches.order_by("pk").values_list("issued_count", "returned_count", "unused_count")
    assert [number[:2] for number in numbers] == [(5, 2), (6, 6)]
    assert numbers[1][2] == 2
    assert Ballot.objects.count() == 8


@pytest.mark.django_db
def test_a_shared_slip_casts_the_forms_that_its_holder_did_not_keep_back():
    stage, poll = make_stage(), make_open_poll()
    other = make_open_poll(poll.organization, title="党员评议票")

    tied = stage.cast_with_shared_slips(
        [poll, other], channel="meeting", category="党员", marks=[("11", "22"), ("12", "")], spare=3
    )

    assert [batch.codes.count() for batch in tied] == [3, 4]
    assert sorted(Ballot.objects.values_list("batch", "marks")) == [
        (tied[0].pk, "11"),
        (tied[0].pk, "12"),
        (tied[1].pk, "22"),
    ]


@pytest.mark.django_db
def test_opinions_do_not_repeat_themselves_while_there_are_others():
    stage, poll = make_stage(), make_open_poll()

    texts = [opinion.text for opinion in stage.opinions(poll, len(words.IN_OFFICE))]

    assert sorted(texts) == sorted(words.IN_OFFICE)
    assert len(stage.opinions(poll, 1)) == 1
