"""The contents of a 公示: built from the sealed tally while it is a draft, and as frozen ever after.

Totals alone: no split by group, no opinion, no finding, nothing about a target that was not chosen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from operator import attrgetter

from django.utils import timezone

from ballots.counting import tally
from campaigns.models import Poll
from campaigns.models.states import StateError

from .. import wording
from ..freezing import CONVERTER, count_of_words, rate_of_words
from ..ledger.content import figures_of, problems_of
from ..models import Announcement
from ..results.poll import Line, PollResults, TargetResults
from ..results.scores import scores_of, verdict
from ..scope import Scope
from ..tables.poll import PERSONAL_KINDS, Scores, date_text, notes_of
from ..tables.rows import row_of
from . import working_days

# Of the frozen content; the first, which has no number, keeps figures as printed words.
FORMAT = 2
# Customary; no rule was found that prescribes a number (DOMAIN B5).
STANDARD_WORKDAYS = 5
PERSONS_WARNING = "其中有对个人的评议结果。个人的结果是否公开、在什么范围公开，请先对照有关规定和本单位的做法核对；不公开的，取消勾选。"


@dataclass(frozen=True)
class AnnouncedFigure:
    """A grade of a line: how many, and the rate."""

    label: str
    count: int
    rate: tally.Rate


@dataclass(frozen=True)
class AnnouncedRow:
    """A line of results. Kept apart from `content.Row`: what was frozen must be read whatever becomes of that."""

    label: str
    is_overall: bool
    figures: tuple[AnnouncedFigure, ...]
    unknown: int
    spoiled: int
    base: int | None
    satisfaction: tally.Rate
    verdict: str

    @property
    def base_clause(self) -> str:
        """「，计41」, behind the name of the denominator; empty where it is not known."""
        return "" if self.base is None else f"，计{self.base}"

    @property
    def printed_base(self) -> str:
        return tally.or_dash(self.base)


@dataclass(frozen=True)
class AnnouncedTable:
    """The lines about one target."""

    target: str
    is_person: bool
    title: str
    base_text: str
    rate_name: str
    rows: tuple[AnnouncedRow, ...]

    @property
    def heads(self) -> tuple[str, ...]:
        return tuple(figure.label for figure in self.rows[0].figures)

    @property
    def verdicts(self) -> tuple[AnnouncedRow, ...]:
        return tuple(row for row in self.rows if row.verdict)

    @property
    def first_rows(self) -> tuple[AnnouncedRow, ...]:
        """The lines that stand for the target: the 总体评价, or every line where none was asked."""
        return tuple(row for row in self.rows if row.is_overall) or self.rows

    @property
    def other_rows(self) -> tuple[AnnouncedRow, ...]:
        return tuple(row for row in self.rows if row not in self.first_rows)


@dataclass(frozen=True)
class AnnouncedGroup:
    """Neighbours about which the same was asked: one printed table."""

    tables: tuple[AnnouncedTable, ...]

    @property
    def first(self) -> AnnouncedTable:
        return self.tables[0]

    @property
    def has_many(self) -> bool:
        return len(self.tables) > 1

    @property
    def has_unknown(self) -> bool:
        return any(row.unknown for table in self.tables for row in table.rows)

    @property
    def has_spoiled(self) -> bool:
        return any(row.spoiled for table in self.tables for row in table.rows)


@dataclass(frozen=True)
class AnnouncementContent:
    """All that a published notice and its page say."""

    title: str
    unit: str
    paragraphs: tuple[str, ...]
    sheets: str
    tables: tuple[AnnouncedTable, ...]
    notes: tuple[str, ...]
    problems: str
    period: str
    place: str
    office: str
    phone: str
    signed_on: str

    @property
    def groups(self) -> tuple[AnnouncedGroup, ...]:
        alike = groupby(self.tables, key=attrgetter("title", "heads", "base_text", "rate_name"))
        return tuple(AnnouncedGroup(tuple(tables)) for _, tables in alike)

    def as_json(self) -> dict:
        return {"format": FORMAT, **CONVERTER.unstructure(self)}

    @classmethod
    def from_json(cls, frozen: dict) -> "AnnouncementContent":
        return CONVERTER.structure(frozen if "format" in frozen else _upgraded(frozen), cls)


def _upgraded(frozen: dict) -> dict:
    """A content in the form of now that was published while figures were kept as printed words."""
    tables = [{**table, "rows": [_upgraded_row(row) for row in table["rows"]]} for table in frozen["tables"]]
    return {**frozen, "tables": tables}


def _upgraded_row(row: dict) -> dict:
    base, figures = count_of_words(row["base"]), row["figures"]
    return {
        **row,
        "base": base,
        "figures": [{**figure, "rate": rate_of_words(figure["rate"], figure["count"], base)} for figure in figures],
        "satisfaction": rate_of_words(row["satisfaction"], figures[0]["count"], base),
    }


def standard_announcement(results: PollResults, *, today: date) -> Announcement:
    """The start of a new draft, not saved: every target, five working days from the next one."""
    poll, starts_on = results.poll, working_days.next_workday(today)
    latest = Announcement.objects.filter(poll__organization=poll.organization).first()
    return Announcement(
        poll=poll,
        title=f"关于{wording.joined(poll.organization.name, poll.campaign.title)}结果的公示",
        text=_standard_text(poll),
        target_ids=[target.id for target in results.targets],
        starts_on=starts_on,
        ends_on=working_days.last_workday(starts_on, STANDARD_WORKDAYS),
        office=latest.office if latest else "",
        phone=latest.phone if latest else "",
    )


def _standard_text(poll: Poll) -> str:
    when = f"于{date_text(poll.meeting_on)}" if poll.meeting_on else ""
    return (
        f"按照{poll.campaign.title}的安排，{poll.organization}{when}开展了群众评议。"
        "现将评议结果予以公示，接受党员、群众监督。\n"
        "公示期间，对公示内容有异议的，可以通过来电、来信、来访等形式向受理部门反映。"
        "反映情况应当实事求是，以单位名义反映的加盖公章，以个人名义反映的尽量署真实姓名并留下联系方式，以便核实和答复。"
    )


def published_content(announcement: Announcement) -> AnnouncementContent:
    """An announcement as it was frozen when it was published."""
    # It has one (constraint announcement_published_with_its_content).
    return AnnouncementContent.from_json(announcement.content)  # type: ignore[arg-type]


def draft_content(announcement: Announcement, results: PollResults) -> AnnouncementContent:
    """A draft of its poll's results, as it would be published now."""
    chosen = set(announcement.target_ids)
    results = replace(results, targets=tuple(target for target in results.targets if target.id in chosen))
    return AnnouncementContent(
        title=announcement.title,
        unit=results.unit,
        paragraphs=tuple(filter(None, (line.strip() for line in announcement.text.splitlines()))),
        sheets=wording.sheets_sentence(results.lines[0].total) if results.lines else "",
        tables=tuple(_tables(results)),
        notes=_notes(results),
        problems=_problems(announcement.poll) if announcement.has_problems else "",
        period=period_text(announcement.starts_on, announcement.ends_on),
        place=announcement.place,
        office=announcement.office,
        phone=announcement.phone,
        signed_on=date_text(announcement.starts_on),
    )


