"""Upload, preview and confirmation in the browser."""

import os
import re
import time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.models import Member, Organization
from campaigns.roster import keeping
from tests.campaigns.roster.test_meanings import foreign
from tests.factories import make_cast, make_member, make_organization, make_user
from tests.workbooks import make_roster, named, saved, template_book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]

IMPORT, COLUMNS, HIDDEN, UNITS, CONFIRM, TEMPLATE = (
    reverse(f"campaigns:roster_{name}") for name in ("import", "columns", "hidden", "units", "confirm", "template")
)


@pytest.fixture
def branch():
    return make_organization("第一党支部", kind="branch", parent=make_organization("某局党委"))


@pytest.fixture
def cast(branch):
    return make_cast(branch.parent)


def upload(client, file):
    content = file.getvalue() if hasattr(file, "getvalue") else file
    return client.post(IMPORT, {"file": SimpleUploadedFile("名册.xlsx", content)})


def hidden_fields(response):
    return dict(re.findall(r'<input type="hidden" name="(upload|digest)" value="([^"]*)"', response.content.decode()))


def kept(folder):
    return list(folder.glob("*.json")) if folder.exists() else []


def test_the_preview_writes_nothing_and_the_confirmation_writes_it_all(client, cast, uploads_folder):
    client.force_login(cast.secretary)

    preview = upload(client, make_roster([("第二党支部", "党支部", "某局党委")], [("张三", "第二党支部")]))

    assert "第二党支部" in preview.content.decode()
    assert not Member.objects.exists()

    confirmed = client.post(CONFIRM, hidden_fields(preview), follow=True)

    assert "名册已导入：组织新增1、变动0，党员新增1、变动0，承诺新增0、变动0。" in confirmed.content.decode()
    assert Member.objects.get().organization.parent.name == "某局党委"
    assert kept(uploads_folder) == []


def test_the_preview_shows_old_and_new_values(client, cast, branch):
    make_member(branch, "张三", post="secretary")
    client.force_login(cast.secretary)

    page = upload(client, make_roster([], [("张三", "第一党支部", None, "班子成员")])).content.decode()

    assert "职务：书记 → <b>班子成员</b>" in page


def test_errors_are_shown_by_sheet_row_and_column_and_cannot_be_confirmed(client, cast, uploads_folder):
    client.force_login(cast.secretary)

    page = upload(client, make_roster([("第二党支部", None, "某局党委")], [("张三", "没有的支部")]))

    text = page.content.decode()
    assert "有2处错误，没有写入" in text
    assert "可填：党委、党总支、党支部" in text
    assert CONFIRM not in text
    assert kept(uploads_folder) == []


