"""A long roster in the browser: the worker's turns with the same questions, preview and confirmation in between."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from campaigns.models import Member, RosterImport, TableMapping
from campaigns.roster import working
from campaigns.roster.queue import EXPIRED, answers_of, throw_away_import
from campaigns.roster.working import work_next
from tests.campaigns.roster.test_meanings import foreign
from tests.factories import make_cast, make_member, make_organization, make_roster_import
from tests.workbooks import make_roster, saved, template_book

pytestmark = pytest.mark.django_db
IMPORT, COLUMNS, HIDDEN, UNITS, CONFIRM = (
    reverse(f"campaigns:roster_{name}") for name in ("import", "columns", "hidden", "units", "confirm")
)


@pytest.fixture(autouse=True)
def long(settings, tmp_path, monkeypatch):
    """Every workbook is long."""
    settings.VAR_DIR = tmp_path
    monkeypatch.setattr(working, "LONG_BYTES", 0)


@pytest.fixture
def branch():
    return make_organization("第一党支部", kind="branch", parent=make_organization("某局党委"))


@pytest.fixture
def cast(branch):
    return make_cast(branch.parent)


@pytest.fixture
def secretary(client, cast):
    client.force_login(cast.secretary)
    return client


def upload(client, file):
    return client.post(IMPORT, {"file": SimpleUploadedFile("名册.xlsx", file.getvalue())})["Location"]


def work():
    assert work_next(lambda *_: None)


def uploaded(client, file):
    """The page of an upload after the worker's first turn, and its address."""
    address = upload(client, file)
    work()
    return client.get(address).content.decode(), address


def hidden_fields(page):
    return dict(re.findall(r'<input type="hidden" name="(upload|digest)" value="([^"]*)"', page))


def test_a_long_roster_is_read_previewed_and_written_by_the_worker(secretary, branch):
    address = upload(secretary, make_roster([], [("张三", "第一党支部")]))
    waiting = secretary.get(address).content.decode()
    assert "正在读取" in waiting
    assert '<meta http-equiv="refresh" content="5">' in waiting
    assert "data-active" in secretary.get(f"{address}?part=1").content.decode()
    assert address in secretary.get(IMPORT).content.decode()

    work()
    preview = secretary.get(address).content.decode()
    assert "data-active" not in secretary.get(f"{address}?part=1").content.decode()
    assert "还没有写入。请核对下面的内容" in preview
    assert "张三" in preview

    confirmed = secretary.post(CONFIRM, hidden_fields(preview))
    assert confirmed["Location"] == address
    assert "正在写入" in secretary.get(address).content.decode()
    assert not Member.objects.exists()

    work()
    assert (
        "名册已导入：组织新增0、变动0，党员新增1、变动0，承诺新增0、变动0。" in secretary.get(address).content.decode()
    )
    assert Member.objects.get().name == "张三"
    assert address not in secretary.get(IMPORT).content.decode()


def test_a_short_roster_stays_immediate(secretary, branch, monkeypatch):
    monkeypatch.setattr(working, "LONG_BYTES", 300_000)
    file = SimpleUploadedFile("名册.xlsx", make_roster([], [("张三", "第一党支部")]).getvalue())

    assert "还没有写入。请核对下面的内容" in secretary.post(IMPORT, {"file": file}).content.decode()
    assert not RosterImport.objects.exists()


def test_errors_are_shown_and_nothing_can_be_confirmed(secretary, branch):
    page, _address = uploaded(secretary, make_roster([], [("张三", "没有的支部")]))
    assert "有1处错误，没有写入" in page
    assert "找不到这个党组织" in page

    token = RosterImport.objects.get().token
    secretary.post(CONFIRM, {"upload": token, "digest": "d"})
    assert RosterImport.objects.get().state == "asking"


def test_columns_and_words_are_asked_about_and_remembered(secretary, branch):
    page, address = uploaded(secretary, foreign())
    columns = {"c0-0": "党员·姓名", "c0-1": "党员·党组织", "c0-2": "党员·职务", "c0-3": ""}
    assert secretary.post(COLUMNS, {**hidden_fields(page), **columns, "c0-1": ""}).status_code == 200

    assert secretary.post(COLUMNS, {**hidden_fields(page), **columns})["Location"] == address
    work()
    asked = secretary.get(address).content.decode()
    assert "党员·职务：“支书”" in asked
    words = dict(zip(re.findall(r'name="(w\d-\d)"', asked), ("secretary", "-"), strict=True))
    assert secretary.post(COLUMNS, {**hidden_fields(asked), **columns, **words})["Location"] == address
    work()

    preview = secretary.get(address).content.decode()
    assert "“党员”的“职务”：“支书”是“书记”" in preview
    token = RosterImport.objects.get().token
    assert '<option value="secretary" selected>' in secretary.post(COLUMNS, {"upload": token}).content.decode()
    assert TableMapping.objects.exists()


