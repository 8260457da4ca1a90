"""The demo's reading desk: what says nothing is set aside, the rest gets a category and masked words."""

import pytest

from reports.demo import words
from reports.demo.desk import merge, sort_opinions
from reports.models import OpinionReading
from reports.opinions import opinions_content
from reports.scope import Scope
from tests.factories import make_opinion, make_sealed_poll

from .staging import make_stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    poll = make_sealed_poll()
    for text in (*words.BESIDE_THE_DRAFT, *words.NO_OPINIONS, words.POLITENESS[0]):
        make_opinion(poll, text)
    return poll


def shown(poll):
    return [entry.text for entry in opinions_content(Scope.of_poll(poll)).entries]


def test_all_are_read_and_neither_politeness_nor_nothing_is_shown(poll):
    sort_opinions(make_stage(), poll)

    assert not poll.targets.filter(opinions__reading=None).exists()
    assert not {*words.NO_OPINIONS, words.POLITENESS[0]} & set(shown(poll))
    categories = OpinionReading.objects.filter(is_set_aside=False).values_list("opinion__text", "category")
    assert [category == words.category_of(text) for text, category in categories] == [True] * 15


def test_who_is_pointed_at_is_masked(poll):
    sort_opinions(make_stage(), poll)

    assert words.POINTING_IN_OFFICE not in shown(poll)
    assert words.MASKED[words.POINTING_IN_OFFICE] in shown(poll)


def test_of_a_share_only_some_are_read(poll):
    sort_opinions(make_stage(), poll, share=50)

    assert 3 < OpinionReading.objects.count() < 18


def test_alike_ones_stand_under_one_text(poll):
    stage = make_stage()
    sort_opinions(stage, poll)

    merge(stage, poll, words.ALIKE_IN_OFFICE)

    entries = opinions_content(Scope.of_poll(poll)).entries
    assert [entry.times for entry in entries if entry.text in words.ALIKE_IN_OFFICE] == [2]
