"""Campaign files that are refused: each error with its path, what was found and what is allowed."""

from copy import deepcopy
from itertools import pairwise

import pytest

from ballots.campaign_file import checking, load_campaign_file, poll_checking
from campaigns.models import Campaign, Channel, Commitment, Member, Organization, Target, TargetKind
from campaigns.models.place import DEEPEST
from tests.ballots.campaign_file.documents import CAMPAIGN, changed, errors_of, write_file

# --- what is created -------------------------------------------------------------------------------------------------


def test_a_member_of_an_organization_below_can_be_a_target(db, tmp_path):
    load_campaign_file(write_file(tmp_path, changed("polls", 0, organization="某局党委")))

    assert Target.objects.get(name="张三").member.organization.name == "第一党支部"


# --- what is refused -------------------------------------------------------------------------------------------------


BALLOT = ("polls", 0, "batches", 0, "ballots", 0)


NO_INTEGER = "应为0至100000的整数"


REFUSED = [
    (changed(format="pingyi-campaign/2"), "$.format：现为“pingyi-campaign/2”，应为“pingyi-campaign/1”。"),
    (changed(format=...), "$：缺少“format”。"),
    (
        changed(note="x"),
        "$.note：不认识的键，这里可以有：format、organizations、questionnaires、campaign、polls、members、commitments、scales。",
    ),
    (changed(polls=[]), "$.polls：有0项，至少应有1项。"),
    (changed(commitments=None), "$.commitments：现为null，应为数组。"),
    (
        changed("organizations", 0, kind="zhibu"),
        "$.organizations[0].kind：“zhibu”不是可选的值，应为committee、general_branch、branch、group、office、window之一。",
    ),
    (changed("organizations", 0, parent="无"), "$.organizations[0].parent：没有名为“无”的党组织，应为null或：第一党支部、某局党委。"),
    (changed("organizations", 0, path="1"), "$.organizations[0].path：不认识的键，这里可以有：name、kind、parent。"),
    (changed("members", 1, name="张三"), "$.members[1].name：“张三”重复，已见于$.members[0].name。"),
    (changed("members", 1, name="李\u0007四"), "$.members[1].name：有不可见的字符\\u0007，应删去。"),
    (changed("members", 1, name="李\u200b四"), "$.members[1].name：有不可见的字符\\u200b，应删去。"),
    (changed("members", 1, name="李四 "), "$.members[1].name：“李四 ”首尾有空格，应删去。"),
    (changed("members", 1, name=""), "$.members[1].name：是空字符串，应填写内容。"),
    (changed("members", 1, name="李" * 51), f"$.members[1].name：“{'李' * 40}…”有51字，至多50字。"),
    (changed("members", 1, status="好"), "$.members[1].status：“好”不是可选的值，应为full、probationary之一。"),
    (changed("members", 1, post=3), "$.members[1].post：3不是可选的值，应为secretary、deputy、cadre、member之一。"),
    (changed("members", 1, organization="二支部"), "$.members[1].organization：没有名为“二支部”的党组织，应为：某局党委、第一党支部。"),
    (changed("commitments", 0, member="李四"), "$.commitments[0].member：“李四”不在“第一党支部”的党员名册中。"),
    (changed("commitments", 0, due_on="2026-02-30"), "$.commitments[0].due_on：现为“2026-02-30”，应为“2026-12-31”这样的日期。"),
    (changed("commitments", 0, due_on="20261231"), "$.commitments[0].due_on：现为“20261231”，应为“2026-12-31”这样的日期。"),
    (changed("commitments", 0, status="done"), "$.commitments[0].status：“done”不是可选的值，应为ongoing、fulfilled、unfulfilled之一。"),
    (changed("questionnaires", 1, title="基层党组织评议表"), "$.questionnaires[1].title：“基层党组织评议表”重复，已见于$.questionnaires[0].title。"),
    (changed("questionnaires", 1, unknown="是"), "$.questionnaires[1].unknown：现为“是”，应为true或false。"),
    (
        changed("questionnaires", 0, indicators=[{"text": "甲", "overall": True}, {"text": "乙", "overall": True}]),
        "$.questionnaires[0].indicators[1].overall：总体评价至多一项，已见于$.questionnaires[0].indicators[0]。",
    ),
    (changed("questionnaires", 0, indicators=["甲", "甲"]), "$.questionnaires[0].indicators[1]：“甲”重复，已见于$.questionnaires[0].indicators[0]。"),
    (changed("campaign", organizer="某局"), "$.campaign.organizer：没有名为“某局”的党组织，应为：某局党委、第一党支部。"),
    (changed("campaign", period=2026), "$.campaign.period：现为2026，应为字符串。"),
    (changed("campaign", "rules", base="all"), "$.campaign.rules.base：“all”不是可选的值，应为valid、returned、attended、entitled之一。"),
    (changed("campaign", "rules", unknown="in"), "$.campaign.rules.unknown：“in”不是可选的值，应为outside、inside之一。"),
    (changed("campaign", "rules", decimals=3), "$.campaign.rules.decimals：现为3，应为0至2的整数。"),
    (changed("campaign", "rules", decimals=True), "$.campaign.rules.decimals：现为true，应为0至2的整数。"),
    (changed("campaign", "rules", decimals=1.0), "$.campaign.rules.decimals：现为1.0，应为0至2的整数。"),
    (changed("campaign", "rules", min_group=float("nan")), "$.campaign.rules.min_group：现为NaN，应为0至100的整数。"),
    (changed("campaign", "categories", 0, weight=100), "$.campaign.categories：有的类别有权重，有的没有，应全部为null或全部填写。"),
    (
        changed("campaign", categories=[{"name": "党员", "weight": 30}, {"name": "群众代表", "weight": 69.5}]),
        "$.campaign.categories：权重之和为99.5，应为100。",
    ),
    (
        changed("campaign", "categories", 0, weight=float("inf")),
        "$.campaign.categories[0].weight：现为Infinity，应为大于0、不超过100的数，至多2位小数。",
    ),
    (
        changed("campaign", thresholds=["三分之一"]),
        "$.campaign.thresholds[0]：“三分之一”不是结果运用阈值，应为org-dissatisfied-third、cadre-fair-or-worse-half之一。",
    ),
    (
        changed("campaign", "rules", judged="all"),
        "$.campaign.rules.judged：“all”不是可选的值，应为overall、together、each之一。",
    ),
    (changed("polls", 0, attended=46), "$.polls[0].attended：实际参评46人多于应参评45人，应不多于应参评人数。"),
    (
        changed("polls", 0, attended=40),
        "$.polls[0].attended：实际参评40人，集中评议却收回41张票，收回数应不多于实际参评人数。",
    ),
    (
        changed("polls", 0, "targets", 0, questionnaire="党员"),
        "$.polls[0].targets[0].questionnaire：“党员”不是questionnaires中的key，应为org、sec之一。",
    ),
    (
        changed("polls", 0, "targets", 0, kind="document"),
        "$.polls[0].targets[0].kind：现为“document”，评议表“org”评议的是“organization”，二者应一致。",
    ),
    (changed("polls", 0, "batches", 0, channel="网上"), "$.polls[0].batches[0].channel：“网上”不是可选的值，应为meeting、paper、online、interview、phone、mailbox、instant之一。"),
    (changed("polls", 0, "batches", 0, category="干部"), "$.polls[0].batches[0].category：没有名为“干部”的类别，应为：党员、群众代表。"),
    (changed("polls", 0, "batches", 0, issued=-1), f"$.polls[0].batches[0].issued：现为-1，{NO_INTEGER}。"),
    (changed("polls", 0, "batches", 0, void=False), f"$.polls[0].batches[0].void：现为false，{NO_INTEGER}。"),
    (changed("polls", 0, "batches", 0, issued="41"), f"$.polls[0].batches[0].issued：现为“41”，{NO_INTEGER}。"),
    (changed("polls", 0, "batches", 0, issued=...), "$.polls[0].batches[0]：缺少“issued”。"),
    (
        changed("polls", 0, "batches", 0, issued=40),
        "$.polls[0].batches[0].returned：收回41张多于发出40张，收回的测评票应不多于发出的测评票。",
    ),
    (changed("polls", 0, "batches", 1, void=1), "$.polls[0].batches[1].void：整票无效1张多于收回0张，应不多于收回数。"),
    (changed("polls", 0, "batches", 0, void=0), "$.polls[0].batches[0].ballots：各项count之和为40，应为41（收回41减整票无效0）。"),
    (changed("polls", 0, "batches", 1, returned=3), "$.polls[0].batches[1].ballots：各项count之和为0，应为3（收回3减整票无效0）。"),
    (changed(*BALLOT, count=0), "$.polls[0].batches[0].ballots[0].count：现为0，应为1至100000的整数。"),
    (changed(*BALLOT, "marks", 张三=...), "$.polls[0].batches[0].ballots[0].marks：缺少评议对象“张三”。"),
    (
        changed(*BALLOT, "marks", 李四=["满意"]),
        '$.polls[0].batches[0].ballots[0].marks["李四"]：“李四”不是这个评议点的评议对象，应为：第一党支部、张三。',
    ),
    (
        changed(*BALLOT, "marks", 张三=["很满意"]),
        '$.polls[0].batches[0].ballots[0].marks["张三"][0]：“很满意”不是量表的等次，应为满意、基本满意、一般、不满意、不了解、空字符串或“*”。',
    ),
    (
        changed(*BALLOT, "marks", 第一党支部=["满意", None]),
        '$.polls[0].batches[0].ballots[0].marks["第一党支部"][1]：null不是量表的等次，应为满意、基本满意、不满意、空字符串或“*”。',
    ),
    (
        changed(*BALLOT, "marks", 张三=["满意", "满意"]),
        '$.polls[0].batches[0].ballots[0].marks["张三"]：有2项，应有1项，与评议内容一一对应。',
    ),
    (
        changed(*BALLOT, "marks", 张三="满意"),
        '$.polls[0].batches[0].ballots[0].marks["张三"]：现为“满意”，应为数组。',
    ),
    (
        changed(*BALLOT, opinions=[{"target": "李四", "text": "好"}]),
        "$.polls[0].batches[0].ballots[0].opinions[0].target：“李四”不是这个评议点的评议对象，应为：第一党支部、张三。",
    ),
    (
        changed(*BALLOT, opinions=[{"target": "张三", "text": "好\u0000"}]),
        "$.polls[0].batches[0].ballots[0].opinions[0].text：有不可见的字符\\u0000，应删去。",
    ),
    (
        changed(*BALLOT, opinions=[{"target": "张三", "text": "好" * 100_000}]),
        f"$.polls[0].batches[0].ballots[0].opinions[0].text：“{'好' * 40}…”有100000字，至多1000字。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("document", "error"), REFUSED, ids=[error.partition("：")[0] for _, error in REFUSED])
def test_each_error_is_told_with_its_path_what_was_found_and_what_is_allowed(document, error):
    assert errors_of(document) == [error]


def test_all_errors_are_collected():
    document = changed("organizations", 0, kind="x")
    document["campaign"]["rules"]["blank"] = "y"
    document["polls"][0]["batches"][0]["ballots"][2]["marks"]["张三"] = ["z"]

    assert [error.partition("：")[0] for error in errors_of(document)] == [
        "$.organizations[0].kind",
        "$.campaign.rules.blank",
        '$.polls[0].batches[0].ballots[2].marks["张三"][0]',
    ]


def test_a_loop_of_parents_is_refused():
    document = changed("organizations", 1, parent="第一党支部")

    assert errors_of(document) == [
        "$.organizations[0].parent：上级成环：第一党支部→某局党委→第一党支部；应有一个上级为null的最上级党组织。",
        "$.organizations[1].parent：上级成环：某局党委→第一党支部→某局党委；应有一个上级为null的最上级党组织。",
    ]


def test_a_tree_deeper_than_the_database_can_hold_is_refused():
    document = deepcopy(CAMPAIGN)
    names = ["某局党委", *(f"第{level}级" for level in range(2, DEEPEST + 2))]
    document["organizations"] += [{"name": name, "kind": "branch", "parent": upper} for upper, name in pairwise(names)]

    assert errors_of(document) == [f"$.organizations[{DEEPEST + 1}].parent：在第16层，至多15层。"]


# --- the format and the models agree ---------------------------------------------------------------------------------


def test_the_enumerations_are_those_of_the_models():
    assert list(checking.ORGANIZATION_KINDS) == Organization.Kind.values
    assert list(checking.STATUSES) == Member.Status.values
    assert list(checking.POSTS) == Member.Post.values
    assert set(checking.FULFILMENTS) == set(Commitment.Status.values)
    assert list(checking.TARGET_KINDS) == TargetKind.values
    assert list(checking.BASES) == Campaign.Base.values
    assert list(checking.BLANKS) == Campaign.Blank.values
    assert list(checking.WAYS_TO_100) == Campaign.SumTo100.values
    assert list(poll_checking.CHANNELS) == Channel.values
    assert checking.MAX_DEPTH == DEEPEST
