"""Questionnaires: from the library or blank, their indicators as rows, and the ballots that follow."""

import pytest
from django.urls import reverse

from ballots.actions import open_campaign, start_rehearsal
from campaigns import actions, library
from campaigns.models import Indicator, Questionnaire
from tests.factories import make_member

pytestmark = pytest.mark.django_db


def url(name, *keys):
    return reverse(f"campaigns:{name}", args=keys)


@pytest.fixture
def questionnaire(campaign):
    return campaign.questionnaires.get()


def posted(*rows, **overrides):
    """The edit page of a questionnaire as a browser sends it; rows are (text, is_overall[, order])."""
    values = {
        "title": "基层党组织评议表",
        "target_rule": "organization_itself",
        "target_name": "",
        "library_scale": "satisfaction-3",
        "opinion_prompt": "您的意见和建议",
        "opinion_kind": "suggestion",
        "position": "1",
        "form-TOTAL_FORMS": str(len(rows)),
        "form-INITIAL_FORMS": "0",
        **overrides,
    }
    for place, (text, is_overall, *order) in enumerate(rows):
        values |= {f"form-{place}-text": text, f"form-{place}-ORDER": str(order[0] if order else place + 1)}
        if is_overall:
            values[f"form-{place}-is_overall"] = "on"
    return values


def snapshot(campaign):
    return [
        (
            questionnaire.title,
            questionnaire.target_rule,
            questionnaire.scale.key,
            questionnaire.position,
            list(questionnaire.indicators.values_list("text", "is_overall")),
        )
        for questionnaire in campaign.questionnaires.all()
    ] + [list(poll.targets.values_list("name", flat=True)) for poll in campaign.polls.all()]


def test_the_list_shows_indicators_and_scale(cast, campaign, as_user):
    page = as_user(cast.secretary).get(url("questionnaire_list", campaign.pk)).content.decode()

    assert "兑现公开承诺情况" in page and "满意（100分）／基本满意（70分）／不满意（30分）" in page


@pytest.mark.parametrize("key", library.questionnaires())
def test_each_of_the_library_is_copied_word_for_word_and_then_edited(key, cast, campaign, as_user):
    make_member(cast.organization, "张三", post="secretary")
    make_member(cast.organization, "李四")

    response = as_user(cast.secretary).post(url("questionnaire_add", campaign.pk), {"source": key})

    added = campaign.questionnaires.last()
    ready_made = library.questionnaires()[key]
    assert response.url == url("questionnaire_edit", added.pk)
    assert list(added.indicators.values_list("text", "is_overall")) == [
        (indicator.text, indicator.is_overall) for indicator in ready_made.indicators
    ]
    # The options of a list to choose from are put on the ballot one by one.
    assert campaign.polls.get().targets.filter(questionnaire=added).exists() == (ready_made.most_chosen is None)
    assert added.most_chosen == ready_made.most_chosen


def test_a_blank_one_asks_about_whom_it_was_made_for(cast, campaign, as_user):
    as_user(cast.secretary).post(url("questionnaire_add", campaign.pk), {"source": "blank", "rule": "open_question"})

    added = campaign.questionnaires.last()
    assert (added.title, added.target_kind, added.scale.key) == ("新评议表", "open", "satisfaction-3")
    assert campaign.polls.get().targets.filter(questionnaire=added).count() == 1


@pytest.mark.parametrize("values", [{}, {"source": "none-such"}, {"source": "blank"}, {"source": "blank", "rule": "x"}])
def test_an_unknown_source_adds_nothing(values, cast, campaign, as_user):
    response = as_user(cast.secretary).post(url("questionnaire_add", campaign.pk), values)

    assert response.status_code == 200
    assert campaign.questionnaires.count() == 1


def test_rows_are_saved_in_the_order_of_their_numbers_and_empty_ones_dropped(cast, questionnaire, as_user):
    rows = [("乙", False, 2), ("", False), ("总评", True, ""), ("甲", False, 1)]

    response = as_user(cast.secretary).post(url("questionnaire_edit", questionnaire.pk), posted(*rows))

    assert response.url == url("questionnaire_list", questionnaire.campaign_id)
    assert list(questionnaire.indicators.values_list("text", "is_overall", "position")) == [
        ("甲", False, 1),
        ("乙", False, 2),
        ("总评", True, 3),
    ]


