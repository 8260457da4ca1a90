"""Files to be printed or written on: the 小结 in Word, letters to targets, and the lists of opinions, problems, comments."""

from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache

from campaigns.permissions import can_read_opinions, require

from .. import pdf, word
from ..comments import comments_content
from ..feedback import feedback_content
from ..opinions import opinions_content
from ..scope import Scope
from .downloads import PDF, asked_ledger, attachment
from .results import visible_poll
from .summary import download, poll_desk, unit_desk
from .units import chosen_campaign, chosen_unit

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@never_cache
def summary_docx(request, poll_id):
    return download(request, poll_desk(request, poll_id), draw=word.summary, ending="docx", content_type=DOCX)


@never_cache
def campaign_summary_docx(request, campaign_id):
    return download(request, unit_desk(request, campaign_id), draw=word.summary, ending="docx", content_type=DOCX)


@never_cache
def feedback_pdf(request, poll_id, target_id):
    poll = visible_poll(request, poll_id)
    require(can_read_opinions(request.user, poll))
    target = get_object_or_404(poll.targets.select_related("poll__campaign__organizer"), pk=target_id)
    body = pdf.feedback(feedback_content(target, issued_on=timezone.localdate()))
    return attachment(body, name=f"评议结果反馈函-{target.name}.pdf", content_type=PDF)


@never_cache
def opinions_pdf(request, poll_id):
    poll = visible_poll(request, poll_id)
    require(can_read_opinions(request.user, poll))
    body = pdf.opinions_list(opinions_content(Scope.of_poll(poll)), f"{poll.campaign}·{poll.organization}")
    return attachment(body, name=f"意见建议清单-{poll.organization}.pdf", content_type=PDF)


@never_cache
def ledger_pdf(request):
    content, title = asked_ledger(request)
    return attachment(pdf.ledger(content, title), name="整改台账.pdf", content_type=PDF)


@never_cache
def comments_pdf(request):
    """The comments of a campaign at and below a unit, as the list's page chooses them."""
    campaign = chosen_campaign(request)
    require(campaign is not None)
    unit = chosen_unit(request, within=campaign.organizer)
    body = pdf.comments(comments_content(Scope(campaign, unit)), f"{campaign}·{unit}")
    return attachment(body, name=f"领导点评台账-{unit}.pdf", content_type=PDF)
