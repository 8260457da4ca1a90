"""Counts the sealed boxes again and compares them with what was written: `manage.py recount [--campaign] [--unit]`.

Of many polls each processor counts a share, in a process of its own, while another adds up the sums that they are held
against; what is printed is the same.

`--digests FILE` holds the digests of a signed count sheet against the boxes as well.
"""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from functools import partial
from itertools import chain, groupby, islice
from pathlib import Path
from typing import NamedTuple

from django.core.management.base import BaseCommand, CommandError

from ballots.counting import recounting
from ballots.counting.digests import NotADigest, check_digests, read_digests
from campaigns.models import Campaign, Poll
from pingyi.heap import rarely_collected
from pingyi.spreading import ProcessDied, can_spread, made_beside, spread

from ...results.recounting import PrintedSum, RollupRecount, printed_sums
from ...window.taking import check_takings

# A process is worth its beginning from so many pieces on, some thousand polls.
PIECES_OF_PROCESS = 2
SUMS_AT_ONCE = 500


class Command(BaseCommand):
    help = "重新清点封存票箱，与计票结果核对；每个评议点一行，有不一致的退出状态为1。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", metavar="TITLE", help="只核对这个名称的评议活动")
        parser.add_argument("--unit", metavar="NAME", help="只核对这个评议单位")

        parser.add_argument(
            "--digests",
            metavar="FILE",
            help="签字的计票结果报告单上的SHA-256，或SM3，照抄成文本文件（-为从键盘输入，Ctrl+D结束），核对票箱是不是当时的那些",
        )

    def handle(self, *, campaign, unit, digests, **options):
        polls = _chosen(campaign, unit)
        sheet = _read(digests) if digests else None
        with rarely_collected():
            self._recount(polls, unit)
        self._check_windows(polls)
        if sheet is not None:
            self._compare(polls, sheet)

    def _compare(self, polls, sheet: list[str]) -> None:
        """Say of each digest which box it is of; CommandError where the boxes are not those of the sheet."""
        checked = check_digests(polls, sheet)
        for box in checked.boxes:
            self.stdout.write(f"摘要相符\t{box.batch.poll.unit_name}\t{box}")
        for digest in checked.strange:
            self.stdout.write(
                f"摘要不符\t{digest[:8]}……{digest[-8:]}\t没有这样的票箱：抄错了，或者票箱不是签字时的那个。"
            )
        for box in checked.missing:
            self.stdout.write(f"没有列出\t{box.batch.poll.unit_name}\t{box}\t票箱在这里，所给的摘要里没有它。")
        if not checked.is_good:
            raise CommandError("票箱和报告单上的摘要不完全相符，见上。")
        self.stdout.write(f"{len(checked.boxes)}个摘要全部相符：票箱就是签字时的那些。")

    def _recount(self, polls, unit) -> None:
        pieces = recounting.pieces_of(polls)
        processes = _number_of_processes(len(pieces))
        # The sums hold the boxes of all units.
        compares_sums = not unit
        try:
            with _sums_made_beside(polls) if compares_sums and processes > 1 else nullcontext(()) as made:
                self._compare_polls(_recounted(pieces, processes), made, compares_sums=compares_sums)
        except ProcessDied as died:
            raise CommandError(
                f"没有核对完：{processes + 1}个核对的进程中有一个意外结束（{died}），没有打印的都没有核对。请看是不是内存不够，再来一次。"
            ) from died

    def _compare_polls(self, outcomes: Iterable[recounting.Recount], made: Iterable["_MadeSums"], *, compares_sums):
        disagreeing, rollups = 0, {}
        for recounted in outcomes:
            disagreeing += bool(recounted.problems)
            if (key := recounted.campaign_id) not in rollups:
                rollups[key] = RollupRecount(Campaign.objects.get(pk=key))
            rollups[key].add(recounted)
            self.stdout.write(_line(recounted, rollups[key].campaign))
        if disagreeing:
            raise CommandError(f"有{disagreeing}个评议点不一致。")
        if not rollups:
            self.stdout.write("没有已封存的评议点。")
        elif compares_sums:
            self._compare_sums(rollups, made)

    def _check_windows(self, polls) -> None:
        """Hold what the polls took of windows against their digests and against the sums of the days."""
        broken = 0
        for taking, faults in check_takings(polls):
            broken += bool(faults)
            verdict = f"不一致：{' '.join(faults)}" if faults else "一致"
            poll = taking.poll
            self.stdout.write(
                f"{poll.campaign}\t{poll.unit_name}\t窗口即时评议\t{taking}，{taking.tap_count}人次\t{verdict}"
            )
        if broken:
            raise CommandError(f"有{broken}份窗口即时评议的汇总不一致。")

    def _compare_sums(self, rollups: Mapping[int, RollupRecount], made: Iterable["_MadeSums"]) -> None:
        """Hold the boxes of each campaign against the sums that committees read, of the whole and of every unit."""
        broken, agreeing = False, _agreeing(rollups, made)
        for key, rollup in rollups.items():
            # Sums that were made meanwhile are made again for the words where anything differs.
            if key in agreeing:
                continue
            problems = [("合计", problem) for problem in recounting.total_problems(rollup.campaign)]
            problems += [("汇总", problem) for problem in rollup.problems()]
            broken = broken or bool(problems)
            for kind, problem in problems:
                self.stdout.write(f"{rollup.campaign}\t{kind}\t不一致：{problem}")
        if broken:
            raise CommandError("各票箱的合计与结果的合计不一致。")


