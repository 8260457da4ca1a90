"""Units, meeting facts, targets and the preview of the ballot."""

import pytest
from django.urls import reverse

from ballots.actions import end_rehearsal, open_campaign, start_rehearsal
from campaigns import actions
from campaigns.models import Organization, Poll, Target
from tests.factories import (
    close_poll,
    make_batch,
    make_campaign,
    make_commitment,
    make_member,
    make_organization,
    make_sealed_poll,
)

pytestmark = pytest.mark.django_db


def url(name, *keys):
    return reverse(f"campaigns:{name}", args=keys)


@pytest.fixture
def units(cast):
    """Two branches below the organizer, and one unit that is closed down."""
    first, second = (make_organization(f"第{n}党支部", parent=cast.organization, kind="branch") for n in ("一", "二"))
    gone = make_organization("撤销支部", parent=cast.organization, kind="branch", is_active=False)
    return first, second, gone


@pytest.fixture
def poll(campaign):
    return campaign.polls.get()


def chosen(campaign) -> list[str]:
    return list(campaign.polls.values_list("organization__name", flat=True))


# Units


def test_units_are_ticked_and_unticked(cast, campaign, units, as_user):
    client = as_user(cast.secretary)
    first, second, _ = units

    response = client.post(url("poll_list", campaign.pk), {"units": [first.pk, second.pk]}, follow=True)

    assert chosen(campaign) == ["第一党支部", "第二党支部"]
    assert "新增2个，移除1个" in response.content.decode()
    client.post(url("poll_list", campaign.pk), {})
    assert chosen(campaign) == []


def test_choosing_units_again_keeps_the_facts_of_a_unit_that_stays(cast, campaign, poll, units, as_user):
    Poll.objects.update(place="会议室")
    poll.targets.update(name="改过的名称")

    as_user(cast.secretary).post(url("poll_list", campaign.pk), {"units": [cast.organization.pk, units[0].pk]})

    kept = campaign.polls.get(organization=cast.organization)
    assert (kept.pk, kept.place, kept.targets.get().name) == (poll.pk, "会议室", "改过的名称")


@pytest.mark.parametrize(
    ("tick", "names"),
    [
        ("all", ["某局党委", "第一党支部", "第二党支部"]),
        ("none", []),
        ("branch", ["某局党委", "第一党支部", "第二党支部"]),
        ("committee", ["某局党委"]),
    ],
)
def test_buttons_tick_without_saving(tick, names, cast, campaign, units, as_user):
    before = chosen(campaign)

    response = as_user(cast.secretary).post(
        url("poll_list", campaign.pk), {"units": [cast.organization.pk], "tick": tick}
    )

    assert [row.unit.name for branch in response.context["branches"] for row in branch.rows if row.is_ticked] == names
    assert chosen(campaign) == before


@pytest.mark.parametrize("which", ["elsewhere", "inactive", "nonsense"])
def test_units_that_cannot_take_part_are_refused(which, cast, campaign, units, as_user):
    keys = {"elsewhere": cast.outsider.roles.get().organization_id, "inactive": units[2].pk, "nonsense": "x"}

    response = as_user(cast.secretary).post(url("poll_list", campaign.pk), {"units": [keys[which], units[0].pk]})

    assert response.status_code == 200
    assert chosen(campaign) == ["某局党委"]


def test_a_unit_closed_down_later_stays_on_the_list_to_be_unticked(cast, campaign, units, as_user):
    actions.make_polls(campaign, units[:1])
    Organization.objects.filter(pk=units[0].pk).update(is_active=False)

    page = as_user(cast.secretary).get(url("poll_list", campaign.pk)).content.decode()

    assert "第一党支部" in page and "撤销支部" not in page


def test_412_units_in_one_submission(cast, as_user):
    units = [make_organization(f"第{n}单位", parent=cast.organization, kind="branch") for n in range(412)]
    campaign = make_campaign(cast.organization)
    client = as_user(cast.secretary)

    client.post(url("poll_list", campaign.pk), {"units": [unit.pk for unit in units]})

    assert campaign.polls.count() == 412
    page = client.get(url("poll_list", campaign.pk)).content.decode()
    assert page.count(" checked>") == 412


def test_a_large_tree_is_folded_by_branch_and_a_branch_is_ticked_at_once(cast, as_user):
    parent = make_organization("机械厂党委", parent=cast.organization)
    below = [make_organization(f"机械厂第{n}支部", parent=parent, kind="branch") for n in range(60)]
    campaign = make_campaign(cast.organization)
    client = as_user(cast.secretary)

    page = client.get(url("poll_list", campaign.pk)).content.decode()
    ticked = client.post(url("poll_list", campaign.pk), {"tick": parent.path})

    assert "加选机械厂党委的全部单位" in page and "已选0个，共61个" in page
    branch = ticked.context["branches"][1]
    assert {row.unit for row in branch.rows if row.is_ticked} == {parent, *below}
    assert ticked.context["ticked_count"] == 61


