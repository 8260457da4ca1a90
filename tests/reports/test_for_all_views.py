"""The pages on which one deed is done for all units."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from reports.models import Announcement, SummaryVersion
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import make_cast, make_organization, make_sealed_campaign

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(client):
    root = make_organization()
    branches = [make_organization(f"第{n}支部", parent=root, kind="branch") for n in "一二"]
    client.force_login(make_cast(root).secretary)
    return make_sealed_campaign(root, branches)


def facts(**overrides):
    today = timezone.localdate()
    return {
        "questionnaire_keys": ["org"],
        "audience": "print",
        "place": "党务公开栏",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=7)).isoformat(),
        "office": "党委组织部",
        "phone": "010-12345678",
        "is_published": "0",
    } | overrides


def test_the_page_of_final_copies_counts_files_and_says_what_did_not_go(client, campaign):
    address = reverse("reports:summary_file_all", args=[campaign.pk])
    whole, broken = campaign.polls.order_by("path")
    for poll, text in ((whole, "联系群众还不够。"), (broken, "{参评率}")):
        save_summary(Scope.of_poll(poll), {"shortcomings": text}, by=None)

    before = client.get(address).content.decode()
    after = client.post(address).content.decode()

    assert "<b>2</b>有人写过，可以定稿" in before
    assert "已为1个单位的小结定稿" in after and "以下1个评议点没有定稿" in after
    assert f'href="{reverse("reports:summary_edit", args=[broken.pk])}">第二支部</a>：' in after
    assert SummaryVersion.objects.final().get().summary.poll == whole


def test_looking_at_the_pages_does_nothing(client, campaign):
    for name in ("summary_file_all", "announcement_add_all"):
        assert client.get(reverse(f"reports:{name}", args=[campaign.pk])).status_code == 200

    assert not SummaryVersion.objects.exists() and not Announcement.objects.exists()


@pytest.mark.parametrize("is_published", ["0", "1"])
def test_the_page_of_announcements_makes_one_for_each_unit_once(client, campaign, is_published):
    address = reverse("reports:announcement_add_all", args=[campaign.pk])

    answers = [client.post(address, facts(is_published=is_published)) for _ in range(2)]
    page = client.get(address).content.decode()

    assert [answer.status_code for answer in answers] == [302, 302]
    assert "没有可以做公示的单位" in page and "<b>2</b>已有公示" in page
    assert [notice.is_draft for notice in Announcement.objects.all()] == [is_published == "0"] * 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"questionnaire_keys": []}, "请至少选一张评议表的结果。"),
        ({"place": ""}, "只打印张贴的，请写明张贴地点。"),
        ({"phone": "无"}, "请填写能打通的电话号码"),
        ({"starts_on": "2015-01-01"}, "公示起始日期要在今天"),
        ({"ends_on": "2015-01-01"}, "公示截止日期不能早于起始日期"),
    ],
)
def test_a_wrong_pattern_is_told_and_makes_nothing(client, campaign, wrong, told):
    page = client.post(reverse("reports:announcement_add_all", args=[campaign.pk]), facts(**wrong)).content.decode()

    assert told in page
    assert not Announcement.objects.exists()


def test_results_about_persons_are_not_published_unseen(client, campaign):
    campaign.questionnaires.update(target_kind="secretary", target_rule="its_secretary")

    page = client.post(reverse("reports:announcement_add_all", args=[campaign.pk]), facts(is_published="1"))

    assert "请先做成草稿，逐份核对" in page.content.decode()
    assert not Announcement.objects.exists()
