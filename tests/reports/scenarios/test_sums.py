"""Sums of two branches, and identities that break (C20)."""

import re

import pytest
from django.urls import reverse

from ballots.counting import recounting, tally
from reports.files import pdf
from reports.report import content_of_poll, summary_of
from reports.results.rollup import roll_up
from reports.scope import Scope
from reports.tables import tally_format
from tests.factories import (
    make_cast,
    make_sealed_poll,
    tamper,
)
from tests.words import words

from .printed import ONE, make_two_branches, page_of, paragraphs_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("dissatisfied", "expected"), [(30, []), (31, [("乙支部", 31, 90)])])
def test_c20_a_committee_has_the_rate_of_its_ballots_and_each_target_its_own_threshold(client, dissatisfied, expected):
    campaign = make_two_branches({"1": 10}, {"1": 45, "2": 45 - dissatisfied, "3": dissatisfied})
    client.force_login(make_cast(campaign.organizer).officer)

    page = words(client.get(reverse("reports:campaign_results", args=[campaign.pk])).content.decode())
    (line,) = roll_up(campaign).lines

    assert (line.result.cell.grades[0], line.result.base, line.result.satisfaction.digits) == (55, 100, "55.0")
    assert "100 55.0%" in page and "75.0%" not in page
    findings = tally_format.build(campaign).findings
    assert [(finding["target"], finding["numerator"], finding["denominator"]) for finding in findings] == expected


# Identities (DESIGN 5)


def test_a_broken_identity_is_shown_in_red_with_the_numbers_that_do_not_fit(client, monkeypatch):
    poll = make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE)
    tamper(poll)
    people = make_cast(poll.organization)
    told = "各档41＋不了解0＋弃权1＋行无效0＝42，与有效票41不符。"

    page = page_of(client, poll, people=people)
    sums = client.get(reverse("reports:campaign_results", args=[poll.campaign_id])).content.decode()
    drawn = {}
    monkeypatch.setattr(pdf, "_draw", lambda template, context: drawn.setdefault(template, context) and b"")
    pdf.draw_count_sheet(content_of_poll(poll))

    assert re.search(f'alert-danger" role="alert">计票数字不能同时成立[^<]*{told}</div>', page)
    assert re.search(f'alert-danger" role="alert">汇总数字不能同时成立[^<]*{told}</div>', sums)
    assert told in drawn["print/count_sheet.html"]["content"].warnings[0]
    assert not summary_of(Scope.of_poll(poll)).is_complete
    assert "95.1" not in "".join(paragraphs_of(poll))
    with pytest.raises(tally.IdentityError, match="与有效票41不符"):
        tally_format.build(poll.campaign)
    assert recounting.recount(poll) != []


def test_no_warning_stands_where_the_numbers_fit(client):
    assert "alert-danger" not in page_of(client, make_sealed_poll({"1": 39, "2": 1, "-": 1}, indicators=ONE))
