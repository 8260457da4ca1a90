"""Sums of a window in a campaign: copied with a digest when they are taken, and given back until the 小结 is filed."""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ballots.counting import tally
from campaigns.models import Poll, Target
from campaigns.ways import Refusal, way_to

from ..gathering.actions import GATHERING, is_filed
from ..models import ServiceWindow, WindowDay, WindowTaking
from ..wording import date_text
from .sums import Part, parts_of
from .words import are_words_read, bring_words, opinions_of_taking


class CannotTake(Refusal):
    """Sums of a window cannot go into the campaign, or out of it; the message is for the user, nothing was written."""


@contextmanager
def _before_filing(poll_id: int) -> Iterator[Poll]:
    """A transaction in which nobody files the 小结 of the poll; gives the poll."""
    with transaction.atomic():
        poll = Poll.objects.select_for_update(of=["self"], no_key=True).select_related("campaign").get(pk=poll_id)
        if poll.state not in GATHERING:
            raise CannotTake(
                "评议活动开启以后，才能汇总窗口的即时评议。",
                way=way_to("开启", "campaigns:campaign_detail", poll.campaign_id),
            )
        if is_filed(poll):
            raise CannotTake("小结已经定稿，不能再汇总或者撤回窗口的即时评议。")
        yield poll


def take_into(
    poll: Poll, window: ServiceWindow, *, first_on: date, last_on: date, target: Target | None = None, by
) -> WindowTaking:
    """Copy the sums of whole days into a poll's campaign, and let no other campaign have those days.

    The words that were left there come with them, as opinions about `target`, the poll's first one unless said.

    The days are those of whole published parts: what a campaign shows beside the window's own page leaves nobody
    alone by subtraction. Raises CannotTake.
    """
    with _before_filing(poll.pk) as locked:
        parts = _parts_between(window, first_on, last_on)
        count = sum(part.count for part in parts)
        if count < max(locked.campaign.min_group, 1):
            raise CannotTake(
                f"所选日期共{count}人次，少于本次活动的最小分组人数{locked.campaign.min_group}，请选长一些的日期。"
            )
        text = days_text(window, first_on, last_on, parts)
        taking = WindowTaking.objects.create(
            poll=locked,
            window=window,
            first_on=first_on,
            last_on=last_on,
            tap_count=count,
            content=text,
            sha256=hashlib.sha256(text.encode()).hexdigest(),
            taken_by=by,
        )
        rows = WindowDay.objects.filter(window=window, day__range=(first_on, last_on))
        # Guarded: of two campaigns that ask at once the second gets fewer days, and nothing.
        if rows.filter(taking=None).update(taking=taking) != sum(part.days for part in parts):
            raise CannotTake(_spoken_for(rows.exclude(taking=taking)))
        about = target or locked.targets.select_related("questionnaire").order_by("position", "pk")[0]
        if about.poll_id != locked.pk:
            raise CannotTake("评议对象不属于本次评议活动。")
        bring_words(taking, about, by=by)
        return taking


def _parts_between(window: ServiceWindow, first_on: date, last_on: date) -> list[Part]:
    """The published parts of some days; raises CannotTake where the days begin or end within a part, or too late."""
    if last_on < first_on:
        raise CannotTake("结束日期不能早于开始日期。")
    parts = parts_of(window, now=timezone.now())
    if not parts or last_on > parts[-1].last:
        until = f"至{date_text(parts[-1].last)}为止" if parts else "没有"
        raise CannotTake(f"这个窗口已经公布的合计{until}；当天的、不足5人次的日子还没有公布，不能汇总。")
    for day, is_cut in (
        (first_on, lambda part: part.first < first_on <= part.last),
        (last_on, lambda part: part.first <= last_on < part.last),
    ):
        for part in filter(is_cut, parts):
            raise CannotTake(
                f"{date_text(day)}在{part.label}之内，这几天人次少，合并公布，不能分开。"
                f"请从{date_text(part.first)}起，或者到{date_text(part.last)}止。"
            )
    return [part for part in parts if first_on <= part.first and part.last <= last_on]


def _spoken_for(rows) -> str:
    taken = WindowTaking.objects.filter(days__in=rows).distinct().order_by("first_on").select_related("poll__campaign")
    names = "；".join(
        f"{date_text(row.first_on)}至{date_text(row.last_on)}已汇总到“{row.poll.campaign.title}”" for row in taken
    )
    return f"一天的即时评议只能汇总到一次评议活动：{names}。请另选日期。"


def give_back(taking: WindowTaking) -> None:
    """Take sums out of a campaign with the words; both may go into another one. Raises CannotTake after the filing."""
    with _before_filing(taking.poll_id):
        if are_words_read(taking):
            raise CannotTake(
                "随这次汇总带入的留言已经有阅办的，不能撤回；不作为意见的，请在意见阅办里办理。",
                way=way_to("意见阅办", "reports:opinion_list", taking.poll_id),
            )
        opinions_of_taking(taking).delete()
        WindowTaking.objects.filter(pk=taking.pk).delete()


def days_text(window: ServiceWindow, first_on: date, last_on: date, parts: Iterable[Part]) -> str:
    """The text that the digest covers: what was asked on the first line, then a line for each part."""
    head = {
        "format": "pingyi-window/1",
        "unit": window.organization.name,
        "window": window.name,
        "question": window.question,
        "grades": [[grade.label, grade.is_in_base, grade.is_positive, grade.score] for grade in window.grades],
        "days": [first_on.isoformat(), last_on.isoformat()],
        "salt": secrets.token_hex(16),
    }
    lines = (" ".join([part.first.isoformat(), part.last.isoformat(), *map(str, part.counts)]) for part in parts)
    return "\n".join([json.dumps(head, ensure_ascii=False, separators=(",", ":")), *lines])


def copied_head(taking: WindowTaking) -> dict:
    """The first line of a copy."""
    return json.loads(taking.content.partition("\n")[0])


def copied_counts(taking: WindowTaking) -> tuple[int, ...]:
    """The taps of each grade in a copy."""
    lines = [line.split(" ")[2:] for line in taking.content.split("\n")[1:]]
    return tuple(sum(map(int, column)) for column in zip(*lines, strict=True))


def copied_grades(taking: WindowTaking) -> tuple[tally.CountedGrade, ...]:
    """The scale of a copy."""
    return tuple(tally.CountedGrade(*grade) for grade in copied_head(taking)["grades"])


def check_takings(polls: QuerySet[Poll]) -> Iterator[tuple[WindowTaking, list[str]]]:
    """Each copy of some polls with why it is not what was taken: its digest, its number or the days themselves differ."""
    takings = WindowTaking.objects.filter(poll__in=polls.order_by()).order_by("poll__path", "pk")
    for taking in takings.select_related("poll__campaign", "window").prefetch_related("days"):
        yield taking, list(_faults(taking))


def _faults(taking: WindowTaking) -> Iterator[str]:
    counts = copied_counts(taking)
    if hashlib.sha256(taking.content.encode()).hexdigest() != taking.sha256:
        yield "副本与它的SHA-256不符。"
    if sum(counts) != taking.tap_count:
        yield f"副本各档相加为{sum(counts)}人次，登记的是{taking.tap_count}人次。"
    if tuple(map(sum, zip(*(day.counts for day in taking.days.all()), strict=True))) != counts:
        yield "副本与窗口各日的合计不符。"
