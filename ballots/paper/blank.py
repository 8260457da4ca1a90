"""Blank paper ballots as PDF: the sections of the phone's ballot in large type, every copy like every other.

There is no serial number and no mark that differs from copy to copy; what is printed is the same bytes each time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from django.template.loader import render_to_string

from campaigns.ballot_form import BallotForm, FormGrade, Section
from campaigns.models import Campaign, Category, Poll, TargetKind
from pingyi.drawing import draw_pdf

from ..counting.tally import blank_label

# Denominators of people, in which everybody is.
COUNT_PEOPLE = (Campaign.Base.ATTENDED, Campaign.Base.ENTITLED)
# So many boxes of 7 mm stand beside a name on an upright page, and so many of 6 mm on a lying one.
BOXES_UPRIGHT, MOST_BOXES = 18, 36
BOXES_BESIDE_WORDS = 10
BLANK_RULES: dict[str, str] = {
    Campaign.Blank.ABSTAIN: "空着不选的，该项计为{}。",
    Campaign.Blank.INVALID: "空着不选的，该项无效，不计入统计。",
}
CHOICE_BLANK_RULES: dict[str, str] = {
    Campaign.Blank.ABSTAIN: "各项计为弃权。",
    Campaign.Blank.INVALID: "各项无效，不计入统计。",
}


@dataclass(frozen=True)
class PrintedQuestionnaire:
    """Neighbouring sections of one 评议表."""

    title: str
    sections: tuple[Section, ...]

    @property
    def grades(self) -> tuple[FormGrade, ...]:
        return self.sections[0].grades

    @property
    def opinion_prompt(self) -> str:
        return self.sections[0].opinion_prompt

    @property
    def most_chosen(self) -> int | None:
        """How many of its targets may be chosen, where they are the options of one list."""
        return self.sections[0].most_chosen

    @property
    def is_list(self) -> bool:
        """Whether one table holds all targets: a line for each, one question about each."""
        return len(self.sections) > 1 and all(len(section.indicators) == 1 for section in self.sections)

    @property
    def is_matrix(self) -> bool:
        """Whether one table holds all persons: a line for each, and in it each question's grades side by side.

        Read along the lines, its cells come in the order of the marks, in which they are keyed.
        """
        first = self.sections[0]
        is_about_persons = len(self.sections) > 1 and first.kind in TargetKind.persons()
        return is_about_persons and len(first.indicators) > 1 and self.box_count <= MOST_BOXES

    @property
    def box_count(self) -> int:
        """The boxes on a line of the matrix."""
        return len(self.sections[0].indicators) * len(self.grades)

    @property
    def is_wide(self) -> bool:
        """Whether the matrix wants its pages lying."""
        return self.box_count > BOXES_UPRIGHT

    @property
    def has_words(self) -> bool:
        """Whether the lines of the matrix leave room to write; else one place below it is for all."""
        return self.box_count <= BOXES_BESIDE_WORDS

    @property
    def question(self) -> str:
        """The questions that a list asks about each of its targets."""
        return self.sections[0].indicators[0].text


def draw_paper(poll: Poll, *, category: Category | None = None) -> bytes:
    """A blank ballot of a poll whose form is frozen; a category's ballots bear its name."""
    form = poll.ballot_form
    context = {
        "poll": poll,
        "campaign": poll.campaign,
        "heading": f"{poll.campaign.title.removesuffix('评议')}评议票",
        "category": category,
        "is_rehearsal": poll.state == Poll.State.REHEARSING,
        "sheets": list(_sheets(form)),
        "rules": list(_rules(form, poll.campaign)),
        # Room to write: much where the ballot is about one or two, little where it is about many.
        "room": "ample" if len(form.sections) <= 2 else "scant",
    }
    return draw_pdf(render_to_string("print/paper_ballot.html", context))


def _sheets(form: BallotForm) -> Iterator[PrintedQuestionnaire]:
    for _, together in groupby(form.sections, key=lambda section: section.questionnaire):
        sections = tuple(together)
        yield PrintedQuestionnaire(sections[0].title, sections)


def _rules(form: BallotForm, campaign: Campaign) -> Iterator[str]:
    """How to fill the ballot in, as the campaign counts it."""
    if documents := list(dict.fromkeys(section.document for section in form.sections if section.document)):
        yield f"“{'”、“'.join(documents)}”已经印发或者宣读，请先读后评。"
    if any(section.indicators for section in form.sections if section.most_chosen is None):
        yield "每项只选一个，在所选等次下面的方框里打“√”。"
        yield f"一项选了两个以上的，该项无效；{BLANK_RULES[campaign.blank].format(blank_label(form.labels))}"
    if form.choice_lists:
        yield f"清单里选中的，在前面的方框里打“√”；一份清单一项都不选的，{CHOICE_BLANK_RULES[campaign.blank]}"
    outside = dict.fromkeys(
        grade.label for section in form.sections for grade in section.grades if not grade.is_in_base
    )
    if outside:
        is_inside = campaign.unknown == Campaign.Unknown.INSIDE or campaign.base in COUNT_PEOPLE
        yield f"选“{'”、“'.join(outside)}”的，{'计入该项的分母，不算满意' if is_inside else '不计入该项的分母'}。"
    yield "意见建议可写可不写。"
