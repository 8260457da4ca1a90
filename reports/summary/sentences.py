"""The system's sentences in a 小结, chosen by the facts; nobody can type over them."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from operator import attrgetter

from ballots.counting import tally
from campaigns.models import Channel, Organization

from .. import wording
from ..findings import Crossing
from ..grading.sums import GradesTable
from ..results.poll import Line, PollResults, Split, TargetResults, member_labels
from ..results.rollup import Node, RolledLine
from ..results.scores import LineScore
from ..scope import Scope
from ..tables.blocks import Table
from ..tables.instant import InstantContent
from ..tables.poll import PollContent
from .follow_up import FollowUp

Locked = dict[str, tuple[str, ...]]


def poll_locked(results: PollResults, content: PollContent, after: FollowUp) -> Locked:
    """The locked sentences of one poll, by section."""
    sentences = (
        *result_sentences(results),
        *_judged_sentences(content.tables),
        *_member_sentences(content),
        *_instant_sentences(content.instant),
    )
    return {
        "scope": tuple(_attendance(results)),
        "drafting": after.drafting,
        "results": _unless_broken(results.problems(), sentences),
        "opinions": (
            _opinions_sentence(wording.opinions_sentence, after),
            *_consultation_sentences(after),
            *_ledger_sentences(after),
            *_poll_comment_sentences(after),
        ),
        "use": tuple(_finding_sentences(content.crossings)),
        "commitments": after.commitments.sentences,
    }


def unit_locked(
    node: Node,
    headline: RolledLine | None,
    kinds: Mapping[str, int],
    members: int,
    after: FollowUp,
    grades: GradesTable | None,
    instant: InstantContent | None,
) -> Locked:
    """The same of a unit's part of a campaign; `kinds` are its planned units by kind."""
    sentences = (
        *_unit_result_sentences(node, headline, kinds, members),
        *((grades.sentence,) if grades else ()),
        *_instant_sentences(instant),
    )
    return {
        "drafting": after.drafting,
        "results": _unless_broken(node.problems(), sentences),
        "opinions": (
            _opinions_sentence(wording.all_opinions_sentence, after),
            *_consultation_sentences(after),
            *_ledger_sentences(after),
            *_unit_comment_sentences(after, kinds),
        ),
        "commitments": after.commitments.sentences,
    }


def _instant_sentences(instant: InstantContent | None) -> tuple[str, ...]:
    return instant.sentences if instant else ()


def _unless_broken(problems: Iterable[str], sentences: tuple[str, ...]) -> tuple[str, ...]:
    """Numbers that cannot be true together are said in place of any sentence with figures (DESIGN 5)."""
    return tuple(f"【待填：计票数字不能同时成立，请报告系统管理员：{problem}】" for problem in problems) or sentences


def headline_of(results: PollResults) -> tally.Result | None:
    """The poll's first 总体评价 on the scale of 满意; that of a person only where nothing else was asked about."""
    line = headline_line(results)
    return line.total if line else None


def headline_line(results: PollResults) -> Line | None:
    """The same as a line with its splits."""
    headline = _headline(results)
    return headline and headline[1]


def _headline(results: PollResults) -> tuple[TargetResults, Line] | None:
    for target in _told(results.targets):
        line = target.judged[0]
        if len(target.judged) == 1 and target.labels[0] == "满意" and line.total.satisfaction.is_known:
            return target, line
    return None


def result_sentences(results: PollResults) -> Iterable[str]:
    """The tally in words."""
    if results.hidden_reason:
        yield wording.hidden_sentence(results.hidden_reason)
    if not results.targets:
        return
    first = results.targets[0].judged[0].total
    if not results.sheets.valid:
        yield wording.count_sentence(first)
        return
    channels, missing = results.unentered or ("", 0)
    if channels:
        yield wording.unentered_sentence(results.sheets, channels, missing) + f"以下各数均不含{channels}。"
    elif results.sheets.attended is not None and results.sheets.returned < results.sheets.attended:
        yield wording.returned_below_attended(results.sheets)
    yield from _headline_sentences(results, missing=channels)
    are_told = _is_of_a_meeting(results) and not results.sheets.void
    yield from _all_target_sentences(results.targets, are_sheets_told=are_told)
    yield from _channel_sentences(results)
    labels = (zip(line.total.labels, line.total.cell.grades, strict=True) for line in results.lines)
    if any(label == "不满意" and count for pairs in labels for label, count in pairs):
        yield wording.DISSATISFIED


