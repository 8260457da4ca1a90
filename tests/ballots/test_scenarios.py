"""The acceptance scenarios' figures, from ballots through closing and sealing to the tally rows.

The sentences of the 小结 about them are tested where they are written.
"""

import pytest

from ballots.actions import open_campaign
from ballots.counting import boxes, closing, recounting, sealing, tally
from ballots.counting.tally import CellCount, CountedGrade, Result, Rules, Sheets
from ballots.models import SealedBox, TallyRow
from campaigns.actions import make_polls
from campaigns.models import Campaign, Poll
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ONE = ("总体评价",)
THREE = (CountedGrade("满意", is_positive=True), CountedGrade("基本满意", is_positive=True), CountedGrade("不满意"))


def rules_of(campaign):
    return Rules(
        base=campaign.base,
        blank=campaign.blank,
        unknown=campaign.unknown,
        decimals=campaign.decimals,
        sum_to_100=campaign.sum_to_100,
        min_group=campaign.min_group,
    )


def result_of(*polls, indicator="总体评价", channel=None):
    """The result of one indicator from the rows of sealed polls, added up as a parent's would be."""
    rows = TallyRow.objects.filter(poll__in=polls, indicator__text=indicator)
    batches = [batch for poll in polls for batch in poll.batches.counting()]
    if channel:
        rows = rows.filter(channel=channel)
        batches = [batch for batch in batches if batch.channel == channel]
    section = polls[0].ballot_form.sections[0]
    grades = boxes.section_grades(section)
    places = [f"grade_{place}_count" for place, grade in enumerate((g for g in grades if g.is_in_base), start=1)]
    cell, sheets = CellCount((0,) * len(places)), Sheets()
    for row in rows:
        in_base = tuple(getattr(row, place) for place in places)
        cell += CellCount(in_base, row.unknown_count, row.abstained_count, row.spoiled_count)
    for batch in batches:
        sheets += Sheets(batch.issued_count, batch.returned_count, batch.void_count)
    if not channel and len(polls) == 1:
        people = {"attended": polls[0].attended_count, "entitled": polls[0].entitled_count}
        sheets = Sheets(sheets.issued, sheets.returned, sheets.void, **people)
    result = Result(grades, cell, sheets, rules_of(polls[0].campaign))
    assert result.problems() == []
    return result


def texts(result):
    return {share.label: share.rate.digits for share in result.shares}


def figures(result):
    """发出、收回、有效、整票无效."""
    return result.sheets.issued, result.sheets.returned, result.sheets.valid, result.sheets.void


def campaign_of(*names, **overrides):
    """An open campaign with one poll a name, below one committee."""
    committee = factories.make_organization()
    units = [factories.make_organization(name, parent=committee, kind="branch") for name in names]
    campaign = factories.make_campaign(committee, **{"indicators": ONE, **overrides})
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    return campaign


def seal(poll, marks, **numbers):
    factories.enter_ballots(factories.make_batch(poll, method="entered"), marks)
    factories.close_poll(poll, **numbers)
    sealing.seal(poll, by=None)
    return poll


# 甲、直接取自种子数字


def test_c1_one_blank_among_41():
    poll = factories.make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE)

    result = result_of(poll)

    assert figures(result) == (41, 41, 41, 0)
    assert result.cell == CellCount((39, 1, 0), abstained=1)
    assert texts(result) == {"满意": "95.1", "基本满意": "2.4", "不满意": "0.0", "弃权": "2.4"}
    assert result.sum_differs_from_100
    assert tally.SUM_NOTE == "因四舍五入，各项之和可能不等于100%"


def test_c1_a_reported_98_is_explained_by_the_two_ways_it_can_have_come_about():
    result = result_of(factories.make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE))

    assert tally.explain_rate(result, "98") == [
        tally.Possibility(("满意", "基本满意"), 40, 41, tally.rate_of(40, 41)),
        tally.Possibility(("满意",), 39, 40, tally.rate_of(39, 40)),
    ]
    assert tally.explain_rate(result, "95.1") == tally.explain_rate(result, "95") == []


def test_c2_written_ballots_join_those_of_the_meeting():
    poll = factories.make_open_poll(indicators=ONE)
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"1": 39, "2": 1, "-": 1})
    paper = factories.make_batch(poll, channel="paper", method="entered")
    factories.enter_ballots(paper, {"1": 33, "2": 2})
    factories.close_poll(poll, attended=78, issued={paper.pk: 37})
    sealing.seal(poll, by=None)

    together, written = result_of(poll), result_of(poll, channel="paper")

    assert figures(together) == (78, 76, 76, 0)
    assert texts(together) == {"满意": "94.7", "基本满意": "3.9", "不满意": "0.0", "弃权": "1.3"}
    assert together.sum_differs_from_100
    assert (figures(written), written.satisfaction.digits) == ((37, 35, 35, 0), "94.3")


