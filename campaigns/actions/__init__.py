"""Deeds on campaigns that write several tables together."""

from .campaigns import (
    Frozen,
    create_campaign,
    delete_campaign,
    editing,
    frozen_reason,
    replace_categories,
    set_categories,
)
from .opening import NotReady, compose_form, freeze_ballots, open_polls
from .organizations import (
    TreeError,
    activate_organization,
    add_organization,
    add_organizations,
    deactivate_organization,
    lock_trees,
    move_organization,
    path_of,
    transfer_member,
)
from .polls import choose_units, make_polls
from .questionnaires import (
    DEFAULT_RULES,
    KIND_OF_RULE,
    add_questionnaire,
    copy_questionnaire,
    remove_questionnaire,
    scale_from_library,
    write_indicators,
)
from .targets import (
    POSTS_OF_RULE,
    arrange_targets,
    order_targets,
    refresh_targets,
    targets_following,
    targets_of,
)

__all__ = [
    "DEFAULT_RULES",
    "KIND_OF_RULE",
    "POSTS_OF_RULE",
    "Frozen",
    "NotReady",
    "TreeError",
    "activate_organization",
    "add_organization",
    "add_organizations",
    "add_questionnaire",
    "arrange_targets",
    "choose_units",
    "compose_form",
    "copy_questionnaire",
    "create_campaign",
    "deactivate_organization",
    "delete_campaign",
    "editing",
    "freeze_ballots",
    "frozen_reason",
    "lock_trees",
    "make_polls",
    "move_organization",
    "open_polls",
    "order_targets",
    "path_of",
    "refresh_targets",
    "remove_questionnaire",
    "replace_categories",
    "scale_from_library",
    "set_categories",
    "targets_following",
    "targets_of",
    "transfer_member",
    "write_indicators",
]
