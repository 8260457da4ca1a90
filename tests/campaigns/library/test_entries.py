"""Records of the library: what they derive from what they hold, and that nobody changes them."""

from dataclasses import FrozenInstanceError

import pytest

from campaigns import library
from campaigns.library.entries import UNKNOWN_GRADE, LibraryIndicator


def test_a_scale_names_its_grades_best_first():
    assert library.scales()["satisfaction-3"].labels == ("满意", "基本满意", "不满意")


def test_the_overall_indicator_is_the_marked_one_or_none():
    report, deed = library.questionnaires()["report-six"], library.questionnaires()["satisfied-deed"]

    assert report.overall in report.indicators
    assert report.overall.is_overall
    assert deed.overall is None


def test_an_appraisal_names_each_questionnaire_once_in_the_order_of_the_ballot():
    for appraisal in library.appraisals().values():
        keys = appraisal.questionnaires
        assert len(set(keys)) == len(keys)
        assert set(keys) == {target.questionnaire for target in appraisal.targets}
    assert library.appraisals()["performance"].questionnaires[:2] == ("four-senses", "four-sentiments")


def test_who_does_not_know_is_no_part_of_any_base_and_has_no_score():
    assert (UNKNOWN_GRADE.label, UNKNOWN_GRADE.is_in_base, UNKNOWN_GRADE.score) == ("不了解", False, None)


def test_an_indicator_is_neither_overall_nor_to_be_checked_unless_it_says_so():
    indicator = LibraryIndicator(text="联系群众")

    assert (indicator.is_overall, indicator.is_editable) == (False, False)
    with pytest.raises(FrozenInstanceError):
        indicator.text = "别的"


def test_entries_are_built_by_name_alone():
    with pytest.raises(TypeError):
        LibraryIndicator("联系群众")
