"""The polls of a campaign file: units, targets and numbers that do not fit."""

from copy import deepcopy

import pytest

from tests.ballots.campaign_file.documents import changed, errors_of


def test_a_unit_outside_the_organizer_and_a_second_poll_are_refused():
    document = changed("campaign", organizer="第一党支部")
    document["polls"][0]["organization"] = "某局党委"
    document["polls"].append(deepcopy(document["polls"][0]))

    errors = errors_of(document)

    outside = "organization：“某局党委”不在组织单位“第一党支部”之下，评议点应在组织单位之下。"
    assert errors == [
        f"$.polls[0].{outside}",
        "$.polls[1].organization：“某局党委”已有评议点，见$.polls[0].organization。",
        f"$.polls[1].{outside}",
    ]


def test_a_member_who_is_not_on_the_roster_or_not_one_alone_is_refused():
    document = changed("polls", 0, "targets", 1, name="李四")
    document["polls"][0]["batches"] = []
    document["organizations"].append({"name": "第二党支部", "kind": "branch", "parent": "某局党委"})
    document["members"].append({"name": "张三", "organization": "第二党支部", "status": "full", "post": "member"})
    document["polls"].append(deepcopy(document["polls"][0]))
    document["polls"][1]["organization"] = "某局党委"
    document["polls"][1]["targets"][1]["name"] = "张三"

    assert errors_of(document) == [
        "$.polls[0].targets[1].name：“李四”不在“第一党支部”及其下属党组织的党员名册中，应为名册中的党员。",
        "$.polls[1].targets[1].name：“某局党委”之下有2名“张三”，应能确定是哪一名。",
    ]


@pytest.mark.parametrize("base", ["attended", "entitled"])
def test_a_base_of_people_needs_their_number_and_no_more_ballots_than_people(base):
    document = changed("campaign", "rules", base=base)
    document["polls"][0][base] = None

    errors = errors_of(document)

    assert errors == [f"$.polls[0].{base}：rules的base为“{base}”，应填写人数。"]
