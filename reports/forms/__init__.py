"""Forms of what follows the count, a file a noun."""

from .findings import FindingForm
from .scores import ExcellentForm, RateCheckForm, ScoreChoiceForm
from .summary import SummaryForm

__all__ = ["ExcellentForm", "FindingForm", "RateCheckForm", "ScoreChoiceForm", "SummaryForm"]
