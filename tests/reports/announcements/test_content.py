"""The content of a 公示, how it freezes, and the days on which it is up."""

from datetime import date

import pytest

from ballots.actions import open_campaign
from ballots.counting import sealing, tally
from ballots.voting import casting, codes
from campaigns.actions import make_polls
from campaigns.models import Organization
from reports import announcements
from reports.announcements import (
    AnnouncedFigure,
    draft_content,
    draft_warnings,
    objections_sentence,
    standard_announcement,
)
from reports.announcements.actions import results_to_announce
from reports.models import Announcement
from reports.report import content_of_announcement
from reports.results.poll import NotSealed, results_of
from reports.scope import Scope
from tests.factories import (
    cast_ballots,
    close_poll,
    enter_ballots,
    make_announcement,
    make_batch,
    make_branch_poll,
    make_campaign,
    make_open_poll,
    make_organization,
    make_problem,
    make_sealed_campaign,
    make_sealed_poll,
    make_unit_announcement,
)
from tests.reports.announcements.notices import DAY_BEFORE, FIRST, LAST, object_to, published

pytestmark = pytest.mark.django_db


def make_split_poll():
    """20 members were content; 4 guests were not, which nobody may see."""
    poll = make_open_poll()
    enter_ballots(make_batch(poll, category="党员", method="entered"), {"11": 20})
    guests = make_batch(poll, category="群众代表")
    cast_ballots(guests, {"33": 3})
    opinion = casting.OpinionText(target_id=poll.targets.get().pk, text="食堂再便宜些")
    slip = codes.make_slips(guests, 1)[0]
    casting.cast(ticket=codes.exchange(slip), key="k", marks="33", opinions=[opinion])
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def make_sealed_branch():
    """A branch with its secretary and two members on the ballot."""
    poll = make_branch_poll(member_count=3)
    cells = sum(len(section["indicators"]) for section in poll.form["sections"])
    enter_ballots(make_batch(poll, method="entered", category=poll.campaign.categories.first().name), {"1" * cells: 9})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def test_a_notice_says_totals_with_their_denominators_and_the_note_on_sums():
    poll = make_sealed_poll({"11": 39, "12": 1, "13": 1})

    content = content_of_announcement(make_announcement(poll))

    (table,) = content.tables
    row = table.rows[-1]
    assert (table.target, table.is_person, table.base_text, table.rate_name) == ("某局党委", False, "有效票", "满意率")
    assert (row.label, row.is_overall, row.base, row.satisfaction.text) == ("总体评价", True, 41, "95.1")
    assert [(figure.label, figure.count, figure.rate.text) for figure in row.figures] == [
        ("满意", 39, "95.1"),
        ("基本满意", 1, "2.4"),
        ("不满意", 1, "2.4"),
        ("弃权", 0, "0.0"),
    ]
    assert content.sheets == "共发出评议表41份，收回41份。"
    assert content.period == "2026年9月29日至2026年10月10日，共5个工作日"
    assert content.signed_on == "2026年9月29日"
    assert "因四舍五入，各项之和可能不等于100%。" in content.notes


def test_no_split_and_no_opinion_can_be_read_from_a_notice():
    content = content_of_announcement(published(make_split_poll()))

    text = str(content.as_json())

    assert content.tables[0].rows[-1].figures[0] == AnnouncedFigure("满意", 20, tally.rate_of(20, 24))
    assert [word for word in ("群众代表", "食堂", "集中评议", "不单列") if word in text] == []


def test_a_note_that_only_a_split_needs_is_not_printed():
    """Thirds of six members give 99.9; the whole gives 50, 25 and 25."""
    poll = make_open_poll()
    enter_ballots(make_batch(poll, category="党员", method="entered"), {"11": 2, "22": 2, "33": 2})
    enter_ballots(make_batch(poll, category="群众代表", method="entered"), {"11": 8, "22": 3, "33": 3})
    close_poll(poll)
    sealing.seal(poll, by=None)

    notes = content_of_announcement(make_announcement(poll)).notes

    assert [note for note in notes if "四舍五入" in note] == []