def test_names_from_a_workbook_are_escaped(client, cast):
    client.force_login(cast.secretary)

    page = upload(client, make_roster([("<script>alert(1)</script>", "党支部", "某局党委")])).content.decode()

    assert "&lt;script&gt;" in page
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("content", "explanation"),
    [
        ("姓名,党组织\n".encode(), "文本表格（CSV）"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "旧版工作簿（.xls）"),
        (b"", "文件是空的"),
        (b"PK" + bytes(10 * 1024 * 1024), "超过10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_explained_beside_the_field(client, cast, uploads_folder, content, explanation):
    client.force_login(cast.secretary)

    response = upload(client, named(content))

    assert response.status_code == 200
    assert explanation in response.content.decode()
    assert kept(uploads_folder) == []


def test_no_file_at_all_is_explained(client, cast):
    client.force_login(cast.secretary)

    assert "请选择文件" in client.post(IMPORT, {"csrf": ""}).content.decode()


def test_a_roster_that_changed_since_the_preview_is_previewed_again(client, cast, branch):
    client.force_login(cast.secretary)
    preview = upload(client, make_roster([], [("张三", "第一党支部", None, "书记")]))
    make_member(branch, "张三", post="deputy")

    again = client.post(CONFIRM, hidden_fields(preview))

    assert "预览之后名册有变动，没有写入" in again.content.decode()
    assert Member.objects.get().post == "deputy"

    client.post(CONFIRM, hidden_fields(again))

    assert Member.objects.get().post == "secretary"


def test_an_upload_is_confirmed_once(client, cast):
    client.force_login(cast.secretary)
    fields = hidden_fields(upload(client, make_roster([], [("张三", "第一党支部")])))
    client.post(CONFIRM, fields)
    Member.objects.all().delete()

    again = client.post(CONFIRM, fields, follow=True)

    assert "没有写入，请重新上传" in again.content.decode()
    assert not Member.objects.exists()


def test_an_upload_belongs_to_the_one_who_made_it(client, cast):
    client.force_login(cast.secretary)
    fields = hidden_fields(upload(client, make_roster([], [("张三", "第一党支部")])))
    client.force_login(cast.administrator)

    response = client.post(CONFIRM, fields, follow=True)

    assert "没有写入，请重新上传" in response.content.decode()
    assert not Member.objects.exists()


def test_an_upload_expires_and_is_thrown_away(client, cast, uploads_folder):
    client.force_login(cast.secretary)
    fields = hidden_fields(upload(client, make_roster([], [("张三", "第一党支部")])))
    (path,) = kept(uploads_folder)
    assert path.stat().st_mode & 0o777 == 0o600
    os.utime(path, (time.time() - 2 * keeping.MAX_AGE,) * 2)

    response = client.post(CONFIRM, fields, follow=True)
    upload(client, make_roster([], [("李四", "第一党支部")]))

    assert "没有写入，请重新上传" in response.content.decode()
    assert not Member.objects.exists()
    assert path not in kept(uploads_folder)
    assert len(kept(uploads_folder)) == 1


@pytest.mark.parametrize("token", ["", "a/../../other", "../../other", "x" * 61])
def test_a_token_is_no_way_into_the_file_system(client, cast, uploads_folder, token):
    client.force_login(cast.secretary)
    fields = hidden_fields(upload(client, make_roster([], [("张三", "第一党支部")])))
    (uploads_folder / "roster-a").mkdir()
    kept(uploads_folder)[0].rename(uploads_folder.parent / "other.json")

    response = client.post(CONFIRM, {**fields, "upload": token})

    assert response.status_code == 302
    assert response.url == IMPORT
    assert not Member.objects.exists()


def test_the_template_is_offered_for_download(client, cast):
    client.force_login(cast.secretary)

    response = client.get(TEMPLATE)

    assert "attachment" in response["Content-Disposition"]
    assert b"".join(response.streaming_content).startswith(b"PK")


@pytest.mark.parametrize("role", ["teller", "officer"])
@pytest.mark.parametrize("url", [IMPORT, TEMPLATE])
def test_only_who_keeps_a_roster_may_import(client, cast, role, url):
    client.force_login(getattr(cast, role))

    assert client.get(url).status_code == 403
    assert client.post(CONFIRM, {"upload": "x" * 30, "digest": "0"}).status_code == 403


def test_the_page_says_where_the_user_may_import(client, cast):
    client.force_login(cast.secretary)
    assert "您可以在“某局党委”之下导入" in client.get(IMPORT).content.decode()

    client.force_login(make_user("root", is_superuser=True))
    assert "包括新的最上级党组织" in client.get(IMPORT).content.decode()


def test_a_confirmation_by_get_is_refused(client, cast):
    client.force_login(cast.secretary)

    assert client.get(CONFIRM).status_code == 405
    assert Organization.objects.count() == 3


def test_the_preview_points_out_who_may_have_come_from_another_unit(client, cast, branch):
    make_organization("第二党支部", kind="branch", parent=branch.parent)
    make_member(branch, "张三")
    client.force_login(cast.secretary)

    preview = upload(client, make_roster([], [("张三", "第二党支部")]))

    assert "第2行张三（某局党委/第二党支部）：第一党支部有同名党员" in preview.content.decode()


def hidden_roster():
    """Three members, one of them filtered out."""
    book = template_book()
    for name in ("张三", "李四", "王五"):
        book["党员"].append([name, "第一党支部"])
    book["党员"].row_dimensions[3].hidden = True
    return saved(book)


@pytest.mark.parametrize(("choice", "names"), [("leave", ["张三", "王五"]), ("count", ["张三", "李四", "王五"])])
def test_rows_that_were_filtered_out_are_named_and_asked_about(client, cast, choice, names):
    client.force_login(cast.secretary)

    asked = upload(client, hidden_roster())
    assert "工作表“党员”的第3行是隐藏的，或者被筛选、折叠了。" in asked.content.decode()
    assert "确认导入" not in asked.content.decode()
    preview = client.post(HIDDEN, {**hidden_fields(asked), "hidden": choice})
    client.post(CONFIRM, hidden_fields(preview))

    assert list(Member.objects.order_by("pk").values_list("name", flat=True)) == names


def test_without_a_choice_the_question_comes_again(client, cast):
    client.force_login(cast.secretary)

    again = client.post(HIDDEN, hidden_fields(upload(client, hidden_roster())))

    assert "请选择隐藏的部分是否导入。" in again.content.decode()
    assert "第3行" in again.content.decode()


def test_a_question_of_another_user_is_not_answered(client, cast):
    client.force_login(cast.secretary)
    asked = hidden_fields(upload(client, hidden_roster()))
    client.force_login(cast.administrator)

    answer = client.post(HIDDEN, {**asked, "hidden": "count"}, follow=True)

    assert "请重新上传" in answer.content.decode()


def test_a_transfer_is_chosen_in_the_preview_and_nothing_is_written_before(client, cast, branch):
    second = make_organization("第二党支部", kind="branch", parent=branch.parent)
    member = make_member(branch, "张三")
    client.force_login(cast.secretary)
    preview = upload(client, make_roster([], [("张三", "第二党支部", "正式党员", "普通党员")]))

    undecided = client.post(CONFIRM, hidden_fields(preview))
    assert "请先选择是不是同一个人" in undecided.content.decode()
    assert list(Member.objects.values_list("organization", flat=True)) == [branch.pk]
    done = client.post(CONFIRM, {**hidden_fields(undecided), "n2": f"transfer{member.pk}"}, follow=True)

    assert "党员新增0、变动1，承诺新增0、变动0；转接1人。" in done.content.decode()
    assert list(Member.objects.values_list("pk", "organization")) == [(member.pk, second.pk)]


@pytest.mark.parametrize(("answer", "count"), [("transfer", 2), ("second", 4), ("skip", 2)])
def test_all_namesakes_are_decided_at_once(client, cast, branch, answer, count):
    second = make_organization("第二党支部", kind="branch", parent=branch.parent)
    for name in ("张三", "李四"):
        make_member(branch, name)
    client.force_login(cast.secretary)
    preview = upload(client, make_roster([], [(name, "第二党支部") for name in ("张三", "李四", "王五")]))

    client.post(CONFIRM, {**hidden_fields(preview), "for_all": answer})

    assert Member.objects.exclude(name="王五").count() == count
    assert second.members.count() == (1 if answer == "skip" else 3)


def test_members_whom_the_workbook_lacks_are_listed_and_go_only_when_ticked(client, cast, branch):
    gone, kept_member = make_member(branch, "李四"), make_member(branch, "王五")
    client.force_login(cast.secretary)
    preview = upload(client, make_roster([], [("张三", "第一党支部")]))
    assert "名册上有、工作簿里没有的党员2人" in preview.content.decode()
    assert f'value="{kept_member.pk}" class="form-check-input" checked' not in preview.content.decode()

    done = client.post(CONFIRM, {**hidden_fields(preview), "deactivated": [gone.pk]}, follow=True)

    assert "移出名册1人" in done.content.decode()
    assert dict(Member.objects.values_list("name", "is_active")) == {"张三": True, "李四": False, "王五": True}


@pytest.mark.parametrize(
    ("answer", "units"),
    [
        ("某局党委/第三党支部（机关）", {"第三党支部（机关）": 1}),
        ("other", {"第三党支部（机关）": 0, "第三党支部": 1}),
    ],
)
def test_a_unit_whose_name_comes_near_another_is_asked_about_before_the_preview(client, cast, branch, answer, units):
    make_organization("第三党支部（机关）", kind="branch", parent=branch.parent)
    client.force_login(cast.secretary)
    file = make_roster([("第三党支部", "党支部", "某局党委")], [("张三", "某局党委/第三党支部")])

    asked = upload(client, file)
    assert "就是“某局党委/第三党支部（机关）”" in asked.content.decode()
    again = client.post(UNITS, hidden_fields(asked))
    assert "请选择。" in again.content.decode()
    preview = client.post(UNITS, {**hidden_fields(again), "u0": answer})
    client.post(CONFIRM, hidden_fields(preview))

    third = Organization.objects.filter(name__startswith="第三党支部")
    assert {unit.name: unit.members.count() for unit in third} == units


# Workbooks in other words


SAID = {"c0-0": "党员·姓名", "c0-1": "党员·党组织", "c0-2": "党员·职务", "c0-3": ""}
POSTS = {"w0-0": "secretary", "w0-1": "-"}


def explained(client, **answers):
    """The preview of the workbook after both questions."""
    asked = client.post(COLUMNS, {**hidden_fields(upload(client, foreign())), **SAID})
    numbers = re.findall(r'name="(w\d-\d)"', asked.content.decode())
    return asked, client.post(
        COLUMNS, {**hidden_fields(asked), **SAID, **dict(zip(numbers, answers.values(), strict=True))}
    )


def test_a_workbook_in_other_words_is_explained_once(client, cast, branch, uploads_folder):
    client.force_login(cast.secretary)
    asked, preview = explained(client, **POSTS)
    assert "党员·职务：“支书”" in asked.content.decode()

    assert "“党员”的“职务”：“支书”是“书记”" in preview.content.decode()
    client.post(CONFIRM, hidden_fields(preview))
    again = upload(client, foreign()).content.decode()

    assert dict(Member.objects.values_list("name", "post")) == {"张三": "secretary", "李四": "member"}
    assert "工作簿里的内容系统里都已经有了" in again
    assert "更改各列和各词的意思" in again


def test_a_waiting_workbook_goes_with_its_confirmation(client, cast, branch, uploads_folder):
    client.force_login(cast.secretary)
    _, preview = explained(client, **POSTS)
    assert [path.name.partition("-")[0] for path in sorted(kept(uploads_folder))] == ["roster", "workbook"]

    client.post(CONFIRM, hidden_fields(preview))

    assert kept(uploads_folder) == []


def test_columns_without_a_needed_one_are_refused(client, cast, branch):
    client.force_login(cast.secretary)
    asked = hidden_fields(upload(client, foreign()))

    lacking = client.post(COLUMNS, {**asked, **SAID, "c0-1": ""})
    mixed = client.post(COLUMNS, {**asked, **SAID, "c0-2": "承诺·承诺内容"})
    none = client.post(COLUMNS, {**asked, **dict.fromkeys(SAID, "")})

    assert "缺少“党组织”列" in lacking.content.decode()
    assert "应属于同一种" in mixed.content.decode()
    assert "还没有说明哪一列是什么" in none.content.decode()


def test_the_meanings_of_a_roster_are_changed_from_the_preview(client, cast, branch):
    client.force_login(cast.secretary)
    _, preview = explained(client, **POSTS)
    token = re.search(r'columns/".*?name="upload" value="([^"]*)"', preview.content.decode(), re.DOTALL)[1]

    changing = client.post(COLUMNS, {"upload": token})

    assert '<option value="secretary" selected>' in changing.content.decode()
    assert '<option value="党员·姓名" selected>' in changing.content.decode()


def test_a_word_that_nobody_knows_is_asked_and_not_an_error(client, cast, branch):
    client.force_login(cast.secretary)

    asked = upload(client, make_roster([("第二党支部", "支部", "某局党委")], [("张三", "第一党支部")]))

    assert "组织·类别：“支部”" in asked.content.decode()
    assert not Member.objects.exists()
