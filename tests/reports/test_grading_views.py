"""The pages of 综合定格: recording what a meeting decided beside the votes, changing it, and what follows."""

import pytest
from django.urls import reverse

from reports.grading.excellent_quota import ExcellentQuota
from reports.models import Grading, Problem
from reports.report import content_of_poll
from tests.factories import make_cast, make_organization, make_sealed_poll
from tests.reports.grading.members import VALUES, decide, make_graded_poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization("第一支部", kind="branch"))


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


def address(name, poll, *more):
    return reverse(f"reports:{name}", args=[poll.pk, *more])


def sent(poll, labels, *, seen=0, reasons=None, **facts):
    """The form as a browser sends it, the members in their order."""
    form = {
        "seen": seen,
        "held_on": "2026-11-20",
        "host": "王书记",
        "present_count": 3,
        "member_count": 12,
        "attended_count": 12,
        **facts,
    }
    for place, (target, label) in enumerate(zip(poll.targets.order_by("position"), labels, strict=True)):
        form[f"grade-{target.pk}"] = VALUES.get(label, "")
        form[f"reason-{target.pk}"] = (reasons or {}).get(place, "")
    return form


def recorded(client, poll, labels, **facts):
    return client.post(address("grading_record", poll), sent(poll, labels, **facts))


def page(response):
    return " ".join(response.content.decode().split())


def test_the_meeting_decides_beside_the_votes_and_the_results_say_so(secretary, people):
    poll = make_graded_poll({"123": 5}, branch=people.organization, probationary=["刘某"])

    form = page(secretary.get(address("grading_record", poll)))
    response = recorded(secretary, poll, ["优秀", "合格", "基本合格"])
    results = page(secretary.get(address("poll_results", poll)))
    decision = page(secretary.get(address("poll_grading", poll)))

    assert "优秀5（100.0%）" in form and "刘某" in form and '" selected>优秀' not in form
    assert response.url == address("poll_grading", poll)
    assert "应参加评议党员12名，实际参加12名，优秀1名，合格1名，基本合格1名。" in results
    assert "2026年11月20日会议评定，主持人王书记，到会党员3名" in results
    assert results.count("<td>基本合格</td>") == 1 and "评定等次" in results
    assert "不评定等次" in decision and Grading.objects.get().recorded_by == people.secretary


def test_a_grade_unlike_the_votes_wants_its_reason(secretary, people):
    poll = make_graded_poll({"222": 5}, branch=people.organization)

    refused = recorded(secretary, poll, ["基本合格", "合格", "合格"])
    accepted = recorded(secretary, poll, ["基本合格", "合格", "合格"], reasons={0: "无故不参加组织生活"})

    assert "党员甲得票最多的是“合格”，评定为“基本合格”请写明理由。" in page(refused)
    assert accepted.status_code == 302
    assert [(grade.is_unlike_votes, grade.reason) for grade in Grading.objects.get().grades.all()] == [
        (True, "无故不参加组织生活"),
        (False, ""),
        (False, ""),
    ]


def test_of_few_ballots_the_form_tells_nothing_and_asks_for_no_reason(secretary, people):
    poll = make_graded_poll({"222": 2}, branch=people.organization)

    form = page(secretary.get(address("grading_record", poll)))
    response = recorded(secretary, poll, ["不合格", "合格", "合格"])

    assert "有效票少于3张" in form and "合格2" not in form
    assert response.status_code == 302


