"""A campaign from the library over a committee with two branches."""

from campaigns import actions
from campaigns.models import Campaign


def branches(root):
    return list(root.children.order_by("pk"))


def make_from_library(root, appraisal="branch-secretary-members", **facts) -> Campaign:
    return actions.create_campaign(
        organizer=root, appraisal=appraisal, title="2026年度评议", period="2026年度", by=None, **facts
    )


def names(poll) -> list[str]:
    return list(poll.targets.values_list("name", flat=True))