def _all_target_sentences(targets: Sequence[TargetResults], *, are_sheets_told: bool) -> Iterable[str]:
    """Each unit, body and paper in words; of single persons only how many they are: who is named is said by a finding.

    The sheets alone are not told again where the sentence of the meeting has told them.
    """
    told = _told(targets)
    has_counted = bool(told) and _is_counted(told[0], is_only=len(targets) == 1)
    if not (are_sheets_told or has_counted or (told and _has_verdict(told[0]))):
        yield wording.sheets_sentence(targets[0].judged[0].total)
    for place, target in enumerate(told):
        yield from _target_sentences(target, is_counted=has_counted and place == 0)
    options = [target for target in targets if target.is_option]
    if persons := len(targets) - len(told) - len(options):
        yield wording.persons_sentence(persons)
    for _, listed in groupby(options, key=attrgetter("questionnaire")):
        yield _ranking_sentence(list(listed))


def _ranking_sentence(options: Sequence[TargetResults]) -> str:
    """The options that come first, as many as a ballot could choose and those with as many votes as the last of them."""
    first = options[0]
    most = first.most_chosen or 0
    placed = [
        (option.rank, option.name, option.chosen, option.lines[0].total.satisfaction)
        for option in options
        if option.rank is not None and option.rank <= most and option.chosen
    ]
    return wording.ranking_sentence(first.title, most, placed)


def _told(targets: Sequence[TargetResults]) -> Sequence[TargetResults]:
    """The targets whose results are put into words one by one: a person only where nothing else was asked about."""
    asked = [target for target in targets if not target.is_option]
    return asked if len(targets) == 1 else [target for target in asked if target.is_collective]


def _channel_sentences(results: PollResults) -> Iterable[str]:
    """The channels apart, where there are several: sheets of each, and the headline's rates as far as they are shown (C2)."""
    channels = sheets_by_channel(results)
    if len(channels) < 2:
        return
    headline = headline_line(results)
    splits = headline.by_channel if headline else ()
    rates = channel_rates(splits)
    yield wording.channels_sentence(list(channels.items()), list(rates.items()))
    for split in splits:
        if split.is_joined and not split.is_suppressed and split.result.satisfaction.is_known:
            yield wording.joined_channels_sentence(split.label, split.reason, split.result.satisfaction)
    if hidden := [split.reason for split in splits if split.is_suppressed]:
        yield wording.hidden_channels_sentence(list(dict.fromkeys(hidden)))


def sheets_by_channel(results: PollResults) -> dict[str, tally.Sheets]:
    """The sheets of each channel by its name, in the order of the channels."""
    by_channel: dict[str, tally.Sheets] = {}
    for channel in Channel:
        own = [batch.sheets for batch in results.batches if batch.channel == channel]
        if own:
            by_channel[channel.label] = sum(own, tally.Sheets())
    return by_channel


def channel_rates(splits: Iterable[Split]) -> dict[str, tally.Rate]:
    """The 满意率 of each channel that is shown by itself."""
    return {split.label: split.result.satisfaction for split in splits if not (split.is_suppressed or split.is_joined)}


def _headline_sentences(results: PollResults, *, missing: str) -> Iterable[str]:
    """The 满意率 of the headline, with the number of participants."""
    if headline := _headline(results):
        target, line = headline
        yield wording.participation_sentence(line.total, missing=missing)
        if _is_of_a_meeting(results):
            subject = wording.subject_of(line.text, target.name)
            yield wording.meeting_sentence(line.total, subject=subject, missing=missing)


def _is_of_a_meeting(results: PollResults) -> bool:
    """Whether the headline is told with the sheets of the meeting at which all ballots were taken."""
    return _headline(results) is not None and all(batch.channel == "meeting" for batch in results.batches)


def _has_verdict(target: TargetResults) -> bool:
    """Whether it is all members together on the grades of the yearly appraisal."""
    return target.labels == member_labels() and target.is_collective


