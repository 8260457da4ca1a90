"""Draws contents as workbooks; every figure in them was counted before."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from campaigns.models import TrailEntry

from ...comments import CommentsContent
from ...committee.desk import Desk, DeskRow
from ...ledger.content import LedgerContent
from ...opinions import OpinionsContent
from ...report import Report
from ...scoring.content import ScoreRanking
from ...secretaries.ranking import SecretariesRanking
from ...tables.campaign import CampaignContent, rollup_tables
from ...tables.poll import PollContent
from ...tables.taps import WindowSums
from ...year.comparison import YearContent
from . import (
    comments,
    commitments,
    desk,
    grades,
    ledger,
    members,
    opinions,
    overview,
    results,
    scores,
    secretaries,
    taps,
    trail,
    units,
    year,
)
from .book import Book
from .following import Following

__all__ = [
    "draw_campaign_workbook",
    "draw_comments_workbook",
    "draw_desk_workbook",
    "draw_ledger_workbook",
    "draw_poll_workbook",
    "draw_report_workbook",
    "draw_score_workbook",
    "draw_secretaries_workbook",
    "draw_trail_workbook",
    "draw_window_workbook",
    "draw_year_workbook",
]


def draw_report_workbook(
    report: Report, *, may_read_opinions: bool = True, may_read_ledger: bool = True, mark: str = ""
) -> bytes:
    """A whole report; for readers who may not see them, without opinions, or without ledger, comments, commitments.

    `mark` says who took it out and when.
    """
    following = Following(
        opinions=report.opinions if may_read_opinions else None,
        ledger=report.ledger if may_read_ledger else None,
        comments=report.comments if may_read_ledger else None,
        commitments=report.commitments if may_read_ledger else None,
    )
    if report.poll:
        return _poll(report.poll, following, report.summary.year, mark=mark)
    if report.campaign:
        return _campaign(report.campaign, following, report.summary.year, mark=mark)
    raise ValueError("a report of neither a poll nor a unit")


def draw_poll_workbook(content: PollContent, *, opinions: OpinionsContent | None, mark: str = "") -> bytes:
    """A poll's count; `opinions` is None for readers who may not see them."""
    return _poll(content, Following(opinions=opinions), mark=mark)


def draw_campaign_workbook(content: CampaignContent, *, opinions: OpinionsContent | None, mark: str = "") -> bytes:
    """A campaign's count: every unit's sums, then every poll's lines."""
    return _campaign(content, Following(opinions=opinions), mark=mark)


def draw_ledger_workbook(content: LedgerContent, title: str) -> bytes:
    """The ledger alone."""
    book = Book()
    ledger.draw_ledger(book, content, title)
    return book.to_bytes()


def draw_desk_workbook(content: Desk, rows: Iterable[DeskRow]) -> bytes:
    """How far the units of a campaign have come."""
    book = Book()
    desk.draw_desk(book, content, rows)
    return book.to_bytes()


def draw_comments_workbook(content: CommentsContent, title: str) -> bytes:
    """The leaders' comments alone."""
    book = Book()
    comments.draw_comments(book, content, title)
    return book.to_bytes()


def draw_score_workbook(content: ScoreRanking) -> bytes:
    """The ranking of 千分制考核, with every unit's means, bonus and deductions."""
    book = Book(decimals=content.decimals)
    scores.draw_scores(book, content)
    return book.to_bytes()


def draw_secretaries_workbook(content: SecretariesRanking) -> bytes:
    """The ranking of secretaries alone."""
    book = Book()
    secretaries.draw_secretaries(book, content)
    return book.to_bytes()


def draw_trail_workbook(entries: Iterable[TrailEntry], *, now: datetime) -> bytes:
    """Rows of the trail alone."""
    book = Book()
    trail.draw_trail(book, entries, now=now)
    return book.to_bytes()


def draw_year_workbook(content: YearContent) -> bytes:
    """The periods of a year alone."""
    book = Book()
    year.draw_year(book, content, content.unit)
    return book.to_bytes()


def draw_window_workbook(sums: WindowSums, title: str, notes: tuple[str, ...]) -> bytes:
    """The sums of one window alone."""
    book = Book()
    taps.draw_window(book, sums, title, notes)
    return book.to_bytes()


def _poll(content: PollContent, following: Following, periods: YearContent | None = None, *, mark: str) -> bytes:
    book, subtitle = Book(decimals=content.decimals, mark=mark), f"{content.campaign}·{content.unit}"
    is_live = content.are_rates_quotients
    overview.draw_poll(book, content, following)
    year.draw_year(book, periods, subtitle)
    if content.scoring:
        scores.draw_score_table(book, content.scoring, subtitle)
    units.draw_targets(book, [table for table in content.tables if not table.is_person], subtitle, is_live=is_live)
    members.draw_members(book, [content], subtitle, is_live=is_live)
    if content.instant:
        taps.draw_instant(book, content.instant, subtitle, is_live=is_live)
    _lists(book, following, subtitle)
    _lines(book, [content], subtitle, is_live=is_live)
    return book.to_bytes()


def _campaign(
    content: CampaignContent, following: Following, periods: YearContent | None = None, *, mark: str
) -> bytes:
    book = Book(decimals=content.decimals, mark=mark)
    subtitle = f"{content.campaign}·{content.unit}·{content.period}"
    is_live = content.are_rates_quotients
    overview.draw_campaign(book, content, rollup_tables(content.top), following)
    year.draw_year(book, periods, subtitle)
    units.draw_list(book, content, subtitle)
    units.draw_sums(book, content, subtitle)
    if content.scoring:
        scores.draw_score_table(book, content.scoring, subtitle)
    if content.grades:
        grades.draw_grades(book, content.grades, subtitle)
    if content.instant:
        taps.draw_instant(book, content.instant, subtitle, is_live=is_live)
    members.draw_members(book, content.polls, subtitle, is_live=is_live)
    _lists(book, following, subtitle)
    _lines(book, content.polls, subtitle, is_live=is_live)
    return book.to_bytes()


def _lists(book: Book, following: Following, subtitle: str) -> None:
    if following.opinions:
        opinions.draw_opinions(book, following.opinions, subtitle)
    if following.ledger:
        ledger.draw_ledger(book, following.ledger, subtitle)
    if following.comments:
        comments.draw_comments(book, following.comments, subtitle)
    if following.commitments:
        commitments.draw_commitments(book, following.commitments, subtitle)


def _lines(book: Book, polls: Sequence[PollContent], subtitle: str, *, is_live: bool) -> None:
    tables = [table for poll in polls for table in poll.tables]
    hidden = [(poll.unit, poll.hidden_reason) for poll in polls if poll.hidden_reason]
    results.draw_results(book, tables, subtitle, is_live=is_live, hidden=hidden)
    results.draw_splits(book, tables, subtitle, is_live=is_live)
