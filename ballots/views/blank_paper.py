"""The blank paper ballot."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from campaigns.models import Poll
from campaigns.views.refusing import refuse
from campaigns.ways import way_to

from ..paper.blank import draw_paper
from .fetching import asked_category, poll_to_count


@require_GET
def poll_paper(request, poll_id):
    """A blank ballot to be copied; `?category=` prints the name of those it is for."""
    poll = poll_to_count(request, poll_id)
    if not poll.is_accepting:
        sentence = f"评议点现为“{poll.get_state_display()}”，开启或演练时才能印纸质票。"
        refuse(request, sentence, way_to("评议活动", "campaigns:campaign_detail", poll.campaign_id))
        return redirect("ballots:poll_detail", poll_id=poll.pk)
    category = asked_category(request, poll)
    rehearsal = "演练 " if poll.state == Poll.State.REHEARSING else ""
    name = f"{rehearsal}纸质评议票 {poll.unit_name}{f' {category}' if category else ''}.pdf"
    return HttpResponse(
        draw_paper(poll, category=category),
        content_type="application/pdf",
        headers={"Content-Disposition": content_disposition_header(True, name)},
    )
