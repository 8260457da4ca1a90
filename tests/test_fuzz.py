"""Nonsense of every kind in each public form and each file that is taken: never a failure of the program, never half
written, and refused in Chinese. The same examples each time."""

import html
import io
import json
import random
import re
from datetime import date

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.cell import MergedCell

from ballots.campaign_file.saving import campaign_text
from ballots.voting import codes
from campaigns.form_sets.actions import hand_down
from reports.comments.layout import write_comments_template
from tests import factories
from tests.ballots.ballot_import.tables import HEADING, ROW, as_csv, as_workbook
from tests.workbooks import make_roster, saved

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

FEW = settings(
    max_examples=30,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # no search for a smaller example: it takes minutes
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
NASTY = (
    "\x00",
    "0",
    "-1",
    "9" * 40,
    "１２",
    "²",
    "٣",
    "\u202e",
    "=1+1",
    "'",
    '"><b>',
    "%s{0}",
    "😀" * 50,
    "\r\n",
    "1e999",
    "nan",
    "𠮷",
)
TEXT = st.sampled_from(NASTY) | st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
# A workbook holds no control characters.
CELL = (
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.dates(date(1900, 3, 1), date(2199, 1, 1))
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
    | st.sampled_from([word for word in NASTY if word.isprintable()])
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=4,
)
FIELD = re.compile(r'<(?:input|textarea|select|button)[^>]*? name="([^"]+)"(?:[^>]*? value="([^"]*)")?')
OURS = [model for app in ("campaigns", "ballots", "reports") for model in apps.get_app_config(app).get_models()]
# Notes of who signed in wrongly and who did what, and the words that a person is asked about, are no part of what is imported.
BESIDE = {"SignInTries", "UnsavedText", "TableMapping", "TrailEntry", "TrailArchive", "BegunDeed"}


def rows():
    """How many rows there are of everything."""
    return {model.__name__: model.objects.count() for model in OURS if model.__name__ not in BESIDE}


def fields_of(page):
    return {name: html.unescape(value) for name, value in FIELD.findall(page.content.decode())}


def post_and_undo(client, path, fields):
    """The answer; what was written is undone. Raises whatever the program did not expect."""
    point, cookies = transaction.savepoint(), client.cookies.copy()
    before = rows()
    answer = client.post(path, fields)
    is_written = rows() != before
    transaction.savepoint_rollback(point)
    client.cookies = cookies
    assert answer.status_code < 500
    # A page that is shown again has written nothing.
    assert not (answer.status_code == 200 and is_written), path
    return answer


@pytest.fixture
def unit(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    return factories.make_organization()


@pytest.fixture
def desk(unit):
    client = Client()
    client.force_login(factories.make_user("secretary", kind="secretary", organization=unit))
    return client


@pytest.fixture
def phone(unit):
    """A phone that holds a blank ballot."""
    client = Client()
    slip = codes.make_slips(factories.make_batch(factories.make_open_poll(unit)), 1)[0]
    client.get(reverse("ballots:code_claim", args=[slip]))
    return client


def public_pages(unit):
    window = factories.make_window(unit)
    box = factories.make_letter(unit).letterbox
    return {
        "/v/": "/v/",
        "/login/": "/login/",
        "/ballot/": "/ballot/answer/",
        f"/box/{box.token}/": f"/box/{box.token}/",
        f"/box/{box.token}/sent/": f"/box/{box.token}/sent/",
        f"/tap/{window.token}/": f"/tap/{window.token}/",
        f"/tap/{window.token}/thanks/": f"/tap/{window.token}/thanks/",
    }


@pytest.mark.parametrize("place", range(7))
def test_a_public_form_takes_any_words(unit, phone, place):
    page, target = list(public_pages(unit).items())[place]
    shown = fields_of(phone.get(page))

    @FEW
    @given(st.data())
    def send(data):
        typed = {name: data.draw(TEXT) for name in shown if data.draw(st.booleans())}
        post_and_undo(phone, target, shown | typed)

    send()


@pytest.mark.database
@FEW
@given(fields=st.dictionaries(st.sampled_from(["ballot", "key", "marks", "o1"]), TEXT))
def test_a_ballot_that_no_page_made_is_never_taken(phone, fields):
    before = rows()

    answer = phone.post("/ballot/cast/", fields)

    assert answer.status_code < 500
    assert rows() == before


@FEW
@given(
    body=st.binary(max_size=200),
    kind=st.sampled_from(
        [
            "multipart/form-data; boundary=x",
            "application/json",
            "application/x-www-form-urlencoded; charset=\x7f",
            "text/plain",
        ]
    ),
)
@pytest.mark.parametrize("path", ["/v/", "/ballot/answer/", "/ballot/cast/"])
def test_a_body_that_no_browser_sends_is_refused(phone, path, body, kind):
    answer = phone.generic("POST", path, body, content_type=kind)

    assert answer.status_code < 500


@pytest.mark.database
@FEW
@given(path=st.text(st.characters(exclude_categories=["Cs"]), max_size=30), query=TEXT)
def test_an_address_that_nobody_made_is_not_there(db, path, query):
    for before in ("/", "/v/", "/box/", "/tap/"):
        assert Client().get(f"{before}{path}", {"not": query, "page": query}).status_code < 500


def damaged(content, seed):
    """A file of which a few bytes are others, or the end is missing."""
    chance = random.Random(seed)
    content = bytearray(content)
    for _ in range(chance.randint(0, 8)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    return bytes(content[: chance.randint(0, len(content)) if chance.random() < 0.3 else None])


def filled_in(book, drawn):
    """A workbook with these cells in the first sheets, over the headings too where there are many."""
    for place, (sheet, row, column, value) in enumerate(drawn):
        cell = book.worksheets[sheet % len(book.worksheets)].cell(row + (place % 3 > 0), column)
        if not isinstance(cell, MergedCell):
            cell.value = value
    return saved(book).getvalue()


CELLS = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 6), st.integers(1, 12), CELL), max_size=12)


