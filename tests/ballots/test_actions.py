"""A rehearsal leaves nothing behind; an opening may leave out what is not ready."""

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots import actions, taking_back
from ballots.counting import sealing
from ballots.models import Ballot, Batch, Code, Opinion, Receipt, TallyRow
from ballots.voting import casting, codes
from campaigns import readiness
from campaigns.actions import NotReady, add_target, make_polls, move_organization
from campaigns.models import Campaign, Poll, Target
from campaigns.models.states import StateError
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def rehearse(campaign, unit):
    make_polls(campaign, [unit])
    poll = campaign.polls.get(organization=unit)
    actions.start_rehearsal(poll)
    poll.refresh_from_db()
    batch = factories.make_batch(poll)
    first, _unused = codes.make_slips(batch, 2)
    opinion = casting.OpinionText(target_id=poll.targets.get().pk, text="试一试")
    casting.cast(ticket=codes.exchange(first), key=f"key of {unit}", marks="11", opinions=[opinion])
    return poll


def traces():
    return [model.objects.count() for model in (Batch, Ballot, Code, Receipt, Opinion)]


def test_ending_a_rehearsal_wipes_its_poll_and_no_other():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    ended = rehearse(campaign, factories.make_organization("一支部", parent=committee, kind="branch"))
    rehearse(campaign, factories.make_organization("二支部", parent=committee, kind="branch"))
    before = traces()

    actions.end_rehearsal(ended)

    assert before == [2, 2, 2, 2, 2]
    assert traces() == [1, 1, 1, 1, 1]
    assert not Batch.objects.filter(poll=ended).exists()


def test_opening_wipes_every_rehearsal_and_takes_ballots_anew():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    poll = rehearse(campaign, committee)

    actions.open_campaign(campaign, by=None)

    poll.refresh_from_db()
    assert (poll.state, traces()) == ("open", [0, 0, 0, 0, 0])
    assert campaign.is_frozen


def test_a_slip_of_the_rehearsal_does_not_vote_in_earnest():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    make_polls(campaign, [committee])
    poll = campaign.polls.get()
    actions.start_rehearsal(poll)
    (slip,) = codes.make_slips(factories.make_batch(poll), 1)
    ticket = codes.exchange(slip)
    actions.open_campaign(campaign, by=None)
    poll.refresh_from_db()
    factories.make_batch(poll)

    with pytest.raises(casting.Refused):
        casting.cast(ticket=ticket, key="a key", marks="11")
    with pytest.raises(codes.UnknownCode):
        codes.exchange(slip)
    assert Ballot.objects.count() == 0


def test_an_opening_that_is_refused_leaves_the_rehearsal_running():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, procedure="")
    poll = rehearse(campaign, committee)

    with pytest.raises(NotReady, match="评议程序未填"):
        actions.open_campaign(campaign, by=None)

    poll.refresh_from_db()
    assert (poll.state, traces()) == ("rehearsing", [1, 1, 1, 1, 1])


def test_opening_takes_the_ballot_as_it_is_then_not_as_it_was_rehearsed():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    poll = rehearse(campaign, committee)
    campaign.questionnaires.get().indicators.filter(is_overall=False).update(text="改过的内容")

    actions.open_campaign(campaign, by=None)

    poll.refresh_from_db()
    assert [indicator["text"] for indicator in poll.form["sections"][0]["indicators"]] == ["改过的内容", "总体评价"]


def test_nothing_is_rehearsed_after_the_opening_or_twice_at_once():
    poll = factories.make_open_poll()
    committee = factories.make_organization("二局党委")
    rehearsing = rehearse(factories.make_campaign(committee), committee)

    for begun in (poll, rehearsing):
        with pytest.raises(StateError):
            actions.start_rehearsal(begun)
    with pytest.raises(StateError):
        actions.end_rehearsal(poll)


def test_an_empty_ballot_is_not_rehearsed():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee, indicators=())
    make_polls(campaign, [committee])

    with pytest.raises(StateError, match="还没有评议对象和评议内容"):
        actions.start_rehearsal(campaign.polls.get())


@pytest.mark.skipif("sqlite" in settings.DATABASES["default"]["ENGINE"], reason="SQLite has one lock for everything")
def test_a_rehearsal_starts_behind_the_lock_that_opening_holds():
    committee = factories.make_organization()
    campaign = factories.make_campaign(committee)
    make_polls(campaign, [committee])

    with CaptureQueriesContext(connection) as queries:
        actions.start_rehearsal(campaign.polls.get())

    statements = [query["sql"] for query in queries]
    locking = [place for place, sql in enumerate(statements) if "campaigns_campaign" in sql and "FOR UPDATE" in sql]
    moving = [place for place, sql in enumerate(statements) if sql.startswith('UPDATE "campaigns_poll"')]
    assert locking and moving and locking[0] < moving[0]


# Opening those that are ready


def half_ready(*, base="valid"):
    """A campaign of three units in preparation: the second has nobody on its ballot."""
    root = factories.make_organization()
    units = [factories.make_organization(name, parent=root, kind="branch") for name in ("一支部", "二支部", "三支部")]
    campaign = factories.make_campaign(root, base=base)
    make_polls(campaign, units)
    campaign.polls.get(organization=units[1]).targets.all().delete()
    return campaign


def states(campaign):
    return list(campaign.polls.order_by("path").values_list("state", flat=True))


