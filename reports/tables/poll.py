"""The frozen content for the count sheet, the results table and the workbook of a poll: every figure is printed here.

`pdf`, `excel` and the pages only draw it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from ballots.counting import tally
from ballots.models import SealedBox
from campaigns.models import Poll, TargetKind

from .. import wording
from ..findings import Crossing
from ..results.excellent_quota import ExcellentQuota
from ..results.poll import BatchLine, Line, PollResults, Split, TargetResults
from ..results.scores import LineScore, verdict
from ..wording import Day, date_text
from .rows import Row, row_of

Scores = Mapping[tuple[int, int], LineScore]

PERSONAL_KINDS = TargetKind.persons()


@dataclass(frozen=True)
class Table:
    """A target's rows: an indicator each, with its splits below."""

    unit: str

    target: str
    kind: str
    title: str
    is_person: bool
    base_name: str
    labels: tuple[str, ...]
    rows: tuple[Row, ...]
    splits: tuple[tuple[str, tuple[Row, ...]], ...]
    has_unknown: bool
    rate_name: str
    positive_name: str
    # The denominator of this poll in full: 「全体组成人员35人（缺席6人计入）」.
    base_text: str
    scores: tuple[LineScore, ...]
    # Sentences of the judgement by the campaign's rule: (indicator, sentence).
    verdicts: tuple[tuple[str, str], ...]

    @property
    def score_parts(self):
        """The weighted categories as heads of the scores' table."""
        return self.scores[0].parts if self.scores else ()

    @property
    def asks_for_empty_categories(self) -> bool:
        return any(score.asks for score in self.scores)

    @property
    def score_notes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(score.note for score in self.scores if score.note))

    @property
    def heads(self) -> tuple[str, ...]:
        """The labels of every figure in a row, 弃权 and the like among them."""
        return tuple(figure.label for figure in self.rows[0].figures)

    @property
    def width(self) -> int:
        """Columns of a table that shows a count and a rate for each head."""
        return 1 + 2 * len(self.heads) + self.has_unknown + 4


@dataclass(frozen=True)
class Box:
    """A sealed box on the count sheet; the digest in groups of eight, to be read aloud."""

    batch: str
    target: str
    ballots: int
    digest: str
    is_void: bool


@dataclass(frozen=True)
class Fact:
    """A line at the head of a sheet; its value is None where it is not known."""

    label: str
    value: str | None

    @property
    def text(self) -> str:
        return tally.or_dash(self.value)


@dataclass(frozen=True)
class PollContent:
    """All that is printed about one sealed poll."""

    poll_id: int
    campaign: str
    unit: str
    path: tuple[str, ...]
    organizer: str
    facts: tuple[Fact, ...]
    scrutineers: str
    tellers: str
    sealed_on: Day
    decimals: int
    # Whether each rate is count ÷ base rounded by itself, so that a spreadsheet may compute it.
    are_rates_quotients: bool
    sheets: tally.Sheets
    batches: tuple[BatchLine, ...]
    voided: tuple[BatchLine, ...]
    unused: int
    tables: tuple[Table, ...]
    crossings: tuple[Crossing, ...]
    boxes: tuple[Box, ...]
    opinion_count: int
    # Members who took part without being graded, and how many are 优秀 beside how many may be.
    ungraded: tuple[str, ...]
    excellent: ExcellentQuota | None
    warnings: tuple[str, ...]
    notes: tuple[str, ...]
    # Why there are no tables: too few ballots here, or in a poll that would follow from this one (DESIGN 5).
    hidden_reason: str = ""


def poll_content(
    results: PollResults,
    *,
    crossings: Iterable[Crossing],
    scores: Scores,
    excellent: ExcellentQuota | None,
    opinion_count: int,
    boxes: Iterable[SealedBox] = (),
) -> PollContent:
    """The content of one sealed poll's results; where many are printed together their boxes are left out."""
    poll, campaign = results.poll, results.poll.campaign
    return PollContent(
        poll_id=poll.pk,
        campaign=campaign.title,
        unit=results.unit,
        path=results.path,
        organizer=campaign.organizer_name,
        facts=_facts(poll),
        scrutineers=poll.scrutineers,
        tellers=poll.tellers,
        sealed_on=Day(timezone.localdate(poll.sealed_at)),
        decimals=results.rules.decimals,
        are_rates_quotients=results.rules.sum_to_100 == "note",
        sheets=results.sheets,
        batches=results.batches,
        voided=results.voided,
        unused=sum(batch.unused for batch in results.batches),
        tables=tuple(table_of(target, results, scores) for target in results.targets),
        crossings=tuple(crossings),
        boxes=tuple(map(_box, boxes)),
        opinion_count=opinion_count,
        ungraded=results.ungraded,
        excellent=excellent,
        warnings=_warnings(results),
        notes=(*notes_of(results), *(f"{reason}。" for reason in results.split_reasons)),
        hidden_reason=results.hidden_reason,
    )