def test_a_target_that_is_not_chosen_is_not_even_named():
    poll = make_sealed_branch()
    chosen = poll.targets.order_by("position").first()

    content = content_of_announcement(make_announcement(poll, target_ids=[chosen.pk]))

    assert [table.target for table in content.tables] == [chosen.name]
    assert [target.name for target in poll.targets.exclude(pk=chosen.pk) if target.name in str(content.as_json())] == []


def test_persons_about_whom_the_same_was_asked_stand_in_one_printed_table():
    content = content_of_announcement(make_announcement(make_sealed_branch()))

    assert [[table.is_person for table in group.tables] for group in content.groups] == [[False], [True], [True, True]]


def test_a_published_notice_stays_as_it_was_whatever_changes():
    poll = make_sealed_poll({"11": 39, "12": 1, "13": 1})
    announcement = published(poll, has_problems=True)
    before = content_of_announcement(announcement)

    poll.campaign.decimals = 2
    poll.campaign.save()
    Organization.objects.update(name="改了名的党委")
    make_problem(poll.organization, campaign=poll.campaign)
    Announcement.objects.filter(pk=announcement.pk).update(title="改了的标题", office="改了的部门")

    after = content_of_announcement(Announcement.objects.get(pk=announcement.pk))
    assert after == before
    assert content_of_announcement(make_announcement(poll, has_problems=True)) != before


DONE = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("measures", "told"),
    [
        ((DONE, None, None, None), "整改措施4项，已落实1项，正在落实3项，措施完成率25.0%。"),
        # Scenario C4: no clause about what is not there.
        ((None, None), "整改措施2项，正在落实2项，措施完成率0.0%。"),
        ((DONE,), "整改措施1项，已全部落实。"),
        ((), "尚未登记整改措施。"),
    ],
)
def test_rectification_is_told_in_figures_alone(measures, told):
    poll = make_sealed_poll()
    make_problem(poll.organization, campaign=poll.campaign, measures=measures)

    content = content_of_announcement(make_announcement(poll, has_problems=True))

    assert content.problems == f"列入整改台账的问题1个，{told}"
    assert content_of_announcement(make_announcement(poll)).problems == ""


@pytest.mark.parametrize(("marks", "is_warned"), [({"11": 4}, True), ({"11": 5}, False), ({}, False)])
def test_so_few_ballots_that_one_could_guess_are_warned_of(marks, is_warned):
    warnings = announcements.few_warnings(results_of(make_sealed_poll(marks)).sheets, 5)

    assert (
        warnings == ["有效票只有4张，少于5张，公开后容易推算出个别人的选择。请考虑不公开，只在内部反馈。"] * is_warned
    )


def test_rectification_without_problems_says_so():
    content = content_of_announcement(make_announcement(make_sealed_poll(), has_problems=True))

    assert content.problems == "没有列入整改台账的问题。"


def test_a_new_draft_begins_on_the_next_working_day_and_lasts_five():
    poll = make_sealed_poll()

    draft = standard_announcement(Scope.of_poll(poll), results_of(poll), today=DAY_BEFORE)

    assert (draft.title, draft.starts_on, draft.ends_on) == ("关于某局党委2026年度群众评议结果的公示", FIRST, LAST)
    assert draft.target_ids == [poll.targets.get().pk]


def test_a_new_draft_leaves_out_results_about_persons_and_everything_beside_the_results():
    poll = make_sealed_branch()

    draft = standard_announcement(Scope.of_poll(poll), results_of(poll), today=DAY_BEFORE)

    assert draft.target_ids == [poll.targets.get(member=None).pk]
    assert (draft.extras, draft.has_problems) == ([], False)


def test_a_new_draft_about_one_target_is_about_nobody_else():
    poll = make_sealed_branch()
    member = poll.targets.filter(member__post="member").first()

    draft = standard_announcement(Scope.of_poll(poll), results_of(poll), today=DAY_BEFORE, target=member)

    assert (draft.title, draft.target_ids) == (f"关于{member.name}2026年度群众评议结果的通报", [member.pk])
    content = draft_content(draft, results_of(poll))
    assert [table.target for table in content.tables] == [member.name]
    others = poll.targets.exclude(pk=member.pk).exclude(name=poll.organization.name).values_list("name", flat=True)
    assert [name for name in others if name in str(content.as_json())] == []


