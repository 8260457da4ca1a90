"""Leaders' comments out of Excel in the browser: upload, preview, confirmation."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from reports.models import LeaderComment
from tests.factories import make_campaign, make_cast, make_comment, make_member, make_organization
from tests.reports.comments.workbooks import comments_book, make_comments, row
from tests.workbooks import saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]


@pytest.fixture
def cast():
    return make_cast(make_organization("某局党委"))


@pytest.fixture
def branch(cast):
    branch = make_organization("第一党支部", parent=cast.organization, kind="branch")
    make_member(branch, "张三")
    return branch


@pytest.fixture
def campaign(cast, branch):
    return make_campaign(cast.organization)


@pytest.fixture
def secretary(client, cast):
    client.force_login(cast.secretary)
    return client


def at(name, campaign):
    return reverse(f"reports:{name}", query={"campaign": campaign.pk})


def upload(client, campaign, file):
    return client.post(at("comment_import", campaign), {"file": SimpleUploadedFile("点评.xlsx", file.getvalue())})


def hidden_fields(response):
    return dict(re.findall(r'<input type="hidden" name="(upload|digest)" value="([^"]*)"', response.content.decode()))


def test_the_template_is_downloaded(secretary, campaign, tmp_path):
    path = tmp_path / "template.xlsx"
    path.write_bytes(b"".join(secretary.get(at("comment_template", campaign))))

    assert load_workbook(path).sheetnames == ["说明", "点评"]


def test_the_preview_writes_nothing_and_the_confirmation_writes_it_all(secretary, campaign, uploads_folder):
    preview = upload(secretary, campaign, make_comments(row(), row(姓名="张三", 方式="谈话")))
    before = LeaderComment.objects.count()

    confirmed = secretary.post(at("comment_import_confirm", campaign), hidden_fields(preview), follow=True)
    again = secretary.post(at("comment_import_confirm", campaign), hidden_fields(preview), follow=True)

    shown = preview.content.decode()
    assert "新增2条（其中点评党员1名），变动0条，不变0条。" in shown and "赵书记点评张三" in shown
    assert before == 0
    page = confirmed.content.decode()
    assert "点评已导入：新增2条、变动0条。" in page and "共登记点评2条。点评党员1名。" in page
    assert "没有写入，请重新上传" in again.content.decode()
    assert LeaderComment.objects.count() == 2
    assert list(uploads_folder.glob("*.json")) == []


def test_errors_are_shown_by_row_and_column_and_cannot_be_confirmed(secretary, campaign):
    page = upload(secretary, campaign, make_comments(row(姓名="李四"), row(日期="昨天"))).content.decode()

    assert "有2处错误，没有写入。" in page and "名册上没有这名党员" in page and "确认导入" not in page
    assert not LeaderComment.objects.exists()


def test_old_and_new_words_stand_beside_each_other(secretary, campaign, branch):
    make_comment(campaign, branch, follow_up="说了")

    page = upload(secretary, campaign, make_comments(row(整改落实情况="做了"))).content.decode()

    assert "整改落实情况：说了 → <b>做了</b>" in page


@pytest.mark.parametrize(("answer", "count"), [("leave", 1), ("count", 2)])
def test_hidden_rows_are_asked_about(secretary, campaign, answer, count):
    book = comments_book([row(), row(姓名="张三")])
    book["点评"].row_dimensions[3].hidden = True

    asked = upload(secretary, campaign, saved(book))
    preview = secretary.post(at("comment_import_hidden", campaign), hidden_fields(asked) | {"hidden": answer})
    secretary.post(at("comment_import_confirm", campaign), hidden_fields(preview))

    assert "工作表“点评”的第3行是隐藏的" in asked.content.decode()
    assert LeaderComment.objects.count() == count


def test_an_upload_for_one_campaign_is_not_confirmed_in_another(secretary, campaign, cast):
    other = make_campaign(cast.organization, title="另一次评议")
    preview = upload(secretary, campaign, make_comments(row()))

    secretary.post(at("comment_import_confirm", other), hidden_fields(preview))

    assert not LeaderComment.objects.exists()


def test_what_somebody_recorded_meanwhile_is_previewed_again(secretary, campaign, branch):
    preview = upload(secretary, campaign, make_comments(row()))
    make_comment(campaign, branch, content="别人刚刚登记的")

    page = secretary.post(at("comment_import_confirm", campaign), hidden_fields(preview)).content.decode()

    assert "预览之后点评或名册有变动，没有写入" in page and "别人刚刚登记的 → <b>工作扎实。</b>" in page
    assert LeaderComment.objects.get().content == "别人刚刚登记的"


def test_a_file_that_is_no_workbook_is_told_what_it_is(secretary, campaign):
    answer = secretary.post(at("comment_import", campaign), {"file": SimpleUploadedFile("a.xlsx", b"%PDF-1.7")})

    assert "这是 PDF 文件，不是 Excel 工作簿。" in answer.content.decode()
