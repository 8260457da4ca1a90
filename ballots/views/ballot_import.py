"""Ballots collected elsewhere: upload, say which column is what where that is not plain, preview, confirm."""

import csv

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from campaigns import uploads
from campaigns.models import Poll, TableMapping
from campaigns.roster.safety import MAX_UPLOAD_BYTES
from campaigns.views.fetching import campaign_to_configure
from campaigns.views.posting import posted, posted_files
from campaigns.views.refusing import told
from pingyi.bodies import takes_files

from ..ballot_import import (
    AlreadyImported,
    InvalidTable,
    Meanings,
    NotTaken,
    Plan,
    ShortOfValid,
    SourceTable,
    Undecided,
    Unreadable,
    asking_about,
    earlier_batches,
    previous_import,
    read_source,
    shape_of,
    translated,
    write_plan,
)
from ..ballot_import.headings import template_headings
from ..forms.ballot_import import ImportConfirmForm, ImportForm, MeaningsForm, TemplateForm

KIND, TABLE = "ballots", "table"
GONE = "这次上传已经导入过，或放置超过一小时；没有写入，请重新上传。"
# Lines spelled out on a page; the numbers above them count all.
SHOWN_PROBLEMS, SHOWN_GROUPS, SHOWN_EARLIER = 200, 500, 50


@takes_files(MAX_UPLOAD_BYTES)
def ballot_import(request, campaign_id):
    """Take a file and show what it comes to; nothing is written."""
    campaign = campaign_to_configure(request, campaign_id)
    form = ImportForm(posted(request), posted_files(request))
    if form.is_valid():
        try:
            table = read_source(form.cleaned_data["file"])
        except Unreadable as error:
            form.add_error("file", told(error))
        else:
            return _take(request, campaign, table)
    context = {
        "campaign": campaign,
        "form": form,
        "template_form": TemplateForm(campaign=campaign),
        "has_open_polls": campaign.polls.filter(state=Poll.State.OPEN).exists(),
    }
    return render(request, "ballots/ballot_import.html", context)


def _take(request, campaign, table):
    """The preview of a table that says everything in our words or was explained before; else the questions about it."""
    asking = asking_about(campaign, table)
    remembered = TableMapping.objects.meaning(campaign.organizer, shape_of(table.names))
    meanings = asking.completed(Meanings.from_json(remembered or {}))
    if asking.unanswered(meanings):
        return _ask(request, campaign, asking, asking.proposal(meanings), _keep(request, campaign, table))
    return _check(request, campaign, asking, meanings, token=_keep(request, campaign, table) if meanings else "")


def _keep(request, campaign, table) -> str:
    return uploads.keep({"campaign": campaign.pk, **table.to_json()}, request.user, kind=TABLE)


@require_POST
def ballot_import_columns(request, campaign_id):
    """Take the meanings of columns and words; ask on while some are missing, and remember them when none is."""
    campaign = campaign_to_configure(request, campaign_id)
    sent = posted(request)
    token = sent.get("upload", "")
    try:
        content = _kept(token, campaign, request.user, kind=TABLE)
    except uploads.Gone:
        messages.error(request, GONE)
        return redirect("ballots:ballot_import", campaign_id=campaign.pk)
    table = SourceTable.from_json(content)
    asking = asking_about(campaign, table)
    remembered = Meanings.from_json(TableMapping.objects.meaning(campaign.organizer, shape_of(table.names)) or {})
    if "c0" not in sent:  # from the preview, to change what was said before
        return _ask(request, campaign, asking, asking.proposal(remembered), token)
    form = MeaningsForm(sent, asking=asking, meanings=remembered)
    if not form.is_whole:
        return _ask(request, campaign, asking, asking.proposal(form.meanings()), token)
    if not form.is_valid():
        return _asked(request, campaign, asking, form)
    meanings = form.meanings()
    TableMapping.objects.remember(campaign.organizer, shape_of(table.names), meanings.to_json(), by=request.user)
    meanings = asking.completed(meanings)
    return _check(request, campaign, asking, meanings, token=token)


def _ask(request, campaign, asking, meanings, token):
    form = MeaningsForm(asking=asking, meanings=meanings, initial={"upload": token})
    return _asked(request, campaign, asking, form)


def _asked(request, campaign, asking, form):
    context = {"campaign": campaign, "form": form, "notices": asking.table.notices}
    return render(request, "ballots/ballot_import_columns.html", context)


def _check(request, campaign, asking, meanings, *, token):
    """The preview, or the errors; `token` names the table where its columns were explained."""
    try:
        content = {"campaign": campaign.pk, **_content(asking, meanings)}
    except InvalidTable as error:
        return _problems(request, campaign, error, token)
    content |= {"table": token, "meanings": meanings.to_json()}
    return _preview(request, campaign, content, uploads.keep(content, request.user, kind=KIND))


