"""会议记录 of a branch's appraisal meeting, with somebody who was away."""

from datetime import time

from campaigns.models import Poll

from ..minutes.actions import MemberAttendance, record_minutes
from ..minutes.content import members_for_attendance
from ..models import Minutes
from .stage import Stage

AWAY = "住院治疗"
GUESTS = "居民代表14名、楼栋长10名"
AGENDA = (
    "主持人说明评议办法，推选监票人",
    "支部书记汇报本季度承诺办理情况",
    "居民代表、楼栋长发言",
    "发票、填票、投票，当场清点",
    "上级派员点评",
)
PROCEEDINGS = (
    "主持人说明本季评诺的对象、等次和填法，会议推选监票人、计票人。",
    "支部书记逐项汇报承诺办到哪一步，没有办完的说明原因。",
    "居民代表提出：东门路灯坏了没有人修；楼栋长提出：办事的时间要提前告诉大家。支部书记当场作了答复。",
    "评议票当场发出、收回、清点，由监票人监督。",
)
RESOLUTIONS = ("评议结果封存以后在社区公开栏公示。", "会上提出的问题由支部逐件登记，两周内答复。")


def minute(stage: Stage, poll: Poll) -> None:
    """Record the meeting of a poll; the last member of its roster was away."""
    minutes = Minutes(
        poll=poll,
        began_at=time(14, 30),
        ended_at=time(16, 20),
        recorder="支部组织委员",
        guests=GUESTS,
        agenda="\n".join(AGENDA),
        proceedings="\n".join(PROCEEDINGS),
        resolutions="\n".join(RESOLUTIONS),
    )
    members = [member for member, _ in members_for_attendance(poll, minutes)]
    present = [MemberAttendance(member) for member in members[:-1]]
    record_minutes(
        minutes, [*present, *(MemberAttendance(member, AWAY) for member in members[-1:])], by=stage.secretary
    )
