"""Each ready-made form of the library from the choice of it to its workbook and its 小结, without a browser.

`tests/browser/test_library.py` walks by the clicks of a secretary, with a few forms, and with all in `make test-long`.
"""

import io
from collections import Counter

import pytest
from django.test import Client
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import sealing
from ballots.voting import casting, codes
from campaigns import actions
from campaigns.library import appraisals
from campaigns.models import Target
from tests.browser.library_walk import (
    BALLOTS,
    CHOSEN_OR_NOT,
    Line,
    count,
    figures_in_workbook,
    make_branch,
    marks_of,
    missing,
    written,
)
from tests.factories import around_today, close_poll, make_batch
from tests.reports.scoring.rated import make_scheme

pytestmark = pytest.mark.django_db


def hold(form):
    """The open poll of a branch that took the form, with four options in each list to choose from."""
    branch = make_branch()
    facts = {"title": form.title, "period": "2026年度", "basis": "某发〔2026〕1号", **around_today()}
    campaign = actions.create_campaign(organizer=branch, appraisal=form.key, by=None, **facts)
    actions.make_polls(campaign, [branch])
    poll = campaign.polls.get()
    for questionnaire in campaign.questionnaires.exclude(most_chosen=None):
        for option in ("修好楼前的路", "装好路灯", "办起食堂", "窗口下班太早"):
            actions.add_target(
                Target(poll=poll, kind=questionnaire.target_kind, name=option, questionnaire=questionnaire)
            )
    if form.is_scored:
        make_scheme(campaign)
    open_campaign(campaign, by=None)
    return campaign.polls.get()


def lines_of(poll):
    """The lines of the frozen ballot as a phone shows them."""
    return [
        Line(section.name, CHOSEN_OR_NOT, is_option=True)
        if section.most_chosen
        else Line(f"{section.name}：{indicator.text}", list(section.labels))
        for section in poll.ballot_form.sections
        for indicator in section.indicators
    ]


@pytest.mark.parametrize("key", appraisals())
def test_a_form_gives_the_figures_of_its_ballots(key):
    form = appraisals()[key]
    poll = hold(form)
    categories = poll.campaign.categories.filter(name__in=form.categories if form.weights else form.categories[:1])
    slips = [
        slip for category in categories for slip in codes.make_slips(make_batch(poll, category=category.name), BALLOTS)
    ]
    lines = lines_of(poll)
    cast = [marks_of(lines, place, own=form.rules.is_self_excluded) for place in range(len(slips))]
    for slip, marks in zip(slips, cast, strict=True):
        casting.cast(ticket=codes.exchange(slip), key=slip, marks=written(marks))
    close_poll(poll)
    sealing.seal(poll, by=None)

    expected = count(lines, cast, own=form.rules.is_self_excluded)
    assert Counter(expected) == figures_in_workbook(file_of("results_workbook", poll))
    assert missing(expected, file_of("summary_pdf", poll)) == []


def file_of(route, poll):
    """The file that the secretary downloads."""
    desk = Client()
    desk.login(username="secretary", password="a-long-enough-password")
    response = desk.get(reverse(f"reports:{route}", args=[poll.pk]))
    assert response.status_code == 200
    return io.BytesIO(b"".join(response))
