"""Every promise of the models that the database keeps: broken once, and said in Chinese."""

import datetime

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns import actions
from campaigns.models import (
    AccountDeed,
    AppraisedDocument,
    Artefact,
    ArtefactFile,
    BegunDeed,
    Campaign,
    CampaignStage,
    CampaignStep,
    Category,
    Commitment,
    DocumentDraft,
    Extension,
    FormerPlace,
    FormSet,
    Grade,
    Indicator,
    LateFact,
    LongDeed,
    Member,
    Organization,
    OrganizationChange,
    PlannedPeriod,
    Poll,
    Questionnaire,
    Role,
    RosterImport,
    Scale,
    TableMapping,
    TakenBack,
    Target,
    TrailEntry,
    UnsavedText,
    YearPlan,
)
from tests.factories import make_campaign, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


def organization():
    return Organization.objects.filter(parent=None).first() or make_organization()


def campaign():
    return Campaign.objects.first() or make_campaign(organization())


def questionnaire():
    return campaign().questionnaires.get()


def poll():
    return Poll.objects.first() or actions.make_polls(campaign(), [organization()])[0]


def saved(row):
    row.save()
    return row


def questionnaire_with(**facts):
    facts = {"key": "own", "title": "另一张表", "target_kind": "member", "target_rule": "its_members"} | facts
    return Questionnaire(campaign=campaign(), scale=questionnaire().scale, **facts)


def target_with(**facts):
    return Target(poll=poll(), questionnaire=questionnaire(), **({"kind": "open", "name": "另一个"} | facts))


def member():
    return Member.objects.first() or make_member(organization(), "李四")


def commitment():
    return Commitment.objects.create(organization=organization(), content="修路")


def renamed(target):
    target.name = "同一承诺的另一个名称"
    return target


def user():
    return make_user()


def extension(**overrides):
    days = {"was_to_end_on": datetime.date(2026, 11, 30), "ends_on": datetime.date(2026, 12, 5)}
    return Extension(**{"campaign": campaign(), "reason": "会议改期", **days, **overrides})


def taken_back(**overrides):
    facts = {"poll": poll(), "unit_name": "某局党委", "code_count": 0, "reason": "票上漏了一人", **overrides}
    return TakenBack(campaign=campaign(), **facts)


def unsaved_text(**facts):
    """A second row about the same form where the user is that of a first."""
    if "user" in facts:
        return UnsavedText(form="/ledger/add/", **facts)
    return UnsavedText.objects.create(user=make_user("writer"), form="/ledger/add/")


def late_fact(**overrides):
    return LateFact(**{"poll": poll(), "fact": "host", "value": "王某", "reason": "封存时漏填", **overrides})


def long_deed(**overrides):
    return LongDeed(**{"kind": "open", "campaign": campaign(), "asked_by": make_user(), **overrides})


def roster_import(**overrides):
    return RosterImport(**{"token": "a" * 32, "asked_by": make_user(), **overrides})


def plan():
    return YearPlan.objects.first() or YearPlan.objects.create(organization=organization(), year=2027)


def period(**overrides):
    days = {"starts_on": datetime.date(2027, 1, 1), "ends_on": datetime.date(2027, 3, 31)}
    return PlannedPeriod(**{"plan": plan(), "title": "第一季度", **days, **overrides})


def stage():
    return CampaignStage.objects.first() or CampaignStage.objects.create(campaign=campaign(), title="评议")


def artefact():
    return Artefact.objects.create(stage=stage(), title="会议记录")


def report(**facts):
    """An unsaved report of an open question that is new each time."""
    number = Target.objects.count()
    target = saved(target_with(name=f"第{number}个报告"))
    return AppraisedDocument(**{"poll": poll(), "target": target, "kind": "duty", "title": "述职报告", **facts})


def draft(**facts):
    facts = {"number": 1, "stage": "single", "dated_on": datetime.date(2026, 11, 1), "text": "正文", **facts}
    return DocumentDraft(document=saved(report()), **facts)


def of_speaker_before(row):
    """The row after another report at the same place."""
    saved(report(speaking_order=row.speaking_order))
    return row


def twice(row):
    """The second of two equal rows."""
    row.save()
    row.pk = None
    row._state.adding = True
    return row


