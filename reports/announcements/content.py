"""The contents of a 公示: built from the sealed tally while it is a draft, and as frozen ever after."""

from collections.abc import Collection, Iterable
from datetime import date

from django.db.models import Q
from django.utils import timezone

from ballots.counting import tally
from campaigns.models import Target
from campaigns.models.states import StateError
from campaigns.ways import way_to

from .. import wording
from ..ledger.content import figures_of_scope
from ..models import Announcement
from ..results.rollup import Node
from ..scope import Scope
from ..scoring.printed import ScoresTable
from ..tables.instant import instant_of
from ..wording import date_text
from . import working_days
from .extras import ABOUT_PERSONS, LISTS, MOST_ENTRIES, OPINIONS, further_results, lists_of, problems_about
from .shape import AnnouncedInstant, AnnouncedList, AnnouncementContent
from .tables import PlaceResults, announced_instant, announced_scores, result_choices, sheets_of, table_notes, tables_of

Extra = Announcement.Extra
# Customary; no rule was found that prescribes a number (DOMAIN B5).
STANDARD_WORKDAYS = 5
PERSONS_WARNING = "其中有对个人的评议结果。个人的结果是否公开、在什么范围公开，请先对照有关规定和本单位的做法核对；不公开的，取消勾选。"


def standard_announcement(
    scope: Scope,
    results: PlaceResults,
    *,
    today: date,
    target: Target | None = None,
    further: Collection[str] | None = None,
) -> Announcement:
    """The start of a new draft, not saved: the results about no person, or about the one target; five working days.

    `further` are the `further_results` of the place where they are known; all other parts are left to be chosen.
    """
    if target:
        further = ()
    elif further is None:
        further = further_results(scope)
    choices, starts_on = result_choices(results), working_days.next_workday(today)
    chosen = [choice.key for choice in choices if not choice.is_about_persons]
    latest = Announcement.objects.filter(
        Q(poll__organization=scope.organization) | Q(organization=scope.organization)
    ).first()
    place = {"poll": scope.poll} if scope.poll else {"campaign": scope.campaign, "organization": scope.organization}
    return Announcement(
        **place,
        target=target,
        title=_standard_title(scope, target),
        text=_standard_text(scope, target),
        target_ids=[target.pk] if target else chosen if scope.poll else [],
        questionnaire_keys=[] if scope.poll else chosen,
        extras=list(further),
        starts_on=starts_on,
        ends_on=working_days.last_workday(starts_on, STANDARD_WORKDAYS),
        office=latest.office if latest else "",
        phone=latest.phone if latest else "",
    )


def _standard_title(scope: Scope, target: Target | None) -> str:
    if target:
        return f"关于{wording.joined(target.name, scope.campaign.title)}结果的通报"
    return f"关于{wording.joined(scope.unit.name, scope.campaign.title)}结果的公示"


def _standard_text(scope: Scope, target: Target | None) -> str:
    when = f"于{date_text(scope.poll.meeting_on)}" if scope.poll and scope.poll.meeting_on else ""
    did = "开展" if scope.poll else "组织开展"
    what = f"对{target.name}的评议结果予以通报" if target else f"{'' if scope.poll else '汇总的'}评议结果予以公示"
    return (
        f"按照{scope.campaign.title}的安排，{scope.unit}{when}{did}了群众评议。"
        f"现将{what}，接受党员、群众监督。\n"
        "公示期间，对公示内容有异议的，可以通过来电、来信、来访等形式向受理部门反映。"
        "反映情况应当实事求是，以单位名义反映的加盖公章，以个人名义反映的尽量署真实姓名并留下联系方式，以便核实和答复。"
    )


def published_content(announcement: Announcement) -> AnnouncementContent:
    """An announcement as it was frozen when it was published."""
    # It has one (constraint announcement_published_with_its_content).
    return AnnouncementContent.from_json(announcement.content)  # type: ignore[arg-type]


def draft_content(
    announcement: Announcement,
    results: PlaceResults,
    *,
    scores: ScoresTable | None = None,
    lists: tuple[AnnouncedList, ...] | None = None,
) -> AnnouncementContent:
    """A draft of its place's results, as it would be published now; `scores` are those that it announces, `lists` the
    entries that a page shows of it, where it does not show them all.
    """
    chosen, has_units = set(announcement.chosen_results), Extra.UNITS in announcement.extras
    return AnnouncementContent(
        title=announcement.title,
        unit=announcement.scope.unit.name,
        paragraphs=tuple(filter(None, (line.strip() for line in announcement.text.splitlines()))),
        sheets=sheets_of(results, chosen),
        tables=tables_of(results, chosen, has_units=has_units),
        notes=table_notes(results, chosen, has_units=has_units),
        problems=_problems(announcement) if announcement.has_problems else "",
        period=period_text(announcement.starts_on, announcement.ends_on),
        place=announcement.place,
        office=announcement.office,
        phone=announcement.phone,
        signed_on=date_text(announcement.starts_on),
        lists=lists_of(announcement) if lists is None else lists,
        instant=_instant(announcement),
        scores=announced_scores(scores) if scores else None,
    )


