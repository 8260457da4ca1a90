"""The seeds' cases from the count to the filed 小结: its PDF, its Word file and its workbook, read back, agree.

The figures are those of DOMAIN A7, counted anew from the seeds' numbers of ballots. S0-1, S0-4, S2 and S4-1 are the
demo's; what the demo tells otherwise than the seed is built here.
"""

import io
import re
from dataclasses import dataclass
from datetime import date

import pypdfium2
import pytest
from django.utils import timezone
from docx import Document
from openpyxl import Workbook

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Campaign
from reports.demo import playing
from reports.demo.acts import company
from reports.files import excel, pdf, word
from reports.report import report_for_download
from reports.report.filing import CannotFile, file_summary
from reports.scope import Scope
from reports.summary.actions import save_summary
from reports.window.taking import take_into
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_comment,
    make_member,
    make_open_poll,
    make_opinion,
    make_organization,
    make_window,
)
from tests.reports.demo.looking import load_demo
from tests.workbooks import read_book, shown

pytestmark = pytest.mark.django_db

REPORT, COLLEGE, BRANCH, *_, TOWNSHIP, COMPANY = (act.name for act in playing.ACTS)
SIX_ASPECTS = ("认识深不深", "问题准不准", "原因透不透", "思路清不清", "措施可行不可行", "总体评价")
BRANCH_FIVE = (
    "组织开展创先争优活动情况",
    "推动中心工作和重点任务完成情况",
    "承诺践诺情况",
    "为群众办实事、做好事、解难事情况",
    "加强党组织和党员队伍建设情况",
)


@dataclass(frozen=True)
class Files:
    """A filed 小结 as its three files give it; texts without white space."""

    pdf: str
    word: str
    # Each row of the Word file's tables as its cells.
    tables: list[list[str]]
    book: Workbook

    def assert_say(self, *sentences):
        """Each sentence stands in the PDF and in the Word file."""
        for sentence in sentences:
            assert (sentence in self.pdf, sentence in self.word) == (True, True), sentence

    def assert_say_nothing_of(self, *words):
        for phrase in words:
            assert (phrase in self.pdf, phrase in self.word) == (False, False), phrase

    def assert_line(self, label, *figures, about=None):
        """A line of the results, counts and rates by turns, base and rate last; the workbook has it too.

        `about` is the first column of the workbook where several lines have the label.
        """
        line = [label, *figures]
        assert line in [[cell.rstrip("%") for cell in row[-len(line) :]] for row in self.tables]
        assert "".join(line) in self.pdf
        lines = [row for row in self.rows("总览") if label in row and about in (None, row[0])]
        *shares, base, rate = figures
        assert [(row[2 : 2 + len(shares)], row[-3], row[-2]) for row in lines] == [(shares, base, rate)]

    def rows(self, sheet):
        """The texts that the rows of a sheet show, without empty cells."""
        rows = ([shown(cell) for cell in row if shown(cell)] for row in self.book[sheet].iter_rows())
        return [row for row in rows if row]

    def below(self, head):
        """The figures under the row of 总览 that has this head."""
        rows = self.rows("总览")
        (place,) = [place for place, row in enumerate(rows) if head in row]
        return dict(zip(rows[place][-len(rows[place + 1]) :], rows[place + 1], strict=True))


def filed(scope, texts=None):
    """File the 小结 of a scope, and read back what is downloaded from then on."""
    today = timezone.localdate()
    if texts:
        save_summary(scope, texts, by=None)
    file_summary(scope, by=None, today=today)
    report = report_for_download(scope, today=today)
    document = Document(io.BytesIO(word.draw_summary_docx(report.summary)))
    pages = pypdfium2.PdfDocument(pdf.draw_summary_pdf(report.summary))
    printed = "".join(re.sub(r"—\d+—", "", plain(page.get_textpage().get_text_range())) for page in pages)
    return Files(
        pdf=printed,
        word=plain("".join(paragraph.text for paragraph in document.paragraphs)),
        tables=[[cell.text for cell in row.cells] for table in document.tables for row in table.rows],
        book=read_book(excel.draw_report_workbook(report)),
    )


def plain(text):
    return re.sub(r"\s", "", text)


