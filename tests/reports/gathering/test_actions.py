"""Opinions are recorded from the opening to the filed 小结, and corrected until somebody has read them."""

from datetime import date

import pytest

from ballots.counting import sealing
from ballots.models import Forum, Opinion, OpinionOrigin
from campaigns import actions as campaign_actions
from reports.gathering import actions
from reports.gathering.actions import CannotGather, HeardOpinion
from reports.opinions.readings import opinion_figures
from reports.report.filing import file_summary
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_forum,
    make_gathered,
    make_organization,
    make_sheets,
    make_user,
)
from tests.reports.opinions.reading import read

pytestmark = pytest.mark.django_db


def sealed(poll):
    enter_ballots(make_batch(poll, method="entered"), {"11": 9, "12": 1})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def filed(poll):
    scope = Scope.of_poll(sealed(poll))
    save_summary(scope, {"use": "按规定通报。", "content": "四个方面。", "scope": "全体党员。"}, by=None)
    file_summary(scope, by=None, today=date(2026, 11, 20))
    return poll


def heard(poll, text, **facts):
    facts = {"source": "phone", "received_on": date(2026, 3, 9), **facts}
    return HeardOpinion(poll.targets.get(), text, **facts)


def test_an_opinion_is_recorded_with_its_way_and_by_whom(poll):
    officer = make_user("officer")

    origin = actions.record_opinion(poll, heard(poll, "车站没有遮雨棚", place="便民热线"), by=officer)

    (opinion,) = Opinion.objects.all()
    assert (opinion.target, opinion.kind, opinion.text) == (poll.targets.get(), "suggestion", "车站没有遮雨棚")
    assert (origin.opinion, origin.source, origin.came_on, origin.came_at, origin.recorded_by) == (
        opinion,
        "phone",
        date(2026, 3, 9),
        "便民热线",
        officer,
    )


def test_keys_of_recorded_opinions_are_as_random_as_those_of_ballots(poll):
    keys = [make_gathered(poll).opinion_id for _ in range(20)]

    assert sorted(keys) != keys
    assert min(keys) > 20


def test_an_opinion_is_corrected_and_taken_out_until_somebody_has_read_it(poll):
    origin, wrong = make_gathered(poll), make_gathered(poll, "登错了")

    actions.change_opinion(origin, heard(poll, "路灯已修，谢谢", source="visit"))
    actions.remove_opinion(wrong)

    assert list(Opinion.objects.values_list("text", "origin__source")) == [("路灯已修，谢谢", "visit")]
    sealed(poll)
    read(Opinion.objects.get())
    with pytest.raises(CannotGather, match="已经阅办"):
        actions.change_opinion(origin, heard(poll, "再改"))
    with pytest.raises(CannotGather, match="已经阅办"):
        actions.remove_opinion(origin)
    assert Opinion.objects.get().text == "路灯已修，谢谢"


def test_a_forum_takes_further_opinions_and_goes_with_them(poll):
    forum = make_forum(poll, "停车难", "楼道堆物")
    facts = {"held_on": date(2026, 3, 7), "place": "居委会", "host": "王主任"}

    actions.change_forum(forum, facts, [HeardOpinion(poll.targets.get(), "广场舞太吵")], by=None)

    forum.refresh_from_db()
    assert (forum.held_on, forum.place, forum.host, forum.attended_count) == (*facts.values(), 12)
    assert sorted(Opinion.objects.values_list("text", flat=True)) == ["停车难", "广场舞太吵", "楼道堆物"]

    actions.remove_forum(forum)

    # An opinion that lost its origin would pass for one from a ballot.
    assert [model.objects.count() for model in (Forum, OpinionOrigin, Opinion)] == [0, 0, 0]


def test_a_forum_of_which_an_opinion_was_read_stays(poll):
    forum = make_forum(poll, "停车难", "楼道堆物")
    sealed(poll)
    read(Opinion.objects.get(text="停车难"))

    with pytest.raises(CannotGather, match="已经阅办"):
        actions.remove_forum(forum)

    assert Opinion.objects.count() == 2


def test_nothing_is_recorded_before_the_opening():
    organization = make_organization()
    campaign = make_campaign(organization)
    (poll,) = campaign_actions.make_polls(campaign, [organization])

    with pytest.raises(CannotGather, match="开启以后"):
        make_gathered(poll)


def test_after_the_seal_there_is_room_until_the_summary_is_filed(poll):
    make_gathered(sealed(poll))

    assert not actions.is_filed(poll)


def test_once_the_summary_is_filed_nothing_is_recorded_or_changed(poll):
    origin, forum = make_gathered(poll), make_forum(poll, "停车难")
    filed(poll)

    assert actions.is_filed(poll)
    for deed in (
        lambda: make_gathered(poll),
        lambda: make_forum(poll, "再提一条"),
        lambda: actions.change_opinion(origin, heard(poll, "改")),
        lambda: actions.remove_opinion(origin),
        lambda: actions.change_forum(forum, {"place": "别处"}, [], by=None),
        lambda: actions.remove_forum(forum),
    ):
        with pytest.raises(CannotGather, match="小结已经定稿"):
            deed()
    assert Opinion.objects.count() == 2


def test_sheets_are_counted_before_they_are_keyed_and_tied_to_no_ballot(poll):
    with pytest.raises(CannotGather, match="请先登记征求意见表的发出、收回份数"):
        actions.key_sheets(poll, [heard(poll, "第三条太笼统", source="sheet", sheet_kind="amendment")], by=None)
    make_sheets(poll, "第三条太笼统", remarks=["少开会"])

    assert actions.keyed_from_sheets(poll) == 2
    kinds = dict(OpinionOrigin.objects.values_list("opinion__text", "sheet_kind"))
    assert kinds == {"第三条太笼统": "amendment", "少开会": "remark"}


def test_sheets_wait_for_nothing_after_the_summary_is_filed(poll):
    make_sheets(poll)
    filed(poll)

    with pytest.raises(CannotGather, match="小结已经定稿"):
        actions.record_sheets(poll, issued=50, returned=50, by=None)


def test_what_the_media_reported_is_a_source_of_its_own(poll):
    make_gathered(poll, "公园夜里没有灯", source="media")
    make_gathered(poll, "公交车太少", source="web")

    sources = dict(opinion_figures([sealed(poll)]).sources)

    assert (sources["新闻媒体"], sources["网络"]) == (1, 1)