def _facts(poll: Poll) -> tuple[Fact, ...]:
    """The head of a sheet."""
    facts = (
        ("评议时间", date_text(poll.meeting_on)),
        ("地点", poll.place),
        ("主持人", poll.host),
        ("上级派员", poll.supervisor),
        ("应参评人数", poll.entitled_count),
        ("实际参评人数", poll.attended_count),
    )
    return tuple(Fact(label, None if value in (None, "") else str(value)) for label, value in facts)


def table_of(target: TargetResults, results: PollResults, scores: Scores) -> Table:
    """The table of one target among its poll's results."""
    of_lines = [(line, scores.get((target.id, line.indicator_id))) for line in target.lines]
    verdicts = [
        (line, verdict(line, score, results.poll.campaign)) for line, score in of_lines if line in target.judged
    ]
    return Table(
        unit=results.unit,
        target=target.name,
        kind=TargetKind(target.kind).label,
        title=target.title,
        is_person=target.kind in PERSONAL_KINDS and not target.is_collective,
        base_name=wording.BASE_NAMES[results.rules.base],
        labels=target.labels,
        rows=tuple(row_of(line.text, line.total) for line in target.lines),
        splits=_splits(target, results),
        has_unknown=any(line.total.unknown_outside for line in target.lines),
        rate_name=wording.rate_name(target.labels[0]),
        positive_name=wording.positive_name(target.lines[0].total),
        base_text=wording.base_text(results.rules.base, results.sheets),
        scores=tuple(score for _, score in of_lines if score),
        verdicts=tuple((line.text, verdict_text) for line, verdict_text in verdicts if verdict_text),
    )


def _splits(target: TargetResults, results: PollResults) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """For each indicator, its groups' rows; none where there is but one group of a kind."""
    return tuple((line.text, tuple(_split_rows(line, results))) for line in target.lines if _split_groups(line))


def _split_groups(line: Line) -> list[Split]:
    return [split for group in (line.by_category, line.by_channel) if len(group) > 1 for split in group]


def _split_rows(line: Line, results: PollResults) -> Iterable[Row]:
    for split in _split_groups(line):
        if split.is_suppressed:
            yield Row(split.label, None, (), 0, 0, tally.Rate(), tally.Rate(), note=split.reason)
        else:
            yield row_of(f"{split.label}（合并列示）" if split.is_joined else split.label, split.result)


def _box(box: SealedBox) -> Box:
    return Box(
        batch=str(box.batch),
        target=box.target.name,
        ballots=box.ballot_count,
        digest=" ".join(box.sha256[start : start + 8] for start in range(0, 64, 8)),
        is_void=box.batch.state == "void",
    )


def _warnings(results: PollResults) -> tuple[str, ...]:
    """Warnings to be seen before any figure: numbers that cannot be true together, ballots that were not entered."""
    warnings = [f"计票数字不能同时成立，请勿使用：{problem}" for problem in results.problems()]
    for batch in results.voided:
        warnings += [f"{batch.channel_label}·{batch.category}：{problem}" for problem in batch.sheets.problems()]
    if results.unentered:
        channels = results.unentered[0]
        warnings.append(f"{wording.unentered_sentence(results.sheets, *results.unentered)}各数不含{channels}。")
    return tuple(warnings)


def notes_of(results: PollResults) -> tuple[str, ...]:
    """The notes below the tables."""
    notes = [] if results.hidden_reason else base_notes(results.rules)
    if not results.sheets.returned:
        notes.append(wording.NOTHING_RETURNED)
    notes += [f"{note}。" for note in results.rate_notes]
    notes += [
        f"{batch.channel_label}·{batch.category}的纸质票：{'、'.join(batch.counting_notes)}。"
        for batch in results.batches
        if batch.counting_notes
    ]
    if results.poll.campaign.is_self_excluded and results.targets:
        notes += wording.own_rows([target for target in results.targets if not target.is_collective])
    notes += [wording.voided_batch(batch) for batch in results.voided]
    return tuple(notes)


def base_notes(rules: tally.Rules) -> list[str]:
    """The denominator of the rates, and what became of cells without one grade."""
    base = f"各率的分母为{wording.BASE_NAMES[rules.base]}，逐行列出。"
    unknown = ["选“不了解”的票计入分母，不算满意。"] if rules.unknown == "inside" else []
    if rules.blank == "abstain":
        return [base, *unknown, "未选择的项计为弃权；选择一个以上等次的，该项无效，不影响其他项。"]
    return [base, *unknown, "未选择或者选择一个以上等次的，该项无效，不影响其他项。"]
