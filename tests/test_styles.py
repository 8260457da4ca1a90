"""Stylesheets have one place for colours, and one for each class.

The desk's colours are the custom properties of `static/css/colours.css`, a phone's those at the head of
`static/css/public.css`, paper's those of `templates/print/_colours.css`.
"""

import re
from collections import defaultdict
from itertools import pairwise

import pytest
import tinycss2
from tinycss2.color4 import parse_color

from pingyi.settings import BASE_DIR, VAR_DIR
from reports.files.excel import charts

SCREEN, PAPER, SASS = BASE_DIR / "static" / "css", BASE_DIR / "templates" / "print", BASE_DIR / "styles"
COLOURS = {SCREEN: (SCREEN / "colours.css", SCREEN / "public.css"), PAPER: (PAPER / "_colours.css",)}
PALETTES = ((SCREEN, "colours.css"), (PAPER, "_colours.css"))
# The block that gives the custom properties their values.
PALETTE = re.compile(r"^ *:root \{[^}]*\}|^\.wall \{[^}]*--ink[^}]*\}", re.DOTALL | re.MULTILINE)
SASS_REMARK = re.compile(r"^ *// .*$", re.MULTILINE)
LONGEST = 160
# The name that a link or a button has for readers of screens, and what stands on it.
NAMED = re.compile(r'<(?:a|button)\b[^>]*?aria-label="([^"]*)"[^>]*>(.*?)</(?:a|button)>', re.DOTALL)
# Bootstrap's own classes, which several stylesheets may bring nearer to the house's look.
BOOTSTRAP = re.compile(r"btn-.+|table|table-responsive")
# How its small helpers are named: d-flex, gap-2, mb-0, text-muted.
HELPER = re.compile(
    r"(?:[mp][tbsexy]?|(?:(?:row|column)-)?gap|[gw]|h|fs)-\d+|col(?:-[\w-]+)?|order-[\w-]+|row|badge|container-xxl|"
    r"(?:d|flex|align|justify|text|fw|btn|alert|list|form|page|position|visually)-[a-z][\w-]*"
)
SHIPPED = VAR_DIR / "vendor" / "bootstrap" / "css" / "bootstrap.min.css"
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
ATTRIBUTE = re.compile(r'\b(?:fill|stroke|color|bgcolor|stop-color)="(?!none|url|currentColor)[^"{]+"')


def stylesheets(folder):
    """Path and source of each stylesheet of the folder; on paper the style of each document too."""
    for path in sorted(folder.iterdir()):
        source = path.read_text(encoding="utf-8")
        if path.suffix in (".css", ".scss"):
            yield path, SASS_REMARK.sub("", source)
        elif path.suffix == ".html":
            yield path, "\n".join(STYLE.findall(source))


def colours(source):
    """Yield (line, literal) of every colour that the stylesheet names by its value."""

    def within(tokens):
        for before, token in pairwise([None, *tokens]):
            if before == ".":  # a class
                continue
            if token.type in ("ident", "hash", "function") and parse_color(token) not in (None, "currentcolor"):
                yield token.source_line, token.serialize()
            else:
                yield from within(getattr(token, "content", None) or getattr(token, "arguments", None) or ())

    yield from within(tinycss2.parse_component_value_list(source, skip_comments=True))


def classes(source):
    """The classes that the stylesheet gives a meaning: those that begin a selector."""
    for rule in tinycss2.parse_stylesheet(source, skip_comments=True, skip_whitespace=True):
        if rule.type == "at-rule" and rule.content and rule.lower_at_keyword == "media":
            yield from classes(tinycss2.serialize(rule.content))
        elif rule.type == "qualified-rule":
            for selector in tinycss2.serialize(rule.prelude).split(","):
                if begun := re.match(r"\s*\.([\w-]+)", selector):
                    yield begun[1]


@pytest.mark.parametrize("folder", [*COLOURS, SASS], ids=["screen", "paper", "sass"])
def test_no_other_stylesheet_writes_a_colour(folder):
    literals = [
        f"{path.name}:{line}: {literal}"
        for path, source in stylesheets(folder)
        for line, literal in colours(PALETTE.sub("", source) if path in COLOURS.get(folder, ()) else source)
    ]

    assert literals == []


def test_whoever_speaks_what_stands_on_a_button_is_understood():
    """The name of a link or button begins with or holds the words that are seen on it (WCAG 2.1, 2.5.3)."""
    differing = [
        f"{path.name}: {name}, {words}"
        for path in sorted((BASE_DIR / "templates").rglob("*.html"))
        for name, words in NAMED.findall(path.read_text(encoding="utf-8"))
        if "{" not in words and _joined(re.sub(r"<[^>]*>", "", words)) not in _joined(name)
    ]

    assert differing == []


