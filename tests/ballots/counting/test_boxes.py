"""The boxes of a sealed poll give what its ballots gave, whatever was marked."""

from hypothesis import given
from hypothesis import strategies as st

from ballots.counting import boxes as sealed_boxes
from ballots.counting.tally import count_sections
from ballots.models import Batch, SealedBox
from campaigns.ballot_form import BallotForm, FormGrade, FormIndicator, Section
from campaigns.models import Poll

GRADES = tuple(FormGrade(label, label != "不了解", label == "满意", None) for label in ("满意", "不满意", "不了解"))


def section(key, cells):
    indicators = tuple(FormIndicator(10 * key + place, f"第{place}项", False) for place in range(cells))
    return Section(key, "organization", f"对象{key}", "org", "评议表", "意见", "suggestion", GRADES, indicators)


FORM = BallotForm(sections=(section(1, 2), section(2, 1)))
ballots = st.lists(st.text("123-x", min_size=3, max_size=3), max_size=30)
# Batches of two channels and two categories, some of one kind.
batches = st.lists(st.tuples(st.sampled_from(("meeting", "paper")), st.sampled_from((7, 8)), ballots), max_size=5)


def boxes_of(batches_of_marks):
    """Cut and sorted as at the seal; one batch more was voided."""
    boxes = []
    for key, (channel, category, marks) in enumerate([*batches_of_marks, ("meeting", 7, ["123"])]):
        state = "void" if key == len(batches_of_marks) else "closed"
        batch = Batch(pk=key, channel=channel, category_id=category, state=state)
        for part, cells in zip(FORM.sections, FORM.slices, strict=True):
            content = "\n".join(["{}", *sorted(ballot[cells] for ballot in marks)])
            boxes.append(SealedBox(batch=batch, target_id=part.id, content=content))
    return boxes


def counts(rows):
    return {
        (row.target_id, row.indicator_id, row.channel, row.category_id): (
            row.valid_count,
            (row.grade_1_count, row.grade_2_count),
            row.unknown_count,
            row.abstained_count,
            row.spoiled_count,
        )
        for row in rows
    }


@given(batches, st.randoms())
def test_the_boxes_give_what_the_ballots_gave_in_whatever_order(batches_of_marks, shuffler):
    boxes = boxes_of(batches_of_marks)
    shuffler.shuffle(boxes)

    by_group = {}
    for channel, category, marks in batches_of_marks:
        by_group.setdefault((channel, category), []).extend(marks)
    expected = {}
    for (channel, category), marks in by_group.items():
        for part, cells in zip(FORM.sections, FORM.slices, strict=True):
            counted = count_sections(
                [ballot[cells] for ballot in marks], sealed_boxes.section_grades(part), len(part.indicators)
            )
            for indicator, cell in zip(part.indicators, counted, strict=True):
                key = (part.id, indicator.id, channel, category)
                expected[key] = (len(marks), cell.grades, cell.unknown, cell.abstained, cell.spoiled)
    assert counts(sealed_boxes.tally_rows(Poll(form=FORM.to_json()), boxes)) == expected
