"""After the count."""

from .adoption import Adoption
from .announcement import Announcement, Objection
from .api_token import ApiToken
from .comment import LeaderComment
from .consequence import Appeal, Consequence
from .export import Export
from .finding import Finding
from .grading import Grading, MemberGrade
from .kept_sums import KeptSums
from .letterbox import Letter, Letterbox
from .minutes import Attendance, Minutes
from .notice import MailAddress, Notice, NoticeChoice, Webhook
from .opinion import OpinionReading
from .person_deed import PersonDeed
from .problem import Measure, Problem, ProblemChange, ProgressNote
from .retention import Clearing, KeptKind, RetentionPeriod
from .revote import Revote
from .score import ExcellentCount, ScoreChoice
from .scoring import FinishedScoring, RaterGroup, ScoreAdjustment, ScoreBox, ScoreIndicator, ScoreScheme
from .self_appraisal import SelfAppraisal, SelfAppraisalLink
from .summary import Summary, SummaryVersion
from .superior_mark import SuperiorMark
from .window import ServiceWindow, WindowDay, WindowReceipt, WindowTaking, WindowWord
from .word_template import WordTemplate
from .work_report import WorkReport

__all__ = [
    "Adoption",
    "Announcement",
    "ApiToken",
    "Appeal",
    "Attendance",
    "Clearing",
    "Consequence",
    "ExcellentCount",
    "Export",
    "Finding",
    "FinishedScoring",
    "Grading",
    "KeptKind",
    "KeptSums",
    "LeaderComment",
    "Letter",
    "Letterbox",
    "MailAddress",
    "Measure",
    "MemberGrade",
    "Minutes",
    "Notice",
    "NoticeChoice",
    "Objection",
    "OpinionReading",
    "PersonDeed",
    "Problem",
    "ProblemChange",
    "ProgressNote",
    "RaterGroup",
    "RetentionPeriod",
    "Revote",
    "ScoreAdjustment",
    "ScoreBox",
    "ScoreChoice",
    "ScoreIndicator",
    "ScoreScheme",
    "SelfAppraisal",
    "SelfAppraisalLink",
    "ServiceWindow",
    "Summary",
    "SummaryVersion",
    "SuperiorMark",
    "Webhook",
    "WindowDay",
    "WindowReceipt",
    "WindowTaking",
    "WindowWord",
    "WordTemplate",
    "WorkReport",
]
