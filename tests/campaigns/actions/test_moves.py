"""Organizations are moved with all below them and merged, and members are transferred; what was opened stays where it was."""

import datetime

import pytest

from ballots import actions as ballot_actions
from campaigns import actions
from campaigns.actions import TreeError
from campaigns.models import Commitment, FormerPlace, Organization
from tests.factories import make_campaign, make_commitment, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db

DAY = datetime.date(2026, 3, 1)


@pytest.fixture
def committee():
    return make_organization("某局党委")


@pytest.fixture
def general(committee):
    return make_organization("机关党总支", kind="general_branch", parent=committee)


@pytest.fixture
def other(committee):
    return make_organization("基层党总支", kind="general_branch", parent=committee)


@pytest.fixture
def branch(general):
    return make_organization("第一党支部", kind="branch", parent=general)


def test_a_subtree_moves_whole(committee, general, branch, other):
    below = make_organization("第一小组", kind="branch", parent=branch)

    actions.move_organization(branch, other, by=None)

    below.refresh_from_db()
    assert list(Organization.objects.within(other)) == [other, branch, below]
    assert below.ancestor_paths == [committee.path, other.path, branch.path, below.path]


def test_a_move_below_itself_is_refused_with_the_reason(committee, general, branch):
    for target in (committee, branch):
        with pytest.raises(TreeError, match="不能作它的上级"):
            actions.move_organization(committee, target, by=None)

    committee.refresh_from_db()
    assert committee.parent is None
    assert committee.contains(branch)


def test_a_move_reads_the_tree_as_it_is_now(committee, general, branch, other):
    stale = Organization.objects.get(pk=general.pk)
    actions.move_organization(general, other, by=None)

    below = actions.add_organization(name="第二党支部", kind="branch", parent=stale)

    assert below.path.startswith(Organization.objects.get(pk=general.pk).path)
    assert below.depth == 3

    actions.move_organization(branch, committee, by=None)  # whose path is that of before the first move

    branch.refresh_from_db()
    assert branch.ancestor_paths == [committee.path, branch.path]


def test_a_move_leaves_its_history_and_the_paths_that_the_units_had(committee, general, branch, other):
    below = make_organization("第一小组", kind="branch", parent=branch)
    old = [branch.path, below.path]
    user = make_user()

    actions.move_organization(branch, other, by=user, on=DAY, basis="某委组〔2026〕3号")

    change = branch.changes.get()
    assert (change.kind, change.on, change.by, change.basis) == ("moved", DAY, user, "某委组〔2026〕3号")
    assert (change.before, change.after) == ("某局党委／机关党总支／第一党支部", "某局党委／基层党总支／第一党支部")
    assert list(FormerPlace.objects.values_list("path", flat=True)) == old
    assert Organization.objects.get(pk=below.pk).places == [f"{branch.path}{below.path[-8:]}", old[1]]


def test_a_unit_that_comes_back_has_its_old_path_again(committee, general, branch, other):
    path = branch.path

    actions.move_organization(branch, other, by=None)
    actions.move_organization(branch, general, by=None)

    assert Organization.objects.get(pk=branch.pk).path == path


def test_a_unit_does_not_leave_the_organizer_of_a_campaign_in_preparation(committee, general, branch, other):
    campaign = make_campaign(general)
    actions.make_polls(campaign, [branch])

    with pytest.raises(TreeError, match="请先在该活动的“评议单位”里去掉它"):
        actions.move_organization(branch, other, by=None)
    actions.move_organization(general, other, by=None)

    branch.refresh_from_db()
    assert list(Organization.objects.within(other)) == [other, Organization.objects.get(pk=general.pk), branch]
    campaign.refresh_from_db()
    assert campaign.path == Organization.objects.get(pk=general.pk).path
    assert campaign.polls.get().path == branch.path


def test_a_unit_moves_while_its_poll_is_open_and_the_poll_stays(committee, general, branch, other):
    campaign = make_campaign(general)
    actions.make_polls(campaign, [branch])
    ballot_actions.open_campaign(campaign, by=None)
    path = branch.path

    actions.move_organization(branch, other, by=None)

    poll = campaign.polls.get()
    assert (poll.path, poll.names) == (path, ["某局党委", "机关党总支", "第一党支部"])


