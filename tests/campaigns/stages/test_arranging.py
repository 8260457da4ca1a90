"""Stages of a campaign: the usual ones, changed, taken out; and their page."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.models import Artefact, CampaignStage
from campaigns.models.states import StateError
from campaigns.stages.arranging import delete_stage, make_usual_stages, save_stage
from campaigns.stages.handing_in import add_file
from tests.factories import make_campaign, make_cast, make_organization

pytestmark = pytest.mark.django_db

DAYS = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 12)}


@pytest.fixture
def people(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return make_cast(make_organization())


@pytest.fixture
def campaign(people):
    return make_campaign(people.organization, **DAYS)


@pytest.fixture
def stage(campaign):
    make_usual_stages(campaign)
    return campaign.stages.get(title="评议")


def hand_in(stage, title="会议记录"):
    return add_file(stage.artefacts.get(title=title), SimpleUploadedFile("a.pdf", b"%PDF-1.7"), by=None)


def test_the_usual_stages_are_due_by_the_days_of_the_campaign(stage, campaign):
    assert [(row.title, row.due_on) for row in campaign.stages.all()] == [
        ("宣传发动、征求意见、自查", date(2027, 3, 1)),
        ("评议", date(2027, 3, 12)),
        ("通报公示", date(2027, 3, 22)),
        ("整改", date(2027, 5, 11)),
    ]
    assert list(stage.artefacts.values_list("title", flat=True)) == ["会议通知", "会议记录"]


def test_a_campaign_without_days_has_stages_without_days(people):
    campaign = make_campaign(people.organization, title="没有日子的评议", starts_on=None, ends_on=None)

    make_usual_stages(campaign)

    assert set(campaign.stages.values_list("due_on", flat=True)) == {None}


def test_the_usual_stages_are_made_once(stage, campaign):
    with pytest.raises(StateError, match="已经有阶段了"):
        make_usual_stages(campaign)

    assert campaign.stages.count() == 4


def test_papers_are_put_in_order_added_and_taken_out(stage):
    kept = stage.artefacts.get(title="会议记录")

    save_stage(stage, ["签到表", "会议记录", "签到表"])

    assert list(stage.artefacts.values_list("title", flat=True)) == ["签到表", "会议记录"]
    assert stage.artefacts.get(title="会议记录") == kept


def test_a_paper_with_files_is_not_taken_out(stage):
    hand_in(stage)

    with pytest.raises(StateError, match="“会议记录”已经上传了文件"):
        save_stage(stage, ["会议通知"])
    with pytest.raises(StateError, match="请先移除文件"):
        delete_stage(stage)

    assert stage.artefacts.count() == 2


def test_a_stage_is_added_behind_the_others(client, people, stage, campaign):
    client.force_login(people.secretary)
    sent = {"title": "回头看", "due_on": "2027-12-31", "papers": "回头看报告\n照片"}

    client.post(reverse("campaigns:stage_add", args=[campaign.pk]), sent)

    added = campaign.stages.last()
    assert (added.title, list(added.artefacts.values_list("title", flat=True))) == ("回头看", ["回头看报告", "照片"])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title": "整改"}, "已有同名的阶段。"),
        ({"papers": "甲\n甲"}, "“甲”填了两次。"),
        ({"papers": "很长的材料名称" * 10}, "第1项“很长的材料名称很长的…”有70字，至多50字。"),
        ({"papers": "\n".join(f"材料{number}" for number in range(21))}, "至多20项材料，现在填了21项。"),
    ],
)
def test_a_wrong_stage_is_refused_in_words(client, people, stage, wrong, words):
    client.force_login(people.secretary)
    sent = {"title": "评议", "papers": "会议记录", **wrong}

    page = client.post(reverse("campaigns:stage_edit", args=[stage.pk]), sent).content.decode()

    assert words in page
    assert Artefact.objects.filter(stage=stage).count() == 2


def test_who_saves_over_another_ones_papers_is_told(client, people, stage):
    client.force_login(people.secretary)
    address = reverse("campaigns:stage_edit", args=[stage.pk])
    seen = client.get(address).context["form"].initial["seen"]
    save_stage(stage, ["会议记录", "签到表"])

    page = client.post(address, {"title": "评议", "papers": "会议记录", "seen": seen}).content.decode()

    assert "别人修改过这里的内容" in page
    assert stage.artefacts.count() == 2


def test_a_stage_is_deleted_with_its_papers(client, people, stage):
    client.force_login(people.secretary)

    client.post(reverse("campaigns:stage_delete", args=[stage.pk]))

    assert not CampaignStage.objects.filter(pk=stage.pk).exists()


def test_a_campaign_with_files_is_not_deleted(client, people, stage, campaign):
    hand_in(stage)
    client.force_login(people.secretary)

    page = client.post(reverse("campaigns:campaign_delete", args=[campaign.pk]), follow=True).content.decode()

    assert "名下已经登记了" in page
    assert CampaignStage.objects.count() == 4
