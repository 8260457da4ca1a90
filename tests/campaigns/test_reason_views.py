"""Files with names or opinions are given to whoever says what for, and the trail keeps that with the download."""

from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from ballots.models import Opinion
from campaigns.models import TrailEntry
from tests.factories import make_cast, make_sealed_poll

pytestmark = pytest.mark.django_db
WORDS = "食堂的饭凉了"


@pytest.fixture
def poll():
    poll = make_sealed_poll({"11": 5})
    Opinion.objects.create(target=poll.targets.first(), kind="suggestion", text=WORDS)
    return poll


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


def rows():
    return list(TrailEntry.objects.order_by("number").values_list("route", "result", "reason"))


def file_of(poll, name="opinions_pdf"):
    return reverse(f"reports:{name}", args=[poll.pk])


def test_a_list_of_opinions_waits_for_a_reason_which_the_trail_keeps(client, people, poll):
    client.force_login(people.secretary)

    asked = client.get(file_of(poll))
    before = rows()
    given = client.get(file_of(poll), {"reason": "提交党委会研究"})

    assert "请写明用途" in asked.content.decode()
    assert WORDS not in asked.content.decode()
    assert before == []
    assert given["Content-Type"] == "application/pdf"
    assert rows() == [("reports:opinions_pdf", "done", "提交党委会研究")]


@pytest.mark.parametrize("reason", ["", "  ", "x", "x" * 201])
def test_nothing_and_too_much_are_no_reasons(client, people, poll, reason):
    client.force_login(people.secretary)

    page = client.get(file_of(poll), {"reason": reason})

    assert page.context["form"].errors
    assert rows() == []


def test_the_page_keeps_what_else_was_asked_for(client, people, poll):
    client.force_login(people.secretary)

    page = client.get(file_of(poll, "report_workbook"), {"draft": "1"})

    assert '<input type="hidden" name="draft" value="1">' in page.content.decode()


@pytest.mark.parametrize("name", ["results_workbook", "report_workbook"])
def test_a_workbook_asks_where_opinions_are_in_it(client, people, poll, name):
    client.force_login(people.secretary)

    asked = client.get(file_of(poll, name))
    given = client.get(file_of(poll, name), {"reason": "归档"})

    assert "请写明用途" in asked.content.decode()
    assert "意见清单" in load_workbook(BytesIO(given.content)).sheetnames
    assert rows() == [(f"reports:{name}", "done", "归档")]


def test_a_workbook_without_opinions_asks_nothing(client, people, poll):
    Opinion.objects.all().delete()
    client.force_login(people.secretary)

    assert client.get(file_of(poll, "results_workbook")).content.startswith(b"PK")
    assert rows() == [("reports:results_workbook", "done", "")]


def test_who_may_not_read_them_is_refused_before_any_question(client, people, poll):
    client.force_login(people.teller)
    refused = client.get(file_of(poll))
    client.force_login(people.outsider)
    foreign = client.get(file_of(poll))

    assert (refused.status_code, foreign.status_code) == (403, 404)