def played(monkeypatch, name):
    """The scope of one of the demo's roots, with its first campaign."""
    monkeypatch.setattr(playing, "ACTS", [act for act in playing.ACTS if act.name == name])
    load_demo()
    campaign = Campaign.objects.filter(organizer__name=name).earliest("pk")
    own = campaign.polls.sealed().filter(organization=campaign.organizer).first()
    return Scope.of_poll(own) if own else Scope.of(campaign, campaign.organizer)


# S0-1: N1 to N3


def make_report_poll():
    """The meeting alone: 41 sheets out and back, 39 满意, 1 基本满意, 1 not marked; 7 and 15 opinions."""
    poll = make_open_poll(indicators=SIX_ASPECTS)
    enter_ballots(make_batch(poll, method="entered"), {"111111": 39, "111112": 1, "11111-": 1})
    close_poll(poll, attended=41)
    sealing.seal(poll, by=None)
    for number in range(7 + 15):
        make_opinion(poll, f"第{number}条意见")
    return poll


def test_s0_1_39_of_41_are_95_1_percent_in_all_three_files():
    files = filed(Scope.of_poll(make_report_poll()))

    files.assert_say(
        "参与评议人员41人次，群众满意率达95.1%。",
        "共发出评议表41份，收回41份，其中满意39份，占95.1%；基本满意1份，占2.4%；无不满意票；弃权1份。",
        "共征求到评议意见和建议22条。",
    )
    files.assert_line("总体评价", "39", "95.1", "1", "2.4", "0", "0.0", "1", "2.4", "41", "95.1")
    files.assert_say_nothing_of("98%", "97.6%", "不满意的，")
    assert ["集中评议", "党员", "41", "41", "41", "0", "0"] in files.rows("总览")
    assert files.below("计入意见建议")["计入意见建议"] == "22"


def test_s0_1_its_98_percent_cannot_be_filed():
    scope = Scope.of_poll(make_report_poll())
    save_summary(scope, {"shortcomings": "总体评价满意率98%，个别同志准备不够。"}, by=None)

    with pytest.raises(CannotFile) as refused:
        file_summary(scope, by=None, today=timezone.localdate())

    assert "39/41=95.1%，与98%不符；98%对应满意+基本满意40/41=97.6%" in plain(str(refused.value))


def test_s0_1_with_the_37_in_writing_the_demo_has_94_7_of_all_and_95_1_of_the_meeting(monkeypatch):
    files = filed(played(monkeypatch, REPORT))

    files.assert_say(
        "参与评议人员76人次，群众满意率达94.7%。",
        "共发出评议表78份，收回76份，其中满意72份，占94.7%；基本满意3份，占3.9%；无不满意票；弃权1份。",
        "对征求意见稿提出修改意见、建议7条，采纳5条，未采纳2条，未采纳的逐条写明了理由。",
        "共征求到评议意见和建议22条（归并为21件），其中评议票上15条、征求文稿意见7条。",
    )
    files.assert_line("总体评价", "72", "94.7", "3", "3.9", "0", "0.0", "1", "1.3", "76", "94.7")
    splits = [row for row in files.rows("分类分渠道") if "总体评价" in row and "集中评议" in row]
    # 不了解 and 该项无效 before the base, 综合满意率 behind.
    assert [row[row.index("39") :] for row in splits] == [
        ["39", "95.1", "1", "2.4", "0", "0.0", "1", "2.4", "0", "0", "41", "95.1", "97.6"]
    ]
    assert files.below("计入意见建议") == {
        "收到意见": "24",
        "不作为意见": "2",
        "计入意见建议": "22",
        "已阅": "24",
        "归并后件数": "21",
    }
    assert [row[-1] for row in files.rows("意见清单") if row[0] == "合计"] == ["22"]


# S0-4: N8


