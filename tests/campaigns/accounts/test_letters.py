"""Letters with initial passwords: one for each person, drawn or else no account is opened."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from campaigns.accounts.giving import INITIAL_DAYS
from campaigns.accounts.letters import draw_letters, letters_of
from campaigns.accounts.listing import AccountLine
from pingyi import drawing
from tests.campaigns.accounts.test_listing import CONFIRM, GOOD, IMPORT, workbook
from tests.factories import make_cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client, settings, tmp_path):
    """An administrator of a committee with two branches."""
    settings.VAR_DIR = tmp_path
    committee = make_organization("某局党委")
    for name in ("第一党支部", "第二党支部（机关）"):
        make_organization(name, kind="branch", parent=committee)
    client.force_login(make_cast(committee).administrator)
    return client


def text_of(pdf):
    return [re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pypdfium2.PdfDocument(pdf)]


def preview(desk):
    upload = SimpleUploadedFile("账号.xlsx", workbook(*GOOD).read())
    return desk.post(IMPORT, {"file": upload}).context["token"]


def test_somebody_with_several_roles_gets_one_letter_with_all_of_them():
    lines = [
        AccountLine(row=row, name=name, username=username, unit=1, unit_name=unit, kind=kind)
        for row, (name, username, unit, kind) in enumerate(
            [
                ("张三", "zs", "一支部", "secretary"),
                ("李四", "ls", "二支部", "teller"),
                ("张三", "zs", "党委", "officer"),
            ]
        )
    ]

    letters = letters_of([(line, f"password of {line.username}") for line in lines])

    assert [(letter.name, letter.password, letter.roles) for letter in letters] == [
        ("张三", "password of zs", ("一支部：党务干事", "党委：上级党委人员")),
        ("李四", "password of ls", ("二支部：计票员",)),
    ]


def test_three_letters_are_on_a_sheet_each_with_all_that_is_needed_to_sign_in():
    lines = [
        AccountLine(
            row=number, name=f"干事{number}", username=f"u{number}", unit=1, unit_name="某支部", kind="secretary"
        )
        for number in range(4)
    ]
    letters = letters_of([(line, f"7rk3-qmzt-{line.row}") for line in lines])

    sheets = text_of(draw_letters(letters, site="http://pingyi.example/", until=timezone.localdate()))

    assert [sheet.count("账号通知单") for sheet in sheets] == [3, 1]
    assert "http://pingyi.example/" in sheets[0] and "用户名：u2" in sheets[0] and "7rk3-qmzt-2" in sheets[0]


def test_the_letters_have_passwords_that_open_the_accounts(desk):
    sent = desk.post(CONFIRM, {"upload": preview(desk), "as": "letters"})

    (sheet,) = text_of(sent.content)
    password = re.search(r"初始密码：([\w-]+?)第一党支部", sheet)[1]
    assert User.objects.get(username="zhangsan").check_password(password)
    until = timezone.localdate() + timedelta(days=INITIAL_DAYS)
    assert f"{until.year}年{until.month}月{until.day}日以前" in sheet
    assert "no-store" in sent["Cache-Control"]


def test_where_letters_cannot_be_drawn_no_account_is_opened_and_the_preview_holds(desk, monkeypatch):
    token = preview(desk)
    monkeypatch.setattr(drawing, "weasyprint", None)

    assert desk.post(CONFIRM, {"upload": token, "as": "letters"}).status_code == 503
    assert not User.objects.filter(username="zhangsan").exists()

    monkeypatch.undo()
    assert desk.post(CONFIRM, {"upload": token}).status_code == 200
