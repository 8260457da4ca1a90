"""A ballot as it comes in from a page: the marks as one string and the opinions, not one form field a cell."""

import re
from dataclasses import dataclass, field

from django import forms
from django.http import QueryDict

from campaigns.ballot_form import BLANK, BallotForm, InvalidMarks

from ..voting.casting import OpinionText, check_opinion
from ..voting.codes import impossible
from ..voting.cookies import MOST_TYPED


class CodeForm(forms.Form):
    """A code typed from a slip or from the wall."""

    code = forms.CharField(
        label="选票码",
        max_length=MOST_TYPED,
        error_messages={"required": "请输入选票码：印在小条上，或者在会场屏幕上。"},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false", "class": "code-input"}
        ),
    )

    def clean_code(self):
        code = self.cleaned_data["code"]
        if problem := impossible(code):
            raise forms.ValidationError(problem)
        return code


@dataclass(frozen=True)
class BallotAnswers:
    """The marks and opinions of a participant; `problems` has a sentence for each thing that cannot be taken as it is."""

    # Not shown in tracebacks, which end in logs.
    marks: str = field(repr=False)
    opinions: dict[int, str] = field(default_factory=dict, repr=False)
    problems: tuple[str, ...] = ()
    # The questions left blank; a list to choose from is one.
    blank_count: int = 0

    @property
    def is_all_blank(self) -> bool:
        """Not one cell is marked, though there are some."""
        return bool(self.marks) and set(self.marks) == {BLANK}


# Names in a page besides those of the ballot's own answers.
KNOWN_NAMES = frozenset({"ballot", "edit", "key", "large", "marks", "report"})
OPINION_NAME = re.compile(r"o([0-9]{1,18})", re.ASCII)


def read_answers(form: BallotForm, post: QueryDict) -> BallotAnswers:
    """The answers in a submitted page: radio buttons and boxes of the ballot, or `marks` as the review page carries them.

    Raises InvalidMarks for what no page of this ballot sends: an unknown grade, an answer too many, a question that is
    not on the ballot.
    """
    sheet = form.sheet()
    names = (
        {line.name for part in sheet for line in part.lines}
        | {part.opinion_name for part in sheet if part.opinion_name}
        | KNOWN_NAMES
    )
    _refuse_repeated(post)
    if not names.issuperset(post):
        raise InvalidMarks("提交的内容里有这张票上没有的项目，没有收下。")
    marks = post["marks"] if "marks" in post else _combined(sheet, post)
    written = {part.section.id: _tidy(post.get(part.opinion_name, "")) for part in sheet if part.opinion_name}
    return check_answers(form, marks, {key: text for key, text in written.items() if text})


def read_report_asked_for(form: BallotForm, post: QueryDict) -> int | None:
    """The target whose report somebody asks for; raises InvalidMarks for what is not on the ballot."""
    if "report" not in post:
        return None
    for section in form.sections:
        if section.document and post["report"] == str(section.id):
            return section.id
    raise InvalidMarks("这张票上没有这份报告。")


def check_answers(form: BallotForm, marks: str, opinions: dict[int, str]) -> BallotAnswers:
    """The answers, settled, with what must be mended in them; raises InvalidMarks for marks that are not the ballot's."""
    form.check_marks(marks)
    problems = list(form.overchosen(marks))
    if not problems:
        marks = form.settled(marks)
    for section in form.sections:
        try:
            check_opinion(section, opinions.get(section.id, ""))
        except InvalidMarks as problem:
            problems.append(str(problem))
    return BallotAnswers(marks, opinions, tuple(problems), form.unanswered(marks))


def read_submission(post: QueryDict) -> tuple[str, list[OpinionText]]:
    """Marks and opinions as the review page sends them; `casting.cast`, which holds the ballot's form, checks the rest.

    Raises InvalidMarks for a field that is missing, repeated or unknown.
    """
    _refuse_repeated(post)
    opinions = []
    for name in set(post) - KNOWN_NAMES:
        if not (match := OPINION_NAME.fullmatch(name)):
            raise InvalidMarks("提交的内容里有这张票上没有的项目，没有收下。")
        if text := _tidy(post[name]):
            opinions.append(OpinionText(int(match[1]), text))
    if "marks" not in post:
        raise InvalidMarks("提交的内容不完整，缺少您的选择，没有收下。")
    return post["marks"], opinions


def _refuse_repeated(post: QueryDict) -> None:
    if any(len(values) > 1 for _, values in post.lists()):
        raise InvalidMarks("同一项提交了不止一次，没有收下。")


def _tidy(text: str) -> str:
    """The text with one kind of line end and nothing empty around it; its inside stays as it was written."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip(" \n\t\u3000")


def _combined(sheet, post: QueryDict) -> str:
    chosen = [post.get(line.name, BLANK) for part in sheet for line in part.lines]
    if any(len(mark) != 1 for mark in chosen):
        raise InvalidMarks("提交的选择不在票面所列等次之内，没有收下。")
    return "".join(chosen)
