"""Making the stages of a campaign, and changing what each wants."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max

from ..models import Artefact, Campaign, CampaignStage
from ..models.states import StateError
from ..ways import way_to

# The usual stages (宣传发动/征求意见自查 → 评议 → 通报公示 → 整改) with their papers, and how many days after the campaign's first
# or last day they are due.
USUAL = (
    ("宣传发动、征求意见、自查", ("活动方案", "动员通知", "自查材料"), "starts_on", 0),
    ("评议", ("会议通知", "会议记录"), "ends_on", 0),
    ("通报公示", ("结果通报", "公示照片"), "ends_on", 10),
    ("整改", ("整改方案", "整改情况报告"), "ends_on", 60),
)


def make_usual_stages(campaign: Campaign) -> None:
    """The usual stages of a campaign; raises StateError where it has stages already."""
    with transaction.atomic():
        locked = Campaign.objects.select_for_update().get(pk=campaign.pk)
        if locked.stages.exists():
            raise StateError("已经有阶段了，请逐个修改。", way=way_to("各阶段", "campaigns:stage_list", campaign.pk))
        for position, (title, papers, day, days) in enumerate(USUAL, start=1):
            stage = CampaignStage.objects.create(
                campaign=locked, title=title, due_on=_due(getattr(locked, day), days), position=position
            )
            _write(stage, papers)


def _due(day: date | None, days: int) -> date | None:
    return day and day + timedelta(days=days)


def save_stage(stage: CampaignStage, titles: Iterable[str]) -> None:
    """Write a stage with the titles of its papers in order; raises StateError where one that goes has files."""
    wanted = list(dict.fromkeys(titles))
    with transaction.atomic():
        Campaign.objects.select_for_update().get(pk=stage.campaign_id)
        if stage.pk is None:
            last = stage.campaign.stages.aggregate(last=Max("position"))["last"] or 0
            stage.position = last + 1
        stage.save()
        gone = stage.artefacts.exclude(title__in=wanted)
        if kept := gone.filter(files__isnull=False).first():
            raise StateError(
                f"“{kept}”已经上传了文件，请先移除文件，再去掉这项材料。",
                way=way_to("移除文件", "campaigns:stage_list", stage.campaign_id),
            )
        gone.delete()
        _write(stage, wanted)


def _write(stage: CampaignStage, titles: Iterable[str]) -> None:
    for position, title in enumerate(titles, start=1):
        Artefact.objects.update_or_create(stage=stage, title=title, defaults={"position": position})


def delete_stage(stage: CampaignStage) -> None:
    """Take out a stage without files; raises StateError."""
    with transaction.atomic():
        if stage.artefacts.filter(files__isnull=False).exists():
            raise StateError(
                f"“{stage}”的材料已经上传了文件，请先移除文件。",
                way=way_to("移除文件", "campaigns:stage_list", stage.campaign_id),
            )
        stage.delete()


def copy_stages(source: Campaign, campaign: Campaign) -> None:
    """The stages of a source with their papers' titles, without days and files, as those of its copy."""
    stages = list(source.stages.all())
    copies = CampaignStage.objects.bulk_create(
        CampaignStage(campaign=campaign, title=stage.title, position=stage.position) for stage in stages
    )
    copy_of = {stage.pk: copy for stage, copy in zip(stages, copies, strict=True)}
    Artefact.objects.bulk_create(
        Artefact(stage=copy_of[paper.stage_id], title=paper.title, position=paper.position)
        for paper in Artefact.objects.filter(stage__in=stages)
    )
