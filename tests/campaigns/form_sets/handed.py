"""A campaign with everything that a set hands down, and the set made of it."""

from campaigns import actions
from campaigns.form_sets.actions import hand_down
from campaigns.library import LibraryGrade
from tests.factories import kept_limit, make_campaign

GRADES = [
    LibraryGrade(label="同意", is_positive=True, score=100),
    LibraryGrade(label="不同意", is_positive=False, score=0),
    LibraryGrade(label="弃权", is_positive=False, score=None),
    LibraryGrade(label="没有接触", is_positive=False, score=None, is_in_base=False),
]


def make_handed_campaign(unit, **overrides):
    """Three questionnaires: on a scale of the library, on one with scores of the office's own, and on one of its own."""
    campaign = make_campaign(
        unit, unknown=True, thresholds=["org-dissatisfied-third", kept_limit()], judged="each", decimals=2, **overrides
    )
    with actions.targets_following(campaign):
        scored = actions.copy_questionnaire(campaign, "organization-four")
        consent = actions.copy_questionnaire(campaign, "organization-four")
    scored.scale = actions.scale_from_library("satisfaction-3", scores=(100, 80, 0))
    scored.save()
    consent.scale = actions.own_scale("同意与否", GRADES)
    consent.title = "方案表决表"
    consent.save()
    return campaign


def make_form_set(unit, *, title="2026年度规范表格", **overrides):
    return hand_down(make_handed_campaign(unit, **overrides), title=title, note="可以增加，不得删减。", by=None)
