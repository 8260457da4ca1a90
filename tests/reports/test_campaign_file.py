"""A campaign's configuration in a file, field by field: what a file carries, and what it does not for a reason."""

import json
from datetime import date
from decimal import Decimal

import pytest
from django.core.management import call_command
from django.db.models import Model

from ballots.campaign_file import InvalidFile, campaign_text, checking, configuration_checking, load_campaign_file
from campaigns import actions
from campaigns.library import LibraryGrade
from campaigns.models import (
    AppraisedDocument,
    Artefact,
    Campaign,
    CampaignStage,
    CampaignStep,
    Category,
    Channel,
    Commitment,
    Grade,
    Indicator,
    Member,
    Organization,
    Poll,
    Questionnaire,
    Scale,
    Target,
)
from campaigns.stages.arranging import save_stage
from reports.models import RaterGroup, ScoreIndicator, ScoreScheme
from reports.scoring.in_files import scheme_entry
from tests.factories import kept_limit, make_campaign, make_member, make_organization
from tests.reports.scoring.rated import LINES, RATERS, make_scheme

pytestmark = pytest.mark.django_db

_ROW = "the row's own key, or the row that it hangs on, which the file's nesting says"
_PLACE = "its place is its place in the file's array"
_DEED = "a deed of the campaign's life, not its configuration"
_TREE = "made anew from the tree of organizations that the file is loaded into"
# Every field of every model of a campaign's configuration that its file does not carry, with the reason.
NOT_IN_FILE = {
    Campaign: {
        "id": _ROW,
        "path": _TREE,
        "names": _TREE,
        "appraisal_key": "says which entry of the library it was made from; what came of that is in the file",
        "copied_from": "another campaign of the same database",
        "created_by": _DEED,
        "created_at": _DEED,
        "opened_by": _DEED,
        "opened_at": _DEED,
    },
    Category: {"id": _ROW, "campaign": _ROW, "position": _PLACE},
    Scale: {"id": _ROW, "key": "a digest of the scale's own grades, or a key of the library"},
    Grade: {"id": _ROW, "scale": _ROW, "position": _PLACE},
    Questionnaire: {
        "id": _ROW,
        "campaign": _ROW,
        "position": _PLACE,
        "form_set": "a set of the same database; sets travel in files of their own, pingyi-library/1",
        "form_key": "its key in that set",
    },
    Indicator: {"id": _ROW, "questionnaire": _ROW, "position": _PLACE},
    CampaignStep: {"id": _ROW, "campaign": _ROW, "position": _PLACE},
    CampaignStage: {"id": _ROW, "campaign": _ROW, "position": _PLACE},
    Artefact: {"id": _ROW, "stage": _ROW, "position": _PLACE},
    Poll: {
        "id": _ROW,
        "campaign": _ROW,
        "path": _TREE,
        "names": _TREE,
        "state": _DEED,
        "form": "frozen anew when the loaded campaign opens",
        "unit_kind": "frozen anew when the loaded campaign opens",
        "roster_count": "frozen anew when the loaded campaign opens",
        "closed_by": _DEED,
        "closed_at": _DEED,
        "sealed_by": _DEED,
        "sealed_at": _DEED,
        "erased_at": _DEED,
    },
    Target: {"id": _ROW, "poll": _ROW, "position": _PLACE},
    AppraisedDocument: {
        "id": _ROW,
        "poll": _ROW,
        "frozen_draft": "a file of drafts; drafts and files are not in a campaign's file",
        "frozen_sha256": "a file of drafts; drafts and files are not in a campaign's file",
    },
    ScoreScheme: {"id": _ROW, "campaign": _ROW},
    ScoreIndicator: {"id": _ROW, "scheme": _ROW, "position": _PLACE},
    RaterGroup: {"id": _ROW, "scheme": _ROW, "position": _PLACE},
    Organization: {
        "id": _ROW,
        "path": _TREE,
        "is_active": "units of a new tree are in use",
    },
    Member: {"id": _ROW, "is_active": "whoever is in the file is on the roster"},
    Commitment: {"id": _ROW},
}
# Rows that hang on a campaign, a poll, a questionnaire, a target or a category and are carried.
CARRIED = {
    "categories",
    "questionnaires",
    "indicators",
    "steps",
    "stages",
    "artefacts",
    "polls",
    "targets",
    "document",
    "score_scheme",
    "raters",
}
# The others, with the reason.
NOT_CARRIED = {
    "planned_period": "the plan of a year is the unit's, not the campaign's",
    "copies": "other campaigns",
    "summaries": "the words of a 小结 are written after the count",
    "summary": "the words of a 小结 are written after the count",
    **dict.fromkeys(("extensions", "ballot_imports", "batches", "receipts", "tally_rows", "boxes", "opinions"), _DEED),
    **dict.fromkeys(("problems", "comments", "exports", "announcements", "findings", "gradings", "grades"), _DEED),
    "kept_sums": "added up again from the sealed polls",
    **dict.fromkeys(("documents",), "carried with the target that it is of"),
    **dict.fromkeys(("forums", "consultation", "count_sheet_photos", "minutes", "self_appraisals"), _DEED),
    **dict.fromkeys(("score_boxes", "finished_scoring", "score_adjustments", "score_choice", "excellent_count"), _DEED),
    **dict.fromkeys(
        ("superior_marks", "window_takings", "work_report", "taken_back", "long_deeds", "late_facts"), _DEED
    ),
    "revote": "a problem of this database's ledger put to the vote again",
}
GRADES = [
    LibraryGrade(label="同意", is_positive=True, score=90),
    LibraryGrade(label="不同意", is_positive=False, score=10),
    LibraryGrade(label="没有接触", is_positive=False, score=None, is_in_base=False),
]


