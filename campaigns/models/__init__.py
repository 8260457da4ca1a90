"""Models of who is appraised, on what, by whom, when."""

from .account import AccountDeed, AccountStanding, SignInTries
from .campaign import Campaign, Category, Channel
from .commitment import Commitment
from .extension import Extension
from .history import MemberTransfer, OrganizationChange
from .member import Member
from .organization import Organization
from .place import FormerPlace
from .poll import Poll, PollQuerySet, Target
from .questionnaire import Grade, Indicator, Questionnaire, Scale, TargetKind
from .role import Role
from .table_mapping import TableMapping

__all__ = [
    "AccountDeed",
    "AccountStanding",
    "Campaign",
    "Category",
    "Channel",
    "Commitment",
    "Extension",
    "FormerPlace",
    "Grade",
    "Indicator",
    "Member",
    "MemberTransfer",
    "Organization",
    "OrganizationChange",
    "Poll",
    "PollQuerySet",
    "Questionnaire",
    "Role",
    "Scale",
    "SignInTries",
    "TableMapping",
    "Target",
    "TargetKind",
]