def test_s0_4_66_of_66_are_satisfied_and_nothing_is_said_of_the_dissatisfied(monkeypatch):
    files = filed(played(monkeypatch, COLLEGE))

    files.assert_say(
        "会上共分发测评表66份，收回66份，对基层党组织开展创先争优活动情况的总体评价满意率为100.0%。",
        "共发出评议表66份，收回66份，其中满意66份，占100.0%；无基本满意票；无不满意票。",
        "共征求到评议意见和建议12条。",
    )
    files.assert_line(
        "对基层党组织开展创先争优活动情况的总体评价",
        *("66", "100.0", "0", "0.0", "0", "0.0", "0", "0.0", "66", "100.0"),
    )
    files.assert_say_nothing_of("不满意的", "余条")
    assert files.below("计入意见建议")["计入意见建议"] == "12"


# S0-5: N9


def make_plenary():
    """Twelve of twelve members at one meeting: five lines about the branch, and 合格 for all members together."""
    branch = make_organization("园区党支部", kind="branch")
    for number in range(12):
        make_member(branch, f"党员{number:02d}")
    campaign = make_campaign(branch, indicators=BRANCH_FIVE)
    actions.copy_questionnaire(campaign, "member-verdict", rule="members_together", target_name="全体党员")
    actions.make_polls(campaign, [branch])
    open_campaign(campaign, by=None)
    campaign.polls.update(entitled_count=12)
    poll = campaign.polls.get()
    enter_ballots(make_batch(poll, method="entered"), {"111112": 12})
    close_poll(poll, attended=12)
    sealing.seal(poll, by=None)
    make_comment(campaign, branch)
    return poll


def test_s0_5_twelve_of_twelve_took_part_and_are_qualified():
    files = filed(Scope.of_poll(make_plenary()))

    files.assert_say(
        "应参评12人，实际参评12人，参评率100.0%。",
        "应参加评议党员12名，实际参加12名，合格12名。",
        "上级领导对本单位作了点评。",
    )
    files.assert_line(
        "综合评定", *("0", "0.0", "12", "100.0", "0", "0.0", "0", "0.0", "0", "0.0", "12", "0.0"), about="全体党员"
    )
    files.assert_say_nothing_of("优秀12名", "超过上限")
    assert ["应参评人数", "12", "实际参评人数", "12"] in files.rows("总览")


def test_s0_5_member_by_member_the_demo_finds_each_of_the_twelve_qualified(monkeypatch):
    files = filed(played(monkeypatch, BRANCH))

    files.assert_say("应参评12人，实际参评12人，参评率100.0%。", "对12人逐人进行了评议，各人的票数和占比见结果表。")
    verdict = ["综合评定", "0", "0.0", "12", "100.0", "0", "0.0", "0", "0.0", "0", "0.0", "12", "0.0%", "合格"]
    persons = [row for row in files.tables if row[1:] == verdict]
    assert len({row[0] for row in persons}) == 12
    assert all("".join(row) in files.pdf for row in persons)
    assert len([row for row in files.rows("党员汇总") if row[2:] and row[-3:] == ["12", "0.0", "合格"]]) == 12


# S2: N10 to N12


def test_s2_960_sheets_ten_problems_twelve_measures_and_26_of_28_branches(monkeypatch):
    files = filed(played(monkeypatch, TOWNSHIP))

    files.assert_say(
        "发放评议问卷960份，收回960份，参与评议人员960人次，完成了全部28个党支部、752名党员的评议工作，群众满意率达98.0%。",
        "满意率为98.0%，基本满意率为2.0%（有效票960，满意941、基本满意19、无不满意票）。",
        "共梳理发现问题10个，制定整改措施12条，已落实整改9条，正在落实3条。措施完成率75.0%（9/12）。",
        "领导点评26个支部（共28个），覆盖92.9%（26/28），尚有2个支部未点评。",
        "点评党员8名。",
        "正在落实的3条措施由联片领导盯办",
    )
    files.assert_line(
        "对党员开展创先争优活动情况的总体评价",
        *("941", "98.0", "19", "2.0", "0", "0.0", "0", "0.0", "960", "98.0"),
    )
    # Four sections on a ballot, of which three are open questions.
    files.assert_say_nothing_of("3840份")
    assert files.below("措施完成率") == {
        "问题": "10",
        "已办结": "7",
        "逾期": "1",
        "整改措施": "12",
        "已落实": "9",
        "正在落实": "3",
        "措施完成率": "75.0",
    }
    assert files.below("点评覆盖率") == {
        "应点评单位": "28",
        "已点评单位": "26",
        "点评覆盖率": "92.9",
        "点评次数": "34",
        "点评党员": "8",
    }
    numbers = [row[0] for row in files.rows("整改台账") if row[0].isdigit()]
    assert numbers == [str(number) for number in range(1, 11)]


