"""最满意的实事 and 最不满意的事项, chosen from the deeds of a unit (seed S1-1): the lists of one sealed poll."""

from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Commitment, Organization

from . import words
from .stage import Stage

DAYS_AGO = 30
# How many ballots chose which deeds of each list, by place; nobody chose what is not named.
PATTERNS = (
    ((0, 2, 4), (1,), 14),
    ((0, 3), (1, 5), 9),
    ((2, 3, 4), (5,), 6),
    ((0, 1), (), 4),
    ((), (1, 3), 2),
    ((), (), 1),
)


def choose_deeds(stage: Stage, unit: Organization) -> None:
    """The people of a unit, which asks them itself, choose at most three deeds that they are most satisfied with, and as
    many of the other kind.

    Everything is fixed: the demo's chance is left as it is.
    """
    deeds = Commitment.objects.bulk_create(
        Commitment(
            organization=unit,
            kind=Commitment.Kind.DEED,
            content=content,
            due_on=stage.day(DAYS_AGO),
            status=Commitment.Status.FULFILLED,
            fulfilled_on=stage.day(DAYS_AGO + 10),
        )
        for content in words.DEEDS_IN_COMMUNITY
    )
    campaign = stage.campaign(
        unit,
        "deeds-choice",
        title=f"{stage.year}年度为民办实事评选",
        period=f"{stage.year}年度",
        starts_on=stage.day(DAYS_AGO + 3),
        ends_on=stage.day(DAYS_AGO - 3),
    )
    (poll,) = actions.make_polls(campaign, [unit])
    for questionnaire in campaign.questionnaires.all():
        actions.add_commitments(poll, questionnaire, deeds)
    (poll,) = stage.open(campaign, [unit])
    marks = [
        "".join("1" if place in chosen else "-" for chosen in (best, worst) for place in range(len(deeds)))
        for best, worst, count in PATTERNS
        for _ in range(count)
    ]
    facts = stage.enter(poll, channel="meeting", category="群众代表", marks=marks)
    stage.close(poll, [facts], entitled=40, attended=len(marks))
    sealing.seal(poll, by=stage.secretary)
