"""Figures that a secretary places by name."""

import pytest

from ballots.counting import sealing
from reports.models import Summary
from reports.report import summary_of
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_open_poll,
    make_sealed_poll,
)
from tests.reports.summary.worded import word

pytestmark = pytest.mark.django_db


def pieces_of(content, key):
    (section,) = [section for section in content.sections if section.key == key]
    return [(piece.text, piece.kind) for piece in section.worded[0]]


def test_a_field_is_stored_by_name_and_printed_as_the_tally_has_it():
    poll = make_sealed_poll({"11": 39, "12": 1, "1-": 1})

    content = word(poll, shortcomings="收回｛收回｝份,满意率{满意率}%。")

    assert Summary.objects.get().texts == {"shortcomings": "收回｛收回｝份,满意率{满意率}%。"}
    assert pieces_of(content, "shortcomings") == [
        ("收回", ""),
        ("41", "figure"),
        ("份，满意率", ""),
        ("95.1%", "figure"),
        ("。", ""),
    ]
    assert content.is_complete


def test_c10_a_field_without_a_value_is_to_be_filled_in():
    content = word(make_sealed_poll(), shortcomings="参评率{参评率}。")

    assert pieces_of(content, "shortcomings")[1] == ("【待填：参评率】", "missing")
    assert content.missing == ("存在的不足",)


def test_braces_in_what_the_system_says_are_no_fields():
    poll = make_sealed_poll({"1": 9}, indicators=("总体评价",))
    poll.targets.update(name="{收回}小组")
    content = summary_of(Scope.of_poll(poll))

    kinds = {
        piece.kind for section in content.sections for paragraph in section.locked_paragraphs for piece in paragraph
    }

    assert kinds == {""}


def test_c2_a_rate_says_in_the_text_too_whose_ballots_are_not_in_it():
    poll = make_open_poll()
    enter_ballots(make_batch(poll, method="entered"), {"11": 39, "1-": 2})
    close_poll(poll, attended=78)
    sealing.seal(poll, by=None)

    content = word(poll, shortcomings="满意率{满意率}。")

    assert pieces_of(content, "shortcomings")[1] == ("95.1%（不含书面评议）", "figure")
