"""Writes the recount kit of a campaign: its boxes, forms, batches and counts, and the program that recounts them.

The kit holds each batch by itself, small ones too, which no page shows: it is for whoever may audit the campaign.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO

from django.db.models import QuerySet
from django.utils import timezone

from campaigns.models import Campaign, Poll

from ...models import Batch, SealedBox, TallyRow
from ..boxes import COUNT_FIELDS

FORMAT = "pingyi-kit/1"
PROGRAM = Path(__file__).with_name("verify.py")
POLLS_AT_ONCE = 200
KEYS = ("poll", "target", "indicator", "channel", "category")

README = """《{campaign}》的重新计票材料

kit.json    各评议点的票样、票批和票箱清单
rows.csv    封存时写下的计票结果
boxes/      封存票箱：第一行是票头，以下一行一张票，已排序
verify.py   重新清点的程序，只用 Python 3.8 以上自带的程序库

怎样核对：
1. 在一台装有 Python 的电脑上执行 python3 verify.py 这个压缩包.zip
   程序逐个票箱清点，与计票结果比较，最后一行写“全部一致”或者有几处不一致。
2. 把签字的计票结果报告单上的摘要照抄成一个文本文件（8位一组也可以），执行
   python3 verify.py 这个压缩包.zip --digests 摘要.txt
   票箱、结果和清单一起被人改过的，只有纸上的摘要看得出来。
不放心这里的 verify.py 的，可以从软件的源代码里另取一份，或者照 docs/formats.md 自己写一个。

材料里有各票批分开的票，包括网页上因为人数少而不单列的：请只给有权核对的人，用完销毁。
"""


class NothingSealed(ValueError):
    """No poll of the campaign is sealed; the message is for the user."""


def write_kit(campaign: Campaign, file: IO[bytes]) -> int:
    """Write a campaign's kit as a ZIP; returns the number of its boxes. Raises NothingSealed."""
    polls = campaign.polls.sealed().order_by("path", "pk")
    if not polls.exists():
        raise NothingSealed(f"“{campaign.title}”没有已封存的评议点，封存以后才能重新计票。")
    described, boxes = [], 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for poll, batches, contents in _sealed(polls):
            listed = []
            for box in contents:
                boxes += 1
                name = f"boxes/{boxes:06}.txt"
                archive.writestr(name, box.content.encode())
                listed.append(_box(box, name))
            described.append(_poll(poll, batches, listed))
        archive.writestr("rows.csv", _rows(polls).encode())
        archive.writestr("kit.json", _description(campaign, described).encode())
        archive.writestr("verify.py", PROGRAM.read_bytes())
        archive.writestr("README.txt", README.format(campaign=campaign.title).encode())
    return boxes


def _sealed(polls: QuerySet[Poll]) -> Iterator[tuple[Poll, list[Batch], list[SealedBox]]]:
    """Each poll with its batches and its boxes, a few hundred polls at a time."""
    rest = polls.iterator(chunk_size=POLLS_AT_ONCE)
    while chunk := list(islice(rest, POLLS_AT_ONCE)):
        batches: dict[int, list[Batch]] = {poll.pk: [] for poll in chunk}
        boxes: dict[int, list[SealedBox]] = {poll.pk: [] for poll in chunk}
        for batch in Batch.objects.filter(poll__in=chunk).select_related("category").order_by("pk"):
            batches[batch.poll_id].append(batch)
        of_chunk = SealedBox.objects.filter(batch__poll__in=chunk).select_related("batch")
        for box in of_chunk.order_by("batch_id", "target_id"):
            boxes[box.batch.poll_id].append(box)
        for poll in chunk:
            yield poll, batches[poll.pk], boxes[poll.pk]


def _description(campaign: Campaign, polls: list[dict]) -> str:
    described = {
        "format": FORMAT,
        "campaign": campaign.title,
        "organizer": campaign.organizer.name,
        "made_at": timezone.localtime().isoformat(timespec="seconds"),
        "not_sealed": [
            poll.unit_name for poll in campaign.polls.exclude(state=Poll.State.SEALED).order_by("path", "pk")
        ],
        "polls": polls,
    }
    return json.dumps(described, ensure_ascii=False, indent=1) + "\n"


def _poll(poll: Poll, batches: list[Batch], boxes: list[dict]) -> dict:
    return {
        "id": poll.pk,
        "unit": poll.unit_name,
        "path": poll.path,
        "sealed_at": timezone.localtime(poll.sealed_at).isoformat(timespec="seconds"),
        "form": poll.ballot_form.to_json(),
        "batches": [_batch(batch) for batch in batches],
        "boxes": boxes,
    }


def _batch(batch: Batch) -> dict:
    is_void = batch.state == Batch.State.VOID
    return {
        "id": batch.pk,
        "channel": batch.get_channel_display(),
        "channel_key": batch.channel,
        "category": batch.category.name,
        "void": is_void,
        "issued": batch.issued_count or 0,
        "returned": batch.returned_count or 0,
        "void_sheets": batch.void_count,
        "valid": 0 if is_void else batch.valid_count,
    }


def _box(box: SealedBox, name: str) -> dict:
    return {
        "batch": box.batch_id,
        "target": box.target_id,
        "file": name,
        "ballots": box.ballot_count,
        "sha256": box.sha256,
        "sm3": box.sm3,
    }


def _rows(polls: QuerySet[Poll]) -> str:
    """The rows that were written at the seals, one a line, with the columns that `verify.py` reads."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*KEYS, *(field.removesuffix("_count") for field in COUNT_FIELDS)])
    rows = TallyRow.objects.filter(poll__in=polls.order_by()).select_related("category").order_by("poll_id", "pk")
    for row in rows.iterator(chunk_size=2000):
        key = row.poll_id, row.target_id, row.indicator_id, row.channel, row.category.name
        writer.writerow([*key, *(getattr(row, field) for field in COUNT_FIELDS)])
    return buffer.getvalue()
