"""The points that a leader's comment goes through (DOMAIN I-19, I-20, I-21; seed S4-2). No Django.

A comment keeps what was said by the point's key, so a list of points is recognized by its keys when a member's post
has changed since.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """A point to comment on; the key is unique among all lists."""

    key: str
    text: str


ORGANIZATION = (
    Point("organization-leadership", "创先争优活动的组织领导情况"),
    Point("organization-commitments", "公开承诺事项的兑现情况"),
    Point("organization-measures", "创建措施落实情况"),
    Point("organization-own-work", "创建活动与本职工作结合情况"),
    Point("organization-party-duty", "履行管党责任情况"),
    Point("organization-effect", "活动效果情况"),
)
CADRE = (
    Point("cadre-taking-part", "参加创先争优活动情况"),
    Point("cadre-commitments", "公开承诺事项兑现情况"),
    Point("cadre-development", "推动科学发展情况"),
    Point("cadre-policy", "执行政策情况"),
    Point("cadre-integrity", "工作作风和廉洁自律情况"),
    Point("cadre-care", "关心服务群众情况"),
    Point("cadre-field", "分管工作落实情况"),
)
MEMBER = (
    Point("member-taking-part", "参加创先争优活动情况"),
    Point("member-commitments", "公开承诺事项兑现情况"),
    Point("member-duty", "履行岗位职责情况"),
    Point("member-service", "服务群众情况"),
    Point("member-style", "工作作风情况"),
    Point("member-results", "工作成效情况"),
)
LISTS = (ORGANIZATION, CADRE, MEMBER)
ORDINARY_POSTS = {"member"}
MAX_POINT_LENGTH = 300


def points_for(post: str | None) -> tuple[Point, ...]:
    """The points for somebody in a post; None stands for the organization itself."""
    if post is None:
        return ORGANIZATION
    return MEMBER if post in ORDINARY_POSTS else CADRE


def points_of(keys: Iterable[str], *, post: str | None) -> tuple[Point, ...]:
    """The list that stored keys belong to; without any, that of the present post."""
    stored = set(keys)
    for points in LISTS:
        if stored & {point.key for point in points}:
            return points
    return points_for(post)
