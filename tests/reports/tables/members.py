"""Members who are appraised on several lines, on a scale with two grades outside the base."""

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.library import LibraryGrade
from campaigns.models import Poll
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_member,
    make_organization,
)

# Marks 1 to 5; the last two count in no base.
LABELS = ("满意", "基本满意", "不满意", "不了解", "没有接触")
INDICATORS = ("践行承诺", "履行职责", "联系群众")
NAMES = ("党员甲", "党员乙", "党员丙", "党员丁")


def make_members_poll(
    *ballots: dict[str, int], names=NAMES, indicators=INDICATORS, channels=("meeting", "paper"), **overrides
) -> Poll:
    """A sealed poll about members: for each channel marks → how many."""
    branch = make_organization("第一支部", kind="branch")
    for name in names:
        make_member(branch, name)
    campaign = make_campaign(branch, indicators=indicators, **overrides)
    grades = [
        LibraryGrade(label=label, is_positive=place < 2, score=None, is_in_base=place < 3)
        for place, label in enumerate(LABELS)
    ]
    campaign.questionnaires.update(
        target_kind="member",
        target_rule="its_members",
        title="党员评议表",
        scale=actions.own_scale("评议等次", grades),
    )
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    for channel, marks in zip(channels, ballots, strict=False):
        enter_ballots(make_batch(poll, channel=channel, method="entered"), marks)
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll
