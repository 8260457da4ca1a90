"""Commitments that are put to the vote."""

import pytest

from ballots.actions import open_campaign
from campaigns import actions
from tests.factories import (
    make_commitment,
    make_member,
)

from .asking import url

pytestmark = pytest.mark.django_db


@pytest.fixture
def votes(campaign):
    """A questionnaire about commitments, of which a target stands on the ballot already."""
    with actions.targets_following(campaign):
        return actions.copy_questionnaire(campaign, "commitment-fulfilment", target_name="全部承诺")


def chosen_commitments(questionnaire, *commitments):
    return {"questionnaire": questionnaire.pk, "commitments": [commitment.pk for commitment in commitments]}


def test_commitments_of_the_unit_and_its_members_are_put_to_the_vote(cast, poll, votes, as_user):
    own = make_commitment(cast.organization)
    of_member = make_commitment(cast.organization, member=make_member(cast.organization))
    client = as_user(cast.secretary)

    page = client.get(url("poll_commitments", poll.pk)).content.decode()
    client.post(url("poll_commitments", poll.pk), chosen_commitments(votes, own, of_member))

    assert "党组织：修好楼前的路（践诺中）" in page and "张三：修好楼前的路（践诺中）" in page
    assert list(poll.targets.values_list("kind", "name", "commitment", "position")) == [
        ("organization", "某局党委", None, 1),
        ("document", "全部承诺", None, 2),
        ("document", "修好楼前的路", own.pk, 3),
        ("document", "张三：修好楼前的路", of_member.pk, 4),
    ]
    assert "没有可选的公开承诺" in client.get(url("poll_commitments", poll.pk)).content.decode()


def test_a_commitment_s_section_is_frozen_like_any_document_s(cast, campaign, poll, votes):
    commitment = make_commitment(cast.organization)
    actions.add_commitments(poll, votes, [commitment])

    open_campaign(campaign, by=None)

    poll.refresh_from_db()
    (section,) = [candidate for candidate in poll.form["sections"] if candidate["name"] == commitment.content]
    assert (section["kind"], [line["text"] for line in section["indicators"]]) == (
        "document",
        ["公开承诺事项是否完成", "践诺效果", "对兑现承诺的总体评价"],
    )


def test_long_commitments_that_begin_alike_are_told_apart_on_the_ballot(cast, poll, votes):
    long = [make_commitment(cast.organization, "路" * 200 + end) for end in ("一", "二")]

    actions.add_commitments(poll, votes, long)

    names = list(poll.targets.filter(commitment__in=long).values_list("name", flat=True))
    assert [name[-1] for name in names] == ["一", "二"]
    assert all("…" in name and len(name) <= 100 for name in names)


def test_a_commitment_is_put_on_a_ballot_once(cast, poll, votes, as_user):
    commitment = make_commitment(cast.organization)
    actions.add_commitments(poll, votes, [commitment])

    response = as_user(cast.secretary).post(
        url("poll_commitments", poll.pk),
        chosen_commitments(votes, make_commitment(cast.organization, "乙"), commitment),
    )

    assert "已经在票上" in response.content.decode()
    assert actions.add_commitments(poll, votes, [commitment]) == 0
    assert poll.targets.filter(questionnaire=votes).count() == 2


def test_a_commitment_may_be_in_two_questionnaires_but_twice_in_neither(cast, campaign, poll, votes, as_user):
    client, commitment = as_user(cast.secretary), make_commitment(cast.organization)
    with actions.targets_following(campaign):
        listed = actions.copy_questionnaire(campaign, "best-deeds")

    pages = [
        client.post(url("poll_commitments", poll.pk), chosen_commitments(questionnaire, commitment))
        for questionnaire in (votes, votes, listed, listed)
    ]

    assert [page.status_code for page in pages] == [302, 200, 302, 200]
    assert f"“修好楼前的路”已经在“{votes}”中，请取消勾选。" in pages[1].content.decode()
    assert set(commitment.targets.values_list("questionnaire", flat=True)) == {votes.pk, listed.pk}


@pytest.mark.parametrize("whose", ["below", "elsewhere"])
def test_commitments_of_other_units_are_not_offered(whose, cast, poll, votes, units, as_user):
    unit = units[0] if whose == "below" else cast.outsider.roles.get().organization
    make_commitment(cast.organization, "自己的")
    other = make_commitment(unit, "别人的承诺")
    client = as_user(cast.secretary)

    page = client.get(url("poll_commitments", poll.pk)).content.decode()
    client.post(url("poll_commitments", poll.pk), chosen_commitments(votes, other))

    assert "自己的" in page and "别人的承诺" not in page
    assert not poll.targets.filter(commitment=other).exists()


def test_commitments_want_a_questionnaire_about_documents(cast, poll, as_user):
    make_commitment(cast.organization)

    page = as_user(cast.secretary).get(url("poll_commitments", poll.pk)).content.decode()

    assert "这次活动还没有" in page and "修好楼前的路" not in page


def test_commitments_stay_on_the_ballot_when_the_questionnaire_or_the_roster_changes(cast, campaign, poll, votes):
    commitment = make_commitment(cast.organization)
    actions.add_commitments(poll, votes, [commitment])

    with actions.targets_following(campaign):
        type(votes).objects.filter(pk=votes.pk).update(target_name="承诺总体")
    actions.refresh_targets(campaign)

    names = list(poll.targets.filter(questionnaire=votes).values_list("name", flat=True))
    assert names == ["承诺总体", commitment.content]


def test_a_commitment_does_not_take_the_name_of_what_the_questionnaire_asks_about(cast, campaign, poll, votes):
    commitment = make_commitment(cast.organization)
    poll.targets.filter(questionnaire=votes).delete()
    actions.add_commitments(poll, votes, [commitment])
    poll.targets.filter(commitment=commitment).update(name="全部承诺")

    with actions.targets_following(campaign):
        type(votes).objects.filter(pk=votes.pk).update(target_name="承诺总体")

    assert poll.targets.get(questionnaire=votes).name == "全部承诺"


def test_commitments_take_constant_queries(cast, poll, votes, as_user, count_queries):
    client = as_user(cast.secretary)
    make_commitment(cast.organization)
    before = count_queries(client, url("poll_commitments", poll.pk))
    for number in range(2):
        make_commitment(cast.organization, member=make_member(cast.organization, f"党员{number}"))

    assert count_queries(client, url("poll_commitments", poll.pk)) == before
