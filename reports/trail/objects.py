"""The thing that a deed is done to, as the trail names it: its kind, its key, its name and its unit; never its words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import models

from ballots.models import Batch, CountSheetPhoto, Forum, Keying, OpinionOrigin
from campaigns.models import (
    AppraisedDocument,
    Artefact,
    ArtefactFile,
    Campaign,
    CampaignStage,
    Commitment,
    DocumentDraft,
    FormSet,
    LongDeed,
    Member,
    Organization,
    PlannedPeriod,
    Poll,
    Questionnaire,
    RosterImport,
    Target,
    YearPlan,
)

from ..models import (
    Announcement,
    ApiToken,
    Appeal,
    Consequence,
    Export,
    Finding,
    LeaderComment,
    Letter,
    Objection,
    Problem,
    ScoreAdjustment,
    ServiceWindow,
    SuperiorMark,
    WindowTaking,
    WindowWord,
)

# Path, name of the unit, and a name without words of anybody, of the three things that lie in the tree.
HOMES: dict[str, tuple[str, str, str]] = {
    "organization": ("path", "name", "name"),
    "campaign": ("path", "organizer__name", "title"),
    "poll": ("path", "organization__name", "campaign__title"),
}


@dataclass(frozen=True)
class ThingInTrail:
    """An object with its unit, as a row keeps it; empty where there is none, or it is not there."""

    kind: str = ""
    key: str = ""
    name: str = ""
    place: str = ""
    unit: str = ""


@dataclass(frozen=True)
class _Kind:
    """How things of a model are named: `ways` lead to what lies in the tree, the first that leads anywhere counts."""

    label: str
    model: type[models.Model]
    # Pairs of the prefix of columns, and which of HOMES it leads to.
    ways: tuple[tuple[str, str], ...]
    # A column with a name of its own, where that is nobody's words.
    name: str = ""
    # A person of the roster may take part, so that rows tell the unit alone.
    is_person: bool = False

    def thing(self, key: str) -> ThingInTrail:
        for way, home in self.ways:
            path, unit, title = (f"{way}{column}" for column in HOMES[home])
            rows = self.model._default_manager.filter(pk=key).order_by(path)
            row = rows.values_list(path, unit, self.name or title).first()
            if row and row[0]:
                if self.is_person:
                    return ThingInTrail(self.label, "", row[1] or "", row[0], row[1] or "")
                return ThingInTrail(self.label, key, row[2] or "", row[0], row[1] or "")
        return ThingInTrail(self.label, "" if self.is_person else key, self._name(key))

    def _name(self, key: str) -> str:
        """The name of a thing that lies nowhere in the tree, such as an account without roles."""
        row = self.model._default_manager.filter(pk=key).values_list(self.name or "pk", flat=True).first()
        return str(row or "") if self.name else ""


_ORGANIZATION, _CAMPAIGN, _POLL = (
    (("organization__", "organization"),),
    (("campaign__", "campaign"),),
    (("poll__", "poll"),),
)
_TO_FINDING = (("finding__target__poll__", "poll"),)

# By the argument of a route; of two, the one that comes first here.
KINDS: dict[str, _Kind] = {
    "user_id": _Kind("账号", User, (("roles__organization__", "organization"),), "username"),
    "member_id": _Kind("党员", Member, _ORGANIZATION, is_person=True),
    "batch_id": _Kind("票批", Batch, _POLL),
    "keying_id": _Kind("录入", Keying, (("batch__poll__", "poll"),)),
    "photo_id": _Kind("报告单影像", CountSheetPhoto, _POLL),
    "document_id": _Kind("报告", AppraisedDocument, _POLL),
    "draft_id": _Kind("文稿", DocumentDraft, (("document__poll__", "poll"),)),
    "stage_id": _Kind("阶段", CampaignStage, _CAMPAIGN),
    "artefact_id": _Kind("材料", Artefact, (("stage__campaign__", "campaign"),)),
    "file_id": _Kind("材料文件", ArtefactFile, (("artefact__stage__campaign__", "campaign"),)),
    "questionnaire_id": _Kind("评议表", Questionnaire, _CAMPAIGN),
    "form_set_id": _Kind("规范表格", FormSet, _ORGANIZATION, "title"),
    "plan_id": _Kind("全年计划", YearPlan, _ORGANIZATION),
    "period_id": _Kind("计划周期", PlannedPeriod, (("plan__organization__", "organization"),)),
    "origin_id": _Kind("登记的意见", OpinionOrigin, (("opinion__target__poll__", "poll"),)),
    "forum_id": _Kind("座谈会", Forum, _POLL),
    "letter_id": _Kind("来信", Letter, (("letterbox__organization__", "organization"),)),
    "window_id": _Kind("服务窗口", ServiceWindow, _ORGANIZATION, "name"),
    "word_id": _Kind("窗口留言", WindowWord, (("window__organization__", "organization"),)),
    "taking_id": _Kind("即时评议汇总", WindowTaking, _POLL),
    "announcement_id": _Kind("公示", Announcement, (*_POLL, *_ORGANIZATION), "title"),
    "objection_id": _Kind(
        "异议", Objection, (("announcement__poll__", "poll"), ("announcement__organization__", "organization"))
    ),
    "problem_id": _Kind("问题", Problem, _ORGANIZATION),
    "comment_id": _Kind("点评", LeaderComment, _ORGANIZATION),
    "finding_id": _Kind("结果认定", Finding, (("target__poll__", "poll"),)),
    "consequence_id": _Kind("结果运用", Consequence, _TO_FINDING),
    "appeal_id": _Kind("申诉", Appeal, _TO_FINDING),
    "superior_mark_id": _Kind("上级评价", SuperiorMark, (("target__poll__", "poll"),)),
    "adjustment_id": _Kind("加分和扣分", ScoreAdjustment, _POLL),
    "deed_id": _Kind("后台办理的事项", LongDeed, _CAMPAIGN),
    "export_id": _Kind("批量导出", Export, _ORGANIZATION),
    "import_id": _Kind("名册导入", RosterImport, ()),
    "token_id": _Kind("接口令牌", ApiToken, _ORGANIZATION, "name"),
    "commitment_id": _Kind("公开承诺", Commitment, _ORGANIZATION),
    "poll_id": _Kind("评议点", Poll, (("", "poll"),)),
    "target_id": _Kind("评议对象", Target, _POLL),
    "campaign_id": _Kind("评议活动", Campaign, (("", "campaign"),)),
    "organization_id": _Kind("党组织", Organization, (("", "organization"),)),
}

# Fields of forms and words of addresses that say a unit or a campaign by its key.
FIELDS: dict[str, str] = {
    "campaign": "campaign_id",
    "unit": "organization_id",
    "organization": "organization_id",
    "organizer": "organization_id",
    "parent": "organization_id",
    "below": "organization_id",
}
LONGEST_KEY = 18


def thing_of(arguments: Mapping[str, object]) -> ThingInTrail:
    """The thing that a route's arguments name."""
    for argument, kind in KINDS.items():
        if argument in arguments:
            return kind.thing(str(arguments[argument]))
    return ThingInTrail()


def thing_in(*sent: Mapping[str, str]) -> ThingInTrail:
    """The unit or campaign that an address or a form names by its key; nothing else in it is looked at."""
    for fields in sent:
        for field, argument in FIELDS.items():
            key = fields.get(field, "")
            if key.isdecimal() and key.isascii() and len(key) <= LONGEST_KEY:
                return thing_of({argument: key})
    return ThingInTrail()
