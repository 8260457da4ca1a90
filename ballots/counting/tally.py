"""The count as pure arithmetic: marks in, counts and rates out. No Django (DESIGN 5; scenarios C1–C20).

Rates are `Fraction` until they are printed, thresholds compare integers, printing rounds half-up and rounds no rate to 0
or 100 that is neither.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

BLANK = "-"
SPOILED = "x"
# The mark between texts that are counted together; no text bears it.
PARTING = b"|"

ABSTAINED_LABEL = "弃权"
# The blank where 弃权 is a grade that people mark: no table says the word with two meanings.
UNMARKED_LABEL = "未选"
UNKNOWN_LABEL = "不了解"
SPOILED_LABEL = "无效"
MISSING_LABEL = "未投票"
NO_RATE = "—"
SUM_NOTE = "因四舍五入，各项之和可能不等于100%"
HELD_NOTE = "不足100%的不写作100%，大于0的不写作0%"


class IdentityError(ArithmeticError):
    """Numbers that cannot be true together; the message names them, in Chinese, for the user."""


@dataclass(frozen=True)
class CountedGrade:
    """An answer of a scale: its label, whether it counts in the base, whether 综合满意率 adds it, its score 0–100."""

    label: str
    is_in_base: bool = True
    is_positive: bool = False
    score: int | None = None


def blank_label(labels: Iterable[str]) -> str:
    """The name of a blank beside these grades: 弃权, or 未选 where 弃权 is one of them."""
    return UNMARKED_LABEL if ABSTAINED_LABEL in labels else ABSTAINED_LABEL


@dataclass(frozen=True)
class Rules:
    """A campaign's counting rules; the defaults are those of DESIGN 5."""

    base: str = "valid"  # valid, returned, attended, entitled
    blank: str = "abstain"  # abstain, invalid
    unknown: str = "outside"  # outside, inside: what 不了解 is to a base of papers
    decimals: int = 1
    sum_to_100: str = "note"  # note, last, largest
    min_group: int = 5
    min_poll: int = 3
    first_split: str = "channel"  # channel, category


@dataclass(frozen=True)
class Sheets:
    """Numbers of ballot papers, and of people where they are known for the whole they stand for."""

    issued: int = 0
    returned: int = 0
    void: int = 0
    attended: int | None = None
    entitled: int | None = None

    @property
    def valid(self) -> int:
        """有效 = 收回 − 整票无效."""
        return self.returned - self.void

    def __add__(self, other: "Sheets") -> "Sheets":
        return Sheets(
            self.issued + other.issued,
            self.returned + other.returned,
            self.void + other.void,
            _both(self.attended, other.attended),
            _both(self.entitled, other.entitled),
        )

    def problems(self) -> list[str]:
        """The numbers that cannot be true together, one sentence each; empty when all is well (scenario C13)."""
        broken = []
        if self.returned > self.issued:
            broken.append(
                f"收回的测评票多于发出的测评票（发出{self.issued}，收回{self.returned}），"
                "本次测评无效，应重新进行测评。"
            )
        if self.void > self.returned:
            broken.append(f"整票无效数多于收回数（收回{self.returned}，无效{self.void}）。")
        if self.attended is not None and self.entitled is not None and self.attended > self.entitled:
            broken.append(f"实际参评人数多于应参评人数（应参评{self.entitled}，实际{self.attended}）。")
        return broken


def _both(count: int | None, other_count: int | None) -> int | None:
    return None if count is None or other_count is None else count + other_count


class CellCount(NamedTuple):
    """How one cell was marked: the grades in the base in the scale's order, and the rest."""

    grades: tuple[int, ...]
    unknown: int = 0
    abstained: int = 0
    spoiled: int = 0

    @property
    def total(self) -> int:
        return sum(self.grades) + self.unknown + self.abstained + self.spoiled

    def __add__(self, other: "CellCount") -> "CellCount":  # type: ignore[override]  # counts add up; tuples would join
        return CellCount(
            tuple(count + other_count for count, other_count in zip(self.grades, other.grades, strict=True)),
            self.unknown + other.unknown,
            self.abstained + other.abstained,
            self.spoiled + other.spoiled,
        )


