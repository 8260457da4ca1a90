"""Thresholds at their edges (scenario C9), and what is said of them before and after a decision."""

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions, library
from reports import findings
from reports.files import excel
from reports.models import Finding
from reports.report import content_of_poll
from reports.results.poll import results_of
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_member,
    make_organization,
    make_sealed_poll,
)

pytestmark = pytest.mark.django_db


def crossings(poll):
    return findings.crossings_of([results_of(poll)])


def judged(dissatisfied, total=120, **overrides):
    marks = {"11": total - dissatisfied, "13": dissatisfied}
    return make_sealed_poll(marks, thresholds=["org-dissatisfied-third"], **overrides)


def test_c9_exactly_a_third_does_not_cross():
    assert crossings(judged(40)) == []


def test_c9_one_more_than_a_third_crosses_with_its_consequences():
    (crossing,) = crossings(judged(41))

    assert (crossing.target, crossing.indicator, crossing.count, crossing.base, crossing.rate.text) == (
        "某局党委",
        "总体评价",
        41,
        120,
        "34.2",
    )
    assert crossing.state == "pending"
    assert len(crossing.consequences) == 3


def test_c9_a_share_that_prints_as_a_third_crosses_when_it_is_more():
    assert crossings(judged(1459, total=4378)) == []

    (crossing,) = crossings(judged_elsewhere(1460))

    assert crossing.rate.text == "33.3"


def judged_elsewhere(dissatisfied):
    return judged(dissatisfied, total=4378, organizer=make_organization("另一党委"))


def four_senses(dissatisfied, **overrides):
    """120 ballots on four indicators without a 总体评价; how many were 不满意 with each."""
    columns = ["3" * count + "1" * (120 - count) for count in dissatisfied]
    ballots = ["".join(marks) for marks in zip(*columns, strict=True)]
    return make_sealed_poll(
        {marks: ballots.count(marks) for marks in sorted(set(ballots))},
        indicators=("甲项", "乙项", "丙项", "丁项"),
        thresholds=["org-dissatisfied-third"],
        **overrides,
    )


def test_the_overall_line_s_own_votes_are_judged_where_there_is_one():
    poll = make_sealed_poll({"31": 50, "11": 10}, thresholds=["org-dissatisfied-third"])

    assert crossings(poll) == []


def test_where_no_overall_was_asked_all_indicators_are_judged_together():
    """A single aspect over the limit with 16.9 % over all is no finding."""
    assert crossings(four_senses((81, 0, 0, 0))) == []
    assert crossings(four_senses((40, 40, 40, 40), organizer=make_organization("另一党委"))) == []

    (crossing,) = crossings(four_senses((41, 40, 40, 40), organizer=make_organization("又一党委")))

    assert (crossing.indicator, crossing.count, crossing.base, crossing.rate.text) == ("", 161, 480, "33.5")
    assert [(line.indicator, line.count, line.base) for line in crossing.lines] == [("甲项", 41, 120)]
    assert crossing.fact == (
        "又一党委各项合计：不满意161票次，占480票次的33.5%，超过1/3；其中“甲项”34.2%（41/120）单项也超过"
    )


def test_a_target_that_is_over_the_limit_with_every_indicator_has_one_finding():
    (crossing,) = crossings(four_senses((60, 61, 62, 63)))

    assert (crossing.count, crossing.base, len(crossing.lines)) == (246, 480, 4)


def test_each_indicator_is_judged_by_itself_where_the_campaign_says_so():
    (crossing,) = crossings(four_senses((41, 81, 0, 0), judged="each"))

    assert (crossing.indicator, crossing.count, crossing.base) == ("乙项", 81, 120)
    assert crossing.fact == ("某局党委“乙项”：不满意81票，占120票的67.5%，超过1/3；另有“甲项”34.2%（41/120）单项也超过")


@pytest.mark.parametrize(("judged", "votes"), [("overall", []), ("together", [(101, 240)]), ("each", [(81, 120)])])
def test_a_campaign_that_asks_for_a_total_can_be_judged_otherwise(judged, votes):
    poll = make_sealed_poll({"31": 61, "33": 20, "11": 39}, thresholds=["org-dissatisfied-third"], judged=judged)

    assert [(crossing.count, crossing.base) for crossing in crossings(poll)] == votes


def test_a_dismissed_finding_has_no_consequences():
    poll = judged(41)
    Finding.objects.create(
        rule="org-dissatisfied-third",
        target=poll.targets.get(),
        state="dismissed",
        decided_at=poll.sealed_at,
    )

    (crossing,) = crossings(poll)

    assert (crossing.state, crossing.consequences) == ("dismissed", ())


