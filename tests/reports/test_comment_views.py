"""Pages of leaders' comments: listing, choosing whom, filling in, changing and deleting."""

import html

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns import actions
from reports.models import LeaderComment
from tests.factories import make_campaign, make_cast, make_comment, make_member, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast(make_organization("某乡党委"))


@pytest.fixture
def branches(cast):
    return [make_organization(name, parent=cast.organization, kind="branch") for name in ("甲支部", "乙支部", "丙支部")]


@pytest.fixture
def campaign(cast, branches):
    campaign = make_campaign(cast.organization)
    actions.make_polls(campaign, branches)
    return campaign


@pytest.fixture
def secretary(client, cast):
    client.force_login(cast.secretary)
    return client


def url(route, *keys, **query):
    return reverse(f"reports:{route}", args=keys, query=query)


def subjects(response):
    return [entry.subject for _, entry, _ in response.context["rows"]]


COMMENT = {
    "leader": "赵书记",
    "leader_post": "乡党委书记",
    "commented_on": "2026-11-10",
    "mode": "talk",
    "content": "工作扎实。",
    "follow_up": "",
    "followed_up_on": "",
}


# The list


def test_coverage_stands_on_top_with_the_missing_ones(secretary, campaign, branches):
    make_comment(campaign, branches[0])

    page = secretary.get(url("comment_list", campaign=campaign.pk)).content.decode()

    assert "点评1个支部，共3个，覆盖33.3%（1/3），尚有2个支部未点评：乙支部、丙支部。" in page


def test_all_that_are_missing_are_on_a_page_of_their_own(secretary, campaign, branches):
    make_comment(campaign, branches[0])

    response = secretary.get(url("comment_missing", campaign=campaign.pk))

    assert [poll.organization.name for poll in response.context["page"]] == ["乙支部", "丙支部"]
    assert add_to(campaign, branches[1]) in html.unescape(response.content.decode())


def test_a_unit_s_list_has_its_own_comments_and_coverage_alone(secretary, campaign, branches):
    for branch in branches[:2]:
        make_comment(campaign, branch)

    response = secretary.get(url("comment_list", campaign=campaign.pk, unit=branches[0].pk))

    assert subjects(response) == ["甲支部"]
    assert "点评1个支部，共1个，覆盖100.0%（1/1）。" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"mode": "mutual"}, ["乙支部"]),
        ({"leader": "赵"}, ["甲支部", "丙支部"]),
        ({"followed_up": "yes"}, ["乙支部"]),
        ({"followed_up": "no"}, ["甲支部", "丙支部"]),
        ({"mode": "nonsense"}, ["甲支部", "乙支部", "丙支部"]),
        ({"leader": "没有这个人"}, []),
    ],
)
def test_comments_are_narrowed(query, expected, secretary, campaign, branches):
    first, second, third = branches
    make_comment(campaign, first)
    make_comment(campaign, second, leader="钱副书记", mode="mutual", follow_up="已整改。")
    make_comment(campaign, third)

    response = secretary.get(url("comment_list", campaign=campaign.pk, **query))

    assert subjects(response) == expected


def test_the_latest_campaign_is_shown_unless_another_is_chosen(secretary, campaign, branches):
    make_comment(campaign, branches[0], leader="从前的领导")
    later = make_campaign(campaign.organizer, title="后一次评议")
    make_comment(later, branches[1])

    assert subjects(secretary.get(url("comment_list"))) == ["乙支部"]
    assert subjects(secretary.get(url("comment_list", campaign=campaign.pk))) == ["甲支部"]


def test_another_campaign_s_unit_gives_way_to_the_campaign(secretary, campaign, branches):
    own = make_campaign(branches[1], title="支部自己的评议")

    response = secretary.get(url("comment_list", campaign=own.pk, unit=branches[0].pk))

    assert response.context["unit"] == branches[1]


