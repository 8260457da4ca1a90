"""Notices that were frozen before their shape changed are read as they were."""

import json
from datetime import date

import pytest

from ballots.counting import tally
from reports.announcements import AnnouncedFigure
from reports.report import content_of_announcement
from tests.factories import make_commitment, make_sealed_poll
from tests.reports.announcements.notices import published

pytestmark = pytest.mark.django_db


def test_a_notice_that_was_published_with_figures_as_words_says_them_still():
    notice = published(make_sealed_poll({"1": 39, "-": 2}, indicators=(("总体评价", True),)))
    frozen = json.loads(json.dumps(content_of_announcement(notice).as_json()))
    del frozen["format"]
    (row,) = frozen["tables"][0]["rows"]
    row |= {"base": "41", "satisfaction": "95.1"}
    row["figures"] = [{"label": "满意", "count": 39, "rate": "95.1"}, {"label": "弃权", "count": 0, "rate": "—"}]
    notice.content = frozen

    (read,) = content_of_announcement(notice).tables[0].rows

    assert (read.base, read.satisfaction) == (41, tally.rate_of(39, 41))
    assert read.figures == (
        AnnouncedFigure("满意", 39, tally.rate_of(39, 41)),
        AnnouncedFigure("弃权", 0, tally.Rate()),
    )


def test_a_notice_that_was_published_before_it_could_have_lists_has_none():
    notice = published(make_sealed_poll())
    before = content_of_announcement(notice)
    del notice.content["lists"]

    assert content_of_announcement(notice) == before


def test_lists_are_frozen_and_read_back_whole():
    poll = make_sealed_poll()
    make_commitment(poll.organization, due_on=date(2026, 12, 31))
    notice = published(poll, extras=["commitments"])
    before = content_of_announcement(notice)

    notice.content = json.loads(json.dumps(before.as_json()))

    assert content_of_announcement(notice) == before
    assert [entry.text for entry in before.lists[0].entries] == ["修好楼前的路"]


@pytest.mark.parametrize(
    ("marks", "indicators", "name", "text"),
    [
        ({"1": 39, "-": 2}, ("总体评价",), "满意率", "95.1%"),
        ({"11": 39, "13": 2}, ("作风", "总体评价"), "满意率", "95.1%"),
        ({"11": 39, "13": 2}, ("作风", "纪律"), "各项满意率", "95.1%～100.0%"),
        ({"11": 39}, ("作风", "纪律"), "各项满意率", "100.0%"),
    ],
)
def test_a_target_s_figure_at_a_glance_is_its_overall_rate_or_lies_between_those_of_its_lines(
    marks, indicators, name, text
):
    (table,) = content_of_announcement(published(make_sealed_poll(marks, indicators=indicators))).tables

    assert (table.figure_name, table.figure_text) == (name, text)
