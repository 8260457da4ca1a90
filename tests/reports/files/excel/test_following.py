"""Sheets of what followed the count."""

import pytest
from django.urls import reverse

from reports.files import excel
from tests.factories import (
    make_cast,
    make_opinion,
    make_problem,
    make_sealed_poll,
)
from tests.reports.files.excel.reports import AFTER_THE_COUNT, FOLLOWED, poll_report
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db


def test_the_lists_hold_what_the_report_lists(branch_poll):
    made = read_book(excel.draw_report_workbook(poll_report(branch_poll, **FOLLOWED)))

    assert lines_of(made["意见清单"], first=4) == [
        [
            "1",
            *["第一党支部"] * 2,
            "评议票",
            "",
            "意见建议",
            "工作作风",
            "=1+1 办事再快些",
            "3",
            "不到位",
            "",
            "没有效",
            "台账第1号",
        ],
        ["合计", *[""] * 7, "3", "", "", "", ""],
    ]
    assert lines_of(made["整改台账"], first=4)[0] == [
        *("1", "第一党支部", "群众评议意见", "办事大厅排队时间长", "工作作风", "第一党支部", "窗口少"),
        "1. 增开窗口（李四；2026年5月1日前；2026年4月20日已落实）\n2. 网上预约（正在落实）",
        *("及时整改", "赵书记", "办公室", "李四", "2026年5月1日"),
        "2026年4月2日：已调研\n2026年4月20日：已增开",
        *("正在整改\n（逾期）", "", "已答复\n公开栏", "满意", ""),
    ]
    assert lines_of(made["点评台账"], first=4)[0] == [
        *("1", "第一党支部", "张三", "赵书记", "党委书记", "2026年11月10日", "会议点评"),
        *("优点：工作扎实\n不足：下基层少", "总体较好。", "已改进", "2026年11月18日"),
    ]
    assert lines_of(made["承诺一览"], first=4) == [
        [
            "1",
            "第一党支部",
            "本单位",
            "公开承诺",
            "修好楼前的路",
            "2026年12月31日",
            "已兑现",
            "2026年10月1日",
            "验收合格",
            "98.0",
        ]
    ]


@pytest.mark.parametrize(
    ("who", "sheets"),
    [("secretary", AFTER_THE_COUNT), ("officer", AFTER_THE_COUNT), ("teller", [])],
)
@pytest.mark.parametrize("name", ["report_workbook", "campaign_report_workbook"])
def test_a_reader_gets_the_sheets_that_are_theirs_to_read(client, name, who, sheets):
    poll = make_sealed_poll()
    make_opinion(poll, "食堂再便宜些")
    make_problem(poll.organization, campaign=poll.campaign, content="食堂贵")
    client.force_login(getattr(make_cast(poll.organization), who))
    key = poll.pk if name == "report_workbook" else poll.campaign_id

    response = client.get(reverse(f"reports:{name}", args=[key]), {"reason": "归档"})

    made = read_book(response.content)
    assert [name_of_sheet for name_of_sheet in made.sheetnames if name_of_sheet in AFTER_THE_COUNT] == sheets
    words = " ".join(str(cell.value) for sheet in made for row in sheet.iter_rows() for cell in row)
    assert ("食堂再便宜些" in words, "食堂贵" in words, "措施完成率" in words) == (bool(sheets),) * 3
