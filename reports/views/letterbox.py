"""意见箱 as its secretary has it: open or shut, its poster, and the letters."""

import segno
from django.contrib import messages
from django.db.models import Case, Value, When
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.forms.seen import save_seen
from campaigns.listing import Head, Listing
from campaigns.models import Organization
from campaigns.views.posting import posted
from campaigns.views.refusing import told
from pingyi.addresses import public_address

from ..files import pdf
from ..forms.letterbox import BringForm, LetterProblemForm, ReplyForm
from ..forms.lists import LetterFilterForm
from ..gathering.actions import CannotGather
from ..letterbox import actions
from ..models import Letter, Letterbox
from .fetching.letterbox import letter_to_read, letterbox_of, organization_of_letterbox, targets_for_letter
from .sending import PDF, attachment

LETTERS_PER_PAGE = 30
LETTER_HEADS = (
    Head("收到日期", "received", ("received_on",)),
    Head("意见"),
    Head("办理", "answered", (Case(When(reply="", then=Value(0)), default=Value(1)), "replied_on")),
    Head("操作", is_deeds=True),
)


def letterbox_detail(request, organization_id):
    organization = organization_of_letterbox(request, organization_id)
    box = Letterbox.objects.filter(organization=organization).first()
    letters = Letter.objects.filter(letterbox=box).order_by("-received_on", "id")
    filters = LetterFilterForm(request.GET)
    listing = Listing(request.GET, filters.apply(letters), LETTER_HEADS, size=LETTERS_PER_PAGE)
    address = _address(request, box) if box else ""
    context = {
        "organization": organization,
        "box": box,
        "filters": filters,
        "listing": listing,
        "address": address,
        "picture": segno.make(address, error="m", micro=False).svg_data_uri(border=2, scale=4) if box else "",
    }
    return render(request, "reports/letterbox_detail.html", context)


def _address(request, box: Letterbox) -> str:
    return public_address(request, reverse("reports:letter_write", args=[box.token]))


@require_POST
def letterbox_open(request, organization_id):
    organization = organization_of_letterbox(request, organization_id)
    actions.open_box(organization)
    messages.success(request, "意见箱已经打开。把二维码海报贴在群众看得到的地方。")
    return _to_box(organization)


@require_POST
def letterbox_shut(request, organization_id):
    organization = organization_of_letterbox(request, organization_id)
    actions.shut_box(organization)
    messages.success(request, "意见箱已经关闭，不再收意见；已有的答复凭回执码仍可查看。")
    return _to_box(organization)


def _to_box(organization: Organization):
    return redirect("reports:letterbox_detail", organization.pk)


@never_cache
def letterbox_poster(request, organization_id):
    box = letterbox_of(request, organization_id)
    address = _address(request, box)
    picture = segno.make(address, error="m", micro=False).svg_inline(border=0, omitsize=True)
    body = pdf.draw_letterbox_poster(box, address=address, picture=picture)
    return attachment(body, name=f"意见箱海报-{box.organization.name}.pdf", content_type=PDF)


def letter_read(request, letter_id):
    """A letter, with the reply to it."""
    letter = letter_to_read(request, letter_id)
    form = ReplyForm(posted(request), instance=letter)
    if save_seen(form, lambda: actions.reply_to(letter, form.cleaned_data["reply"], by=request.user)):
        messages.success(request, "答复已经保存，拿着回执码的人看得到。" if letter.reply else "答复已经撤回。")
        return redirect("reports:letter_read", letter.pk)
    return _letter_page(request, letter, form=form)


def _letter_page(request, letter: Letter, **forms):
    bring = BringForm(targets=targets_for_letter(request, letter))
    context = {
        "letter": letter,
        "organization": letter.letterbox.organization,
        "form": ReplyForm(instance=letter),
        "problem_form": LetterProblemForm(initial={"content": " ".join(letter.text.split())[:500]}),
        "bring_form": bring,
        "has_targets": bring.fields["target"].queryset.exists(),
    }
    return render(request, "reports/letter_read.html", context | forms)


@require_POST
def letter_register(request, letter_id):
    letter = letter_to_read(request, letter_id)
    form = LetterProblemForm(posted(request))
    if not form.is_valid():
        return _letter_page(request, letter, problem_form=form)
    deed = "已转入台账。"
    return _done(request, letter, lambda: actions.register_letter(letter, **form.cleaned_data, by=request.user), deed)


@require_POST
def letter_bring(request, letter_id):
    letter = letter_to_read(request, letter_id)
    form = BringForm(posted(request), targets=targets_for_letter(request, letter))
    if not form.is_valid():
        return _letter_page(request, letter, bring_form=form)
    target = form.cleaned_data["target"]
    deed = f"已带入“{target.poll.campaign}”，与那里征求到的意见一起阅办、计数。"
    return _done(request, letter, lambda: actions.bring_into(letter, target.poll, target, by=request.user), deed)


def _done(request, letter: Letter, deed, words: str):
    try:
        deed()
    except (actions.AlreadySent, CannotGather) as refusal:
        messages.error(request, told(refusal))
    else:
        messages.success(request, words)
    return redirect("reports:letter_read", letter.pk)