def test_c3_48_of_50_are_96_percent_and_47_are_not():
    campaign = campaign_of("甲支部", "乙支部")
    right, wrong = map(seal, campaign.polls.all(), ({"1": 48, "2": 2}, {"1": 47, "2": 3}))

    assert texts(result_of(right)) == {"满意": "96.0", "基本满意": "4.0", "不满意": "0.0", "弃权": "0.0"}
    assert not result_of(right).sum_differs_from_100
    assert result_of(wrong).satisfaction.digits == "94.0"
    assert tally.explain_rate(result_of(wrong), "96") == []


def test_c4_all_66_are_satisfied():
    result = result_of(factories.make_sealed_poll({"1": 66}, indicators=ONE))

    assert figures(result) == (66, 66, 66, 0)
    assert texts(result) == {"满意": "100.0", "基本满意": "0.0", "不满意": "0.0", "弃权": "0.0"}


def test_c5_all_12_members_are_qualified():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, indicators=ONE, scale="member-4")
    make_polls(campaign, [committee])
    campaign.polls.update(entitled_count=12)
    open_campaign(campaign, by=None)
    poll = seal(campaign.polls.get(), {"2": 12}, attended=12)

    result = result_of(poll)

    assert tally.rate_of(poll.attended_count, poll.entitled_count).text == "100.0"
    assert texts(result) == {"优秀": "0.0", "合格": "100.0", "基本合格": "0.0", "不合格": "0.0", "弃权": "0.0"}
    assert result.cell.grades == (0, 12, 0, 0)


def test_c6_960_ballots_at_one_decimal_and_as_whole_numbers():
    cell = CellCount((941, 19, 0))

    for decimals, printed in ((1, ["98.0", "2.0", "0.0", "0.0"]), (0, ["98", "2", "0", "0"])):
        result = Result(THREE, cell, Sheets(960, 960), Rules(decimals=decimals))
        assert [share.rate.digits for share in result.shares] == printed
        assert not result.sum_differs_from_100
    assert tally.rate_of(26, 28).text == "92.9"
    assert tally.rate_of(9, 12).text == "75.0"


def test_c7_412_units_are_covered_whole_and_411_are_not():
    units = 23 + 40 + 349

    assert tally.rate_of(units, units).text == "100.0"
    assert tally.rate_of(units - 1, units).text == "99.8"
    assert [tally.rate_of(units - 1, units, decimals).text for decimals in (0, 2)] == ["99", "99.76"]
    company, below = Sheets(1685, 1685), Sheets(4378, 4378)
    assert (company + below).returned == 6063
    assert (company + company + below + below).issued == 12126


def test_c8_the_overall_appraisal_is_its_own_ballots_and_no_mean():
    satisfied = {"organization": (4321, 4269, 4220, 4308, 4330), "members": (4321, 4207, 4282)}

    def printed(count):
        return Result(THREE, CellCount((count, 4378 - count, 0)), Sheets(4378, 4378), Rules()).satisfaction.digits

    assert [printed(count) for count in satisfied["organization"]] == ["98.7", "97.5", "96.4", "98.4", "98.9"]
    assert [printed(count) for count in satisfied["members"]] == ["98.7", "96.1", "97.8"]
    # The same figures through boxes and rows, each indicator from its own cells.
    poll = factories.make_open_poll(indicators=("一", "二", "三", "四", "总体评价"))
    counts = satisfied["organization"]
    ballots = ["".join("1" if place < count else "2" for count in counts) for place in range(4378)]
    seal(poll, {marks: ballots.count(marks) for marks in sorted(set(ballots))})
    digits = [result_of(poll, indicator=text).satisfaction.digits for text in ("一", "二", "三", "四", "总体评价")]
    assert digits == ["98.7", "97.5", "96.4", "98.4", "98.9"]


@pytest.mark.parametrize(
    ("count", "base", "numerator", "denominator", "crossed", "shown"),
    [
        (40, 120, 1, 3, False, "33.3"),
        (41, 120, 1, 3, True, "34.2"),
        (60, 120, 1, 2, False, "50.0"),
        (61, 120, 1, 2, True, "50.8"),
        (1459, 4378, 1, 3, False, "33.3"),
        (1460, 4378, 1, 3, True, "33.3"),
        (2189, 4378, 1, 2, False, "50.0"),
        (2190, 4378, 1, 2, True, "50.0"),
    ],
)
def test_c9_thresholds_are_judged_by_counts_and_never_by_what_is_shown(
    count, base, numerator, denominator, crossed, shown
):
    assert tally.exceeds(count, base, numerator, denominator) is crossed
    assert tally.percent(tally.Fraction(count, base), 1) == shown


