"""The workbench of a poll: what it shows in each state, and to whom it offers which deed."""

import pytest
from django.urls import reverse
from django.utils.html import strip_tags

from ballots import actions
from ballots.counting import closing, sealing
from ballots.voting import codes
from campaigns.actions import make_polls
from tests import factories

from .asking import text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_the_workbench_shows_turnout_in_steps_and_no_exact_number_while_open(secretary, poll):
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 17})
    codes.make_slips(batch, 43)

    response = secretary.get(url("poll_detail", poll_id=poll.pk))

    cells = [cell.strip() for cell in strip_tags(text_of(response)).splitlines()]
    assert "15票以上" in cells
    assert "60" in cells
    assert not {"17", "43"} & set(cells)
    # Keys are numbers, too, and may be any.
    known = vars(response.context["batches"][0]).items()
    assert not {17, 43} & {value for name, value in known if name not in ("id", "poll_id", "category_id")}
    assert [step.place for step in response.context["steps"]] == ["done", "done", "current", "ahead", "ahead", "ahead"]


def test_the_workbench_reconciles_after_closing(secretary, poll):
    batch = factories.make_batch(poll)
    factories.cast_ballots(batch, {"11": 17})
    codes.make_slips(batch, 43)
    closing.close(poll, by=None, attended=25, facts={batch.pk: closing.BatchFacts(issued=20)})

    page = text_of(secretary.get(url("poll_detail", poll_id=poll.pk)))

    numbers = ("60", "20", "17", "17", "0", "43")
    row = "".join(f'<td class="number">{number}</td>' for number in numbers)
    assert row in "".join(line.strip() for line in page.splitlines())
    assert reverse("ballots:poll_seal", kwargs={"poll_id": poll.pk}) in page


def test_each_role_is_offered_only_what_it_may_do(client, people, poll):
    batch = factories.make_batch(poll)
    deeds = [
        url("poll_close", poll_id=poll.pk),
        url("batch_add", poll_id=poll.pk),
        url("batch_void", batch_id=batch.pk),
        url("batch_slips", batch_id=batch.pk),
    ]

    offered = {}
    for role in ("secretary", "teller", "officer", "administrator"):
        client.force_login(getattr(people, role))
        page = text_of(client.get(url("poll_detail", poll_id=poll.pk)))
        offered[role] = [deed in page for deed in deeds]

    nothing = [False] * 4
    assert offered == {"secretary": [True] * 4, "teller": nothing, "officer": nothing, "administrator": nothing}


def test_results_are_offered_after_the_seal_but_not_to_the_administrator_of_accounts(client, people, poll):
    factories.enter_ballots(factories.make_batch(poll, method="entered"), {"11": 9})
    factories.close_poll(poll)
    links = {}
    for state in ("closed", "sealed"):
        if state == "sealed":
            sealing.seal(poll, by=None)
        for role in ("secretary", "teller", "officer", "administrator"):
            client.force_login(getattr(people, role))
            page = text_of(client.get(url("poll_detail", poll_id=poll.pk)))
            links[state, role] = reverse("reports:poll_results", kwargs={"poll_id": poll.pk}) in page

    assert [role for (state, role), shown in links.items() if shown] == ["secretary", "teller", "officer"]
    assert not any(shown for (state, _), shown in links.items() if state == "closed")


def test_the_workbench_takes_as_many_queries_for_two_batches_as_for_six(secretary, poll, django_assert_max_num_queries):
    def add_two():
        factories.make_batch(poll)
        factories.make_batch(poll, method="entered")

    add_two()
    secretary.get(url("poll_detail", poll_id=poll.pk))
    with django_assert_max_num_queries(50) as few:
        secretary.get(url("poll_detail", poll_id=poll.pk))
    add_two()
    add_two()

    with django_assert_max_num_queries(len(few)):
        secretary.get(url("poll_detail", poll_id=poll.pk))


def everything(poll, campaign, batch):
    return {
        "poll_detail": ("get", {"poll_id": poll.pk}),
        "rehearsal_start": ("post", {"poll_id": poll.pk}),
        "rehearsal_end": ("post", {"poll_id": poll.pk}),
        "poll_close": ("get", {"poll_id": poll.pk}),
        "poll_seal": ("get", {"poll_id": poll.pk}),
        "batch_void": ("get", {"batch_id": batch.pk}),
        "campaign_open": ("get", {"campaign_id": campaign.pk}),
        "campaign_close": ("get", {"campaign_id": campaign.pk}),
        "campaign_seal": ("get", {"campaign_id": campaign.pk}),
    }


@pytest.mark.parametrize(
    ("role", "status"), [("outsider", 404), ("teller", 403), ("officer", 403), ("administrator", 403)]
)
def test_only_the_secretary_runs_a_poll(client, people, campaign, poll, role, status):
    batch = factories.make_batch(poll)
    client.force_login(getattr(people, role))

    answers = {
        name: getattr(client, method)(url(name, **kwargs)).status_code
        for name, (method, kwargs) in everything(poll, campaign, batch).items()
    }

    expected = dict.fromkeys(answers, status)
    if status == 403:
        expected["poll_detail"] = 200
    assert answers == expected


def test_a_branch_secretary_runs_the_own_poll_but_not_the_campaign(client, people):
    branch = factories.make_organization("一支部", parent=people.organization, kind="branch")
    campaign = factories.make_campaign(people.organization)
    make_polls(campaign, [branch])
    actions.open_campaign(campaign, by=None)
    client.force_login(factories.make_user("branch", kind="secretary", organization=branch))

    answers = [
        client.get(url("poll_close", poll_id=campaign.polls.get().pk)).status_code,
        client.get(url("campaign_close", campaign_id=campaign.pk)).status_code,
        client.post(url("campaign_seal", campaign_id=campaign.pk)).status_code,
        client.post(url("campaign_open", campaign_id=campaign.pk)).status_code,
    ]

    assert answers == [200, 403, 403, 403]


@pytest.mark.parametrize("name", ["rehearsal_start", "rehearsal_end"])
def test_a_rehearsal_is_not_changed_by_following_a_link(secretary, campaign, name):
    poll = campaign.polls.get()

    assert secretary.get(url(name, poll_id=poll.pk)).status_code == 405
