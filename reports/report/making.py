"""Fetches the results of sealed polls once, and passes them on to all that is shown, printed and filed of them.

Contents of other rooms take what is fetched here, so that a page or a file carries the same figures everywhere.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from ballots.models import SealedBox
from campaigns.models import Campaign, Category, Poll, PollQuerySet

from ..announcements import AnnouncementContent, draft_content, published_content
from ..announcements.actions import results_to_announce, scores_to_announce
from ..comments import comments_content
from ..commitments.content import commitments_content
from ..findings import Crossing, crossings_of
from ..findings.keys import crossing_keys
from ..gathering.drafting import drafting_sentences
from ..grading.content import gradings_of
from ..grading.excellent_quota import excellent_of
from ..grading.sums import GradesTable, decided_grades
from ..ledger.content import ledger_content
from ..models import Announcement, Summary, SummaryVersion
from ..opinions import opinions_content
from ..opinions.readings import counted_by_poll, forum_figures, opinion_figures
from ..results.poll import PollResults, all_results, results_of
from ..results.rollup import roll_up, top_of_tree
from ..results.scores import scores_of
from ..scope import Scope
from ..scoring.content import ScoreRanking
from ..scoring.printed import ranking_of_scope, scores_table, scoring_scheme
from ..summary import (
    FollowUp,
    PlannedUnits,
    SummaryContent,
    Words,
    follow_up_of,
    poll_summary,
    standard_texts,
    unit_summary,
)
from ..summary.doubts import percentages
from ..summary.sentences import kinds_of
from ..tables.campaign import CampaignContent, campaign_content
from ..tables.instant import instant_of
from ..tables.poll import PollContent, poll_content
from ..year.comparison import year_of_scope
from .content import Report
from .snapshot import thaw, thaw_summary


def content_of_poll(poll: Poll) -> PollContent:
    """All that is printed about one sealed poll; raises results.NotSealed."""
    results = results_of(poll)
    ranking = _ranking(Scope.of_poll(poll), [results], today=timezone.localdate())
    opinion_count = opinion_figures([poll]).counted
    return _content(results, opinion_count=opinion_count, boxes=_boxes(poll), ranking=ranking)


def content_of_unit(scope: Scope) -> CampaignContent:
    """All that is printed about the sealed polls at and below a unit."""
    results = all_results(scope.polls)
    ranking = _ranking(scope, results, today=timezone.localdate())
    return _campaign_content(scope, results, ranking)


def crossings_among(campaigns: Iterable[Campaign], polls: PollQuerySet) -> list[Crossing]:
    """The crossed thresholds of many polls: the database says in which to look, so that only their results are built."""
    crossed = {key.poll_id for key in crossing_keys(campaigns, polls)}
    return crossings_of(all_results(polls.filter(pk__in=crossed))) if crossed else []


def content_of_announcement(announcement: Announcement) -> AnnouncementContent:
    """An announcement as published; a draft as it would be published now."""
    if announcement.content is None:
        results = results_to_announce(announcement.scope)
        return draft_content(announcement, results, scores=scores_to_announce(announcement, results))
    return published_content(announcement)


def report_of(scope: Scope, *, today: date, texts: Mapping[str, str] | None = None) -> Report:
    """The report as it stands now, in its secretary's last words or in the given ones; raises results.NotSealed."""
    results = [results_of(scope.poll)] if scope.poll else all_results(scope.polls)
    opinions, ledger = opinions_content(scope), ledger_content(scope, today=today)
    comments, commitments = comments_content(scope), commitments_content(scope, results)
    forums = forum_figures(scope.polls)
    after = FollowUp(
        opinions.figures, ledger.figures, comments.figures, commitments.figures, forums, drafting_sentences(scope)
    )
    words, year = _words(scope, after, texts), year_of_scope(scope, today=today)
    ranking = _ranking(scope, results, today=today)
    scoring = ranking.sentences if ranking else ()
    poll = campaign = None
    if scope.poll:
        poll = _content(results[0], opinion_count=opinions.figures.counted, boxes=_boxes(scope.poll), ranking=ranking)
        grades = _grades(scope, poll)
        summary = poll_summary(results[0], poll, after, words, grades=grades, year=year, scoring=scoring)
    else:
        campaign = _campaign_content(scope, results, ranking)
        summary = unit_summary(
            scope.campaign,
            campaign.top,
            _planned(scope),
            after,
            words,
            grades=campaign.grades,
            year=year,
            scoring=scoring,
            instant=campaign.instant,
        )
    return Report(
        summary=summary,
        poll=poll,
        campaign=campaign,
        opinions=opinions,
        ledger=ledger,
        comments=comments,
        commitments=commitments,
    )


def summary_of(scope: Scope, *, texts: Mapping[str, str] | None = None) -> SummaryContent:
    """The 小结 alone as it stands now, in its secretary's last words or in the given ones; raises results.NotSealed."""
    today = timezone.localdate()
    after = follow_up_of(scope, today=today)
    words, year = _words(scope, after, texts), year_of_scope(scope, today=today)
    if scope.poll:
        results = results_of(scope.poll)
        poll = _content(results, opinion_count=after.opinions.counted)
        ranking = _ranking(scope, [results], today=today)
        scoring = ranking.sentences if ranking else ()
        return poll_summary(results, poll, after, words, grades=_grades(scope, poll), year=year, scoring=scoring)
    ranking, instant = _ranking(scope, None, today=today), instant_of(scope)
    return unit_summary(
        scope.campaign,
        top_of_tree(scope.campaign, top=scope.unit),
        _planned(scope),
        after,
        words,
        grades=decided_grades(scope),
        year=year,
        scoring=ranking.sentences if ranking else (),
        instant=instant,
    )


