"""Every figure that a secretary can place in a 小结 can stand in a template too."""

import pytest

from campaigns.models import Organization
from reports.report import summary_of
from reports.scope import Scope
from reports.word_templates.fields import BLOCKS, GAP, KNOWN, LISTED, words_for_fields
from tests.factories import make_sealed_poll

pytestmark = pytest.mark.django_db


def contents():
    poll = make_sealed_poll({"11": 39, "12": 1, "1-": 1})
    return summary_of(Scope.of_poll(poll)), summary_of(Scope.of(poll.campaign, Organization.objects.get()))


def test_all_fields_of_a_summary_are_known_and_no_listed_one_is_dead():
    of_poll, of_unit = contents()
    offered = {name for content in (of_poll, of_unit) for name, _ in content.fields}

    assert offered - KNOWN == set()
    assert set(LISTED) - set(BLOCKS) - offered == {"标题", "单位", "落款日期"}
    assert len(set(LISTED)) == len(LISTED)


def test_words_are_those_of_the_summary_and_a_missing_figure_is_a_gap():
    of_poll, _ = contents()

    words = words_for_fields(of_poll)

    assert words["满意率"] == dict(of_poll.fields)["满意率"] and "95" in words["满意率"]
    assert (words["标题"], words["单位"], words["会议场次"]) == (of_poll.title, of_poll.unit, GAP)
    assert set(words) >= KNOWN - set(BLOCKS) and not set(words) & set(BLOCKS)