def test_a_branch_sees_its_own_part_alone(client, campaign, branches):
    for branch in branches[:2]:
        make_comment(campaign, branch)
    client.force_login(make_user("branch", kind="secretary", organization=branches[0]))

    response = client.get(url("comment_list", campaign=campaign.pk))

    assert subjects(response) == ["甲支部"]
    assert "乙支部" not in response.content.decode()
    assert client.get(url("comment_list", campaign=campaign.pk, unit=branches[1].pk)).status_code == 404


def test_pages_take_as_many_queries_for_three_rows_as_for_one(secretary, campaign, branches):
    addresses = [
        url("comment_list", campaign=campaign.pk),
        url("comment_missing", campaign=campaign.pk),
        url("comment_add", campaign=campaign.pk),
    ]

    def queries(address):
        with CaptureQueriesContext(connection) as captured:
            assert secretary.get(address).status_code == 200
        return len(captured)

    make_comment(campaign, branches[0])
    make_comment(campaign, branches[0], make_member(branches[0]))
    list(map(queries, addresses))
    for_one_row = list(map(queries, addresses))
    for branch in branches:
        make_comment(campaign, branch)
        make_comment(campaign, branch, make_member(branch, "李四"))
        unit = make_organization(f"{branch.name}下的支部", parent=branch, kind="branch")
        actions.make_polls(campaign, [unit])

    assert list(map(queries, addresses)) == for_one_row


# Whom


def test_a_unit_is_found_by_its_name_and_leads_to_its_members(secretary, campaign, branches):
    make_member(branches[1], "李四", post="deputy")
    make_member(branches[1], "已调走", is_active=False)

    units_called_so = secretary.get(url("comment_add", campaign=campaign.pk, name="乙"))
    page = secretary.get(url("comment_add", campaign=campaign.pk, organization=branches[1].pk)).content.decode()

    assert [unit.name for unit in units_called_so.context["page"]] == ["乙支部"]
    assert "李四" in page and "班子成员" in page and "已调走" not in page


@pytest.mark.parametrize(
    ("post", "labels"),
    [
        (None, ["创先争优活动的组织领导情况", "活动效果情况"]),
        ("secretary", ["参加创先争优活动情况", "分管工作落实情况"]),
        ("member", ["参加创先争优活动情况", "工作成效情况"]),
    ],
)
def test_the_form_asks_the_points_of_its_subject(post, labels, secretary, campaign, branches):
    member = make_member(branches[0], post=post) if post else None

    response = secretary.get(add_to(campaign, branches[0], member))

    points = response.context["form"].points
    assert [points[0].text, points[-1].text] == labels
    assert all(label in response.content.decode() for label in labels)


def add_to(campaign, organization, member=None):
    subject = member.pk if member else "unit"
    return url("comment_add", campaign=campaign.pk, organization=organization.pk, subject=subject)


@pytest.mark.parametrize("subject", ["0", "x", "他人"])
def test_a_subject_outside_the_unit_is_not_there(subject, secretary, campaign, branches):
    other = make_member(branches[1])
    key = other.pk if subject == "他人" else subject

    address = url("comment_add", campaign=campaign.pk, organization=branches[0].pk, subject=key)

    assert secretary.get(address).status_code == 404


def test_a_unit_outside_the_campaign_is_not_there(secretary, cast, campaign, branches):
    own = make_campaign(branches[0], title="支部自己的评议")

    assert secretary.get(add_to(own, branches[1])).status_code == 404


# Recording a comment


def test_a_comment_on_a_member_is_recorded_point_by_point(secretary, cast, campaign, branches):
    member = make_member(branches[0])

    response = secretary.post(
        add_to(campaign, branches[0], member),
        {**COMMENT, "member-duty": "尽职\n尽责。", "member-style": " "},
        follow=True,
    )

    assert "对“张三”的点评已经登记。" in response.content.decode()
    comment = LeaderComment.objects.get()
    assert (comment.campaign, comment.organization, comment.member) == (campaign, branches[0], member)
    assert (comment.leader, comment.leader_post, comment.mode) == ("赵书记", "乡党委书记", "talk")
    assert (comment.points, comment.content) == ({"member-duty": "尽职\n尽责。"}, "工作扎实。")
    assert (str(comment.commented_on), comment.follow_up, comment.followed_up_on) == ("2026-11-10", "", None)
    assert comment.recorded_by == cast.secretary