def _instant(announcement: Announcement) -> AnnouncedInstant | None:
    instant = instant_of(announcement.scope) if Extra.INSTANT in announcement.extras else None
    return announced_instant(instant) if instant else None


def check_publishable(
    announcement: Announcement, content: AnnouncementContent, results: PlaceResults, *, today: date
) -> None:
    """Raise StateError with what must be put right before this draft may be seen."""
    if announcement.starts_on < today:
        raise StateError(
            f"公示起始日期（{date_text(announcement.starts_on)}）已过，请先改为今天或者以后的日期。",
            way=way_to("改公示日期", "reports:announcement_edit", announcement.pk),
        )
    if results.hidden_reason:
        raise StateError(f"{results.hidden_reason}，不能公示。")
    if problems := results.problems():
        scope = announcement.scope
        name, key = ("poll", scope.poll.pk) if scope.poll else ("campaign", scope.campaign.pk)
        way = way_to("评议结果", f"reports:{name}_results", key)
        raise StateError(f"计票数字不能同时成立，不能公示：{problems[0]}", way=way)
    for part in content.lists:
        if len(part.entries) > MOST_ENTRIES:
            raise StateError(f"“{part.heading}”超过{MOST_ENTRIES}项，一份公示列不下，请到下级单位分别公示。")


def _problems(announcement: Announcement) -> str:
    """「列入整改台账的问题10个，整改措施12项，已落实9项，正在落实3项，措施完成率75.0%。」"""
    figures = figures_of_scope(problems_about(announcement), today=timezone.localdate())
    if not figures.problems:
        return "没有列入整改台账的问题。"
    sentence = f"列入整改台账的问题{figures.problems}个"
    if not figures.measures:
        return f"{sentence}，尚未登记整改措施。"
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


def draft_warnings(announcement: Announcement, content: AnnouncementContent, results: PlaceResults) -> list[str]:
    """Warnings of things that are allowed but to be thought of before a draft is published."""
    return [
        *period_warnings(announcement.starts_on, announcement.ends_on),
        *_person_warnings(announcement, results),
        *few_warnings(results.sheets, announcement.scope.campaign.min_group),
        *_unsealed_warnings(results),
        *_empty_warnings(announcement, content),
    ]


def _person_warnings(announcement: Announcement, results: PlaceResults) -> Iterable[str]:
    shown = [choice for choice in result_choices(results) if choice.key in announcement.chosen_results]
    if any(choice.is_about_persons for choice in shown):
        yield PERSONS_WARNING
    if personal := [Extra(kind).label for kind in announcement.extras if kind in ABOUT_PERSONS]:
        yield f"其中有党员个人的内容（{'、'.join(personal)}），是否公开、在什么范围公开，请先核对。"
    if set(announcement.extras) & OPINIONS:
        yield "其中有群众写的意见。文字和笔调可能让人认出是谁写的，请逐条看过再发布；要隐去的，先到意见阅办里隐去。"


def _unsealed_warnings(results: PlaceResults) -> Iterable[str]:
    if isinstance(results, Node) and results.units_sealed < results.units:
        yield f"还有{results.units - results.units_sealed}个评议单位没有封存，发布以后再封存的不会计入。"


def _empty_warnings(announcement: Announcement, content: AnnouncementContent) -> Iterable[str]:
    shown = {part.kind for part in content.lists}
    shown |= {kind.value for kind, part in ((Extra.INSTANT, content.instant), (Extra.SCORES, content.scores)) if part}
    may_be_empty = LISTS | {Extra.INSTANT, Extra.SCORES}
    if empty := [Extra(kind).label for kind in announcement.extras if kind in may_be_empty and kind not in shown]:
        yield f"没有可以列出的内容，公示中不会出现：{'、'.join(empty)}。"


def few_warnings(sheets: tally.Sheets, least: int) -> list[str]:
    """Of so few ballots no group is shown (DESIGN 5); in public even their sum may say who marked what."""
    if not 0 < sheets.valid < least:
        return []
    return [f"有效票只有{sheets.valid}张，少于{least}张，公开后容易推算出个别人的选择。请考虑不公开，只在内部反馈。"]


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
