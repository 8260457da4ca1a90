"""Questions about a table: which column is what, and which word means which grade; with a guess where one is near."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from campaigns.models import Campaign, Channel, Poll
from campaigns.plain_text import NotPlain, name_key

from ..counting.tally import UNMARKED_LABEL
from .checking import check_table
from .headings import (
    ABSTAINED_LABEL,
    BAR,
    BLANK_WORDS,
    CATEGORY,
    CHANNEL,
    CHANNEL_WORDS,
    FIXED,
    INDICATOR,
    INDICATOR_WORDS,
    ISSUED,
    NUMBERS,
    OPINION,
    REST,
    REST_BLANK,
    REST_REFUSED,
    RETURNED,
    SLASH,
    SPOILED_LABEL,
    UNIT,
    VALID,
    VOID,
    Vocabulary,
    has_totals,
    normal,
    plain_grade,
    template_headings,
)
from .meanings import Meanings
from .plan import Plan
from .reading import SourceRow
from .source import SourceTable
from .totals_table import check_totals_table
from .units import Units

# A column with more unknown words than this is not asked about word by word.
MOST_WORDS = 40
BLANK_LABEL = "空白"
# In a draft, a meaning that nobody has given; nothing is called so.
OPEN = "？"
# So many words, none longer, are shown beside the question about a column.
SAMPLE, SHORT = 6, 12
_NUMBER = re.compile(r"^(?:第?\d+[题、.．:：)）]|Q\d+[、.．:：]?|[（(]\d+[)）])\s*", re.IGNORECASE)
# The code that a survey puts before an answer: 「A.满意」.
_CODE = re.compile(r"^[A-Za-z0-9]{1,2}\s*[.．、:：)）]\s*")
_SEVERAL = "┋"
_ABOUT = (
    (OPINION, re.compile("意见|建议")),
    (CATEGORY, re.compile("身份|类别|人员")),
    (UNIT, re.compile("单位|支部|部门|党组织")),
    (CHANNEL, re.compile("渠道|方式")),
)


@dataclass
class Unanswered:
    """The columns, the headings without a column, and the words by column that nobody has given a meaning."""

    columns: list[str] = field(default_factory=list)
    constants: list[str] = field(default_factory=list)
    words: dict[str, list[str]] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.columns or self.constants or self.words)


class Asking:
    """The questions that a campaign has about a table with a row a ballot."""

    def __init__(self, campaign: Campaign, table: SourceTable):
        self.campaign = campaign
        self.table = table
        self.names = [name for name in table.names if name]
        self._place = {name: place for place, name in enumerate(table.names) if name}
        self._vocabulary = Vocabulary(campaign)
        self._units = Units(campaign)
        self._channels = [Channel(key).label for key in campaign.channels]
        self._categories = [category.name for category in campaign.categories.all()]
        self.headings = template_headings(campaign)[len(FIXED) :]

    def is_known(self, heading: str) -> bool:
        return heading in (*FIXED, OPINION) or not self._vocabulary.problem_of(heading)

    def target(self, name: str, meanings: Meanings) -> str | None:
        """The heading that a column stands for, empty where it is left out; None where nobody said."""
        target = meanings.columns.get(name, name)
        return target if not target or self.is_known(target) else None

    def targets(self, meanings: Meanings) -> dict[str, str]:
        targets = {name: self.target(name, meanings) for name in self.names}
        return {name: target for name, target in targets.items() if target}

    def sample(self, name: str) -> str:
        """The words of a column in which few short ones recur, by which people know it; none of texts that people wrote."""
        words = self.table.words(self._place[name])
        recur = 2 * len(words) < len(self.table.rows) and max(map(len, words), default=0) <= SHORT
        return "、".join(words[:SAMPLE]) if recur else ""

    def unanswered(self, meanings: Meanings) -> Unanswered:
        """The questions that the meanings leave open."""
        targets = self.targets(meanings)
        words = {name: self.unknown_words(name, target, meanings) for name, target in targets.items()}
        return Unanswered(
            [name for name in self.names if self.target(name, meanings) is None],
            [
                heading
                for heading in self.constants(targets.values())
                if not self._is_meant(heading, meanings.constants.get(heading, ""))
            ],
            {name: unknown for name, unknown in words.items() if unknown},
        )

    @property
    def all_headings(self) -> list[str]:
        """Every heading that a column can stand for."""
        return [*FIXED, *self.headings, *([] if OPINION in self.headings else [OPINION])]

    def check(self, rows: Iterable[SourceRow]) -> Plan:
        """The plan that rows in our words come to; raises InvalidTable."""
        return check_table(self.campaign, rows)

    def constants(self, targets: Iterable[str]) -> list[str]:
        """The headings that every row needs and no column stands for."""
        taken = set(targets)
        return [heading for heading in FIXED if heading not in taken]

    def unknown_words(self, name: str, target: str, meanings: Meanings) -> list[str]:
        """The words of a column, read as `target`, that are none of ours and were given no meaning.

        Empty where there are too many to ask about; then each row is told as an error.
        """
        answered = meanings.words.get(name, {})
        unknown = [
            word for word in self.table.words(self._place[name]) if not self._is_meant(target, answered.get(word, word))
        ]
        return unknown if len(unknown) <= MOST_WORDS else []

    def strange_words(self, name: str, target: str) -> list[str]:
        """The words of a column that need a meaning, whether or not they have one."""
        return self.unknown_words(name, target, Meanings())

    def choices(self, target: str) -> list[str]:
        """The meanings that a word of a column can have."""
        if target == UNIT:
            return self._units.labels(Poll.State.OPEN)
        if target == CHANNEL:
            return self._channels
        if target == CATEGORY:
            return self._categories
        grades = self._vocabulary.grades(target)
        return [*grades, SPOILED_LABEL, BLANK_LABEL] if grades else []

    def _is_meant(self, target: str, word: str) -> bool:
        """Whether a word can stand in a column as it is."""
        try:
            text = normal(word)
        except NotPlain:
            return True  # told as an error of its row
        if target == UNIT:
            return self._units.has(text)
        if target == CHANNEL:
            return text in CHANNEL_WORDS or text.lower() in CHANNEL_WORDS
        if target == CATEGORY:
            return name_key(text) in {name_key(normal(name)) for name in self._categories}
        grades = self._vocabulary.grades(target)
        known = {*map(normal, grades), *BLANK_WORDS, SPOILED_LABEL}
        return not grades or not text or text in known or plain_grade(text) in known

    def proposal(self, given: Meanings) -> Meanings:
        """The meanings that were given, completed by guesses; what nobody can know stays open, numbers above all."""
        columns: dict[str, str] = {}
        for name in self.names:
            target = self.target(name, given)
            if target is None:
                guess = self._guess(name)
                target = guess if not guess or guess not in columns.values() else None
            if target is not None:
                columns[name] = target
        words = {}
        for name, target in columns.items():
            answered = given.words.get(name, {})
            guesses = {
                word: answered.get(word) or self._guess_word(word, target) for word in self.strange_words(name, target)
            }
            words[name] = {word: guess for word, guess in guesses.items() if guess}
        constants = {
            heading: given.constants.get(heading) or self._only(heading) for heading in self.constants(columns.values())
        }
        return Meanings(
            columns,
            {name: of_column for name, of_column in words.items() if of_column},
            {heading: value for heading, value in constants.items() if value},
        )

    def draft(self) -> Meanings:
        """The proposal with a question mark for each answer that is missing, to be filled in by hand."""
        proposal = self.proposal(Meanings())
        columns = {name: proposal.columns.get(name, OPEN) for name in self.names}
        words = {
            name: {word: proposal.words.get(name, {}).get(word, OPEN) for word in self.strange_words(name, target)}
            for name, target in proposal.columns.items()
            if target
        }
        constants = {heading: proposal.constants.get(heading, OPEN) for heading in self.constants(columns.values())}
        return Meanings(columns, {name: of_column for name, of_column in words.items() if of_column}, constants)

    def _only(self, heading: str) -> str:
        choices = self.choices(heading)
        return choices[0] if len(choices) == 1 else ""

    def _guess(self, name: str) -> str | None:
        """The heading that a column most likely stands for."""
        text = _NUMBER.sub("", name)
        named = [heading for heading in self.headings if _names(text, heading)]
        graded = [heading for heading in self.headings if self._vocabulary.grades(heading)]
        if fitting := [heading for heading in graded if _ends_with(text, heading.partition(BAR)[2])]:
            longest = max(len(heading.partition(BAR)[2]) for heading in fitting)
            nearest = [heading for heading in fitting if len(heading.partition(BAR)[2]) == longest]
            # A question that names somebody else is not about the only one who is asked about in these words.
            nearest = [heading for heading in nearest if heading in named] if named else nearest
            return nearest[0] if len(nearest) == 1 else None
        target = next((target for target, about in _ABOUT if about.search(text)), None)
        if target == OPINION and OPINION not in self.headings:
            opinions = [heading for heading in named if heading.endswith(BAR + OPINION)]
            return opinions[0] if len(opinions) == 1 else OPINION
        return target

    def _guess_word(self, word: str, target: str) -> str:
        """A word without the code before it, where it is one of ours then; several grades at once are 多选."""
        plain = _CODE.sub("", word)
        if plain != word and plain and self._is_meant(target, plain):
            return plain
        if _SEVERAL in word and self._vocabulary.grades(target):
            parts = [_CODE.sub("", part) for part in word.split(_SEVERAL)]
            if all(part.strip() and self._is_meant(target, part) for part in parts):
                return SPOILED_LABEL
        return ""

    def completed(self, meanings: Meanings) -> Meanings:
        """The meanings of this table alone: only its columns, and of its words those that need one."""
        targets = {name: self.target(name, meanings) for name in self.names}
        columns = {name: target for name, target in targets.items() if target is not None and target != name}
        words = {
            name: {
                word: given
                for word in self.strange_words(name, target)
                if (given := meanings.words.get(name, {}).get(word))
            }
            for name, target in targets.items()
            if target
        }
        constants = {
            heading: meanings.constants[heading]
            for heading in self.constants(filter(None, targets.values()))
            if meanings.constants.get(heading)
        }
        return Meanings(columns, {name: given for name, given in words.items() if given}, constants)


_NUMBERS_ABOUT = (
    # Rates and sums say nothing that the other columns do not.
    ("", re.compile(r"率|比例|占比|百分|％|%|合计|小计|总计")),
    (VOID, re.compile("无效|废票|作废")),
    (VALID, re.compile("有效")),
    (RETURNED, re.compile("收回|回收|实收|收到|交回")),
    (ISSUED, re.compile("发出|发放|发票")),
)
_COUNTED = re.compile(r"(?:[（(][^（()）]*[)）]|票数|张数|人数|票|数|人)+$")


class TotalsAsking(Asking):
    """The questions that a campaign has about a table with a row of totals a unit."""

    def __init__(self, campaign: Campaign, table: SourceTable):
        super().__init__(campaign, table)
        self._cells = [heading for heading in self.headings if self._vocabulary.grades(heading)]
        self._answers = list(dict.fromkeys(answer for cell in self._cells for answer in self._answers_of(cell)))

    def _answers_of(self, cell: str) -> list[str]:
        words = [*map(normal, self._vocabulary.grades(cell)), ABSTAINED_LABEL, UNMARKED_LABEL, SPOILED_LABEL]
        return list(dict.fromkeys(words))

    def is_known(self, heading: str) -> bool:
        cell, bar, answer = heading.rpartition(BAR)
        is_answer = answer in (self._answers_of(cell) if bar and self._vocabulary.grades(cell) else self._answers)
        return heading in (*FIXED, INDICATOR, *NUMBERS) or (
            is_answer and (not bar or bool(self._vocabulary.grades(cell)))
        )

    @property
    def all_headings(self) -> list[str]:
        wide = [f"{cell}{BAR}{answer}" for cell in self._cells for answer in self._answers_of(cell)]
        return [*FIXED, *NUMBERS, INDICATOR, *self._answers, *(wide if len(self._cells) > 1 else [])]

    def check(self, rows: Iterable[SourceRow]) -> Plan:
        return check_totals_table(self.campaign, rows)

    def constants(self, targets: Iterable[str]) -> list[str]:
        """Beside unit, channel and category: the indicator that bare numbers are about, and the fate of the others."""
        targets = list(targets)
        missing = super().constants(targets)
        if INDICATOR in targets or len(self._cells) < 2:
            return missing
        if any(target in self._answers for target in targets):
            return [*missing, INDICATOR, REST]
        covered = {target.rpartition(BAR)[0] for target in targets}
        return missing if covered >= set(self._cells) else [*missing, REST]

    def choices(self, target: str) -> list[str]:
        if target == REST:
            return [REST_BLANK, REST_REFUSED]
        return self._cells if target == INDICATOR else super().choices(target)

    def _is_meant(self, target: str, word: str) -> bool:
        if target == REST:
            return word in (REST_BLANK, REST_REFUSED)
        if target == INDICATOR:
            return len([cell for cell in self._cells if word in (cell, cell.partition(BAR)[2])]) == 1
        return target not in FIXED or super()._is_meant(target, word)

    def _guess(self, name: str) -> str | None:
        group, bar, last = name.rpartition(BAR)
        answer = last if last in self._answers else _COUNTED.sub("", "".join(last.split()))
        if answer in self._answers:
            cell = super()._guess(group) if bar else None
            return f"{cell}{BAR}{answer}" if cell and self._vocabulary.grades(cell) else None if bar else answer
        number = next((target for target, about in _NUMBERS_ABOUT if about.search(last)), None)
        if number is not None or bar:
            return number
        return INDICATOR if last in INDICATOR_WORDS else super()._guess(name)


def asking_about(campaign: Campaign, table: SourceTable) -> Asking:
    """The questions about a table of ballots; or of totals, where a column has the number of returned ones."""
    return (TotalsAsking if has_totals(table.names) else Asking)(campaign, table)


def _ends_with(text: str, suffix: str) -> bool:
    return bool(suffix) and "".join(text.split()).endswith("".join(suffix.split()))


def _names(text: str, heading: str) -> bool:
    """Whether a question names the target of a heading."""
    return any(label in text for label in heading.partition(BAR)[0].split(SLASH))