def test_the_overall_mark_moves_to_another_row_and_texts_change_places(cast, questionnaire, as_user):
    rows = [("总体评价", False), ("兑现公开承诺情况", True)]

    as_user(cast.secretary).post(url("questionnaire_edit", questionnaire.pk), posted(*rows))

    assert list(questionnaire.indicators.values_list("text", "is_overall")) == rows


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (posted(("甲", True), ("乙", True)), "一张评议表只能有一项总体评价，现在勾选了2项：甲、乙。"),
        (posted(("甲", False), ("甲 ", False)), "评议内容“甲”写了两次。"),
        (posted(("甲\x00", False)), "控制字符"),
        (posted(("甲\x1b乙", False)), "控制字符"),
        (posted(("长" * 201, False)), "200"),
        (posted(("甲", False), target_rule="open_question"), "开放问题只有意见栏，不列评议内容"),
        (posted(("甲", False), target_rule="everyone"), "everyone"),
        (posted(("甲", False), title="Form"), "请用中文写明"),
        (posted(("甲", False), library_scale="stars"), "stars"),
        (posted(("甲", False), scores="100、80"), "这个量表有3档，现在填了2个分值。"),
        (posted(("甲", False), scores="100 80 满分"), "分值应为0至100的整数"),
        (posted(("甲", False), scores="100 80 101"), "分值应为0至100的整数"),
        (posted(("甲", False), scores="0，80，100"), "分值应从高到低"),
        (posted(("甲", False), opinion_prompt=""), "必填"),
        (posted(("甲", False), position="-1"), "大于或等于0"),
    ],
)
def test_edits_that_do_not_fit_are_refused_and_nothing_changes(values, message, cast, campaign, questionnaire, as_user):
    before = snapshot(campaign)

    response = as_user(cast.secretary).post(url("questionnaire_edit", questionnaire.pk), values)

    assert response.status_code == 200
    assert message in response.content.decode()
    assert snapshot(campaign) == before


def test_the_title_of_another_one_is_refused(cast, campaign, questionnaire, as_user):
    actions.copy_questionnaire(campaign, "four-senses")
    values = posted(("甲", False), title="基层党组织工作实绩群众评议表")

    response = as_user(cast.secretary).post(url("questionnaire_edit", questionnaire.pk), values)

    assert "本次活动已有同名评议表。" in response.content.decode()


def test_unknown_is_added_to_a_scale_and_taken_off_again(cast, questionnaire, as_user):
    client = as_user(cast.secretary)
    address = url("questionnaire_edit", questionnaire.pk)

    client.post(address, posted(("甲", False), library_scale="good-4", has_unknown="on"))
    questionnaire.refresh_from_db()
    with_unknown = [grade.label for grade in questionnaire.scale.grades.all()]
    client.post(address, posted(("甲", False), library_scale="good-4"))
    questionnaire.refresh_from_db()

    assert with_unknown == ["好", "较好", "一般", "差", "不了解"]
    assert questionnaire.scale.key == "good-4"


def test_an_office_s_own_scores_leave_the_library_s_scale_as_it_is(cast, questionnaire, as_user):
    client = as_user(cast.secretary)
    address = url("questionnaire_edit", questionnaire.pk)

    client.post(address, posted(("甲", False), scores="100、80，0", has_unknown="on"))
    questionnaire.refresh_from_db()

    assert [grade.score for grade in questionnaire.scale.grades.all()] == [100, 80, 0, None]
    assert 'value="100、80、0"' in client.get(address).content.decode()
    library_scale = actions.scale_from_library("satisfaction-3", unknown=True)
    assert [grade.score for grade in library_scale.grades.all()] == [100, 70, 30, None]
    client.post(address, posted(("甲", False), scores="", has_unknown="on"))
    questionnaire.refresh_from_db()
    assert questionnaire.scale == library_scale


