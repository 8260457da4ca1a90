"""A secretary's answers where the count stops and asks."""

from django.utils import timezone

from campaigns.models import Poll

from ..models import ExcellentCount, ScoreChoice


def choose_score(poll: Poll, answer: str, *, by) -> None:
    """Record the decision about weighted categories without ballots (scenario C15)."""
    ScoreChoice.objects.update_or_create(
        poll=poll, defaults={"answer": answer, "decided_by": by, "decided_at": timezone.now()}
    )


def count_excellent(poll: Poll, *, by, **facts) -> None:
    """Record how many members were named 优秀, of how many, and why where it is more than the limit (C17)."""
    ExcellentCount.objects.update_or_create(
        poll=poll, defaults={**facts, "decided_by": by, "decided_at": timezone.now()}
    )
