"""Sentences about a deed for many polls."""

from django.contrib import messages

from ..actions.in_turn import TurnOutcome

NOT_AS_SEEN = "名单和您刚才看到的已经不同，没有办；请看下面现在的名单，再按一次。"


def tell_left(request, outcome: TurnOutcome) -> None:
    """Say how many a deed did not come to."""
    tell_waiting(request, len(outcome.left))


def tell_waiting(request, count: int) -> None:
    """Say how many a deed did not come to; nothing where it came to all."""
    if count > 0:
        messages.warning(request, f"还有{count}个没有轮到，再按一次接着办。")