def test_another_rule_changes_kind_and_targets(cast, campaign, questionnaire, as_user):
    make_member(cast.organization, "张三", post="secretary")

    as_user(cast.secretary).post(
        url("questionnaire_edit", questionnaire.pk), posted(("甲", False), target_rule="its_secretary")
    )

    questionnaire.refresh_from_db()
    assert questionnaire.target_kind == "secretary"
    assert list(campaign.polls.get().targets.values_list("kind", "name")) == [("secretary", "张三")]


def test_another_position_changes_the_order_on_the_ballots(cast, campaign, questionnaire, as_user):
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "satisfied-deed")

    as_user(cast.secretary).post(url("questionnaire_edit", questionnaire.pk), posted(("甲", False), position="9"))

    names = campaign.polls.get().targets.values_list("name", flat=True)
    assert list(names) == ["群众最满意的实事", cast.organization.name]


def test_more_rows_keep_what_was_typed_and_write_nothing(cast, campaign, questionnaire, as_user):
    before = snapshot(campaign)

    response = as_user(cast.secretary).post(
        url("questionnaire_edit", questionnaire.pk), posted(("新的一项", True), more="1")
    )

    assert len(response.context["formset"].forms) == 6
    assert 'value="新的一项"' in response.content.decode()
    assert snapshot(campaign) == before


def test_a_deleted_one_leaves_the_ballots(cast, campaign, questionnaire, as_user):
    response = as_user(cast.secretary).post(url("questionnaire_delete", questionnaire.pk))

    assert response.url == url("questionnaire_list", campaign.pk)
    assert not Questionnaire.objects.exists() and not Indicator.objects.exists()
    assert not campaign.polls.get().targets.exists()


def changes(campaign, questionnaire):
    return [
        (url("questionnaire_add", campaign.pk), {"source": "four-senses"}),
        (url("questionnaire_edit", questionnaire.pk), posted(("甲", False))),
        (url("questionnaire_delete", questionnaire.pk), {}),
    ]


@pytest.mark.parametrize(
    ("freeze", "message"),
    [
        (lambda campaign: open_campaign(campaign, by=None), "已经开启"),
        (lambda campaign: start_rehearsal(campaign.polls.get()), "请先结束演练"),
    ],
    ids=["opened", "rehearsing"],
)
def test_nothing_changes_once_frozen_and_the_pages_are_text(freeze, message, cast, campaign, questionnaire, as_user):
    freeze(campaign)
    before = snapshot(campaign)
    client = as_user(cast.secretary)

    for address, values in changes(campaign, questionnaire):
        assert message in client.post(address, values, follow=True).content.decode()
    pages = [
        client.get(address).content.decode().split('<main id="main"')[1]
        for address in (
            url("questionnaire_list", campaign.pk),
            url("questionnaire_add", campaign.pk),
            url("questionnaire_edit", questionnaire.pk),
        )
    ]

    assert snapshot(campaign) == before
    assert not any("<form" in page for page in pages)
    assert "兑现公开承诺情况" in pages[0] and "兑现公开承诺情况" in pages[2]


def test_others_may_not_and_outsiders_find_nothing(cast, campaign, questionnaire, as_user):
    before = snapshot(campaign)
    statuses = [
        [as_user(user).post(address, values).status_code for address, values in changes(campaign, questionnaire)]
        for user in (cast.teller, cast.officer, cast.administrator, cast.outsider)
    ]

    assert statuses == [[403] * 3] * 3 + [[404] * 3]
    assert snapshot(campaign) == before


def test_pages_take_as_many_queries_for_three_as_for_one(cast, campaign, questionnaire, as_user, count_queries):
    client = as_user(cast.secretary)
    addresses = [url("questionnaire_list", campaign.pk), url("questionnaire_edit", questionnaire.pk)]
    before = [count_queries(client, address) for address in addresses]
    for key in ("four-senses", "member-three"):
        actions.copy_questionnaire(campaign, key)
    actions.write_indicators(questionnaire, [(text, False) for text in "甲乙丙"])

    assert [count_queries(client, address) for address in addresses] == before