@pytest.fixture
def configured():
    """A campaign in which every field of its configuration says something that a new one does not."""
    root = make_organization("某局党委", kind="committee")
    first, second = (make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部"))
    secretary = make_member(first, "张三", post="secretary", status="full")
    make_member(first, "李四", status="probationary")
    below = make_organization("下属小组", parent=first, kind="office")
    invited = make_member(below, "王五")
    campaign = make_campaign(
        root,
        basis="某发〔2026〕1号",
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 4, 1),
        is_stopped_on_time=False,
        participant_scope="党员和群众。\n各支部三人。",
        procedure="先读后评。",
        method="无记名。",
        content="七项。",
        use_of_results="作为依据。",
        group_head="王某（党委书记）",
        group_deputies="李某、赵某",
        group_members="钱某、孙某",
        group_office="设在组织科",
        channels=["meeting", "phone"],
        base="attended",
        blank="invalid",
        decimals=2,
        sum_to_100="last",
        min_group=7,
        min_poll=4,
        first_split="category",
        judgement="score",
        excellent_limit="attended",
        is_self_excluded=True,
        thresholds=["org-dissatisfied-third", kept_limit()],
        judged="each",
        is_single_keying_allowed=True,
    )
    Campaign.objects.update(unknown="inside")
    campaign.refresh_from_db()
    actions.replace_categories(campaign, [("党员", Decimal("40.5")), ("结对支部", Decimal("59.5"))])
    with actions.targets_following(campaign):
        listed = actions.copy_questionnaire(campaign, "best-deeds")
        report = actions.copy_questionnaire(campaign, "report-six", target_name="工作报告")
        report.scale = actions.own_scale("同意与否", GRADES)
        report.opinion_prompt, report.opinion_kind = "您的看法", "prominent_problem"
        report.save()
        cadres = actions.copy_questionnaire(campaign, "member-verdict", rule="its_members")
    actions.make_polls(campaign, [first, second])
    promise = Commitment.objects.create(
        organization=first,
        member=secretary,
        kind="deed",
        content="修好门前路",
        due_on=date(2026, 2, 1),
        status="fulfilled",
        fulfilled_on=date(2026, 1, 20),
        note="已修好",
    )
    here, there = campaign.polls.order_by("path")
    actions.add_commitments(here, report, [promise])
    actions.add_target(Target(poll=here, kind="document", name="代办服务", questionnaire=listed))
    actions.add_target(Target(poll=here, kind="member", name="王五（特邀）", member=invited, questionnaire=cadres))
    Target.objects.filter(poll=here, kind="organization").update(name="第一党支部（机关）")
    campaign.polls.update(
        entitled_count=9,
        attended_count=8,
        meeting_on=date(2026, 3, 20),
        place="会议室",
        host="李主任",
        supervisor="赵科长",
        scrutineers="钱一",
        tellers="孙二",
    )
    actions.pair_polls(campaign, [(here, there)], category="结对支部")
    actions.write_steps(campaign, [("self", date(2026, 3, 1), date(2026, 3, 5)), ("grade", None, None)])
    stage = CampaignStage(campaign=campaign, title="宣传发动", due_on=date(2026, 3, 2))
    save_stage(stage, ["活动方案", "动员通知"])
    AppraisedDocument.objects.create(
        poll=here,
        target=Target.objects.get(poll=here, name="工作报告"),
        kind="analysis",
        title="支部工作报告",
        speaking_order=2,
    )
    make_scheme(campaign, lines=LINES[:2], score_weight=70, satisfaction_weight=30, measure="positive")
    campaign.refresh_from_db()
    return campaign


