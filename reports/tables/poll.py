"""The frozen content for the count sheet, the results table and the workbook of a poll: every figure is printed here.

`pdf`, `excel` and the pages only draw it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from ballots.counting import tally
from ballots.models import SealedBox
from campaigns.models import TargetKind

from .. import wording
from ..findings import Crossing
from ..grading.content import GradingContent
from ..grading.excellent_quota import ExcellentQuota
from ..results.poll import BatchLine, Line, PollResults, Split, TargetResults
from ..results.scores import LineScore, verdict
from ..scoring.printed import ScoresTable
from ..wording import Day, date_text
from .blocks import Block, Table, blocks_among
from .instant import InstantContent
from .rows import Row, row_of

Scores = Mapping[tuple[int, int], LineScore]

PERSONAL_KINDS = TargetKind.persons()


@dataclass(frozen=True)
class Box:
    """A sealed box on the count sheet; its digests in groups of eight, to be read aloud; `sm3` empty where it has none."""

    batch: str
    target: str
    ballots: int
    digest: str
    is_void: bool
    # Reports filed before there was one have none.
    sm3: str = ""


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
    # Whether its members are given a grade one by one, and what the branch's meeting decided.
    grades_members: bool = False
    grading: GradingContent | None = None
    # 窗口即时评议, apart from the ballots; None where nothing was taken.
    instant: InstantContent | None = None
    # The 综合得分 of the unit; None where the campaign is not scored, and before the sheets are keyed.
    scoring: ScoresTable | None = None

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The tables as pages and paper show them."""
        return blocks_among(self.tables)


def poll_content(
    results: PollResults,
    *,
    crossings: Iterable[Crossing],
    scores: Scores,
    excellent: ExcellentQuota | None,
    opinion_count: int,
    grading: GradingContent | None = None,
    instant: InstantContent | None = None,
    scoring: ScoresTable | None = None,
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
        facts=_facts(results),
        scrutineers=poll.scrutineers,
        tellers=poll.tellers,
        sealed_on=Day(timezone.localdate(poll.sealed_at)),
        decimals=results.rules.decimals,
        are_rates_quotients=results.rules.sum_to_100 == "note",
        sheets=results.sheets,
        batches=results.batches,
        voided=results.voided,
        unused=sum(batch.unused for batch in results.batches),
        tables=tuple(
            table_of(target, results, scores, grade=grading.grade_of(target.id) if grading else "")
            for target in results.targets
        ),
        crossings=tuple(crossings),
        boxes=tuple(map(_box, boxes)),
        opinion_count=opinion_count,
        ungraded=results.ungraded,
        excellent=excellent,
        warnings=_warnings(results),
        notes=(*notes_of(results), *(f"{reason}。" for reason in results.split_reasons)),
        hidden_reason=results.hidden_reason,
        grades_members=bool(results.graded),
        grading=grading,
        instant=instant,
        scoring=scoring,
    )


def _facts(results: PollResults) -> tuple[Fact, ...]:
    """The head of a sheet; a fact that was completed after the seal says so."""
    poll = results.poll
    late = {entry.fact: wording.completed_late(timezone.localdate(entry.completed_at)) for entry in results.late_facts}
    facts = (
        ("评议时间", date_text(poll.meeting_on), late.get("meeting_on", "")),
        ("地点", poll.place, late.get("place", "")),
        ("主持人", poll.host, late.get("host", "")),
        ("上级派员", poll.supervisor, late.get("supervisor", "")),
        ("应参评人数", poll.entitled_count, ""),
        ("实际参评人数", poll.attended_count, ""),
    )
    return tuple(Fact(label, None if value in (None, "") else f"{value}{note}") for label, value, note in facts)


