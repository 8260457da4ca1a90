"""Holds the shape of the code: which room imports which, where heavy libraries and ballots may be touched.

Reads the sources as syntax trees, so an import inside a function counts like any other. A rule is a function from
(path, tree) to complaints; `COUNTEREXAMPLES` shows for each rule a source that breaks it.
"""

import ast
import re
import sys
from collections import defaultdict
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from ballots.models import Ballot

ROOT = Path(__file__).resolve().parent.parent
# Data flows along this line; imports run against it.
ROOMS = ("campaigns", "ballots", "reports")
HEAVY_LIBRARIES = {"weasyprint", "openpyxl", "xlsxwriter", "pypdf", "docx", "docxtpl", "pydyf"}
HEAVY_FILES = (
    "campaigns/roster/*.py",
    "campaigns/accounts/letters.py",
    "campaigns/accounts/template.py",
    "campaigns/meeting_facts/template.py",
    "ballots/voting/slips.py",
    "ballots/paper/blank.py",
    "ballots/paper/copies.py",
    "reports/files/pdf.py",
    "reports/files/excel/*.py",
    "reports/files/word/*.py",
    "pingyi/drawing.py",
    "pingyi/faces.py",
    "bench/documents.py",
)
BALLOT_FILES = ("ballots/counting/sealing.py", "ballots/voting/casting.py", "ballots/models*", "ballots/migrations/*")
ARITHMETIC = (
    *("ballots/counting/tally.py", "ballots/counting/judgement.py", "ballots/counting/small_groups.py"),
    "reports/scoring/arithmetic.py",
)
# Where a trip begins, and its results are fetched.
RESULT_FETCHERS = (
    "reports/report/making.py",
    "reports/views/*.py",
    "reports/tables/tally_format.py",
    "reports/announcements/actions.py",
    "reports/results/*.py",
    "reports/demo/*.py",
)
# Reads what was filed and published while figures were kept as words.
READ_BACK = ("reports/freezing.py",)
SECRET_MODELS = {"Ballot", "Code", "Receipt", "KeyedSheet", "Opinion", "SealedBox"}


@cache
def imports(path, tree):
    """Triples of line, dotted name, and whether inside a function: everything a module imports."""
    return tuple(_imports(path, tree))