def check_publishable(announcement: Announcement, results: PollResults, *, today: date) -> None:
    """Raise StateError with what must be put right before this draft may be seen."""
    if announcement.starts_on < today:
        raise StateError(f"公示起始日期（{date_text(announcement.starts_on)}）已过，请先改为今天或者以后的日期。")
    if results.hidden_reason:
        raise StateError(f"{results.hidden_reason}，不能公示。")
    if problems := results.problems():
        raise StateError(f"计票数字不能同时成立，不能公示：{problems[0]}")


def _tables(results: PollResults) -> Iterable[AnnouncedTable]:
    scores = scores_of([results])
    for target in results.targets:
        yield AnnouncedTable(
            target=target.name,
            is_person=is_about_a_person(target),
            title=target.title,
            base_text=wording.base_text(results.rules.base, results.sheets),
            rate_name=wording.rate_name(target.labels[0]),
            rows=tuple(_row(line, target, results, scores) for line in target.lines),
        )


def is_about_a_person(target: TargetResults) -> bool:
    return target.kind in PERSONAL_KINDS and not target.is_collective


def _row(line: Line, target: TargetResults, results: PollResults, scores: Scores) -> AnnouncedRow:
    row, is_judged = row_of(line.text, line.total), line in target.judged
    score = scores.get((target.id, line.indicator_id))
    return AnnouncedRow(
        label=row.label,
        is_overall=line.is_overall,
        figures=tuple(AnnouncedFigure(figure.label, figure.count, figure.rate) for figure in row.figures),
        unknown=row.unknown,
        spoiled=row.spoiled,
        base=row.base,
        satisfaction=row.satisfaction,
        verdict=verdict(line, score, results.poll.campaign) if is_judged else "",
    )


