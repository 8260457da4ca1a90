"""The roster of a campaign file beside what is stored already."""

from copy import deepcopy

import pytest

from ballots.campaign_file import InvalidFile, load_campaign_file
from campaigns.models import Campaign, Commitment, Member, Organization, Target
from tests.ballots.campaign_file.documents import CAMPAIGN, changed, write_file
from tests.factories import make_member, make_organization

# --- what is there already -------------------------------------------------------------------------------------------


def test_organizations_and_members_that_are_there_are_used(db, campaign_file):
    committee = make_organization("某局党委")
    branch = make_organization("第一党支部", parent=committee, kind="branch")
    make_organization("第一党支部", kind="branch")  # another root so called
    secretary = make_member(branch, "张三", post="secretary")

    loaded = load_campaign_file(campaign_file)

    assert Campaign.objects.get().organizer == committee
    assert Target.objects.get(name="张三").member == secretary
    assert (loaded.roster.organization_count, loaded.roster.member_count) == (0, 1)


def test_the_same_file_again_is_refused_and_under_another_title_makes_no_second_roster(db, tmp_path):
    load_campaign_file(write_file(tmp_path, CAMPAIGN))
    with pytest.raises(InvalidFile) as caught:
        load_campaign_file(write_file(tmp_path, CAMPAIGN))
    loaded = load_campaign_file(write_file(tmp_path, changed("campaign", title="又一次评议")))

    assert [str(problem) for problem in caught.value.problems] == [
        "$.campaign.title：“某局党委”已有名为“2026年度群众评议”的评议活动，应换一个名称。"
    ]
    assert (Organization.objects.count(), Member.objects.count(), Commitment.objects.count()) == (2, 2, 2)
    assert loaded.roster.commitment_count == 0


def test_a_file_that_contradicts_stored_rows_is_refused_whole(db, campaign_file):
    committee = make_organization("某局党委", kind="group")
    branch = make_organization("第一党支部", parent=committee, kind="branch", is_active=False)
    make_member(branch, "张三", post="deputy")

    with pytest.raises(InvalidFile) as caught:
        load_campaign_file(campaign_file)

    assert [str(problem) for problem in caught.value.problems] == [
        "$.organizations[1].kind：系统中已有“某局党委”，类别为“group”，文件中为“committee”，应一致。",
        "$.organizations[0].name：系统中的“第一党支部”已停用，应先恢复使用。",
        "$.members[0].post：系统中“第一党支部”已有“张三”，post为“deputy”，文件中为“secretary”，应一致。",
    ]
    assert (Member.objects.count(), Campaign.objects.count()) == (1, 0)


# --- the format and the models agree ---------------------------------------------------------------------------------


def test_the_queries_do_not_grow_with_the_roster(db, tmp_path, django_assert_max_num_queries):
    document = deepcopy(CAMPAIGN)
    for number in range(200):
        name = f"支部{number}"
        document["organizations"].append({"name": name, "kind": "branch", "parent": "某局党委"})
        document["members"].append({"name": "王五", "organization": name, "status": "full", "post": "member"})
        document["commitments"].append({"organization": name, "member": "王五", "content": "多走访"})

    with django_assert_max_num_queries(100):
        load_campaign_file(write_file(tmp_path, document))

    assert Member.objects.count() == 202
