"""Fetches the results of sealed polls once, and passes them on to all that is shown, printed and filed of them.

Contents of other rooms take what is fetched here, so that a page or a file carries the same figures everywhere.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import QuerySet, Sum
from django.utils import timezone

from ballots.models import SealedBox
from campaigns.models import Campaign, Category, Poll, PollQuerySet

from ..announcements import AnnouncementContent, draft_content, published_content
from ..announcements.actions import results_to_announce
from ..comments import comments_content
from ..commitments.content import commitments_content
from ..findings import Crossing, crossings_of
from ..findings.keys import crossing_keys
from ..ledger.content import ledger_content
from ..models import Announcement, Summary, SummaryVersion
from ..opinions import opinions_content
from ..opinions.readings import counted_by_poll, opinion_figures
from ..results.excellent_quota import excellent_of
from ..results.poll import PollResults, all_results, results_of
from ..results.rollup import Node, roll_up
from ..results.scores import scores_of
from ..scope import Scope
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
from ..tables.poll import PollContent, poll_content
from .content import Report
from .snapshot import thaw, thaw_summary


def content_of_poll(poll: Poll) -> PollContent:
    """All that is printed about one sealed poll; raises results.NotSealed."""
    return _content(results_of(poll), opinion_count=opinion_figures([poll]).counted, boxes=_boxes(poll))


def content_of_unit(scope: Scope) -> CampaignContent:
    """All that is printed about the sealed polls at and below a unit."""
    return campaign_content(scope.campaign, _node(scope), _contents(all_results(scope.polls), scope.polls))


def crossings_among(campaigns: Iterable[Campaign], polls: PollQuerySet) -> list[Crossing]:
    """The crossed thresholds of many polls: the database says in which to look, so that only their results are built."""
    crossed = {key.poll_id for key in crossing_keys(campaigns, polls)}
    return crossings_of(all_results(polls.filter(pk__in=crossed))) if crossed else []


def content_of_announcement(announcement: Announcement) -> AnnouncementContent:
    """An announcement as published; a draft as it would be published now."""
    if announcement.content is None:
        return draft_content(announcement, results_to_announce(announcement.scope))
    return published_content(announcement)


def report_of(scope: Scope, *, today: date, texts: Mapping[str, str] | None = None) -> Report:
    """The report as it stands now, in its secretary's last words or in the given ones; raises results.NotSealed."""
    results = [results_of(scope.poll)] if scope.poll else all_results(scope.polls)
    opinions, ledger = opinions_content(scope), ledger_content(scope, today=today)
    comments, commitments = comments_content(scope), commitments_content(scope, results)
    after = FollowUp(opinions.figures, ledger.figures, comments.figures, commitments.figures)
    words = _words(scope, after, texts)
    poll = campaign = None
    if scope.poll:
        poll = _content(results[0], opinion_count=opinions.figures.counted, boxes=_boxes(scope.poll))
        summary = poll_summary(results[0], poll, after, words)
    else:
        campaign = campaign_content(scope.campaign, _node(scope), _contents(results, scope.polls))
        summary = unit_summary(scope.campaign, campaign.top, _planned(scope), after, words)
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
    after = follow_up_of(scope, today=timezone.localdate())
    words = _words(scope, after, texts)
    if scope.poll:
        results = results_of(scope.poll)
        return poll_summary(results, _content(results, opinion_count=after.opinions.counted), after, words)
    return unit_summary(scope.campaign, _node(scope), _planned(scope), after, words)


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


def _content(results: PollResults, *, opinion_count: int, boxes: QuerySet[SealedBox] | tuple[()] = ()) -> PollContent:
    return poll_content(
        results,
        crossings=crossings_of([results]),
        scores=scores_of([results]),
        excellent=excellent_of([results]).get(results.poll.pk),
        opinion_count=opinion_count,
        boxes=boxes,
    )


def _contents(sealed: list[PollResults], polls: PollQuerySet) -> list[PollContent]:
    """The contents of the results of many polls without their boxes, in a constant number of queries."""
    crossings, scores, excellent = crossings_of(sealed), scores_of(sealed), excellent_of(sealed)
    counts = counted_by_poll(polls)
    return [
        poll_content(
            results,
            crossings=[crossing for crossing in crossings if crossing.poll_id == results.poll.pk],
            scores=scores,
            excellent=excellent.get(results.poll.pk),
            opinion_count=counts[results.poll.pk],
        )
        for results in sealed
    ]


def _boxes(poll: Poll) -> QuerySet[SealedBox]:
    return SealedBox.objects.filter(batch__poll=poll).select_related("batch__category", "target").order_by("pk")


def _node(scope: Scope) -> Node:
    return roll_up(scope.campaign, top=scope.unit)


def _planned(scope: Scope) -> PlannedUnits:
    members = scope.planned.aggregate(members=Sum("roster_count", default=0))["members"]
    return PlannedUnits(kinds_of(scope.planned), members)


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
