"""Targets on the ballot of a poll."""

import pytest

from campaigns import actions
from campaigns.models import Target
from tests.factories import (
    make_campaign,
    make_member,
)

from .asking import arranged, url

pytestmark = pytest.mark.django_db


def test_targets_are_renamed_ordered_and_removed(cast, poll, members, as_user):
    organization = poll.targets.get(kind="organization")
    first, second, third = members
    rows = [
        (organization, "本单位党组织", 9, False),
        (first, "乙二", 2, False),
        (second, "甲一", 1, False),
        (third, "丙三", 3, True),
    ]

    as_user(cast.secretary).post(url("poll_targets", poll.pk), arranged(poll, *rows))

    assert list(poll.targets.values_list("pk", "name")) == [
        (second.pk, "甲一"),
        (first.pk, "乙二"),
        (organization.pk, "本单位党组织"),
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda rows: [(rows[1][0], "乙二", 1, False), *rows[2:], rows[0]], "都叫“乙二”"),
        (lambda rows: rows[:-1], "评议对象在此期间有了变化"),
        (lambda rows: [*rows, (Target(pk=10**6), "混进来的", 9, False)], "评议对象在此期间有了变化"),
        (lambda rows: [*rows[:-1], rows[0]], "评议对象在此期间有了变化"),
        (lambda rows: [(rows[0][0], "", 1, False), *rows[1:]], "必填"),
    ],
)
def test_rows_that_do_not_fit_are_refused(change, message, cast, poll, members, as_user):
    before = list(poll.targets.values_list("pk", "name"))
    rows = [(target, target.name, place, False) for place, target in enumerate(poll.targets.all())]

    response = as_user(cast.secretary).post(url("poll_targets", poll.pk), arranged(poll, *change(rows)))

    assert message in response.content.decode()
    assert list(poll.targets.values_list("pk", "name")) == before


def test_a_person_is_invited_from_below_once(cast, campaign, poll, units, as_user):
    invited = make_member(units[0], "张三", post="secretary")
    make_member(units[0], "李四")
    questionnaire = actions.copy_questionnaire(campaign, "secretary-three")
    values = {"new-questionnaire": questionnaire.pk, "new-member": invited.pk}
    client = as_user(cast.secretary)

    page = client.get(url("poll_targets", poll.pk)).content.decode()
    client.post(url("target_add", poll.pk), values)
    again = client.post(url("target_add", poll.pk), values).content.decode()

    assert "张三（第一党支部，书记）" in page and "李四" not in page
    assert list(poll.targets.values_list("kind", "name", "member__name", "position")) == [
        ("organization", "某局党委", None, 1),
        ("secretary", "张三", "张三", 2),
    ]
    assert "同一张评议表中已有同名的评议对象。" in again


@pytest.mark.parametrize(
    ("key", "name", "expected"),
    [
        ("report-six", "整改方案（征求意见稿）", ("document", "整改方案（征求意见稿）")),
        ("report-six", "", ("document", "分析检查报告群众评议表")),
        ("satisfied-deed", "", ("open", "群众最满意的实事")),
        ("organization-overall", "", ("organization", "某局党委")),
    ],
)
def test_a_document_a_question_and_the_organization_are_added(key, name, expected, cast, campaign, poll, as_user):
    questionnaire = actions.copy_questionnaire(campaign, key)

    as_user(cast.secretary).post(url("target_add", poll.pk), {"new-questionnaire": questionnaire.pk, "new-name": name})

    assert poll.targets.values_list("kind", "name").get(questionnaire=questionnaire) == expected


def test_members_as_one_body_need_no_person(cast, campaign, poll, as_user):
    questionnaire = actions.copy_questionnaire(
        campaign, "member-three", rule="members_together", target_name="本支部党员"
    )

    as_user(cast.secretary).post(url("target_add", poll.pk), {"new-questionnaire": questionnaire.pk})

    target = poll.targets.get(questionnaire=questionnaire)
    assert (target.kind, target.name, target.organization) == ("member", "本支部党员", cast.organization)


@pytest.mark.parametrize(
    ("key", "has_person", "message"),
    [
        ("member-three", False, "请从名册中选择评议谁。"),
        ("report-six", True, "评议的不是个人，请不要选人。"),
        ("organization-overall", True, "评议的不是个人，请不要选人。"),
    ],
)
def test_a_target_must_fit_its_questionnaire(key, has_person, message, cast, campaign, poll, as_user):
    person = make_member(cast.organization)
    questionnaire = actions.copy_questionnaire(campaign, key)
    values = {"new-questionnaire": questionnaire.pk, "new-member": person.pk if has_person else ""}

    response = as_user(cast.secretary).post(url("target_add", poll.pk), values)

    assert message in response.content.decode()
    assert not poll.targets.filter(questionnaire=questionnaire).exists()


def test_neither_strangers_nor_questionnaires_of_others_come_onto_the_ballot(cast, campaign, poll, as_user):
    elsewhere = cast.outsider.roles.get().organization
    stranger = make_member(elsewhere, "外人")
    own = actions.copy_questionnaire(campaign, "member-three")
    other = actions.copy_questionnaire(make_campaign(elsewhere), "member-three")
    client = as_user(cast.secretary)

    for questionnaire, member in ((own, stranger), (other, make_member(cast.organization))):
        values = {"new-questionnaire": questionnaire.pk, "new-member": member.pk}
        assert client.post(url("target_add", poll.pk), values).status_code == 200

    assert poll.targets.count() == 1


def test_targets_take_constant_queries(cast, campaign, poll, as_user, count_queries):
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "member-three")
    make_member(cast.organization, "甲一")
    actions.refresh_targets(campaign)
    client = as_user(cast.secretary)
    addresses = [url("poll_targets", poll.pk), url("poll_preview", poll.pk)]
    before = [count_queries(client, address) for address in addresses]
    for name in ("乙二", "丙三"):
        make_member(cast.organization, name)
    actions.refresh_targets(campaign)

    assert [count_queries(client, address) for address in addresses] == before