def open_ready(campaign, by=None):
    return actions.open_ready(campaign, by=by, seen=readiness.plan_opening(campaign).mark)


def test_the_ready_polls_open_and_take_ballots_and_the_others_stay_as_if_taken_back():
    campaign, secretary = half_ready(), factories.make_user()
    left = campaign.polls.get(organization__name="二支部")
    factories.make_member(left.organization, "李党员")
    actions.start_rehearsal(campaign.polls.get(organization__name="三支部"))

    plan = open_ready(campaign, by=secretary)

    left.refresh_from_db()
    assert [Poll.objects.get(pk=key).unit_name for key in plan.ready] == ["一支部", "三支部"]
    assert [(key, [item.route for item in lacks]) for key, lacks in plan.lacks.items()] == [
        (left.pk, ["campaigns:poll_targets"])
    ]
    assert (campaign.is_frozen, campaign.opened_by, states(campaign)) == (
        True,
        secretary,
        ["open", "preparing", "open"],
    )
    assert (left.form, left.names, left.unit_kind, left.roster_count) == (None, ["某局党委", "二支部"], "branch", 1)
    factories.cast_ballots(factories.make_batch(campaign.polls.order_by("path")[0]), {"11": 3})
    with pytest.raises(StateError, match="不能发票"):
        factories.make_batch(left)
    assert Ballot.objects.count() == 3


def test_a_poll_left_behind_is_opened_later_and_the_figures_of_all_add_up():
    campaign = half_ready()
    open_ready(campaign)
    left = campaign.polls.get(organization__name="二支部")
    questionnaire = campaign.questionnaires.get()
    before = taking_back.plan_reopening(campaign)
    add_target(
        Target(
            poll=left,
            kind="organization",
            name="二支部",
            organization=left.organization,
            questionnaire=questionnaire,
        )
    )

    outcome = taking_back.reopen_planned(taking_back.plan_reopening(campaign))

    assert (list(before.lacks), outcome.done) == ([left.pk], [left.pk])
    assert states(campaign) == ["open"] * 3
    for poll, count in zip(campaign.polls.order_by("path"), (9, 7, 5), strict=True):
        factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": count, "21": 1})
        factories.close_poll(poll)
        sealing.seal(poll, by=None)
    rows = TallyRow.objects.filter(poll__campaign=campaign, indicator__is_overall=True)
    assert sum(row.valid_count for row in rows) == 9 + 7 + 5 + 3
    assert sum(row.grade_1_count for row in rows) == 9 + 7 + 5 + 3


def test_a_unit_left_behind_keeps_the_place_of_the_opening_when_it_moves():
    campaign = half_ready()
    open_ready(campaign)
    left = campaign.polls.get(organization__name="二支部")

    move_organization(left.organization, factories.make_organization("另一局党委"), by=None)

    assert Poll.objects.get(pk=left.pk).path == left.path


@pytest.mark.parametrize(
    "fault",
    [
        lambda campaign: Campaign.objects.update(starts_on=None),
        lambda campaign: campaign.categories.all().delete(),
        lambda campaign: Campaign.objects.update(procedure=""),
    ],
)
def test_what_the_campaign_itself_lacks_opens_nothing(fault):
    campaign = half_ready()
    fault(campaign)
    campaign.refresh_from_db()

    with pytest.raises(NotReady) as refusal:
        open_ready(campaign)

    assert len(refusal.value.missing) == 1
    campaign.refresh_from_db()
    assert (campaign.is_frozen, states(campaign)) == (False, ["preparing"] * 3)


def test_where_no_poll_is_ready_nothing_opens():
    campaign = half_ready(base="entitled")

    with pytest.raises(NotReady, match="一支部"):
        open_ready(campaign)

    assert states(campaign) == ["preparing"] * 3


def test_a_plan_that_changed_since_it_was_seen_is_not_carried_out():
    campaign = half_ready()
    seen = readiness.plan_opening(campaign).mark
    campaign.polls.get(organization__name="三支部").targets.all().delete()

    with pytest.raises(StateError, match="备好的单位变了"):
        actions.open_ready(campaign, by=None, seen=seen)

    assert states(campaign) == ["preparing"] * 3


def test_an_opening_that_is_refused_leaves_the_rehearsals_of_the_ready_ones():
    campaign = half_ready()
    actions.start_rehearsal(campaign.polls.get(organization__name="三支部"))

    with pytest.raises(StateError):
        actions.open_ready(campaign, by=None, seen="another")

    assert states(campaign) == ["preparing", "preparing", "rehearsing"]


def test_the_plan_takes_the_same_queries_for_three_units_and_for_thirty():
    def queries_of(campaign):
        with CaptureQueriesContext(connection) as queries:
            plan = readiness.plan_opening(Campaign.objects.get(pk=campaign.pk))
        return len(queries), len(plan.ready)

    campaign = half_ready(base="entitled")
    Poll.objects.update(entitled_count=9)
    few = queries_of(campaign)
    units = [factories.make_organization(f"第{n}支部", parent=campaign.organizer, kind="branch") for n in range(4, 31)]
    make_polls(campaign, units)
    Poll.objects.filter(entitled_count=None, organization__in=units[:20]).update(entitled_count=9)

    assert queries_of(campaign) == (few[0], few[1] + 20)
