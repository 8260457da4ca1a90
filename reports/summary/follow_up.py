"""Figures after the count, as far as a 小结 speaks of them."""

from dataclasses import dataclass
from datetime import date

from ..comments import CommentFigures, comment_figures
from ..commitments.content import CommitmentFigures, commitment_figures
from ..ledger.content import LedgerFigures, figures_of, problems_of
from ..opinions.readings import OpinionFigures, opinion_figures
from ..scope import Scope


@dataclass(frozen=True)
class FollowUp:
    """The figures of opinions, ledger, comments and commitments; each comes from its own module alone."""

    opinions: OpinionFigures
    ledger: LedgerFigures
    comments: CommentFigures
    commitments: CommitmentFigures


def follow_up_of(scope: Scope, *, today: date) -> FollowUp:
    """The figures of a scope alone; `today` decides what is overdue."""
    return FollowUp(
        opinion_figures(scope.polls),
        figures_of(problems_of(scope), today=today),
        comment_figures(scope),
        commitment_figures(scope.within("organization")),
    )
