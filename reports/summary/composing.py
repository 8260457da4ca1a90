"""Puts a 小结 together: locked sentences, the secretary's words, and what still keeps it a draft."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ballots.counting import tally
from campaigns.models import Campaign

from .. import wording
from ..comments import NAMED_MISSING
from ..grading.sums import GradesTable
from ..results.poll import PollResults
from ..results.rollup import Node
from ..tables.blocks import Table
from ..tables.campaign import RollupTable, rollup_tables
from ..tables.instant import NAME, InstantContent
from ..tables.poll import PollContent
from ..year.comparison import YearContent
from . import sentences
from .doubts import Evidence, Witness, doubts_about, hints_about, percentages
from .fields import poll_fields, unit_fields
from .follow_up import FollowUp
from .shape import HEADINGS, OPTIONAL, Doubt, SummaryContent, SummarySection, ordinal_text
from .text import full_width, paragraphs_of, pieces


@dataclass(frozen=True)
class Words:
    """The words of a 小结 by section: in standard wording, and as its secretary changed them.

    `weights` are the percentages that are rules of the campaign, which words may name.
    """

    standard: Mapping[str, str]
    texts: Mapping[str, str]
    weights: frozenset[str]

    @property
    def rules(self) -> frozenset[str]:
        """The weights, and the percentages that the organizer's own procedure names."""
        return self.weights | percentages("\n".join(self.standard.values()))


@dataclass(frozen=True)
class PlannedUnits:
    """The planned units of a unit's part of a campaign by kind, and how many members they have."""

    kinds: Mapping[str, int]
    members: int


@dataclass(frozen=True)
class _Material:
    """All that a 小结 is composed from."""

    title: str
    unit: str
    locked: sentences.Locked
    words: Words
    fields: Mapping[str, str | None]
    evidence: Evidence
    tables: tuple[Table | RollupTable, ...]
    grades: GradesTable | None
    people: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    year: YearContent | None = None
    # The 综合得分 in words; nothing where the campaign is not scored.
    scoring: tuple[str, ...] = ()
    instant: InstantContent | None = None


def poll_summary(
    results: PollResults,
    content: PollContent,
    after: FollowUp,
    words: Words,
    *,
    grades: GradesTable | None = None,
    year: YearContent | None = None,
    scoring: tuple[str, ...] = (),
) -> SummaryContent:
    """The 小结 of a sealed poll: its results, their tables, and the figures of what came after."""
    poll, headline = results.poll, sentences.headline_of(results)
    people = [table.target for table in content.tables if table.is_person]
    people += [*content.ungraded, poll.host, poll.supervisor, *_names(poll.scrutineers), *_names(poll.tellers)]
    return _compose(
        _Material(
            title=_title(content.unit, content.campaign),
            unit=content.unit,
            locked=sentences.poll_locked(results, content, after),
            words=words,
            fields=poll_fields(results, headline, after),
            evidence=Evidence(
                headline,
                witnesses=(*_shown(results), *_tapped(content.instant)),
                rates=(
                    _attendance(results),
                    after.ledger.rate,
                    after.commitments.rate,
                    *_year_rates(year),
                ),
                rules=words.rules,
                counts=_counts(results.sheets, after),
            ),
            tables=content.tables,
            grades=grades,
            people=tuple(filter(None, people)),
            hints=(*_poll_hints(content), *_hints(after)),
            year=year,
            scoring=scoring,
            instant=content.instant,
        )
    )


def unit_summary(
    campaign: Campaign,
    node: Node,
    units: PlannedUnits,
    after: FollowUp,
    words: Words,
    *,
    grades: GradesTable | None = None,
    year: YearContent | None = None,
    scoring: tuple[str, ...] = (),
    instant: InstantContent | None = None,
) -> SummaryContent:
    """The 小结 of a unit's part of a campaign, of its sums the same way."""
    headline = sentences.unit_headline(node)
    result = headline.result if headline and headline.result.labels[0] == "满意" else None
    return _compose(
        _Material(
            title=_title(node.name, campaign.title),
            unit=node.name,
            locked=sentences.unit_locked(node, headline, units.kinds, units.members, after, grades, instant),
            words=words,
            fields=unit_fields(campaign, node, result, units.members, after),
            evidence=Evidence(
                result,
                witnesses=(*_summed(node), *_tapped(instant)),
                rates=(
                    after.ledger.rate,
                    after.commitments.rate,
                    _comment_rate(after),
                    *_year_rates(year),
                ),
                rules=words.rules,
                counts=_counts(node.sheets, after),
            ),
            tables=tuple(table for table in rollup_tables(node) if table.rows),
            grades=grades,
            hints=(*_unit_hints(node, after, sentences.unit_name(units.kinds)), *_hints(after)),
            year=year,
            scoring=scoring,
            instant=instant,
        )
    )


