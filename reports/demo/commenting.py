"""Leaders' comments of the demo."""

from collections.abc import Iterable, Sequence

from campaigns.models import Campaign, Member, Organization

from ..comments.points import points_for
from ..models import LeaderComment
from . import people, words
from .stage import ROWS_AT_ONCE, Stage

Leader = tuple[str, str]


def leaders(stage: Stage, posts: Iterable[str]) -> list[Leader]:
    """A name for each post."""
    posts = list(posts)
    return list(zip(people.names(len(posts), stage.chance), posts, strict=True))


def comment_on(
    stage: Stage,
    campaign: Campaign,
    units: Iterable[Organization],
    *,
    by: Sequence[Leader],
    days_ago: int,
    followed_up: int = 60,
    members: Iterable[Member] = (),
) -> None:
    """Comments on units and on members, by the leaders in turn; so many of a hundred were followed up since."""
    subjects = [(unit, None) for unit in units] + [(member.organization, member) for member in members]
    LeaderComment.objects.bulk_create(
        (
            _comment(stage, campaign, unit, member, by[place % len(by)], days_ago, followed_up)
            for place, (unit, member) in enumerate(subjects)
        ),
        batch_size=ROWS_AT_ONCE,
    )


def _comment(
    stage: Stage,
    campaign: Campaign,
    unit: Organization,
    member: Member | None,
    leader: Leader,
    days_ago: int,
    followed_up: int,
) -> LeaderComment:
    points = stage.chance.sample(points_for(member.post if member else None), 2)
    is_followed_up = stage.chance.randrange(100) < followed_up
    comment = LeaderComment(
        campaign=campaign,
        organization=unit,
        member=member,
        leader=leader[0],
        leader_post=leader[1],
        commented_on=stage.day(days_ago),
        mode=LeaderComment.Mode.TALK if member else stage.chance.choice(words.MODES),
        points={points[0].key: stage.chance.choice(words.GOOD), points[1].key: stage.chance.choice(words.WANTING)},
        content=stage.chance.choice(words.CONCLUSIONS),
        recorded_by=stage.secretary,
    )
    if is_followed_up:
        comment.follow_up = stage.chance.choice(words.FOLLOWED_UP)
        comment.followed_up_on = stage.day(days_ago - 8)
    return comment