class Marks:
    """The marks that a scale admits, each by what it counts as."""

    def __init__(self, grades: Sequence[CountedGrade]):
        digits = [(b"%d" % digit, grade.is_in_base) for digit, grade in enumerate(grades, start=1)]
        self._in_base = sum(grade.is_in_base for grade in grades)
        # Grades in the base, grades outside it, and the two marks that are no grade. The first is counted by its absence.
        admitted = [digit for digit, in_base in digits if in_base]
        admitted += [digit for digit, in_base in digits if not in_base]
        self._first: bytes = admitted[0] if admitted else BLANK.encode()
        self._others = [*admitted, BLANK.encode(), SPOILED.encode()][1:]
        self._known = _Columns(self._counted)

    def count(self, lines: bytes, cells: int) -> list[CellCount]:
        """The marks of each cell of equally long lines; raises IdentityError on a mark that the scale does not admit."""
        width = cells + 1
        length = (len(lines) + 1) // width
        # The mark that most people make is counted by its absence.
        known, first = self._known, self._first
        return [known[length, lines[place::width].translate(None, first)] for place in range(cells)]

    def count_parted(self, column: bytes, lengths: Sequence[int]) -> list[CellCount]:
        """The marks of one cell in many texts of so many lines, with PARTING between any two; none if it stands elsewhere."""
        rests = column.translate(None, self._first).split(PARTING)
        if len(rests) != len(lengths):
            return []
        return list(map(self._known.__getitem__, zip(lengths, rests, strict=True)))

    @property
    def nothing(self) -> CellCount:
        """The count of no ballot at all."""
        return self._known[0, b""]

    def _counted(self, length: int, rest: bytes) -> CellCount:
        counts = [length - len(rest), *map(rest.count, self._others)]
        if sum(counts) != length:
            admitted = b"".join([self._first, *self._others]).decode()
            strange = sorted(set(rest.decode()).difference(admitted))
            raise IdentityError(f"票面上有不属于量表的标记：{'、'.join(strange)}。")
        *grades, abstained, spoiled = counts
        in_base = self._in_base
        return CellCount(tuple(grades[:in_base]), sum(grades[in_base:]), abstained, spoiled)


class _Columns(dict[tuple[int, bytes], CellCount]):
    """The counts of columns by their length and their marks but the first, short ones remembered.

    Where most people agree, these are nearly all that occur.
    """

    REMEMBERED, SHORT = 20_000, 100

    def __init__(self, count: Callable[[int, bytes], CellCount]):
        self._count = count

    def __missing__(self, column: tuple[int, bytes]) -> CellCount:
        counted = self._count(*column)
        if column[0] <= self.SHORT and len(self) < self.REMEMBERED:
            self[column] = counted
        return counted


def count_sections(sections: Iterable[str], grades: Sequence[CountedGrade], cells: int) -> list[CellCount]:
    """Count the sections of one target: one `CellCount` for each of its `cells`.

    Raises IdentityError on a section that does not fit the scale.
    """
    sections = list(sections)
    if "" in sections:
        raise wrong_length("", cells)
    return count_lines("\n".join(sections).encode(), Marks(grades), cells)


def count_lines(lines: bytes, marks: Marks, cells: int) -> list[CellCount]:
    """Count sections that stand one a line, as in a sealed box.

    Each cell is a column of the text, which is cut out and counted whole: nothing is looked at mark by mark.
    """
    if not _is_even(lines, cells + 1):
        text = lines.decode(errors="replace")
        strange = next((line for line in text.split("\n") if len(line) != cells), None)
        if strange is not None:
            raise wrong_length(strange, cells)
        # Characters of several bytes are one mark each, and one too strange.
        lines = text.encode("ascii", "replace")
    return marks.count(lines, cells)


