"""The blank paper ballot."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from campaigns.models import Poll
from campaigns.views.refusing import refuse
from campaigns.ways import way_to

from ..forms.copies import CopiesForm
from ..paper.blank import draw_paper
from ..paper.copies import copied
from .fetching import asked_category, poll_to_count


@require_GET
def poll_paper(request, poll_id):
    """A blank ballot to be copied; `?category=` prints the name of those it is for, `?copies=` makes a file of many."""
    poll = poll_to_count(request, poll_id)
    if not poll.is_accepting:
        return _refused(request, poll)
    category = asked_category(request, poll)
    form = CopiesForm(request.GET, poll=poll) if "copies" in request.GET else None
    if form and not form.is_valid():
        return redirect(f"{reverse('ballots:paper_copies', args=[poll.pk])}?{request.GET.urlencode()}")
    document, count = draw_paper(poll, category=category), ""
    if form:
        copies = form.cleaned_data["copies"]
        document, count = copied(document, copies, is_duplex=form.is_duplex), f" {copies}份"
    rehearsal = "演练 " if poll.state == Poll.State.REHEARSING else ""
    name = f"{rehearsal}纸质评议票 {poll.unit_name}{f' {category}' if category else ''}{count}.pdf"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(document, content_type="application/pdf", headers=headers)


@require_GET
def paper_copies(request, poll_id):
    """How many blank ballots for whom; the file itself is the other address, which sends back here what it cannot read."""
    poll = poll_to_count(request, poll_id)
    if not poll.is_accepting:
        return _refused(request, poll)
    asked = request.GET if "copies" in request.GET else None
    form = CopiesForm(asked, poll=poll, initial={"category": asked_category(request, poll)})
    return render(request, "ballots/paper_copies.html", {"poll": poll, "form": form})


def _refused(request, poll):
    sentence = f"评议点现为“{poll.get_state_display()}”，开启或演练时才能印纸质票。"
    refuse(request, sentence, way_to("评议活动", "campaigns:campaign_detail", poll.campaign_id))
    return redirect("ballots:poll_detail", poll_id=poll.pk)
