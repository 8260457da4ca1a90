"""The workbook for accounts: a row for each unit without a secretary, and read again as it is filled in."""

import io

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.accounts import template
from campaigns.accounts.listing import read_accounts
from campaigns.accounts.template import draw_account_template
from campaigns.roster.safety import Unreadable
from tests.factories import make_cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def committee():
    return make_organization("某局党委")


@pytest.fixture
def cast(committee):
    plant, mine = (make_organization(name, parent=committee) for name in ("机械厂党委", "煤矿党委"))
    for parent in (plant, mine):
        make_organization("机关支部", parent=parent, kind="branch")
    make_organization("=1+1支部", parent=mine, kind="branch")
    return make_cast(committee)


def drawn(by):
    return load_workbook(io.BytesIO(draw_account_template(by)))


def filled(book, **names):
    """The workbook with the person of some rows filled in: row number → name and user name."""
    for row, person in names.items():
        book["账号"].cell(int(row[1:]), 1, person[0])
        book["账号"].cell(int(row[1:]), 2, person[1])
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def test_each_unit_without_a_secretary_has_a_row_under_a_name_of_its_own(cast):
    rows = list(drawn(cast.administrator)["账号"].iter_rows(min_row=2, values_only=True))

    # The committee has its secretary already.
    assert [row[2] for row in rows] == [
        "机械厂党委",
        "机械厂党委/机关支部",
        "煤矿党委",
        "煤矿党委/机关支部",
        "=1+1支部",
    ]
    assert {(row[0], row[1], row[3]) for row in rows} == {(None, None, "党务干事")}


def test_a_name_that_begins_like_a_formula_is_a_text(cast):
    book = drawn(cast.administrator)

    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_units_and_roles_are_chosen_from_lists(cast):
    book = drawn(cast.administrator)

    lists = {str(choice.sqref): choice.formula1 for choice in book["账号"].data_validations.dataValidation}
    assert lists == {"C2:C1001": "单位!$A$2:$A$7", "D2:D1001": '"党务干事,计票员,上级党委人员,系统管理员,审计员"'}
    assert next(book["单位"].iter_rows(min_row=2, values_only=True))[0] == "某局党委"


def test_of_very_many_units_those_without_a_secretary_alone_are_listed_and_come_back(cast, monkeypatch):
    monkeypatch.setattr(template, "MOST_LISTED", 3)
    monkeypatch.setattr(template, "MOST_LINES", 2)

    book = drawn(cast.administrator)

    names = [row[0] for row in book["单位"].iter_rows(min_row=2, values_only=True)]
    assert names == [row[2] for row in book["账号"].iter_rows(min_row=2, values_only=True)]
    assert names == ["某局党委/机械厂党委", "机械厂党委/机关支部"]


def test_only_the_administrator_s_own_units_are_listed(cast):
    names = {row[0] for row in drawn(cast.administrator)["单位"].iter_rows(values_only=True)}

    outside = cast.outsider.roles.get().organization
    assert outside.name not in names and "煤矿党委" in names


def test_the_filled_rows_are_read_and_the_others_counted(cast, client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    client.force_login(cast.administrator)
    sent = client.get(reverse("campaigns:account_template"))
    file = filled(load_workbook(io.BytesIO(sent.content)), r3=("张三", "zhangsan"), r5=("李四", "lisi"))

    preview = client.post(reverse("campaigns:account_import"), {"file": SimpleUploadedFile("账号表.xlsx", file.read())})
    client.post(reverse("campaigns:account_import_confirm"), {"upload": preview.context["token"]})

    page = preview.content.decode()
    assert "新增2个账号、2个角色，还没有写入。" in page and "另有3行没有填姓名和用户名，没有读。" in page
    roles = [User.objects.get(username=name).roles.get() for name in ("zhangsan", "lisi")]
    assert [(role.organization.parent.name, role.organization.name) for role in roles] == [
        ("机械厂党委", "机关支部"),
        ("煤矿党委", "机关支部"),
    ]


def test_a_row_with_half_a_person_is_a_fault(cast):
    file = filled(drawn(cast.administrator), r3=("张三", None))

    listing = read_accounts(file, by=cast.administrator)

    assert [(error.row, error.column) for error in listing.errors] == [(3, "用户名")]


def test_a_template_that_nobody_filled_in_is_told(cast):
    with pytest.raises(Unreadable, match="各行都没有填姓名和用户名"):
        read_accounts(filled(drawn(cast.administrator)), by=cast.administrator)
