"""After the count."""

from .announcement import Announcement, Objection
from .comment import LeaderComment
from .export import Export
from .finding import Finding
from .opinion import OpinionReading
from .problem import Measure, Problem, ProblemChange, ProgressNote
from .score import ExcellentCount, ScoreChoice
from .summary import Summary, SummaryVersion

__all__ = [
    "Announcement",
    "ExcellentCount",
    "Export",
    "Finding",
    "LeaderComment",
    "Measure",
    "Objection",
    "OpinionReading",
    "Problem",
    "ProblemChange",
    "ProgressNote",
    "ScoreChoice",
    "Summary",
    "SummaryVersion",
]
