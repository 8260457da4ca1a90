"""Keying of 考核打分表 from paper: into a sorted box, without a name or a time, until the keying of the unit is finished."""

from collections.abc import Mapping, Sequence

from django.db import connection, transaction

from ballots.counting import erasing
from ballots.models import random_key
from campaigns.models import Campaign, Poll
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..models import FinishedScoring, RaterGroup, ScoreBox
from .arithmetic import faults_of, with_sheet


class KeyedMeanwhile(Exception):
    """Sheets were keyed after the form was opened, this one perhaps among them; the message is for the user."""


def keying_refusal(poll: Poll) -> str:
    """Why no sheet of a unit can be keyed or taken out; empty where it can."""
    if poll.state not in (Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED):
        return "评议点开启以后才能录入打分表。"
    if FinishedScoring.objects.filter(poll=poll).exists():
        return "打分表已经录入完毕，不能再增减。"
    return ""


def _locked(poll: Poll) -> None:
    """Hold the campaign's scoring; raises StateError where nothing can be keyed. Ballots that are cast meanwhile do not wait."""
    Campaign.objects.select_for_update(no_key=True).get(pk=poll.campaign_id)
    if reason := keying_refusal(Poll.objects.defer("form").get(pk=poll.pk)):
        raise StateError(reason, way=way_to("打分表", "reports:unit_scoring", poll.pk))


def add_score_sheet(poll: Poll, rater: RaterGroup, marks: Sequence[int], *, seen: int) -> int:
    """Put one sheet into its box, which its form showed with `seen` sheets; returns how many are in it now.

    Raises StateError out of turn, KeyedMeanwhile where the box has other sheets than the form showed, and ValueError for
    marks that do not fit the indicators: the form has said so before.
    """
    maxima = list(rater.scheme.indicators.values_list("maximum", flat=True))
    if rater.scheme.campaign_id != poll.campaign_id or faults_of(marks, maxima):
        raise ValueError("a sheet of another scheme, or marks out of range")
    with transaction.atomic():
        _locked(poll)
        box = ScoreBox.objects.filter(poll=poll, rater=rater).first() or ScoreBox(poll=poll, rater=rater, sheet_count=0)
        if box.sheet_count != seen:
            raise KeyedMeanwhile(
                f"您打开本页以后，“{rater}”的打分表由{seen}份变为{box.sheet_count}份。"
                "请先核对这一份是否已经录入；确实还没有的，再按一次保存。"
            )
        box.content, box.sheet_count = with_sheet(box.content, marks), seen + 1
        box.save()
    return box.sheet_count


def discard_score_sheets(poll: Poll, rater: RaterGroup) -> int:
    """Throw away all sheets of one kind of raters, to key them again; returns how many. Raises StateError out of turn."""
    with transaction.atomic():
        _locked(poll)
        box = ScoreBox.objects.filter(poll=poll, rater=rater).first()
        if box:
            box.delete()
    return box.sheet_count if box else 0


def counted_sheets(poll: Poll) -> dict[int, int]:
    """How many sheets of each kind of raters are keyed, by the raters' keys."""
    return dict(poll.score_boxes.order_by("pk").values_list("rater_id", "sheet_count"))


def finish_scoring(poll: Poll, counts: Mapping[int, int], *, answer: str, by) -> FinishedScoring:
    """End the keying of a unit, where as many sheets are keyed as were counted by hand, by the raters' keys.

    Raises StateError out of turn, and KeyedMeanwhile where the numbers differ.
    """
    with transaction.atomic():
        _locked(poll)
        keyed = counted_sheets(poll)
        if {key: count for key, count in counts.items() if count} != keyed:
            raise KeyedMeanwhile("录入的份数与您清点的份数不同，请核对。")
        _write_anew(poll)
        return FinishedScoring.objects.create(poll=poll, answer=answer, finished_by=by)


def _write_anew(poll: Poll) -> None:
    """The same boxes in new rows, so that the deleted ones, which know an order, can be overwritten."""
    boxes = list(poll.score_boxes.order_by("pk"))
    ScoreBox.objects.filter(poll=poll).delete()
    for box in boxes:
        box.pk = random_key()
    ScoreBox.objects.bulk_create(boxes)


def erase_keying_order() -> bool:
    """Overwrite what earlier states of the boxes left in the database's files; whether that was done.

    Call it after finishing, outside any transaction; where somebody reads the table, the next unit's finish does it.
    """
    if connection.in_atomic_block:
        return False
    seconds = erasing.WORKER_SECONDS
    if connection.vendor == "postgresql":
        return erasing.rewrite([ScoreBox._meta.db_table], seconds=seconds, with_large=False)
    return erasing.empty_log(seconds=seconds)
