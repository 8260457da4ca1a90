"""The measurements as a table in Chinese, with each goal beside its figure and whether it was met."""

from collections.abc import Iterable, Iterator
from unicodedata import east_asian_width

ENGINES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
PARTS = {"casting": "投票", "company": "企业封存和计票", "province": "全省计票", "pages": "页面", "documents": "文件"}
LOADS = {
    "driver alone": "只用驱动逐行提交",
    "bare view": "只插入一行的Django页面",
    "casting, one meeting": "投票（同一个评议点）",
    "casting, many meetings": "投票（二十个评议点）",
}
# Who is on a processor while requests are answered.
SPENDERS = {"web": "网页进程", "database": "数据库的进程", "client": "发请求的", "idle": "闲着"}
STATES = {"": "", "preparing": "筹备中", "open": "评议中", "closed": "已截止", "sealed": "已封存"}

CASTING_SHARE = 0.9  # of the bare view's rate
MEETING_P99_MS = 100
CROWD_SECONDS = 61  # the last of them submit at the end of a minute
SEAL_SECONDS = 3
RECOUNT_SECONDS = 30
TIMES_FASTER = 10  # than GROUP BY
TIMES_READING = 1.5  # at most, of merely reading the boxes
MEMORY_MB = 500
SLOWEST_PAGES = 12
SLIPS_SECONDS, SLIPS_MB = 5, 250  # of the processor, a thousand slips, and a thousand paper ballots
SUMMARY_SECONDS = 1  # of the processor, in its three formats
EXPORT_SECONDS, EXPORT_UNITS = 120, 412


def goals(measured: dict) -> list[dict]:
    """Each goal with its figure; `met` by what was measured, not by what is printed of it."""
    rows = []
    for engine, parts in measured["engines"].items():
        for make in (_casting_goals, _company_goals, _province_goals, _pages_goals, _document_goals):
            rows += [row | {"engine": engine} for row in make(parts)]
    return rows


def _goal(what: str, figure: float, unit: str, *, least: float | None = None, most: float | None = None) -> dict:
    met = figure >= least if least is not None else figure <= most
    wanted = f"不低于{least:g}{unit}" if least is not None else f"不超过{most:g}{unit}"
    return {"what": what, "figure": figure, "unit": unit, "wanted": wanted, "met": bool(met)}


def _casting_goals(parts: dict) -> Iterator[dict]:
    if not (casting := parts.get("casting")):
        return
    for row in casting["rows"]:
        if row["what"].startswith("casting"):
            what = f"{LOADS[row['what']]}，{row['clients']}人同时，与空页面之比"
            yield _goal(what, row["share"], "", least=CASTING_SHARE)
    meeting = casting["meeting"]
    for step, name in (("submit", "提交"), ("all", "所有页面")):
        times = meeting["steps"].get("submit") if step == "submit" else meeting["all"]
        if times:
            yield _goal(f"{_name_of(meeting)}，{name}p99", times["p99_ms"], "毫秒", most=MEETING_P99_MS)
    for held in (meeting, casting["crowd"]):
        yield _goal(f"{_name_of(held)}，失败", held["failed"], "人", most=0)
    crowd = casting["crowd"]
    yield _goal(f"{_name_of(crowd)}，用时", crowd["seconds"], "秒", most=CROWD_SECONDS)
    yield _goal("答复已收而票库中没有的票", abs(casting["accepted"] - casting["counted"]), "张", most=0)


def _name_of(meeting: dict) -> str:
    """「500人评议会」 or 「40场2000人评议会」"""
    meetings = f"{meeting['meetings']}场" if meeting["meetings"] > 1 else ""
    return f"{meetings}{meeting['people']}人评议会"


def _company_goals(parts: dict) -> Iterator[dict]:
    if company := parts.get("company"):
        yield _goal(f"封存{company['seal']['polls']}个评议点", company["seal"]["seconds"], "秒", most=SEAL_SECONDS)
        yield _goal("封存时的内存", max(run["peak_mb"] for run in company["seal"]["runs"]), "MB", most=MEMORY_MB)
        yield from _count_goals("企业", company)


