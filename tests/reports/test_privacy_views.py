"""The page that says what is kept: the periods as they hold, for every user, and linked from where they look."""

import pytest
from django.urls import reverse

from reports.retention.periods import KINDS
from tests.factories import make_cast, make_organization
from tests.reports.retention.settled import confirm_periods

pytestmark = pytest.mark.django_db


@pytest.fixture
def people():
    return make_cast(make_organization())


def shown(client, user):
    client.force_login(user)
    return client.get(reverse("reports:privacy")).content.decode()


def test_every_user_reads_the_periods_as_they_hold(client, people):
    proposed = shown(client, people.teller)
    confirm_periods(months=7, opinion=None)
    confirmed = shown(client, people.teller)

    assert all(facts.kind.label in proposed for facts in KINDS)
    assert "还没有确认，现在不自动清除" in proposed and "还没有确认" not in confirmed
    assert confirmed.count("满7个月清除") == len(KINDS) - 1
    assert confirmed.count("不自动清除") == 1


def test_only_administrators_are_led_to_the_records(client, people):
    address = reverse("reports:retention")

    assert address in shown(client, people.administrator)
    assert address not in shown(client, people.secretary)


@pytest.mark.parametrize("route", ["help_index", "reports:administration"])
def test_it_is_linked_from_help_and_from_the_administrators_page(client, people, route):
    client.force_login(people.administrator)

    assert reverse("reports:privacy") in client.get(reverse(route)).content.decode()


def test_participants_read_of_it_where_every_ballot_leads(client):
    assert "写着名字的资料，存多久" in client.get(reverse("ballots:records")).content.decode()
