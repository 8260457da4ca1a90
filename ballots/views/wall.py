"""The wall screen of a meeting: its code of the moment and the turnout in steps; never a result."""

import segno
from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from campaigns.models import Poll
from campaigns.views.fetching import poll_to_run
from pingyi.addresses import public_address

from ..counting import turnout
from ..models import Batch
from ..voting.codes import pretty, screen_code

REFRESH_SECONDS = 10


@never_cache
@require_safe
def poll_wall(request, poll_id):
    poll = poll_to_run(request, poll_id)
    batches = list(poll.batches.counting().select_related("category")) if poll.is_accepting else []
    with_code = [batch for batch in batches if batch.screen_secret]
    screens = [_screen(request, batch) for batch in with_code if batch.is_door_open]
    context = {
        "poll": poll,
        "is_rehearsal": poll.state == Poll.State.REHEARSING,
        "screens": screens,
        "is_shut": bool(with_code) and not screens,
        "minutes": settings.SCREEN_CODE_SECONDS // 60,
        "site": public_address(request, reverse("ballots:code_enter")),
        "turnout": turnout.turnout_text(turnout.turnout_of(batches)),
        "right_count": sum(batch.printed_count for batch in batches),
    }
    response = render(request, "ballots/poll_wall.html", context)
    # The header, so that it needs no script; nobody reads or types on this page.
    response["Refresh"] = str(REFRESH_SECONDS)
    return response


def _screen(request, batch: Batch) -> dict:
    code = screen_code(batch)
    address = public_address(request, reverse("ballots:code_claim", args=[code]))
    return {
        "category": batch.category,
        "code": pretty(code),
        "picture": segno.make(address, error="m", micro=False).svg_data_uri(border=2, scale=10),
    }