def _province_goals(parts: dict) -> Iterator[dict]:
    if province := parts.get("province"):
        yield from _count_goals("全省", province)
        peak = max(province[road]["peak_mb"] for road in ("count_units", "count_total"))
        yield _goal("全省计票的内存", peak, "MB", most=MEMORY_MB)
        yield _goal("全省重新计票（recount）", province["recount"]["seconds"], "秒", most=RECOUNT_SECONDS)


def _count_goals(where: str, measured: dict) -> Iterator[dict]:
    for scope, name in (("units", "各单位"), ("total", "合计")):
        faster = measured[f"group_{scope}"]["seconds"] / measured[f"count_{scope}"]["seconds"]
        yield _goal(f"{where}{name}计票，比每个答案一行快", faster, "倍", least=TIMES_FASTER)
    longer = measured["count_total"]["seconds"] / measured["read"]["seconds"]
    yield _goal(f"{where}合计计票，与只读票箱之比", longer, "倍", most=TIMES_READING)
    differing = sum(
        measured[f"group_{scope}"]["digest"] != measured[f"count_{scope}"]["digest"] for scope in ("units", "total")
    )
    yield _goal(f"{where}两种算法结果不一致", differing, "处", most=0)


def _pages_goals(parts: dict) -> Iterator[dict]:
    if pages := parts.get("pages"):
        growing = [row for row in pages["pages"] if _grows(row)]
        yield _goal("出错的页面", len(pages["broken"]), "个", most=0)
        yield _goal(f"{len(pages['pages'])}个页面中查询数随单位数变化的", len(growing), "个", most=0)


def _grows(page: dict) -> bool:
    return page["large"]["queries"] != page["larger"]["queries"]


def _document_goals(parts: dict) -> Iterator[dict]:
    if not (documents := parts.get("documents")):
        return
    slips, paper, summary, export = (documents[name] for name in ("slips", "paper", "summary", "export"))
    for papers, name in ((slips, "张码条"), (paper, "份纸质票")):
        yield _goal(f"{papers['count']}{name}，占用处理器", papers["cpu_seconds"], "秒", most=SLIPS_SECONDS)
        yield _goal(f"{papers['count']}{name}的内存", papers["peak_mb"], "MB", most=SLIPS_MB)
    yield _goal(
        f"{slips['count']}张码条，与程序库只画二维码之比", slips["cpu_seconds"] / slips["beside_seconds"], "倍", most=1
    )
    yield _goal("一份小结连同Word和工作簿，占用处理器", summary["all"], "秒", most=SUMMARY_SECONDS)
    yield _goal("一份小结的PDF，与只用排版软件之比", summary["pdf"] / summary["beside"], "倍", most=1)
    together = export["cpu_seconds"] / export["processors"] * EXPORT_UNITS / export["files"]
    yield _goal(f"{EXPORT_UNITS}份小结，每个处理器占用", together, "秒", most=EXPORT_SECONDS)
    yield _goal("没有生成的小结", export["failed"], "份", most=0)


def text(measured: dict) -> str:
    """The whole report."""
    machine = measured["machine"]
    parts = [
        f"规模 {measured['scale_name']}　处理器 {machine['processors']} 个　Python {machine['python']}　"
        f"开始时的负载 {machine['load_average'][0]}，结束时 {machine['load_average_after'][0]}",
        *_busy(machine),
        *_part("投票：一个请求是一次提交（POST /ballot/cast/），每行是几轮中居中的一轮", _casting_lines(measured)),
        *_part("投票：一个请求占用处理器的微秒（各轮居中的），和处理器闲着的", _processor_lines(measured)),
        *_part("封存和计票：票箱与每个答案一行的表", _count_lines(measured)),
        *_part("封存和计票：与同一次运行里的参照物相比", _ratio_lines(measured)),
        *_part("一个答案占用的字节（含索引）", _size_lines(measured)),
        *_part(f"页面：企业规模，最慢的{SLOWEST_PAGES}个和查询数有变化的", _page_lines(measured)),
        *_part("文件：占用处理器的时间", _document_lines(measured)),
        *_part("目标", _goal_lines(measured)),
        *_part("未达到的，时间花在哪里", _shortfall_lines(measured)),
    ]
    return "\n".join(parts)