def _notes(results: PollResults) -> tuple[str, ...]:
    """The base of the figures; ballots that were not entered come first (C2)."""
    notes = notes_of(replace(results, targets=tuple(_without_splits(target) for target in results.targets)))
    if not results.unentered:
        return notes
    channels = results.unentered[0]
    missing = f"{wording.unentered_sentence(results.sheets, *results.unentered)}各数不含{channels}。"
    return missing, *notes


def _without_splits(target: TargetResults) -> TargetResults:
    """A sum that only differs from 100 in a split is not seen here, and needs no note."""
    return replace(target, lines=tuple(replace(line, by_category=(), by_channel=()) for line in target.lines))


def _problems(poll: Poll) -> str:
    """「列入整改台账的问题10个，整改措施12项，已落实9项，正在落实3项，措施完成率75.0%。」"""
    figures = figures_of(problems_of(Scope.of_poll(poll)), today=timezone.localdate())
    if not figures.problems:
        return "没有列入整改台账的问题。"
    sentence = f"列入整改台账的问题{figures.problems}个"
    if not figures.measures:
        return f"{sentence}，整改措施正在制定。"
    sentence += f"，整改措施{figures.measures}项"
    if not figures.underway:
        return f"{sentence}，已全部落实。"
    done = f"已落实{figures.done}项，" if figures.done else ""
    return f"{sentence}，{done}正在落实{figures.underway}项，措施完成率{figures.rate.percent_text}。"


def period_text(starts_on: date, ends_on: date) -> str:
    """「2026年9月29日至2026年10月12日，共7个工作日」; the number only where the holidays are known."""
    period = date_text(starts_on) if starts_on == ends_on else f"{date_text(starts_on)}至{date_text(ends_on)}"
    if not working_days.are_known(starts_on, ends_on):
        return period
    return f"{period}，共{working_days.count_workdays(starts_on, ends_on)}个工作日"


def period_warnings(starts_on: date, ends_on: date) -> list[str]:
    """A hint about a period that is allowed and still unusual."""
    warnings = []
    count = working_days.count_workdays(starts_on, ends_on)
    if count < STANDARD_WORKDAYS:
        warnings.append(f"公示期只有{count}个工作日，少于通常的{STANDARD_WORKDAYS}个工作日。")
    if not working_days.are_known(starts_on, ends_on):
        warnings.append(
            "公示期所在年份的放假调休安排尚未收入本系统，工作日暂按周一至周五推算，公示中不写工作日数，请对照当年放假安排核对。"
        )
    return warnings


def few_warnings(results: PollResults) -> list[str]:
    """Of so few ballots no group is shown (DESIGN 5); in public even their sum may say who marked what."""
    valid, least = results.sheets.valid, results.rules.min_group
    if not 0 < valid < least:
        return []
    return [f"有效票只有{valid}张，少于{least}张，公开后容易推算出个别人的选择。请考虑不公开，只在内部反馈。"]


def objections_sentence(announcement: Announcement, *, today: date | None = None) -> str:
    """「公示期间收到异议1件，已答复1件。」; empty while the period is not over, and for what was never published."""
    today = today or timezone.localdate()
    if announcement.state_on(today) not in (Announcement.State.OVER, Announcement.State.WITHDRAWN):
        return ""
    last_day = announcement.ends_on
    if announcement.withdrawn_at:
        last_day = timezone.localdate(announcement.withdrawn_at)
    objections = list(announcement.objections.all())
    late = [objection for objection in objections if objection.received_on > last_day]
    timely = [objection for objection in objections if objection.received_on <= last_day]
    sentence = f"公示期间收到异议{_answered(timely)}。" if timely else "公示期间没有收到异议。"
    return sentence + (f"期满后又收到{_answered(late)}。" if late else "")


def _answered(objections: list) -> str:
    return f"{len(objections)}件，已答复{sum(objection.is_answered for objection in objections)}件"
