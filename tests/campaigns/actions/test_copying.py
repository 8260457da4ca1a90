"""The next campaign from one: all that was configured, the units and the roster of today, and nothing that it shares."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from campaigns import actions
from campaigns.actions import copying
from campaigns.actions.copying import OWN_COLUMNS, copy_campaign, names_of_copy, units_of_copy
from campaigns.models import Campaign, Category, Indicator, Questionnaire
from campaigns.models.states import StateError
from campaigns.stages.arranging import make_usual_stages
from tests.campaigns.actions.library_campaigns import branches, make_from_library, names
from tests.factories import make_campaign, make_member, make_organization, make_sealed_campaign

pytestmark = pytest.mark.django_db

NEXT = {"title": "2027年度评议", "period": "2027年度", "by": None}
# Relations of a campaign, a questionnaire or a category: configuration is copied, and the record of deeds stays behind.
COPIED = {
    "stages",
    "steps",
    "score_scheme",
    "categories",
    "questionnaires",
    "polls",
    "indicators",
    "targets",
    "summaries",
}
LEFT_BEHIND = {
    "planned_period",
    "copies",
    "extensions",
    "taken_back",
    "long_deeds",
    "ballot_imports",
    "batches",
    "problems",
    "comments",
    "exports",
    "announcements",
    "kept_sums",
}


@pytest.fixture
def source(root):
    """A campaign with rules of its own, a weight, and one further target on one ballot."""
    campaign = make_from_library(
        root, base="attended", decimals=2, min_group=7, basis="某发〔2026〕1号", starts_on=date(2026, 1, 5)
    )
    first, weighted = campaign.categories.all()[:2]
    Category.objects.exclude(pk__in=[first.pk, weighted.pk]).filter(campaign=campaign).delete()
    Category.objects.filter(pk=first.pk).update(weight=60)
    Category.objects.filter(pk=weighted.pk).update(weight=40)
    actions.make_polls(campaign, branches(root))
    make_usual_stages(campaign)
    campaign.polls.update(place="会议室", host="李主任", entitled_count=9)
    return campaign


def test_the_steps_are_copied_without_their_days(root):
    source = make_from_library(root, "members-yearly")
    source.steps.update(starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 5))

    copy = copy_campaign(source, **NEXT)

    kinds = list(source.steps.values_list("kind", flat=True))
    assert len(kinds) == 5
    assert list(copy.steps.values_list("kind", "starts_on", "ends_on")) == [(kind, None, None) for kind in kinds]


def configured(campaign):
    """All that a copy has in common with its source."""
    own = {field.name for field in Campaign._meta.concrete_fields} - OWN_COLUMNS
    return {
        "stages": [
            (stage.title, list(stage.artefacts.values_list("title", "position"))) for stage in campaign.stages.all()
        ],
        "columns": {name: getattr(campaign, name) for name in own},
        "categories": list(campaign.categories.values_list("name", "weight", "position")),
        "questionnaires": list(
            campaign.questionnaires.values(
                *{field.name for field in Questionnaire._meta.concrete_fields} - {"id", "campaign"}
            )
        ),
        "indicators": list(
            Indicator.objects.filter(questionnaire__campaign=campaign)
            .order_by("questionnaire__position", "position")
            .values_list("questionnaire__key", "text", "is_overall", "position")
        ),
    }


def test_everything_configured_is_there_again_and_nothing_that_was_held(source):
    copy = copy_campaign(source, **NEXT)

    assert configured(copy) == configured(source)
    assert (copy.title, copy.period, copy.copied_from, copy.starts_on) == ("2027年度评议", "2027年度", source, None)
    assert not copy.is_frozen
    assert set(copy.stages.values_list("due_on", flat=True)) == {None}
    assert set(copy.polls.values_list("state", "place", "host", "entitled_count", "meeting_on")) == {
        ("preparing", "", "", None, None)
    }


def test_changing_either_leaves_the_other_as_it_is(source):
    copy = copy_campaign(source, **NEXT)
    before = configured(source)

    copy.channels.append("phone")
    copy.thresholds.append("org-dissatisfied-third")
    copy.save()
    actions.replace_categories(copy, [("群众", None)])
    for questionnaire in copy.questionnaires.all():
        actions.write_indicators(questionnaire, [("另一项", False)])
    actions.choose_units(copy, [])

    assert configured(Campaign.objects.get(pk=source.pk)) == before
    assert source.polls.count() == 2
    assert "phone" not in source.channels


def test_the_ballots_follow_the_roster_of_today(root, source):
    unit = branches(root)[0]
    unit.members.filter(name="王党员").update(is_active=False)
    make_member(unit, "新来的")

    copy = copy_campaign(source, **NEXT)

    assert set(names(copy.polls.get(organization=unit))) == {"第一党支部", "张书记", "李委员", "赵党员", "新来的"}
    assert "王党员" in names(source.polls.get(organization=unit))


def test_units_that_ended_or_left_are_left_out_and_named(root, source):
    first, second = branches(root)
    third = make_organization("第三党支部", parent=root, kind="branch")
    actions.choose_units(source, [first, second, third])
    elsewhere = make_organization("另一党委")
    actions.freeze_ballots(source, by=None)
    actions.deactivate_organization(first, by=None)
    actions.move_organization(second, elsewhere, by=None)

    units = units_of_copy(source)
    copy = copy_campaign(source, **NEXT)

    assert sorted(map(str, units.left_out)) == [
        "第一党支部（已停用或合并）",
        f"第二党支部（已不在{root.name}之下）",
    ]
    assert (units.staying_count, units.left_out_count) == (1, 2)
    assert list(copy.polls.values_list("organization__name", flat=True)) == ["第三党支部"]


def test_many_units_that_are_left_out_are_counted_and_the_first_are_named(root, source, monkeypatch):
    monkeypatch.setattr(copying, "NAMED_AT_ONCE", 3)
    monkeypatch.setattr(copying, "FIRST_NAMES", 2)
    ended = [make_organization(f"第{number}老支部", parent=root, kind="branch") for number in "一二三四"]
    gone = [make_organization(f"第{number}远支部", parent=root, kind="branch") for number in "一二三"]
    actions.make_polls(source, [*ended, *gone])
    elsewhere = make_organization("另一党委")
    actions.freeze_ballots(source, by=None)
    for unit in ended:
        actions.deactivate_organization(unit, by=None)
    for unit in gone:
        actions.move_organization(unit, elsewhere, by=None)

    units = units_of_copy(source)
    copy = copy_campaign(source, **NEXT)

    reason = f"（已不在{root.name}之下）"
    assert units.left_out_words == (
        f"第一老支部、第二老支部等4个（已停用或合并）、第一远支部{reason}、第二远支部{reason}、第三远支部{reason}"
    )
    assert (units.staying_count, units.left_out_count) == (copy.polls.count(), 7)
    assert set(copy.polls.values_list("organization__name", flat=True)) == {"第一党支部", "第二党支部"}


def test_an_organizer_out_of_use_organizes_nothing_more(root, source):
    source.organizer.is_active = False
    source.organizer.save()

    with pytest.raises(StateError, match="已停用"):
        copy_campaign(source, **NEXT)

    assert Campaign.objects.count() == 1


def test_the_copy_of_a_sealed_campaign_is_opened_like_any_other(root):
    units = [make_organization(f"{number}支部", parent=root, kind="branch") for number in "甲乙"]
    sealed = make_sealed_campaign(root, units)

    copy = copy_campaign(sealed, **NEXT, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 31))
    actions.open_polls(copy, by=None)

    assert set(copy.polls.values_list("state", flat=True)) == {"open"}
    assert copy.polls.first().batches.count() == 0


def test_a_proposed_title_that_is_taken_is_numbered(root):
    source = make_campaign(root, title="2026年第三季度评议", period="2026年第三季度")
    proposed = [names_of_copy(source)]
    for _ in range(2):
        copy_campaign(source, title=proposed[-1].title, period=proposed[-1].period, by=None)
        proposed.append(names_of_copy(source))

    assert [entry.title for entry in proposed] == [
        "2026年第四季度评议",
        "2026年第四季度评议（副本）",
        "2026年第四季度评议（副本）2",
    ]
    assert {entry.period for entry in proposed} == {"2026年第四季度"}


def queries(source, title):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        copy = copy_campaign(source, title=title, period="2027年度", by=None)
    return copy, len(captured)


def test_many_units_are_copied_in_as_many_queries_as_few(root, source):
    few, of_few = queries(source, "少")
    more = [make_organization(f"第{number}新支部", parent=root, kind="branch") for number in range(12)]
    for unit in more:
        make_member(unit, "书记", post="secretary")
        make_member(unit, "党员")
    actions.make_polls(source, more)

    many, of_many = queries(source, "多")

    assert (few.polls.count(), many.polls.count()) == (2, 14)
    assert of_many == of_few


def test_each_thing_that_hangs_on_a_campaign_is_copied_or_known_to_stay_behind():
    hanging = {
        relation.get_accessor_name()
        for model in (Campaign, Questionnaire, Category)
        for relation in model._meta.related_objects
        if not relation.hidden
    }

    assert hanging - COPIED - LEFT_BEHIND == set()
