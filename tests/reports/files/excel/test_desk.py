"""The workbook of a campaign's units: the chosen ones, with the columns that the reader may see."""

import io

import openpyxl
import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions
from reports.files.excel.desk import FOLLOW_UP_HEADS, HEADS
from tests.factories import close_poll, make_campaign, make_cast, make_organization

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign():
    root = make_organization()
    campaign = make_campaign(root)
    actions.make_polls(campaign, [make_organization(name, parent=root, kind="branch") for name in ("甲", "乙")])
    open_campaign(campaign, by=None)
    close_poll(campaign.polls.get(organization__name="乙"))
    return campaign


def sheet_of(client, user, campaign, **query):
    client.force_login(user)
    answer = client.get(reverse("reports:desk_workbook", args=[campaign.pk]), query)
    return list(openpyxl.load_workbook(io.BytesIO(answer.content))["各单位进度"].iter_rows(min_row=3, values_only=True))


def test_each_chosen_unit_has_a_row_and_the_reader_s_columns(client, campaign):
    people = make_cast(campaign.organizer)

    heads, *rows = sheet_of(client, people.officer, campaign)
    assert heads == (*HEADS, *FOLLOW_UP_HEADS)
    assert [row[:5] for row in rows] == [
        (1, "甲", "评议中", "还没有票批", ""),
        (2, "乙", "已截止", "", "已截止，待清点封存"),
    ]

    heads, *rows = sheet_of(client, people.teller, campaign, show="closed")
    assert heads == HEADS
    assert [row[1] for row in rows] == ["乙"]


def test_more_units_than_a_workbook_holds_are_searched_first(client, campaign, monkeypatch):
    monkeypatch.setattr("reports.views.committee.MOST_IN_WORKBOOK", 1)
    client.force_login(make_cast(campaign.organizer).officer)
    address = reverse("reports:desk_workbook", args=[campaign.pk])

    refused, fitting = client.get(address, follow=True), client.get(address, {"q": "甲"})

    assert "这里有2个单位，一份工作簿最多1个" in refused.content.decode()
    assert fitting["Content-Type"].startswith("application/vnd.openxmlformats")