def _content(asking, meanings) -> dict:
    """The content that is kept between preview and confirmation: the plan, and the plan without hidden rows and columns where there are some.

    Raises InvalidTable. Hidden parts without which there is no table can only come in or stay out whole.
    """
    table = asking.table
    plan = asking.check(translated(table, meanings))
    plan.notices[:0] = table.notices
    content = {"plan": plan.to_json()}
    if table.unseen:
        content["hidden"] = table.unseen.sentence
        try:
            seen = asking.check(translated(table.seen(), meanings))
        except InvalidTable:
            seen = Plan([])
        content["seen"] = seen.to_json()
    return content


@require_POST
def ballot_import_confirm(request, campaign_id):
    """Write what was previewed, all of it or nothing."""
    campaign = campaign_to_configure(request, campaign_id)
    form = ImportConfirmForm(posted(request), counts=(0, 0))
    if not form.is_valid():
        return redirect("ballots:ballot_import", campaign_id=campaign.pk)
    upload = form.cleaned_data["upload"]
    try:
        content = _kept(upload, campaign, request.user, kind=KIND)
        plan = _chosen(content, form.cleaned_data["hidden"])
        if plan is None:
            return _preview(request, campaign, content, upload, question="请先选择隐藏的行和列是否导入。")
        answers = {name: form.cleaned_data[name] for name in ("again", "earlier")}
        is_rest_abstained = form.cleaned_data["rest"]
        imported = write_plan(campaign, plan, by=request.user, is_rest_abstained=is_rest_abstained, **answers)
    except (uploads.Gone, NotTaken) as error:
        messages.error(request, GONE if isinstance(error, uploads.Gone) else f"预览之后有变动，没有写入：{error}")
        return redirect("ballots:ballot_import", campaign_id=campaign.pk)
    except Undecided:
        question = "请先选择这些票与以前导入的票是什么关系。"
        return _preview(request, campaign, content, upload, question=question)
    except ShortOfValid:
        question = "有的各档合计比有效票少，请核对；差额确是弃权的，勾选“差额按弃权计”。"
        return _preview(request, campaign, content, upload, question=question)
    except AlreadyImported:
        return _preview(request, campaign, content, upload)
    uploads.throw_away(upload, kind=KIND)
    if content.get("table"):
        uploads.throw_away(content["table"], kind=TABLE)
    messages.success(request, str(imported))
    return redirect("campaigns:campaign_detail", campaign_id=campaign.pk)


def _kept(upload, campaign, user, *, kind) -> dict:
    content = uploads.fetch(upload, user, kind=kind)
    if content["campaign"] != campaign.pk:
        raise uploads.Gone
    return content


def _chosen(content: dict, hidden: str) -> Plan | None:
    """The plan to write; None where hidden parts were not decided about."""
    if "hidden" not in content or hidden == "count":
        return Plan.from_json(content["plan"])
    return Plan.from_json(content["seen"]) if hidden == "leave" and content["seen"]["groups"] else None


@require_GET
def ballot_import_template(request, campaign_id):
    """The empty table: a CSV file with the campaign's own heading."""
    campaign = campaign_to_configure(request, campaign_id)
    chosen = TemplateForm(request.GET, campaign=campaign)
    poll = chosen.cleaned_data.get("poll") if chosen.is_valid() else None
    headings = template_headings(campaign, poll.ballot_form if poll else None)
    name = f"评议票导入模板 {poll.organization if poll else campaign}.csv"
    disposition = content_disposition_header(True, name)
    response = HttpResponse(content_type="text/csv; charset=utf-8", headers={"Content-Disposition": disposition})
    # Without the mark Excel takes UTF-8 for something else; and what begins with = it would compute.
    response.write("\ufeff")
    csv.writer(response).writerow(f"'{text}" if text[0] in "=+-@" else text for text in headings)
    return response


def _problems(request, campaign, error, token):
    context = {
        "campaign": campaign,
        "problems": error.problems[:SHOWN_PROBLEMS],
        "problem_count": error.count,
        "table": token,
    }
    return render(request, "ballots/ballot_import_problems.html", context)


def _preview(request, campaign, content, upload, *, question=""):
    """How many rows go where; never what stands on them (DESIGN 6)."""
    if question:
        messages.error(request, question)
    # Without the hidden rows, where there are some, and with them.
    *seen, plan = [Plan.from_json(content[key]) for key in ("seen", "plan") if key in content]
    counts = (seen[0].row_count, plan.row_count) if seen else None
    previous = next(filter(None, (previous_import(campaign, each) for each in (plan, *seen))), None)
    # Ballots that came in before are asked about as a whole, not beside each batch.
    earlier = [] if previous else earlier_batches(plan.groups)
    context = {
        "campaign": campaign,
        "groups": plan.groups[:SHOWN_GROUPS],
        "earlier": earlier[:SHOWN_EARLIER],
        "earlier_count": len(earlier),
        "group_count": len(plan.groups),
        "plan": plan,
        "hidden": content.get("hidden", ""),
        "previous": previous,
        "table": content.get("table", ""),
        "meanings": Meanings.from_json(content.get("meanings", {})).sentences,
        "form": ImportConfirmForm(
            initial={"upload": upload},
            is_repeated=previous is not None,
            counts=counts,
            has_earlier=bool(earlier),
            has_shortfalls=bool(plan.shortfalls),
        ),
    }
    return render(request, "ballots/ballot_import_preview.html", context)
