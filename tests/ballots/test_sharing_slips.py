"""Tying forms that are handed out together: the deeds, and the refusals (seed S4-1)."""

import pytest

from ballots import actions
from ballots.counting import closing, sealing
from ballots.models import Ballot, Batch, Code, SharedSlip
from ballots.voting import casting, codes
from campaigns import actions as campaign_actions
from campaigns.actions import Frozen
from campaigns.models import Poll
from campaigns.models.states import StateError
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def polls():
    """组织评议票 and 党员评议票 of one unit, both open."""
    first = factories.make_open_poll(title="组织评议票")
    return [first, factories.make_open_poll(first.organization, title="党员评议票")]


def not_opened(organization, **overrides):
    campaign = factories.make_campaign(organization, **overrides)
    campaign_actions.make_polls(campaign, [organization])
    return campaign.polls.get()


def share(polls, *, channel="meeting", category="党员"):
    return actions.share_slips(polls, channel=channel, category=category)


def test_each_form_gets_a_batch_of_its_own_and_every_slip_a_row_in_each(polls):
    tied = share(polls)

    slips = codes.make_slips(tied[1], 7)

    assert [(batch.poll, batch.channel, batch.category.name, batch.slip_place) for batch in tied] == [
        (polls[0], "meeting", "党员", 1),
        (polls[1], "meeting", "党员", 2),
    ]
    counts = Batch.objects.order_by("slip_place").values_list("printed_count", flat=True)
    assert (list(counts), [batch.codes.count() for batch in tied]) == ([7, 7], [7, 7])
    assert [ticket.batch_id for ticket in codes.exchange_all(slips[0])] == [batch.pk for batch in tied]


def test_an_empty_batch_that_is_there_is_tied_and_one_of_another_category_is_left(polls):
    there = factories.make_batch(polls[1])
    factories.make_batch(polls[1], category="群众代表")

    tied = share(polls)

    assert tied[1] == there
    assert Batch.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda polls: share(polls[:1]), "应为2至4张，现为1张"),
        (lambda polls: share([polls[0], polls[0]]), "应为2至4张，现为1张"),
        (
            lambda polls: share(
                [*polls, *(factories.make_open_poll(polls[0].organization, title=t) for t in "丙丁戊")]
            ),
            "应为2至4张，现为5张",
        ),
        (
            lambda polls: share([polls[0], factories.make_open_poll(factories.make_organization("外单位"))]),
            "同一个单位的，现在是“某局党委”、“外单位”",
        ),
        (lambda polls: share(polls, channel="phone"), "“组织评议票”没有“电话评议”这个渠道"),
        (lambda polls: share(polls, category="企业代表"), "“组织评议票”没有“企业代表”这一类参评人员"),
        (
            lambda polls: share([not_opened(polls[0].organization, title=title) for title in "甲乙"]),
            "几张表都还没有开启",
        ),
    ],
    ids=["one", "the same twice", "five", "two units", "channel", "category", "none open"],
)
def test_forms_that_do_not_belong_together_are_not_tied(polls, change, told):
    with pytest.raises(StateError, match=told):
        change(polls)

    assert not Batch.objects.exists()
    assert not SharedSlip.objects.exists()


def test_a_form_with_slips_of_its_own_is_not_tied_for_the_same_people(polls):
    codes.make_slips(factories.make_batch(polls[1]), 1)

    with pytest.raises(
        StateError, match="“党员评议票”的“集中评议·党员”已经发过单独的选票码，再同票，同一个人会领到两次"
    ):
        share(polls)

    share(polls, category="群众代表")


def test_a_form_is_tied_once_for_the_same_people(polls):
    share(polls)

    with pytest.raises(StateError, match="“组织评议票”的“集中评议·党员”已经同票"):
        share(polls)

    assert SharedSlip.objects.count() == 1


def test_a_form_that_lacks_the_channel_or_the_category_of_the_others_is_named(polls):
    polls[1].campaign.categories.filter(name="群众代表").update(name="服务对象")

    with pytest.raises(StateError, match="“党员评议票”没有“群众代表”这一类"):
        share(polls, category="群众代表")
    polls[1].campaign.channels = ["paper"]
    polls[1].campaign.save()
    with pytest.raises(StateError, match="“党员评议票”没有“集中评议”这个渠道"):
        share(polls)


def test_a_closed_form_is_not_tied(polls):
    factories.close_poll(polls[1])

    with pytest.raises(StateError, match="“党员评议票”现为“已截止”，不能再发选票码"):
        share(polls)


def test_partners_of_a_unit_without_a_partner_get_no_shared_slip(polls):
    polls[1].campaign.partner_category = "群众代表"
    polls[1].campaign.save()

    with pytest.raises(StateError, match="本单位没有结对"):
        share(polls, category="群众代表")


