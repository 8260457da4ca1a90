"""民主评议党员登记表: each step's result on one page, and no votes of a group that is not shown."""

from dataclasses import replace

import pypdfium2
import pytest

from ballots.counting import sealing
from campaigns.appraised import members_of_poll
from reports.files import pdf
from reports.files.registration import LONGEST_COMMENT, LONGEST_TEXT, VotesLine, cut, registration_content
from reports.views.fetching.members import material_of_registration
from tests.factories import close_poll, enter_ballots, make_batch, make_comment
from tests.reports.grading.members import decide, make_graded_poll

pytestmark = pytest.mark.django_db


def content_of(poll, name):
    member = members_of_poll(poll).get(name=name)
    return registration_content(member, poll, material_of_registration(poll, member))


def pages_of(content):
    document = pypdfium2.PdfDocument(pdf.registration(content))
    return ["".join(page.get_textpage().get_text_range().split()) for page in document]


def test_each_step_has_its_result_on_the_page():
    poll = make_graded_poll({"122": 5, "222": 1}, probationary=["刘某"])
    member = members_of_poll(poll).get(name="党员甲")
    make_comment(poll.campaign, poll.organization, member, leader="赵书记", content="作风扎实。")
    make_comment(poll.campaign, poll.organization, leader="钱书记", content="支部工作好。")
    decide(poll, ["合格", "合格", "合格"], reasons={0: "本年度有迟到"})

    content = content_of(poll, "党员甲")
    (page,) = pages_of(content)

    assert (content.name, content.status, content.post, content.unit) == ("党员甲", "正式党员", "普通党员", "第一支部")
    assert content.votes == (
        VotesLine("合计", "有效票6张，其中优秀5份，占83.3%；合格1份，占16.7%；无基本合格票；无不合格票。"),
    )
    assert [text for _, text in content.comments] == ["作风扎实。"]
    assert (content.grade, content.reason) == ("合格", "本年度有迟到")
    assert content.meeting == "2026年11月20日会议评定，主持人王书记，到会党员10名"
    assert "作风扎实。" in page and "有效票6张" in page and "理由：本年度有迟到" in page


def test_a_probationary_member_takes_part_without_votes_or_grade():
    poll = make_graded_poll({"122": 5}, probationary=["刘某"])
    decide(poll, ["合格", "合格", "合格"])

    content = content_of(poll, "刘某")

    assert (content.grade, content.votes, content.meeting) == ("预备党员，不评定等次", (), "")


def test_of_few_ballots_no_votes_are_shown():
    poll = make_graded_poll({"122": 2})

    assert content_of(poll, "党员甲").votes == (VotesLine("民主测评", "有效票少于3张，不单独公布。"),)


def test_mutual_and_mass_votes_stand_apart():
    votes = content_of(make_voted_twice(6), "党员甲").votes

    assert [line.step for line in votes] == ["党员互评", "群众评议（群众代表）", "合计"]
    assert [line.text[:12] for line in votes] == [
        "有效票8张，其中无优秀票",
        "有效票6张，其中优秀6份",
        "有效票14张，其中优秀6",
    ]


def test_a_blank_beside_the_own_name_is_told_where_votes_are_fewer_than_ballots():
    poll = make_graded_poll({"-2": 5, "12": 1}, full=2, is_self_excluded=True)

    total = "有效票6张（本人的空白票1张不计），其中优秀1份，占20.0%；无合格票；无基本合格票；无不合格票；弃权4份。"
    assert content_of(poll, "党员甲").votes == (VotesLine("合计", total),)
    assert content_of(poll, "党员乙").votes[-1].text.startswith("有效票6张，其中无优秀票")


def test_the_own_blank_stays_in_the_groups_and_the_sum_says_so():
    poll = make_voted_twice(6, "-1", is_self_excluded=True)

    *groups, total = content_of(poll, "党员甲").votes

    assert [line.text[-6:] for line in groups] == ["无不合格票。", "；弃权6份。"]
    assert total.text.startswith("有效票14张（本人的空白票1张不计，分组时无法区分，仍列在内），其中")
    assert total.text.endswith("；弃权5份。")


def test_of_a_small_group_only_the_reason_is_shown():
    *groups, total = content_of(make_voted_twice(3), "党员甲").votes

    assert {line.text for line in groups} == {"群众代表有效票少于5张，单列任何一组都能推算出来，不单列。"}
    assert total.text.startswith("有效票11张")


def make_voted_twice(masses, marks="11", **facts):
    """A sealed poll in which eight members marked 合格 and some of the masses 优秀."""
    poll = make_graded_poll({"22": 8}, full=2, is_sealed=False, **facts)
    enter_ballots(make_batch(poll, category="群众代表", method="entered"), {marks: masses})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def test_the_longest_words_still_leave_it_one_page():
    poll = make_voted_twice(6)
    decide(poll, ["不合格", "合格"], reasons={0: "理" * 300}, member_count=12)
    member = members_of_poll(poll).get(name="党员甲")
    for _ in range(3):
        make_comment(poll.campaign, poll.organization, member, content="评" * 1000)
    content = content_of(poll, "党员甲")

    for words in ("自评" * 2000, "一段话。\n" * 300, "长" * 600):
        assert len(pages_of(replace(content, own_words=cut(words, LONGEST_TEXT)))) == 1
    assert len(content.comments) == 2
    assert content.comments[0][1].startswith("评" * (LONGEST_COMMENT - 10)) and "余下的见系统" in content.comments[0][1]