def test_c10_455_of_468_valid_ballots():
    poll = factories.make_open_poll(indicators=ONE)
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"1": 455, "2": 13})
    factories.close_poll(poll, issued={batch.pk: 480}, void={batch.pk: 4})
    sealing.seal(poll, by=None)

    result = result_of(poll)

    assert figures(result) == (480, 472, 468, 4)
    assert (result.base, result.satisfaction.digits) == (468, "97.2")


# 乙、取自领域惯例

C11_COUNTS = ((134, 4, 3, 0), (134, 5, 2, 0), (127, 8, 6, 0), (126, 9, 6, 0), (132, 7, 2, 0))


@pytest.mark.parametrize(
    ("mode", "printed"),
    [
        (
            "note",
            ["95.04 2.84 2.13", "95.04 3.55 1.42", "90.07 5.67 4.26", "89.36 6.38 4.26", "93.62 4.96 1.42"],
        ),
        (
            "last",
            ["95.04 2.84 2.12", "95.04 3.55 1.41", "90.07 5.67 4.26", "89.36 6.38 4.26", "93.62 4.96 1.42"],
        ),
        (
            "largest",
            ["95.03 2.84 2.13", "95.03 3.55 1.42", "90.07 5.67 4.26", "89.36 6.38 4.26", "93.62 4.96 1.42"],
        ),
    ],
)
def test_c11_three_ways_to_100(mode, printed):
    scale = (
        CountedGrade("满意", is_positive=True),
        CountedGrade("比较满意", is_positive=True),
        CountedGrade("基本满意", is_positive=True),
        CountedGrade("不满意"),
    )
    results = [
        Result(scale, CellCount(counts), Sheets(141, 141), Rules(decimals=2, sum_to_100=mode)) for counts in C11_COUNTS
    ]

    assert [" ".join(share.rate.digits for share in result.shares[:3]) for result in results] == printed
    assert {result.shares[3].rate.digits for result in results} == {"0.00"}
    assert [result.sum_differs_from_100 for result in results] == [mode == "note"] * 2 + [False] * 3
    assert {result.positive.digits for result in results} == {"100.00"}


@pytest.mark.parametrize(
    ("rules", "base", "printed", "total"),
    [
        ({}, 94, {"满意": "74.5", "基本满意": "16.0", "不满意": "5.3", "弃权": "4.3"}, "100.1"),
        ({"blank": "invalid"}, 90, {"满意": "77.8", "基本满意": "16.7", "不满意": "5.6"}, "100.1"),
        (
            {"base": "returned"},
            96,
            {"满意": "72.9", "基本满意": "15.6", "不满意": "5.2", "弃权": "4.2", "无效": "2.1"},
            "100.0",
        ),
    ],
)
def test_c12_blanks_and_spoiled_cells_under_three_rules(rules, base, printed, total):
    poll = factories.make_open_poll(indicators=ONE, **rules)
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"1": 70, "2": 15, "3": 5, "-": 4, "x": 2})
    factories.close_poll(poll, issued={batch.pk: 100})
    sealing.seal(poll, by=None)

    result = result_of(poll)

    assert (result.base, texts(result)) == (base, printed)
    assert f"{sum(float(text) for text in printed.values()):.1f}" == total
    assert result.sum_differs_from_100 == (total != "100.0")
    assert tally.rate_of(result.sheets.returned, result.sheets.issued).text == "96.0"


def test_c13_more_returned_than_issued_voids_the_batch_and_a_new_one_counts():
    poll = factories.make_open_poll(indicators=ONE)
    broken = factories.make_batch(poll, method="entered")
    factories.enter_ballots(broken, {"1": 51})
    with pytest.raises(closing.CannotClose) as refused:
        facts = {broken.pk: closing.BatchFacts(issued=50, returned=51)}
        closing.close(poll, by=None, attended=None, facts=facts)

    closing.void_batch(broken, by=None, reason="收回多于发出", issued=50, returned=51)
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"1": 40, "3": 10})
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    message = "收回的测评票多于发出的测评票（发出50，收回51），本次测评无效，应重新进行测评。"
    assert refused.value.problems == [f"“集中评议·党员”：{message}"]
    assert (figures(result_of(poll)), result_of(poll).satisfaction.digits) == ((50, 50, 50, 0), "80.0")
    broken.refresh_from_db()
    assert (broken.state, broken.issued_count, broken.returned_count) == ("void", 50, 51)
    assert SealedBox.objects.get(batch=broken).ballot_count == 51
    assert recounting.recount(poll) == []


