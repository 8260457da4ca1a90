"""民主评议党员: the votes, and what the meeting decides (S0-5, S1, S2)."""

from collections import Counter
from urllib.parse import urlsplit

import pytest

from campaigns.library import appraisals

from ..figures import rate, text_of
from ..library_walk import (
    BALLOTS,
    BRANCH,
    cast_all,
    choose,
    close_and_seal,
    hand_out,
    open_campaign,
    prepare,
)
from .deeds import DAY, GRADED, PROBATIONARY, REASONS, decide, path_of, sheet_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.long]

LABELS = ("优秀", "合格", "基本合格", "不合格")
OWN_WORDS, COMMENT = "一年来带头值夜班，理论学习还不够", "群众基础好，要多带年轻同志"

# Of the four 王芳 has most votes for 优秀 as decided; 周明 and 吴敏 are decided otherwise than the votes.
DECIDED = dict(zip(GRADED, ("合格", "优秀", "优秀", "合格"), strict=True))


def test_a_meeting_decides_the_grades_of_members_beside_the_votes(secretary, phone):
    desk, form = secretary, appraisals()["members-yearly"]
    choose(desk, form)
    prepare(desk)
    open_campaign(desk)
    poll = path_of(desk)
    write_of_oneself(desk, phone, "吴敏")
    desk.open(poll)
    slips = hand_out(desk, form.categories)
    phone.open(slips[0])
    lines, cast = cast_all(phone, slips, own=True)
    close_and_seal(desk, len(cast))
    results = path_of(desk)
    comment_on(desk, "吴敏")
    desk.open(results)

    votes = {line.name.partition("：")[0]: marks for line, marks in zip(lines, zip(*cast, strict=True), strict=True)}
    desk.follow("登记评定的等次")
    decide(desk, DECIDED)
    for name in REASONS:
        most = "、".join(most_voted(votes[name]))
        desk.says(f"{name}得票最多的是“{most}”，评定为“{DECIDED[name]}”请写明理由。")
    assert [name for name in GRADED if DECIDED[name] not in most_voted(votes[name])] == list(REASONS)
    decide(desk, DECIDED, REASONS)
    over = "优秀2名，超过上限1名（党员总数5名的三分之一）。"
    desk.says(f"{over}确需超过的，请填写理由。")
    desk.fill(excellent_reason="两名同志立功受奖")
    desk.press("登记")

    sentence = "应参加评议党员5名，实际参加5名，优秀2名，合格2名。"
    desk.says(sentence)
    assert_registered(text_of(desk.download("吴敏的登记表（PDF）")), votes["吴敏"])
    assert "不评定等次" in text_of(desk.download(f"{PROBATIONARY}的登记表（PDF）"))
    desk.open(results)
    summary = text_of(desk.download("小结（PDF）"))
    assert f"预备党员{PROBATIONARY}参加评议，不评定等次。{sentence}{over}理由：两名同志立功受奖。" in summary
    assert "党员评定等次应参加实际参加优秀合格基本合格不合格不评定等次5522001" in summary
    people = sheet_of(desk.download("与小结数字相同的工作簿（Excel）"), "党员汇总")
    grades = {line[1]: line[-2:] for line in people if line[1] in (*GRADED, PROBATIONARY)}
    assert grades == {
        **{name: (label, f"评定理由：{REASONS[name]}" if name in REASONS else "") for name, label in DECIDED.items()},
        PROBATIONARY: ("不评定等次", "参加评议"),
    }


def write_of_oneself(desk, phone, name):
    """A member writes with their own link on a phone."""
    desk.follow("党员自评")
    desk.press(f"生成链接：{name}")
    desk.says(f"{name}的链接只显示这一次")
    phone.open(urlsplit(desk.page.locator("[role=status]").inner_text().split("：")[-1]).path)
    phone.fill(text=OWN_WORDS)
    phone.press("提交自评")
    desk.page.reload()
    desk.says("本人提交")


def comment_on(desk, name):
    """Record the secretary's words about a member."""
    desk.follow("领导点评")
    desk.follow("登记点评")
    desk.follow(f"点评党员：{BRANCH}")
    desk.follow(name)
    desk.fill(leader="李建国", leader_post="党支部书记", commented_on=DAY, content=COMMENT)
    desk.press("保存")


def most_voted(marks):
    counts = Counter(mark for mark in marks if mark is not None)
    return [label for place, label in enumerate(LABELS) if counts[place] == max(counts.values())]


def divided(marks, *, own=0):
    """The votes in words; the blank that a member left beside their own name is no vote of anybody."""
    counts = Counter(marks)
    counts[None] -= own
    base = sum(counts.values())
    given = [
        f"{label}{counts[place]}份，占{rate(counts[place], base)}%" if counts[place] else f"无{label}票"
        for place, label in enumerate(LABELS)
    ]
    blank = [f"弃权{counts[None]}份"] if counts[None] else []
    return "；".join(given + blank)


def assert_registered(printed, marks):
    """The page of a member has what each step gave."""
    for words in (
        OWN_WORDS,
        f"党员互评有效票{BALLOTS}张，其中{divided(marks[:BALLOTS])}。",
        f"群众评议（群众代表）有效票{BALLOTS}张，其中{divided(marks[BALLOTS:])}。",
        f"合计有效票{len(marks)}张（本人的空白票1张不计，分组时无法区分，仍列在内），其中{divided(marks, own=1)}。",
        f"{COMMENT}（李建国党支部书记，",
        "合格",
        "会议评定，主持人李建国，到会党员4名。理由：脱产学习半年",
    ):
        assert words in printed
