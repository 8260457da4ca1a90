"""The headlines of results say what the ballots say, and nothing of few ballots, graded members or persons under review."""

import random
import re
from collections import Counter
from fractions import Fraction

import pytest
from django.urls import reverse

from ballots.counting import tally
from reports.findings.actions import decide_finding
from reports.report import content_of_poll
from reports.results.rollup import roll_up
from reports.tables.headlines import GRADED_BY_MEETING, Headlines, poll_headlines, unit_headlines
from tests.factories import make_choice_polls, make_organization, make_sealed_poll, make_user
from tests.reports.committee.test_ranking import make_tree
from tests.reports.findings.judged import judged, make_cadre_poll
from tests.reports.grading.members import make_graded_poll
from tests.reports.tables.members import INDICATORS, NAMES, make_members_poll

pytestmark = pytest.mark.django_db


def of_poll(poll):
    campaign = poll.campaign
    return poll_headlines(content_of_poll(poll), min_group=campaign.min_group, limits=campaign.limits)


def of_unit(campaign):
    return unit_headlines(roll_up(campaign), min_group=campaign.min_group)


def sentences(headlines):
    return [text for part in headlines for text in part.sentences]


def votes(ballots, places):
    """Satisfied votes and denominator of some places of the ballots, counted here mark by mark."""
    marks = Counter()
    for ballot, count in ballots.items():
        for place in places:
            marks[ballot[place]] += count
    return marks["1"], sum(marks[mark] for mark in "123-")


def ends(ballots, places_by_name):
    """Names and words of the highest and of the lowest, reckoned from the ballots alone."""
    counted = {name: votes(ballots, places) for name, places in places_by_name.items()}
    shares = {name: Fraction(*pair) for name, pair in counted.items()}
    texts = []
    for share in (max(shares.values()), min(shares.values())):
        names = [name for name in shares if shares[name] == share]
        rate = f"{tally.percent(share, 1)}%"
        satisfied, base = counted[names[0]]
        texts.append(
            f"{'、'.join(names)}，并列{rate}" if len(names) > 1 else f"{names[0]}，{rate}（{satisfied}/{base}）"
        )
    return texts


@pytest.mark.parametrize("seed", range(4))
def test_members_and_indicators_are_compared_by_the_votes_on_the_ballots(seed):
    chance, cells = random.Random(seed), len(NAMES) * len(INDICATORS)
    ballots = Counter("".join(chance.choices("12345-x", weights=(9, 4, 2, 2, 2, 1, 1), k=cells)) for _ in range(40))

    (headline,) = of_poll(make_members_poll(ballots))

    width = len(INDICATORS)
    by_member = {name: range(place * width, (place + 1) * width) for place, name in enumerate(NAMES)}
    by_indicator = {text: range(place, cells, width) for place, text in enumerate(INDICATORS)}
    best, worst = ends(ballots, by_member)
    strong, weak = ends(ballots, by_indicator)
    assert headline == Headlines(
        "党员评议表",
        (
            f"4人中，各项合计满意率最高的是{best}；最低的是{worst}。",
            f"3项评议内容中，满意率最高的是{strong}；最低的是{weak}。",
        ),
    )


def test_a_poll_of_few_ballots_compares_nobody():
    everybody = "1" * len(NAMES) * len(INDICATORS)

    told = of_poll(make_members_poll({everybody: 3, everybody.replace("1", "3", 1): 1}))

    assert told == (Headlines("", ("有效票少于5张，不比较高低。",)),)


def test_a_poll_that_is_not_shown_has_no_headline():
    assert of_poll(make_members_poll({"1" * len(NAMES) * len(INDICATORS): 2})) == ()


def test_members_whom_their_branch_grades_are_not_compared_by_votes():
    told = of_poll(make_graded_poll({"111": 9, "123": 3}))

    assert sentences(told) == [GRADED_BY_MEETING]
    assert "党员甲" not in str(told)


def test_the_options_of_a_list_have_their_ranks_and_no_headline():
    campaign = make_choice_polls(make_organization(), {"甲支部": ("修路", "通水", "建食堂")}, {"甲支部": {"111--": 9}})

    told = "".join(sentences(of_poll(campaign.polls.get())))

    assert "修路" not in told and "通水" not in told


@pytest.mark.parametrize(
    ("dissatisfied", "sentence"),
    [(60, "超过阈值的评议对象1个：某局党委。"), (10, "按1条阈值判断，没有超过的评议对象。")],
)
def test_a_unit_over_a_limit_is_named(dissatisfied, sentence):
    assert sentence in sentences(of_poll(judged(dissatisfied)))


def test_a_person_over_a_limit_is_named_only_after_the_finding_was_confirmed():
    poll = make_cadre_poll({"1": 4, "3": 8})
    before = sentences(of_poll(poll))
    (crossing,) = content_of_poll(poll).crossings
    officer = make_user("officer", kind="officer", organization=poll.organization)

    decide_finding(crossing, state="confirmed", reason="核实无误", by=officer)

    assert before == ["超过阈值、有待复核的1项，复核以前不列姓名。"]
    assert sentences(of_poll(poll)) == ["超过阈值的评议对象1个：王某。"]


def test_a_crossing_that_was_dismissed_is_no_target_over_a_limit():
    poll = make_cadre_poll({"1": 4, "3": 8})
    (crossing,) = content_of_poll(poll).crossings
    officer = make_user("officer", kind="officer", organization=poll.organization)

    decide_finding(crossing, state="dismissed", reason="核实有误", by=officer)

    assert sentences(of_poll(poll)) == ["超过阈值、不予认定的1项。"]


def test_units_below_are_compared_under_the_rules_of_a_ranking():
    """甲 has fewer ballots than the smallest group, 丁 is not sealed."""
    campaign = make_tree(
        {
            "甲支部": {"1": 4},
            "乙支部": {"1": 9, "2": 1},
            "丙支部": {"1": 15, "2": 5},
            "丁支部": None,
        }
    )

    assert sentences(of_unit(campaign)) == [
        "2个下级单位中，“总体评价”满意率最高的是乙支部，90.0%（9/10）；最低的是丙支部，75.0%（15/20）。"
        "另有1个下级单位票少于5张、没有结果或者不公布，不参加比较。"
    ]


def test_a_unit_whose_result_is_not_shown_is_named_nowhere():
    campaign = make_tree(
        {"甲支部": {"1": 2}, "乙支部": {"1": 9, "2": 1}, "丙支部": {"1": 15, "2": 5}, "丁支部": {"1": 20}}
    )

    told = "".join(sentences(of_unit(campaign)))

    assert "甲支部" not in told and "不参加比较" in told


def test_the_pages_show_the_headlines_and_the_matrix_has_its_key_once(client):
    poll = make_members_poll({"1" * 12: 20, "2" + "1" * 11: 5, "3" * 12: 3})
    client.force_login(make_user("secretary", kind="secretary", organization=poll.organization))

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()
    sums = client.get(reverse("reports:campaign_results", args=[poll.campaign_id])).content.decode()

    assert all(text in page for text in sentences(of_poll(poll)))
    assert all(text in sums for text in sentences(of_unit(poll.campaign)))
    assert page.count('aria-label="底色"') == 1
    assert len(re.findall(r'<td class="number shade-[1-5]">', page)) == len(NAMES) * len(INDICATORS)


def test_one_target_with_one_line_has_nothing_to_compare():
    assert of_poll(make_sealed_poll({"1": 20}, indicators=("总体评价",), thresholds=[])) == ()
