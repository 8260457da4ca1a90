"""Members and commitments on an organization's page."""

import datetime

import pytest
from django.urls import reverse

from campaigns import actions
from campaigns.models import Commitment, Member
from tests.factories import make_campaign, make_cast, make_member, make_organization

pytestmark = pytest.mark.django_db


def url(name, thing):
    return reverse(f"campaigns:{name}", args=[thing.pk])


@pytest.fixture
def branch():
    return make_organization("第一党支部", kind="branch", parent=make_organization("某局党委"))


@pytest.fixture
def cast(branch):
    return make_cast(branch.parent)


@pytest.fixture
def member(branch):
    return make_member(branch, "张三")


@pytest.fixture
def commitment(branch, member):
    return Commitment.objects.create(organization=branch, member=member, content="办实事")


MEMBER = {"name": "李四", "status": "probationary", "post": "deputy"}
COMMITMENT = {"kind": "deed", "member": "", "content": "修一条路", "due_on": "2026-12-31", "status": "fulfilled"}


def test_a_member_is_added(client, cast, branch):
    client.force_login(cast.secretary)

    response = client.post(url("member_add", branch), {**MEMBER, "name": " 李　四 "})

    assert response.url == url("organization_detail", branch)
    assert Member.objects.values("organization", "name", "status", "post", "is_active").get() == {
        "organization": branch.pk,
        "name": "李四",
        "status": "probationary",
        "post": "deputy",
        "is_active": True,
    }


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("name", "张三", "该党组织已有同名党员；确系两人同名的，请加注区别"),
        ("name", "", "必填"),
        ("name", "张\u202e三", "控制字符"),
        ("status", "masses", "masses"),
        ("post", "boss", "boss"),
    ],
)
def test_a_bad_member_is_refused_with_the_reason(client, cast, branch, member, field, value, reason):
    client.force_login(cast.secretary)

    page = client.post(url("member_add", branch), {**MEMBER, field: value}).content.decode()

    assert reason in page
    assert list(Member.objects.all()) == [member]


def test_the_same_name_in_another_unit_is_another_person(client, cast, branch, member):
    client.force_login(cast.secretary)

    client.post(url("member_add", branch.parent), {**MEMBER, "name": "张三"})

    assert Member.objects.filter(name="张三").count() == 2


def test_a_member_is_changed(client, cast, branch, member):
    client.force_login(cast.secretary)

    client.post(url("member_edit", member), MEMBER)

    member.refresh_from_db()
    assert (member.name, member.status, member.post) == ("李四", "probationary", "deputy")


def test_a_member_leaves_the_roster_and_comes_back(client, cast, branch, member):
    client.force_login(cast.secretary)

    client.post(url("member_deactivate", member))
    assert not Member.objects.active().exists()

    client.post(url("member_activate", member))
    assert list(Member.objects.active()) == [member]


def test_commitments_are_added_changed_and_deleted(client, cast, branch, member):
    client.force_login(cast.secretary)

    client.post(url("commitment_add", branch), COMMITMENT)
    commitment = Commitment.objects.get()
    assert (commitment.organization, commitment.member, commitment.kind) == (branch, None, "deed")
    assert (commitment.due_on, commitment.status) == (datetime.date(2026, 12, 31), "fulfilled")

    client.post(url("commitment_edit", commitment), {**COMMITMENT, "member": member.pk, "status": "unfulfilled"})
    commitment.refresh_from_db()
    assert (commitment.member, commitment.status) == (member, "unfulfilled")

    client.post(url("commitment_delete", commitment))
    assert not Commitment.objects.exists()


