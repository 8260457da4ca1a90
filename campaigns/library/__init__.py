"""Ready-made questionnaires and appraisals, as data.

The wording of indicators is that of real notices and reports; `source` says which. A secretary copies an entry into
a campaign and edits the copy: nothing here is ever changed by use, and nothing here needs Django.
"""

from functools import cache
from types import MappingProxyType

from . import loader
from .entries import (
    MOST_CHOSEN,
    MOST_POINTS,
    MOST_RATERS,
    MOST_SCORE_LINES,
    UNKNOWN_GRADE,
    LibraryAppraisal,
    LibraryClarity,
    LibraryGrade,
    LibraryIndicator,
    LibraryQuestionnaire,
    LibraryRules,
    LibraryScale,
    LibraryTarget,
    LibraryThreshold,
)
from .loader import LibraryError
from .own_scales import MOST_GRADES, ScaleFault, scale_faults
from .own_thresholds import (
    DEFAULT_REVIEW_STATE,
    KIND_LABELS,
    SHARE_HELP,
    AskedGrades,
    ThresholdFault,
    kept_threshold,
    own_threshold,
    share_of,
    threshold_faults,
    threshold_kept,
)

__all__ = [
    "DEFAULT_REVIEW_STATE",
    "KIND_LABELS",
    "MOST_CHOSEN",
    "MOST_GRADES",
    "MOST_POINTS",
    "MOST_RATERS",
    "MOST_SCORE_LINES",
    "SHARE_HELP",
    "UNKNOWN_GRADE",
    "AskedGrades",
    "LibraryAppraisal",
    "LibraryClarity",
    "LibraryError",
    "LibraryGrade",
    "LibraryIndicator",
    "LibraryQuestionnaire",
    "LibraryRules",
    "LibraryScale",
    "LibraryTarget",
    "LibraryThreshold",
    "ScaleFault",
    "ThresholdFault",
    "appraisals",
    "grades_of",
    "kept_threshold",
    "own_threshold",
    "questionnaires",
    "scale_faults",
    "scales",
    "share_of",
    "threshold_faults",
    "threshold_kept",
    "thresholds",
]


@cache
def scales() -> MappingProxyType[str, LibraryScale]:
    return MappingProxyType(loader.build_scales(loader.read_entries("scales")))


@cache
def questionnaires() -> MappingProxyType[str, LibraryQuestionnaire]:
    return MappingProxyType(loader.build_questionnaires(loader.read_entries("questionnaires"), scales=scales()))


@cache
def thresholds() -> MappingProxyType[str, LibraryThreshold]:
    return MappingProxyType(loader.build_thresholds(loader.read_entries("thresholds"), scales=scales()))


@cache
def appraisals() -> MappingProxyType[str, LibraryAppraisal]:
    return MappingProxyType(
        loader.build_appraisals(
            loader.read_entries("appraisals"), scales=scales(), questionnaires=questionnaires(), thresholds=thresholds()
        )
    )


def grades_of(scale: str, *, unknown: bool = False) -> tuple[LibraryGrade, ...]:
    """The grades printed for a scale; with `unknown`, 不了解 comes last and stays outside the base."""
    grades = scales()[scale].grades
    return (*grades, UNKNOWN_GRADE) if unknown else grades
