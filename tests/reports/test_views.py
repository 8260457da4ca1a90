"""Pages and downloads of results: who sees them, from when, and what stands on them."""

import io
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from pypdf import PdfReader

from ballots.actions import open_campaign
from ballots.counting import sealing
from ballots.voting import casting, codes
from campaigns import actions
from campaigns.models import Role
from reports.models import Summary
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_cast,
    make_open_poll,
    make_opinion,
    make_organization,
    make_sealed_poll,
    make_user,
)
from tests.reports.trail.rows import leave
from tests.words import words

pytestmark = pytest.mark.django_db
OF_A_POLL = ("poll_results", "results_workbook", "results_pdf", "count_sheet", "summary_pdf")
OF_A_CAMPAIGN = ("campaign_results", "campaign_workbook", "campaign_summary_pdf")


def address(name, poll):
    key = poll.campaign_id if name in OF_A_CAMPAIGN else poll.pk
    return reverse(f"reports:{name}", args=[key])


@pytest.fixture
def poll():
    return make_sealed_poll({"11": 39, "13": 2})


@pytest.mark.parametrize("name", ["results_workbook", "report_workbook", "campaign_workbook", "opinions_pdf"])
def test_downloads_with_opinions_bear_the_name_of_whoever_took_them_out(client, people, poll, name):
    make_opinion(poll)
    people.secretary.first_name = "王干事"
    people.secretary.save()
    client.force_login(people.secretary)

    body = client.get(address(name, poll), {"reason": "归档"}).content

    if name.endswith("pdf"):
        text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(body)).pages)
    else:
        text = load_workbook(io.BytesIO(body))["意见清单"]["A2"].value
    assert re.search(r"王干事于\d+年\d+月\d+日\d\d:\d\d导出", text)


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


@pytest.mark.parametrize("name", (*OF_A_POLL, *OF_A_CAMPAIGN))
@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 200), ("teller", 200), ("officer", 200), ("administrator", 403), ("outsider", 404)],
)
def test_results_are_for_those_who_answer_for_them(client, poll, people, name, who, status):
    client.force_login(getattr(people, who))

    assert client.get(address(name, poll)).status_code == status


@pytest.mark.parametrize("name", (*OF_A_POLL, *OF_A_CAMPAIGN, "summary_edit"))
def test_before_the_seal_there_is_nothing_for_anybody(client, name):
    poll = make_open_poll()
    enter_ballots(make_batch(poll, method="entered"), {"33": 37})
    close_poll(poll)
    client.force_login(make_cast(poll.organization).secretary)

    response = client.get(address(name, poll))

    assert response.status_code == 403
    assert "37" not in words(response)


@pytest.mark.parametrize(("who", "status"), [("secretary", 200), ("teller", 403), ("officer", 403), ("outsider", 404)])
def test_only_the_secretary_words_the_summary(client, poll, people, who, status):
    client.force_login(getattr(people, who))

    assert client.get(address("summary_edit", poll)).status_code == status
    assert client.post(address("summary_edit", poll), {"use": "改"}).status_code == (302 if status == 200 else status)
    assert Summary.objects.exists() == (status == 200)


def test_the_page_has_counts_denominators_rates_bars_and_the_finding(client, poll, people):
    poll.campaign.thresholds = ["org-dissatisfied-third"]
    poll.campaign.save()
    client.force_login(people.officer)

    page = client.get(address("poll_results", poll)).content.decode()

    assert "分母：有效票" in page
    assert "95.1%" in page
    # All of 100% beside 95.1%: what is left of an axis from 95% shows the difference.
    assert page.count("横轴从95%起") == 1
    assert '<rect class="g1" x="0%" y="0" width="2%" height="100%">' in page
    assert "诫勉谈话" not in page
    assert " style=" not in page


