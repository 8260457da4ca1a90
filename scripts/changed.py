"""Runs the tests of the files that differ from the main branch (`make check`); `make test` runs all of them.

A changed test file runs itself. A changed module runs the test file that mirrors it (`tests/<app>/<room>/test_<module>.py`),
or the app's test files of its name (with the room's name and the plural too, and all of a folder `<module>_<room>`), or the
room's; and those that import it. A template runs the tests of the views that name it.
Browser tests and slow ones are left to `make test`; so are the files after LIMIT test functions, which are printed.
"""

import ast
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("campaigns", "ballots", "reports", "pingyi", "scripts", "bench")
MAIN_BRANCHES = ("origin/main", "main", "origin/master", "master")
# So many test functions run: a check is a matter of a minute, not of the whole suite.
LIMIT = 120
QUICK = "not browser and not slow and not long"
DOCUMENTS = {
    "README.md": "tests/test_docs.py",
    "CONTRIBUTING.md": "tests/test_contributing.py",
    "docs/formats.md": "tests/test_docs.py",
    "requirements.txt": "tests/test_setup.py",
    "Makefile": "tests/test_check.py",
}
NOTHING_COLLECTED = 5


def main() -> int:
    files = changed_files(ROOT)
    tests, unknown = tests_of(files, ROOT)
    near = nearest(tests, ROOT)
    if left := tests[len(near) :]:
        print("改动较大，以下测试留给 make test：" + " ".join(left), flush=True)
    if unknown:
        print("没有同名测试，留给 make test：" + " ".join(unknown), flush=True)
    if not tests:
        print("没有需要运行的测试。")
        return 0
    command = [sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "worksteal", "-m", QUICK]
    status = subprocess.run([*command, *near], cwd=ROOT, check=False).returncode
    return 0 if status == NOTHING_COLLECTED else status  # only browser tests or slow ones were changed


def changed_files(root: Path) -> list[str]:
    """The files that differ from where this branch left the main one, uncommitted and new ones among them."""
    base = next(filter(None, (_git(root, "merge-base", "HEAD", branch) for branch in MAIN_BRANCHES)), ["HEAD"])[0]
    differing = _git(root, "diff", "--name-only", "--relative", base)
    new = _git(root, "ls-files", "--others", "--exclude-standard")
    return sorted({*differing, *new})


def tests_of(files: list[str], root: Path) -> tuple[list[str], list[str]]:
    """The test files to run, nearest first, and the changed sources that no test is known for."""
    imports = {path.relative_to(root).as_posix(): imported_by(path) for path in sorted(root.glob("tests/**/test_*.py"))}
    near, far, unknown = [], [], []
    for file in [*files, *views_of_templates(files, root)]:
        own = own_tests(file, imports)
        importers = [test for test, names in imports.items() if module_of(file) in names]
        near += own
        far += importers
        if not own and not importers and file.endswith(".py") and "/migrations/" not in file:
            unknown.append(file)
    return list(dict.fromkeys([*near, *far])), unknown


def nearest(tests: list[str], root: Path) -> list[str]:
    """The first test files, as long as they hold no more than LIMIT test functions; one in any case."""
    total = 0
    for place, test in enumerate(tests):
        total += (root / test).read_text(encoding="utf-8").count("\ndef test_")
        if place and total > LIMIT:
            return tests[:place]
    return tests


def own_tests(file: str, tests) -> list[str]:
    """The test files named for a file, or those of its room where none is."""
    if file in DOCUMENTS:
        return [DOCUMENTS[file]] if DOCUMENTS[file] in tests else []
    if file in tests:
        return [file]
    path = Path(file)
    if path.parts[0] not in APPS or path.suffix not in (".py", ".json"):
        return []
    room = path.parent.name
    names = {path.stem, f"{path.stem}s", f"{path.stem}_{room}", f"{room}_{path.stem}"}
    if room not in APPS:
        names.add(room)
    return [test for test in tests if _is_named_for(test, path, names)] or _tests_of_room(path, tests)


def _is_named_for(test: str, path: Path, names: set[str]) -> bool:
    """Whether a test file mirrors the path, or has one of the names, or its folder has; `tests/` mirrors what is in no app."""
    name, folder = Path(test).stem.removeprefix("test_"), Path(test).parent
    if folder in (Path("tests"), Path("tests") / path.parent):
        return name == path.stem
    home = Path("tests") / path.parts[0]
    return (name in names and folder == home) or folder == home / f"{path.stem}_{path.parent.name}"


def _tests_of_room(path: Path, tests) -> list[str]:
    """The test files of the nearest folder below the app that mirrors one of the path's."""
    for room in list(path.parents)[:-2]:
        if near := [test for test in tests if Path(test).parent == Path("tests") / room]:
            return near
    return []


def views_of_templates(files: list[str], root: Path) -> list[str]:
    """The modules that name a changed template."""
    templates = [file.removeprefix("templates/") for file in files if file.startswith("templates/")]
    if not templates:
        return []
    sources = {
        path.relative_to(root).as_posix(): path.read_text(encoding="utf-8")
        for app in APPS
        for path in sorted((root / app).rglob("*.py"))
    }
    return [path for path, source in sources.items() if any(template in source for template in templates)]


def module_of(file: str) -> str:
    """The dotted name under which Python imports a file: a package for its `__init__.py`."""
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def imported_by(path: Path) -> set[str]:
    """The dotted names that a test imports, the modules among them."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


def _git(root: Path, *words: str) -> list[str]:
    """The lines that git prints, none where it fails."""
    command = ["git", "-c", "core.quotePath=false", *words]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout.split("\n")[:-1]


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main())