def test_a_new_draft_of_a_unit_s_sums_is_in_the_unit_s_name():
    root = make_organization()
    campaign = make_sealed_campaign(root, [make_organization("甲支部", parent=root, kind="branch")])
    scope = Scope.of(campaign, root)

    draft = standard_announcement(scope, results_to_announce(scope), today=DAY_BEFORE)
    draft.place = "公开栏"
    draft.save()

    assert (draft.title, draft.questionnaire_keys, draft.target_ids) == (
        "关于某局党委2026年度群众评议结果的公示",
        ["org"],
        [],
    )
    assert "某局党委组织开展了群众评议。现将汇总的评议结果予以公示" in draft.text
    assert Announcement.objects.of(scope).get() == draft


def test_a_unit_without_a_sealed_poll_has_nothing_to_announce():
    poll = make_open_poll()

    with pytest.raises(NotSealed):
        results_to_announce(Scope.of(poll.campaign, poll.organization))


def test_a_draft_warns_of_units_that_are_not_sealed_and_of_parts_that_are_empty():
    root = make_organization()
    campaign = make_campaign(root)
    make_polls(campaign, [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")])
    open_campaign(campaign, by=None)
    poll = campaign.polls.first()
    enter_ballots(make_batch(poll, method="entered"), {"11": 9})
    close_poll(poll)
    sealing.seal(poll, by=None)
    draft = make_unit_announcement(campaign, root, extras=["commitments", "member-comments", "suggestion"])
    results = results_to_announce(draft.scope)

    warnings = draft_warnings(draft, draft_content(draft, results), results)

    assert warnings == [
        "其中有党员个人的内容（领导对党员个人的点评），是否公开、在什么范围公开，请先核对。",
        "其中有群众写的意见。文字和笔调可能让人认出是谁写的，请逐条看过再发布；要隐去的，先到意见阅办里隐去。",
        "还有1个评议单位没有封存，发布以后再封存的不会计入。",
        "没有可以列出的内容，公示中不会出现：党组织的公开承诺和实事好事、领导对党员个人的点评、群众的意见建议。",
    ]


def test_a_new_draft_remembers_where_the_unit_had_objections_sent_last():
    poll = make_sealed_poll()
    make_announcement(poll, office="纪委办公室", phone="6012")

    draft = standard_announcement(Scope.of_poll(poll), results_of(poll), today=DAY_BEFORE)

    assert (draft.office, draft.phone) == ("纪委办公室", "6012")


def test_a_short_period_is_told_and_so_are_years_without_holidays():
    assert announcements.period_warnings(FIRST, LAST) == []
    assert announcements.period_warnings(FIRST, date(2026, 10, 7)) == ["公示期只有2个工作日，少于通常的5个工作日。"]
    assert len(announcements.period_warnings(date(2099, 1, 5), date(2099, 1, 9))) == 1
    assert announcements.period_text(date(2099, 1, 5), date(2099, 1, 9)) == "2099年1月5日至2099年1月9日"
    assert announcements.period_text(FIRST, FIRST) == "2026年9月29日，共1个工作日"


def test_after_the_period_objections_are_counted_with_their_answers():
    announcement = published(make_sealed_poll())
    object_to(announcement, FIRST, answer="已核查", answered_on=LAST)

    assert objections_sentence(announcement, today=LAST) == ""
    assert objections_sentence(announcement, today=date(2026, 10, 11)) == "公示期间收到异议1件，已答复1件。"

    object_to(announcement, LAST)
    object_to(announcement, date(2026, 10, 12))
    sentence = objections_sentence(announcement, today=date(2026, 10, 13))
    assert sentence == "公示期间收到异议2件，已答复1件。期满后又收到1件，已答复0件。"


def test_a_period_without_objections_is_told_and_a_draft_says_nothing():
    poll = make_sealed_poll()

    assert objections_sentence(published(poll), today=date(2026, 10, 11)) == "公示期间没有收到异议。"
    assert objections_sentence(make_announcement(poll), today=date(2026, 10, 11)) == ""


def test_an_open_poll_has_nothing_to_announce():
    poll = make_open_poll(organizer=make_organization("开着的党委"))

    with pytest.raises(NotSealed):
        content_of_announcement(make_announcement(poll))