def report_for_download(scope: Scope, *, today: date, version: int | None = None, is_draft: bool = False) -> Report:
    """The report that files are drawn from: the last final copy as it was filed, or the report as it stands where none was.

    `version` asks for one version: a final one as filed, a draft's words with today's figures; one that is not there
    raises SummaryVersion.DoesNotExist. `is_draft` asks for the report as it stands whatever was filed.
    """
    if is_draft:
        return report_of(scope, today=today)
    kept = _asked(scope, version)
    if kept is None:
        return report_of(scope, today=today)
    # A final version has its figures (constraint summary_version_final_with_its_figures).
    if kept.is_final and kept.snapshot:
        return thaw(kept.snapshot)
    return report_of(scope, today=today, texts=kept.texts)


def summary_for_download(scope: Scope, *, version: int | None = None, is_draft: bool = False) -> SummaryContent:
    """The 小结 alone of what `report_for_download` gives: a company's other figures take twenty times as long."""
    kept = None if is_draft else _asked(scope, version)
    if kept is None:
        return summary_of(scope)
    if kept.is_final and (filed := thaw_summary(SummaryVersion.objects.filter(pk=kept.pk))):
        return filed
    return summary_of(scope, texts=kept.texts)


def _asked(scope: Scope, version: int | None) -> SummaryVersion | None:
    """The version of that number, or the last final one; what was filed with it is read when it is asked for."""
    versions = SummaryVersion.objects.of(scope).defer("snapshot")
    return versions.get(number=version) if version is not None else versions.final().order_by("-number").first()


def _campaign_content(scope: Scope, results: list[PollResults], ranking: ScoreRanking | None) -> CampaignContent:
    return campaign_content(
        scope.campaign,
        roll_up(scope.campaign, top=scope.unit),
        _contents(results, scope.polls),
        grades=decided_grades(scope),
        instant=instant_of(scope),
        scoring=scores_table(ranking) if ranking else None,
    )


def _content(
    results: PollResults,
    *,
    opinion_count: int,
    boxes: QuerySet[SealedBox] | tuple[()] = (),
    ranking: ScoreRanking | None = None,
) -> PollContent:
    gradings, key = gradings_of([results]), results.poll.pk
    return poll_content(
        results,
        crossings=crossings_of([results]),
        scores=scores_of([results]),
        excellent=excellent_of([results], gradings).get(key),
        grading=gradings.get(key),
        opinion_count=opinion_count,
        instant=instant_of(Scope.of_poll(results.poll)),
        scoring=scores_table(ranking) if ranking else None,
        boxes=boxes,
    )


def _contents(sealed: list[PollResults], polls: PollQuerySet) -> list[PollContent]:
    """The contents of the results of many polls without their boxes, in a constant number of queries."""
    crossings, scores, gradings = crossings_of(sealed), scores_of(sealed), gradings_of(sealed)
    excellent = excellent_of(sealed, gradings)
    counts = counted_by_poll(polls)
    return [
        poll_content(
            results,
            crossings=[crossing for crossing in crossings if crossing.poll_id == results.poll.pk],
            scores=scores,
            excellent=excellent.get(results.poll.pk),
            grading=gradings.get(results.poll.pk),
            opinion_count=counts[results.poll.pk],
        )
        for results in sealed
    ]


def _ranking(scope: Scope, results: list[PollResults] | None, *, today: date) -> ScoreRanking | None:
    """The 综合得分 of the scope's units; None where the campaign is not scored. Sums alone have no results yet."""
    scheme = scoring_scheme(scope.campaign)
    if scheme is None:
        return None
    return ranking_of_scope(scheme, scope, all_results(scope.polls) if results is None else results, today=today)


def _grades(scope: Scope, poll: PollContent) -> GradesTable | None:
    """The table of a branch's grades; it is not asked for where its meeting has not decided."""
    return decided_grades(scope) if poll.grading else None


def _boxes(poll: Poll) -> QuerySet[SealedBox]:
    return SealedBox.objects.filter(batch__poll=poll).select_related("batch__category", "target").order_by("pk")


def _planned(scope: Scope) -> PlannedUnits:
    return PlannedUnits(*kinds_of(scope))


def _words(scope: Scope, after: FollowUp, texts: Mapping[str, str] | None) -> Words:
    if texts is None:
        stored = Summary.objects.of(scope).first()
        texts = stored.texts if stored else {}
    campaign = scope.campaign
    plan = percentages("\n".join((campaign.method, campaign.procedure)))
    return Words(standard_texts(scope, after), texts, _weights(campaign) | plan)


def _weights(campaign: Campaign) -> frozenset[str]:
    weights = Category.objects.filter(campaign=campaign).exclude(weight=None).values_list("weight", flat=True)
    return frozenset(f"{weight.normalize():f}" for weight in weights if weight is not None)