def _is_counted(target: TargetResults, *, is_only: bool) -> bool:
    """Whether the first target is told with the sheets and how they are divided, in one sentence."""
    return not _has_verdict(target) and len(target.judged) == 1 and (target.is_collective or is_only)


def _target_sentences(target: TargetResults, *, is_counted: bool) -> Iterable[str]:
    judged = target.judged
    if _has_verdict(target):
        yield wording.verdict_sentence(judged[0].total)
    elif is_counted:
        yield wording.count_sentence(judged[0].total)
    else:
        for line in judged:
            yield wording.line_sentence(wording.subject_of(line.text, target.name), line.total)
    # The results of a single person line by line are in the table.
    if len(target.lines) > 1 and target.labels[0] == "满意" and target.is_collective:
        yield wording.rates_sentence(target.name, [(line.text, line.total.satisfaction) for line in target.lines])


def _judged_sentences(tables: Iterable[Table]) -> Iterable[str]:
    """Scores and judgements; a score that waits for an answer keeps the 小结 a draft (C15, C18, C19).

    Scores and judgements of single persons stand in the table, as their other results do.
    """
    tables = list(tables)
    persons = [table for table in tables if table.is_person and len(tables) > 1]
    others = [table for table in tables if table not in persons]
    scored = [
        (wording.subject_of(score.indicator, table.target), score) for table in others for score in _weighted(table)
    ]
    known = [(subject, score) for subject, score in scored if score.score.is_known]
    yield from _score_sentences(known)
    yield from _missing_scores([pair for pair in scored if pair not in known], is_of_all=not known)
    for table in others:
        yield from (f"{wording.subject_of(indicator, table.target)}：{text}" for indicator, text in table.verdicts)
    waiting = {score.note for table in persons for score in _weighted(table) if score.asks}
    yield from (f"各人的满意度得分【待填：{note}】" for note in sorted(waiting))


def _weighted(table: Table) -> list[LineScore]:
    """The scores by weights of categories."""
    return [score for score in table.scores if score.parts and score.has_scores]


def _score_sentences(scored: Sequence[tuple[str, LineScore]]) -> Iterable[str]:
    """The scores by their subjects; how they came about is said behind the first where it is the same of all."""
    is_same = len({score.note for _, score in scored}) == 1
    for place, (subject, score) in enumerate(scored):
        note = "" if is_same and place else score.note
        yield (f"{subject}：按参评人员类别权重计算，满意度得分{score.score}分（不加权合票{score.pooled}分）。{note}")


def _missing_scores(scored: Sequence[tuple[str, LineScore]], *, is_of_all: bool) -> Iterable[str]:
    """Why there are no scores: each reason once, with its subjects unless it is that of several and of all."""
    reasons: dict[str, list[str]] = {}
    for subject, score in scored:
        reasons.setdefault(f"满意度得分【待填：{score.note}】" if score.asks else score.note, []).append(subject)
    for reason, subjects in reasons.items():
        is_common = is_of_all and len(scored) == len(subjects) > 1
        yield reason if is_common else f"{'、'.join(subjects)}：{reason}"


def _member_sentences(content: PollContent) -> Iterable[str]:
    """The ungraded members, and 优秀 beside its limit: over it the 小结 stays a draft without a reason (C16, C17)."""
    if content.ungraded:
        yield wording.ungraded_sentence(content.ungraded)
    if content.grading:
        yield content.grading.sentence
    excellent = content.excellent
    if excellent and excellent.is_over:
        yield excellent.sentence + ("【待填：优秀超过上限的理由】" if excellent.wants_reason else "")


def _finding_sentences(crossings: Iterable[Crossing]) -> Iterable[str]:
    """The confirmed findings, a sentence for each threshold; before that nobody is named."""
    confirmed: dict[str, list[Crossing]] = {}
    for crossing in crossings:
        if crossing.is_confirmed:
            confirmed.setdefault(crossing.threshold.key, []).append(crossing)
    for alike in confirmed.values():
        threshold = alike[0].threshold
        yield wording.findings_sentence(
            [crossing.target for crossing in alike],
            threshold.labels,
            threshold.limit_text,
            threshold.consequences,
        )


