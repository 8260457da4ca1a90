"""Accounts out of a workbook: all lines are right, or nothing is written and each fault is named by its row."""

import csv
import io

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from campaigns.accounts.listing import HEADINGS, AccountsChanged, initial_password, open_accounts, read_accounts
from campaigns.accounts.strength import ENOUGH, guesses
from campaigns.models import AccountDeed
from campaigns.roster.safety import Unreadable
from tests.factories import make_cast, make_organization

pytestmark = pytest.mark.django_db

IMPORT, CONFIRM = reverse("campaigns:account_import"), reverse("campaigns:account_import_confirm")


@pytest.fixture
def committee():
    return make_organization("某局党委")


@pytest.fixture
def cast(committee):
    for name in ("第一党支部", "第二党支部（机关）"):
        make_organization(name, kind="branch", parent=committee)
    return make_cast(committee)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR_DIR = tmp_path


def workbook(*rows, titles=(), headings=HEADINGS, hidden=()):
    book = Workbook()
    for row in (*([title] for title in titles), headings, *rows):
        book.active.append(row)
    for number in hidden:
        book.active.row_dimensions[number].hidden = True
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


GOOD = (
    ("张三", "zhangsan", "第一党支部", "党务干事"),
    ("李 四", "lisi", "第二党支部(机关)", "计票员"),
    ("张三", "zhangsan", "某局党委", "上级党委人员"),
)


def test_the_accounts_of_many_units_are_opened_and_their_passwords_given_once(client, cast):
    client.force_login(cast.administrator)
    upload = SimpleUploadedFile("账号.xlsx", workbook(*GOOD, titles=["某局账号表"]).read())

    preview = client.post(IMPORT, {"file": upload})
    before = User.objects.filter(username__in=["zhangsan", "lisi"]).count()
    sent = client.post(CONFIRM, {"upload": preview.context["token"]})
    again = client.post(CONFIRM, {"upload": preview.context["token"]}, follow=True)

    assert "新增2个账号、3个角色" in preview.content.decode()
    assert before == 0
    rows = list(csv.DictReader(io.StringIO(sent.content.decode("utf-8-sig"))))
    assert [(row["姓名"], row["用户名"], row["单位"], row["角色"]) for row in rows] == [
        ("张三", "zhangsan", "第一党支部", "党务干事"),
        ("李四", "lisi", "第二党支部（机关）", "计票员"),
        ("张三", "zhangsan", "某局党委", "上级党委人员"),
    ]
    assert "no-store" in sent["Cache-Control"]
    account = User.objects.get(username="zhangsan")
    assert account.check_password(rows[0]["初始密码"])
    assert account.standing.initial_until is not None
    assert sorted(account.roles.values_list("kind", flat=True)) == ["officer", "secretary"]
    assert AccountDeed.objects.filter(account=account, done_by=cast.administrator).count() == 4
    assert "已经确认过" in again.content.decode()


def test_each_fault_is_named_by_its_row_and_nothing_is_kept(cast):
    file = workbook(
        ("", "wang", "第一党支部", "党务干事"),
        ("王五", "=cmd", "第一党支部", "党务干事"),
        ("王五", "wang wu", "第一党支部", "党务干事"),
        ("王五", "wangwu", "外单位党委", "党务干事"),
        ("王五", "wangwu", "第一党支部", "书记"),
        ("王五", "Secretary", "第一党支部", "党务干事"),
        ("赵六", "zhaoliu", "第一党支部", "党务干事"),
        ("赵七", "zhaoliu", "第一党支部", "计票员"),
        ("赵六", "zhaoliu", "第一党支部", "党务干事"),
        ("孙八", "sunba", "第一党支部", "党务干事"),
        hidden=[11],
    )

    listing = read_accounts(file, by=cast.administrator)

    assert [(error.row, error.column) for error in listing.errors] == [
        (2, "姓名"),
        (3, "用户名"),
        (4, "用户名"),
        (5, "单位"),
        (6, "角色"),
        (7, "用户名"),
        (9, "用户名"),
        (10, "角色"),
        (11, ""),
    ]
    assert listing.errors[-2].message == "和第8行重复"


def test_an_auditor_is_no_secretary_of_a_unit_above_or_below_in_the_same_list(cast):
    file = workbook(
        ("张三", "zhangsan", "第一党支部", "党务干事"),
        ("张三", "zhangsan", "某局党委", "审计员"),
        ("李四", "lisi", "某局党委", "审计员"),
        ("李四", "lisi", "某局党委", "计票员"),
    )

    listing = read_accounts(file, by=cast.administrator)

    assert [(error.row, error.column, error.message) for error in listing.errors] == [
        (3, "角色", "同一单位（连同上下级）的审计员，不能同时是党务干事或系统管理员，见第2行")
    ]


def test_units_of_one_name_are_told_apart_by_the_unit_above(cast, committee):
    for number in ("一", "二"):
        above = make_organization(f"第{number}总支", kind="general_branch", parent=committee)
        make_organization("机关支部", kind="branch", parent=above)

    unclear = read_accounts(workbook(("张三", "zs", "机关支部", "计票员")), by=cast.administrator)
    clear = read_accounts(workbook(("张三", "zs", "第二总支/机关支部", "计票员")), by=cast.administrator)

    assert "上级名称/名称" in unclear.errors[0].message
    assert clear.errors == []


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (lambda: workbook(headings=["姓名", "账号"]), "没有找到表头"),
        (lambda: workbook(), "没有内容"),
        (lambda: io.BytesIO(b"name,user"), "文本表格"),
    ],
)
def test_a_file_that_is_no_list_is_refused(cast, file, message):
    with pytest.raises(Unreadable, match=message):
        read_accounts(file(), by=cast.administrator)


def test_a_name_that_was_taken_after_the_preview_stops_everything(cast):
    listing = read_accounts(workbook(*GOOD), by=cast.administrator)
    User.objects.create_user("lisi")

    with pytest.raises(AccountsChanged):
        open_accounts(listing, by=cast.administrator)

    assert not User.objects.filter(username="zhangsan").exists()


def test_nobody_confirms_what_another_uploaded(client, cast, committee):
    client.force_login(cast.administrator)
    token = client.post(IMPORT, {"file": SimpleUploadedFile("a.xlsx", workbook(*GOOD).read())}).context["token"]
    cast.secretary.is_superuser = True
    cast.secretary.save()
    client.force_login(cast.secretary)

    client.post(CONFIRM, {"upload": token})

    assert not User.objects.filter(username="zhangsan").exists()


def test_an_initial_password_is_not_guessed():
    passwords = {initial_password() for _ in range(20)}

    assert len(passwords) == 20
    assert min(map(guesses, passwords)) > ENOUGH