def rootless(name, **facts):
    return Organization(name=name, path="99", **({"kind": "branch"} | facts))


def trail_entry(**overrides):
    facts = {"account": "zhang", "deed": "seal", "route": "ballots:poll_seal", "result": "done", "digest": "d"}
    return TrailEntry(number=1, **{**facts, **overrides})


BROKEN = {
    "document_kind_known": lambda: report(kind="poem"),
    "document_speaking_order_unique": lambda: of_speaker_before(report(speaking_order=1)),
    "document_speaking_order_from_one": lambda: report(speaking_order=0),
    "document_frozen_with_its_digest": lambda: report(frozen_sha256="0" * 64),
    "document_draft_number_unique": lambda: twice(draft()),
    "document_draft_stage_known": lambda: draft(stage="scribble"),
    "document_draft_has_words": lambda: draft(text=""),
    "document_draft_file_known": lambda: draft(file_kind="pdf"),
    "stage_title_unique": lambda: twice(CampaignStage(campaign=campaign(), title="评议")),
    "artefact_title_unique": lambda: twice(Artefact(stage=stage(), title="会议记录")),
    "artefact_file_kind_known": lambda: ArtefactFile(
        artefact=artefact(), file_name="abc", kind="exe", size=1, sha256="0"
    ),
    "year_plan_unique": lambda: YearPlan(organization=organization(), year=plan().year),
    "year_plan_year_in_reach": lambda: YearPlan(organization=organization(), year=1999),
    "planned_period_title_unique": lambda: twice(period()),
    "planned_period_ends_after_it_starts": lambda: period(ends_on=datetime.date(2026, 12, 31)),
    "former_place_unique": lambda: twice(FormerPlace(organization=organization(), path="00000001")),
    "organization_change_kind_known": lambda: OrganizationChange(organization=organization(), kind="eaten"),
    "organization_name_unique_below_parent": lambda: rootless(
        make_organization("一支部", parent=organization(), kind="branch").name, parent=organization()
    ),
    "organization_root_name_unique": lambda: rootless(organization().name),
    "organization_kind_known": lambda: rootless("某单位", kind="team"),
    "member_name_unique_in_organization": lambda: twice(Member(organization=organization(), name="王五")),
    "member_status_known": lambda: Member(organization=organization(), name="王五", status="guest"),
    "member_post_known": lambda: Member(organization=organization(), name="王五", post="chief"),
    "commitment_unique": lambda: twice(Commitment(organization=organization(), member=member(), content="修路")),
    "commitment_of_organization_unique": lambda: twice(Commitment(organization=organization(), content="修路")),
    "commitment_kind_known": lambda: Commitment(organization=organization(), content="修路", kind="wish"),
    "commitment_status_known": lambda: Commitment(organization=organization(), content="修路", status="lost"),
    "commitment_dated_only_when_fulfilled": lambda: Commitment(
        organization=organization(), content="修路", fulfilled_on=datetime.date(2026, 6, 30)
    ),
    "account_deed_kind_known": lambda: AccountDeed(account=user(), kind="crowned"),
    "role_unique": lambda: twice(Role(user=user(), organization=organization(), kind="teller")),
    "role_kind_known": lambda: Role(user=user(), organization=organization(), kind="king"),
    "grade_position_unique": lambda: Grade(scale=questionnaire().scale, position=1, label="很好"),
    "grade_label_unique": lambda: Grade(scale=questionnaire().scale, position=5, label="满意"),
    "grade_position_is_a_digit": lambda: Grade(
        scale=Scale.objects.create(key="own", name="自定"), position=8, label="差"
    ),
    "grade_score_at_most_100": lambda: Grade(
        scale=Scale.objects.create(key="own", name="自定"), position=1, label="好", score=101
    ),
    "questionnaire_key_unique": lambda: questionnaire_with(key="org"),
    "questionnaire_title_unique": lambda: questionnaire_with(title="基层党组织评议表"),
    "questionnaire_target_kind_known": lambda: questionnaire_with(target_kind="ghost"),
    "questionnaire_rule_fits_the_kind": lambda: questionnaire_with(target_kind="document"),
    "questionnaire_choice_is_of_documents": lambda: questionnaire_with(most_chosen=3),
    "questionnaire_opinion_kind_known": lambda: questionnaire_with(opinion_kind="praise"),
    "form_set_title_unique": lambda: twice(FormSet(organization=organization(), title="规范表格", contents={})),
    "indicator_text_unique": lambda: Indicator(questionnaire=questionnaire(), text="兑现公开承诺情况"),
    "indicator_one_overall": lambda: Indicator(questionnaire=questionnaire(), text="又一项", is_overall=True),
    "campaign_title_unique": lambda: Campaign(organizer=organization(), title=campaign().title, period="2026"),
    "campaign_base_known": lambda: Campaign(organizer=organization(), title="甲", period="2026", base="all"),
    "campaign_blank_known": lambda: Campaign(organizer=organization(), title="甲", period="2026", blank="skip"),
    "campaign_sum_to_100_known": lambda: Campaign(
        organizer=organization(), title="甲", period="2026", sum_to_100="first"
    ),
    "campaign_judgement_known": lambda: Campaign(
        organizer=organization(), title="甲", period="2026", judgement="by-lot"
    ),
    "campaign_step_once": lambda: twice(CampaignStep(campaign=campaign(), kind="self")),
    "campaign_step_kind_known": lambda: CampaignStep(campaign=campaign(), kind="party"),
    "campaign_step_ends_after_it_starts": lambda: CampaignStep(
        campaign=campaign(), kind="self", starts_on=datetime.date(2026, 5, 2), ends_on=datetime.date(2026, 5, 1)
    ),
    "campaign_excellent_limit_known": lambda: Campaign(
        organizer=organization(), title="甲", period="2026", excellent_limit="half"
    ),
    "campaign_unknown_known": lambda: Campaign(organizer=organization(), title="甲", period="2026", unknown="beside"),
    "campaign_judged_known": lambda: Campaign(organizer=organization(), title="甲", period="2026", judged="by-ear"),
    "campaign_decimals_at_most_2": lambda: Campaign(organizer=organization(), title="甲", period="2026", decimals=3),
    "campaign_min_poll_at_most_10": lambda: Campaign(organizer=organization(), title="甲", period="2026", min_poll=11),
    "campaign_first_split_known": lambda: Campaign(
        organizer=organization(), title="甲", period="2026", first_split="unit"
    ),
    "campaign_ends_after_it_starts": lambda: Campaign(
        organizer=organization(),
        title="甲",
        period="2026",
        starts_on=datetime.date(2026, 2, 2),
        ends_on=datetime.date(2026, 2, 1),
    ),
    "extension_unique": lambda: twice(extension()),
    "extension_ends_later": lambda: extension(ends_on=datetime.date(2026, 11, 30)),
    "extension_has_a_reason": lambda: extension(reason=""),
    "taken_back_has_a_reason": lambda: taken_back(reason=""),
    "taken_back_names_its_poll": lambda: taken_back(unit_name=""),
    "unsaved_text_unique": lambda: unsaved_text(user=unsaved_text().user),
    "late_fact_known": lambda: late_fact(fact="attended_count"),
    "late_fact_not_empty": lambda: late_fact(value=""),
    "begun_deed_deed_known": lambda: BegunDeed(account="zhang", deed="vote", route="ballots:poll_seal"),
    "trail_entry_deed_known": lambda: trail_entry(deed="vote"),
    "trail_entry_result_known": lambda: trail_entry(result="maybe"),
    "long_deed_kind_known": lambda: long_deed(kind="seal"),
    "long_deed_ended_at_fits_the_state": lambda: long_deed(state="done"),
    "long_deed_alone": lambda: twice(long_deed()),
    "roster_import_state_known": lambda: roster_import(state="lost"),
    "roster_import_ended_at_fits_the_state": lambda: roster_import(ended_at=timezone.now()),
    "late_fact_has_a_reason": lambda: late_fact(reason=""),
    "category_name_unique": lambda: Category(campaign=campaign(), name="党员"),
    "category_weight_between_0_and_100": lambda: Category(campaign=campaign(), name="其他", weight=0),
    "poll_unique": lambda: Poll(campaign=campaign(), organization=poll().organization),
    "poll_state_known": lambda: Poll(campaign=campaign(), organization=organization(), state="lost", form={}),
    "poll_form_frozen_while_ballots_exist": lambda: Poll(
        campaign=campaign(), organization=organization(), state="open"
    ),
    "poll_times_fit_the_state": lambda: Poll(campaign=campaign(), organization=organization(), state="closed", form={}),
    "poll_unit_kind_known": lambda: Poll(campaign=campaign(), organization=organization(), unit_kind="team"),
    "poll_erased_when_sealed": lambda: Poll(campaign=campaign(), organization=organization(), erased_at=timezone.now()),
    "poll_not_paired_with_itself": lambda: Poll(pk=77, campaign=campaign(), organization=organization(), partner_id=77),
    "poll_attended_at_most_entitled": lambda: Poll(
        campaign=campaign(), organization=organization(), entitled_count=3, attended_count=4
    ),
    "target_unique": lambda: target_with(kind="organization", organization=organization(), name=organization().name),
    "target_refers_to_what_its_kind_says": lambda: target_with(member=member()),
    "target_commitment_is_a_document": lambda: target_with(commitment=commitment()),
    "table_mapping_unique": lambda: twice(TableMapping(organization=organization(), shape="a", meanings={})),
    "table_mapping_unique_without_organization": lambda: twice(TableMapping(shape="a", meanings={})),
    "target_commitment_once": lambda: renamed(twice(target_with(kind="document", commitment=commitment()))),
}
# An unknown kind fits no rule either; the database may say so first.
IMPLIED = {
    "questionnaire_target_kind_known": "questionnaire_rule_fits_the_kind",
    "roster_import_state_known": "roster_import_ended_at_fits_the_state",
}
# Kept by code alone and never by a form, so nobody reads a message of theirs.
WITHOUT_MESSAGE = {
    *("document_kind_known", "document_frozen_with_its_digest"),
    *("document_draft_number_unique", "document_draft_stage_known", "document_draft_file_known"),
    "former_place_unique",
    "organization_change_kind_known",
    "grade_position_unique",
    "campaign_base_known",
    "campaign_blank_known",
    "campaign_sum_to_100_known",
    "campaign_judgement_known",
    "campaign_excellent_limit_known",
    "campaign_judged_known",
    "campaign_unknown_known",
    "poll_state_known",
    "poll_form_frozen_while_ballots_exist",
    "poll_times_fit_the_state",
    "poll_unit_kind_known",
    "poll_erased_when_sealed",
    "poll_not_paired_with_itself",
    "taken_back_names_its_poll",
    "late_fact_known",
    "late_fact_not_empty",
    *("roster_import_state_known", "roster_import_ended_at_fits_the_state"),
    *("long_deed_kind_known", "long_deed_ended_at_fits_the_state", "long_deed_alone"),
}


