"""The web API: the command's own bytes for whoever brings a token, held against the description; refusals in JSON."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from jsonschema import Draft202012Validator

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import TrailEntry
from reports.api.description import description
from reports.api.tokens import make_token
from reports.models import ApiToken
from reports.trail import watching
from reports.trail.deeds import LEAVE_NONE, READ_BY_TOKEN
from reports.views.fetching.api import REQUESTS, WRONG_TOKENS
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_open_poll,
    make_organization,
    make_sealed_campaign,
    tamper,
)
from tests.permissions.table import routes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nobody_has_asked():
    WRONG_TOKENS.forget()
    REQUESTS.forget()
    yield
    WRONG_TOKENS.forget()
    REQUESTS.forget()


@pytest.fixture
def people():
    people = make_cast(make_organization())
    people.branches = [
        make_organization(f"{number}支部", parent=people.organization, kind="branch") for number in "一二三"
    ]
    people.campaign = make_sealed_campaign(people.organization, people.branches)
    return people


def program(unit, *, by) -> Client:
    """A client that brings a token of a unit."""
    until = timezone.localdate() + timedelta(days=30)
    secret = make_token(unit, name="看板", expires_on=until, by=by)
    return Client(headers={"Authorization": f"Bearer {secret}"})


@pytest.fixture
def reader(people):
    return program(people.organization, by=people.secretary)


def schema_of(answer: str) -> dict:
    """The schema that the description gives for an answer."""
    whole = json.loads(description())
    return {"$ref": f"#/components/schemas/{answer}", "components": whole["components"]}


def misfits(answer: str, response) -> list[str]:
    return [error.message for error in Draft202012Validator(schema_of(answer)).iter_errors(response.json())]


def written(format, **options) -> str:
    out = StringIO()
    call_command("tally", format=format, stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize("format", ["json", "csv"])
def test_the_tally_is_what_the_command_writes(people, reader, format):
    campaign, (branch, *_) = people.campaign, people.branches

    whole = reader.get(reverse(f"reports:api_tally_{format}", args=[campaign.pk]))
    part = reader.get(reverse(f"reports:api_tally_{format}", args=[campaign.pk]), {"unit": branch.pk})

    assert whole.content.decode() == written(format, campaign=campaign.title)
    assert part.content.decode() == written(format, campaign=campaign.title, unit=branch.name)
    assert whole.content != part.content and "一支部" in part.content.decode()
    assert whole["Content-Type"] == {"json": "application/json", "csv": "text/csv; charset=utf-8"}[format]
    assert "no-store" in whole["Cache-Control"] and not whole.cookies


def test_every_answer_is_as_described(people, reader):
    campaign = people.campaign
    campaign.thresholds = ["org-dissatisfied-third"]
    campaign.save()

    answers = {
        "Campaigns": reader.get(reverse("reports:api_campaigns")),
        "CampaignDetail": reader.get(reverse("reports:api_campaign", args=[campaign.pk])),
        "Tally": reader.get(reverse("reports:api_tally_json", args=[campaign.pk])),
        "Error": Client().get(reverse("reports:api_campaigns")),
    }

    assert {name: misfits(name, response) for name, response in answers.items()} == {name: [] for name in answers}
    assert [entry["key"] for entry in answers["Campaigns"].json()["campaigns"]] == [campaign.pk]
    units = {unit["name"]: unit for unit in answers["CampaignDetail"].json()["units"]}
    assert [units["一支部"]["state"], units["某局党委"]["state"]] == ["sealed", None]
    # The description is no free pass: a key that it does not know, and one that is missing, are misfits.
    strange = answers["Campaigns"].json() | {"more": 1}
    assert list(Draft202012Validator(schema_of("Campaigns")).iter_errors(strange))


def test_tallies_of_every_kind_are_as_described(people):
    """With few ballots, findings, splits that are joined and not shown: the description has a place for each."""
    small = make_organization("小单位", parent=people.organization, kind="branch")
    rules = {"thresholds": ["org-dissatisfied-third"], "title": "各种情形"}
    campaign = make_campaign(people.organization, **rules)
    units = [*people.branches, small]
    actions.make_polls(campaign, units)
    seal_with(campaign, {"一支部": {"33": 9}, "二支部": {"11": 9, "13": 3}, "三支部": {"11": 8}, "小单位": {"11": 2}})
    reader = program(people.organization, by=people.officer)

    response = reader.get(reverse("reports:api_tally_json", args=[campaign.pk]))

    assert misfits("Tally", response) == []
    tally = response.json()
    assert {row["suppressed"] for row in tally["rows"]} == {True, False}
    assert tally["findings"] and any("note" in row for row in tally["rows"])


def seal_with(campaign, marks):
    """Open a campaign and seal each unit's poll with some ballots."""
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        enter_ballots(make_batch(poll, method="entered"), marks[poll.unit_name])
        close_poll(poll)
        sealing.seal(poll, by=None)


def test_a_branch_reads_itself_alone(people):
    reader = program(people.branches[0], by=people.secretary)
    tally = reverse("reports:api_tally_json", args=[people.campaign.pk])

    rows = reader.get(tally).json()["rows"]
    refusals = [reader.get(tally, {"unit": unit.pk}) for unit in (people.branches[1], people.organization)]

    assert {row["unit"] for row in rows} == {"一支部"}
    assert [response.status_code for response in refusals] == [404, 404]
    assert "不在这个令牌的单位之内" in refusals[0].json()["message"]


