"""千分制考核 from its scheme to the report: configured, keyed from paper, adjusted, ranked, and told in both files (S0-2a)."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from ballots import actions as ballot_actions
from campaigns import actions
from campaigns.form_sets.actions import use_set
from campaigns.models import FormSet
from reports.models import FinishedScoring, RaterGroup, ScoreAdjustment, ScoreBox, ScoreScheme
from reports.report import report_of, summary_of
from reports.scope import Scope
from reports.scoring.in_files import scheme_entry, write_scheme
from tests.browser.figures import text_of
from tests.factories import make_campaign, make_cast, make_organization, make_sealed_poll, make_user
from tests.reports.scoring.rated import (
    FULL,
    adjust,
    finish,
    key_scores,
    make_scheme,
    make_scored_campaign,
    poll_named,
    seal_poll,
)
from tests.words import words
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db
FIRST, SECOND = "第一社区党委", "第二社区党委"
TODAY = date(2026, 11, 29)


@pytest.fixture
def people():
    return make_cast(make_organization("街道党工委"))


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


@pytest.fixture
def campaign(people):
    return make_scored_campaign(people.organization)


@pytest.fixture
def poll(campaign):
    return poll_named(campaign, FIRST)


def address(name, *keys):
    return reverse(f"reports:{name}", args=keys)


def page(client, name, *keys):
    return client.get(address(name, *keys)).content.decode()


def rows(prefix, values):
    """A formset as a browser sends it."""
    fields = {f"{prefix}-TOTAL_FORMS": len(values), f"{prefix}-INITIAL_FORMS": 0}
    for place, row in enumerate(values):
        fields |= {f"{prefix}-{place}-{name}": value for name, value in row.items()}
    return fields


def scheme_fields(campaign, *, lines=None, raters=None, **overrides):
    lines = lines or [
        {"group": "党的建设", "text": "组织建设", "maximum": 300},
        {"text": "公开承诺", "maximum": 200},
        {"group": "服务群众", "text": "为民办实事", "maximum": 500},
        {},
    ]
    raters = raters or [{"name": "上级考核组", "weight": 40}, {"name": "群众代表", "weight": 60}, {}]
    facts = {
        "total": 1000,
        "score_weight": 60,
        "satisfaction_weight": 40,
        "measure": "satisfaction",
        "questionnaire": campaign.questionnaires.get().pk,
        **overrides,
    }
    return facts | rows("line", lines) | rows("rater", raters)


def sheet_fields(poll, marks, *, seen, **more):
    indicators = poll.campaign.score_scheme.indicators.all()
    return {f"mark-{indicator.pk}": mark for indicator, mark in zip(indicators, marks, strict=True)} | {
        "seen": seen,
        **more,
    }


def rater_named(poll, name):
    return RaterGroup.objects.get(scheme__campaign=poll.campaign_id, name=name)


def test_a_form_that_scores_is_not_opened_without_its_scheme_and_its_page_leads_to_it(secretary, people):
    campaign = make_campaign(people.organization, appraisal_key="thousand-points")
    actions.make_polls(campaign, [people.organization])
    scheme = address("scheme_edit", campaign.pk)
    opening = reverse("ballots:campaign_open", args=[campaign.pk])

    shown = secretary.get(reverse("campaigns:campaign_detail", args=[campaign.pk])).content.decode()
    refused = secretary.post(opening, follow=True).content.decode()

    for text in (shown, refused):
        assert "没有考核指标表" in text
        assert f'href="{scheme}"' in text
    assert "没有开启：没有考核指标表" in refused
    campaign.refresh_from_db()
    assert not campaign.is_frozen

    secretary.post(scheme, scheme_fields(campaign))
    secretary.post(opening)
    campaign.refresh_from_db()
    assert campaign.is_frozen


def test_a_scored_campaign_goes_from_its_scheme_to_the_files_through_its_pages(secretary, people):
    campaign = make_campaign(people.organization)
    units = [make_organization(name, parent=people.organization) for name in (FIRST, SECOND)]

    assert "建立考核指标表" in page(secretary, "scoring_detail", campaign.pk)
    secretary.post(address("scheme_edit", campaign.pk), scheme_fields(campaign))
    actions.make_polls(campaign, units)
    ballot_actions.open_campaign(campaign, by=None)
    for name, people_give in ((FIRST, (290, 190, 490)), (SECOND, FULL)):
        poll = poll_named(campaign, name)
        for rater_name, marks in (("上级考核组", FULL), ("群众代表", people_give)):
            rater = rater_named(poll, rater_name)
            for seen in range(5):
                answer = secretary.post(
                    address("score_sheet_key", poll.pk, rater.pk),
                    sheet_fields(poll, marks, seen=seen, sheet_total=sum(marks)),
                )
                assert answer.status_code == 302
        counts = {f"count-{rater.pk}": 5 for rater in campaign.score_scheme.raters.all()}
        secretary.post(address("scoring_finish", poll.pk), counts)
        seal_poll(poll)
    secretary.post(
        address("adjustment_add", poll_named(campaign, SECOND).pk),
        {"points": "-2.5", "reason": "被通报批评1次", "evidence": "某发〔2026〕7号"},
    )

    listed = page(secretary, "score_ranking", campaign.pk)
    unit = page(secretary, "unit_score", poll_named(campaign, FIRST).pk)
    printed = text_of(secretary.get(address("score_ranking_pdf", campaign.pk)).content)
    book = read_book(secretary.get(address("score_ranking_workbook", campaign.pk)).content)

    # 40 % of 1000 and 60 % of 970; 90 % are content.
    for text in (listed, printed, unit):
        assert "综合得分（满分100分）＝考核得分÷1000×60＋满意率×40" in text
        assert "982.00" in text
        assert "94.92" in text
    # 997.5 ÷ 1000 × 60 + 36.
    assert listed.index(SECOND) < listed.index(FIRST)
    assert "95.85" in listed
    assert "被通报批评1次" in printed
    assert book.sheetnames == ["考核结果", "各指标平均分", "加分和扣分"]
    first, second = lines_of(book["考核结果"], first=7)
    assert first[:8] == ["1", SECOND, "1000.00", "−2.5", "997.50", "90.0", "10", "95.85"]
    assert second[:8] == ["2", FIRST, "982.00", "0", "982.00", "90.0", "10", "94.92"]
    means = lines_of(book["各指标平均分"], first=4)
    assert [SECOND, "上级考核组", "5", "党的建设", "公开承诺", "200", "200.00"] in means
    assert [FIRST, "按权重合成", "10", "服务群众", "为民办实事", "500", "494.00"] in means
    assert lines_of(book["加分和扣分"], first=4)[0][1:5] == [SECOND, "−2.5", "被通报批评1次", "某发〔2026〕7号"]
    # Every score is a 得分; the one 率 is the 满意率 that goes into it.
    for text in (listed, unit, printed):
        assert "得分率" not in text
        assert "考核率" not in text


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"total": 900}, "各指标满分之和为1000分，与总分900分不符。"),
        ({"total": 0}, "总分"),
        ({"satisfaction_weight": 30}, "两项权重之和为90%，应为100%。"),
        ({"questionnaire": ""}, "满意度有权重，请选择取自哪张评议表。"),
        ({"raters": [{"name": "群众代表", "weight": 90}]}, "各考核组权重之和为90%，应为100%。"),
        ({"raters": [{"name": "群众代表", "weight": 0}]}, "权重应大于0且不超过100。"),
        ({"raters": [{"weight": 100}]}, "这一行没有写考核组"),
        ({"raters": [{"name": "甲组", "weight": 50}, {"name": "甲组", "weight": 50}]}, "考核组“甲组”填了两次。"),
        ({"raters": [{}]}, "至少写一个考核组。"),
        ({"lines": [{"group": "甲", "text": "乙", "maximum": "1.5"}]}, "满分应为1至10000的整数。"),
        ({"lines": [{"group": "甲", "text": "乙"}]}, "请填写满分。"),
        ({"lines": [{"text": "乙", "maximum": 1000}]}, "第一项“乙”没有写分组。"),
        ({"lines": [{"group": "甲", "maximum": 1000}]}, "这一行没有写考核指标"),
        ({"lines": [{"group": "甲", "text": "乙", "maximum": 500}] * 2}, "考核指标“乙”填了两次。"),
        ({"lines": [{}]}, "至少写一项考核指标。"),
    ],
)
def test_a_scheme_that_does_not_add_up_is_refused_with_what_is_wrong(secretary, people, overrides, message):
    campaign = make_campaign(people.organization)

    answer = secretary.post(address("scheme_edit", campaign.pk), scheme_fields(campaign, **overrides))

    assert message in answer.content.decode()
    assert not ScoreScheme.objects.exists()


def test_a_new_scheme_begins_with_the_ready_made_and_grows_by_rows(secretary, people):
    campaign = make_campaign(people.organization)

    begun = page(secretary, "scheme_edit", campaign.pk)
    grown = secretary.post(
        address("scheme_edit", campaign.pk), scheme_fields(campaign) | {"more": "1"}
    ).content.decode()

    assert 'value="践诺效果"' in begun
    assert 'name="line-TOTAL_FORMS" value="9"' in grown
    assert 'value="为民办实事"' in grown
    assert not ScoreScheme.objects.exists()


def test_who_saves_a_scheme_over_another_hears_of_it(secretary, people):
    campaign = make_campaign(people.organization)
    make_scheme(campaign)
    opened = secretary.get(address("scheme_edit", campaign.pk))
    seen = opened.context["form"].initial["seen"]
    make_scheme(campaign, raters=[("驻街单位", 100)])

    answer = secretary.post(address("scheme_edit", campaign.pk), scheme_fields(campaign) | {"seen": seen})

    assert "别人修改过这里的内容" in answer.content.decode()
    assert list(ScoreScheme.objects.get().raters.values_list("name", flat=True)) == ["驻街单位"]


def test_a_scheme_is_settled_once_a_sheet_is_keyed(secretary, campaign, poll):
    key_scores(poll, "群众代表", FULL)

    answer = secretary.post(address("scheme_edit", campaign.pk), scheme_fields(campaign, total=1), follow=True)

    assert "已经录入了打分表，考核指标、考核组和权重不能再改。" in answer.content.decode()
    assert ScoreScheme.objects.get().total == 1000


@pytest.mark.parametrize(
    ("marks", "more", "message"),
    [
        ((301, 200, 500), {}, "“组织建设”应填0至300的整数，您填的是“301”。"),
        ((300, "", 500), {}, "“公开承诺”没有填，应填0至200的整数。"),
        ((300, 200, "480.5"), {}, "“为民办实事”应填0至500的整数，您填的是“480.5”。"),
        ((-1, 200, 500), {}, "“组织建设”应填0至300的整数，您填的是“-1”。"),
        (("优", 200, 500), {}, "您填的是“优”。"),
        ((300, 200, 500), {"sheet_total": "990"}, "各项之和为1000分，与填的合计“990”不符，请核对。"),
        ((300, 200, 500), {"seen": ""}, "这个字段是必填项"),
    ],
)
def test_a_sheet_that_cannot_be_is_refused_with_where_and_what_is_allowed(secretary, poll, marks, more, message):
    rater = rater_named(poll, "群众代表")

    answer = secretary.post(address("score_sheet_key", poll.pk, rater.pk), sheet_fields(poll, marks, seen=0) | more)

    assert message in answer.content.decode() or answer.context["form"].errors.get("seen")
    assert not ScoreBox.objects.exists()


def test_digits_are_read_however_they_are_typed(secretary, poll):
    rater = rater_named(poll, "群众代表")

    secretary.post(address("score_sheet_key", poll.pk, rater.pk), sheet_fields(poll, (" 30 ", "２００", 500), seen=0))

    assert ScoreBox.objects.get().content == "30 200 500"


def test_a_sheet_of_raters_of_another_campaign_is_not_there(secretary, people, poll):
    other = make_campaign(people.organization, title="别的活动")
    make_scheme(other, raters=[("驻街单位", 100)])
    rater = RaterGroup.objects.get(name="驻街单位")

    answer = secretary.post(address("score_sheet_key", poll.pk, rater.pk), sheet_fields(poll, FULL, seen=0))

    assert answer.status_code == 404
    assert not ScoreBox.objects.exists()


def test_a_sheet_sent_twice_is_kept_once_and_can_be_sent_on_purpose(secretary, poll):
    rater = rater_named(poll, "群众代表")
    path, fields = address("score_sheet_key", poll.pk, rater.pk), sheet_fields(poll, FULL, seen=0)

    secretary.post(path, fields)
    again = secretary.post(path, fields)

    assert "的打分表由0份变为1份" in again.content.decode()
    assert ScoreBox.objects.get().sheet_count == 1
    # The page that says so carries the new number.
    secretary.post(path, fields | {"seen": again.context["form"]["seen"].value()})
    assert ScoreBox.objects.get().sheet_count == 2


def test_the_keying_page_shows_how_many_and_never_what_was_keyed(secretary, poll):
    key_scores(poll, "群众代表", (123, 77, 456))
    rater = rater_named(poll, "群众代表")

    overview, sheet = page(secretary, "unit_scoring", poll.pk), page(secretary, "score_sheet_key", poll.pk, rater.pk)

    assert "1份" in overview
    for text in (overview, sheet):
        assert "456" not in words(text)


def test_sheets_are_thrown_away_to_be_keyed_again(secretary, poll):
    rater = key_scores(poll, "群众代表", FULL, FULL)

    answer = secretary.post(address("score_sheets_discard", poll.pk, rater.pk), follow=True)

    assert "已清空“群众代表”的2份打分表" in answer.content.decode()
    assert not ScoreBox.objects.exists()


def test_the_finish_wants_the_sheets_counted_by_hand_and_an_answer_about_those_who_gave_none(secretary, poll):
    rater = key_scores(poll, "群众代表", *[FULL] * 5)
    above = rater_named(poll, "上级考核组")
    path = address("scoring_finish", poll.pk)
    counts = {f"count-{rater.pk}": 5, f"count-{above.pk}": 0}

    wrong = secretary.post(path, counts | {f"count-{rater.pk}": 6, "answer": "spread"}).content.decode()
    unanswered = secretary.post(path, counts)
    assert "清点6份，录入了5份，请核对。" in wrong
    assert "answer" in unanswered.context["form"].errors
    assert not FinishedScoring.objects.exists()

    secretary.post(path, counts | {"answer": "spread"})
    assert FinishedScoring.objects.get().answer == "spread"
    late = secretary.post(address("score_sheet_key", poll.pk, rater.pk), sheet_fields(poll, FULL, seen=5), follow=True)
    assert "打分表已经录入完毕，不能再增减。" in late.content.decode()
    assert ScoreBox.objects.get().sheet_count == 5
    again = secretary.get(path, follow=True)
    assert "打分表已经录入完毕" in again.content.decode()


@pytest.mark.parametrize("has_finished", [False, True])
def test_no_figure_is_shown_before_the_seal_and_the_end_of_keying(secretary, campaign, poll, has_finished):
    key_scores(poll, "上级考核组", *[(271, 181, 431)] * 5)
    key_scores(poll, "群众代表", *[(271, 181, 431)] * 5)
    if has_finished:
        finish(poll)
        early = secretary.get(address("unit_score", poll.pk))
        assert early.status_code == 403
    else:
        seal_poll(poll)
        early = secretary.get(address("unit_score", poll.pk))
        assert "没有综合得分，不排名：打分表尚未录入完毕。" in early.content.decode()
    texts = [page(secretary, "scoring_detail", campaign.pk), early.content.decode()]
    if not has_finished:
        texts += [page(secretary, "score_ranking", campaign.pk)]
        texts += [text_of(secretary.get(address("score_ranking_pdf", campaign.pk)).content)]

    # 271 + 181 + 431, each of them, and the 综合得分.
    for figure in ("883", "271", "181", "431", "88.98"):
        assert not [text for text in texts if figure in words(text)]


def test_a_unit_of_few_ballots_has_no_place_and_its_satisfaction_is_on_no_page(secretary, campaign):
    for name, marks in ((FIRST, {"12": 2}), (SECOND, {"11": 40})):
        poll = poll_named(campaign, name)
        key_scores(poll, "上级考核组", *[FULL] * 5)
        key_scores(poll, "群众代表", *[FULL] * 5)
        seal_poll(poll, marks)
        finish(poll)

    listed = secretary.get(address("score_ranking", campaign.pk))
    book = read_book(secretary.get(address("score_ranking_workbook", campaign.pk)).content)

    assert "满意度有效票少于3张，不单独公布" in listed.content.decode()
    first, second = (unit for unit in listed.context["content"].unranked)
    assert (first.composite.value, first.satisfaction.value) == (None, None)
    # Beside a small one the other is hidden too, so that no sum less the other tells the small one's.
    assert (second.composite.value, second.satisfaction.value) == (None, None)
    for line in lines_of(book["考核结果"], first=7):
        assert (line[0], line[5], line[7]) == ("不排名", "—", "—")


def test_evidence_is_kept_and_downloaded_and_a_withdrawal_is_told(secretary, people, poll, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    fields = {"points": "5", "reason": "获市级表彰", "evidence": "某市发〔2026〕3号"}
    file = SimpleUploadedFile("奖状.pdf", b"%PDF-1.7 award")

    secretary.post(address("adjustment_add", poll.pk), fields | {"file": file})
    adjustment = ScoreAdjustment.objects.get()
    downloaded = secretary.get(address("adjustment_file", adjustment.pk))
    secretary.post(address("adjustment_withdraw", adjustment.pk), {"reason": "重复登记"})
    listed = page(secretary, "adjustment_list", poll.pk)

    assert b"".join(downloaded.streaming_content) == b"%PDF-1.7 award"
    assert "attachment" in downloaded["Content-Disposition"]
    assert "<s>+5</s>" in listed
    assert "撤销：重复登记" in listed
    assert adjustment.recorded_by == people.secretary
    again = secretary.post(address("adjustment_withdraw", adjustment.pk), {"reason": "再撤"})
    assert "这一项已经撤销过了" in again.content.decode()


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"points": "0"}, "加减分不能是0：加分填正数，扣分填负数。"),
        ({"points": "很多"}, "输入一个数字"),
        ({"reason": ""}, "事由"),
        ({"evidence": ""}, "依据"),
        ({"file": SimpleUploadedFile("a.exe", b"MZ")}, "附件只收PDF"),
    ],
)
def test_an_adjustment_without_points_reason_or_evidence_is_refused(secretary, poll, overrides, message):
    fields = {"points": "5", "reason": "获市级表彰", "evidence": "某市发〔2026〕3号", **overrides}

    answer = secretary.post(address("adjustment_add", poll.pk), fields)

    assert message in answer.content.decode()
    assert answer.context["form"].errors
    assert not ScoreAdjustment.objects.exists()


def test_a_unit_reads_its_own_points_and_gives_itself_none(client, campaign, poll):
    adjustment = adjust(poll, 5)
    other = adjust(poll_named(campaign, SECOND), 6, reason="别的单位的事由")
    client.force_login(make_user("own", kind="secretary", organization=poll.organization))

    assert "获市级表彰" in page(client, "adjustment_list", poll.pk)
    assert client.get(address("adjustment_add", poll.pk)).status_code == 403
    assert client.post(address("adjustment_withdraw", adjustment.pk), {"reason": "不认"}).status_code == 403
    assert client.get(address("adjustment_file", adjustment.pk)).status_code == 404
    assert client.get(address("adjustment_list", other.poll_id)).status_code == 404
    assert client.get(address("adjustment_file", other.pk)).status_code == 404


def test_a_unit_sees_its_own_score_and_no_place_among_others(client, campaign):
    for name in (FIRST, SECOND):
        poll = poll_named(campaign, name)
        key_scores(poll, "上级考核组", *[FULL] * 5)
        key_scores(poll, "群众代表", *[FULL] * 5)
        seal_poll(poll)
        finish(poll)
    unit = make_organization("第三社区党委", parent=campaign.organizer)
    own = poll_named(campaign, FIRST)
    client.force_login(make_user("own", kind="secretary", organization=own.organization))

    listed = page(client, "score_ranking", campaign.pk)
    detail = page(client, "scoring_detail", campaign.pk)

    assert "只有一个单位有综合得分，不排名次。" in listed
    for text in (listed, detail):
        assert FIRST in text
        assert SECOND not in text
    assert client.get(address("unit_score", poll_named(campaign, SECOND).pk)).status_code == 404
    assert client.get(f"{address('score_ranking', campaign.pk)}?unit={unit.pk}").status_code == 404


def test_the_blank_sheet_names_every_indicator_and_asks_for_no_name(secretary, poll):
    printed = text_of(secretary.get(address("score_sheet_blank", poll.pk)).content)

    for text in (FIRST, "组织建设", "为民办实事", "上级考核组", "1000", "本表不记名"):
        assert text in printed


def test_the_summary_tells_the_scores_and_follows_what_is_recorded(campaign):
    for name, marks in ((FIRST, (290, 190, 490)), (SECOND, FULL)):
        poll = poll_named(campaign, name)
        key_scores(poll, "上级考核组", *[FULL] * 5)
        key_scores(poll, "群众代表", *[marks] * 5)
        seal_poll(poll)
        finish(poll)
    poll = poll_named(campaign, FIRST)

    of_unit = told_in(summary_of(Scope.of(campaign, campaign.organizer)))
    of_poll = told_in(summary_of(Scope.of_poll(poll)))
    reported = told_in(report_of(Scope.of_poll(poll), today=TODAY).summary)
    adjust(poll, -100)
    later = told_in(report_of(Scope.of_poll(poll), today=TODAY).summary)

    assert of_unit[2] == "有综合得分的单位2个，名次依次为：第1名第二社区党委96.00分；第2名第一社区党委94.92分。"
    # Its own report names no other unit.
    assert of_poll[1].startswith("综合得分（满分100分）＝考核得分÷1000×60＋满意率×40")
    assert of_poll[2:] == ("第一社区党委考核得分982.00分，满意率90.0%，综合得分94.92分。",)
    assert reported == of_poll
    assert later[2] == "第一社区党委考核得分882.00分，满意率90.0%，综合得分88.92分。"


def told_in(summary):
    """The sentences of the section about scores."""
    (section,) = [section for section in summary.sections if section.key == "scoring"]
    return section.locked


def test_a_summary_of_a_campaign_without_a_scheme_has_no_such_section():
    poll = make_sealed_poll()

    summary = summary_of(Scope.of_poll(poll))

    assert "scoring" not in {section.key for section in summary.sections}


def test_a_campaign_without_a_scheme_has_nothing_to_key_or_show(secretary, people):
    campaign = make_campaign(people.organization, ends_on=date(2099, 1, 1))
    actions.make_polls(campaign, [people.organization])
    ballot_actions.open_campaign(campaign, by=None)
    poll = campaign.polls.get()
    seal_poll(poll)

    for name in ("unit_scoring", "unit_score", "adjustment_list", "score_sheet_blank", "scoring_finish"):
        assert secretary.get(address(name, poll.pk)).status_code == 404, name
    assert secretary.get(address("score_ranking", campaign.pk)).status_code == 404
    assert "看得到满意度" in page(secretary, "scoring_detail", campaign.pk)


def test_the_list_of_units_takes_no_more_queries_for_more_of_them(
    secretary, campaign, django_assert_num_queries, django_assert_max_num_queries
):
    few = make_scored_campaign(make_organization("分局党委", parent=campaign.organizer), names=("甲支部",))

    with django_assert_max_num_queries(25) as first:
        secretary.get(address("scoring_detail", few.pk))
    with django_assert_num_queries(len(first)):
        secretary.get(address("scoring_detail", campaign.pk))


def test_handing_down_on_the_page_takes_the_scheme_along_and_the_unit_begins_with_it(secretary, people):
    source = make_campaign(people.organization, title="来源")
    make_scheme(source, score_weight=70, satisfaction_weight=30)

    secretary.post(reverse("reports:form_set_add", args=[source.pk]), {"title": "规范", "note": ""})

    form_set = FormSet.objects.get()
    assert form_set.contents["pattern"]["scoring"] == scheme_entry(source)
    campaign = make_campaign(people.organization, title="本单位的")
    use_set(form_set, campaign, ["org"], takes_pattern=False)
    written = page(secretary, "scheme_edit", campaign.pk)
    assert "上级规范表格里的考核指标表" in written and "为民办实事" in written and 'value="70"' in written
    write_scheme(campaign, {**scheme_entry(source), "measure": "positive"})
    compared = page(secretary, "scoring_detail", campaign.pk)
    assert "与规范表格的差异" in compared and "综合满意率" in compared
