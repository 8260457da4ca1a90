"""A campaign's state follows from its polls, and it is seen from its organizer and from each unit that takes part."""

import pytest

from ballots.actions import open_campaign
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Campaign, Category
from tests.factories import close_poll, make_campaign, make_cast, make_organization, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_organization()


@pytest.fixture
def campaign(root):
    """Open, with two branches below its organizer."""
    branches = [make_organization(name, parent=root, kind="branch") for name in ("第一党支部", "第二党支部")]
    campaign = make_campaign(root)
    actions.make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    return campaign


def states_of(campaign) -> set[str]:
    """The state as a list of campaigns knows it, and as a campaign counts for itself."""
    return {
        Campaign.objects.with_progress().get(pk=campaign.pk).state,
        Campaign.objects.get(pk=campaign.pk).state,
    }


def test_a_campaign_is_in_preparation_until_it_is_opened(root):
    campaign = make_campaign(root)
    actions.make_polls(campaign, [root])
    campaign.polls.get().start_rehearsal(form={})

    assert states_of(campaign) == {"preparing"}
    assert not campaign.is_frozen


def test_a_campaign_is_open_closed_and_sealed_with_the_last_of_its_polls(campaign):
    first, second = campaign.polls.all()
    seen = [states_of(campaign)]
    close_poll(first)
    seen.append(states_of(campaign))
    close_poll(second)
    sealing.seal(first, by=None)
    seen.append(states_of(campaign))
    sealing.seal(second, by=None)
    seen.append(states_of(campaign))

    assert seen == [{"open"}, {"open"}, {"closed"}, {"sealed"}]


def test_opening_notes_who_and_when(root):
    campaign, user = make_campaign(root), make_user()

    campaign.open(by=user, names=["某局党委"])

    stored = Campaign.objects.get()
    assert (stored.opened_by, stored.is_frozen) == (user, True)


def test_a_campaign_is_seen_by_its_organizer_and_by_units_that_take_part(campaign, root):
    first = campaign.polls.first().organization
    idle = make_organization("第三党支部", parent=root, kind="branch")
    people = {
        "organizer": make_user("a", kind="officer", organization=root),
        "unit": make_user("b", kind="teller", organization=first),
        "idle": make_user("c", kind="secretary", organization=idle),
        "outsider": make_cast(make_organization("二局党委")).secretary,
    }

    seen = {name for name, user in people.items() if Campaign.objects.visible_to(user).exists()}

    assert seen == {"organizer", "unit"}


def test_progress_counts_each_campaign_s_own_polls(campaign):
    make_campaign(make_organization("二局党委"), title="另一次评议")
    close_poll(campaign.polls.first())

    counted = Campaign.objects.with_progress().order_by("pk").values_list("poll_count", "open_count", "closed_count")

    assert list(counted) == [(2, 1, 1), (0, 0, 0)]


def test_categories_stand_in_the_order_that_they_were_given(campaign):
    Category.objects.create(campaign=campaign, name="干部", position=0)

    assert [str(category) for category in campaign.categories.all()] == ["干部", "党员", "群众代表"]
