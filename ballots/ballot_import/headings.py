"""Which columns a table of ballots may have, and what a ballot calls its own cells."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Count, QuerySet

from campaigns.ballot_form import BallotForm, Section
from campaigns.models import Campaign, Channel, Questionnaire, Target
from campaigns.plain_text import clean_text

UNIT, CHANNEL, CATEGORY, OPINION = "单位", "渠道", "类别", "意见建议"
FIXED = (UNIT, CHANNEL, CATEGORY)
# Columns of a table of totals.
ISSUED, RETURNED, VALID, VOID, INDICATOR = "发出", "收回", "有效", "无效", "评议内容"
NUMBERS = (ISSUED, RETURNED, VALID, VOID)
ABSTAINED_LABEL = "弃权"
# The fate of the cells of a ballot that the table of totals does not have.
REST = "其余评议内容"
REST_BLANK, REST_REFUSED = "按空白计", "不能缺"
SPOILED_LABEL = "多选"
BAR, OTHER_BAR, SLASH, OTHER_SLASH = "｜", "|", "/", "／"
MOST_LISTED = 10


def normal(text: str) -> str:
    """A heading in one spelling: white space, either bar, either slash; raises NotPlain for control characters."""
    text = clean_text(text).lstrip("'").replace(OTHER_BAR, BAR).replace(OTHER_SLASH, SLASH)
    return BAR.join(part.strip() for part in text.split(BAR))


# Nothing was written, in the words of survey exports; blank, in those of forms too; marks before or after a grade.
EMPTY_WORDS = ("(空)", "（空）", "(跳过)", "（跳过）")
BLANK_WORDS = ("弃权", "空白", "未选", "未填", "未选择", *EMPTY_WORDS)
_TICKS = "√✓✔☑●◉。．.，,"


def plain_grade(text: str) -> str:
    """A grade as people write it, without spaces, ticks and full stops around it: 「满 意」, 「√满意」, 「满意。」."""
    return "".join(text.split()).strip(_TICKS)


def column_letter(place: int) -> str:
    """The letters by which a spreadsheet calls the column that stands at `place`, counted from 0."""
    letters, place = "", place + 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return letters


def listed(words: Iterable[str]) -> str:
    """The words in a sentence; of very many only the first."""
    words = list(words)
    more = f"等{len(words)}个" if len(words) > MOST_LISTED else ""
    return "、".join(f"“{word}”" for word in words[:MOST_LISTED]) + more


# Offices' words for the column of a long table that says what a row's numbers are about.
INDICATOR_WORDS = (INDICATOR, "评议项目", "测评内容", "测评项目", "项目", "指标")
_RETURNED_WORDS = re.compile(r"(?:收回|回收|实收|收到|交回|有效)[^率]*")


def has_totals(names: Iterable[str]) -> bool:
    """Whether columns of these names hold totals: no ballot has a number of returned ones."""
    return any(map(_RETURNED_WORDS.match, names))


CHANNEL_WORDS = {
    word: key
    for key, label in Channel.choices
    for word in (key, label, label.removesuffix("评议"), label.removesuffix("访谈"))
}


def labels(section: Section, form: BallotForm) -> list[str]:
    """Names that a table may give a section of the ballot, the clearest first.

    The title of its 评议表 will do where the ballot has one target of it: it is the same for every unit.
    """
    names = [section.name, f"{section.title}{SLASH}{section.name}"]
    if [other.questionnaire for other in form.sections].count(section.questionnaire) == 1:
        names.append(section.title)
    return [normal(label) for label in dict.fromkeys(names)]


@dataclass(frozen=True)
class Asked:
    """The contents of one 评议表: its title, its indicators, and the names of its targets in the whole campaign."""

    title: str
    indicators: tuple[str, ...]
    names: tuple[str, ...]
    grades: tuple[str, ...] = ()

    @property
    def suffixes(self) -> tuple[str, ...]:
        return (*self.indicators, OPINION)


class Vocabulary:
    """Every heading that a campaign's tables may have."""

    def __init__(self, campaign: Campaign):
        names: dict[int, dict[str, None]] = defaultdict(dict)
        targets = Target.objects.filter(poll__campaign=campaign).order_by("position", "pk")
        for questionnaire_id, name in targets.values_list("questionnaire", "name"):
            names[questionnaire_id][name] = None
        self.asked = [
            Asked(
                questionnaire.title,
                tuple(indicator.text for indicator in questionnaire.indicators.all()),
                tuple(names[questionnaire.pk]),
                tuple(grade.label for grade in questionnaire.scale.grades.all()),
            )
            for questionnaire in campaign.questionnaires.select_related("scale").prefetch_related(
                "indicators", "scale__grades"
            )
        ]

    @cached_property
    def _suffixes(self) -> dict[str, tuple[str, ...]]:
        """Each label of a target with what is asked about it."""
        by_suffix: dict[str, dict[str, None]] = defaultdict(dict)
        for asked in self.asked:
            for name in asked.names:
                for label in (name, f"{asked.title}{SLASH}{name}", asked.title):
                    by_suffix[normal(label)].update(dict.fromkeys(map(normal, asked.suffixes)))
        return {label: tuple(suffixes) for label, suffixes in by_suffix.items()}

    @cached_property
    def _known(self) -> set[str]:
        return {f"{label}{BAR}{suffix}" for label, suffixes in self._suffixes.items() for suffix in suffixes}

    @cached_property
    def _graded(self) -> dict[str, tuple[str, ...]]:
        """The grades of each heading that stands for an indicator."""
        return {
            f"{normal(label)}{BAR}{normal(indicator)}": asked.grades
            for asked in self.asked
            for name in asked.names
            for label in (asked.title, name, f"{asked.title}{SLASH}{name}")
            for indicator in asked.indicators
        }

    def grades(self, heading: str) -> tuple[str, ...]:
        """The grades that may stand below a heading; none for an opinion and for what is no heading."""
        return self._graded.get(heading, ())

    def problem_of(self, heading: str) -> str:
        """The fault of a heading; empty where some ballot of the campaign has it."""
        if heading in self._known:
            return ""
        label, bar, suffix = heading.partition(BAR)
        if not bar:
            return f"不认识这一列；可写{listed((*FIXED, OPINION))}，其余各列写成“评议对象｜评议内容”"
        if label in self._suffixes:
            return f"“{label}”没有评议内容“{suffix}”；可写{listed(self._suffixes[label])}"
        names = dict.fromkeys(name for asked in self.asked for name in asked.names)
        return f"没有评议对象“{label}”；可写{listed(names)}"


