"""Keeps a small database that the code of a state makes, with what it holds, for the test of upgrades.

    .venv/bin/python scripts/keep_database.py [COMMIT]     # HEAD where none is named

Run it when a state is released: `tests/kept/` then has the database as SQL (compressed) and a JSON file beside it.
A library that a state needs and this environment has no more is taken from PYTHONPATH.
"""

import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "tests" / "kept"
# The key that signs in it; whoever reads the database with another one finds none of its slips.
KEY = "the-key-of-the-kept-databases-which-guards-nothing"
HOLDINGS = {
    "boxes": "SELECT id, batch_id, target_id, sha256, ballot_count, content FROM ballots_sealedbox ORDER BY id",
    "tallies": "SELECT poll_id, target_id, indicator_id, channel, category_id, valid_count, grade_1_count, grade_2_count,"
    " grade_3_count, unknown_count, abstained_count, spoiled_count FROM ballots_tallyrow ORDER BY id",
    "filed": "SELECT id, number, snapshot FROM reports_summaryversion WHERE is_final ORDER BY id",
    "opinions": "SELECT target_id, kind, text FROM ballots_opinion ORDER BY target_id, kind, text",
    "ballots": "SELECT id, batch_id, marks FROM ballots_ballot ORDER BY id",
    "problems": "SELECT id, organization_id, content FROM reports_problem ORDER BY id",
}


def holdings(path: Path) -> dict[str, list]:
    """Rows that an upgrade leaves as they are, a long text as its SHA-256."""
    with closing(sqlite3.connect(path)) as database:
        return {
            name: [[_short(value) for value in row] for row in database.execute(question)]
            for name, question in HOLDINGS.items()
        }


def make_kept(kept: Path, path: Path) -> None:
    """Make the database of a kept file."""
    with closing(sqlite3.connect(path)) as database:
        database.executescript(gzip.decompress(kept.read_bytes()).decode())


def main(commit: str) -> None:
    day, short = _git("show", "--no-patch", "--format=%cs %h", commit).split()
    with tempfile.TemporaryDirectory() as name:
        tree, var = Path(name) / "tree", Path(name) / "var"
        _git("worktree", "add", "--detach", str(tree), commit)
        try:
            slips = _make(tree, var)
        finally:
            _git("worktree", "remove", "--force", str(tree))
        path = var / "pingyi.sqlite3"
        with closing(sqlite3.connect(path)) as database:
            text = "\n".join(database.iterdump()) + "\n"
        KEPT.joinpath(f"{day}-{short}.sql.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        told = json.dumps({"slips": slips, **holdings(path)}, ensure_ascii=False, separators=(",", ":"))
        KEPT.joinpath(f"{day}-{short}.json").write_text(told.replace("],[", "],\n[") + "\n")


def _make(tree: Path, var: Path) -> list[str]:
    path = os.pathsep.join(filter(None, [str(tree), os.environ.get("PYTHONPATH")]))
    own = {
        name: value for name, value in os.environ.items() if not name.startswith(("PINGYI_", "DJANGO_", "DATABASE_"))
    }
    own |= {"PYTHONPATH": path, "PINGYI_VAR": str(var), "PINGYI_SECRET_KEY": KEY}
    command = [sys.executable, str(KEPT / "world.py")]
    return json.loads(subprocess.run(command, cwd=tree, env=own, check=True, stdout=subprocess.PIPE).stdout)


def _short(value):
    return hashlib.sha256(value.encode()).hexdigest() if isinstance(value, str) and len(value) > 100 else value


def _git(*command: str) -> str:
    return subprocess.run(["git", *command], cwd=ROOT, check=True, capture_output=True, text=True).stdout


if __name__ == "__main__":
    main(*sys.argv[1:] or ["HEAD"])