def _imports(path, tree):
    inside = {
        child
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        for child in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, node in inside
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            if node.level:
                package = Path(path).parts[: -node.level]
                module = ".".join((*package, *filter(None, [module])))
            for alias in node.names:
                yield node.lineno, f"{module}.{alias.name}", node in inside


@cache
def names(tree):
    """Pairs of line and name: every identifier that a module mentions, in names, attributes, imports, get_model(…)."""
    return tuple(_names(tree))


def _names(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute):
            yield node.lineno, node.attr
        elif isinstance(node, ast.alias):
            yield node.lineno, node.name.rpartition(".")[2]
        elif isinstance(node, ast.Call) and _called(node) == "get_model":
            for argument in node.args:
                if isinstance(argument, ast.Constant):
                    yield node.lineno, str(argument.value).rpartition(".")[2]


def _called(call):
    return getattr(call.func, "attr", getattr(call.func, "id", None))


def _matches(path, patterns):
    return any(fnmatch(path, pattern) for pattern in patterns)


def imports_run_down_the_line(path, tree):
    """campaigns imports neither of the others, ballots only campaigns."""
    room = Path(path).parts[0]
    if room not in ROOMS:
        return
    later_rooms = ROOMS[ROOMS.index(room) + 1 :]
    for line, name, _ in imports(path, tree):
        if name.split(".")[0] in later_rooms:
            yield f"{path}:{line} imports {name}"
    for node in ast.walk(tree):
        # A dotted string is an import by another road: a foreign key, get_model, import_string.
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            first, dot, rest = node.value.partition(".")
            if first in later_rooms and dot and rest.replace(".", "").isidentifier():
                yield f"{path}:{node.lineno} names {node.value}"
        elif isinstance(node, ast.Call) and _called(node) == "get_model":
            asked = {argument.value for argument in node.args if isinstance(argument, ast.Constant)}
            for room in asked.intersection(later_rooms):
                yield f"{path}:{node.lineno} asks for a model of {room}"


def rooms_are_imported_at_the_top(path, tree):
    """An import inside a function hides a circle."""
    for line, name, is_inside in imports(path, tree):
        if is_inside and name.split(".")[0] in ROOMS:
            yield f"{path}:{line} imports {name} inside a function"


def heavy_libraries_stay_in_their_files(path, tree):
    """Drawing libraries cost memory and seconds; only the files that draw or read documents load them."""
    if _matches(path, HEAVY_FILES):
        return
    for line, name, _ in imports(path, tree):
        if name.split(".")[0] in HEAVY_LIBRARIES or name.startswith("pingyi.drawing"):
            yield f"{path}:{line} imports {name}"


def tally_is_pure(path, tree):
    """Arithmetic stands on the standard library and on arithmetic."""
    if path not in ARITHMETIC:
        return
    pure = tuple(f"{module.removesuffix('.py').replace('/', '.')}." for module in ARITHMETIC)
    for line, name, _ in imports(path, tree):
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(pure):
            yield f"{path}:{line} imports {name}"


def ballots_are_touched_by_casting_and_sealing_alone(path, tree):
    """Who can name the model can read the ballots."""
    if _matches(path, BALLOT_FILES):
        return
    for line, name in names(tree):
        if name == "Ballot":
            yield f"{path}:{line} mentions {name}"


def nothing_secret_is_in_an_admin(path, tree):
    """An administrator sees no ballot, code or count before sealing."""
    if not any(name.startswith("django.contrib.admin") for _, name, _ in imports(path, tree)):
        return
    for line, name in names(tree):
        if name in SECRET_MODELS:
            yield f"{path}:{line} mentions {name} beside the admin"


def there_are_no_signals(path, tree):
    """No signal of our own, for a deed is written where it is done."""
    for line, name, _ in imports(path, tree):
        if name.startswith("django.dispatch") or "signals" in name.split("."):
            yield f"{path}:{line} imports {name}"


def forms_read_what_posted_gives(path, tree):
    """A view asks `request.POST` for a single key at most: a form gets `posted(request)`, right for an empty POST too."""
    if not fnmatch(path, "*/views/*.py") or path == "campaigns/views/posting.py":
        return
    single = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in ("get", "getlist")
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare) and all(isinstance(operator, ast.In | ast.NotIn) for operator in node.ops):
            single.update(node.comparators)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("POST", "FILES") and node not in single:
            yield f"{path}:{node.lineno} reads request.{node.attr} past posted(request)"


def uploads_say_how_much_they_take(path, tree):
    """The server refuses what is larger before it is read, so a view that reads files carries its limit."""
    if not fnmatch(path, "*/views/*.py"):
        return
    for view in tree.body:
        if isinstance(view, ast.FunctionDef) and "posted_files" in {name for _, name in names(view)}:
            marks = {name for decorator in view.decorator_list for _, name in names(decorator)}
            if "takes_files" not in marks:
                yield f"{path}:{view.lineno} {view.name} takes files without @takes_files"


def views_get_their_objects_from_fetching(path, tree):
    """Permission is the fetch: each app has one place for it, and no other view looks an object up by its key."""
    if not fnmatch(path, "*/views/*.py") or fnmatch(path, "*/views/fetching[./]*"):
        return
    for line, name in names(tree):
        if name in ("get_object_or_404", "aget_object_or_404", "get_list_or_404"):
            yield f"{path}:{line} fetches by {name}"


def accounts_are_called_by_name_of(path, tree):
    """An account has one name on every page and in every file."""
    if path == "campaigns/people.py":
        return
    for line, name in names(tree):
        if name == "get_full_name":
            yield f"{path}:{line} asks for {name}"