def rows_of(model: type[Model], campaign: Campaign) -> list[dict]:
    """The rows of a model that a campaign's file carries, with what each says; other rows are told by their names."""
    order = {
        Campaign: ("pk",),
        Category: ("position",),
        Scale: ("questionnaires__position",),
        Grade: ("scale__questionnaires__position", "position"),
        Questionnaire: ("position",),
        Indicator: ("questionnaire__position", "position"),
        CampaignStep: ("position",),
        CampaignStage: ("position",),
        Artefact: ("stage__position", "position"),
        Poll: ("path",),
        Target: ("poll__path", "position"),
        AppraisedDocument: ("poll__path",),
        ScoreScheme: ("pk",),
        ScoreIndicator: ("position",),
        RaterGroup: ("position",),
        Organization: ("path",),
        Member: ("organization__path", "pk"),
        Commitment: ("pk",),
    }
    rows = model.objects.order_by(*order[model])
    if model in (Scale, Grade):
        place = "questionnaires" if model is Scale else "scale__questionnaires"
        rows = rows.filter(**{f"{place}__campaign": campaign})
    carried = [field for field in model._meta.concrete_fields if field.name not in NOT_IN_FILE[model]]
    return [{field.name: _said(row, field) for field in carried} for row in rows]


def _said(row: Model, field):
    value = getattr(row, field.name)
    return str(value.organization if isinstance(value, Poll) else value) if field.is_relation and value else value


def empty_the_database() -> None:
    for model in (AppraisedDocument, ScoreScheme, Target, Campaign, Commitment, Member, Scale):
        model.objects.all().delete()
    for organization in Organization.objects.order_by("-path"):
        organization.delete()


def saved(campaign: Campaign, folder):
    path = folder / "saved.json"
    call_command("save_campaign", campaign=campaign.title, output=path)
    return path


def test_a_saved_campaign_that_is_loaded_into_an_empty_database_says_the_same_field_by_field(configured, tmp_path):
    path = saved(configured, tmp_path)
    before = {model: rows_of(model, configured) for model in NOT_IN_FILE}
    empty_the_database()

    call_command("load_campaign", str(path), "--prepare")

    loaded = Campaign.objects.get()
    assert {model: rows_of(model, loaded) for model in NOT_IN_FILE} == before
    assert not loaded.is_frozen
    text = path.read_text(encoding="utf-8")
    assert campaign_text(loaded, scoring=scheme_entry(loaded)) == text


@pytest.mark.parametrize("model", NOT_IN_FILE, ids=lambda model: model.__name__)
def test_every_field_of_the_configuration_is_in_the_file_or_named_with_its_reason(configured, model):
    names = {field.name for field in model._meta.concrete_fields}
    default = model()
    # A campaign's scheme has weights of its own; its questionnaires and names differ from those of an empty row by themselves.
    silent = [
        field.name
        for field in model._meta.concrete_fields
        if field.name not in NOT_IN_FILE[model]
        and not any(getattr(row, field.attname) != getattr(default, field.attname) for row in model.objects.all())
    ]

    assert silent == [], "the campaign of this test says nothing there, so that nothing shows whether a file carries it"
    assert set(NOT_IN_FILE[model]) <= names


