"""A bureau whose leading team and each of its members were appraised on one ballot (S1-2, S2), three kinds of people weighed (C15)."""

from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Organization, Poll, Questionnaire

from .. import words
from ..desk import sort_opinions
from ..stage import Stage

# The ballots of each kind of people by the grade that they give the team: 满意, 基本满意, 不满意 (C15).
OF_THE_TEAM = {
    "A类（领导班子成员）": (8, 2, 0),
    "B类（中层干部）": (12, 6, 2),
    "C类（党员群众代表）": (22, 10, 8),
}
TEAM_SIZE, LINES_OF_THE_TEAM, LINES_OF_A_MEMBER = 10, 4, 7
# 满意, 基本满意, 不满意 in the score (C15).
SCORES = (100, 80, 0)


def team(stage: Stage, root: Organization) -> None:
    poll = _appraise(stage, root)
    stage.look_at_tables()
    sort_opinions(stage, poll)


def _appraise(stage: Stage, root: Organization) -> Poll:
    """C15: ten of the team, twenty heads of offices and forty members and masses, each kind's sheets apart; sealed."""
    leaders = stage.add_members([(root, TEAM_SIZE)], deputies=TEAM_SIZE - 1)
    stage.promise([(member, 2) for member in leaders], contents=words.COMMITMENTS_IN_OFFICE)
    campaign = stage.campaign(
        root,
        "leadership-team",
        title=f"{stage.year}年度领导班子和班子成员评议",
        period=f"{stage.year}年度",
        starts_on=stage.day(21),
        ends_on=stage.day(19),
    )
    scale = actions.scale_from_library("satisfaction-3", scores=SCORES)
    Questionnaire.objects.filter(campaign=campaign).update(scale=scale)
    (poll,) = stage.open(campaign, [root])
    stage.describe([poll], days_ago=20, place="机关一楼大会议室", supervisor="市委组织部考核组")
    facts = [
        stage.enter(poll, channel="meeting", category=name, marks=_marks(stage, counts), opinions=opinions)
        for (name, counts), opinions in zip(
            OF_THE_TEAM.items(), ((), stage.opinions(poll, 3), stage.opinions(poll, 4)), strict=True
        )
    ]
    people = sum(map(sum, OF_THE_TEAM.values()))
    stage.close(poll, facts, entitled=people, attended=people)
    sealing.seal(poll, by=stage.secretary)
    return poll


def _marks(stage: Stage, counts: tuple[int, int, int]) -> list[str]:
    """So many ballots of each grade of the team as a whole; of a member a line differs from it now and then."""
    marks = []
    for grade, count in zip("123", counts, strict=True):
        for _ in range(count):
            lines = stage.chance.choices((grade, "1"), weights=(3, 1), k=TEAM_SIZE * LINES_OF_A_MEMBER)
            marks.append(grade * LINES_OF_THE_TEAM + "".join(lines))
    return marks
