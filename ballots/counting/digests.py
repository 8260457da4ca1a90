"""The digests printed on a signed count sheet, held against the boxes that are there now."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from campaigns.models import Poll

from ..models import SealedBox
from .boxes import box_digest, box_sm3

LENGTH = 64
# Sheets print them in groups of eight; shorter words of such characters are numbers of ballots.
GROUP = re.compile(r"[0-9a-f]{8,}")


class NotADigest(ValueError):
    """A digest that was copied wrong; the message says where and what is allowed."""


@dataclass(frozen=True)
class DigestCheck:
    """How a sheet's digests and the boxes agree."""

    boxes: tuple[SealedBox, ...]
    # Digests that no box has.
    strange: tuple[str, ...]
    # Boxes of the sheet's polls that the sheet does not name.
    missing: tuple[SealedBox, ...]

    @property
    def is_good(self) -> bool:
        return bool(self.boxes) and not self.strange and not self.missing


def read_digests(text: str) -> list[str]:
    """The digests in a text as it was typed or copied from a sheet, in groups or whole, with other words around them.

    Raises NotADigest for groups that do not make up whole digests, and where there is none.
    """
    digests = [digest for run, line in _runs(text) for digest in _whole(run, line)]
    if not digests:
        raise NotADigest(f"没有摘要。每个摘要是{LENGTH}位的0至9、a至f，可以照报告单8位一组，用空格或者换行隔开。")
    return list(dict.fromkeys(digests))


def _runs(text: str) -> Iterator[tuple[str, int]]:
    """Groups that stand one after another, joined, with the number of the line where they begin."""
    run, begins = "", 0
    for number, line in enumerate(unicodedata.normalize("NFKC", text).lower().splitlines(), start=1):
        for word in line.split():
            if GROUP.fullmatch(word):
                run, begins = run + word, begins if run else number
            elif run:
                yield run, begins
                run = ""
    if run:
        yield run, begins


def _whole(run: str, line: int) -> list[str]:
    if len(run) % LENGTH:
        raise NotADigest(f"第{line}行起：摘要应为{LENGTH}位的0至9、a至f，这里连着的有{len(run)}位，请对照报告单改正。")
    return [run[start : start + LENGTH] for start in range(0, len(run), LENGTH)]


def check_digests(polls: QuerySet[Poll], digests: Iterable[str]) -> DigestCheck:
    """Hold digests against the contents of the polls' boxes, computed anew: what is stored beside them proves nothing."""
    wanted = set(digests)
    boxes = SealedBox.objects.filter(batch__poll__in=polls).order_by("batch__poll_id", "batch_id", "target_id")
    boxes = boxes.select_related("batch__poll__organization", "batch__category", "target")
    there, others, known = [], [], set()
    for box in boxes.iterator(chunk_size=200):
        # A sheet bears both, and whoever copies it may copy one.
        if copied := wanted & {box_digest(box.content), box_sm3(box.content)}:
            there.append(box)
            known |= copied
        else:
            others.append(box)
    concerned = {box.batch.poll_id for box in there}
    return DigestCheck(
        boxes=tuple(there),
        strange=tuple(digest for digest in wanted if digest not in known),
        missing=tuple(box for box in others if box.batch.poll_id in concerned),
    )