def roster(_):
    return make_roster([["某局党委", "", "党委"]], [["某局党委", "李四", "党员"]]).getvalue()


def comments(_):
    file = io.BytesIO()
    write_comments_template(file)
    return file.getvalue()


def library(unit):
    campaign = factories.make_campaign(unit, title="来源")
    return json.dumps(hand_down(campaign, title="规范", note="", by=None).contents, ensure_ascii=False).encode()


UPLOADS = {
    "roster.xlsx": ("campaigns:roster_import", roster),
    "ballots.csv": ("ballots:ballot_import", lambda _: as_csv(ROW, ROW).getvalue()),
    "ballots.xlsx": ("ballots:ballot_import", lambda _: as_workbook(ROW).getvalue()),
    "comments.xlsx": ("reports:comment_import", comments),
    "library.json": ("ballots:form_set_import", library),
    "accounts.xlsx": (
        "campaigns:account_import",
        lambda _: as_workbook(ROW, heading=["账号", "姓名", "单位", "角色", "x", "y"]).getvalue(),
    ),
}


def upload_page(name, unit, desk):
    """The address of an import, a good file, and who sends it."""
    route, make = UPLOADS[name]
    campaign = factories.make_open_poll(unit).campaign if route == "ballots:ballot_import" else None
    if name.startswith("accounts"):
        desk.force_login(factories.make_user("administrator", kind="administrator", organization=unit))
    return reverse(route, args=[campaign.pk] if campaign else []), make(unit)


@pytest.mark.parametrize("name", UPLOADS)
def test_a_damaged_file_is_refused(unit, desk, name):
    path, good = upload_page(name, unit, desk)

    @FEW
    @given(st.integers(0, 10**6))
    def send(seed):
        file = SimpleUploadedFile(name, damaged(good, seed))
        post_and_undo(desk, path, {"file": file, "organization": unit.pk, "title": "x"})

    send()


@pytest.mark.parametrize("name", [name for name in UPLOADS if name.endswith(".xlsx")])
def test_a_workbook_with_any_cells_is_read_or_refused(unit, desk, name):
    path, good = upload_page(name, unit, desk)

    @FEW
    @given(CELLS)
    def send(cells):
        book = load_workbook(io.BytesIO(good))
        file = SimpleUploadedFile(name, filled_in(book, cells))
        post_and_undo(desk, path, {"file": file, "organization": unit.pk})

    send()


@FEW
@given(lines=st.lists(st.lists(TEXT, max_size=8), max_size=4))
def test_a_table_with_any_cells_is_read_or_refused(unit, desk, lines):
    campaign = unit.campaigns.first() or factories.make_open_poll(unit).campaign
    file = SimpleUploadedFile("ballots.csv", as_csv(*lines, heading=HEADING).getvalue())

    post_and_undo(desk, reverse("ballots:ballot_import", args=[campaign.pk]), {"file": file})


def nodes_of(value, way=()):
    """The ways to every node of a document."""
    yield way
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, below in pairs:
        yield from nodes_of(below, (*way, key))


def replaced(document, way, value):
    """The document with another value at a node."""
    if not way:
        return value
    copy = document.copy()
    copy[way[0]] = replaced(document[way[0]], way[1:], value)
    return copy


@settings(FEW, max_examples=150)
@given(data=st.data())
def test_a_campaign_file_with_any_node_is_loaded_whole_or_refused(unit, tmp_path, data):
    campaign = unit.campaigns.first() or factories.make_open_poll(unit).campaign
    document = json.loads(campaign_text(campaign))
    document["campaign"]["title"] = "另一次评议"
    way = data.draw(st.sampled_from(list(nodes_of(document))))
    path = tmp_path / "campaign.json"
    path.write_text(json.dumps(replaced(document, way, data.draw(JSON))))
    before, point, told = rows(), transaction.savepoint(), io.StringIO()

    try:
        call_command("load_campaign", str(path), prepare=True, stderr=told)
    except (CommandError, SystemExit) as refusal:
        assert re.search("[一-龥]", f"{refusal}{told.getvalue()}")
        assert rows() == before
    transaction.savepoint_rollback(point)


@pytest.fixture
def handed_down(unit):
    return json.loads(library(unit))


@settings(FEW, max_examples=100)
@given(data=st.data())
def test_a_set_of_forms_with_any_node_is_taken_whole_or_refused(unit, desk, handed_down, data):
    way = data.draw(st.sampled_from(list(nodes_of(handed_down))))
    file = SimpleUploadedFile("forms.json", json.dumps(replaced(handed_down, way, data.draw(JSON))).encode())

    post_and_undo(desk, reverse("ballots:form_set_import"), {"file": file, "organization": unit.pk})