def test_units_that_promise_the_same_are_not_merged_and_one_that_is_fulfilled_does_not_matter(branch, other):
    promise = make_commitment(branch, "修好门前的路")
    make_commitment(other, "修好门前的路")

    with pytest.raises(TreeError, match="两个单位都有公开承诺“修好门前的路”"):
        actions.merge_organization(branch, other, by=None)

    promise.refresh_from_db()
    assert (promise.organization, Organization.objects.get(pk=branch.pk).is_active) == (branch, True)
    Commitment.objects.filter(pk=promise.pk).update(status=Commitment.Status.FULFILLED, fulfilled_on=DAY)
    actions.merge_organization(branch, other, by=None)
    assert not Organization.objects.get(pk=branch.pk).is_active


def test_a_merged_unit_gives_its_members_promises_and_children(committee, general, branch, other):
    member = make_member(branch, "张三")
    own = make_commitment(branch, member=member)
    waiting = make_commitment(branch, "修路")
    kept = make_commitment(branch, "已修好", status=Commitment.Status.FULFILLED, fulfilled_on=DAY)
    group = make_organization("第一小组", kind="branch", parent=branch)
    user = make_user()

    actions.merge_organization(branch, other, by=user, on=DAY, basis="某委组〔2026〕3号")

    for row in (member, own, waiting, kept, group, branch):
        row.refresh_from_db()
    assert [row.organization for row in (member, own, waiting, kept)] == [other, other, other, branch]
    assert (group.parent, branch.is_active) == (other, False)
    assert [(row.kind, row.before, row.after) for row in (branch.changes.get(), other.changes.get())] == [
        ("merged", "某局党委／机关党总支／第一党支部", "某局党委／基层党总支"),
        ("received", "某局党委／机关党总支／第一党支部", "某局党委／基层党总支"),
    ]
    transfer = member.transfers.get()
    assert (transfer.on, transfer.by, transfer.source, transfer.destination) == (DAY, user, branch, other)
    assert transfer.before == "某局党委／机关党总支／第一党支部"


@pytest.mark.parametrize("reason", ["就是", "已停用", "还在筹备", "名为“张三”的党员", "名为“第一小组”的下级党组织"])
def test_a_merger_that_cannot_be_is_refused_whole(committee, general, branch, other, reason):
    member = make_member(branch, "张三")
    destination = make_organization("小组", kind="branch", parent=branch) if reason == "就是" else other
    make_organization("第一小组", kind="branch", parent=branch)
    if reason == "已停用":
        actions.deactivate_organization(other, by=None)
        other.refresh_from_db()
    elif reason == "还在筹备":
        actions.make_polls(make_campaign(committee), [branch])
    elif "党员" in reason:
        make_member(other, "张三")
    elif "下级" in reason:
        make_organization("第一小组", kind="branch", parent=other)

    with pytest.raises(TreeError, match=reason):
        actions.merge_organization(branch, destination, by=None)

    member.refresh_from_db()
    branch.refresh_from_db()
    assert (member.organization, branch.is_active, branch.changes.count()) == (branch, True, 0)


def test_a_transfer_keeps_the_old_place_readable_under_the_name_it_had(general, branch, other):
    member = make_member(branch, "张三")

    actions.transfer_member(member, other, by=None, on=DAY)
    branch.name = "第一联合党支部"
    actions.edit_organization(branch, by=None)

    assert [str(row) for row in member.transfers.all()] == [
        "张三：某局党委／机关党总支／第一党支部→某局党委／基层党总支"
    ]
    assert [(row.before, row.after) for row in branch.changes.all()] == [("第一党支部", "第一联合党支部")]


def test_a_member_is_not_transferred_to_where_the_name_is_taken(branch, other):
    member = make_member(branch, "张三")
    make_member(other, "张三")

    with pytest.raises(TreeError, match="“基层党总支”已有名为“张三”的党员"):
        actions.transfer_member(member, other, by=None)

    member.refresh_from_db()
    assert (member.organization, member.transfers.count()) == (branch, 0)
