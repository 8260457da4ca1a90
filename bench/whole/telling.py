"""The measurements of a province as tables in Chinese: what there is, what each deed and page cost, which goals are met."""

import re
from collections.abc import Iterator

from .visitors import NOTHING_KEPT, ONE_MORE_SEAL, SCATTERED_SEALS, VISITORS

PAGE_MS, HOME_MS, ROLL_UP_MS, WORKER_MB = 500, 300, 2000, 300
FILES = re.compile(r"pdf|docx|workbook|archive|kit|feedback|registration|count_sheet|template|tally")
NAMES = {
    "units": "单位",
    "members": "党员",
    "commitments": "承诺",
    "accounts": "账号",
    "sealed_ballots": "去年的票（在票箱里）",
    "sealed_boxes": "去年的票箱",
    "running_ballots": "本年的票（箱里的和没有封存的）",
    "running_boxes": "本年的票箱",
    "preparing_polls": "筹备中的评议点",
    "opinions": "意见",
    "problems": "台账问题",
    "announcements": "公示",
    "summaries": "定稿的小结",
    "trail": "审计记录",
}


def tell(sizes: list[dict]) -> str:
    """Everything that was measured at each size, the smallest first."""
    return "\n\n".join(
        "\n".join(table)
        for table in (_amounts(sizes), _goals(sizes), _deeds(sizes), _unkept(sizes), _slowest(sizes), _growing(sizes))
    )


def _table(title: str, heads: list[str], rows: Iterator[list]) -> Iterator[str]:
    yield f"### {title}\n"
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"


def _units(sizes: list[dict]) -> list[str]:
    return [f"{size['amounts']['units']}个单位" for size in sizes]


def _amounts(sizes: list[dict]) -> Iterator[str]:
    rows = ([name, *(size["amounts"].get(key, "—") for size in sizes)] for key, name in NAMES.items())
    return _table("有什么", ["", *_units(sizes)], rows)


def pages_of(size: dict) -> list[dict]:
    """The pages of all visitors, files left out."""
    return [
        row | {"visitor": visitor}
        for visitor, pages in size["pages"].items()
        for row in pages
        if not FILES.search(row["page"])
    ]


def _goals(sizes: list[dict]) -> Iterator[str]:
    def slow(size):
        pages = pages_of(size)
        return f"{sum(row['ms'] <= PAGE_MS for row in pages)}/{len(pages)}"

    def home(size):
        return max((row["ms"] for row in pages_of(size) if row["page"] == "reports:home"), default="—")

    def roll_up(size):
        return _first_roll_up(size, NOTHING_KEPT)

    def next_roll_up(size):
        return _first_roll_up(size, ONE_MORE_SEAL)

    def scattered_roll_up(size):
        return _first_roll_up(size, SCATTERED_SEALS)

    def memory(size):
        return max((row["peak_mb"] for row in pages_of(size)), default="—")

    rows = (
        [name, *map(figure, sizes), wanted]
        for name, figure, wanted in (
            ("不超过500毫秒的网页", slow, "全部"),
            ("首页，最慢的一个账号（毫秒）", home, HOME_MS),
            ("全省汇总，没有留存时（毫秒）", roll_up, ROLL_UP_MS),
            ("全省汇总，又封存一个以后（毫秒）", next_roll_up, ROLL_UP_MS),
            (f"全省汇总，{SCATTERED_SEALS}以后（毫秒）", scattered_roll_up, ROLL_UP_MS),
            ("打开网页时一个进程的内存峰值（MB）", memory, WORKER_MB),
        )
    )
    return _table("目标", ["", *_units(sizes), "要求"], rows)


def _first_roll_up(size: dict, after: str):
    """Milliseconds of the slowest roll-up of the province by its first reader after something."""
    rows = (row for row in size["unkept"] if (row["page"], row["after"]) == ("reports:campaign_results", after))
    return max((row["ms"] for row in rows), default="—")


def _deeds(sizes: list[dict]) -> Iterator[str]:
    names = list(dict.fromkeys((deed["deed"], deed["count"]) for size in sizes for deed in size["deeds"]))
    rows = ([name, count, *(_seconds(size["deeds"], name) for size in sizes)] for name, count in names)
    return _table("一个县和全省办的事（处理器秒，其中数据库）", ["", "多少", *_units(sizes)], rows)


def _seconds(deeds: list[dict], name: str) -> str:
    return next((f"{deed['seconds']}（{deed['database_seconds']}）" for deed in deeds if deed["deed"] == name), "—")


def _unkept(sizes: list[dict]) -> Iterator[str]:
    keys = list(dict.fromkeys(_opened_first(row) for size in sizes for row in size["unkept"]))
    rows = ([*key, *(_cell(size["unkept"], key) for size in sizes)] for key in keys)
    return _table("封存以后第一个打开的人（毫秒，其中数据库）", ["网页", "活动", "", *_units(sizes)], rows)


def _opened_first(row: dict) -> tuple[str, str, str]:
    return row["page"], row["about"], row["after"]


def _cell(rows: list[dict], key: tuple) -> str:
    return next((f"{row['ms']}（{row['database_ms']}）" for row in rows if _opened_first(row) == key), "—")


def _key(row: dict) -> tuple:
    query = "" if not row["query"] else "查找" if row["query"].startswith("?q=") else row["query"].partition("=")[0]
    return row["visitor"], row["page"], row["about"], query


def _slowest(sizes: list[dict]) -> Iterator[str]:
    """At the largest size the pages over the goal, or at least the ten slowest, beside themselves at the smaller sizes."""
    return _table(
        "最慢的网页（毫秒，其中数据库；查询次数）", ["账号", "网页", "活动", "", *_units(sizes)], _page_rows(sizes)
    )


def _page_rows(sizes: list[dict]) -> Iterator[list]:
    by_key = [{_key(row): row for row in pages_of(size)} for size in sizes]
    chosen = sorted(by_key[-1].values(), key=lambda row: -row["ms"])
    slow = max(10, sum(row["ms"] > PAGE_MS for row in chosen))
    names = {username: name for username, *_, name in VISITORS}
    for row in chosen[:slow]:
        visitor, *rest = _key(row)
        yield [names.get(visitor, visitor), *rest, *(_figures(of_size.get(_key(row))) for of_size in by_key)]


def _figures(row: dict | None) -> str:
    if row is None:
        return "—"
    given_up = "没有等到，" if row["status"] == 504 else ""
    return f"{given_up}{row['ms']}（{row['database_ms']}），{row['queries']}次"


def _growing(sizes: list[dict]) -> Iterator[str]:
    """The pages whose number of queries differs between the smallest and the largest size."""
    by_key = [{_key(row): row for row in pages_of(size)} for size in sizes]
    rows = (
        [*key, by_key[0][key]["queries"], row["queries"]]
        for key, row in by_key[-1].items()
        if key in by_key[0] and abs(row["queries"] - by_key[0][key]["queries"]) > 0
    )
    return _table("查询次数不同的网页", ["账号", "网页", "活动", "", "最小", "最大"], rows)
