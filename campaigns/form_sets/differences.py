"""The places in which a unit's own questionnaires differ from those that were handed down, text by text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from ..library import LibraryGrade, LibraryThreshold
from ..models import Campaign, FormSet, Questionnaire
from .actions import scale_grades
from .contents import LATER_RULES, RULES, HandedPattern, HandedQuestionnaire, read_contents
from .patterns import pattern_lines, step_words


@dataclass(frozen=True)
class FormDifference:
    """A text as it was handed down and as the unit has it; empty on the side that has none."""

    what: str
    handed: str
    own: str

    @property
    def word(self) -> str:
        return "改动" if self.handed and self.own else "删去" if self.handed else "增加"


@dataclass(frozen=True)
class ComparedQuestionnaire:
    """A questionnaire of a campaign beside the one that it was copied from."""

    questionnaire: Questionnaire
    set_title: str
    issuer: str
    differences: tuple[FormDifference, ...]


def compared(campaign: Campaign) -> list[ComparedQuestionnaire]:
    """The questionnaires of a campaign that came out of a set, in ballot order."""
    rows = campaign.questionnaires.exclude(form_set=None).select_related("form_set__organization", "scale")
    return [
        ComparedQuestionnaire(row, form_set.title, form_set.organization.name, tuple(_between(handed, row)))
        for row in rows.prefetch_related("indicators", "scale__grades")
        if (form_set := row.form_set)
        for handed in read_contents(form_set.contents).questionnaires
        if handed.key == row.form_key
    ]


def threshold_differences(campaign: Campaign) -> list[FormDifference]:
    """The thresholds of the sets in use that the campaign lacks, and those that it has besides."""
    sets = FormSet.objects.filter(questionnaires__campaign=campaign).distinct()
    if not sets:
        return []
    handed = dict.fromkeys(limit for form_set in sets for limit in read_contents(form_set.contents).thresholds)
    return list(line_differences("阈值", _sentences(handed), _sentences(campaign.limits)))


def pattern_differences(campaign: Campaign) -> list[FormDifference]:
    """The channels, categories, rules and steps in which the campaign differs from the sets in use that say them."""
    sets = FormSet.objects.filter(questionnaires__campaign=campaign).distinct()
    patterns = [pattern for form_set in sets if (pattern := read_contents(form_set.contents).pattern)]
    if not patterns:
        return []
    own = HandedPattern(
        channels=tuple(campaign.channels),
        categories=tuple(
            (name, None if weight is None else float(weight))
            for name, weight in campaign.categories.values_list("name", "weight")
        ),
        rules={name: getattr(campaign, name) for name in (*RULES, *LATER_RULES.values())},
        steps=tuple(campaign.steps.values_list("kind", "starts_on", "ends_on")),
    )
    own_words = dict(pattern_lines(own))
    differences: list[FormDifference] = []
    for pattern in patterns:
        lines = pattern_lines(replace(pattern, steps=(), scoring=None))
        differences += [
            FormDifference(label, words, own_words[label]) for label, words in lines if words != own_words[label]
        ]
        if pattern.steps:
            steps = ([step_words(step) for step in each.steps] for each in (pattern, own))
            differences += line_differences("评议步骤", *steps)
    return list(dict.fromkeys(differences))


def _sentences(limits: Iterable[LibraryThreshold]) -> list[str]:
    return [limit.sentence for limit in limits]


def _between(handed: HandedQuestionnaire, row: Questionnaire) -> Iterator[FormDifference]:
    rules, kinds = Questionnaire.TargetRule, Questionnaire.OpinionKind
    pairs = (
        ("名称", handed.title, row.title),
        ("评议谁", rules(handed.rule).label, row.get_target_rule_display()),
        ("票面上的名称", handed.target_name, row.target_name),
        ("等次", _grades(handed.scale.grades), _grades(scale_grades(row.scale))),
        ("至多选几项", _number(handed.most_chosen), _number(row.most_chosen)),
        ("意见栏提示", handed.opinion_prompt, row.opinion_prompt),
        ("意见类型", kinds(handed.opinion_kind).label, row.get_opinion_kind_display()),
    )
    yield from (FormDifference(what, before, now) for what, before, now in pairs if before != now)
    own = [_indicator(asked.text, asked.is_overall) for asked in row.indicators.all()]
    yield from line_differences("评议内容", [_indicator(*asked) for asked in handed.indicators], own)


def _number(number: int | None) -> str:
    return "" if number is None else f"{number}项"


def _indicator(text: str, is_overall: bool) -> str:
    return f"{text}（总体评价）" if is_overall else text


def _grades(grades: Sequence[LibraryGrade]) -> str:
    """「满意（100分，属满意范围）／不满意（0分）」: everything in which two scales can differ."""
    return "／".join(grade.label + _facts(grade) for grade in grades)


def _facts(grade: LibraryGrade) -> str:
    facts = [
        *([f"{grade.score}分"] if grade.score is not None else []),
        *(["属满意范围"] if grade.is_positive else []),
        *([] if grade.is_in_base else ["不计入分母"]),
    ]
    return f"（{'，'.join(facts)}）" if facts else ""


def line_differences(what: str, handed: Sequence[str], own: Sequence[str]) -> Iterator[FormDifference]:
    """The lines that were changed, taken out or put in, by their place; one that only moved is taken out and put in."""
    for kind, start, end, own_start, own_end in SequenceMatcher(None, handed, own, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        before, now = list(handed[start:end]), list(own[own_start:own_end])
        for place in range(max(len(before), len(now))):
            yield FormDifference(what, _at(before, place), _at(now, place))


def _at(texts: Sequence[str], place: int) -> str:
    return texts[place] if place < len(texts) else ""
