"""Prints how much of the code the tests of SQLite ran (`make test`): each room, the files with most left out, the whole.

It reads what SlipCover left in var/coverage.json, lines by file. No number is asked for.
"""

import json
import os
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPORT = Path(os.environ.get("PINGYI_VAR", ROOT / "var")) / "coverage.json"
SHOWN = 10


def main() -> int:
    try:
        files = json.loads(REPORT.read_text(encoding="utf-8"))["files"]
    except FileNotFoundError:
        print("没有覆盖率数据：先执行 SQLite 一步。")
        return 1
    for line in report_lines(
        {path: (len(file["executed_lines"]), len(file["missing_lines"])) for path, file in files.items()}
    ):
        print(line)
    return 0


def report_lines(files: dict[str, tuple[int, int]]) -> list[str]:
    """The printed lines for lines run and lines left out by file; the last one is the whole."""
    ran, left = Counter(), Counter()
    for path, (executed, missing) in files.items():
        room = "/".join(Path(path).parts[:2][: len(Path(path).parts) - 1])
        ran[room] += executed
        left[room] += missing
    rooms = [_line(room, ran[room], left[room]) for room in sorted(ran)]
    most = sorted(files, key=lambda path: -files[path][1])[:SHOWN]
    return [
        *rooms,
        "没有运行到的行最多的文件：",
        *(_line(path, *files[path]) for path in most if files[path][1]),
        f"共{ran.total() + left.total()}行，运行到{_percent(ran.total(), left.total())}%",
    ]


def _line(name: str, executed: int, missing: int) -> str:
    return f"  {name:<44}{executed + missing:>6}行{_percent(executed, missing):>5}%"


def _percent(executed: int, missing: int) -> int:
    """Rounded down, so that 100 leaves nothing out."""
    return 100 * executed // (executed + missing) if executed + missing else 100


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
