"""A unit whose secretary is logged in, with problems of each kind, and a poll with a finding."""

import pytest
from django.urls import reverse

from reports.findings import crossings_of
from reports.results.poll import results_of
from tests.factories import (
    make_campaign,
    make_cast,
    make_closed_problem,
    make_organization,
    make_problem,
    make_sealed_poll,
)

from .asking import DAY


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def unit(people):
    return people.organization


@pytest.fixture
def secretary(client, people):
    """A client logged in as the unit's secretary."""
    client.force_login(people.secretary)
    return client


@pytest.fixture
def mixed(unit):
    """Problems that differ in everything the filter knows, below the committee; and somebody else's."""
    branch = make_organization("第一党支部", parent=unit, kind="branch")
    campaign = make_campaign(unit)
    make_problem(branch, content="支部的", campaign=campaign, source="task")
    make_problem(unit, content="计划的", treatment="planned", responsible_person="李某")
    make_problem(unit, content="逾期的", due_on=DAY)
    make_closed_problem(unit, content="办结的")
    make_problem(make_organization("另一党委"), content="外单位的", campaign=campaign)
    return {"unit": branch.pk, "campaign": campaign.pk}


@pytest.fixture
def judged():
    """A sealed poll with one crossed threshold: its poll and the crossing's address."""
    poll = make_sealed_poll({"11": 79, "13": 41}, thresholds=["org-dissatisfied-third"])
    (crossing,) = crossings_of([results_of(poll)])
    key = (poll.pk, crossing.threshold.key, crossing.target_id)
    return poll, crossing, reverse("reports:finding_problem", args=key)