def _joined(words):
    return re.sub(r"\s+", "", words)


def test_no_template_writes_a_colour():
    literals = [
        f"{path.name}: {literal}"
        for path in sorted((BASE_DIR / "templates").rglob("*.html"))
        for literal in ATTRIBUTE.findall(path.read_text(encoding="utf-8"))
    ]

    assert literals == []


def test_the_parts_of_a_bar_have_the_same_colours_on_a_page_on_paper_and_in_a_workbook():
    page, paper = ((folder / name).read_text(encoding="utf-8") for folder, name in PALETTES)
    by_day = page.partition("@media")[0]
    shown, printed = (
        {tone: colour.upper() for tone, colour in re.findall(r"--grade-(\w+): (#\w+);", palette)}
        for palette in (by_day, paper)
    )
    in_workbooks = {tone.removeprefix("g"): colour for tone, colour in charts.COLOURS.items()}

    assert len(shown) == 10
    assert shown == printed == in_workbooks


@pytest.mark.parametrize("folder", COLOURS, ids=["screen", "paper"])
def test_every_colour_that_is_named_is_used_and_every_one_that_is_used_is_named(folder):
    named = {name for path in COLOURS[folder] for name in re.findall(r"(--[\w-]+):", path.read_text(encoding="utf-8"))}
    sheets = [*stylesheets(folder), *(stylesheets(SASS) if folder == SCREEN else ())]
    used = {name for _, source in sheets for name in re.findall(r"var\((--(?!bs-)[\w-]+)\)", source)}

    assert named == used


@pytest.mark.parametrize("folder", COLOURS, ids=["screen", "paper"])
def test_no_line_is_longer_than_an_editor_shows(folder):
    lines = [
        f"{path.name}:{number}"
        for path, source in stylesheets(folder)
        for number, line in enumerate(source.splitlines(), 1)
        if len(line) > LONGEST
    ]

    assert lines == []


def test_each_class_has_its_meaning_in_one_stylesheet():
    places = defaultdict(set)
    for path, source in stylesheets(SCREEN):
        for name in classes(source):
            places[name].add(path.name)

    several = {name: sorted(files) for name, files in places.items() if len(files) > 1 and not BOOTSTRAP.match(name)}
    assert len(places) > 100
    assert several == {}


@pytest.mark.skipif(not SHIPPED.is_file(), reason="Bootstrap is not installed")
def test_nothing_is_in_the_blue_of_bootstrap():
    shipped = SHIPPED.read_text(encoding="utf-8")

    if "Twitter" in shipped:
        pytest.skip("ready-made: what pages show of its blue gives way to styles/ready_made.scss")
    assert re.findall(r"#0d6efd|#86b7fe|13, ?110, ?253|%230d6efd|%2386b7fe", shipped) == []


@pytest.mark.skipif(not SHIPPED.is_file(), reason="Bootstrap is not installed")
def test_the_version_of_bootstrap_that_is_shipped_has_its_helpers_that_pages_use():
    shipped = set(re.findall(r"\.([a-z][\w-]*)", SHIPPED.read_text(encoding="utf-8")))
    own = {name for _, source in stylesheets(SCREEN) for name in classes(source)}
    used = {
        name
        for path in (BASE_DIR / "templates").rglob("*.html")
        for names in re.findall(r'class="([^"{]*)"', path.read_text(encoding="utf-8"))
        for name in names.split()
        if HELPER.fullmatch(name) and PAPER not in path.parents
    }

    assert len(used) > 30
    assert used - shipped - own == set()


@pytest.mark.parametrize(
    ("source", "literals"),
    [
        ("p { color: #b3261e; border: 1px solid red }", ["#b3261e", "red"]),
        ("@media print { .g2 { background: linear-gradient(#fff, rgb(0 0 0 / .5)) } }", ["#fff", "rgb(0 0 0 / .5)"]),
        ("#main .white { white-space: nowrap; color: var(--ink); border-color: currentColor } /* red */", []),
    ],
)
def test_a_colour_is_seen_wherever_it_is_written(source, literals):
    assert [literal for _, literal in colours(source)] == literals


def test_a_class_is_seen_where_it_begins_a_selector():
    source = ".facts dt, dl .steps { margin: 0 } @media print { .deeds:hover { display: none } }"

    assert list(classes(source)) == ["facts", "deeds"]