def count_each(texts: Sequence[bytes], marks: Marks, cells: int) -> list[tuple[CellCount, ...]]:
    """`count_lines` of each of many texts, which are laid end to end and cut out column by column together."""
    if not all(texts):
        counted = iter(count_each(list(filter(None, texts)), marks, cells))
        nothing = (marks.nothing,) * cells
        return [next(counted) if text else nothing for text in texts]
    width = cells + 1
    laid = b"".join((b"\n", PARTING * cells, b"\n")).join(texts)
    if _is_even(laid, width):
        lengths = [(len(text) + 1) // width for text in texts]
        columns = [marks.count_parted(laid[place::width], lengths) for place in range(cells)]
        if all(columns):
            return list(zip(*columns, strict=True))
    # Somewhere a line is too long or a mark too strange: by itself each text says what is wrong with it.
    return [tuple(count_lines(text, marks, cells)) for text in texts]


def _is_even(lines: bytes, width: int) -> bool:
    """Whether all lines, their ends among them, are so long, or there is none."""
    return not lines or (not (len(lines) + 1) % width and lines[width - 1 :: width] == b"\n" * (len(lines) // width))


def wrong_length(section: str, cells: int) -> IdentityError:
    """The error of a section that has not the marks of so many cells."""
    return IdentityError(f"票面“{section}”应有{cells}项，实有{len(section)}项。")


def percent(share: Fraction, decimals: int) -> str:
    """A rate, a share of 1, as a percentage without its sign, rounded half-up: `Fraction(15, 48)` gives "31.3".

    Every rate is printed by this: 满意率, 参评率, 回收率, 完成率, coverage. Short of the whole none prints 100, and above
    nothing none prints 0: 4,377 of 4,378 are 99.9 at one decimal, and the other one is 0.1.
    """
    return _units_text(_rate_units(share, 100 * 10**decimals), decimals)


@dataclass(frozen=True)
class Number:
    """A figure, exact in `value` and printed half-up: a score, a mean. Its value is None where there is none."""

    value: Fraction | None = None
    decimals: int = 1

    @property
    def printed_units(self) -> int | None:
        """The printed figure counted in its last decimal: 935 for 93.5."""
        return None if self.value is None else _whole_steps(self.value, 10**self.decimals)

    @property
    def is_known(self) -> bool:
        return self.value is not None

    @property
    def printed(self) -> Fraction:
        """The figure as printed, for what is drawn to its size; 0 where there is none."""
        return Fraction(self.printed_units or 0, 10**self.decimals)

    @property
    def digits(self) -> str | None:
        """「93.5」, and None where there is none: for files, and for sentences with a sign of their own."""
        return None if self.printed_units is None else _units_text(self.printed_units, self.decimals)

    @property
    def text(self) -> str:
        """「93.5」, or 「—」."""
        return self.digits or NO_RATE

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Rate(Number):
    """A rate: the exact share of 1 in `value`, and in `units` what is printed of it, in its last decimal.

    The two differ by more than rounding where a campaign's rule makes printed rates add up to 100.
    """

    units: int | None = None

    @classmethod
    def of(cls, share: Fraction | None, decimals: int = 1) -> "Rate":
        """A share of 1 as `percent` prints it."""
        return cls(share, decimals, None if share is None else _rate_units(share, 100 * 10**decimals))

    @property
    def printed_units(self) -> int | None:
        return self.units

    @property
    def percent_text(self) -> str:
        """「93.5%」, or 「—」."""
        return f"{self.text}%" if self.is_known else self.text

    @property
    def is_held(self) -> bool:
        """Whether the rate by itself is a step away from the 0 or 100 that it would round to."""
        whole = 100 * 10**self.decimals
        return self.value is not None and _rate_units(self.value, whole) != _whole_steps(self.value, whole)


def rate_of(count: int | None, base: int | None, decimals: int = 1) -> Rate:
    """The rate count ÷ base; none without a base or where one of the two is not known."""
    return Rate.of(None if count is None or not base else Fraction(count, base), decimals)


def or_dash(value: int | str | None) -> str:
    """A count or a word as printed, 「—」 where it is not known."""
    return NO_RATE if value is None else str(value)


def _rate_units(share: Fraction, whole: int) -> int:
    units = _whole_steps(share, whole)
    if not units and share.numerator > 0:
        return 1
    return whole - 1 if units >= whole and share.numerator < share.denominator else units


def _whole_steps(value: Fraction, steps: int) -> int:
    """The value in so many steps of 1, rounded half-up, by integers: a page of rates takes thousands of these."""
    return (2 * value.numerator * steps + value.denominator) // (2 * value.denominator)


def _units_text(units: int, decimals: int) -> str:
    if not decimals:
        return str(units)
    whole, rest = divmod(units, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}"


@dataclass(frozen=True)
class Share:
    """A part of a base: its label, its count and its rate."""

    label: str
    count: int
    rate: Rate


@dataclass(frozen=True)
class Result:
    """An indicator's result: counts, base and rates under a campaign's rules.

    `sheets` are those of the whole or of the group that `cell` was counted from. Where no rate can be given
    (nothing returned, or a base of people that is not known for a group) every rate is none and prints as 「—」.
    """

    grades: tuple[CountedGrade, ...]
    cell: CellCount
    sheets: Sheets
    rules: Rules
    # Blanks that a person left in the row about themselves by rule: no abstention, in no base (scenario C16).
    own: int = 0
    # `cell.unknown` grade by grade, in the scale's order; empty where the answers were counted together.
    outside: tuple[int, ...] = ()

    @cached_property
    def labels(self) -> tuple[str, ...]:
        return tuple(grade.label for grade in self.grades if grade.is_in_base)

    @cached_property
    def blank_label(self) -> str:
        return blank_label(self.labels)

    @cached_property
    def unknown_label(self) -> str:
        """The grades outside the base, which are counted together: 「不了解」, 「不了解、没有接触」."""
        return "、".join(grade.label for grade in self.grades if not grade.is_in_base) or UNKNOWN_LABEL

    @cached_property
    def base(self) -> int | None:
        """The denominator, or None where it is not known.

        `valid` and `returned` count papers: 不了解 is outside unless the rules say inside, and so are 行无效 (and blanks,
        where they are invalid) under `valid`. `attended` and `entitled` count people, all of them (scenarios C12, C18, C19).
        """
        if self._counts_people:
            people = self.sheets.attended if self.rules.base == "attended" else self.sheets.entitled
            return None if people is None else people - self.own
        if self.rules.base == "returned":
            return self.sheets.returned - self.unknown_outside - self.own
        abstained = self._abstained if self.rules.blank == "abstain" else 0
        return sum(self.cell.grades) + abstained + self.cell.unknown - self.unknown_outside

    @property
    def unknown_outside(self) -> int:
        """The answers 不了解 that no base of papers counts: all of them, or none where the rules put them inside."""
        return 0 if self._is_unknown_inside else self.cell.unknown

    @cached_property
    def outside_grades(self) -> tuple[tuple[str, int], ...]:
        """The answers that no base counts, by (label, count): grade by grade where that is known, else together."""
        if self._is_unknown_inside or len(self.labels) == len(self.grades):
            return ()
        labels = tuple(grade.label for grade in self.grades if not grade.is_in_base)
        if len(labels) == len(self.outside):
            return tuple(zip(labels, self.outside, strict=True))
        return ((self.unknown_label, self.cell.unknown),)

    @property
    def _is_unknown_inside(self) -> bool:
        return self.rules.unknown == "inside" and not self._counts_people

    @property
    def _abstained(self) -> int:
        return self.cell.abstained - self.own

    @cached_property
    def invalid_outside(self) -> int:
        """Cells that are invalid and outside the base; where it counts more than valid papers they are a share of it."""
        if self.rules.base != "valid":
            return 0
        return self.cell.spoiled + (self._abstained if self.rules.blank == "invalid" else 0)

    @property
    def no_grades(self) -> tuple[tuple[str, int], ...]:
        """The returned papers that chose no grade in the base, by (label, count): the same numbers as the tables print."""
        labels = (self.blank_label, SPOILED_LABEL)
        shares = tuple((share.label, share.count) for share in self.shares if share.label in labels)
        return ((self.unknown_label, self.cell.unknown), *shares, ("该项无效", self.invalid_outside))

    @property
    def _counts_people(self) -> bool:
        return self.rules.base in ("attended", "entitled")

    @cached_property
    def _has_rates(self) -> bool:
        return bool(self.base) and self.sheets.returned > 0

    @cached_property
    def _parts(self) -> list[tuple[str, int]]:
        """The parts of the base, in print order: grades, then 弃权, 无效, 不了解, 未投票 as far as they belong to it."""
        parts = list(zip(self.labels, self.cell.grades, strict=True))
        blank_abstains = self.rules.blank == "abstain"
        if blank_abstains:
            parts.append((self.blank_label, self._abstained))
        if self.rules.base != "valid":
            spoiled = self.cell.spoiled + self.sheets.void + (0 if blank_abstains else self._abstained)
            parts.append((SPOILED_LABEL, spoiled))
        has_outside = len(self.labels) < len(self.grades)
        if has_outside and (self._counts_people or self._is_unknown_inside):
            # Who answered 不了解 is one of those in the base; without this the parts would not add up to it.
            parts.append((self.unknown_label, self.cell.unknown))
        if self._counts_people:
            counted = sum(count for _, count in parts)
            parts.append((MISSING_LABEL, max((self.base or 0) - counted, 0)))
        return parts

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """The parts of the base with their rates."""
        decimals = self.rules.decimals
        if not self._has_rates:
            return tuple(Share(label, count, Rate.of(None, decimals)) for label, count in self._parts)
        exact = [Fraction(count, self.base) for _, count in self._parts]
        units = _rounded(exact, self.rules, grade_count=len(self.labels))
        return tuple(
            Share(label, count, Rate(share, decimals, unit))
            for (label, count), share, unit in zip(self._parts, exact, units, strict=True)
        )

    @cached_property
    def sum_differs_from_100(self) -> bool:
        """Whether the printed rates need the note that they may not add up (scenario C1)."""
        if not self._has_rates or sum(share.count for share in self.shares) != self.base:
            return False
        return sum(share.rate.printed_units or 0 for share in self.shares) != 100 * 10**self.rules.decimals

    @cached_property
    def has_held_rates(self) -> bool:
        """Whether the printed rates need the note that none is rounded to 0 or 100."""
        return any(rate.is_held for rate in (*(share.rate for share in self.shares), self.positive))

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes that the printed rates need."""
        needed = ((SUM_NOTE, self.sum_differs_from_100), (HELD_NOTE, self.has_held_rates))
        return tuple(note for note, is_needed in needed if is_needed)

    @property
    def satisfaction(self) -> Rate:
        """满意率: the first grade ÷ base."""
        return self.shares[0].rate

    @cached_property
    def positive_count(self) -> int:
        in_base = [grade for grade in self.grades if grade.is_in_base]
        return sum(count for grade, count in zip(in_base, self.cell.grades, strict=True) if grade.is_positive)

    @property
    def positive(self) -> Rate:
        """综合满意率: the positive grades ÷ base; never printed under the name 满意率 (scenario C11)."""
        return rate_of(self.positive_count, self.base if self._has_rates else None, self.rules.decimals)

    def problems(self) -> list[str]:
        """Broken identities, one sentence each with the numbers that do not fit."""
        broken = self.sheets.problems()
        if self.cell.total != self.sheets.valid:
            broken.append(
                f"各档{sum(self.cell.grades)}＋{self.unknown_label}{self.cell.unknown}＋{self.blank_label}{self.cell.abstained}"
                f"＋行无效{self.cell.spoiled}＝{self.cell.total}，与有效票{self.sheets.valid}不符。"
            )
        if self.outside and sum(self.outside) != self.cell.unknown:
            broken.append(
                f"{self.unknown_label}逐档为{'＋'.join(map(str, self.outside))}，与合计{self.cell.unknown}不符。"
            )
        if self._counts_people and self.base is not None and self.sheets.returned > self.base + self.own:
            broken.append(f"收回{self.sheets.returned}张票，多于作分母的{self.base + self.own}人。")
        return broken


def _rounded(exact: Sequence[Fraction], rules: Rules, *, grade_count: int) -> list[int]:
    """The shares in units of the last printed decimal, made to add up as the rules say (scenario C11)."""
    whole = 100 * 10**rules.decimals
    units = [_rate_units(share, whole) for share in exact]
    if rules.sum_to_100 == "note" or sum(exact) != 1:
        return units
    if rules.sum_to_100 == "last":
        # The last grade that anybody chose takes what the others leave; a grade without ballots stays at zero.
        chosen = [position for position in range(grade_count) if exact[position]]
        if chosen:
            rest = whole - (sum(units) - units[chosen[-1]])
            # A grade that somebody chose keeps at least the last step.
            if rest > 0:
                units[chosen[-1]] = rest
                return units
    return _largest_remainder(exact, whole)


def _largest_remainder(exact: Sequence[Fraction], whole: int) -> list[int]:
    """Shares that add up to the whole, each above nothing at least one unit: many tiny ones take theirs from the large."""
    units = [max(int(share * whole), 1 if share else 0) for share in exact]
    for _ in range(sum(units) - whole):
        # The largest part changes least in proportion; of two printed alike the smaller gives, so that order is kept.
        units[max(range(len(exact)), key=lambda position: (units[position], -exact[position]))] -= 1
    by_remainder = sorted(range(len(exact)), key=lambda position: (units[position] - exact[position] * whole, position))
    for position in by_remainder[: whole - sum(units)]:
        units[position] += 1
    return units


def exceeds(count: int, base: int | None, numerator: int, denominator: int, *, or_equal: bool = False) -> bool:
    """Whether count ÷ base is strictly more than numerator ÷ denominator, by integers; False without a base (C9, C14)."""
    if base is None or base <= 0:
        return False
    left, right = count * denominator, base * numerator
    return left > right or (or_equal and left == right)


@dataclass(frozen=True)
class Possibility:
    """A way in which a reported rate can have come about: which counts over which base."""

    labels: tuple[str, ...]
    count: int
    base: int
    rate: Rate
    # Whether the reported figure has its last decimals cut off, which is no rounding.
    is_cut: bool = False
    # Whether the base counts people, not papers.
    is_of_people: bool = False


def agrees(result: Result, reported: str) -> bool:
    """Whether the 满意率 rounds to a reported figure at the figure's own number of decimals."""
    decimals = len(reported.partition(".")[2])
    return Rate.of(result.satisfaction.value, decimals).digits == reported


def explain_rate(result: Result, reported: str) -> list[Possibility]:
    """The meanings that a reported 满意率 may have where it does not match the ballots (scenario C1).

    Tries the rate itself with decimals cut off, the leading grades together over the base, and the first grade over
    every other number that offices divide by: the base less its abstentions, valid, returned and issued papers, people
    present and entitled. Gives the ways that come to the reported figure at its own number of decimals. Empty when it
    matches or nothing does.
    """
    decimals = len(reported.partition(".")[2])
    if not result.satisfaction.is_known or result.base is None or agrees(result, reported):
        return []
    counts, labels, sheets = result.cell.grades, result.labels, result.sheets
    printed = result.rules.decimals
    own = Possibility(labels[:1], counts[0], result.base, rate_of(counts[0], result.base, printed), is_cut=True)
    cut = [own] if _cut(Fraction(counts[0], result.base), decimals) == reported else []
    tried = [(labels[:end], sum(counts[:end]), result.base) for end in range(2, len(labels) + 1) if counts[end - 1]]
    papers = {sum(counts), sheets.valid, sheets.returned, sheets.issued} - {0, result.base}
    people = {sheets.attended, sheets.entitled} - {0, None, result.base} - papers
    tried += [(labels[:1], counts[0], base) for base in (*sorted(papers), *sorted(filter(None, people)))]
    return cut + [
        Possibility(names, count, base, rate_of(count, base, printed), is_of_people=base in people)
        for names, count, base in tried
        if count <= base and percent(Fraction(count, base), decimals) == reported
    ]


def _cut(share: Fraction, decimals: int) -> str:
    """A rate as a percentage with further decimals cut off: 137 of 138 are 99.2."""
    return _units_text(int(share * 100 * 10**decimals), decimals)
