"""Pages of opinions on a report's drafts."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns import actions
from reports.models import Adoption
from tests.factories import make_campaign, make_cast, make_document, make_draft, make_on_draft, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def document(people):
    actions.make_polls(campaign := make_campaign(people.organization), [people.organization])
    return make_document(campaign.polls.get(), kind="analysis", title="分析检查报告")


@pytest.fixture
def office(client, people):
    client.force_login(people.secretary)
    return client


def page_of(office, document, **fields):
    address = reverse("reports:draft_opinions", args=[document.pk])
    return (
        office.post(address, fields, follow=True).content.decode() if fields else office.get(address).content.decode()
    )


def filled(draft, /, **fields):
    facts = {"draft": draft.pk, "sheet_kind": "amendment", "given_by": "机关各科室", "opinions": "甲\n\n乙"}
    return facts | {"received_on": timezone.localdate().isoformat()} | fields


def test_opinions_are_recorded_a_line_each_and_listed(office, document):
    draft = make_draft(document, stage="consultation")

    page = page_of(office, document, **filled(draft))

    assert "已登记2条意见。" in page
    assert page.count('data-label="意见建议"') == 2 and page.count("还没有写明") == 2
    assert (
        reverse("reports:draft_opinions", args=[document.pk])
        in office.get(reverse("campaigns:document_list", args=[document.poll_id])).content.decode()
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"given_by": ""}, "这个字段是必填项"),
        ({"opinions": " \n "}, "这个字段是必填项"),
        ({"opinions": "字" * 1001}, "每条至多1000字"),
        ({"received_on": (timezone.localdate() + timedelta(days=30)).isoformat()}, "日期不能晚于今天"),
        ({"received_on": "2020-01-01"}, "收到意见不能在这以前"),
        ({"sheet_kind": "poem"}, "不在可用的选项中"),
        ({"draft": "0"}, "选择一个有效的选项"),
    ],
)
def test_what_cannot_be_recorded_is_refused_with_the_reason(office, document, fields, words):
    draft = make_draft(document, stage="consultation")

    page = page_of(office, document, **filled(draft, **fields))

    assert words in page
    assert not draft.origins.exists()


def test_no_opinions_are_asked_for_on_the_draft_that_is_appraised(office, document):
    draft = make_draft(document, stage="appraisal")

    assert "先登记文稿" in page_of(office, document)
    page_of(office, document, **filled(draft))
    assert not draft.origins.exists()


def test_an_opinion_is_taken_in_by_a_later_draft_or_refused_with_a_reason(office, document):
    origin = make_on_draft(make_draft(document, stage="consultation"))
    later = make_draft(document, stage="discussion")
    address = reverse("reports:draft_opinion_adopt", args=[origin.pk])

    blank = office.post(address, {"verdict": "not adopted"}).content.decode()
    both = office.post(address, {"verdict": later.pk, "reason": "另行研究"}).content.decode()
    earlier = office.post(address, {"verdict": origin.draft_id}).content.decode()
    assert (
        "不采纳的，请写明理由。" in blank and "采纳了的，不填不采纳的理由。" in both and "不在可用的选项中" in earlier
    )
    assert not Adoption.objects.exists()
    office.post(address, {"verdict": "not adopted", "reason": "另行研究"})
    assert "未采纳：另行研究" in page_of(office, document)
    office.post(address, {"verdict": later.pk})

    assert "已采纳到讨论稿" in page_of(office, document)
    assert "checked" in office.get(address).content.decode()


def test_an_opinion_recorded_by_mistake_is_taken_out(office, document):
    origin = make_on_draft(make_draft(document, stage="consultation"))

    office.post(reverse("reports:draft_opinion_delete", args=[origin.pk]))

    assert not origin.draft.origins.exists()