def test_about_a_cadre_nothing_follows_before_an_organization_has_confirmed():
    poll = judged(41)
    (crossing,) = crossings(poll)
    cadre = library.thresholds()["cadre-fair-or-worse-half"]
    pending = findings.Crossing(**{**crossing.__dict__, "threshold": cadre})
    confirmed = findings.Crossing(**{**crossing.__dict__, "threshold": cadre, "state": "confirmed"})

    assert (pending.state_label, pending.consequences) == ("待组织复核认定", ())
    assert confirmed.consequences == cadre.consequences


def decide_at(crossing):
    key = (crossing.poll_id, crossing.threshold.key, crossing.target_id)
    return reverse("reports:finding_decide", args=key)


def make_cadre_poll(marks):
    """A sealed poll about one cadre on 满意、基本满意、一般、不满意."""
    branch = make_organization()
    make_member(branch, "王某", post="cadre")
    thresholds = ["cadre-fair-or-worse-half"]
    campaign = make_campaign(branch, indicators=("总体评价",), scale="fair-4", thresholds=thresholds)
    campaign.questionnaires.update(target_kind="cadre", target_rule="its_cadres")
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def test_c9_an_organization_s_three_consequences_are_printed(client):
    poll = judged(41)
    client.force_login(make_cast(poll.organization).officer)

    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()

    assert "不满意41票，占120票的34.2%，超过1/3" in page
    for consequence in ("不得作为表彰或评先推荐对象", "对主要负责人进行诫勉谈话", "对班子进行整顿"):
        assert consequence in page


def test_c9_half_of_a_cadre_s_ballots_does_not_cross():
    assert crossings(make_cadre_poll({"1": 60, "3": 30, "4": 30})) == []


def test_c9_a_cadre_s_consequences_are_printed_only_when_an_officer_has_confirmed_the_finding(client):
    poll = make_cadre_poll({"1": 59, "3": 31, "4": 30})
    people = make_cast(poll.organization)
    (crossing,) = crossings(poll)
    pages = [reverse("reports:poll_results", args=[poll.pk]), reverse("reports:finding_list", args=[poll.campaign_id])]

    def shown():
        assert excel.draw_poll_workbook(content_of_poll(poll), opinions=None)
        sentences = [crossed.sentence for crossed in content_of_poll(poll).crossings]
        return [client.get(page).content.decode() for page in pages] + sentences

    client.force_login(people.officer)
    before = shown()
    client.post(decide_at(crossing), {"state": "confirmed", "reason": "复核票箱无误"})
    after = shown()

    assert (crossing.count, crossing.base, crossing.rate.text) == (61, 120, "50.8")
    assert all("待组织复核认定" in text and "不能定为称职及以上等次" not in text for text in before)
    assert all("已认定" in text and "不能定为称职及以上等次" in text for text in after)
    finding = Finding.objects.get()
    assert (finding.state, finding.decided_by, finding.reason) == ("confirmed", people.officer, "复核票箱无误")
    assert finding.decided_at is not None


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 200), ("secretary", 403), ("teller", 403), ("administrator", 403), ("outsider", 404)],
)
def test_only_an_officer_decides_findings(client, who, status):
    poll = judged(41)
    (crossing,) = crossings(poll)
    client.force_login(getattr(make_cast(poll.organization), who))

    assert client.get(decide_at(crossing)).status_code == status
    posted = client.post(decide_at(crossing), {"state": "confirmed"}).status_code
    assert posted == (302 if status == 200 else status)
    assert Finding.objects.exists() == (status == 200)


def test_a_finding_is_dismissed_with_a_reason_or_not_at_all(client):
    poll = judged(41)
    (crossing,) = crossings(poll)
    client.force_login(make_cast(poll.organization).officer)

    refused = client.post(decide_at(crossing), {"state": "dismissed"}).content.decode()

    assert "不予认定的，请写明理由。" in refused
    assert not Finding.objects.exists()
    client.post(decide_at(crossing), {"state": "dismissed", "reason": "两张票重复计入"})
    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()
    assert "不予认定：两张票重复计入" in page
    assert "诫勉谈话" not in page


def test_a_crossing_that_the_ballots_do_not_give_cannot_be_decided(client):
    poll = judged(40)
    client.force_login(make_cast(poll.organization).officer)
    key = (poll.pk, "org-dissatisfied-third", poll.targets.get().pk)

    assert client.post(reverse("reports:finding_decide", args=key), {"state": "confirmed"}).status_code == 404
