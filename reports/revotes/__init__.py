"""整改满意度再评: problems that were answered, put to the vote again, and what becomes of them."""

from .content import RevoteOutcome, campaigns_to_settle, outcomes_of

__all__ = ["RevoteOutcome", "campaigns_to_settle", "outcomes_of"]