def _attendance(results: PollResults) -> Iterable[str]:
    """The numbers of people entitled and present, where both are known (C5)."""
    sheets = results.sheets
    if sheets.entitled and sheets.attended is not None:
        yield wording.attendance_sentence(sheets, results.rules.decimals)


def unit_headline(node: Node) -> RolledLine | None:
    """The first 总体评价 of the campaign, else its only indicator."""
    overall = [line for line in node.lines if line.is_overall and line.result.labels[0] == "满意"]
    if overall:
        return overall[0]
    return node.lines[0] if len(node.lines) == 1 else None


def _unit_result_sentences(node: Node, headline: RolledLine | None, kinds, members: int) -> Iterable[str]:
    if not node.sheets.valid:
        yield wording.NOTHING_RETURNED
        return
    yield wording.campaign_sentence(
        meetings=node.meetings,
        issued=node.sheets.issued,
        returned=node.sheets.returned,
        units=sorted(kinds.items(), key=lambda pair: list(Organization.Kind.labels).index(pair[0])),
        units_sealed=node.units_sealed,
        members=members,
        satisfaction=headline.result.satisfaction if headline else None,
    )
    if node.forms_issued != node.sheets.issued:
        yield wording.forms_sentence(node.forms_issued)
    if len(node.channels) > 1:
        yield wording.channels_sentence(node.channels, ())
    if node.hidden_reason:
        yield wording.hidden_sentence(node.hidden_reason)
    for line in node.lines:
        if line.result.satisfaction.is_known and (line.is_overall or line is headline):
            yield wording.rated_sentence(f"《{line.questionnaire}》的“{line.indicator}”", line.result)
    if node.list_sentence:
        yield node.list_sentence
    if any(_count(line.result, "不满意") for line in node.lines):
        yield wording.DISSATISFIED


def _count(result: tally.Result, label: str) -> int:
    return dict(zip(result.labels, result.cell.grades, strict=True)).get(label, 0)


def _opinions_sentence(sentence: Callable[..., str], after: FollowUp) -> str:
    """How many opinions there were, and how they were sought beside the ballots."""
    opinions, forums = after.opinions, after.forums
    ways = wording.forums_words(forums.forums, forums.people)
    return sentence(opinions.counted, opinions.matters, sources=opinions.sources, ways=ways)


def _consultation_sentences(after: FollowUp) -> Iterable[str]:
    """The 征求意见表, where any were handed out."""
    sheets, opinions = after.forums, after.opinions
    if sheets.issued:
        yield wording.consultation_sentence(
            sheets.issued, sheets.returned, amendments=opinions.amendments, remarks=opinions.remarks
        )


def _ledger_sentences(after: FollowUp) -> Iterable[str]:
    """Problems and measures; nothing where there is no problem (C6)."""
    ledger = after.ledger
    if ledger.problems:
        yield wording.ledger_sentence(
            problems=ledger.problems, measures=ledger.measures, done=ledger.done, closed=ledger.closed, rate=ledger.rate
        )


def _poll_comment_sentences(after: FollowUp) -> Iterable[str]:
    if after.comments.commented:
        yield wording.COMMENTED
    if after.comments.members:
        yield after.comments.members_sentence


def _unit_comment_sentences(after: FollowUp, kinds: Mapping[str, int]) -> Iterable[str]:
    """Coverage of leaders' comments; nothing where none was recorded (C6)."""
    comments = after.comments
    if comments.comments and comments.planned:
        yield wording.comments_sentence(
            comments.commented,
            comments.planned,
            unit_name=unit_name(kinds),
            coverage=comments.coverage_text,
            missing=comments.missing_text,
        )
    if comments.members:
        yield comments.members_sentence


def unit_name(kinds: Mapping[str, int]) -> str:
    """The common name of the units: 「支部」 where all are, else 「单位」."""
    return "支部" if set(kinds) == {Organization.Kind.BRANCH.label} else "单位"


def kinds_of(scope: Scope) -> tuple[Counter[str], int]:
    """The planned units by the kind that each had when it opened, until then the one of today, in the order of the tree; and
    how many members they have.
    """
    by_kind = sorted(scope.planned_by_kind.items(), key=lambda item: item[1].first)
    kinds = Counter({Organization.Kind(kind).label: counted.units for kind, counted in by_kind})
    return kinds, sum(counted.members for _, counted in by_kind)