def template_headings(campaign: Campaign, form: BallotForm | None = None) -> list[str]:
    """The heading of an empty table: for one ballot, or for all units of a campaign together."""
    if form is not None:
        named = [
            (labels(section, form), [indicator.text for indicator in section.indicators]) for section in form.sections
        ]
    else:
        named = [
            (labels_of, [indicator.text for indicator in questionnaire.indicators.all()])
            for questionnaire in campaign.questionnaires.prefetch_related("indicators")
            for labels_of in _shared(questionnaire)
        ]
    taken = Counter(label for labels_of, _ in named for label in labels_of)
    chosen = [(next(name for name in labels_of if taken[name] == 1), indicators) for labels_of, indicators in named]
    columns = [f"{label}{BAR}{text}" for label, indicators in chosen for text in indicators]
    opinions = [OPINION] if len(chosen) == 1 else [f"{label}{BAR}{OPINION}" for label, _ in chosen]
    return [*FIXED, *columns, *opinions]


def _shared(questionnaire: Questionnaire) -> list[list[str]]:
    """For each column of every unit's ballot the labels that it may have; the database says whether the title will do, so that
    of a province's targets none is fetched.
    """
    targets = Target.objects.filter(questionnaire=questionnaire).order_by()
    title, some = questionnaire.title, targets.values_list("name", flat=True)[:1]
    is_named_alike = not targets.exclude(name__in=list(some)).exists()
    if not is_named_alike and not _is_of_many(targets):
        return [[normal(title)]]
    names = dict.fromkeys(
        targets.order_by("position", "pk").values_list("name", flat=True)[: 1 if is_named_alike else None]
    )
    return [[normal(name), normal(f"{title}{SLASH}{name}")] for name in names]


def _is_of_many(targets: QuerySet[Target]) -> bool:
    """Whether some ballot has several of the targets."""
    return targets.values("poll").annotate(count=Count("pk")).filter(count__gt=1).exists()
