"""Where a poll stands on its way from rehearsal to summary."""

from dataclasses import dataclass

from campaigns.models import Poll

LABELS = ("演练", "开启", "发票收票", "截止", "封存", "结果与小结")
# The place of the step that is to be done next; when all is done the last one stays.
_CURRENT: dict[str, int] = {
    Poll.State.PREPARING: 1,
    Poll.State.REHEARSING: 0,
    Poll.State.OPEN: 2,
    Poll.State.CLOSED: 4,
    Poll.State.SEALED: 5,
}


@dataclass(frozen=True)
class PollStep:
    """A step; `place` is done, current or ahead, `note` says it to people."""

    label: str
    place: str
    note: str


def poll_steps(poll: Poll) -> list[PollStep]:
    """The way of one poll. Nobody has to rehearse, and whether somebody did leaves no trace."""
    current = _CURRENT[poll.state]
    shown = []
    for place, label in enumerate(LABELS):
        if place == current:
            shown.append(PollStep(label, "current", "当前"))
        elif place > current:
            shown.append(PollStep(label, "ahead", "未到"))
        else:
            shown.append(PollStep(label, "done", "已完成" if place else "可选"))
    return shown