def _busy(machine: dict) -> Iterator[str]:
    """Measurements taken one after the other cannot be compared where something else took the processors meanwhile."""
    if machine["load_average"][0] > machine["processors"] / 2:
        yield "注意：开始时机器已在忙别的，先后测得的数不能相比，请在空闲时重测。"


def _part(title: str, rows: Iterator[tuple]) -> Iterator[str]:
    rows = [tuple(map(str, row)) for row in rows]
    if len(rows) <= 1:
        return
    yield f"\n── {title}"
    widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()


def table_lines(title: str, rows: Iterable[tuple]) -> list[str]:
    """The lines of a table, its columns lined up, beneath a title."""
    return list(_part(title, iter(rows)))


def _width(cell: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in cell)


def _each(measured: dict, part: str) -> Iterator[tuple[str, dict]]:
    for engine, parts in measured["engines"].items():
        if part in parts:
            yield ENGINES[engine], parts[part]


def _casting_lines(measured: dict) -> Iterator[tuple]:
    yield "数据库", "做什么", "同时", "每秒", "最慢一轮", "最快一轮", "p50毫秒", "p99毫秒", "失败", "与空页面之比"
    for engine, casting in _each(measured, "casting"):
        for row in casting["rows"]:
            rates = (row["requests_per_second"], row["slowest_run"], row["fastest_run"])
            times = (row["p50_ms"], row["p99_ms"])
            yield engine, LOADS[row["what"]], row["clients"], *rates, *times, row["failed"], row.get("share", "")
        for meeting in (casting["meeting"], casting["crowd"]):
            yield from ((engine, *line) for line in _meeting_lines(meeting))


def _processor_lines(figures: dict) -> Iterator[tuple]:
    yield "数据库", "做什么", "同时", *SPENDERS.values()
    for engine, casting in _each(figures, "casting"):
        for row in casting["rows"]:
            if spent := row.get("processor"):
                yield engine, LOADS[row["what"]], row["clients"], *(spent.get(who, "—") for who in SPENDERS)


def _meeting_lines(meeting: dict) -> Iterator[tuple]:
    rate = round(meeting["people"] / meeting["seconds"], 1)
    steps = {"scan": "扫码", "fill": "票面", "review": "核对", "submit": "提交", "receipt": "回执"}
    for step, name in steps.items():
        times = meeting["steps"].get(step, {"p50_ms": "—", "p99_ms": "—"})
        what = f"{_name_of(meeting)}·{name}"
        yield what, "—", rate, "", "", times["p50_ms"], times["p99_ms"], meeting["failed"], ""


def _count_lines(measured: dict) -> Iterator[tuple]:
    yield "数据库", "规模", "做什么", "秒", "内存MB", "数据库服务器内存MB"
    for engine, company in _each(measured, "company"):
        size = f"{company['seal']['polls']}个单位、{company['ballots']}张票"
        for run in sorted(company["seal"]["runs"], key=lambda run: run["seconds"]):
            asked = f"封存（查询{run['queries']}次，本进程占用处理器{run['cpu_seconds']:.2f}秒）"
            yield engine, size, asked, f"{run['seconds']:.2f}", *_memory(run)
        yield engine, size, "重新清点并核对", f"{company['recount']['seconds']:.2f}", *_memory(company["recount"])
        yield from _road_lines(engine, size, company)
    for engine, province in _each(measured, "province"):
        made = province["generated"]
        size = f"{made['units']}个单位、{made['ballots']}张票、{made['answers']}个答案"
        yield engine, size, "生成数据", f"{made['seconds']:.1f}", *_memory(made)
        yield from _road_lines(engine, size, province)
        yield (
            engine,
            size,
            f"重新计票（recount；各进程共占用处理器{province['recount']['cpu_seconds']:.2f}秒，"
            f"另起的进程中最大的{province['recount']['largest_child_mb']:.0f} MB）",
            f"{province['recount']['seconds']:.2f}",
            *_memory(province["recount"]),
        )
        whole = province["read_whole"]
        yield engine, size, "只读票样、票箱、结果并算摘要", f"{whole['seconds']:.2f}", *_memory(whole)