def test_points_alone_are_enough(secretary, campaign, branches):
    secretary.post(add_to(campaign, branches[0]), {**COMMENT, "content": "", "organization-effect": "效果明显。"})

    assert LeaderComment.objects.get().points == {"organization-effect": "效果明显。"}


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"content": ""}, "请填写点评要点或者点评内容。"),
        ({"leader": ""}, "必填"),
        ({"leader": "赵\x07"}, "控制字符"),
        ({"commented_on": "2026-02-30"}, "有效的日期"),
        ({"commented_on": "2999-01-01"}, "点评时间不能晚于今天"),
        ({"follow_up": "已改。", "followed_up_on": "2999-01-01"}, "落实日期不能晚于今天"),
        ({"follow_up": "已改。", "followed_up_on": "2026-11-09"}, "落实日期不能早于点评时间。"),
        ({"followed_up_on": "2026-11-11"}, "请同时写明整改落实情况。"),
        ({"mode": "by-letter"}, "by-letter"),
        ({"organization-effect": "好" * 301}, "300"),
    ],
)
def test_a_wrong_comment_is_refused_and_keeps_the_typed_words(overrides, message, secretary, campaign, branches):
    typed = {**COMMENT, "organization-leadership": "班子有力。", **overrides}
    if overrides == {"content": ""}:
        del typed["organization-leadership"]

    page = secretary.post(add_to(campaign, branches[0]), typed).content.decode()

    assert message in page
    assert all(value in page for value in typed.values() if "\x07" not in value)
    assert not LeaderComment.objects.exists()


def test_a_comment_is_followed_up_later(secretary, campaign, branches):
    comment = make_comment(campaign, branches[0], points={"organization-effect": "效果明显。"})

    page = secretary.get(url("comment_edit", comment.pk)).content.decode()
    secretary.post(
        url("comment_edit", comment.pk),
        {**COMMENT, "organization-effect": "", "follow_up": "制定了制度。", "followed_up_on": "2026-11-12"},
    )

    comment.refresh_from_db()
    assert "效果明显。" in page
    assert (comment.points, comment.follow_up, str(comment.followed_up_on)) == ({}, "制定了制度。", "2026-11-12")


def test_a_comment_is_deleted_by_who_entered_it(secretary, cast, campaign, branches):
    comment = make_comment(campaign, branches[0], recorded_by=cast.secretary)
    other = make_comment(campaign, branches[1])

    secretary.post(url("comment_delete", comment.pk))

    assert list(LeaderComment.objects.all()) == [other]


def test_a_unit_does_not_strike_what_those_above_entered_about_it(client, secretary, cast, campaign, branches):
    comment = make_comment(campaign, branches[0], recorded_by=cast.officer)

    page = secretary.get(url("comment_edit", comment.pk)).content.decode()
    refused = secretary.post(url("comment_delete", comment.pk))

    assert "删除这条点评" not in page
    assert (refused.status_code, LeaderComment.objects.get()) == (403, comment)


def test_tellers_and_strangers_record_nothing(client, cast, campaign, branches):
    comment = make_comment(campaign, branches[0])
    posts = [add_to(campaign, branches[0]), url("comment_edit", comment.pk), url("comment_delete", comment.pk)]

    statuses = []
    for user in (cast.teller, cast.administrator, cast.outsider):
        client.force_login(user)
        statuses.append([client.post(address, {**COMMENT, "content": "改过。"}).status_code for address in posts])

    assert statuses == [[403] * 3, [403] * 3, [404] * 3]
    assert LeaderComment.objects.get().content == "工作扎实。"


def test_without_a_campaign_the_list_says_so(client, cast):
    client.force_login(cast.officer)

    assert "还没有评议活动。" in client.get(url("comment_list")).content.decode()
