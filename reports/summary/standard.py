"""The wording that editable sections start from: our own words with the facts of the campaign filled in (DOMAIN A13).

A section stays in it until a secretary writes another; until then it follows the facts.
"""

from django.db.models import Max
from django.utils import timezone

from ballots.models import Batch
from campaigns.models import Campaign, Poll

from .. import wording
from ..grading.told_steps import steps_paragraph
from ..scope import Scope
from ..wording import date_text
from .follow_up import FollowUp

Texts = dict[str, str]
_ORGANIZER = "本次评议由{组织单位}组织。"
# By name, and not as all but one: an index then has them.
_UNSEALED = [state for state in Poll.State if state != Poll.State.SEALED]
# The ways in which ballots came in; the steps of the organizer's plan are no record that they were taken.
_WAYS = "采取{评议渠道}的方式，无记名填写评议表。"


def standard_texts(scope: Scope, after: FollowUp) -> Texts:
    """Section key → standard text, for every editable section."""
    return _of_poll(scope, scope.poll, after) if scope.poll else _of_unit(scope, after)


def _of_poll(scope: Scope, poll: Poll, after: FollowUp) -> Texts:
    campaign, unit = scope.campaign, scope.unit.name
    when = f"于{date_text(poll.meeting_on)}" if poll.meeting_on else ""
    where = f"在{poll.place}" if poll.place else ""
    held = f"组织开展了{wording.campaign_beside(unit, campaign.title)}"
    intro = f"{_according(campaign)}{unit}{when}{where}{held}。现将有关情况小结如下："
    sealed_on = _day(poll.sealed_at)
    return {
        **_common(campaign, after),
        "intro": intro,
        "leadership": f"{_ORGANIZER}{_leading_group(campaign)}{_people(poll)}",
        "method": _method_of_poll(scope, poll, sealed_on, after),
        "signed_on": sealed_on,
    }


def _method_of_poll(scope: Scope, poll: Poll, sealed_on: str, after: FollowUp) -> str:
    """How ballots came in and were counted, and the steps; where none did, no way is named and nothing was counted."""
    taken = Batch.objects.counting().filter(poll=poll, returned_count__gt=0).exists()
    ways, counted = (_WAYS, "收回的评议表经清点，") if taken else ("", "没有收回评议表，")
    done = "封存、统计" if taken else "封存"
    steps = steps_paragraph(scope, commented=after.comments.members, has_ballots=taken)
    return f"{ways}{_of_partners(poll)}{counted}于{sealed_on}{done}。\n{steps}".rstrip()


def _of_partners(poll: Poll) -> str:
    """The unit with which this one is paired, once ballots of its members came in."""
    if poll.partner is None or not poll.campaign.partner_category:
        return ""
    batches = poll.batches.exclude(state=Batch.State.VOID).filter(category__name=poll.campaign.partner_category)
    came = batches.filter(returned_count__gt=0).exists()
    return f"与{poll.partner.unit_name}结对互评，其党员参加了评议。" if came else ""


def _leading_group(campaign: Campaign) -> str:
    """The leading group as far as it is recorded; empty where none is."""
    parts = "；".join(f"{part}：{words.rstrip('。')}" for part, words in campaign.leading_group)
    return f"成立评议工作领导小组，{parts}。" if parts else ""


def _people(poll: Poll) -> str:
    """Who was at the meeting and who counted, as far as their names are recorded."""
    sentences = (
        (poll.host, "评议会由{}主持。"),
        (poll.supervisor, "上级党组织派{}到会指导。"),
        (poll.scrutineers, "监票人：{}。"),
        (poll.tellers, "计票人：{}。"),
    )
    return "".join(sentence.format(names) for names, sentence in sentences if names)


def _of_unit(scope: Scope, after: FollowUp) -> Texts:
    campaign, unit = scope.campaign, scope.unit.name
    last = scope.polls.aggregate(last=Max("sealed_at"))["last"]
    held = f"组织开展了{wording.campaign_beside(unit, campaign.title)}"
    intro = f"{_according(campaign)}{unit}{held}。现将有关情况小结如下："
    return {
        **_common(campaign, after),
        "intro": intro,
        "leadership": f"{_ORGANIZER}{_leading_group(campaign)}",
        "method": _method_of_unit(scope, after),
        "signed_on": _day(last),
    }


def _method_of_unit(scope: Scope, after: FollowUp) -> str:
    """The same of a unit's part of a campaign, of the polls that are sealed alone."""
    taken = Batch.objects.counting().filter(poll__in=scope.polls, returned_count__gt=0).exists()
    has_others = taken and scope.planned.order_by().filter(state__in=_UNSEALED).exists()
    units = "已封存的{已评单位数}个单位" if has_others else "各单位"
    ways = f"{_WAYS}{units}收回的评议表经清点，分别封存、统计，逐级汇总。" if taken else ""
    return f"{ways}\n{steps_paragraph(scope, commented=after.comments.members, has_ballots=taken)}".strip()


def _day(moment) -> str:
    return date_text(timezone.localtime(moment)) if moment else ""


def _according(campaign: Campaign) -> str:
    return f"按照{campaign.basis}要求，" if campaign.basis else ""


def _common(campaign: Campaign, after: FollowUp) -> Texts:
    return {
        "scope": _as_planned(campaign.participant_scope, "参评人员范围："),
        "content": wording.or_missing(campaign.content),
        "opinions": _on_opinions(after),
        "use": _as_planned(campaign.use_of_results),
        "commitments": "",
        "shortcomings": "",
        "next_steps": _on_next_steps(after),
    }


def _as_planned(text: str, what: str = "") -> str:
    """The words of the organizer's plan, as those of a plan: it does not record that anything was done."""
    return f"按照活动方案，{what}{text}" if text else wording.MISSING


def _on_opinions(after: FollowUp) -> str:
    """The opinions that were read and those that went to the ledger; nothing of what nobody did (C4)."""
    opinions = after.opinions
    if not opinions.counted or opinions.unread:
        return ""
    sent = f"，其中{opinions.sent}件列入整改台账" if opinions.sent else ""
    return f"收到的意见建议已逐条阅办{sent}。"


def _on_next_steps(after: FollowUp) -> str:
    unfinished = ""
    if after.ledger.underway:
        unfinished = "对正在落实的{正在落实}条整改措施，明确责任，盯住时限，落实一条、答复一条。\n"
    return (
        f"{unfinished}坚持从群众最需要的地方做起，从群众最不满意的地方改起，抓好整改落实，"
        "把群众评议作为经常性工作坚持下去。"
    )
