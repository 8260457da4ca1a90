"""Models of who is appraised, on what, by whom, when."""

from .account import AccountDeed, AccountStanding, SignInTries
from .campaign import Campaign, Category, Channel
from .commitment import Commitment
from .document import AppraisedDocument, DocumentDraft
from .extension import Extension
from .form_set import FormSet, FormSetQuerySet
from .history import MemberTransfer, OrganizationChange
from .late_fact import LateFact
from .long_deed import LongDeed
from .member import Member
from .organization import Organization
from .place import FormerPlace
from .poll import Poll, PollQuerySet, Target
from .questionnaire import Grade, Indicator, Questionnaire, Scale, TargetKind
from .role import Role
from .roster_import import RosterImport
from .second_factor import RecoveryCode, SecondFactor
from .stage import Artefact, ArtefactFile, CampaignStage
from .step import CampaignStep
from .table_mapping import TableMapping
from .taken_back import TakenBack
from .trail import BegunDeed, TrailArchive, TrailEntry, TrailIsKept
from .unsaved_text import UnsavedText
from .year_plan import PlannedPeriod, YearPlan

__all__ = [
    "AccountDeed",
    "AccountStanding",
    "AppraisedDocument",
    "Artefact",
    "ArtefactFile",
    "BegunDeed",
    "Campaign",
    "CampaignStage",
    "CampaignStep",
    "Category",
    "Channel",
    "Commitment",
    "DocumentDraft",
    "Extension",
    "FormSet",
    "FormSetQuerySet",
    "FormerPlace",
    "Grade",
    "Indicator",
    "LateFact",
    "LongDeed",
    "Member",
    "MemberTransfer",
    "Organization",
    "OrganizationChange",
    "PlannedPeriod",
    "Poll",
    "PollQuerySet",
    "Questionnaire",
    "RecoveryCode",
    "Role",
    "RosterImport",
    "Scale",
    "SecondFactor",
    "SignInTries",
    "TableMapping",
    "TakenBack",
    "Target",
    "TargetKind",
    "TrailArchive",
    "TrailEntry",
    "TrailIsKept",
    "UnsavedText",
    "YearPlan",
]
