"""Completing the facts of a sealed poll's meeting, each with an entry that says so."""

import datetime
from collections.abc import Mapping

from django.db import transaction

from ..models import LateFact, Poll
from ..models.states import StateError
from ..ways import way_to

Value = str | datetime.date | None


def completable(poll: Poll) -> list[LateFact.Fact]:
    """The facts that were left blank at the seal, whether or not they were completed since."""
    late = set(poll.late_facts.values_list("fact", flat=True))
    return [fact for fact in LateFact.Fact if fact in late or not getattr(poll, fact)]


def complete_facts(poll: Poll, values: Mapping[str, Value], *, reason: str, by) -> list[LateFact]:
    """Write facts that were left blank at the seal: an entry for each, and the poll's column.

    Counts, boxes and their digests are not touched. Empty values, and those that stand there already, are passed over.
    Raises StateError where the poll is not sealed, a fact was recorded before the seal, or nothing is left to write.
    """
    with transaction.atomic():
        locked = Poll.objects.select_for_update().get(pk=poll.pk)
        if locked.state != Poll.State.SEALED:
            raise StateError(
                "评议点还没有封存，会议情况请直接填写。", way=way_to("会议情况", "campaigns:poll_edit", poll.pk)
            )
        changed = {name: value for name, value in values.items() if value and value != getattr(locked, name)}
        if not changed:
            raise StateError("没有填写要补记的内容。")
        free = completable(locked)
        if recorded := [LateFact.Fact(name).label for name in changed if name not in free]:
            raise StateError(f"“{'”“'.join(recorded)}”在封存以前已经填写，不能再改。")
        for name, value in changed.items():
            setattr(locked, name, value)
        locked.save(update_fields=list(changed))
        facts = {"reason": reason, "completed_by": by}
        return [
            LateFact.objects.create(poll=locked, fact=name, value=_printed(value), **facts)
            for name, value in changed.items()
        ]


def _printed(value: Value) -> str:
    return f"{value.year}年{value.month}月{value.day}日" if isinstance(value, datetime.date) else str(value)