def test_a_group_that_is_too_small_says_so(client):
    poll = make_open_poll()
    enter_ballots(make_batch(poll, category="党员", method="entered"), {"11": 20})
    enter_ballots(make_batch(poll, category="群众代表", method="entered"), {"33": 4})
    close_poll(poll)
    sealing.seal(poll, by=None)
    client.force_login(make_cast(poll.organization).secretary)

    page = client.get(address("poll_results", poll)).content.decode()

    assert page.count("群众代表有效票少于5张，单列任何一组都能推算出来，不单列<") == 4


def test_opinions_are_for_the_secretary_and_the_officer_and_not_for_the_teller(client):
    poll = make_open_poll()
    slip = codes.make_slips(make_batch(poll), 1)[0]
    opinion = casting.OpinionText(target_id=poll.targets.get().pk, text="食堂再便宜些<b>")
    casting.cast(ticket=codes.exchange(slip), key="k", marks="11", opinions=[opinion])
    close_poll(poll)
    sealing.seal(poll, by=None)
    people = make_cast(poll.organization)

    seen = {}
    for who in ("secretary", "officer", "teller"):
        client.force_login(getattr(people, who))
        seen[who] = "食堂再便宜些&lt;b&gt;" in client.get(address("poll_results", poll)).content.decode()

    assert seen == {"secretary": True, "officer": True, "teller": False}


def test_a_summary_with_blanks_is_refused_and_its_draft_is_not(client, poll, people):
    client.force_login(people.secretary)
    client.post(address("summary_edit", poll), {"use": "【待填】", "signed_on": "2026年11月8日"})

    final = client.get(address("summary_pdf", poll), follow=True)
    draft = client.get(address("summary_pdf", poll) + "?draft=1")
    client.force_login(people.officer)
    above = client.get(address("summary_pdf", poll), follow=True)

    assert "补齐后才能导出正式稿，草稿在“写小结”里下载。" in final.content.decode()
    assert "补齐后才能导出正式稿。" in above.content.decode()
    assert draft["Content-Type"] == "application/pdf"


def test_an_officer_over_a_part_of_the_tree_sees_that_part(client):
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_campaign(root)
    actions.make_polls(campaign, branches)
    open_campaign(campaign, by=None)
    for poll, count in zip(campaign.polls.all(), (11, 17), strict=True):
        enter_ballots(make_batch(poll, method="entered"), {"11": count})
        close_poll(poll)
        sealing.seal(poll, by=None)
    client.force_login(make_user("jia", kind=Role.Kind.SECRETARY, organization=branches[0]))
    page = reverse("reports:campaign_results", args=[campaign.pk])

    own = client.get(page).content.decode()

    assert "甲支部的汇总结果" in own
    assert "乙支部" not in own
    assert not re.search(r"\b(17|28)\b", own)
    assert client.get(page, {"unit": branches[1].pk}).status_code == 404
    assert client.get(page, {"unit": root.pk}).status_code == 404
    assert client.get(page, {"unit": "x"}).status_code == 404


def test_the_campaign_page_asks_the_database_as_often_for_one_unit_as_for_four(client):
    counts = []
    # The first row of the trail has none before it, and asks once more.
    leave()
    for size in (1, 4):
        root = make_organization(f"{size}局党委")
        branches = [make_organization(f"{place}支部", parent=root, kind="branch") for place in range(size)]
        campaign = make_campaign(root)
        actions.make_polls(campaign, branches)
        open_campaign(campaign, by=None)
        for poll in campaign.polls.all():
            enter_ballots(make_batch(poll, method="entered"), {"11": 6})
            close_poll(poll)
            sealing.seal(poll, by=None)
        client.force_login(make_user(f"officer{size}", kind=Role.Kind.OFFICER, organization=root))
        for name in ("campaign_results", "campaign_workbook"):
            with CaptureQueriesContext(connection) as queries:
                assert client.get(reverse(f"reports:{name}", args=[campaign.pk])).status_code == 200
            counts.append(len(queries))

    assert counts[:2] == counts[2:]