def _road_lines(engine: str, size: str, measured: dict) -> Iterator[tuple]:
    for road, name in (
        ("read", "只读票箱"),
        ("count_units", "从票箱计各单位的票"),
        ("group_units", "GROUP BY 各单位"),
        ("count_total", "从票箱计合计"),
        ("group_total", "GROUP BY 合计"),
    ):
        yield engine, size, name, f"{measured[road]['seconds']:.4f}", *_memory(measured[road])


def _ratio_lines(figures: dict) -> Iterator[tuple]:
    """Each figure with a limit of the same run; the roads of a count took turns, and of each the fastest counts."""
    yield "数据库", "规模", "做什么", "参照物", "做的秒数÷参照物的秒数"
    for engine, company in _each(figures, "company"):
        seal = company["seal"]
        bare = "只用驱动写同样的行、删票、清除痕迹"
        yield engine, "企业", "封存", bare, f"{seal['seconds'] / seal['bare_seconds']:.2f}"
        yield from _count_ratios(engine, "企业", company)
    for engine, province in _each(figures, "province"):
        yield from _count_ratios(engine, "全省", province)
        ratio = province["recount"]["seconds"] / province["read_whole"]["seconds"]
        yield engine, "全省", "重新计票（recount）", "只读票样、票箱、结果并算摘要", f"{ratio:.2f}"


def _count_ratios(engine: str, where: str, measured: dict) -> Iterator[tuple]:
    for scope, name in (("units", "从票箱计各单位的票"), ("total", "从票箱计合计")):
        seconds = measured[f"count_{scope}"]["seconds"]
        yield engine, where, name, "只读票箱", f"{seconds / measured['read']['seconds']:.2f}"
        yield engine, where, name, "GROUP BY", f"1/{measured[f'group_{scope}']['seconds'] / seconds:.1f}"


def _memory(run: dict) -> tuple:
    """Our process's peak and the database server's; SQLite has none."""
    return run["peak_mb"], "—" if run["server_mb"] is None else run["server_mb"]


def _size_lines(figures: dict) -> Iterator[tuple]:
    yield "数据库", "规模", "答案", "票箱", "计票结果", "每个答案一行", "相差"
    for part, name, note in (("company", "企业", "（外键有索引）"), ("province", "全省", "（外键无索引）")):
        for engine, measured in _each(figures, part):
            count, sizes = measured["answers"], measured["sizes"]
            boxes, rows = sizes["boxes"] / count, sizes["answers"] / count
            tally_rows = f"{sizes['tally_rows'] / count:.1f}" if part == "company" else "—"
            yield engine, name, count, f"{boxes:.1f}", tally_rows, f"{rows:.1f}{note}", f"{rows / boxes:.1f}倍"


def _page_lines(measured: dict) -> Iterator[tuple]:
    yield (
        "页面",
        "状态",
        "查询（小）",
        "查询（大）",
        "查询（更大）",
        "毫秒（小）",
        "毫秒（大）",
        "毫秒（更大）",
        "KB（大）",
    )
    for _, pages in _each(measured, "pages"):
        rows = sorted(pages["pages"], key=lambda row: -row["large"]["ms"])
        growing = [row for row in rows if _grows(row)]
        for row in rows[:SLOWEST_PAGES] + [row for row in growing if row not in rows[:SLOWEST_PAGES]]:
            visits = [row[size] for size in ("small", "large", "larger")]
            costs = [visit[cost] for cost in ("queries", "ms") for visit in visits]
            yield row["page"], STATES[row["state"]], *costs, row["large"]["kilobytes"]
        for row in pages["broken"]:
            yield row["page"], STATES[row["state"]], "出错", *[""] * 6


