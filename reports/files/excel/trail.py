"""The trail as a sheet, a row a deed; digests stay on the server, where the chain is checked."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.timezone import localtime

from campaigns.models import TrailEntry

from .book import Book
from .cells import Cell

HEADS = ("序号", "时间", "账号", "角色", "地址", "事项", "页面", "对象种类", "对象", "党组织", "结果", "用途")


def draw_trail(book: Book, entries: Iterable[TrailEntry], *, now: datetime) -> None:
    subtitle = f"{now:%Y-%m-%d %H:%M}导出"
    sheet = book.sheet("审计记录", title="审计记录", subtitle=subtitle, columns=len(HEADS))
    sheet.listing(HEADS, map(_line, entries), empty="没有这样的审计记录。")


def _line(entry: TrailEntry) -> tuple:
    return (
        Cell(entry.serial, "quoted"),
        f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}",
        entry.account,
        entry.role,
        entry.address,
        entry.get_deed_display(),
        entry.route,
        entry.object_kind,
        entry.object_name or entry.object_key,
        entry.unit,
        entry.get_result_display(),
        entry.reason,
    )