def test_c14_nothing_returned_gives_counts_but_no_rate_and_no_judgement():
    campaign = campaign_of("甲支部", "乙支部")
    nothing, something = campaign.polls.all()
    batch = factories.make_batch(nothing, method="entered")
    factories.close_poll(nothing, issued={batch.pk: 30})
    sealing.seal(nothing, by=None)
    seal(something, {"1": 3, "2": 1})

    result = result_of(nothing)

    assert figures(result) == (30, 0, 0, 0)
    assert result.cell == CellCount((0, 0, 0))
    assert set(texts(result).values()) == {None}
    assert (result.satisfaction.digits, result.positive.digits) == (None, None)
    assert not tally.exceeds(result.cell.grades[2], result.base, 1, 3)
    assert figures(result_of(nothing, something)) == (34, 4, 4, 0)
    assert result_of(nothing, something).satisfaction.digits == result_of(something).satisfaction.digits == "75.0"
    assert recounting.recount(nothing) == []


def test_c14_nothing_even_issued_is_no_rate_either():
    poll = factories.make_open_poll(indicators=ONE)
    factories.close_poll(poll)
    sealing.seal(poll, by=None)

    result = result_of(poll)

    assert (figures(result), result.satisfaction.digits) == ((0, 0, 0, 0), None)


def test_c18_who_does_not_know_is_outside_the_base_and_halves_round_up():
    poll = factories.make_open_poll(indicators=ONE, unknown=True)
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"1": 30, "2": 15, "3": 3, "4": 10})
    factories.close_poll(poll, issued={batch.pk: 60})
    sealing.seal(poll, by=None)

    result = result_of(poll)

    assert (figures(result), result.base, result.cell.unknown) == ((60, 58, 58, 0), 48, 10)
    assert texts(result) == {"满意": "62.5", "基本满意": "31.3", "不满意": "6.3", "弃权": "0.0"}
    assert result.sum_differs_from_100


def test_c18_who_does_not_know_is_inside_the_base_where_the_campaign_says_so():
    poll = factories.make_open_poll(indicators=ONE, unknown=True)
    Campaign.objects.update(unknown="inside")
    batch = factories.make_batch(poll, method="entered")
    factories.enter_ballots(batch, {"1": 30, "2": 15, "3": 3, "4": 10})
    factories.close_poll(poll, issued={batch.pk: 60})
    sealing.seal(poll, by=None)

    result = result_of(Poll.objects.get())

    assert (figures(result), result.base, result.cell.unknown) == ((60, 58, 58, 0), 58, 10)
    assert texts(result) == {"满意": "51.7", "基本满意": "25.9", "不满意": "5.2", "弃权": "0.0", "不了解": "17.2"}
    assert result.positive.text == "77.6"


@pytest.mark.parametrize(
    ("entitled", "first", "together", "crossed"), [(29, "58.6", "96.6", True), (35, "48.6", "80.0", False)]
)
def test_c19_all_entitled_people_are_the_base_and_the_absent_count_in_it(entitled, first, together, crossed):
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, indicators=ONE, base="entitled")
    make_polls(campaign, [committee])
    campaign.polls.update(entitled_count=entitled)
    open_campaign(campaign, by=None)
    poll = seal(campaign.polls.get(), {"1": 17, "2": 11, "3": 1}, attended=29)

    result = result_of(poll)

    assert (result.base, result.satisfaction.digits, result.positive.digits) == (entitled, first, together)
    assert result.shares[-1].count == entitled - 29
    assert tally.exceeds(17, result.base, 1, 2) is crossed
    assert not tally.exceeds(17, 34, 1, 2)


def test_c20_a_committee_has_the_rate_of_its_ballots_and_each_target_its_own_threshold():
    campaign = campaign_of("甲支部", "乙支部")
    first, second = map(seal, campaign.polls.all(), ({"1": 10}, {"1": 45, "2": 14, "3": 31}))

    committee = result_of(first, second)

    assert [result_of(poll).satisfaction.digits for poll in (first, second)] == ["100.0", "50.0"]
    assert (committee.cell.grades[0], committee.base, committee.satisfaction.digits) == (55, 100, "55.0")
    dissatisfied = [
        tally.exceeds(result.cell.grades[2], result.base, 1, 3) for result in (result_of(second), committee)
    ]
    assert dissatisfied == [True, False]
    assert not tally.exceeds(30, 90, 1, 3)
