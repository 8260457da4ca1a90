"""Secretaries beside each other over the units of a campaign, by one of the three rates; equal rates share a place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from ballots.counting import tally
from ballots.counting.judgement import places
from campaigns.models import TargetKind

from .. import wording
from ..models import SuperiorMark
from ..results.poll import PollResults
from ..scope import Scope
from .standing import BY_BALLOTS, BY_SUPERIORS, TOGETHER, MarkedPerson, marked_persons, marks_by_target


class RankedBy(StrEnum):
    """The rate by which secretaries stand in order."""

    BALLOTS = "ballots"
    SUPERIORS = "superiors"
    TOGETHER = "together"


RANKED_BY = {RankedBy.BALLOTS: BY_BALLOTS, RankedBy.SUPERIORS: BY_SUPERIORS, RankedBy.TOGETHER: TOGETHER}


@dataclass(frozen=True)
class RankedSecretary:
    """A secretary with a place."""

    place: int
    unit: str
    poll_id: int
    person: MarkedPerson


@dataclass(frozen=True)
class SecretariesTable:
    """The secretaries who were asked about on one 评议表, and those without a place, each with the reason."""

    title: str
    rate_name: str
    ranked: tuple[RankedSecretary, ...]
    unranked: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class SecretariesRanking:
    """Everything on the page and in its files."""

    campaign: str
    period: str
    unit: str
    by: str
    min_group: int
    tables: tuple[SecretariesTable, ...]


def secretaries_ranking(scope: Scope, all_results: Sequence[PollResults], *, by: RankedBy) -> SecretariesRanking:
    """The secretaries at and below a unit, of the sealed results given; one query."""
    marks = marks_by_target(SuperiorMark.objects.filter(target__poll__in=[results.poll for results in all_results]))
    asked: dict[str, list[tuple[PollResults, MarkedPerson]]] = {}
    for results in all_results:
        kinds = {section.id: section.kind for section in results.poll.ballot_form.sections}
        for person in marked_persons(results, marks):
            if kinds[person.target_id] == TargetKind.SECRETARY:
                asked.setdefault(person.title, []).append((results, person))
    return SecretariesRanking(
        campaign=scope.campaign.title,
        period=scope.campaign.period,
        unit=scope.unit.name,
        by=RANKED_BY[by],
        min_group=scope.campaign.min_group,
        tables=tuple(_table(title, entries, by) for title, entries in asked.items()),
    )


def _table(title: str, entries: Sequence[tuple[PollResults, MarkedPerson]], by: RankedBy) -> SecretariesTable:
    placed: list[tuple[Fraction, PollResults, MarkedPerson]] = []
    unranked: list[tuple[str, str, str]] = []
    for results, person in entries:
        share, reason = _rate(person, by).value, _reason(results, person, by)
        if share is None or reason:
            unranked.append((_unit(results, person), person.name, reason or "没有可用的分母"))
        else:
            placed.append((share, results, person))
    placed.sort(key=lambda entry: -entry[0])
    return SecretariesTable(title, _rate_name(entries), tuple(_with_places(placed)), tuple(unranked))


def _rate(person: MarkedPerson, by: RankedBy) -> tally.Rate:
    return {
        RankedBy.BALLOTS: person.ballots,
        RankedBy.SUPERIORS: person.superiors,
        RankedBy.TOGETHER: person.together,
    }[by]


def _rate_name(entries: Sequence[tuple[PollResults, MarkedPerson]]) -> str:
    results, person = entries[0]
    section = results.poll.ballot_form.section(person.target_id)
    return ("各项合计" if person.is_sum_of_lines else "") + wording.rate_name(section.labels[0])


def _reason(results: PollResults, person: MarkedPerson, by: RankedBy) -> str:
    """Why a secretary has no place; empty where there is one. Few ballots give none, whatever the superiors said."""
    if results.hidden_reason:
        return results.hidden_reason
    if not results.sheets.valid:
        return "没有收回有效的评议票"
    if results.sheets.valid < results.rules.min_group:
        return f"有效票少于{results.rules.min_group}张，不参加排名"
    if by != RankedBy.BALLOTS and not person.marks:
        return "没有登记上级评价"
    return ""


def _with_places(placed: Sequence[tuple[Fraction, PollResults, MarkedPerson]]) -> Iterable[RankedSecretary]:
    for place, (_, results, person) in zip(places([share for share, *_ in placed]), placed, strict=True):
        yield RankedSecretary(place, _unit(results, person), results.poll.pk, person)


def _unit(results: PollResults, person: MarkedPerson) -> str:
    """The secretary's own unit, which the ballot of another unit names behind the name."""
    return results.poll.ballot_form.section(person.target_id).post or results.unit
