"""The demo's texts: they fit where they are put, and none comes twice in its list."""

from campaigns.models import Commitment, Questionnaire
from campaigns.models.columns import max_length
from reports.demo import words
from reports.summary import EDITABLE


def test_opinions_come_under_the_category_of_what_they_speak_of():
    assert words.category_of("机关食堂中午排队时间长，请错开就餐。") != "其他"
    assert words.category_of("好。") == "其他"


def test_beside_a_draft_there_are_changes_to_it_and_other_opinions():
    categories = [words.category_beside_a_draft(text) for text in (words.ON_THE_DRAFT[0], words.BESIDE_THE_DRAFT[0])]

    assert categories == ["修改意见", "其他意见"]


def test_s0_1_seven_opinions_are_on_the_draft_and_fifteen_beside_it():
    assert (len(words.ON_THE_DRAFT), len(words.BESIDE_THE_DRAFT)) == (7, 15)


def test_no_text_stands_twice_in_its_list():
    for name in (
        "BESIDE_THE_DRAFT",
        "IN_OFFICE",
        "IN_SCHOOL",
        "IN_COMMUNITY",
        "AT_WORK",
        "COMMITMENTS_AT_WORK",
        "DEEDS",
        "DEEDS_IN_COMMUNITY",
    ):
        texts = getattr(words, name)
        assert len(set(texts)) == len(texts), name


def test_masked_words_point_at_nobody_and_are_shorter_than_what_they_mask():
    for text, masked in words.MASKED.items():
        assert len(masked) < len(text)
        assert "姓刘" not in masked and "老周" not in masked


def test_texts_fit_their_columns():
    assert max(map(len, (*words.COMMITMENTS_AT_WORK, *words.COMMITMENTS_IN_OFFICE, *words.DEEDS))) <= max_length(
        Commitment, "content"
    )


def test_every_kind_of_open_question_has_answers_of_its_own():
    asked = set(Questionnaire.OpinionKind.values) - {"suggestion"}

    assert asked <= set(words.BY_KIND)


def test_a_secretary_words_only_sections_that_may_be_worded():
    for name in ("REPORT", "COLLEGE", "BRANCH", "TOWNSHIP", "COMPANY"):
        assert set(getattr(words, f"SUMMARY_OF_THE_{name}")) <= set(EDITABLE)
