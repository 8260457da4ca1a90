"""Ballots collected elsewhere in the browser: upload, preview, confirmation, template."""

import csv
import io
import os
import re
import time
from collections import Counter
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from ballots import actions as ballot_actions
from ballots.ballot_import import check_table, read_table
from ballots.forms import ballot_import as forms
from ballots.models import Ballot, Batch
from campaigns import actions, uploads
from campaigns.models import TableMapping
from tests.ballots.ballot_import.surveys import (
    DEEDS,
    OVERALL,
    UNIT,
    WHO,
    make_units,
    number_survey,
    survey,
    text_survey,
)
from tests.ballots.ballot_import.tables import HEADING, ROW, as_csv, as_workbook
from tests.factories import (
    close_poll,
    make_branch_poll,
    make_campaign,
    make_cast,
    make_open_poll,
    make_organization,
    make_user,
)
from tests.words import words
from tests.workbooks import saved

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def cast(poll):
    return make_cast(poll.organization)


@pytest.fixture
def secretary(client, cast):
    client.force_login(cast.secretary)
    return client


def address(name, campaign):
    return reverse(f"ballots:ballot_import{name}", args=[campaign.pk])


def upload(client, campaign, file):
    content = file.getvalue() if hasattr(file, "getvalue") else file
    return client.post(address("", campaign), {"file": SimpleUploadedFile("评议票.csv", content)})


def token(response) -> str:
    return re.search(r'name="upload" value="([^"]*)"', response.content.decode())[1]


def confirm(client, campaign, preview, **more):
    return client.post(address("_confirm", campaign), {"upload": token(preview), **more}, follow=True)


def unspaced(response) -> str:
    return words(response).replace(" ", "")


def kept(folder):
    return list(folder.glob("*.json")) if folder.exists() else []


@pytest.mark.parametrize("file", [as_csv, as_workbook])
def test_the_preview_writes_nothing_and_the_confirmation_writes_it_all(secretary, poll, uploads_folder, file):
    preview = upload(secretary, poll.campaign, file(ROW, ROW, [*ROW[:2], "党员", "满意", "满意", ""]))

    assert "某局党委书面评议党员1" in unspaced(preview)
    assert "某局党委书面评议群众代表2" in unspaced(preview)
    assert not Batch.objects.exists()

    confirmed = confirm(secretary, poll.campaign, preview)

    assert "已导入评议票3张：1个单位，2个票批。" in unspaced(confirmed)
    assert Ballot.objects.count() == 3
    assert kept(uploads_folder) == []


def test_the_preview_shows_how_many_rows_there_are_and_nothing_of_what_stands_on_them(secretary, poll):
    preview = upload(secretary, poll.campaign, as_csv(ROW, ROW, [*ROW[:5], "会议太多"]))

    for word in ("满意", "会议太多", "意见"):
        assert word not in unspaced(preview)


def test_an_upload_waiting_for_confirmation_keeps_no_order_and_is_for_its_owner_alone(secretary, poll, uploads_folder):
    rows = [[*ROW[:5], "甲"], [*ROW[:3], "满意", "满意", "乙"]]

    upload(secretary, poll.campaign, as_csv(*rows))

    (file,) = kept(uploads_folder)
    assert os.stat(file).st_mode & 0o777 == 0o600
    text = file.read_text(encoding="utf-8")
    assert text.index('"11"') < text.index('"12"')
    assert text.index("乙") < text.index("甲")


def test_errors_are_listed_by_row_and_column_and_nothing_can_be_confirmed(secretary, poll, uploads_folder):
    answer = upload(secretary, poll.campaign, as_csv(ROW, [*ROW[:3], "<b>满\x07意</b>", "满意", ""]))

    assert "有1处错误，没有写入。" in unspaced(answer)
    assert "&lt;b&gt;满□意&lt;/b&gt;" in answer.content.decode()
    assert "含有看不见的控制字符（U+0007），请删去后重新输入。" in unspaced(answer)
    assert 'name="upload"' not in answer.content.decode()
    assert kept(uploads_folder) == []


