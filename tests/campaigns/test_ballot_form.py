"""The frozen ballot: sections, cells, what each cell admits."""

import pytest

from campaigns.ballot_form import BallotForm, FormGrade, FormIndicator, InvalidMarks, Section

GRADES = (
    FormGrade("满意", True, True, 100),
    FormGrade("不满意", True, False, 30),
    FormGrade("不了解", False, False, None),
)


def make_section(key, *, lines, grades=GRADES):
    return Section(
        id=key,
        kind="organization",
        name=f"第{key}党支部",
        questionnaire="org",
        title="评议表",
        opinion_prompt="您的意见",
        opinion_kind="suggestion",
        grades=grades,
        indicators=tuple(FormIndicator(key * 10 + line, f"第{line}项", line == lines) for line in range(1, lines + 1)),
    )


@pytest.fixture
def form():
    return BallotForm(
        sections=(make_section(1, lines=2), make_section(2, lines=0), make_section(3, lines=1, grades=GRADES[:2]))
    )


def test_cells_are_the_indicators_of_all_sections_in_order(form):
    assert form.cell_count == 3
    assert form.slices == (slice(0, 2), slice(2, 2), slice(2, 3))


@pytest.mark.parametrize("marks", ["112", "321", "---", "3-2"])
def test_grades_and_blanks_fit(form, marks):
    form.check_marks(marks)


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ("11", "票面应有3项，收到2项。"),
        ("1111", "票面应有3项，收到4项。"),
        ("", "票面应有3项，收到0项。"),
        ("141", "第2项的选择不在票面所列等次之内。"),
        ("113", "第3项的选择不在票面所列等次之内。"),
        ("01-", "第1项的选择不在票面所列等次之内。"),
        ("1x1", "第2项的选择不在票面所列等次之内。"),
        ("１11", "第1项的选择不在票面所列等次之内。"),
    ],
)
def test_entries_that_do_not_fit_are_refused_with_their_place(form, marks, message):
    with pytest.raises(InvalidMarks) as refusal:
        form.check_marks(marks)

    assert str(refusal.value) == message


def test_more_than_one_grade_comes_from_paper_alone(form):
    form.check_marks("1x1", allow_spoiled=True)

    with pytest.raises(InvalidMarks):
        form.check_marks("1X1", allow_spoiled=True)


def test_a_form_is_the_same_after_json(form):
    assert BallotForm.from_json(form.to_json()) == form


def test_a_frozen_ballot_keeps_the_keys_of_those_frozen_before_it(form):
    section = form.to_json()["sections"][0]

    assert section["grades"][0] == {"label": "满意", "in_base": True, "positive": True, "score": 100}
    assert [sorted(indicator) for indicator in section["indicators"]] == [["id", "overall", "text"]] * len(
        section["indicators"]
    )


def test_the_mark_of_a_label_is_its_place_on_the_scale(form):
    section = form.section(3)

    assert [section.mark_of(label) for label in ("满意", "不满意")] == ["1", "2"]
    with pytest.raises(KeyError):
        section.mark_of("不了解")
    with pytest.raises(KeyError):
        form.section(4)
