"""The workbook of meetings says what is known, proposes the roster's count, and comes back unchanged."""

import io
from datetime import UTC, date, datetime
from functools import partial

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from campaigns import actions
from campaigns.forms.polls import put_facts
from campaigns.meeting_facts.listing import HEADINGS, read_meeting_facts
from campaigns.meeting_facts.template import draw_meeting_facts
from campaigns.models import Poll
from campaigns.views import meeting_facts
from tests.factories import make_campaign, make_cast, make_member, make_organization, make_user

read = partial(read_meeting_facts, put=put_facts)

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 3, tzinfo=UTC)
SEALED = {"state": "sealed", "form": {}, "closed_at": NOW, "sealed_at": NOW}


@pytest.fixture
def committee():
    return make_organization("某局党委")


@pytest.fixture
def campaign(committee):
    units = [make_organization(name, parent=committee, kind="branch") for name in ("第一支部", "=第二支部")]
    for name in ("张三", "李四"):
        make_member(units[1], name)
    campaign = make_campaign(committee)
    actions.make_polls(campaign, units)
    facts = {"entitled_count": 30, "meeting_on": date(2026, 12, 1), "host": "=王书记"}
    Poll.objects.filter(organization=units[0]).update(**facts)
    return campaign


def polls_of(campaign):
    return list(campaign.polls.select_related("organization__parent").order_by("path"))


def test_known_facts_are_filled_in_and_the_roster_s_count_proposed(campaign):
    polls = polls_of(campaign)
    sheet = load_workbook(io.BytesIO(draw_meeting_facts(polls, {polls[1].organization_id: 2}))).active

    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0] == HEADINGS
    assert rows[1] == ("第一支部", 30, "2026-12-01", None, "=王书记", None, None, None)
    assert rows[2] == ("=第二支部", 2, None, None, None, None, None, None)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)} == {"s"}


def test_a_workbook_sent_back_as_it_is_changes_only_the_proposed_counts(campaign):
    polls = polls_of(campaign)
    body = draw_meeting_facts(polls, {polls[1].organization_id: 2})

    listing = read(io.BytesIO(body), campaign.polls.all())

    (line,) = listing.lines
    assert (line.poll, [(change.label, change.after) for change in line.changes]) == (
        polls[1].pk,
        [("应参评人数", "2")],
    )
    assert (listing.unchanged_count, listing.errors) == (1, [])


def test_the_workbook_goes_by_the_pages_from_download_to_saved(campaign, committee, client, settings, tmp_path):
    settings.VAR_DIR = tmp_path
    client.force_login(make_cast(committee).secretary)
    page = reverse("campaigns:meeting_facts", args=[campaign.pk])
    book = load_workbook(io.BytesIO(client.get(reverse("campaigns:meeting_facts_file", args=[campaign.pk])).content))
    book.active["D3"] = "二楼会议室"
    file = io.BytesIO()
    book.save(file)

    preview = client.post(page, {"file": SimpleUploadedFile("会议情况.xlsx", file.getvalue())})
    before = Poll.objects.filter(place="二楼会议室").count()
    address, upload = reverse("campaigns:meeting_facts_confirm", args=[campaign.pk]), preview.context["token"]
    saved = client.post(address, {"upload": upload}, follow=True)
    again = client.post(address, {"upload": upload}, follow=True)

    assert "1个评议点有变动，还没有写入" in preview.content.decode() and before == 0
    assert "1个评议点的会议情况已经保存。" in saved.content.decode()
    assert Poll.objects.get(place="二楼会议室").entitled_count == 2
    assert "已经确认过" in again.content.decode()


def test_a_secretary_of_one_unit_gets_that_one_alone(campaign, client):
    poll = polls_of(campaign)[0]
    client.force_login(make_user("branch", kind="secretary", organization=poll.organization))

    sent = client.get(reverse("campaigns:meeting_facts_file", args=[campaign.pk]))

    rows = list(load_workbook(io.BytesIO(sent.content)).active.iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["第一支部"]


def test_sealed_meetings_have_no_row(campaign, committee, client):
    campaign.polls.update(**SEALED)
    client.force_login(make_cast(committee).secretary)

    page = client.get(reverse("campaigns:meeting_facts", args=[campaign.pk]))

    assert "都已经封存" in page.content.decode()


def test_a_long_list_is_searched_and_comes_in_parts_that_can_be_sent_back(campaign, committee, client, monkeypatch):
    """The first county's units are called as those of the second, so that a part must say whose they are."""
    monkeypatch.setattr(meeting_facts, "MOST_ROWS", 2)
    counties = [make_organization(name, parent=committee) for name in ("甲县委", "乙县委")]
    units = [make_organization("第三支部", parent=county, kind="branch") for county in counties]
    actions.make_polls(campaign, units)
    client.force_login(make_cast(committee).secretary)
    page, file = (reverse(f"campaigns:{name}", args=[campaign.pk]) for name in ("meeting_facts", "meeting_facts_file"))

    whole = client.get(file, follow=True).content.decode()
    searched = client.get(page, {"q": "乙县委"}).content.decode()
    body = client.get(file, {"q": "乙县委"}).content
    sheet = load_workbook(io.BytesIO(body)).active
    sheet["D2"] = "二楼会议室"
    changed = io.BytesIO()
    sheet.parent.save(changed)
    listing = read(io.BytesIO(changed.getvalue()), campaign.polls.all())

    assert "一张表最多2个评议点" in whole and "的评议点有4个" in whole
    assert f"{file}?q=%E4%B9%99" in searched and "查找到的1个没有封存的评议点" in searched
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["乙县委/第三支部"]
    assert [(line.poll, line.changes[0].after) for line in listing.lines] == [
        (campaign.polls.get(organization=units[1]).pk, "二楼会议室")
    ]


def test_the_page_takes_the_same_queries_for_one_unit_and_for_three(campaign, committee, client):
    client.force_login(make_cast(committee).secretary)
    address = reverse("campaigns:meeting_facts", args=[campaign.pk])
    with CaptureQueriesContext(connection) as of_two:
        client.get(address)
    actions.make_polls(campaign, [make_organization("第三支部", parent=committee, kind="branch")])
    with CaptureQueriesContext(connection) as of_three:
        client.get(address)

    assert len(of_two) == len(of_three)