def constraints():
    return {
        constraint.name: constraint
        for model in apps.get_app_config("campaigns").get_models()
        for constraint in model._meta.constraints
    }


def test_every_constraint_is_broken_below():
    assert set(BROKEN) == set(constraints())


@pytest.mark.parametrize("name", BROKEN)
def test_the_database_refuses_what_breaks(name):
    row = BROKEN[name]()

    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        row.save(force_insert=True)

    message = str(refusal.value)
    fields = [field.attname for field in map(row._meta.get_field, getattr(constraints()[name], "fields", ()))]
    is_named = name in message or IMPLIED.get(name, name) in message
    assert is_named or (fields and all(field in message for field in fields))


@pytest.mark.parametrize("name", sorted(set(BROKEN) - WITHOUT_MESSAGE))
def test_a_form_would_say_so_in_chinese(name):
    row = BROKEN[name]()

    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()

    assert constraints()[name].violation_error_message in refusal.value.messages
    assert any("\u4e00" <= character <= "\u9fff" for character in constraints()[name].violation_error_message)


@pytest.mark.parametrize("state", ["closed", "sealed"])
def test_times_of_a_poll_go_with_its_state(state):
    row = poll()

    with pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.filter(pk=row.pk).update(state="open", form={}, closed_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        Poll.objects.filter(pk=row.pk).update(state=state, form={})
