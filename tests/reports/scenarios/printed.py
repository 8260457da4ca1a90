"""Sealed polls of the scenarios and their figures as the page, the 小结 and the tally file print them."""

import json

from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from reports.report import summary_of
from reports.scope import Scope
from reports.tables import tally_format
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_organization,
)

ONE = ("总体评价",)


def page_of(client, poll, who="secretary", *, people=None, name="poll_results"):
    client.force_login(getattr(people or make_cast(poll.organization), who))
    return client.get(reverse(f"reports:{name}", args=[poll.pk])).content.decode()


def paragraphs_of(poll, key="results"):
    (section,) = [section for section in summary_of(Scope.of_poll(poll)).sections if section.key == key]
    return ["".join(piece.text for piece in paragraph) for paragraph in section.paragraphs]


def rows_of(poll):
    return json.loads(tally_format.to_json(tally_format.build(poll.campaign)))["rows"]


def make_poll_about_members():
    """Twelve members of a branch graded together by twelve ballots."""
    branch = make_organization(kind="branch")
    campaign = make_campaign(branch, indicators=("综合评定",), scale="member-4")
    campaign.questionnaires.update(target_kind="member", target_rule="members_together", target_name="全体党员")
    actions.make_polls(campaign, [branch])
    campaign.polls.update(entitled_count=12)
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"2": 12})
    close_poll(poll, attended=12)
    sealing.seal(poll, by=None)
    return poll


def make_two_branches(*marks, both=False):
    """Sealed polls of two branches, with a second form about all members on each ballot if asked; None stays open."""
    root = make_organization()
    units = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_campaign(root, indicators=ONE, thresholds=["org-dissatisfied-third"])
    if both:
        actions.copy_questionnaire(campaign, "member-overall", rule="members_together", target_name="本单位党员")
    actions.make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll, ballots in zip(campaign.polls.all(), marks, strict=True):
        if ballots is None:
            continue
        enter_ballots(
            make_batch(poll, method="entered"), {grade * (1 + both): count for grade, count in ballots.items()}
        )
        close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


def report_text(content):
    """A whole 小结 as it reads."""
    return "\n".join(
        "".join(piece.text for piece in paragraph) for section in content.drawn for paragraph in section.paragraphs
    )
