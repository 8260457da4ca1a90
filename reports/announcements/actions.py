"""Deeds on announcements that must see the row as it is, and hold it."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from campaigns.models.states import StateError

from ..models import Announcement
from ..results.poll import NotSealed, PollResults, all_results, results_of
from ..results.rollup import top_of_tree
from ..scope import Scope
from ..scoring.printed import ScoresTable, ranking_of_scope, scores_table, scoring_scheme
from . import (
    FIRST_PAGES,
    AnnouncementContent,
    AskedPage,
    PlaceResults,
    ShownNotice,
    check_publishable,
    chosen_parts,
    draft_content,
    draft_warnings,
    published_content,
    shown_groups,
    shown_lists,
    shown_notice,
)


def results_to_announce(scope: Scope) -> PlaceResults:
    """The results that a notice about a place is made of; raises NotSealed."""
    if scope.poll:
        return results_of(scope.poll)
    node = top_of_tree(scope.campaign, top=scope.unit)
    if not node.units_sealed:
        raise NotSealed("这里还没有封存的评议点，没有结果。")
    return node


def scores_to_announce(announcement: Announcement, results: PlaceResults) -> ScoresTable | None:
    """The 综合得分 that a notice of these results announces; None where it says nothing of it or there is none yet."""
    scope = announcement.scope
    is_asked = Announcement.Extra.SCORES in announcement.extras and not announcement.target_id
    scheme = scoring_scheme(scope.campaign) if is_asked else None
    if scheme is None:
        return None
    listed = [results] if isinstance(results, PollResults) else all_results(scope.polls)
    return scores_table(ranking_of_scope(scheme, scope, listed, today=timezone.localdate()))


@dataclass(frozen=True)
class NoticeOnPage:
    """A notice as a page shows it: of each part some entries, and of a draft what is to be thought of before it is published."""

    content: AnnouncementContent
    shown: ShownNotice
    warnings: tuple[str, ...] = ()


def notice_on_page(announcement: Announcement, asked: AskedPage = FIRST_PAGES) -> NoticeOnPage:
    """An announcement as published; of a draft, as it would be published now, only the entries of the page are fetched."""
    if not announcement.is_draft:
        content = published_content(announcement)
        return NoticeOnPage(content, shown_notice(content, asked))
    results = results_to_announce(announcement.scope)
    lists = shown_lists(chosen_parts(announcement), asked)
    content = draft_content(
        announcement,
        results,
        scores=scores_to_announce(announcement, results),
        lists=tuple(shown.part for shown in lists),
    )
    warnings = tuple(draft_warnings(announcement, content, results))
    return NoticeOnPage(content, ShownNotice(shown_groups(content, asked), lists), warnings)


def publish_announcement(announcement: Announcement, *, by, today: date) -> Announcement:
    """Freeze a draft and put it up; raises StateError where it was published before or may not be.

    The row is locked and read again, so that what is frozen is what was saved last and nothing is saved behind it.
    """
    with transaction.atomic():
        locked = Announcement.objects.with_scope().select_for_update(of=["self"]).get(pk=announcement.pk)
        results = results_to_announce(locked.scope)
        content = draft_content(locked, results, scores=scores_to_announce(locked, results))
        if locked.is_draft:
            check_publishable(locked, content, results, today=today)
        locked.publish(by=by, content=content.as_json())
    return locked


def discard_announcement(announcement: Announcement) -> None:
    """Delete a draft; what was published stays on record. Raises StateError."""
    with transaction.atomic():
        locked = Announcement.objects.select_for_update().get(pk=announcement.pk)
        if not locked.is_draft:
            raise StateError("这份公示已经发布，不能删除，可以撤下。")
        locked.delete()
