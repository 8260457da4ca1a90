"""Notices: what an account wants to be told of, the robots of units, and trying whether anything arrives."""

from django.conf import settings
from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from campaigns.permissions import ADMINISTRATOR, has_role_anywhere, require
from campaigns.views.confirming import grave
from campaigns.views.posting import posted
from campaigns.views.refusing import refuse
from campaigns.ways import way_to
from pingyi.throttle import Throttle

from ..forms.notices import AddressCodeForm, NoticeChoiceForm, WebhookForm
from ..models import Webhook
from ..notices.addresses import (
    ask_address,
    asked_address,
    confirm_address,
    confirmed_address,
    drop_address,
    keep_address,
)
from ..notices.keeping import last_trial, queue_trial
from ..notices.planning import robots_of
from .fetching.notices import organization_of_webhook, webhook_to_keep

# Of an account, so that no button fills an inbox or a group.
TRIALS = Throttle(holds=3, a_minute=0.5)
# Mail to an address that nobody has confirmed.
ASKS = Throttle(holds=3, a_minute=0.1)
TOO_OFTEN = "刚刚试过几次，请过几分钟再试。"
# The same whatever is wrong.
WRONG_CODE = "确认码不对，或者已经过期、输错太多次。请照最近一封信填写，或者再发一次。"


def notice_choose(request):
    robots = robots_of(request.user)
    form = NoticeChoiceForm(posted(request), user=request.user, has_robot=bool(robots))
    if form.is_valid():
        form.save()
        messages.success(request, "已保存收哪些提醒。")
        _put_address(request, form.cleaned_data["email"])
        return redirect("reports:notice_choose")
    context = {
        "form": form,
        "robots": robots.values(),
        "confirmed": confirmed_address(request.user),
        "asked": asked_address(request.user),
        "code_form": AddressCodeForm(),
        "has_mail": settings.HAS_MAIL,
        "is_demo": settings.DEMO,
    }
    return render(request, "reports/notice_choose.html", context)


@require_POST
def notice_address(request):
    """Confirm the address with the code that was sent there, or send another one."""
    if "again" in request.POST:
        _ask(request, asked_address(request.user))
        return redirect("reports:notice_choose")
    form = AddressCodeForm(posted(request))
    code = form.cleaned_data["code"] if form.is_valid() else ""
    if confirm_address(request.user, code, now=timezone.now()):
        messages.success(request, "邮箱已经确认，以后的提醒发到这里。")
    else:
        messages.error(request, WRONG_CODE)
    return redirect("reports:notice_choose")


@require_POST
def notice_try(request):
    """Send the administrator a mail that says nothing but that it arrived."""
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    if not settings.HAS_MAIL:
        refuse(request, "还没有设置邮件服务器，由管服务器的人设置。", way_to("怎样设置", "help_topic", "notices"))
    elif not confirmed_address(request.user):
        refuse(request, "您还没有填写邮箱，或者还没有确认。", way_to("提醒", "reports:notice_choose"))
    else:
        _try(request, request.user, page=reverse("reports:administration"))
    return redirect("reports:administration")


@sensitive_post_parameters("address", "sign_key")
@grave
def webhook_edit(request, organization_id):
    organization = organization_of_webhook(request, organization_id)
    form = WebhookForm(posted(request))
    if form.is_valid():
        webhook = form.save(organization, by=request.user)
        messages.success(request, f"已保存{webhook}。")
        return redirect("reports:webhook_edit", organization.pk)
    webhook = Webhook.objects.filter(organization=organization).select_related("put_by").first()
    context = {
        "organization": organization,
        "webhook": webhook,
        "trial": last_trial(webhook) if webhook else None,
        "form": form,
        "is_demo": settings.DEMO,
    }
    return render(request, "reports/webhook_edit.html", context)


@require_POST
def webhook_remove(request, organization_id):
    webhook = webhook_to_keep(request, organization_id)
    webhook.delete()
    messages.success(request, "已移除群机器人，没有发出的提醒一并取消。")
    return redirect("reports:webhook_edit", organization_id)


@require_POST
def webhook_try(request, organization_id):
    webhook = webhook_to_keep(request, organization_id)
    page = reverse("reports:webhook_edit", args=[organization_id])
    _try(request, webhook, page=page)
    return redirect(page)


def _put_address(request, address: str) -> None:
    """Take an address that is new to the account as one to be confirmed."""
    if not address:
        drop_address(request.user)
    elif address == confirmed_address(request.user):
        keep_address(request.user)
    elif address != asked_address(request.user):
        _ask(request, address)


def _ask(request, address: str) -> None:
    if not settings.HAS_MAIL:
        reason = "服务器还没有设置邮件，确认码现在发不出去；设置以后请再保存一次邮箱。"
        refuse(request, reason, way_to("怎样设置", "help_topic", "notices"))
    elif not address:
        messages.error(request, "没有等着确认的邮箱。")
    elif ASKS.is_over(request.user.pk):
        messages.error(request, TOO_OFTEN)
    else:
        ask_address(request.user, address, now=timezone.now())
        messages.success(request, f"确认码发往{address}，收到以后填在本页上，24小时内有效。")


def _try(request, receiver, *, page: str) -> None:
    if TRIALS.is_over(request.user.pk):
        messages.error(request, TOO_OFTEN)
        return
    queue_trial(receiver, page=page, now=timezone.now())
    messages.success(request, "已交给后台程序发送，过一会儿刷新本页看结果。")
