"""What came after the count, as far as a 小结 speaks of it."""

from dataclasses import dataclass
from datetime import date

from ..comments import CommentFigures, comments_content
from ..commitments import CommitmentFigures, commitments_content
from ..ledger import LedgerFigures, ledger_content
from ..opinions import OpinionFigures, opinions_content
from ..scope import Scope


@dataclass(frozen=True)
class FollowUp:
    """The figures of opinions, ledger, comments and commitments; each comes from its own module alone."""

    opinions: OpinionFigures
    ledger: LedgerFigures
    comments: CommentFigures
    commitments: CommitmentFigures


def follow_up_of(scope: Scope, *, today: date) -> FollowUp:
    return FollowUp(
        opinions_content(scope).figures,
        ledger_content(scope, today=today).figures,
        comments_content(scope).figures,
        commitments_content(scope).figures,
    )
