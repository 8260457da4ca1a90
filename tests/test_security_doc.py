"""docs/security.md keeps to what is there: each test and file that it names exists, and its sums are those of its table."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher, make_password
from django.test import Client
from django.urls import Resolver404, resolve, reverse

from tests.factories import PASSWORD, make_user
from tests.test_cookies import told_under_https

ROOT = Path(__file__).resolve().parent.parent
DOCUMENT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
STATES = ("满足", "部分", "不满足", "不适用")
MOST_PARTLY = 5
SOURCES = [path for app in ("campaigns", "ballots", "reports", "pingyi") for path in sorted((ROOT / app).rglob("*.py"))]


def section(title: str, document: str = DOCUMENT) -> str:
    """The section under a heading that begins so."""
    return document.partition(f"\n## {title}")[2].partition("\n## ")[0]


def rows(title: str, document: str = DOCUMENT) -> list[list[str]]:
    """The cells of each row of a section's table, without its heads."""
    lines = [line for line in section(title, document).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines[2:]]


def faults(document: str) -> list[str]:
    """Addresses, files and tests that the document names between backticks and that are not there."""
    named = re.findall(r"`([^`\s]+)`", document)
    return [name for name in named if "/" in name and not is_there(name)]


def is_there(name: str) -> bool:
    if name.startswith("/"):
        return is_address(name)
    path, _, test = name.partition("::")
    if not (ROOT / path).exists():
        return False
    return not test or f"def {test}(" in (ROOT / path).read_text(encoding="utf-8")


def is_address(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    return True


def test_each_test_file_and_address_that_is_named_is_there():
    assert faults(DOCUMENT) == []
    assert len(re.findall(r"`tests/[^`]+::\w+`", DOCUMENT)) > len(rows("三"))


@pytest.mark.parametrize(
    "name", ["tests/test_policy.py::test_no_such", "tests/test_no_such.py", "pingyi/none.py", "/nowhere/"]
)
def test_a_name_of_nothing_is_noticed(name):
    assert faults(f"见 `pingyi/policy.py`、`{name}`") == [name]


def test_each_requirement_has_one_state_and_says_where_to_look():
    table = rows("三")
    numbers = [tuple(map(int, number.split("."))) for number, *_ in table]

    assert numbers == sorted(set(numbers))
    assert [row[0] for row in table if len(row) != 5 or row[2] not in STATES] == []
    assert [row[0] for row in table if "`" not in row[4] and row[4] != "同上"] == []


def test_the_sums_are_those_of_the_table():
    counted = Counter(row[2] for row in rows("三"))

    sums = "，".join(f"{state} {counted[state]}" for state in STATES)

    assert f"合计：{sums}。" in DOCUMENT
    assert counted["部分"] <= MOST_PARTLY


def test_each_requirement_that_is_not_met_has_its_reason():
    wanting = [(row[0], row[2]) for row in rows("三") if row[2] in ("部分", "不满足")]
    reasons = rows("四")

    assert sorted(wanting) == sorted((number, state) for number, state, _ in reasons)
    assert all(len(reason) > 20 for *_, reason in reasons)


def test_passwords_are_digested_slowly_and_with_a_salt(tmp_path):
    first, second = (make_password(PASSWORD, hasher=PBKDF2PasswordHasher()) for _ in range(2))
    algorithm, iterations, salt, _ = first.split("$")

    # The tests' own settings take a quicker one.
    assert told_under_https("s.PASSWORD_HASHERS[0]", tmp_path) == [
        f"{PBKDF2PasswordHasher.__module__}.{PBKDF2PasswordHasher.__name__}"
    ]
    assert (algorithm, int(iterations)) == ("pbkdf2_sha256", 1_000_000)
    assert len(salt) == 22 and first != second


@pytest.mark.django_db
def test_pages_bear_the_headers_and_cookies_that_the_table_names():
    make_user("owner")
    client = Client()
    client.post(reverse("login"), {"username": "owner", "password": PASSWORD})
    page, session = client.get(reverse("campaigns:own_account")), client.cookies["sessionid"]

    headers = {name: page[name] for name in ("Content-Type", "X-Content-Type-Options", "X-Frame-Options")}
    assert headers == {
        "Content-Type": "text/html; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    assert page["Referrer-Policy"] == page["Cross-Origin-Opener-Policy"] == "same-origin"
    assert [name for name in page.headers if name.startswith("Access-Control") or name == "Server"] == []
    assert (session["httponly"], session["samesite"]) == (True, "Lax")
    assert "DEBUG = True" not in client.get("/nowhere/").content.decode()


def test_under_https_the_browser_is_told_to_stay_there(tmp_path):
    told = told_under_https("s.SECURE_HSTS_SECONDS, s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_SSL_REDIRECT", tmp_path)

    assert told == ["31536000", "True", "True"]


@pytest.mark.django_db
def test_password_managers_know_the_fields():
    make_user("owner")
    client = Client()

    asked = client.get(reverse("login")).content.decode()
    client.post(reverse("login"), {"username": "owner", "password": PASSWORD})
    changed = client.get(reverse("password_change")).content.decode()

    assert 'autocomplete="username"' in asked and 'autocomplete="current-password"' in asked
    assert 'autocomplete="current-password"' in changed and changed.count('autocomplete="new-password"') == 2
    # The grid of keyed sheets takes a pasted column; no script looks at what is pasted into a password.
    assert [path.name for path in (ROOT / "static" / "js").glob("*.js") if "paste" in path.read_text()] == ["keying.js"]


def test_scripts_run_no_text():
    told = re.compile(r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write")

    assert [path.name for path in (ROOT / "static" / "js").glob("*.js") if told.search(path.read_text())] == []


def trees():
    return ((path, ast.walk(ast.parse(path.read_text(encoding="utf-8")))) for path in SOURCES)


def test_no_program_goes_through_a_shell():
    def is_through_a_shell(node):
        by_words = isinstance(node, ast.keyword) and node.arg == "shell"
        return by_words or (isinstance(node, ast.Attribute) and node.attr in ("popen", "getoutput", "system"))

    assert [path for path, nodes in trees() if any(map(is_through_a_shell, nodes))] == []


def test_no_object_is_unpacked_from_bytes():
    unpacking = {"pickle", "marshal", "shelve", "dill", "yaml", "jsonpickle"}

    def names(node):
        if isinstance(node, ast.Import):
            return {alias.name for alias in node.names}
        return {node.module} if isinstance(node, ast.ImportFrom) else set()

    assert [path for path, nodes in trees() if any(names(node) & unpacking for node in nodes)] == []
