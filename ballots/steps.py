"""Where a poll stands on its way from rehearsal to summary."""

from dataclasses import dataclass

from campaigns.models import Poll

LABELS = ("演练", "开启", "发票收票", "截止", "封存", "结果与小结")
_PASSED = {
    Poll.State.PREPARING: 0,
    Poll.State.REHEARSING: 0,
    Poll.State.OPEN: 2,
    Poll.State.CLOSED: 4,
    Poll.State.SEALED: 5,
}


@dataclass(frozen=True)
class Step:
    """One step; `place` is done, current or ahead."""

    label: str
    place: str

    @property
    def place_label(self) -> str:
        return {"done": "已完成", "current": "当前", "ahead": "未到"}[self.place]


def steps(poll: Poll) -> list[Step]:
    """The way of one poll. A rehearsal may be left out, so before opening both first steps are current."""
    passed = _PASSED[poll.state]
    current = {passed}
    if poll.state == Poll.State.PREPARING:
        current.add(1)
    elif poll.state == Poll.State.OPEN:
        current.add(3)
    return [
        Step(label, "current" if place in current else "done" if place < passed else "ahead")
        for place, label in enumerate(LABELS)
    ]
