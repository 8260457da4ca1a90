"""CONTRIBUTING.md names files, tests and commands that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = TEXT.partition("## 四、菜谱")[2].partition("## 五")[0].split("\n### ")[1:]


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
    assert len(RECIPES) == 7


def test_every_make_command_is_a_target():
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))

    assert set(re.findall(r"`make (\w+)", TEXT)) <= targets