def test_of_very_many_errors_the_first_are_listed(secretary, poll):
    answer = upload(secretary, poll.campaign, as_csv(*[[*ROW[:3], "满\x07意", "满\x07意", ""]] * 150))

    assert "有300处错误" in unspaced(answer)
    assert "只列出前200处。" in unspaced(answer)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "文件是空的。"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "这是旧版工作簿（.xls）。"),
        (b"x" * (10 * 1024 * 1024 + 1), "文件超过10MB"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_beside_the_field(secretary, poll, content, told):
    assert told in unspaced(upload(secretary, poll.campaign, content))


def test_the_same_file_wants_a_tick_before_it_comes_in_again(secretary, poll, cast):
    confirm(secretary, poll.campaign, upload(secretary, poll.campaign, as_csv(ROW)))

    preview = upload(secretary, poll.campaign, as_workbook(ROW))
    refused = confirm(secretary, poll.campaign, preview)

    assert f"由{cast.secretary.username}导入过" in unspaced(preview)
    assert "确认再次导入" in unspaced(refused)
    assert Ballot.objects.count() == 1

    accepted = confirm(secretary, poll.campaign, refused, again="on")

    assert "已导入评议票1张" in unspaced(accepted)
    assert Ballot.objects.count() == 2


def test_a_first_import_asks_for_no_tick(secretary, poll):
    assert "确认再次导入" not in unspaced(upload(secretary, poll.campaign, as_csv(ROW)))


def test_a_preview_confirmed_twice_writes_once(secretary, poll):
    preview = upload(secretary, poll.campaign, as_csv(ROW))

    confirm(secretary, poll.campaign, preview)
    second = confirm(secretary, poll.campaign, preview)

    assert "这次上传已经导入过，或放置超过一小时" in unspaced(second)
    assert Ballot.objects.count() == 1


def test_a_poll_closed_after_the_preview_takes_nothing(secretary, poll):
    preview = upload(secretary, poll.campaign, as_csv(ROW))
    close_poll(poll)

    answer = confirm(secretary, poll.campaign, preview)

    assert "预览之后有变动，没有写入：“某局党委”的评议点现为“已截止”，不能导入。" in unspaced(answer)
    assert not Ballot.objects.exists()


def test_an_upload_is_for_its_campaign_its_owner_and_an_hour(client, secretary, poll, uploads_folder):
    preview = upload(secretary, poll.campaign, as_csv(ROW))
    other = make_campaign(poll.organization, title="另一次评议")
    colleague = make_user("colleague", kind="secretary", organization=poll.organization)

    confirm(secretary, other, preview)
    client.force_login(colleague)
    confirm(client, poll.campaign, preview)
    (path,) = kept(uploads_folder)
    os.utime(path, (time.time() - 2 * uploads.MAX_AGE,) * 2)
    client.force_login(make_user("later", kind="secretary", organization=poll.organization))
    confirm(client, poll.campaign, preview)

    assert not Ballot.objects.exists()


def test_a_token_is_no_path(secretary, poll):
    answer = secretary.post(address("_confirm", poll.campaign), {"upload": "../../db"}, follow=True)

    assert "没有写入，请重新上传。" in unspaced(answer)


def test_the_page_says_when_there_is_nothing_to_import_into(secretary, poll):
    assert "现在不能导入" not in unspaced(secretary.get(address("", poll.campaign)))
    close_poll(poll)

    assert "本次评议活动没有“评议中”的评议点，现在不能导入。" in unspaced(secretary.get(address("", poll.campaign)))


def test_the_campaigns_page_leads_to_the_import_while_polls_are_open(secretary, poll):
    page = reverse("campaigns:campaign_detail", args=[poll.campaign_id])
    link = f'href="{address("", poll.campaign)}"'

    assert link in secretary.get(page).content.decode()
    close_poll(poll)
    assert link not in secretary.get(page).content.decode()


@pytest.mark.parametrize("name", ["", "_template"])
@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 200), ("teller", 403), ("officer", 403), ("administrator", 403), ("outsider", 404)],
)
def test_only_the_organizers_secretary_imports(client, poll, cast, name, who, status):
    client.force_login(getattr(cast, who))

    assert client.get(address(name, poll.campaign)).status_code == status