@pytest.mark.parametrize("model", [Campaign, Poll, Questionnaire, Target, Category, ScoreScheme, CampaignStage])
def test_every_row_that_hangs_on_a_campaign_is_carried_or_named_with_its_reason(model):
    hanging = {relation.get_accessor_name() for relation in model._meta.related_objects}

    assert {name for name in hanging if name and not name.endswith("+")} - CARRIED - set(NOT_CARRIED) == set()


def test_a_saved_campaign_can_be_opened_where_no_report_waits_for_its_drafts(configured, tmp_path):
    AppraisedDocument.objects.all().delete()
    path = saved(configured, tmp_path)
    empty_the_database()

    call_command("load_campaign", str(path))

    campaign = Campaign.objects.get()
    assert campaign.state == Campaign.State.OPEN
    assert list(campaign.score_scheme.raters.values_list("name", "weight")) == list(RATERS)
    assert [line.text for line in campaign.score_scheme.indicators.all()] == [line.text for line in LINES[:2]]


def test_a_campaign_with_reports_is_not_opened_before_there_are_drafts(configured, tmp_path, capsys):
    path = saved(configured, tmp_path)
    empty_the_database()

    with pytest.raises(SystemExit):
        call_command("load_campaign", str(path))

    assert "--prepare" in capsys.readouterr().err
    assert not Campaign.objects.exists()


def test_a_scheme_that_nobody_would_write_stops_the_load(configured, tmp_path):
    AppraisedDocument.objects.all().delete()
    path = saved(configured, tmp_path)
    empty_the_database()

    with pytest.raises(ValueError, match="考核指标表"):
        load_campaign_file(path)

    assert not Campaign.objects.exists()


def test_a_campaign_that_the_format_cannot_say_is_not_saved(tmp_path, capsys):
    make_campaign(make_organization("某党委", kind="committee"))

    with pytest.raises(SystemExit):
        call_command("save_campaign", campaign=Campaign.objects.get().title, output=tmp_path / "none.json")

    assert "$.polls：有0项" in capsys.readouterr().err
    assert not (tmp_path / "none.json").exists()


def test_what_a_new_campaign_has_by_itself_is_not_written(tmp_path):
    root = make_organization("某党委", kind="committee")
    campaign = make_campaign(root)
    actions.make_polls(campaign, [root])

    entry = json.loads(campaign_text(campaign))["campaign"]

    assert not {"steps", "stages", "scoring", "partner_category"} & entry.keys()
    assert not {"judgement", "excellent_limit", "self_excluded", "single_keying"} & entry["rules"].keys()


def test_the_command_says_where_it_cannot_write(tmp_path, capsys):
    root = make_organization("某党委", kind="committee")
    campaign = make_campaign(root)
    actions.make_polls(campaign, [root])

    with pytest.raises(SystemExit):
        call_command("save_campaign", campaign=campaign.title, output=tmp_path / "no" / "file.json")

    assert "写不了文件" in capsys.readouterr().err


def test_two_units_of_one_name_are_refused_by_the_format(tmp_path):
    root = make_organization("某党委", kind="committee")
    campaign = make_campaign(root)
    homes = [make_organization(name, parent=root, kind="general_branch") for name in ("甲总支", "乙总支")]
    actions.make_polls(campaign, [make_organization("第一支部", parent=home, kind="branch") for home in homes])

    with pytest.raises(InvalidFile, match="“第一支部”重复"):
        campaign_text(campaign)


@pytest.mark.parametrize(
    ("words", "choices"),
    [
        (configuration_checking.STEPS, CampaignStep.Kind),
        (configuration_checking.CHANNELS, Channel),
        (configuration_checking.MEASURES, ScoreScheme.Measure),
        (checking.JUDGEMENTS, Campaign.Judgement),
        (checking.EXCELLENT_LIMITS, Campaign.ExcellentLimit),
        (checking.COMMITMENT_KINDS, Commitment.Kind),
    ],
)
def test_the_words_of_the_format_are_those_of_the_rows(words, choices):
    assert list(words) == choices.values