def test_a_rehearsal_is_tied_to_a_rehearsal_alone_and_its_slips_go_with_it(polls):
    trials = [not_opened(polls[0].organization, title=title) for title in ("组织", "党员")]
    for trial in trials:
        actions.start_rehearsal(trial)
        trial.refresh_from_db()
    with pytest.raises(StateError, match="演练中的表只能与演练中的表同票"):
        share([polls[0], trials[0]])
    tied = share(trials)
    (slip,) = codes.make_slips(tied[0], 1)

    actions.end_rehearsal(trials[0])

    assert [ticket.batch_id for ticket in codes.exchange_all(slip)] == [tied[1].pk]
    assert casting.cast(ticket=codes.exchange(slip), key="k", marks="12")
    actions.end_rehearsal(trials[1])
    assert not SharedSlip.objects.exists()
    assert not Batch.objects.exists()


@pytest.fixture
def ahead(polls):
    """The open 组织评议票 tied to a 党员评议票 that is not open yet, with three slips; the waiting poll and the slips."""
    waiting = not_opened(polls[0].organization, title="晚开的党员评议票")
    batch, _ = share([polls[0], waiting])
    return waiting, codes.make_slips(batch, 3)


def test_a_form_opened_later_takes_the_slips_that_were_handed_out_before(ahead):
    waiting, (slip, *_) = ahead
    first, second = codes.exchange_all(slip)
    casting.cast(ticket=first, key="a", marks="12")
    with pytest.raises(casting.PollNotOpen):
        casting.cast(ticket=second, key="b", marks="33")

    actions.open_campaign(waiting.campaign, by=None)

    assert casting.cast(ticket=second, key="b", marks="33")
    assert sorted(Ballot.objects.values_list("batch__poll", "marks")) == sorted(
        [(first.poll_id, "12"), (second.poll_id, "33")]
    )


def test_a_form_with_slips_out_is_not_rehearsed_and_keeps_its_unit_and_categories(ahead):
    waiting, _ = ahead

    with pytest.raises(StateError, match="已经与别的评议表同票发了选票码，不能再演练"):
        actions.start_rehearsal(waiting)
    campaign = waiting.campaign
    for change in (
        lambda: campaign_actions.choose_units(campaign, []),
        lambda: campaign_actions.replace_categories(campaign, [("职工", None)]),
        lambda: campaign_actions.delete_campaign(campaign),
    ):
        with pytest.raises(Frozen, match="请先在那个评议点作废同票的票批"):
            change()

    assert Poll.objects.get(pk=waiting.pk).batches.get().codes.count() == 3


def test_the_batch_of_a_form_not_open_yet_goes_altogether_and_sets_the_campaign_free(ahead):
    waiting, (slip, *_) = ahead

    closing.void_batch(waiting.batches.get(), by=None, reason="改期")

    assert not waiting.batches.exists()
    assert [ticket.poll_id for ticket in codes.exchange_all(slip)] != [waiting.pk]
    campaign_actions.delete_campaign(waiting.campaign)


def test_each_form_is_closed_and_sealed_by_itself_with_its_own_counts(polls):
    tied = share(polls)
    slips = codes.make_slips(tied[0], 10)
    for number, slip in enumerate(slips[:8]):
        first, second = codes.exchange_all(slip)
        casting.cast(ticket=first, key=f"a{number}", marks="11")
        if number < 5:
            casting.cast(ticket=second, key=f"b{number}", marks="22")

    closing.close(polls[0], by=None, attended=8, facts={tied[0].pk: closing.BatchFacts(issued=9)})
    sealing.seal(polls[0], by=None)

    assert casting.cast(ticket=codes.exchange_all(slips[5])[1], key="b5", marks="22")
    later = codes.make_slips(tied[1], 2)
    closing.close(polls[1], by=None, attended=8, facts={tied[1].pk: closing.BatchFacts(issued=8)})
    counts = Batch.objects.order_by("slip_place").values_list(
        "printed_count", "issued_count", "returned_count", "unused_count"
    )
    assert list(counts) == [(10, 9, 8, 2), (12, 8, 6, 6)]
    assert not Code.objects.exists()
    with pytest.raises(codes.UnknownCode):
        codes.exchange(later[0])


def test_one_form_is_voided_alone_unless_the_secretary_says_so(polls):
    tied = share(polls)
    slips = codes.make_slips(tied[0], 2)
    other = share(polls, category="群众代表")
    codes.make_slips(other[0], 2)

    closing.void_batch(tied[0], by=None, reason="多发")
    closing.void_batch(other[0], by=None, reason="多发", with_tied=True)

    states = {batch.pk: batch.state for batch in Batch.objects.all()}
    assert [states[batch.pk] for batch in (*tied, *other)] == ["void", "open", "void", "void"]
    assert [batch.codes.count() for batch in (*tied, *other)] == [0, 2, 0, 0]
    assert casting.cast(ticket=codes.exchange_all(slips[0])[1], key="k", marks="11")


def test_with_one_form_sealed_the_others_are_voided_all_the_same(polls):
    tied = share(polls)
    codes.make_slips(tied[0], 2)
    factories.close_poll(polls[1])
    sealing.seal(polls[1], by=None)

    closing.void_batch(tied[0], by=None, reason="多发", with_tied=True)

    assert [Batch.objects.get(pk=batch.pk).state for batch in tied] == ["void", "closed"]