def test_a_day_of_fulfilment_stands_only_with_what_was_fulfilled(client, cast, branch):
    client.force_login(cast.secretary)
    fulfilled = {**COMMITMENT, "fulfilled_on": "2026-06-01", "note": "已修好。"}

    refused = client.post(url("commitment_add", branch), {**fulfilled, "status": "ongoing"})
    assert "只有已兑现的承诺才填兑现日期。" in refused.content.decode()
    assert not Commitment.objects.exists()

    client.post(url("commitment_add", branch), fulfilled)
    commitment = Commitment.objects.get()
    assert (commitment.fulfilled_on, commitment.note) == (datetime.date(2026, 6, 1), "已修好。")


def test_a_commitment_on_a_ballot_is_not_deleted(client, cast, branch, commitment):
    campaign = make_campaign(branch)
    questionnaire = actions.copy_questionnaire(campaign, "commitment-fulfilment")
    (poll,) = actions.make_polls(campaign, [branch])
    actions.add_commitments(poll, questionnaire, [commitment])
    client.force_login(cast.secretary)

    response = client.post(url("commitment_delete", commitment), follow=True)

    assert "已经列为评议对象，或者转入了整改台账，不能删除" in response.content.decode()
    assert Commitment.objects.get() == commitment


@pytest.mark.parametrize("of_member", [True, False])
def test_the_same_commitment_twice_is_refused(client, cast, branch, member, of_member):
    client.force_login(cast.secretary)
    fields = {**COMMITMENT, "member": member.pk if of_member else ""}
    client.post(url("commitment_add", branch), fields)

    page = client.post(url("commitment_add", branch), fields).content.decode()

    assert ("同一承诺人已有相同内容的承诺" if of_member else "该党组织已有相同内容的承诺") in page
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("content", ""),
        ("content", "实" * 301),
        ("content", "a\x00b"),
        ("due_on", "2026-02-30"),
        ("kind", "x"),
        ("status", "x"),
    ],
)
def test_a_bad_commitment_is_refused(client, cast, branch, field, value):
    client.force_login(cast.secretary)

    response = client.post(url("commitment_add", branch), {**COMMITMENT, field: value})

    assert response.context["form"].errors.keys() == {field}
    assert not Commitment.objects.exists()


def test_a_commitment_is_not_given_to_a_member_of_another_unit(client, cast, branch):
    stranger = make_member(branch.parent, "李四")
    client.force_login(cast.secretary)

    client.post(url("commitment_add", branch), {**COMMITMENT, "member": stranger.pk})

    assert not Commitment.objects.exists()


def test_long_lists_are_paged(client, cast, branch):
    for number in range(51):
        make_member(branch, f"党员{number}").commitments.create(organization=branch, content="办实事")
    client.force_login(cast.officer)

    first = client.get(url("organization_detail", branch)).context
    second = client.get(url("organization_detail", branch), {"page": 2, "commitments": 2}).context

    assert (len(first["members"]), len(first["commitments"])) == (50, 50)
    assert (len(second["members"]), len(second["commitments"])) == (1, 1)


GETS = ["member_edit", "commitment_edit"]
POSTS = ["member_deactivate", "member_activate", "commitment_delete"]


@pytest.mark.parametrize(("role", "status"), [("outsider", 404), ("teller", 403), ("officer", 403)])
def test_who_does_not_keep_the_roster_changes_nothing(client, cast, branch, member, commitment, role, status):
    client.force_login(getattr(cast, role))
    things = {"member": member, "commitment": commitment}

    for name in ("member_add", "commitment_add"):
        assert client.get(url(name, branch)).status_code == status
        assert client.post(url(name, branch), MEMBER | COMMITMENT).status_code == status
    for name in GETS:
        assert client.get(url(name, things[name.split("_")[0]])).status_code == status
    for name in POSTS:
        assert client.post(url(name, things[name.split("_")[0]])).status_code == status
    member.refresh_from_db()
    assert (Member.objects.count(), Commitment.objects.count(), member.is_active) == (1, 1, True)


def test_changes_by_get_are_refused(client, cast, member, commitment):
    client.force_login(cast.secretary)

    assert [client.get(url(name, member)).status_code for name in POSTS] == [405, 405, 405]