@pytest.mark.parametrize(
    ("rule", "attended", "excellent", "is_accepted"),
    [
        ("members", 12, 4, True),
        ("members", 12, 5, False),
        ("members", 14, 5, True),
        ("attended", 14, 5, False),
        ("none", 14, 12, True),
    ],
)
def test_c17_a_third_may_be_excellent_and_more_with_a_reason(secretary, people, rule, attended, excellent, is_accepted):
    poll = make_graded_poll({"1" * 12: 5}, full=12, branch=people.organization, excellent_limit=rule)
    numbers = {"member_count": 15 if attended == 14 else 12, "attended_count": attended}
    reasons = dict.fromkeys(range(excellent, 12), "会议评定")
    labels = ["优秀"] * excellent + ["合格"] * (12 - excellent)

    response = recorded(secretary, poll, labels, reasons=reasons, **numbers)

    assert (response.status_code == 302) is is_accepted
    if not is_accepted:
        assert "优秀5名，超过上限4名" in page(response)
        assert not Grading.objects.exists()
        assert (
            recorded(
                secretary, poll, labels, reasons=reasons, excellent_reason="抗洪抢险表现突出", **numbers
            ).status_code
            == 302
        )
        assert "理由：抗洪抢险表现突出。" in content_of_poll(poll).excellent.sentence


def test_a_change_is_a_record_of_its_own_with_its_reason(secretary, people):
    poll = make_graded_poll({"222": 5}, branch=people.organization)
    decide(poll, ["合格", "合格", "合格"], by=people.secretary)

    without = recorded(secretary, poll, ["合格", "合格", "合格"], seen=1)
    overtaken = recorded(secretary, poll, ["合格", "合格", "合格"], seen=0, change_reason="核对")
    changed = recorded(secretary, poll, ["基本合格", "合格", "合格"], seen=1, change_reason="复议", reasons={0: "缺勤"})
    decision = page(secretary.get(address("poll_grading", poll)))

    assert (without.status_code, overtaken.status_code, changed.status_code) == (200, 200, 302)
    assert "别人登记过等次" in page(overtaken)
    assert (
        "变更理由：复议" in decision and "以前的评定" in decision and "党员甲合格、党员乙合格、党员丙合格" in decision
    )


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({"held_on": "2999-01-01"}, "会议日期不能晚于今天"),
        ({"member_count": 2}, "评定等次的党员有3名，应参加评议的不能少于此数。"),
        ({"present_count": 13}, "都不能多于应参加评议的党员"),
        ({"host": ""}, "这个字段是必填项"),
    ],
)
def test_a_meeting_that_cannot_have_been_is_refused(secretary, people, facts, told):
    poll = make_graded_poll({"222": 5}, branch=people.organization)

    response = recorded(secretary, poll, ["合格"] * 3, **facts)

    assert told in page(response)
    assert not Grading.objects.exists()


def test_every_member_gets_a_grade(secretary, people):
    poll = make_graded_poll({"222": 5}, branch=people.organization)

    response = recorded(secretary, poll, ["合格", "", "合格"])

    assert "请选择等次。" in page(response) and not Grading.objects.exists()


def test_an_unqualified_member_goes_into_the_ledger_by_one_click(secretary, people):
    poll = make_graded_poll({"422": 5}, branch=people.organization)
    decide(poll, ["不合格", "合格", "合格"])
    first, second, _ = poll.targets.order_by("position")

    decision = page(secretary.get(address("poll_grading", poll)))
    made = secretary.post(address("grading_problem", poll, first.pk))
    refused = secretary.post(address("grading_problem", poll, second.pk), follow=True)

    assert decision.count("转入整改台账") == 1
    assert made.url == reverse("reports:problem_detail", args=[Problem.objects.get().pk])
    assert "综合定格" in page(secretary.get(made.url))
    assert "评定为不合格的才转入整改台账。" in page(refused)


def test_a_poll_about_a_unit_has_no_such_pages(secretary, people):
    poll = make_sealed_poll(organizer=people.organization)

    assert {secretary.get(address(name, poll)).status_code for name in ("poll_grading", "grading_record")} == {404}


def test_who_is_graded_one_by_one_is_not_counted_as_one_body(secretary, people):
    poll = make_graded_poll({"222": 5}, branch=people.organization)

    assert secretary.get(address("excellent_edit", poll)).status_code == 404
    assert content_of_poll(poll).excellent == ExcellentQuota(None, 5, 5, "members", "", "")
