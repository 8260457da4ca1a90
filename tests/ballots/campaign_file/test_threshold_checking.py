"""Own thresholds of a campaign file: kept whole, and refused with the place of the error."""

import pytest

from ballots.campaign_file import load_campaign_file
from campaigns.models import Campaign
from tests.ballots.campaign_file.documents import changed, errors_of, write_file

OWN = {
    "target_kinds": ["organization"],
    "grades": ["基本满意", "不满意"],
    "share": "2.5%",
    "at_least": True,
    "consequences": ["限期整改", "取消评先资格"],
}
SECRETARY = {
    "target_kinds": ["secretary"],
    "grades": ["不满意"],
    "share": "1/3",
    "consequences": ["诫勉谈话"],
    "review": "待复核",
}


def with_own(*limits):
    return changed("campaign", thresholds=["org-dissatisfied-third", *limits])


@pytest.mark.django_db
@pytest.mark.database
def test_own_thresholds_are_kept_beside_keys(tmp_path):
    load_campaign_file(write_file(tmp_path, with_own(OWN, SECRETARY)), seal=True)

    ready_made, own, secretary = Campaign.objects.get().limits

    assert ready_made.key == "org-dissatisfied-third"
    assert own.sentence == "基本满意和不满意率达到2.5%的党组织：限期整改；取消评先资格。"
    assert secretary.sentence == "不满意率超过三分之一的党组织书记：诫勉谈话（先复核，复核以前是“待复核”）。"
    assert own.is_own


def other(**overrides):
    return with_own({**OWN, **overrides})


@pytest.mark.parametrize(
    ("document", "error"),
    [
        (
            with_own({**OWN, "note": "x"}),
            "$.campaign.thresholds[1].note：不认识的键，这里可以有：target_kinds、grades、share、consequences、at_least、review。",
        ),
        (with_own(7), "$.campaign.thresholds[1]：现为7，应为现成阈值的代码，或者写明一条阈值的对象。"),
        (
            other(share="4/3"),
            "$.campaign.thresholds[1].share：现为“4/3”，应为大于0、小于1的界限，如：1/3、三分之一、40%、33.5%。",
        ),
        (other(share=0.4), "$.campaign.thresholds[1].share：现为0.4，应为字符串。"),
        (
            other(grades=["差"]),
            "$.campaign.thresholds[1].grades：评议党组织的评议表没有同时有“差”的量表；计入分母的等次有：满意、基本满意、不满意。",
        ),
        (
            other(target_kinds=["document"]),
            "$.campaign.thresholds[1].target_kinds：没有评议文件稿的评议表，这条阈值对它不会起作用。",
        ),
        (
            other(target_kinds=["open"]),
            "$.campaign.thresholds[1].target_kinds[0]：“open”不是评议对象类型，应为organization、secretary、member、cadre、document之一。",
        ),
        (
            other(consequences=[]),
            "$.campaign.thresholds[1].consequences：到了界限以后怎样，写一至10句，一行一句，现在有0句。",
        ),
        (
            with_own({**SECRETARY, "review": None}),
            "$.campaign.thresholds[1].review：党组织书记是个人，须先复核，认定以后才能运用结果。",
        ),
        (
            with_own(OWN, {**OWN, "consequences": ["别的"]}),
            "$.campaign.thresholds[2]：与“基本满意和不满意率达到2.5%的党组织”是同一条界限；后果请合写在一条里。",
        ),
        (
            other(grades=["不满意"], share="1/3", at_least=False),
            "$.campaign.thresholds[1]：与“不满意率超过三分之一的党组织”是同一条界限；后果请合写在一条里。",
        ),
        (
            with_own("org-dissatisfied-third"),
            "$.campaign.thresholds[1]：“org-dissatisfied-third”重复，已见于$.campaign.thresholds[0]。",
        ),
    ],
)
def test_a_threshold_that_cannot_be_used_is_refused_with_its_place(document, error):
    assert errors_of(document) == [error]
