"""The wording that editable sections start from: our own words with the facts of the campaign filled in (DOMAIN A13).

A section stays in it until a secretary writes another; until then it follows the facts.
"""

from django.utils import timezone

from campaigns.models import Campaign, Poll

from .. import wording
from ..scope import Scope
from ..wording import date_text
from .follow_up import FollowUp

Texts = dict[str, str]


def standard_texts(scope: Scope, after: FollowUp) -> Texts:
    """Section key → standard text, for every editable section."""
    return _of_poll(scope, scope.poll, after) if scope.poll else _of_unit(scope, after)


def _of_poll(scope: Scope, poll: Poll, after: FollowUp) -> Texts:
    campaign, unit = scope.campaign, scope.organization.name
    when = f"于{date_text(poll.meeting_on)}" if poll.meeting_on else ""
    where = f"在{poll.place}" if poll.place else ""
    people = f"评议会由{poll.host}主持。" if poll.host else ""
    people += f"上级党组织派{poll.supervisor}到会指导。" if poll.supervisor else ""
    intro = f"{_according(campaign)}{unit}{when}{where}组织开展了“{campaign.title}”。现将有关情况小结如下："
    return {**_common(campaign, after, people), "intro": intro, "signed_on": _day(poll.sealed_at)}


def _of_unit(scope: Scope, after: FollowUp) -> Texts:
    campaign, unit = scope.campaign, scope.organization.name
    last = max(filter(None, scope.polls.values_list("sealed_at", flat=True)), default=None)
    intro = f"{_according(campaign)}{unit}组织开展了“{campaign.title}”。现将有关情况小结如下："
    return {**_common(campaign, after), "intro": intro, "signed_on": _day(last)}


def _day(moment) -> str:
    return date_text(timezone.localtime(moment)) if moment else ""


def _according(campaign: Campaign) -> str:
    return f"按照{campaign.basis}要求，" if campaign.basis else ""


def _common(campaign: Campaign, after: FollowUp, people: str = "") -> Texts:
    return {
        "leadership": "把群众评议作为听取群众意见、接受群众监督的重要工作，明确专人负责，"
        f"做好会议召集、代表邀请、票样准备和计票监票等各项安排。{people}",
        "scope": wording.or_missing(campaign.participant_scope),
        "content": wording.or_missing(campaign.content),
        "method": wording.or_missing("\n".join(filter(None, (campaign.method, campaign.procedure)))),
        "opinions": _on_opinions(after),
        "use": wording.or_missing(campaign.use_of_results),
        "commitments": "",
        "shortcomings": "",
        "next_steps": _on_next_steps(after),
    }


def _on_opinions(after: FollowUp) -> str:
    """Nothing is said of opinions that nobody wrote and of problems that nobody found (C4)."""
    if not after.opinions.counted and not after.ledger.problems:
        return ""
    return (
        "对群众提出的意见建议，逐条梳理归类，明确整改措施、责任人和完成时限，"
        "坚持边评议、边整改、边提高，办理结果向群众反馈。"
    )


def _on_next_steps(after: FollowUp) -> str:
    unfinished = ""
    if after.ledger.underway:
        unfinished = "对正在落实的{正在落实}条整改措施，明确责任，盯住时限，落实一条、答复一条。\n"
    return (
        f"{unfinished}坚持从群众最需要的地方做起，从群众最不满意的地方改起，抓好整改落实，"
        "把群众评议作为经常性工作坚持下去。"
    )
