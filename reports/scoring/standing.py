"""How far the scoring of each unit has come: a state, and no figure of any sheet."""

from collections.abc import Iterable
from dataclasses import dataclass

from campaigns.models import Campaign, Poll

from ..models import FinishedScoring, ScoreBox


@dataclass
class UnitStanding:
    """A unit with its state; what the user may do is added by the page."""

    poll: Poll
    is_begun: bool
    is_finished: bool
    can_key: bool = False
    can_see: bool = False
    can_read_points: bool = False

    @property
    def label(self) -> str:
        if self.is_finished:
            return "录入完毕" if self.poll.state == Poll.State.SEALED else "录入完毕，等评议点封存"
        return "录入中" if self.is_begun else "未录入"


def units_standing(campaign: Campaign, polls: Iterable[Poll]) -> list[UnitStanding]:
    """The units of some polls of a campaign; three queries."""
    begun = set(ScoreBox.objects.filter(poll__campaign=campaign).order_by("pk").values_list("poll_id", flat=True))
    finished = set(FinishedScoring.objects.filter(poll__campaign=campaign).values_list("poll_id", flat=True))
    return [UnitStanding(poll, poll.pk in begun, poll.pk in finished) for poll in polls]