def _document_lines(measured: dict) -> Iterator[tuple]:
    yield "做什么", "占用处理器秒", "内存MB", "KB", "说明"
    for _, documents in _each(measured, "documents"):
        slips, paper, summary, whole, export = (
            documents[name] for name in ("slips", "paper", "summary", "whole", "export")
        )
        pictures = f"程序库只画二维码{slips['beside_seconds']:.2f}秒"
        yield f"{slips['count']}张码条", *_cost(slips), pictures
        single = f"其中排版一份{paper['single_seconds']:.2f}秒，{paper['single_bytes'] / 1000:.0f} KB"
        yield f"{paper['count']}份空白纸质票", *_cost(paper), single
        alone = f"只用排版软件{summary['beside']:.2f}秒，{summary['beside_bytes'] / 1000:.0f} KB"
        for name, label, note in (("pdf", "PDF", alone), ("docx", "Word", ""), ("xlsx", "工作簿", "连同取数")):
            kilobytes = f"{summary[f'{name}_bytes'] / 1000:.0f}"
            yield f"一份小结：{label}", f"{summary[name]:.2f}", summary["peak_mb"], kilobytes, note
        yield "一份小结：取数", f"{summary['content']:.2f}", "", "", ""
        yield "全企业的工作簿", *_cost(whole), ""
        note = f"{export['processors']}个处理器，用时{export['seconds']:.0f}秒，打包完成"
        kilobytes = f"{export['bytes'] / 1000:.0f}"
        yield (
            f"导出{export['files']}份小结",
            f"{export['cpu_seconds']:.1f}",
            f"{export['maker_mb']:.0f}",
            kilobytes,
            note,
        )


def _cost(run: dict) -> tuple:
    return f"{run['cpu_seconds']:.2f}", run["peak_mb"], f"{run['bytes'] / 1000:.0f}"


def _goal_lines(measured: dict) -> Iterator[tuple]:
    yield "", "数据库", "目标", "测得", "要求"
    for row in measured["goals"]:
        figure = f"{row['figure']:.3f}".rstrip("0").rstrip(".") + row["unit"]
        yield "达到" if row["met"] else "未达到", ENGINES[row["engine"]], row["what"], figure, row["wanted"]


def _shortfall_lines(figures: dict) -> Iterator[tuple]:
    """For casts, from a profile of the server's code; the network, gunicorn and the database's own process not counted."""
    yield "数据库", "做什么", "说明"
    missed = {(row["engine"], row["what"][:2]) for row in figures["goals"] if not row["met"]}
    for engine, parts in figures["engines"].items():
        if (engine, "投票") in missed:
            profile = parts["casting"]["profile"]
            shares = "，".join(f"{name} {share:.0%}" for name, share in profile["shares"].items())
            yield (
                ENGINES[engine],
                "投票",
                f"本系统的代码每票占用处理器{profile['microseconds']}微秒，其中（后者或含于前者）{shares}",
            )
        for part, name in (("company", "企业"), ("province", "全省")):
            if (engine, name) in missed and part in parts:
                measured = parts[part]
                boxes = (
                    measured["count_total"]["seconds"],
                    measured["count_units"]["seconds"],
                    measured["read"]["seconds"],
                )
                yield (
                    ENGINES[engine],
                    f"{name}计票",
                    "读票箱{2:.4f}秒，逐箱认票头、拼接并计合计{0:.4f}秒，逐箱逐项计数{1:.4f}秒".format(*boxes),
                )