# S4-1: N13 to N18


@pytest.mark.slow
def test_s4_1_412_units_with_two_forms_and_the_commitments_of_4720_members(monkeypatch):
    rates = ("98.7", "97.5", "96.4", "98.4", "98.9", "98.7", "96.1", "97.8")

    files = filed(played(monkeypatch, COMPANY))

    files.assert_say(
        "共召开评议会议412场次，发放评议问卷4378份，收回4378份，参与评议人员4378人次，"
        "完成了全部23个党委、40个党总支、349个党支部、4720名党员的评议工作，群众满意率达98.9%。",
        "按每个评议对象一份计，共发出评议表8756份。",
        "412个党组织全部开展评议，评议覆盖率100.0%。",
        "公开承诺13430项，党员4720名，人均2.85项。",
        "办实事好事1039件。",
        "建立党员先锋岗446个",
    )
    lines = [row for row in files.tables if row[-2] == "4378"]
    assert [row[-1] for row in lines] == [f"{rate}%" for rate in rates]
    for row, satisfied, rate in zip(lines, company.SATISFIED, rates, strict=True):
        fair = 4378 - satisfied
        files.assert_line(row[0], str(satisfied), rate, str(fair), row[4], *("0", "0.0") * 2, "4378", rate)
    # The 总体评价 is its own line and no mean of the four before it (C8).
    files.assert_say_nothing_of("97.75")
    assert files.below("评议点") == {
        "评议点": "412",
        "已封存": "412",
        "覆盖率": "100.0",
        "发出": "4378",
        "收回": "4378",
        "有效": "4378",
        "无效": "0",
    }
    commitments = files.below("人均")
    figures = [commitments[head] for head in ("承诺事项", "实事好事", "党员", "人均")]
    assert figures == ["13430", "1039", "4720", "2.85"]
    # A row for each unit, and one for the whole.
    assert len(files.rows("单位一览")) == 3 + 1 + 412


# S3: 窗口单位平时已开展即时评议的，可汇总日常评议情况


def test_s3_a_window_unit_sums_up_its_daily_taps_in_the_ready_made_appraisal():
    unit = make_organization("某县不动产登记中心党支部", kind="window")
    for post in ("secretary", "member"):
        make_member(unit, name=f"党员{post}", post=post)
    window = make_window(unit, (date(2015, 9, 1), (900, 60, 40)), (date(2015, 11, 30), (95, 4, 1)))
    campaign = actions.create_campaign(
        organizer=unit, appraisal="branch-secretary-members", title="2015年度群众评议", period="2015年度", by=None
    )
    campaign.starts_on, campaign.ends_on, campaign.is_stopped_on_time = date(2015, 12, 1), date(2015, 12, 5), False
    campaign.save()
    actions.make_polls(campaign, [unit])
    open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    take_into(poll, window, first_on=date(2015, 9, 1), last_on=date(2015, 11, 30), by=None)
    batch = make_batch(poll, category="服务对象", method="entered")
    enter_ballots(batch, {"1" * poll.ballot_form.cell_count: 12})
    close_poll(poll, attended=12)
    sealing.seal(poll, by=None)

    files = filed(Scope.of_poll(poll), {"leadership": "成立了工作小组。", "signed_on": "2015年12月10日"})

    files.assert_say(
        "窗口即时评议：汇总1个服务窗口2015年9月1日至2015年11月30日的日常评议，共1100人次，"
        "其中满意995人次、基本满意64人次、不满意41人次；满意率90.5%，综合满意率96.3%。",
        "不计入参评人数、票数和参评率",
        "共发出评议表12份，收回12份",
    )
    (line,) = [row for row in files.rows("窗口即时评议") if row[0].startswith("某县不动产登记中心党支部·办事大厅")]
    assert line[1:] == ["995", "90.5", "64", "5.8", "41", "3.7", "1100", "90.5", "96.3"]