def test_chosen_units_are_listed_a_page_at_a_time_found_and_sorted(cast, as_user):
    units = [make_organization(f"第{n:02}支部", parent=cast.organization, kind="branch") for n in range(60)]
    campaign = make_campaign(cast.organization)
    actions.make_polls(campaign, units)
    client, address = as_user(cast.secretary), url("poll_list", campaign.pk)

    def listed(**asked):
        return [poll.organization.name for poll in client.get(address, asked).context["listing"]]

    assert listed(page="2") == [f"第{n}支部" for n in range(50, 60)]
    assert listed(name="第3 支部") == [f"第{n}支部" for n in range(30, 40)]
    assert listed(sort="-name")[0] == "第59支部"


def test_questionnaires_that_a_ballot_lacks_are_pointed_out(cast, campaign, units, as_user):
    make_member(units[0], "张三", post="secretary")
    actions.make_polls(campaign, units[:2])
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "secretary-three")

    page = as_user(cast.secretary).get(url("poll_list", campaign.pk)).content.decode()

    assert "“基层党组织书记群众评议表”：2个评议点的票上没有，如某局党委、第二党支部。" in page


def test_the_roster_is_followed_on_demand(cast, campaign, poll, as_user):
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "member-three")
    make_member(cast.organization, "新党员")

    response = as_user(cast.secretary).post(url("targets_refresh", campaign.pk))

    assert response.url == url("poll_list", campaign.pk)
    assert list(poll.targets.values_list("name", flat=True)) == ["某局党委", "新党员"]


def test_units_take_constant_queries(cast, campaign, units, as_user, count_queries):
    client = as_user(cast.secretary)
    address = url("poll_list", campaign.pk)
    before = count_queries(client, address)
    actions.make_polls(campaign, units[:2])
    make_organization("第三党支部", parent=units[0], kind="branch")

    assert count_queries(client, address) == before


# Meeting facts

FACTS = {
    "entitled_count": "45",
    "meeting_on": "2026-11-20",
    "place": "三楼会议室",
    "host": "主持人甲",
    "supervisor": "派员乙",
    "scrutineers": "丙、丁",
    "tellers": "戊",
}


def facts_of(poll):
    return Poll.objects.filter(pk=poll.pk).values(*FACTS, "state", "attended_count").get()


def test_the_number_on_the_roster_is_offered(cast, poll, as_user):
    for name in ("甲", "乙"):
        make_member(cast.organization, name)
    make_member(cast.organization, "丙", is_active=False)

    page = as_user(cast.secretary).get(url("poll_edit", poll.pk))

    assert page.context["form"]["entitled_count"].value() == 2
    assert "在册党员2名" in page.content.decode()
    assert facts_of(poll)["entitled_count"] is None


@pytest.mark.parametrize("state", ["preparing", "rehearsing", "open", "closed"])
def test_meeting_facts_are_written_until_the_seal(state, cast, campaign, poll, as_user):
    if state == "rehearsing":
        start_rehearsal(poll)
    elif state != "preparing":
        open_campaign(campaign, by=None)
    if state == "closed":
        poll.refresh_from_db()
        make_batch(poll)
        close_poll(poll)

    response = as_user(cast.secretary).post(url("poll_edit", poll.pk), FACTS)

    assert response.url == reverse("ballots:poll_detail", args=[poll.pk])
    facts = facts_of(poll)
    assert (facts["entitled_count"], facts["scrutineers"], facts["state"]) == (45, "丙、丁", state)


def test_after_the_seal_they_are_text(cast, as_user):
    poll = make_sealed_poll(organizer=cast.organization)
    before = facts_of(poll)
    client = as_user(cast.secretary)

    response = client.post(url("poll_edit", poll.pk), FACTS, follow=True)

    assert "已经封存，会议情况不能再改" in response.content.decode()
    assert "<input" not in response.content.decode().split('<main id="main"')[1]
    assert facts_of(poll) == before


@pytest.mark.parametrize(
    ("overrides", "message"),
    [
        ({"entitled_count": "-1"}, "大于或等于0"),
        ({"entitled_count": "4"}, "实际参评人数不能多于应参评人数。"),
        ({"meeting_on": "2026-13-01"}, "有效的日期"),
        ({"place": "一" * 101}, "100"),
        ({"host": "甲\x07"}, "控制字符"),
    ],
)
def test_facts_that_do_not_fit_are_refused(overrides, message, cast, poll, as_user):
    Poll.objects.update(attended_count=5)
    before = facts_of(poll)

    response = as_user(cast.secretary).post(url("poll_edit", poll.pk), FACTS | overrides)

    assert message in response.content.decode()
    assert facts_of(poll) == before


