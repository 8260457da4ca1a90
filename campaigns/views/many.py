"""Sentences about a deed for many polls."""

from django.contrib import messages

from ..actions.in_turn import TurnOutcome

NOT_AS_SEEN = "名单和您刚才看到的已经不同，没有办；请看下面现在的名单，再按一次。"


def tell_left(request, outcome: TurnOutcome) -> None:
    """Say how many a deed did not come to."""
    if outcome.left:
        messages.warning(request, f"还有{len(outcome.left)}个没有轮到，再按一次接着办。")