class _MadeSums(NamedTuple):
    """Some of the sums of a campaign as another process made them, and whether its boxes as a whole give those of its rows."""

    campaign_id: int
    is_total_right: bool
    sums: Sequence[PrintedSum]


def _sums_made_beside(polls):
    campaigns = polls.order_by("campaign_id").values_list("campaign_id", flat=True).distinct()
    return made_beside(partial(_make_sums, list(campaigns)))


def _make_sums(campaigns: Iterable[int]) -> Iterator[_MadeSums]:
    for campaign in (Campaign.objects.get(pk=key) for key in campaigns):
        is_total_right, sums = not recounting.total_problems(campaign), printed_sums(campaign)
        while some := list(islice(sums, SUMS_AT_ONCE)):
            yield _MadeSums(campaign.pk, is_total_right, some)


def _agreeing(rollups: Mapping[int, RollupRecount], made: Iterable[_MadeSums]) -> set[int]:
    """The campaigns whose boxes give all of their sums, of those that were made meanwhile."""
    agreeing = set()
    for key, of_campaign in groupby(made, lambda some: some.campaign_id):
        first = next(of_campaign)
        sums = chain.from_iterable(some.sums for some in chain([first], of_campaign))
        if first.is_total_right and key in rollups and rollups[key].agrees(sums):
            agreeing.add(key)
    return agreeing


def _read(path: str) -> list[str]:
    """The digests of a file, or of what is typed; CommandError for a file that cannot be read and digests copied wrong."""
    try:
        return read_digests(sys.stdin.read() if path == "-" else Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise CommandError(f"读不了文件“{path}”：{error.strerror}。") from error
    except UnicodeDecodeError as error:
        raise CommandError(f"文件“{path}”不是UTF-8的文本，请另存为UTF-8再试。") from error
    except NotADigest as refusal:
        raise CommandError(str(refusal)) from refusal


def _chosen(campaign, unit):
    """The sealed polls that were asked for; CommandError for a name that does not exist or has none."""
    if campaign and not Campaign.objects.filter(title=campaign).exists():
        raise CommandError(f"没有名为“{campaign}”的评议活动。")
    polls = Poll.objects.sealed().select_related("organization", "campaign")
    if campaign:
        polls = polls.filter(campaign__title=campaign)
    if unit:
        polls = polls.filter(organization__name=unit)
    if (campaign or unit) and not polls.exists():
        raise CommandError("所选范围内没有已封存的评议点，请核对活动名称和单位名称。")
    return polls


def _recounted(pieces: Sequence[Sequence[int]], processes: int) -> Iterator[recounting.Recount]:
    """The outcome of each poll, in their order."""
    recount = recounting.Recounter().recount
    return chain.from_iterable(map(recount, pieces) if processes == 1 else spread(recount, pieces, processes))


def _number_of_processes(pieces: int) -> int:
    return max(1, min(len(os.sched_getaffinity(0)), pieces // PIECES_OF_PROCESS)) if can_spread() else 1


def _line(recounted: recounting.Recount, campaign: Campaign) -> str:
    ballots = f"有效票{recounted.valid}张" + (f"（另有作废票批中{recounted.void}张）" if recounted.void else "")
    verdict = "不一致：" + " ".join(recounted.problems) if recounted.problems else "一致"
    return f"{campaign}\t{recounted.unit_name}\t票箱{recounted.boxes}个\t{ballots}\t{verdict}"
