"""CONTRIBUTING.md names files, tests and commands that are there, and each recipe's test fails when it is begun."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import empty

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = TEXT.partition("## 四、菜谱")[2].partition("## 五")[0].split("\n### ")[1:]
SCRATCH = ("campaigns", "ballots", "reports", "pingyi", "templates", "static", "tests", "pyproject.toml", "manage.py")


def with_a_copy_of_the_first(source):
    """The entries of a library file and one more, like the first but for its key."""
    entries = json.loads(source)
    return json.dumps([*entries, {**entries[0], "key": "one-more"}], ensure_ascii=False)


def replacing(old, new):
    def replaced(source):
        assert old in source
        return source.replace(old, new, 1)

    return replaced


# A recipe's title, the file that it begins with, and what is done there.
BEGINNINGS = (
    ("加一张评议表", "campaigns/library/questionnaires.json", with_a_copy_of_the_first),
    ("加一个等次量表", "campaigns/library/scales.json", with_a_copy_of_the_first),
    (
        "加一个评议渠道",
        "campaigns/models/campaign.py",
        replacing('    INSTANT = "instant"', '    DOORSTEP = "doorstep", "入户评议"\n    INSTANT = "instant"'),
    ),
    (
        "给工作簿加一列",
        "reports/tables/rows.py",
        replacing("    unknown: int\n", "    unknown: int\n    absent: int\n"),
    ),
    (
        "加一种报告",
        "reports/urls.py",
        replacing("urlpatterns = [\n", 'urlpatterns = [\n    path("yearly.pdf", home.home, name="yearly_pdf"),\n'),
    ),
    (
        "加一条权限",
        "campaigns/urls.py",
        replacing("urlpatterns = [\n", 'urlpatterns = [\n    path("archive/", polls.poll_list, name="archive"),\n'),
    ),
    (
        "加一个状态",
        "campaigns/models/poll.py",
        replacing('        SEALED = "sealed"', '        ANNULLED = "annulled", "已作废"\n        SEALED = "sealed"'),
    ),
    (
        "加一页帮助",
        "pingyi/help_pages.py",
        replacing("TOPICS = {\n", 'TOPICS = {\n    "计票": (Topic("counting", "计票", "怎样计票"),),\n'),
    ),
)


def paths_in(text):
    return re.findall(r"`([\w./]+/[\w.]*)`", text)


def test_every_file_that_is_named_is_there():
    missing = [path for path in paths_in(TEXT) if not (ROOT / path).exists()]

    # Folders whose files have the same name in every room are named without the room.
    assert [path for path in missing if path not in ("views/", "reports/")] == []
    assert len(paths_in(TEXT)) > 20


def test_every_recipe_names_files_to_change_and_a_test_that_fails_until_it_is_done():
    for recipe in RECIPES:
        to_change, mark, tests = recipe.partition("先失败的测试：")
        assert mark, recipe
        assert paths_in(to_change), recipe
        assert all(path.startswith("tests/") for path in paths_in(tests)) and paths_in(tests), recipe
    assert len(RECIPES) == 8


def test_every_make_command_is_a_target():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))

    assert set(re.findall(r"`make (\w+)", TEXT)) <= targets


@pytest.fixture(scope="module")
def scratch(tmp_path_factory, django_db_setup):
    """A copy of the code in which a recipe can be begun, with the kept tables."""
    folder = tmp_path_factory.mktemp("scratch")
    (folder / "var" / "tests").mkdir(parents=True)
    shutil.copy(empty.kept_path(), folder / "var" / "tests")
    for name in SCRATCH:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder)
    return folder


@pytest.mark.slow
@pytest.mark.parametrize(("title", "path", "begin"), BEGINNINGS, ids=[title for title, _, _ in BEGINNINGS])
def test_a_recipe_that_is_only_begun_fails_the_test_that_it_names(scratch, title, path, begin):
    (recipe,) = [recipe for recipe in RECIPES if recipe.startswith(title)]
    named = paths_in(recipe.partition("先失败的测试：")[2])[0]
    whole = (ROOT / path).read_text(encoding="utf-8")
    (scratch / path).write_text(begin(whole), encoding="utf-8")

    words = ("-q", "-x", "-p", "no:cacheprovider", named)
    tried = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=scratch, capture_output=True, text=True, check=False
    )
    (scratch / path).write_text(whole, encoding="utf-8")

    assert path in paths_in(recipe)
    assert (tried.returncode, "1 failed" in tried.stdout) == (1, True), tried.stdout[-2000:]


def test_every_recipe_is_begun_once():
    assert [title for title, _, _ in BEGINNINGS] == [recipe.partition("\n")[0] for recipe in RECIPES]