def test_the_units_own_secretary_writes_its_facts_and_no_others(cast, campaign, units, client):
    first, second = actions.make_polls(campaign, units[:2])
    cast.outsider.roles.create(organization=units[0], kind="secretary")
    client.force_login(cast.outsider)

    statuses = [client.post(url("poll_edit", poll.pk), FACTS).status_code for poll in (first, second)]

    assert statuses == [302, 404]
    assert (facts_of(first)["place"], facts_of(second)["place"]) == ("三楼会议室", "")


# Targets


def arranged(poll, *rows, **overrides):
    """The targets page as a browser sends it; rows are (target, name, order, is_removed)."""
    values = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows)), **overrides}
    for place, (target, name, order, is_removed) in enumerate(rows):
        values |= {f"form-{place}-id": target.pk, f"form-{place}-name": name, f"form-{place}-ORDER": order}
        if is_removed:
            values[f"form-{place}-is_removed"] = "on"
    return values


@pytest.fixture
def members(cast, campaign):
    """Three members on the only ballot, behind the organization."""
    for name in ("甲一", "乙二", "丙三"):
        make_member(cast.organization, name)
    with actions.targets_following(campaign):
        actions.copy_questionnaire(campaign, "member-three")
    return list(campaign.polls.get().targets.filter(kind="member"))


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


# Frozen, foreign


def changes(campaign, poll):
    rows = [(target, "新名称", 1, False) for target in poll.targets.all()]
    return [
        (url("poll_list", campaign.pk), {"units": []}),
        (url("targets_refresh", campaign.pk), {}),
        (url("poll_targets", poll.pk), arranged(poll, *rows)),
        (url("target_add", poll.pk), {"new-questionnaire": campaign.questionnaires.get().pk}),
    ]


def snapshot(campaign):
    return list(Target.objects.filter(poll__campaign=campaign).values_list("poll", "name"))


def test_nothing_changes_while_rehearsing_or_after_opening(cast, campaign, poll, as_user):
    client = as_user(cast.secretary)
    before = snapshot(campaign)

    start_rehearsal(poll)
    for address, values in changes(campaign, poll):
        assert "请先结束演练" in client.post(address, values, follow=True).content.decode()
    poll.refresh_from_db()
    end_rehearsal(poll)
    open_campaign(campaign, by=None)
    for address, values in changes(campaign, poll):
        assert "已经开启" in client.post(address, values, follow=True).content.decode()

    assert snapshot(campaign) == before
    for name, key in (("poll_list", campaign.pk), ("poll_targets", poll.pk)):
        body = client.get(url(name, key)).content.decode().split('<main id="main"')[1]
        assert "<form" not in body and "某局党委" in body


def test_others_may_not_and_outsiders_find_nothing(cast, campaign, poll, as_user):
    before = snapshot(campaign)
    addresses = [*changes(campaign, poll), (url("poll_edit", poll.pk), FACTS)]
    statuses = [
        [as_user(user).post(address, values).status_code for address, values in addresses]
        for user in (cast.teller, cast.officer, cast.administrator, cast.outsider)
    ]

    assert statuses == [[403] * 5] * 3 + [[404] * 5]
    assert snapshot(campaign) == before and facts_of(poll)["place"] == ""


# Preview


@pytest.mark.parametrize("role", ["secretary", "teller", "officer"])
def test_the_preview_shows_the_ballot_inert(role, cast, poll, as_user):
    page = as_user(getattr(cast, role)).get(url("poll_preview", poll.pk)).content.decode()

    body = page.split('<main id="main"')[1]
    assert "兑现公开承诺情况" in body and "您的意见和建议" in body and "基本满意" in body
    assert body.count('type="radio"') == body.count('type="radio" name=') == 6
    assert body.count(" disabled>") == 7 and "<form" not in body


def test_after_opening_the_preview_shows_what_was_frozen(cast, campaign, poll, as_user):
    open_campaign(campaign, by=None)
    Target.objects.update(name="后来的名称")

    page = as_user(cast.secretary).get(url("poll_preview", poll.pk)).content.decode()

    assert "已经冻结的票面" in page and "后来的名称" not in page


def test_an_outsider_cannot_preview(cast, poll, as_user):
    assert as_user(cast.outsider).get(url("poll_preview", poll.pk)).status_code == 404
