"""The frozen ballot: sections, cells, what each cell admits."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.ballot_form import BLANK, PERSONS, SPOILED, BallotForm, FormGrade, FormIndicator, InvalidMarks, Section
from campaigns.models import TargetKind

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


def test_an_opinion_box_about_a_person_names_the_person():
    unit = make_section(1, lines=1)

    persons = [replace(unit, kind=kind, name="王某") for kind in PERSONS]

    assert unit.opinion_label == "您的意见"
    assert [person.opinion_label for person in persons] == ["王某：您的意见"] * 3
    assert set(PERSONS) == set(TargetKind.persons())


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


def test_a_form_frozen_before_posts_were_named_names_none(form):
    frozen = form.to_json()
    for section in frozen["sections"]:
        del section["post"]

    assert BallotForm.from_json(frozen) == form
    assert [section.named_post for section in form.sections][:1] == ["第1党支部"]


def make_choice_form(*sizes, most=2):
    """A section with two lines, then lists of so many options, a questionnaire each."""
    sections, key = [make_section(1, lines=2)], 1
    for number, size in enumerate(sizes, start=1):
        for _ in range(size):
            key += 1
            option = make_section(key, lines=1, grades=GRADES[:2])
            sections.append(replace(option, questionnaire=f"deeds-{number}", title=f"实事之{number}", most_chosen=most))
    return BallotForm(sections=tuple(sections))


def test_a_form_frozen_before_there_were_lists_to_choose_from_has_none(form):
    frozen = form.to_json()
    for section in frozen["sections"]:
        del section["most_chosen"]

    assert BallotForm.from_json(frozen) == form
    assert form.choice_lists == ()


def test_a_list_is_kept_by_json_and_is_one_question():
    form = make_choice_form(3, 4)

    assert BallotForm.from_json(form.to_json()) == form
    assert [(choices.title, choices.most, choices.cells) for choices in form.choice_lists] == [
        ("实事之1", 2, (2, 3, 4)),
        ("实事之2", 2, (5, 6, 7, 8)),
    ]
    assert (form.cell_count, form.question_count) == (9, 4)


@pytest.mark.parametrize(
    ("marks", "settled", "unanswered"),
    [
        ("11---", "11---", 1),
        ("1-1--", "1-122", 1),
        ("--11-", "--112", 2),
        ("11222", "11---", 1),
        ("11111", "11xxx", 0),
        ("11x1-", "11x12", 0),
        ("11x--", "11x--", 1),
    ],
)
def test_a_list_is_settled_as_a_whole(marks, settled, unanswered):
    form = make_choice_form(3)

    assert (form.settled(marks), form.unanswered(marks)) == (settled, unanswered)


def test_a_list_of_which_too_much_is_chosen_says_how_many_to_take_away():
    form = make_choice_form(5, 3)

    assert form.overchosen("--" + "11111" + "11-") == ("“实事之1”至多选2项，现在选了5项，请去掉3项。",)


def test_a_form_without_lists_leaves_the_marks_as_they_are(form):
    assert (form.settled("1-2"), form.overchosen("111"), form.unanswered("1--")) == ("1-2", (), 2)


@given(st.data())
def test_settling_keeps_every_choice_that_may_be_made_and_touches_nothing_else(data):
    sizes = data.draw(st.lists(st.integers(1, 6), max_size=3))
    form = make_choice_form(*sizes, most=data.draw(st.integers(1, 4)))
    marks = "".join(data.draw(st.lists(st.sampled_from("12-x"), min_size=form.cell_count, max_size=form.cell_count)))

    settled = form.settled(marks)

    assert form.settled(settled) == settled
    assert settled[:2] == marks[:2]
    assert form.overchosen(settled) == ()
    form.check_marks(settled, allow_spoiled=True)
    for choices in form.choice_lists:
        before, after = ("".join(text[cell] for cell in choices.cells) for text in (marks, settled))
        if before.count("1") > choices.most:
            assert set(after) == {SPOILED}
        elif "1" in before:
            assert after == before.replace(BLANK, "2")
        else:
            assert after == before.replace("2", BLANK)


def test_a_page_shows_the_options_of_a_list_as_one_part_without_a_box_for_words():
    form = make_choice_form(3)

    plain, listed = form.sheet("11-12")

    assert (plain.is_choice, plain.opinion_name) == (False, "o1")
    assert (listed.is_choice, listed.opinion_name) == (True, "")
    assert [line.option for line in listed.lines] == ["第2党支部", "第3党支部", "第4党支部"]
    assert [line.name for line in listed.chosen] == ["m3-31"]


def persons(count, **changes):
    """A ballot that asks two things about so many members."""
    member = replace(make_section(1, lines=2), kind="member", questionnaire="members")
    sections = (replace(member, id=key, **{"name": f"党员{key}", **changes}) for key in range(1, count + 1))
    return BallotForm(sections=(make_section(9, lines=1), *sections))


def test_many_persons_of_whom_the_same_is_asked_stand_item_by_item_in_the_order_of_the_ballot():
    form = persons(6)
    marks = "1" + "12" * 6

    unit, matrix = form.blocks(marks, {2: "多下基层"})

    assert unit == form.sheet(marks)[0]
    assert matrix.parts == tuple(form.sheet(marks, {2: "多下基层"})[1:])
    assert [[line.name for _, line in rows] for rows in matrix.items] == [
        [f"m{key}-{indicator}" for key in range(1, 7)] for indicator in (11, 12)
    ]
    assert [{line.mark for _, line in rows} for rows in matrix.items] == [{"1"}, {"2"}]


@pytest.mark.parametrize(
    "form",
    [
        persons(5),
        persons(6, name="第一党支部书记"),
        persons(6, kind="organization"),
        persons(6, document="述职报告"),
        persons(6, grades=GRADES[:1] * 5),
        persons(6, indicators=()),
    ],
    ids=["few", "long names", "organizations", "reports to read", "many grades", "open questions"],
)
def test_each_stands_alone_where_a_row_would_not_do(form):
    assert form.blocks() == form.sheet()
