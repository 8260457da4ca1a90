"""A row names the thing and its unit, and nobody's words."""

import pytest
from django.urls import get_resolver

from reports.trail.objects import FIELDS, KINDS, ThingInTrail, thing_in, thing_of
from tests.factories import make_letter, make_member, make_open_poll, make_organization, make_problem, make_user
from tests.permissions.table import patterns

pytestmark = pytest.mark.django_db

# Told by another argument of the same route, or by none: keys within a thing, and addresses of participants.
UNNAMED = {
    *("code", "reason", "slug", "number", "rest", "rule", "role_id", "rater_id", "measure_id", "opinion_id"),
    *("token", "box_token", "window_token"),
}


def test_every_argument_of_a_route_names_a_thing_or_stands_beside_one():
    arguments = {argument for _, names in patterns(get_resolver()) for argument in names}

    assert arguments - KINDS.keys() == UNNAMED
    assert set(FIELDS.values()) <= KINDS.keys()


@pytest.mark.parametrize("argument", KINDS)
def test_a_thing_that_is_not_there_has_a_kind_and_a_key(argument):
    thing = thing_of({argument: 999})

    assert thing == ThingInTrail(kind=KINDS[argument].label, key="" if argument == "member_id" else "999")


def test_a_poll_is_named_by_its_campaign_and_a_unit_by_itself():
    poll = make_open_poll()
    unit = poll.organization

    assert thing_of({"poll_id": poll.pk}) == ThingInTrail(
        "评议点", str(poll.pk), poll.campaign.title, unit.path, unit.name
    )
    assert thing_of({"organization_id": unit.pk}) == ThingInTrail(
        "党组织", str(unit.pk), unit.name, unit.path, unit.name
    )


def test_an_account_is_named_with_its_unit_and_also_without_any():
    unit = make_organization()
    clerk, bare = make_user("clerk", kind="teller", organization=unit), make_user("bare")

    assert thing_of({"user_id": clerk.pk}) == ThingInTrail("账号", str(clerk.pk), "clerk", unit.path, unit.name)
    assert thing_of({"user_id": bare.pk}) == ThingInTrail("账号", str(bare.pk), "bare")


def test_a_person_of_the_roster_is_told_by_the_unit_alone():
    unit = make_organization()

    thing = thing_of({"member_id": make_member(unit, "李四").pk})

    assert thing == ThingInTrail("党员", "", unit.name, unit.path, unit.name)


def test_the_words_of_a_letter_and_of_a_problem_stay_out():
    unit = make_organization()
    letter, problem = make_letter(unit, text="食堂太贵"), make_problem(unit, content="停车难")

    for thing in (thing_of({"letter_id": letter.pk}), thing_of({"problem_id": problem.pk})):
        assert (thing.name, thing.place) == (unit.name, unit.path)


def test_a_unit_is_looked_for_in_what_was_sent_by_its_key_alone():
    unit = make_organization()

    assert thing_in({}, {"organization": str(unit.pk), "text": "写的话"}).name == unit.name
    assert thing_in({"unit": "9" * 40}, {"organizer": "某局", "unit": "-1"}) == ThingInTrail()
