"""Pages of public commitments: what became of them, unit by unit."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import make_cast, make_commitment, make_member, make_organization, make_user
from tests.reports.commitments.test_content import make_voted

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    return make_cast(make_organization("某乡党委"))


@pytest.fixture
def branch(cast):
    return make_organization("甲支部", parent=cast.organization, kind="branch")


@pytest.fixture
def secretary(client, cast):
    client.force_login(cast.secretary)
    return client


def url(route, *keys, **query):
    return reverse(f"reports:{route}", args=keys, query=query)


def contents(response):
    return [commitment.content for commitment, *_ in response.context["rows"]]


def test_the_figures_name_their_denominator(secretary, cast, branch):
    make_commitment(branch, "承诺一", status="fulfilled")
    make_commitment(branch, "承诺二")
    make_commitment(cast.organization, "食堂", kind="deed")
    make_member(branch)

    response = secretary.get(url("commitment_list"))

    figures = response.context["figures"]
    assert (figures.commitments, figures.deeds, figures.average.text, figures.rate.text) == (2, 1, "2.00", "50.0")
    assert "兑现率（分母：全部公开承诺2项）" in response.content.decode()


@pytest.fixture
def various(cast, branch):
    make_commitment(branch, "党组织的", due_on="2020-01-01")
    make_commitment(branch, "党员的", make_member(branch, "李四"), status="fulfilled", due_on="2020-01-01")
    make_commitment(branch, "没有做到", status="unfulfilled", due_on="2020-01-01")
    make_commitment(cast.organization, "办食堂", kind="deed", due_on="2999-01-01")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["办食堂", "党组织的", "没有做到", "党员的"]),
        ({"by": "member"}, ["党员的"]),
        ({"by": "organization"}, ["办食堂", "党组织的", "没有做到"]),
        ({"kind": "deed"}, ["办食堂"]),
        ({"status": "unfulfilled"}, ["没有做到"]),
        # A commitment fulfilled or given up is not overdue, however late.
        ({"status": "overdue"}, ["党组织的"]),
        ({"sought": "李四"}, ["党员的"]),
        ({"sought": "甲支部"}, ["党组织的", "没有做到", "党员的"]),
        ({"sought": "食堂", "kind": "promise"}, []),
        ({"kind": "nonsense"}, ["办食堂", "党组织的", "没有做到", "党员的"]),
    ],
)
def test_commitments_are_narrowed(query, expected, secretary, various):
    assert sorted(contents(secretary.get(url("commitment_list", **query)))) == sorted(expected)


def test_overdue_commitments_are_marked_and_counted(secretary, various):
    response = secretary.get(url("commitment_list"))

    assert {commitment.content: is_overdue for commitment, _, is_overdue, _ in response.context["rows"]} == {
        "党组织的": True,
        "党员的": False,
        "没有做到": False,
        "办食堂": False,
    }
    assert response.context["figures"].overdue == 1


def test_a_branch_sees_its_own_alone(client, cast, branch, various):
    client.force_login(make_user("branch", kind="secretary", organization=branch))

    response = client.get(url("commitment_list"))

    assert sorted(contents(response)) == sorted(["党组织的", "没有做到", "党员的"])
    assert response.context["figures"].deeds == 0
    assert client.get(url("commitment_list", unit=cast.organization.pk)).status_code == 404


def test_only_an_unfulfilled_commitment_goes_on_to_the_ledger(secretary, various):
    page = secretary.get(url("commitment_list")).content.decode()

    (unfulfilled,) = [
        commitment for commitment, *_ in secretary.get(url("commitment_list", status="unfulfilled")).context["rows"]
    ]
    assert page.count("转入整改台账</a>") == 1
    assert url("problem_add", commitment=unfulfilled.pk) in page


def test_a_sealed_vote_is_shown_and_one_that_is_not_sealed_is_not(secretary, branch):
    commitment = make_commitment(branch)
    poll = make_voted(branch, commitment, {"11": 59, "12": 1})

    def shown():
        return [vote and vote.voted.text for _, vote, *_ in secretary.get(url("commitment_list")).context["rows"]]

    assert shown() == ["98.3%"]
    type(poll).objects.filter(pk=poll.pk).update(state="closed", sealed_at=None)
    assert shown() == [None]


def test_the_list_takes_as_many_queries_for_three_rows_as_for_one(secretary, cast, branch):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert secretary.get(url("commitment_list")).status_code == 200
        return len(captured)

    make_voted(branch, make_commitment(branch), {"11": 5})
    queries()
    for_one_row = queries()
    for number in range(2):
        member = make_member(branch, f"党员{number}")
        commitment = make_commitment(branch, f"承诺{number}", member, status="unfulfilled")
        make_voted(branch, commitment, {"11": 5}, title=f"第{number}次评议")
        make_organization(f"第{number}支部", parent=cast.organization, kind="branch")

    assert queries() == for_one_row


# Recording the outcome


def test_fulfilment_is_recorded(secretary, branch):
    commitment = make_commitment(branch)
    fulfilled = {"status": "fulfilled", "fulfilled_on": "2026-06-01", "note": "修好了200米。"}

    response = secretary.post(url("commitment_fulfil", commitment.pk), fulfilled)

    commitment.refresh_from_db()
    assert response.url == url("commitment_list", unit=branch.pk)
    assert (commitment.status, commitment.fulfilled_on, commitment.note) == (
        "fulfilled",
        date(2026, 6, 1),
        "修好了200米。",
    )
    assert (commitment.content, commitment.kind) == ("修好楼前的路", "promise")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"status": "ongoing", "fulfilled_on": "2026-06-01"}, "只有已兑现的承诺才填兑现日期。"),
        ({"status": "unfulfilled", "fulfilled_on": "2026-06-01"}, "只有已兑现的承诺才填兑现日期。"),
        ({"status": "fulfilled", "fulfilled_on": "2999-06-01"}, "兑现日期不能晚于今天"),
        ({"status": "lost"}, "lost"),
        ({"status": "fulfilled", "note": "好" * 301}, "300"),
    ],
)
def test_a_wrong_fulfilment_is_refused_with_the_reason(fields, message, secretary, branch):
    commitment = make_commitment(branch)

    page = secretary.post(url("commitment_fulfil", commitment.pk), fields).content.decode()

    commitment.refresh_from_db()
    assert message in page
    assert (commitment.status, commitment.fulfilled_on, commitment.note) == ("ongoing", None, "")


@pytest.mark.parametrize(
    ("who", "status"), [("officer", 403), ("teller", 403), ("administrator", 403), ("outsider", 404)]
)
def test_only_the_secretary_records_fulfilment(who, status, client, cast, branch):
    commitment = make_commitment(branch)
    client.force_login(getattr(cast, who))

    response = client.post(url("commitment_fulfil", commitment.pk), {"status": "fulfilled"})

    commitment.refresh_from_db()
    assert (response.status_code, commitment.status) == (status, "ongoing")