def _names(text: str) -> list[str]:
    """The names of several people in one box."""
    return text.replace("，", "、").replace(" ", "、").split("、")


def _title(unit: str, campaign: str) -> str:
    return f"{wording.joined(unit, campaign)}情况小结"


def _shown(results: PollResults) -> Iterable[Witness]:
    """Every result that a reader of the results page sees, with the words that tell it from the headline."""
    for target in results.targets:
        for line in target.lines:
            words = (target.name,) if target.judged == (line,) else (line.text,)
            yield Witness(words, line.total)
            yield from (
                Witness((*words, split.label), split.result) for split in line.splits if not split.is_suppressed
            )


def _summed(node: Node) -> tuple[Witness, ...]:
    return tuple(Witness((line.indicator,), line.result) for line in node.lines if line.polls)


def _tapped(instant: InstantContent | None) -> Iterable[Witness]:
    """窗口即时评议, which a sentence speaks of by that name."""
    return (Witness((NAME,), total) for total in (instant.totals if instant else ()))


def _attendance(results: PollResults) -> tally.Rate:
    return tally.rate_of(results.sheets.attended, results.sheets.entitled, results.rules.decimals)


def _year_rates(year: YearContent | None) -> tuple[tally.Rate, ...]:
    """The rates of other periods that the system's own sentences print."""
    return year.rates if year else ()


def _comment_rate(after: FollowUp) -> tally.Rate:
    """The coverage of leaders' comments, of which nothing is said where there is none."""
    return after.comments.coverage if after.comments.comments else tally.Rate()


def _counts(sheets: tally.Sheets, after: FollowUp) -> tuple[tuple[str, int], ...]:
    return (("发出", sheets.issued), ("收回", sheets.returned), ("意见条数", after.opinions.counted))


def _poll_hints(content: PollContent) -> Iterable[str]:
    pending = sum(crossing.is_pending for crossing in content.crossings)
    if pending:
        yield f"有{pending}项评议结果超过阈值，尚未认定；小结中不写其后果。"
    if content.grades_members and not content.grading:
        yield "党员的等次尚未登记综合定格；小结中只有得票。"


def _unit_hints(node: Node, after: FollowUp, unit_name: str) -> Iterable[str]:
    if node.units_sealed < node.units:
        yield f"{node.units}个评议点中已封存{node.units_sealed}个，其余的不在各数之内。"
    if after.comments.missing_count and after.comments.comments:
        names = "、".join(after.comments.missing[:NAMED_MISSING])
        yield f"领导点评尚缺{after.comments.missing_count}个{unit_name}：{names}。"


def _hints(after: FollowUp) -> Iterable[str]:
    unread = after.opinions.received - after.opinions.read
    if unread and after.opinions.read:
        yield f"还有{unread}条意见建议未阅。"
    if after.ledger.overdue:
        yield f"整改台账中有{after.ledger.overdue}个问题已过时限，尚未办结。"


def _compose(material: _Material) -> SummaryContent:
    sections, ordinal, words = [], 0, material.words
    year = material.year.sentences if material.year else ()
    locked_of = {**material.locked, "scoring": material.scoring, "year": year}
    for key, heading in HEADINGS.items():
        if key in OPTIONAL and not locked_of.get(key):
            continue
        text = full_width(words.texts.get(key, words.standard.get(key, "")))
        locked, worded = locked_of.get(key, ()), paragraphs_of(text)
        has_number = bool(locked or worded) and key not in ("intro", "signed_on")
        ordinal += has_number
        sections.append(
            SummarySection(
                key=key,
                heading=heading,
                ordinal=ordinal_text(ordinal) if has_number else "",
                locked=locked,
                text=text,
                paragraphs=(
                    *(pieces(paragraph, material.people) for paragraph in locked),
                    *(pieces(paragraph, material.people, material.fields) for paragraph in worded),
                ),
            )
        )
    date = sections[-1]
    missing = [section.heading for section in sections if section.has_missing]
    if not date.paragraphs:
        missing.append(date.heading)
    return SummaryContent(
        title=material.title,
        unit=material.unit,
        signed_on=date.paragraphs[0] if date.paragraphs else pieces(wording.MISSING, ()),
        sections=tuple(sections),
        tables=tuple(material.tables),
        grades=material.grades,
        missing=tuple(missing),
        fields=tuple(material.fields.items()),
        doubts=tuple(_doubts(sections, material)),
        hints=(
            *material.hints,
            *(hint for section in sections for hint in hints_about(section.text, material.evidence)),
        ),
        year=material.year,
        instant=material.instant,
    )


def _doubts(sections: Iterable[SummarySection], material: _Material) -> Iterable[Doubt]:
    """The doubts about the secretary's words."""
    for section in sections:
        if section.text == full_width(material.words.standard.get(section.key, "")):
            continue
        for sentence in doubts_about(section.text, material.evidence):
            yield Doubt(section.key, section.heading, sentence)