def results_are_fetched_by_whoever_begins_the_trip(path, tree):
    """A page or a file computes its results once: what lies below takes them, and asks for none itself."""
    if _matches(path, RESULT_FETCHERS):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _called(node) in ("results_of", "all_results", "roll_up"):
            yield f"{path}:{node.lineno} calls {_called(node)}"


def variables_are_called_by_what_they_hold(path, tree):
    """Any value is `one`, and whatever a function has looked up is `found`: such a name leaves the reader to guess."""
    for node in ast.walk(tree):
        name = node.arg if isinstance(node, ast.arg) else node.id if isinstance(node, ast.Name) else ""
        if name in ("one", "found", "said"):
            yield f"{path}:{node.lineno} calls something {name}"


def figures_are_values_until_they_are_drawn(path, tree):
    """The dash of a figure that is not known is made by the tally, so that nobody asks a text whether it is one."""
    if not path.startswith("reports/") or path in READ_BACK:
        return
    for line, name in names(tree):
        if name == "NO_RATE":
            yield f"{path}:{line} mentions {name}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and node.value == "—":
            yield f"{path}:{node.lineno} writes a dash"


# How a sentence begins that keeps back what it is about.
VAGUE = "(?:What|Those|One|Tells|Says|Stands)\\b"


def docstrings_say_what_they_are_about(path, tree):
    """A sentence that begins with a thing or a deed is read once; one about "what" has to be puzzled out."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            for sentence in re.split(r"(?<=[.;:!?])\s+", ast.get_docstring(node) or ""):
                if re.match(VAGUE, sentence):
                    yield f"{path}:{getattr(node, 'lineno', 1)} says “{sentence}”"


RULES = (
    imports_run_down_the_line,
    rooms_are_imported_at_the_top,
    heavy_libraries_stay_in_their_files,
    tally_is_pure,
    ballots_are_touched_by_casting_and_sealing_alone,
    nothing_secret_is_in_an_admin,
    there_are_no_signals,
    forms_read_what_posted_gives,
    uploads_say_how_much_they_take,
    views_get_their_objects_from_fetching,
    accounts_are_called_by_name_of,
    results_are_fetched_by_whoever_begins_the_trip,
    variables_are_called_by_what_they_hold,
    figures_are_values_until_they_are_drawn,
    docstrings_say_what_they_are_about,
)

COUNTEREXAMPLES = (
    (imports_run_down_the_line, "campaigns/models/poll.py", "from ballots.models import Batch"),
    (
        imports_run_down_the_line,
        "campaigns/views/campaigns.py",
        "def home(request):\n    import reports.results.rollup",
    ),
    (imports_run_down_the_line, "ballots/voting/casting.py", "from reports.results import rollup"),
    (imports_run_down_the_line, "campaigns/actions.py", "from ..ballots import models"),
    (imports_run_down_the_line, "campaigns/models/poll.py", "box = ForeignKey('ballots.SealedBox', CASCADE)"),
    (imports_run_down_the_line, "ballots/counting/sealing.py", "apps.get_model('reports', 'Finding')"),
    (
        figures_are_values_until_they_are_drawn,
        "reports/tables/rows.py",
        "text = tally.NO_RATE if rate is None else rate",
    ),
    (figures_are_values_until_they_are_drawn, "reports/files/word/tables.py", "sign = '' if rate == '—' else '%'"),
    (
        rooms_are_imported_at_the_top,
        "reports/findings/crossings.py",
        "def find():\n    from campaigns.models import Poll",
    ),
    (heavy_libraries_stay_in_their_files, "reports/tables/poll.py", "import openpyxl"),
    (heavy_libraries_stay_in_their_files, "ballots/views/count.py", "def page():\n    from weasyprint import HTML"),
    (heavy_libraries_stay_in_their_files, "reports/views/summary.py", "from pingyi.drawing import draw_pdf"),
    (tally_is_pure, "ballots/counting/tally.py", "from django.db import models"),
    (tally_is_pure, "ballots/counting/tally.py", "from campaigns.models import Grade"),
    (tally_is_pure, "ballots/counting/judgement.py", "from .recounting import recount"),
    (
        ballots_are_touched_by_casting_and_sealing_alone,
        "reports/results/rollup.py",
        "from ballots.models import Ballot",
    ),
    (ballots_are_touched_by_casting_and_sealing_alone, "ballots/views/wall.py", "models.Ballot.objects.count()"),
    (
        ballots_are_touched_by_casting_and_sealing_alone,
        "reports/files/word/page.py",
        "apps.get_model('ballots.Ballot')",
    ),
    (nothing_secret_is_in_an_admin, "ballots/admin.py", "from django.contrib import admin\nadmin.site.register(Code)"),
    (there_are_no_signals, "campaigns/apps.py", "from django.db.models.signals import post_save"),
    (there_are_no_signals, "reports/findings/crossings.py", "from django.dispatch import receiver"),
    (
        views_get_their_objects_from_fetching,
        "ballots/views/wall.py",
        "from django.shortcuts import get_object_or_404, render",
    ),
    (
        views_get_their_objects_from_fetching,
        "reports/views/measures.py",
        "measure = shortcuts.get_object_or_404(problem.measures, pk=measure_id)",
    ),
    (
        uploads_say_how_much_they_take,
        "campaigns/views/roster.py",
        "@require_POST\ndef roster_import(request):\n    form = RosterForm(posted(request), posted_files(request))",
    ),
    (forms_read_what_posted_gives, "campaigns/views/members.py", "form = MemberForm(request.POST or None)"),
    (forms_read_what_posted_gives, "campaigns/views/roster.py", "form = RosterForm(posted(request), request.FILES)"),
    (
        forms_read_what_posted_gives,
        "ballots/views/batches.py",
        "form = VoidForm(request.POST if request.method == 'POST' else None)",
    ),
    (forms_read_what_posted_gives, "reports/views/results.py", "form = ScoreChoiceForm(request.POST)"),
    (variables_are_called_by_what_they_hold, "ballots/views/keying.py", "for one in keyings:\n    pass"),
    (variables_are_called_by_what_they_hold, "campaigns/roster/tree.py", "def place(found): ..."),
    (docstrings_say_what_they_are_about, "reports/forms/scores.py", '"""What is answered where the count asks."""'),
    (docstrings_say_what_they_are_about, "ballots/steps.py", 'class Step:\n    """A step. One of three."""'),
    (accounts_are_called_by_name_of, "reports/findings/crossings.py", "who = user.get_full_name() or user.username"),
    (results_are_fetched_by_whoever_begins_the_trip, "reports/tables/poll.py", "results = results_of(poll)"),
    (results_are_fetched_by_whoever_begins_the_trip, "reports/files/feedback.py", "node = rollup.roll_up(campaign)"),
    (results_are_fetched_by_whoever_begins_the_trip, "reports/commitments/content.py", "found = all_results(polls)"),
)

ALLOWED = (
    ("reports/tables/poll.py", "from ballots.models import TallyRow\nfrom campaigns.models import Poll"),
    ("ballots/voting/casting.py", "from ..models import Ballot\nfrom campaigns.models import Poll"),
    ("campaigns/roster/reading.py", "from openpyxl import load_workbook"),
    ("ballots/counting/judgement.py", "from fractions import Fraction\nfrom .tally import Result"),
    ("ballots/counting/tally.py", "from collections import Counter\nfrom fractions import Fraction"),
    ("ballots/views/fetching.py", "from django.shortcuts import get_object_or_404"),
    ("reports/views/fetching/ledger.py", "from django.shortcuts import get_object_or_404"),
    ("campaigns/views/polls.py", "tick = request.POST.get('tick')\nis_last = 'tick' not in request.POST"),
    ("campaigns/views/campaigns.py", "render(request, 'ballots/turnout.html')\nredirect('reports:summary')"),
)


# Django finds these by their names: a command's class, and `main` of what is run.
SHARED_NAMES = {"Command", "main"}


def names_defined_twice(trees):
    """The public classes and functions at the top of modules that two modules define, each with the modules."""
    places = defaultdict(list)
    for path, tree in trees:
        for node in tree.body:
            if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name[0] != "_":
                places[node.name].append(path)
    return {name: paths for name, paths in places.items() if len(paths) > 1 and name not in SHARED_NAMES}


@cache
def trees(*folders):
    """The code of some folders, or all of the project's own: pairs of path and syntax tree, read once for all rules."""
    folders = folders or (*ROOMS, "pingyi", "scripts", "bench")
    paths = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [(path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8"))) for path in paths]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_code_keeps(rule):
    complaints = [complaint for path, tree in trees() for complaint in rule(path, tree)]

    assert len(trees()) > len(ROOMS)
    assert complaints == []


@pytest.mark.parametrize("rule", [variables_are_called_by_what_they_hold, docstrings_say_what_they_are_about])
def test_the_tests_are_written_in_plain_words_too(rule):
    assert [complaint for path, tree in trees("tests") for complaint in rule(path, tree)] == []


def test_comments_say_what_they_are_about():
    sources = {path: (ROOT / path).read_text(encoding="utf-8") for path, _ in (*trees(), *trees("tests"))}

    vague = [f"{path}: {comment}" for path, source in sources.items() for comment in re.findall(f"# {VAGUE}.*", source)]

    assert vague == []


@pytest.mark.parametrize(("rule", "path", "source"), COUNTEREXAMPLES)
def test_each_rule_finds_what_breaks_it(rule, path, source):
    assert list(rule(path, ast.parse(source)))


@pytest.mark.parametrize(("path", "source"), ALLOWED)
def test_no_rule_complains_about_what_is_meant(path, source):
    tree = ast.parse(source)

    assert [complaint for rule in RULES for complaint in rule(path, tree)] == []


def test_no_public_name_is_defined_twice():
    apart = tuple(f"{room}/migrations/" for room in ROOMS)
    modules = [(path, tree) for path, tree in trees() if not path.startswith(apart)]

    assert names_defined_twice(modules) == {}


def test_a_name_defined_twice_is_noticed():
    modules = {
        "campaigns/readiness.py": "class Step: ...\ndef main(): ...",
        "ballots/steps.py": "class Step: ...\ndef _step(): ...\ndef main(): ...",
        "reports/demo/rectifying.py": "def _step(): ...",
    }
    trees = [(path, ast.parse(source)) for path, source in modules.items()]

    assert names_defined_twice(trees) == {"Step": ["campaigns/readiness.py", "ballots/steps.py"]}


def test_no_row_leads_to_ballots():
    """A foreign key with a name for the way back would give every holder of a batch its ballots."""
    foreign_keys = [field for field in Ballot._meta.get_fields() if field.is_relation]

    assert [field.name for field in foreign_keys] == ["batch"]
    assert [field.remote_field.hidden for field in foreign_keys] == [True]


def test_every_rule_has_a_counterexample():
    assert {rule for rule, _, _ in COUNTEREXAMPLES} == set(RULES)


# Modules that are tried through pages, commands or the whole demo.
TRIED_FROM_OUTSIDE = {"views", "forms", "migrations", "management", "acts", "__init__", "urls", "apps"}


def test_every_domain_module_has_a_test_file_of_its_name():
    domain = [Path(path).with_suffix("") for path, _ in trees() if path.split("/")[0] in ROOMS]
    modules = [module for module in domain if not TRIED_FROM_OUTSIDE.intersection(module.parts)]

    without = [module for module in modules if not (ROOT / "tests" / module.parent / f"test_{module.name}.py").exists()]

    assert modules
    assert without == []