@pytest.mark.parametrize(("who", "status"), [("teller", 403), ("officer", 403), ("outsider", 404)])
def test_nobody_else_uploads_or_confirms(client, poll, cast, who, status):
    client.force_login(getattr(cast, who))

    assert upload(client, poll.campaign, as_csv(ROW)).status_code == status
    assert client.post(address("_confirm", poll.campaign), {"upload": "x" * 32}).status_code == status


def test_a_confirmation_is_posted(secretary, poll):
    assert secretary.get(address("_confirm", poll.campaign)).status_code == 405


# The template


def template(client, campaign, **query):
    answer = client.get(address("_template", campaign), query)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    (heading,) = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    return heading, unquote(answer["Content-Disposition"])


def test_the_template_has_the_heading_that_the_import_reads(secretary, poll):
    heading, name = template(secretary, poll.campaign)

    assert heading == HEADING
    assert "评议票导入模板 2026年度群众评议.csv" in name
    assert check_table(poll.campaign, read_table(as_csv(ROW, heading=heading))).row_count == 1


def test_a_unit_has_a_template_of_its_own(client):
    poll = make_branch_poll(member_count=2)
    client.force_login(make_cast(poll.organization).secretary)

    heading, name = template(client, poll.campaign, poll=poll.pk)

    assert "评议票导入模板 第一党支部.csv" in name
    assert heading[:4] == ["单位", "渠道", "类别", "第一党支部｜兑现公开承诺情况"] or heading[3].startswith(
        "第一党支部｜"
    )
    assert [text for text in heading if text.startswith("党员01｜")][-1] == "党员01｜意见建议"


def test_a_name_that_looks_like_a_formula_stays_text_in_the_template(client):
    poll = make_open_poll()
    poll.targets.update(name="=HYPERLINK(1)")
    poll.form["sections"][0]["name"] = "=HYPERLINK(1)"
    poll.save()
    client.force_login(make_cast(poll.organization).secretary)

    heading, _ = template(client, poll.campaign)

    assert heading[3] == "'=HYPERLINK(1)｜兑现公开承诺情况"
    assert check_table(poll.campaign, read_table(as_csv(ROW, heading=heading))).row_count == 1


def test_where_there_are_very_many_units_none_is_offered_by_itself(secretary, poll, monkeypatch):
    monkeypatch.setattr(forms, "MOST_UNITS", 0)

    assert 'name="poll"' not in secretary.get(address("", poll.campaign)).content.decode()
    assert template(secretary, poll.campaign, poll=poll.pk)[0] == HEADING


def test_the_page_costs_the_same_for_one_unit_and_for_three(client):
    root = make_organization()
    client.force_login(make_cast(root).secretary)
    campaigns = []
    for count in (1, 3):
        campaign = make_campaign(root, title=f"{count}个单位")
        units = [make_organization(f"第{count}{number}党支部", parent=root, kind="branch") for number in range(count)]
        actions.make_polls(campaign, units)
        ballot_actions.open_campaign(campaign, by=None)
        campaigns.append(campaign)

    costs = []
    for campaign in campaigns:
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address("", campaign)).content.decode()
        costs.append((len(queries), page.count("<option") - campaign.polls.count()))

    assert costs[0] == costs[1]


@pytest.mark.parametrize(("choice", "count"), [("leave", 1), ("count", 2)])
def test_hidden_rows_come_in_only_when_they_were_chosen(secretary, poll, choice, count):
    book = Workbook()
    for row in (HEADING, ROW, ROW):
        book.active.append(row)
    book.active.row_dimensions[3].hidden = True
    preview = upload(secretary, poll.campaign, saved(book, "评议票.xlsx"))
    assert "第3行是隐藏的" in preview.content.decode()

    undecided = confirm(secretary, poll.campaign, preview)
    assert "请先选择隐藏的行和列是否导入。" in undecided.content.decode()
    assert not Ballot.objects.exists()
    confirm(secretary, poll.campaign, preview, hidden=choice)

    assert Ballot.objects.count() == count


