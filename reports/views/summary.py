"""The 小结: words by the secretary, figures by the tally."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from campaigns.models import Organization
from campaigns.permissions import can_write_summary, require

from .. import pdf
from ..actions import save_summary
from ..forms import SummaryForm
from ..summary import EDITABLE, SummaryContent, campaign_summary, poll_summary
from .downloads import PDF, attachment
from .results import chosen_node, visible_campaign, visible_poll


def summary_edit(request, poll_id):
    poll = visible_poll(request, poll_id)
    require(can_write_summary(request.user, poll))
    content = poll_summary(poll)
    initial = {section.key: section.text for section in content.sections if section.key in EDITABLE}
    form = SummaryForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        # A browser sends line breaks as \r\n; what is compared and kept has \n.
        texts = {key: text.replace("\r\n", "\n") for key, text in form.cleaned_data.items()}
        save_summary(poll, texts, by=request.user)
        messages.success(request, "小结已保存。")
        return redirect("reports:summary_edit", poll_id=poll.pk)
    rows = [(section, form[section.key] if section.key in EDITABLE else None) for section in content.sections]
    context = {"poll": poll, "content": content, "form": form, "rows": rows}
    return render(request, "reports/summary_edit.html", context)


@never_cache
def summary_pdf(request, poll_id):
    poll = visible_poll(request, poll_id)
    return _download(request, poll_summary(poll), back=("reports:poll_results", poll.pk))


@never_cache
def campaign_summary_pdf(request, campaign_id):
    campaign = visible_campaign(request, campaign_id)
    top = Organization.objects.get(pk=chosen_node(request, campaign).organization_id)
    return _download(request, campaign_summary(campaign, top=top), back=("reports:campaign_results", campaign.pk))


def _download(request, content: SummaryContent, *, back):
    """The final copy where nothing is missing, or the draft that `?draft=1` asks for."""
    is_draft = request.GET.get("draft") == "1"
    if not is_draft and not content.is_complete:
        missing = "、".join(content.missing)
        messages.error(request, f"小结还有【待填】：{missing}。补齐后才能导出正式稿，现在可以下载草稿。")
        return redirect(*back)
    name = f"{content.title}{'（草稿）' if is_draft else ''}.pdf"
    return attachment(pdf.summary(content, is_draft=is_draft), name=name, content_type=PDF)
