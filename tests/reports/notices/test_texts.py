"""A text says what, when and where, in as many bytes as every robot takes."""

from reports.notices.matters import Matter
from reports.notices.texts import MOST_BYTES, notice_subject, notice_text


def matter(*lines, subject="“年度评议”有单位进度滞后"):
    return Matter("late:1:1", subject, lines, "/campaigns/1/desk/?unit=1")


def test_a_text_has_its_subject_its_lines_and_the_configured_address(site):
    assert notice_text(matter("第一党支部：活动已开启，本单位尚未开启。")).splitlines() == [
        "【评议提醒】“年度评议”有单位进度滞后",
        "第一党支部：活动已开启，本单位尚未开启。",
        "https://pingyi.example.cn/campaigns/1/desk/?unit=1",
    ]


def test_without_a_configured_address_it_names_none(settings):
    settings.SITE = ""

    assert notice_text(matter()).splitlines()[-1] == "请登录评议系统查看。"


def test_many_lines_end_where_a_robot_takes_no_more(site):
    lines = [f"第{number}党支部：超过结束日期3天，尚未截止。" for number in range(300)]

    text = notice_text(matter(*lines))

    assert MOST_BYTES - 200 < len(text.encode()) <= MOST_BYTES
    assert text.splitlines()[-2:] == ["其余的见网页。", "https://pingyi.example.cn/campaigns/1/desk/?unit=1"]
    assert text.splitlines()[1] == lines[0]


def test_a_subject_is_one_short_line():
    assert notice_subject(matter(subject="甲\r\nBcc: somebody@example.cn")) == "甲 Bcc: somebody@example.cn"
    assert len(notice_subject(matter(subject="长" * 500))) == 151