def test_before_the_seal_there_is_nothing(people, reader):
    poll = make_open_poll(make_organization("四支部", parent=people.organization, kind="branch"))
    enter_ballots(make_batch(poll, method="entered"), {"11": 613})

    for name in ("api_tally_json", "api_tally_csv"):
        response = reader.get(reverse(f"reports:{name}", args=[poll.campaign_id]))
        assert response.status_code == 403 and "613" not in response.content.decode()
        assert "还没有封存" in response.json()["message"]
    assert "613" not in reader.get(reverse("reports:api_campaign", args=[poll.campaign_id])).content.decode()


def test_numbers_that_cannot_all_be_true_are_refused(people, reader):
    tamper(people.campaign.polls.first())

    response = reader.get(reverse("reports:api_tally_json", args=[people.campaign.pk]))

    assert response.status_code == 422 and "不能同时成立" in response.json()["message"]
    assert misfits("Error", response) == []


def test_refusals_are_in_json_with_their_headers(people, reader):
    address = reverse("reports:api_campaigns")
    wrong = Client(headers={"Authorization": "Bearer pingyi_wrong"})
    basic = Client(headers={"Authorization": "Basic cGluZ3lp"})

    refusals = {
        401: [Client().get(address), wrong.get(address), basic.get(address)],
        404: [reader.get("/api/v1/unknown"), reader.get(reverse("reports:api_campaign", args=[10**9]))],
        405: [reader.post(address), reader.delete(address)],
    }

    for status, responses in refusals.items():
        for response in responses:
            assert (response.status_code, response.json()["status"]) == (status, status)
            assert misfits("Error", response) == [] and "no-store" in response["Cache-Control"]
            assert response["Content-Disposition"] == "attachment"
    assert refusals[401][0]["WWW-Authenticate"].startswith("Bearer")
    assert refusals[405][0]["Allow"] == "GET, HEAD"
    assert reader.head(address).status_code == 200
    assert reader.get(address)["Content-Disposition"] == "attachment"


def test_a_signed_in_browser_is_no_program(people):
    client = Client()
    client.force_login(people.secretary)

    assert client.get(reverse("reports:api_campaigns")).status_code == 401


def test_wrong_tokens_have_to_wait_and_right_ones_never_for_them(people, reader):
    address = reverse("reports:api_campaigns")
    wrong = Client(headers={"Authorization": "Bearer pingyi_wrong"})

    with time_machine.travel(timezone.now(), tick=False):
        statuses = [wrong.get(address).status_code for _ in range(WRONG_TOKENS.holds + 1)]
        assert wrong.get(address)["Retry-After"] == "60"

    assert statuses == [401] * WRONG_TOKENS.holds + [429]
    assert reader.get(address).status_code == 200


def test_a_token_that_asks_too_often_has_to_wait(people, reader):
    address = reverse("reports:api_campaigns")
    other = program(people.branches[0], by=people.secretary)

    with time_machine.travel(timezone.now(), tick=False):
        statuses = [reader.get(address).status_code for _ in range(REQUESTS.holds + 1)]

    assert statuses == [200] * REQUESTS.holds + [429]
    assert other.get(address).status_code == 200


def test_the_day_of_use_is_kept(people, reader):
    reader.get(reverse("reports:api_campaigns"))

    assert ApiToken.objects.get().last_used_on == timezone.localdate()


def test_more_campaigns_and_units_take_no_more_queries(people, reader):
    def queries(path):
        # The first use of a day is written down.
        reader.get(path)
        with CaptureQueriesContext(connection) as captured:
            reader.get(path)
        return len(captured)

    paths = [reverse("reports:api_campaigns"), reverse("reports:api_campaign", args=[people.campaign.pk])]
    few = [queries(path) for path in paths]
    more = [make_organization(f"{number}组", parent=people.branches[0], kind="branch") for number in range(3)]
    for number in range(2):
        campaign = make_campaign(people.organization, title=f"第{number}次")
        actions.make_polls(campaign, [*people.branches, *more])
        ballot_actions.open_campaign(campaign, by=None)
    paths[1] = reverse("reports:api_campaign", args=[campaign.pk])

    assert [queries(path) for path in paths] == few


def test_every_read_with_a_token_leaves_its_row_and_none_is_given_without(people, reader, monkeypatch):
    key, unit = people.campaign.pk, people.organization
    asked = {
        "reports:api_campaigns": [],
        "reports:api_campaign": [key],
        "reports:api_tally_json": [key],
        "reports:api_tally_csv": [key],
    }
    of_api = {route for route in routes() if route.startswith("reports:api_")}

    for route, keys in asked.items():
        assert reader.get(reverse(route, args=keys), REMOTE_ADDR="10.1.2.3").status_code == 200
    reader.get(reverse("reports:api_campaign", args=[key + 999]))
    reader.head(reverse("reports:api_campaigns"))
    reader.post(reverse("reports:api_campaigns"))
    Client().get(reverse("reports:api_campaigns"))

    token, title = ("接口令牌", "看板"), ("评议活动", people.campaign.title)
    entries = list(TrailEntry.objects.order_by("number"))
    assert asked.keys() == READ_BY_TOKEN == of_api - LEAVE_NONE.keys()
    assert [(row.route, row.result, (row.object_kind, row.object_name)) for row in entries] == [
        ("reports:api_campaigns", "done", token),
        ("reports:api_campaign", "done", title),
        ("reports:api_tally_json", "done", title),
        ("reports:api_tally_csv", "done", title),
        ("reports:api_campaign", "refused", token),
        ("reports:api_campaigns", "done", token),
    ]
    assert {(row.account, row.user, row.deed, row.place) for row in entries} == {
        ("令牌“看板”（secretary）", people.secretary, "api", unit.path)
    }
    assert entries[0].address == "10.1.2.3"

    monkeypatch.setattr(watching, "write_entry", refuse_to_write)
    reader.raise_request_exception = False
    assert reader.get(reverse("reports:api_campaigns")).status_code == 500


def refuse_to_write(**facts):
    raise DatabaseError