@pytest.mark.parametrize(("choice", "count"), [("replace", 3), ("add", 5)])
def test_a_later_download_comes_in_only_as_it_was_chosen(secretary, poll, choice, count):
    confirm(secretary, poll.campaign, upload(secretary, poll.campaign, as_csv(ROW, ROW)))
    preview = upload(secretary, poll.campaign, as_csv(ROW, ROW, [*ROW[:3], "不满意", "不满意", ""]))
    assert "已导入2张，本文件有3张" in preview.content.decode()

    undecided = confirm(secretary, poll.campaign, preview)
    assert "请先选择这些票与以前导入的票是什么关系。" in undecided.content.decode()
    assert Ballot.objects.count() == 2
    confirm(secretary, poll.campaign, preview, earlier=choice)

    assert Ballot.objects.exclude(batch__state="void").count() == count


# Tables in other words


@pytest.fixture
def campaign():
    return make_units()


@pytest.fixture
def organizer(client, campaign):
    client.force_login(make_cast(campaign.organizer).secretary)
    return client


NUMBERS = {UNIT: "一支部", WHO: "党员", DEEDS: "满意", OVERALL: "基本满意"}


def fields_of(page) -> dict[str, str]:
    """The selects of the page with what is chosen in them."""
    text = page.content.decode()
    selects = re.findall(r'<select name="(\w\d[\w-]*)".*?</select>', text, re.DOTALL)
    bodies = re.findall(r'<select name="\w\d[\w-]*".*?</select>', text, re.DOTALL)
    chosen = [re.search(r'<option value="([^"]*)" selected', body) for body in bodies]
    return {name: match[1] if match else "" for name, match in zip(selects, chosen, strict=True)}


def explain(client, campaign, page, **answers):
    sent = {"upload": token(page), **fields_of(page), **answers}
    return client.post(address("_columns", campaign), sent)


def test_a_survey_asks_only_for_what_nobody_can_know(organizer, campaign):
    asked = upload(organizer, campaign, text_survey())

    assert "导入评议票：各列是什么" in unspaced(asked)
    assert "没有读取也没有保存“序号”" in unspaced(asked)
    assert {name for name, value in fields_of(asked).items() if not value} == {"k1"}

    preview = explain(organizer, campaign, asked, k1="网络评议")

    assert "一支部网络评议党员3" in unspaced(preview)
    assert "已导入评议票3张" in unspaced(confirm(organizer, campaign, preview))


def test_numbers_are_explained_once_and_the_next_file_of_that_shape_goes_through(organizer, campaign, uploads_folder):
    asked = upload(organizer, campaign, number_survey())
    assert [name for name, value in fields_of(asked).items() if not value] == ["k1", "w0-0", "w1-0", "w2-0", "w3-0"]
    answers = dict(zip(("w0-0", "w1-0", "w2-0", "w3-0"), NUMBERS.values(), strict=True))

    confirm(organizer, campaign, explain(organizer, campaign, asked, k1="网络评议", **answers))
    again = upload(organizer, campaign, survey(*[(1, 1, 1, 2, None)] * 4))

    assert "一支部网络评议党员4" in unspaced(again)
    assert "“1”是“满意”" in unspaced(again)
    confirm(organizer, campaign, again, earlier="add")
    assert Counter(Ballot.objects.values_list("marks", flat=True)) == {"12": 7}
    assert kept(uploads_folder) == []


def test_a_new_number_in_the_next_file_is_asked_and_the_known_ones_are_filled_in(organizer, campaign):
    answers = dict(zip(("w0-0", "w1-0", "w2-0", "w3-0"), NUMBERS.values(), strict=True))
    explain(organizer, campaign, upload(organizer, campaign, number_survey()), k1="网络评议", **answers)

    asked = upload(organizer, campaign, survey((1, 1, 1, 3, None), (1, 1, 1, 2, None)))

    assert {name: value for name, value in fields_of(asked).items() if name[0] in "kw"} == {
        "k1": "网络评议",
        "w0-0": "一支部",
        "w1-0": "党员",
        "w2-0": "满意",
        "w3-0": "基本满意",
        "w3-1": "",
    }


