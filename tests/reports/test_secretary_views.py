"""双向述职 on its pages: the superior marks openly, the ballots come beside it after the seal, those above see the ranking."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.counting import sealing
from ballots.voting import codes
from campaigns.models import Organization
from reports.models import SuperiorMark
from tests.factories import close_poll, enter_ballots, make_batch, make_organization, make_superior_mark, make_user
from tests.reports.secretaries.duty import make_duty_polls

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_organization("某镇党委")


@pytest.fixture
def office(root):
    """The committee's secretary at a desk, above the branches."""
    return signed_in("office", "secretary", root)


def signed_in(name, kind, organization):
    client = Client()
    client.force_login(make_user(name, kind=kind, organization=organization))
    return client


def address(name, key):
    return reverse(f"reports:{name}", args=[key])


def filled(target, marks="111", **fields):
    indicators = target.poll.ballot_form.section(target.pk).indicators
    lines = {f"line_{indicator.id}": mark for indicator, mark in zip(indicators, marks, strict=True)}
    return {"marked_by": "镇党委", "marked_on": timezone.localdate().isoformat(), **lines, **fields}


def test_from_the_report_to_the_ranking(client, root, office):
    polls = make_duty_polls({"甲支部": None, "乙支部": {"111": 5, "222": 5}}, root=root)
    poll = polls["甲支部"]
    target = poll.targets.get()
    (slip,) = codes.make_slips(make_batch(poll), 1)
    client.get(reverse("ballots:code_claim", args=[slip]))
    read = client.get(reverse("ballots:ballot_report", args=[target.pk])).content.decode()
    page = client.get(reverse("ballots:ballot_fill")).content.decode()
    names, ticket = re.findall(r'name="(m\d+-\d+)" value="1"', page), re.search(r'name="ballot" value="(\w+)"', page)[1]
    review = client.post(reverse("ballots:ballot_answer"), {"ballot": ticket, **dict.fromkeys(names, "1")}, follow=True)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', review.content.decode()))
    client.post(reverse("ballots:ballot_cast"), hidden)

    office.post(address("superior_mark_add", target.pk), filled(target, "112"))
    before = office.get(address("superior_marks", poll.pk)).content.decode()
    enter_ballots(make_batch(poll, category="群众代表", method="entered"), {"111": 8, "333": 1})
    close_poll(poll)
    sealing.seal(poll, by=None)
    after = office.get(address("superior_marks", poll.pk)).content.decode()
    ranked = office.get(address("secretary_ranking", poll.campaign_id)).content.decode()

    assert "第1份述职报告" in page and "一年来的工作。" in read and len(names) == 3
    assert "镇党委" in before and "党员群众测评</th>" not in before
    row_of = r"{}</th>\s*<td class=\"number\">(\d+)（([\d.]+%)）".format
    rows = [re.findall(row_of(label), after) for label in ("党员群众测评", "上级评价", "合计（各计一票）")]
    assert rows == [
        [("9", "90.0%")] * 3,
        [("1", "100.0%")] * 2 + [("0", "0.0%")],
        [("10", "90.9%")] * 2 + [("9", "81.8%")],
    ]
    assert re.findall(r'<th scope="row">(\w+)</th>', ranked) == ["甲书记", "乙书记"]
    for name in ("secretaries_pdf", "secretaries_workbook"):
        assert office.get(address(name, poll.campaign_id)).status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"marked_by": ""}, "这个字段是必填项"),
        ({"marked_by": "字" * 51}, "50"),
        ({"marked_on": (timezone.localdate() + timedelta(days=30)).isoformat()}, "日期不能晚于今天"),
        ({"marked_on": "昨天"}, "输入一个有效的日期"),
    ],
)
def test_a_mark_that_cannot_be_kept_is_refused_with_the_reason(root, office, fields, words):
    target = make_duty_polls({"甲支部": None}, root=root)["甲支部"].targets.get()

    assert words in office.post(address("superior_mark_add", target.pk), filled(target, **fields)).content.decode()
    assert not SuperiorMark.objects.exists()


@pytest.mark.parametrize("mark", ["", "4", "-"])
def test_a_grade_that_is_not_on_the_scale_is_refused(root, office, mark):
    target = make_duty_polls({"甲支部": None}, root=root)["甲支部"].targets.get()

    office.post(address("superior_mark_add", target.pk), filled(target, ["1", "1", mark]))

    assert not SuperiorMark.objects.exists()


def test_the_same_superior_twice_is_refused_on_the_page(root, office):
    target = make_duty_polls({"甲支部": None}, root=root)["甲支部"].targets.get()
    make_superior_mark(target)

    page = office.post(address("superior_mark_add", target.pk), filled(target)).content.decode()

    assert "“镇党委”对“甲书记”已经登记过评价" in page


def test_a_branch_marks_neither_its_own_secretary_nor_sees_the_others(root):
    polls = make_duty_polls({"甲支部": {"111": 10}, "乙支部": {"222": 10}}, root=root)
    branch = signed_in("branch", "secretary", Organization.objects.get(name="甲支部"))
    teller = signed_in("teller", "teller", root)
    target = polls["甲支部"].targets.get()

    statuses = [
        branch.get(address("superior_mark_add", target.pk)).status_code,
        branch.get(address("superior_marks", polls["乙支部"].pk)).status_code,
        teller.get(address("superior_marks", polls["甲支部"].pk)).status_code,
        teller.get(address("secretary_ranking", polls["甲支部"].campaign_id)).status_code,
    ]
    own = branch.get(address("secretary_ranking", polls["甲支部"].campaign_id)).content.decode()

    assert statuses == [403, 404, 403, 403]
    assert "甲书记" in own and "乙书记" not in own


def test_the_order_may_be_asked_for_and_nonsense_gives_the_usual_one(root, office):
    polls = make_duty_polls({"甲支部": {"111": 10}, "乙支部": {"222": 10}}, root=root)
    make_superior_mark(polls["甲支部"].targets.get(), "333")
    make_superior_mark(polls["乙支部"].targets.get(), "111")

    def names(by):
        page = office.get(address("secretary_ranking", polls["甲支部"].campaign_id), {"by": by}).content.decode()
        return re.findall(r'<th scope="row">(\w+)</th>', page)

    assert (names("superiors"), names("ballots"), names("nonsense")) == (
        ["乙书记", "甲书记"],
        ["甲书记", "乙书记"],
        ["甲书记", "乙书记"],
    )


def test_a_mark_recorded_by_mistake_is_taken_out(root, office):
    mark = make_superior_mark(make_duty_polls({"甲支部": None}, root=root)["甲支部"].targets.get())

    office.post(address("superior_mark_delete", mark.pk))

    assert not SuperiorMark.objects.exists()
