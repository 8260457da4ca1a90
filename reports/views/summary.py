"""The 小结 of a poll, and of a unit's part of a campaign: words by the secretary, figures by the system, versions."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.permissions import can_read_opinions, can_write_summary, require
from campaigns.views.posting import posted
from campaigns.views.refusing import told, with_link

from ..files import pdf
from ..forms.summary import SeenForm, SummaryForm
from ..models import SummaryVersion
from ..permissions import can_read_opinions_below, can_write_unit_summary
from ..report import summary_for_download, summary_of
from ..report.filing import CannotFile, file_summary
from ..report.snapshot import thaw, thaw_summary
from ..scope import Scope
from ..summary import EDITABLE, SummaryContent
from ..summary.actions import Outdated, restore_version, save_summary
from .addresses import results_address
from .fetching.results import chosen_scope, numbered_version, poll_of_results
from .sending import PDF, attachment

VERSIONS_PER_PAGE = 50


@dataclass(frozen=True)
class SummaryPages:
    """Where one 小结 is worked on: what it is about, what the user may do, and the addresses of its pages."""

    scope: Scope
    may_write: bool
    may_read: bool

    def address(self, name: str, **more) -> str:
        if self.scope.poll:
            return reverse(f"reports:summary_{name}", kwargs={"poll_id": self.scope.poll.pk, **more})
        page = "campaign_summary_pdf" if name == "pdf" else f"unit_summary_{name}"
        path = reverse(f"reports:{page}", kwargs={"campaign_id": self.scope.campaign.pk, **more})
        return f"{path}?unit={self.scope.unit.pk}"

    @property
    def pages(self) -> dict[str, str]:
        """The addresses that templates link to; a query may follow each."""
        pages = {name: self.address(name) for name in ("edit", "finalize", "versions", "pdf")}
        return {**pages, "more": "?" if self.scope.poll else "&", "results": self.results}

    @property
    def results(self) -> str:
        return results_address(self.scope)

    @property
    def versions(self):
        """The versions without the figures filed with them, which may be many."""
        return SummaryVersion.objects.of(self.scope).select_related("saved_by").defer("snapshot")


def poll_desk(request, poll_id: int) -> SummaryPages:
    poll = poll_of_results(request, poll_id)
    user = request.user
    return SummaryPages(Scope.of_poll(poll), can_write_summary(user, poll), can_read_opinions(user, poll))


def unit_desk(request, campaign_id: int) -> SummaryPages:
    scope, user = chosen_scope(request, campaign_id), request.user
    return SummaryPages(scope, can_write_unit_summary(user, scope.unit), can_read_opinions_below(user, scope.unit))


def summary_edit(request, poll_id):
    return _edit(request, poll_desk(request, poll_id))


def unit_summary_edit(request, campaign_id):
    return _edit(request, unit_desk(request, campaign_id))


@require_POST
def summary_finalize(request, poll_id):
    return _finalize(request, poll_desk(request, poll_id))


@require_POST
def unit_summary_finalize(request, campaign_id):
    return _finalize(request, unit_desk(request, campaign_id))


def summary_versions(request, poll_id):
    return _versions(request, poll_desk(request, poll_id))


def unit_summary_versions(request, campaign_id):
    return _versions(request, unit_desk(request, campaign_id))


def summary_version(request, poll_id, number):
    return _version(request, poll_desk(request, poll_id), number)


def unit_summary_version(request, campaign_id, number):
    return _version(request, unit_desk(request, campaign_id), number)


@require_POST
def summary_restore(request, poll_id, number):
    return _restore(request, poll_desk(request, poll_id), number)


@require_POST
def unit_summary_restore(request, campaign_id, number):
    return _restore(request, unit_desk(request, campaign_id), number)


@never_cache
def summary_pdf(request, poll_id):
    return download(request, poll_desk(request, poll_id), draw=pdf.draw_summary_pdf, ending="pdf", content_type=PDF)


@never_cache
def campaign_summary_pdf(request, campaign_id):
    return download(request, unit_desk(request, campaign_id), draw=pdf.draw_summary_pdf, ending="pdf", content_type=PDF)


def _edit(request, desk: SummaryPages):
    require(desk.may_write)
    content, latest = summary_of(desk.scope), desk.versions.first()
    filed = desk.versions.final().first() if latest else None
    initial = {section.key: section.text for section in content.sections}
    initial["seen"] = latest.number if latest else 0
    names = [name for name, _ in content.fields]
    form = SummaryForm(posted(request), initial=initial, names=names)
    if form.is_valid() and _save(request, desk, form):
        return redirect(desk.address("edit"))
    context = {
        "form": form,
        "final_form": SeenForm(initial={"seen": initial["seen"]}, auto_id=False),
        "rows": [(section, form[section.key] if section.key in EDITABLE else None) for section in content.sections],
        "gaps": [section for section in content.sections if section.heading in content.missing],
        "latest": latest,
        "filed": filed,
        "has_changed": bool(filed) and _has_changed(desk, content),
    }
    return render(request, "reports/summary_edit.html", _on(desk, content) | context)


def _on(desk: SummaryPages, content: SummaryContent) -> dict:
    return {"desk": desk, "scope": desk.scope, "pages": desk.pages, "content": content}


def _save(request, desk: SummaryPages, form: SummaryForm) -> bool:
    try:
        version = save_summary(desk.scope, form.texts, by=request.user, seen=form.cleaned_data["seen"])
    except Outdated as refusal:
        form.refuse_outdated(refusal.version, _outdated_text(desk, refusal.version))
        return False
    messages.success(request, f"已保存为第{version.number}稿。" if version else "文字没有改动。")
    return True


def _outdated_text(desk: SummaryPages, version: SummaryVersion) -> str:
    return format_html(
        "您打开本页以后，{}保存了<a href='{}' target='_blank' rel='noopener'>第{}稿</a>，您的文字还没有保存，"
        "仍在下面。请先对照；再按一次“保存”，就以您的文字为准。",
        version.author,
        desk.address("version", number=version.number),
        version.number,
    )


def _has_changed(desk: SummaryPages, content: SummaryContent) -> bool:
    """Whether words or figures are others than in the last final copy."""
    filed = thaw_summary(SummaryVersion.objects.of(desk.scope))
    return filed is not None and filed.sections != content.sections


def _finalize(request, desk: SummaryPages):
    require(desk.may_write)
    form = SeenForm(posted(request))
    seen = form.cleaned_data["seen"] if form.is_valid() else 0
    try:
        version = file_summary(desk.scope, by=request.user, today=timezone.localdate(), seen=seen)
    except CannotFile as refusal:
        for reason in refusal.reasons:
            messages.error(request, f"不能定稿：{reason}")
    except Outdated as refusal:
        number = refusal.version.number
        sentence = f"没有定稿：{refusal.version.author}刚刚保存了第{number}稿，请看过再定稿。"
        messages.error(request, with_link(sentence, desk.address("version", number=number), f"第{number}稿"))
    else:
        messages.success(request, f"已定稿，为第{version.number}稿。以后台账等有变化，这一稿不变。")
        return redirect(desk.address("versions"))
    return redirect(desk.address("edit"))


def _versions(request, desk: SummaryPages):
    require(desk.may_read)
    page = Paginator(desk.versions.defer("texts", "snapshot"), VERSIONS_PER_PAGE).get_page(request.GET.get("page"))
    rows = [
        (version, desk.address("version", number=version.number), desk.address("restore", number=version.number))
        for version in page
    ]
    context = {"desk": desk, "scope": desk.scope, "pages": desk.pages, "page": page, "rows": rows}
    return render(request, "reports/summary_versions.html", context)


def _version(request, desk: SummaryPages, number: int):
    """A final copy as it was filed; a draft's words with today's figures."""
    require(desk.may_read)
    version = numbered_version(SummaryVersion.objects.of(desk.scope).select_related("saved_by"), number)
    content = thaw(version.snapshot).summary if version.is_final else summary_of(desk.scope, texts=version.texts)
    context = {"version": version, "restore": desk.address("restore", number=number)}
    return render(request, "reports/summary_version.html", _on(desk, content) | context)


def _restore(request, desk: SummaryPages, number: int):
    require(desk.may_write)
    version = numbered_version(desk.versions, number)
    restored = restore_version(version, by=request.user)
    message = f"已恢复第{number}稿的文字，为第{restored.number}稿。" if restored else f"现在的文字就是第{number}稿的。"
    messages.success(request, message)
    return redirect(desk.address("edit"))


def download(request, desk: SummaryPages, *, draw: Callable[..., bytes], ending: str, content_type: str):
    """The filed copy, or where none is filed the 小结 as it stands if nothing is missing.

    `?draft=1` asks for a draft, `?version=` for one version, by those who see the list of them; a draft's words are
    marked as a draft.
    """
    asked = request.GET.get("version", "")
    require(desk.may_read or not asked)
    version = numbered_version(desk.versions, int(asked)) if asked.isdecimal() else None
    is_draft = request.GET.get("draft") == "1" or (version is not None and not version.is_final)
    number = version and version.number
    content = summary_for_download(desk.scope, version=number, is_draft=is_draft and version is None)
    if not is_draft and not content.is_complete:
        where = "，草稿在“写小结”里下载" if desk.may_write else ""
        sentence = f"{''.join(content.reasons)}补齐后才能导出正式稿{where}。"
        if desk.may_write:
            sentence = with_link(sentence, desk.address("edit"), "写小结")
        messages.error(request, told(sentence))
        return redirect(desk.results)
    name = f"{content.title}{'（草稿）' if is_draft else ''}.{ending}"
    return attachment(draw(content, is_draft=is_draft), name=name, content_type=content_type)