def table_of(target: TargetResults, results: PollResults, scores: Scores, *, grade: str = "") -> Table:
    """The table of one target among its poll's results."""
    of_lines = [(line, scores.get((target.id, line.indicator_id))) for line in target.lines]
    # An option is ranked, not judged.
    verdicts = [
        (line, verdict(line, score, results.poll.campaign))
        for line, score in of_lines
        if line in target.judged and not target.is_option
    ]
    return Table(
        unit=results.unit,
        target=target.name,
        kind=TargetKind(target.kind).label,
        title=target.title,
        is_person=target.kind in PERSONAL_KINDS and not target.is_collective,
        base_name=wording.BASE_NAMES[results.rules.base],
        labels=target.labels,
        rows=tuple(_row_of(target, line) for line in target.lines),
        splits=_splits(target, results),
        rate_name=wording.rate_name(target.labels[0]),
        positive_name=wording.positive_name(target.lines[0].total),
        base_text=wording.base_text(results.rules.base, results.sheets),
        scores=tuple(score for _, score in of_lines if score),
        verdicts=tuple((line.text, verdict_text) for line, verdict_text in verdicts if verdict_text),
        grade=grade,
        target_id=target.id,
        most_chosen=target.most_chosen,
        rank=target.rank,
    )


def _row_of(target: TargetResults, line: Line) -> Row:
    """The row of a line; that of an option is named by its rank."""
    label = wording.rank_name(target.rank) or line.text
    return row_of(label, line.total, is_option=target.is_option, is_overall=line.is_overall)


def _splits(target: TargetResults, results: PollResults) -> tuple[tuple[str, tuple[Row, ...]], ...]:
    """For each indicator, its groups' rows; none where there is but one group of a kind."""
    return tuple(
        (line.text, tuple(_split_rows(line, results, is_option=target.is_option)))
        for line in target.lines
        if _split_groups(line)
    )


def _split_groups(line: Line) -> list[Split]:
    return [split for group in (line.by_category, line.by_channel) if len(group) > 1 for split in group]


def _split_rows(line: Line, results: PollResults, *, is_option: bool) -> Iterable[Row]:
    for split in _split_groups(line):
        if split.is_suppressed:
            yield Row(split.label, None, (), 0, 0, tally.Rate(), tally.Rate(), note=split.reason)
        else:
            label = f"{split.label}（合并列示）" if split.is_joined else split.label
            yield row_of(label, split.result, is_option=is_option)


def _box(box: SealedBox) -> Box:
    return Box(
        batch=str(box.batch),
        target=box.target.name,
        ballots=box.ballot_count,
        digest=_in_groups(box.sha256),
        sm3=_in_groups(box.sm3),
        is_void=box.batch.state == "void",
    )


def _in_groups(digest: str) -> str:
    return " ".join(digest[start : start + 8] for start in range(0, len(digest), 8))


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
    notes = (
        []
        if results.hidden_reason
        else base_notes(results.rules, (line.total for target in results.targets for line in target.lines))
    )
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
    notes += [
        wording.late_fact_note(
            entry.get_fact_display(), entry.value, timezone.localdate(entry.completed_at), entry.reason
        )
        for entry in results.late_facts
    ]
    return tuple(notes)


def base_notes(rules: tally.Rules, results: Iterable[tally.Result]) -> list[str]:
    """The denominator of the rates, and what became of cells without one grade."""
    results = list(results)
    base = f"各率的分母为{wording.BASE_NAMES[rules.base]}，逐行列出。"
    unknown = dict.fromkeys(result.unknown_label for result in results if len(result.labels) < len(result.grades)) or [
        tally.UNKNOWN_LABEL
    ]
    inside = [f"选“{'、'.join(unknown)}”的票计入分母，不算满意。"] if rules.unknown == "inside" else []
    if rules.blank == "abstain":
        blanks = dict.fromkeys(result.blank_label for result in results) or [tally.ABSTAINED_LABEL]
        blank = f"未选择的项计为{wording.blank_words(blanks)}"
        return [base, *inside, f"{blank}；选择一个以上等次的，该项无效，不影响其他项。"]
    return [base, *inside, "未选择或者选择一个以上等次的，该项无效，不影响其他项。"]
