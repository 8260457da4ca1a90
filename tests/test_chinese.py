"""Everything a user sees is in Chinese and says 您: every page, and every form sent empty or full of nonsense."""

import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import get_default_password_validators
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import resolve

from tests.browser.visitor import foreign_sentences
from tests.permissions import worlds as making
from tests.permissions.table import ROWS, address, expected
from tests.words import words

pytestmark = pytest.mark.database

# Pages are looked at in the same worlds.
worlds, world = making.worlds, making.world

# Whoever may do the most on a page looks at it.
LOOKERS = ("secretary", "administrator", "officer", "teller", "outsider", "anonymous")
PAGES = [row for row in ROWS if row.values[0][1] == "GET"]
NONSENSE = ("", "胡言乱语" * 600, "-99999999999")
# Addresses, names of programs and of kinds of files, as they stand in sentences; and somebody's login name.
NAMES = re.compile(
    r"https?://\S+|[\w./-]*\.\w+|docx|xlsx|teller|clerk|PDF|Excel|Word|WPS|JSON|ZIP|Unicode|[Pp]ingyi|HTTPS?|Microsoft|README|SHA"
)
REFUSAL = re.compile(r'<(\w+)[^>]*class="[^"]*(?:invalid-feedback|errorlist|alert)[^"]*"[^>]*>(.*?)</\1>', re.DOTALL)


class Forms(HTMLParser):
    """The forms of a page that are posted: the address of each, and its fields by name with whether they take a file."""

    def __init__(self, page: str):
        super().__init__()
        self.forms: list[tuple[str, dict[str, bool]]] = []
        self._is_within = False
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        facts = dict(attrs)
        if tag == "form":
            self._is_within = facts.get("method", "").lower() == "post"
            if self._is_within:
                self.forms.append((facts.get("action") or "", {}))
        elif self._is_within and tag in ("input", "select", "textarea", "button") and facts.get("name"):
            self.forms[-1][1][facts["name"]] = facts.get("type") == "file"

    def handle_endtag(self, tag):
        if tag == "form":
            self._is_within = False


def looker(row) -> str | None:
    """The first role that sees the page of a row; None where nobody of them does."""
    statuses = expected(row)
    return next((role for role in LOOKERS if statuses[role] == "200"), None)


def complaints(response) -> list[str]:
    """The passages of a page that are not Chinese, or not polite."""
    if not response.get("Content-Type", "").startswith("text/html"):
        return []
    page = b"".join(response).decode()
    impolite = re.findall(".{,20}你.{,20}", words(page))
    refusals = " ".join(words(part) for _, part in REFUSAL.findall(page))
    latin = [word for word in re.findall(r"[A-Za-z]{4,}", NAMES.sub("", refusals)) if not word.isupper()]
    return [*foreign_sentences(words(page)), *impolite, *latin]


def filled(fields: dict[str, bool], text: str) -> dict:
    """The fields of somebody who types the same nonsense everywhere; a formset keeps its frame."""
    kept = {"csrfmiddlewaretoken"}
    counts = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS")
    if not text:
        return {}
    return {
        name: SimpleUploadedFile("票.txt", b"nonsense") if is_file else "1" if name.endswith(counts) else text
        for name, is_file in fields.items()
        if name not in kept
    }


SENT = set()


@pytest.mark.parametrize(("row", "world"), PAGES, indirect=["world"])
def test_each_page_and_each_refusal_of_its_forms_is_in_polite_chinese(world, db, row):
    role = looker(row)
    if role is None:
        return
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
    path = address(row, world.keys)
    point = transaction.savepoint()
    page = client.get(path)
    told = {path: complaints(page)}
    is_page = page.status_code == 200 and page["Content-Type"].startswith("text/html")
    for action, fields in Forms(page.content.decode()).forms if is_page else ():
        target = urljoin(path, action)
        form = (resolve(urlsplit(target).path).view_name, *fields)
        if form in SENT or form[0] == "logout":
            continue
        SENT.add(form)
        for text in NONSENSE:
            told[f"{target} ← {text[:10]}"] = complaints(client.post(target, filled(fields, text), follow=True))
            transaction.savepoint_rollback(point)
            client.cookies[settings.SESSION_COOKIE_NAME] = world.sessions[role]
            point = transaction.savepoint()
    transaction.savepoint_rollback(point)

    assert {where: passages for where, passages in told.items() if passages} == {}


def test_no_source_of_words_is_impolite():
    folders = ("templates", "campaigns", "ballots", "reports", "pingyi", "static/js", "scripts")
    files = [
        path
        for folder in folders
        for path in (settings.BASE_DIR / folder).rglob("*")
        if path.suffix in (".html", ".py", ".js", ".json") and "migrations" not in path.parts
    ]

    impolite = [str(path) for path in files if "你" in path.read_text(encoding="utf-8")]

    assert len(files) > 500
    assert impolite == []


@pytest.mark.parametrize("password", ["12345", "1234567890123", "secretary-1", "password", "zhangsan1990"])
def test_each_rule_of_passwords_refuses_politely(password):
    told = []
    user = User(username="secretary-1")
    for validator in get_default_password_validators():
        told.append(str(validator.get_help_text()))
        try:
            validator.validate(password, user)
        except Exception as refusal:
            told += refusal.messages

    assert len(told) > len(get_default_password_validators())
    assert not [sentence for sentence in told if "你" in sentence or re.search("[A-Za-z]{3}", sentence)]


@pytest.mark.parametrize(
    ("page", "told"),
    [
        ("<p>This field is required.</p>", ["This field is required"]),
        ('<div class="invalid-feedback">Required</div>', ["Required"]),
        ("<p>你的密码</p>", ["你的密码"]),
        ('<div class="alert">请上传 .xlsx 文件或 Excel 工作簿。</div><p>您好</p>', []),
    ],
)
def test_a_foreign_word_and_an_impolite_word_are_noticed(page, told):
    class Page(dict):
        def __iter__(self):
            return iter([page.encode()])

    assert complaints(Page({"Content-Type": "text/html"})) == told