@pytest.mark.parametrize(("answer", "count"), [("leave", 1), ("count", 2)])
def test_hidden_parts_are_asked_about(secretary, branch, answer, count):
    book = template_book()
    for name in ("张三", "李四"):
        book["党员"].append((name, "第一党支部"))
    book["党员"].row_dimensions[2].hidden = True
    page, address = uploaded(secretary, saved(book))
    assert secretary.post(HIDDEN, hidden_fields(page)).status_code == 200

    assert secretary.post(HIDDEN, {**hidden_fields(page), "hidden": answer})["Location"] == address
    work()

    assert f"党员：新增{count}行" in secretary.get(address).content.decode()


def test_near_names_are_asked_about(secretary, branch):
    make_organization("城关镇机关党支部", kind="branch", parent=branch.parent)
    page, address = uploaded(secretary, make_roster([], [("张三", "城关镇机关支部")]))
    assert "名称相近的党组织" in page
    assert secretary.post(UNITS, hidden_fields(page)).status_code == 200

    answered = secretary.post(UNITS, {**hidden_fields(page), "u0": "某局党委/城关镇机关党支部"})
    assert answered["Location"] == address
    work()
    secretary.post(CONFIRM, hidden_fields(secretary.get(address).content.decode()))
    work()

    assert Member.objects.get().organization.name == "城关镇机关党支部"


def test_a_namesake_must_be_decided_before_the_worker_has_it(secretary, branch):
    make_member(make_organization("第二党支部", kind="branch", parent=branch.parent), "张三")
    page, _address = uploaded(secretary, make_roster([], [("张三", "第一党支部")]))

    refused = secretary.post(CONFIRM, hidden_fields(page)).content.decode()
    assert "请先选择是不是同一个人" in refused
    assert RosterImport.objects.get().state == "asking"

    secretary.post(CONFIRM, {**hidden_fields(page), "n2": "second"})
    assert answers_of(RosterImport.objects.get()).namesakes == [[2, "second", 0]]
    work()
    assert Member.objects.filter(name="张三").count() == 2


def test_a_confirmation_counts_once(secretary, branch):
    page, _address = uploaded(secretary, make_roster([], [("张三", "第一党支部")]))
    secretary.post(CONFIRM, hidden_fields(page))

    again = secretary.post(CONFIRM, hidden_fields(page), follow=True).content.decode()
    assert "这一步已经提交过" in again
    work()
    assert "没有写入，请重新上传" in secretary.post(CONFIRM, hidden_fields(page), follow=True).content.decode()
    assert Member.objects.count() == 1


def test_what_changed_meanwhile_comes_back_as_a_new_preview(secretary, branch):
    page, address = uploaded(secretary, make_roster([], [("张三", "第一党支部")]))
    secretary.post(CONFIRM, hidden_fields(page))
    make_member(branch, "张三")

    work()

    assert "预览之后名册有变动，没有写入" in secretary.get(address).content.decode()


def test_an_upload_is_seen_and_confirmed_by_its_owner_alone(secretary, client, cast, branch):
    page, address = uploaded(secretary, make_roster([], [("张三", "第一党支部")]))
    client.force_login(cast.administrator)

    assert client.get(address).status_code == 404
    assert "没有写入，请重新上传" in client.post(CONFIRM, hidden_fields(page), follow=True).content.decode()
    assert address not in client.get(IMPORT).content.decode()
    assert RosterImport.objects.get().state == "asking"


def test_an_import_that_nobody_takes_up_says_so(secretary, branch):
    address = upload(secretary, make_roster([], [("张三", "第一党支部")]))
    assert "后台程序可能没有运行" not in secretary.get(address).content.decode()

    RosterImport.objects.update(queued_at=timezone.now() - timedelta(minutes=2))
    assert "后台程序可能没有运行" in secretary.get(address).content.decode()

    upload(secretary, make_roster([], [("张三", "第一党支部")]))
    later = RosterImport.objects.first()
    assert "前面还有1个" in secretary.get(reverse("campaigns:roster_progress", args=[later.pk])).content.decode()


@pytest.mark.parametrize("state", ["reading", "asking", "writing"])
def test_an_import_whose_files_went_says_so(secretary, branch, state):
    _page, address = uploaded(secretary, make_roster([], [("张三", "第一党支部")]))
    throw_away_import(RosterImport.objects.get())
    RosterImport.objects.update(state=state)

    shown = secretary.get(address, follow=True).content.decode()

    assert (EXPIRED if state != "asking" else "放置超过一小时；没有写入，请重新上传") in shown


def test_a_failure_is_told_with_a_way_to_upload_again(secretary, cast):
    imported = make_roster_import(cast.secretary, state="failed", told="文件有密码。", ended_at=timezone.now())

    page = secretary.get(reverse("campaigns:roster_progress", args=[imported.pk])).content.decode()

    assert "文件有密码。" in page
    assert f'href="{IMPORT}">重新上传' in page