def test_the_meanings_are_changed_from_the_preview(organizer, campaign):
    preview = explain(organizer, campaign, upload(organizer, campaign, text_survey()), k1="网络评议")
    table = re.search(r'columns/".*?name="upload" value="([^"]*)"', preview.content.decode(), re.DOTALL)[1]

    changing = organizer.post(address("_columns", campaign), {"upload": table})
    assert fields_of(changing)["k1"] == "网络评议"
    changed = explain(organizer, campaign, changing, k1="集中评议")

    assert "一支部集中评议党员3" in unspaced(changed)


def test_a_column_that_is_read_otherwise_raises_the_questions_of_its_unspaced(organizer, campaign):
    asked = upload(organizer, campaign, survey(*[("一支部", "甲类", "满意", "满意", "")] * 3))
    assert "w1-0" in fields_of(asked)

    again = explain(organizer, campaign, asked, k1="网络评议", c1="（不导入这一列）")

    assert "w1-0" not in fields_of(again)
    assert fields_of(again)["k2"] == ""
    assert "不能为空" not in unspaced(again)
    preview = explain(organizer, campaign, again, k2="党员")
    assert "一支部网络评议党员3" in unspaced(preview)


def test_two_columns_cannot_be_the_same(organizer, campaign):
    asked = upload(organizer, campaign, text_survey())

    answer = explain(organizer, campaign, asked, k1="网络评议", c2=fields_of(asked)["c3"])

    assert "只能选一列" in unspaced(answer)


def test_an_unanswered_question_is_asked_again(organizer, campaign):
    answer = explain(organizer, campaign, upload(organizer, campaign, text_survey()))

    assert "请选择它的意思。" in unspaced(answer)
    assert not TableMapping.objects.exists()


def test_a_waiting_table_has_no_trace_of_who_answered_and_is_for_its_owner_alone(
    client, organizer, campaign, uploads_folder
):
    asked = upload(organizer, campaign, text_survey())

    (file,) = kept(uploads_folder)
    assert os.stat(file).st_mode & 0o777 == 0o600
    text = file.read_text(encoding="utf-8")
    for trace in ("36.0.0", "2026/11/20", "微信", "75秒"):
        assert trace not in text
    client.force_login(make_user("colleague", kind="secretary", organization=campaign.organizer))
    assert explain(client, campaign, asked, k1="网络评议").status_code == 302


def test_an_unknown_word_in_our_own_table_is_asked_with_what_it_can_mean(secretary, poll):
    asked = upload(secretary, poll.campaign, as_csv(ROW, [*ROW[:3], "<b>很满意</b>", "满意", ""]))

    assert "&lt;b&gt;很满意&lt;/b&gt;" in asked.content.decode()
    confirm(secretary, poll.campaign, explain(secretary, poll.campaign, asked, **{"w3-0": "满意"}))
    assert Counter(Ballot.objects.values_list("marks", flat=True)) == {"12": 1, "11": 1}


def test_totals_come_in_through_the_browser_and_a_shortfall_wants_a_tick(client):
    campaign = make_units(indicators=("总体评价",))
    client.force_login(make_cast(campaign.organizer).secretary)
    heading = ["单位", "渠道", "类别", "发出", "收回", "满意", "基本满意", "不满意"]
    rows = [["一支部", "集中", "党员", 41, 41, 39, 1, 0], ["二支部", "集中", "党员", 20, 19, 18, 1, 0]]

    preview = upload(client, campaign, as_csv(*rows, heading=heading))
    assert "60评议票（只报总数）" in unspaced(preview)
    assert "第2行“一支部”的“总体评价”各档合计40，有效票41，差1张。" in unspaced(preview)
    refused = confirm(client, campaign, preview)
    assert "差额确是弃权的" in unspaced(refused)
    assert not Batch.objects.exists()
    confirm(client, campaign, refused, rest="on")

    assert list(Batch.objects.order_by("pk").values_list("is_aggregated", "issued_count", "returned_count")) == [
        (True, 41, 41),
        (True, 20, 19),
    ]
    assert Counter(Ballot.objects.values_list("marks", flat=True)) == {"1": 57, "2": 2, "-": 1}
