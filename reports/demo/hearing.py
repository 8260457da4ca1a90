"""社会各界的意见 and 意见箱: letters, calls, visits, what was raised at a 座谈会, and what anybody put into the box."""

from datetime import timedelta

from ballots.models import OpinionOrigin
from campaigns.models import Poll

from ..gathering.actions import HeardOpinion, Source, hold_forum, key_sheets, record_opinion, record_sheets
from ..letterbox.actions import bring_into, drop_letter, open_box, register_letter, reply_to
from ..letterbox.receipts import receipt_code, receipt_digest
from ..models import Letter
from .stage import Stage

LETTERS = (
    (Source.LETTER, "小区东门信箱", "东门的路灯坏了两个多月，老人晚上不敢出门。"),
    (Source.PHONE, "社区热线", "垃圾分类点离七号楼太远，希望加一处。"),
    (Source.VISIT, "五号楼", "独居老人希望有人定期上门看看，帮着买药。"),
    (Source.WEB, "", "社区公众号上的通知发得太晚，活动报名总是赶不上。"),
)
FORUM = {
    "place": "社区党群服务中心二楼会议室",
    "host": "社区党委书记",
    "attended_count": 14,
    "attendees": "居民代表9名、辖区单位代表3名、物业2名",
}
RAISED = ("物业收费标准没有公示，请公开。", "地下车库漏水一直没有修好。", "希望社区多办适合孩子的活动。")

# The words of letters; the first is answered, the second a problem, the third counted in a campaign.
IN_THE_BOX = (
    "服务大厅中午没有人值班，上班的人办事只能请假。",
    "三号楼前的窨井盖松动，孩子跑过去很危险。",
    "党员干部多到楼里走走，不要只在群里发通知。",
)
REPLY = "从本月起中午安排两人轮流值班，请到一楼窗口办理。"


def fill_box(stage: Stage, poll: Poll) -> int:
    """Open the unit's 意见箱 and put letters into it, each dealt with in another way; returns how many."""
    box = open_box(poll.organization)
    letters = []
    for number, text in enumerate(IN_THE_BOX):
        receipt = receipt_digest(receipt_code(f"demo letter {poll.pk} {number}"))
        drop_letter(box, text, receipt=receipt)
        letters.append(Letter.objects.get(receipt=receipt))
    answered, wanted, counted = letters
    reply_to(answered, REPLY, by=stage.secretary)
    register_letter(wanted, IN_THE_BOX[1], by=stage.secretary)
    target = poll.targets.select_related("questionnaire").order_by("position", "pk")[0]
    bring_into(counted, poll, target, by=stage.secretary)
    return len(letters)


# 征求意见表: how many went out and came back, and what was written on them.
ISSUED, RETURNED = 30, 27
AMENDMENTS = ("承诺第三项没有完成时限，请写明月份。", "“改善环境”太笼统，请写清楚改哪几处。")
REMARKS = ("停车位要优先给行动不便的老人。",)


def hand_out_sheets(stage: Stage, poll: Poll) -> None:
    """Count the 征求意见表 that were handed out at the meeting beside the 评议表, and key them."""
    record_sheets(poll, issued=ISSUED, returned=RETURNED, by=stage.secretary)
    target = poll.targets.select_related("questionnaire").order_by("position", "pk")[0]
    kinds = OpinionOrigin.SheetKind
    written = [*((text, kinds.AMENDMENT) for text in AMENDMENTS), *((text, kinds.REMARK) for text in REMARKS)]
    day = poll.meeting_on or stage.today
    heard = [HeardOpinion(target, text, Source.SHEET, day, sheet_kind=kind) for text, kind in written]
    key_sheets(poll, heard, by=stage.secretary)


def hear(stage: Stage, poll: Poll, *, days_ago: int) -> int:
    """Record what was heard before the meeting; returns how many opinions."""
    target = poll.targets.select_related("questionnaire").order_by("position", "pk")[0]
    for place, (source, where, text) in enumerate(LETTERS):
        received_on = stage.today - timedelta(days=days_ago + 2 * place)
        record_opinion(poll, HeardOpinion(target, text, source, received_on, where), by=stage.secretary)
    facts = {**FORUM, "held_on": stage.day(days_ago)}
    hold_forum(poll, facts, [HeardOpinion(target, text) for text in RAISED], by=stage.secretary)
    return len(LETTERS) + len(RAISED)
