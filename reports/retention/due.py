"""Things whose time is over: which campaigns are done with, and what of them is still there to go."""

import calendar
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from ballots.models import Opinion
from campaigns.models import AccountDeed, ArtefactFile, Campaign, Commitment, Organization, Poll

from ..models import (
    Appeal,
    Attendance,
    KeptKind,
    Letter,
    Objection,
    Problem,
    ScoreAdjustment,
    SelfAppraisal,
    Summary,
    SummaryVersion,
    WindowWord,
    WorkReport,
)

# In the place of words that have gone.
CLEARED = "（已按保存期限清除）"
# The kinds that somebody who puts a problem right goes back to.
NEEDED_BY_THE_LEDGER = (KeptKind.OPINION, KeptKind.ATTACHMENT)
SIGN_IN_DEEDS = (AccountDeed.Kind.RELEASED, AccountDeed.Kind.RECOVERY_USED, AccountDeed.Kind.SESSIONS_ENDED)


@dataclass(frozen=True)
class Lot:
    """The things of one kind that go together: those of a campaign, of a unit, or of all accounts."""

    kind: str
    months: int
    place: str
    path: str
    # The campaign or the unit; None for accounts.
    owner: Campaign | Organization | None
    number: int


def months_before(day: date, months: int) -> date:
    """The day some months before, the last of its month where that is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def settled_campaigns(until: date) -> QuerySet[Campaign]:
    """The campaigns that were done with by a day: every poll sealed and its 小结 filed, and every 小结 of a unit that was begun."""
    final = SummaryVersion.objects.final()
    polls = Poll.objects.filter(campaign=OuterRef("pk"))
    unfiled = polls.exclude(Exists(final.filter(summary__poll=OuterRef("pk"))))
    begun = Summary.objects.filter(campaign=OuterRef("pk")).exclude(Exists(final.filter(summary=OuterRef("pk"))))
    done = Campaign.objects.filter(Exists(polls)).exclude(Exists(polls.exclude(state=Poll.State.SEALED)))
    done = done.exclude(Exists(unfiled)).exclude(Exists(begun))
    return done.annotate(filed_at=_last_filing()).filter(filed_at__lt=_end_of(until)).order_by("pk")


def _last_filing():
    """When the last 小结 of a campaign was filed, of a poll or of a unit."""
    final = SummaryVersion.objects.final().order_by()
    of_polls = final.filter(summary__poll__campaign=OuterRef("pk")).values("summary__poll__campaign")
    of_units = final.filter(summary__campaign=OuterRef("pk")).values("summary__campaign")
    last = [Subquery(filed.annotate(last=Max("saved_at")).values("last")) for filed in (of_polls, of_units)]
    # Polls are all filed; SQLite's greatest of a value and nothing is nothing.
    return Greatest(last[0], Coalesce(last[1], last[0]))


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def campaigns_due(kind: str, until: date) -> QuerySet[Campaign]:
    """The campaigns from which things of a kind may go: settled, and without open problems where those need the kind."""
    settled = settled_campaigns(until)
    if kind not in NEEDED_BY_THE_LEDGER:
        return settled
    return settled.exclude(Exists(Problem.objects.unfinished().filter(campaign=OuterRef("pk"))))


def attendances_of(campaign: Campaign) -> QuerySet[Attendance]:
    return Attendance.objects.filter(minutes__poll__campaign=campaign).exclude(name="")


def self_appraisals_to_clear(campaign: Campaign) -> QuerySet[SelfAppraisal]:
    return SelfAppraisal.objects.filter(poll__campaign=campaign).exclude(text=CLEARED, file_name="")


def opinions_to_clear(campaign: Campaign) -> QuerySet[Opinion]:
    return Opinion.objects.filter(target__poll__campaign=campaign).exclude(text=CLEARED)


def attachments_of(campaign: Campaign) -> tuple[QuerySet, ...]:
    """Files of stages, work reports, and files of bonus and deductions."""
    return (
        ArtefactFile.objects.filter(artefact__stage__campaign=campaign),
        WorkReport.objects.filter(poll__campaign=campaign),
        ScoreAdjustment.objects.filter(poll__campaign=campaign).exclude(file_name=""),
    )


def objections_to_clear(campaign: Campaign, today: date) -> QuerySet[Objection]:
    """The answered ones whose notice is over."""
    own = Q(announcement__poll__campaign=campaign) | Q(announcement__campaign=campaign)
    is_over = Q(announcement__ends_on__lt=today) | Q(announcement__withdrawn_at__isnull=False)
    return Objection.objects.filter(own, is_over, answered_on__isnull=False).exclude(text=CLEARED)


def appeals_to_clear(campaign: Campaign) -> QuerySet[Appeal]:
    """The answered ones."""
    own = Appeal.objects.filter(finding__target__poll__campaign=campaign, answered_on__isnull=False)
    return own.exclude(text=CLEARED)


def commitments_to_clear(until: date, today: date) -> QuerySet[Commitment]:
    """Members' promises that are over: none that was put to the vote, is in the ledger, or of a unit with an unsettled campaign."""
    unsettled = Poll.objects.filter(organization=OuterRef("organization")).exclude(
        campaign__in=settled_campaigns(today).values("pk")
    )
    over = Commitment.objects.exclude(status=Commitment.Status.ONGOING).filter(member__isnull=False)
    over = over.annotate(over_on=Coalesce("fulfilled_on", "due_on")).filter(over_on__lte=until)
    return over.filter(targets=None, problems=None).exclude(Exists(unsettled))


def letters_to_clear(until: date) -> QuerySet[Letter]:
    """The answered ones that nobody works on; of those brought into a campaign, the ones whose words have gone there."""
    unfinished = Problem.objects.unfinished().filter(pk=OuterRef("problem"))
    answered = Letter.objects.filter(replied_on__lte=until).exclude(Exists(unfinished))
    return answered.filter(Q(opinion=None) | Q(opinion__text=CLEARED))


def words_to_clear(until: date) -> QuerySet[WindowWord]:
    """The words left at windows, likewise."""
    return WindowWord.objects.filter(Q(opinion=None) | Q(opinion__text=CLEARED), week_on__lte=until)


def sign_ins_to_clear(until: date) -> QuerySet[AccountDeed]:
    return AccountDeed.objects.filter(kind__in=SIGN_IN_DEEDS, done_at__lt=_end_of(until))


def number_in(kind: str, owner: Campaign | Organization | None, *, until: date, today: date) -> int:
    """How many things of a kind are there to go from a campaign, a unit or the accounts."""
    return sum(rows.count() for rows in rows_of(kind, owner, until=until, today=today))


def rows_of(kind: str, owner, *, until: date, today: date) -> tuple[QuerySet, ...]:
    """The rows themselves."""
    return _ROWS[kind](owner, until, today)


_ROWS: dict[str, Callable[..., tuple[QuerySet, ...]]] = {
    KeptKind.ATTENDANCE: lambda owner, until, today: (attendances_of(owner),),
    KeptKind.SELF_APPRAISAL: lambda owner, until, today: (self_appraisals_to_clear(owner),),
    KeptKind.COMMITMENT: lambda owner, until, today: (commitments_to_clear(until, today).filter(organization=owner),),
    KeptKind.OPINION: lambda owner, until, today: (opinions_to_clear(owner),),
    KeptKind.ATTACHMENT: lambda owner, until, today: attachments_of(owner),
    KeptKind.OBJECTION: lambda owner, until, today: (objections_to_clear(owner, today),),
    KeptKind.APPEAL: lambda owner, until, today: (appeals_to_clear(owner),),
    KeptKind.LETTER: lambda owner, until, today: (
        letters_to_clear(until).filter(letterbox__organization=owner),
        words_to_clear(until).filter(window__organization=owner),
    ),
    KeptKind.SIGN_IN: lambda owner, until, today: (sign_ins_to_clear(until),),
}


def owners_due(kind: str, *, until: date, today: date) -> Iterator[tuple[Campaign | Organization | None, str, str]]:
    """The campaigns or units that may have things of a kind to go, each with its name and path; one without for accounts."""
    if kind == KeptKind.SIGN_IN:
        yield None, "", ""
    elif kind in (KeptKind.COMMITMENT, KeptKind.LETTER):
        for unit in _units(kind, until, today):
            yield unit, unit.name, unit.path
    else:
        for campaign in campaigns_due(kind, until):
            yield campaign, campaign.title, campaign.path


def _units(kind: str, until: date, today: date) -> QuerySet[Organization]:
    if kind == KeptKind.COMMITMENT:
        keys = Q(pk__in=commitments_to_clear(until, today).order_by().values("organization"))
    else:
        keys = Q(pk__in=letters_to_clear(until).values("letterbox__organization"))
        keys |= Q(pk__in=words_to_clear(until).values("window__organization"))
    return Organization.objects.filter(keys).order_by("path")


def lots_due(months: Mapping[str, int | None], *, today: date) -> list[Lot]:
    """Everything that would go today with these months; kinds without months stay."""
    return [lot for kind, number in months.items() if number for lot in _lots(kind, number, today)]


def _lots(kind: str, months: int, today: date) -> Iterator[Lot]:
    until = months_before(today, months)
    for owner, place, path in owners_due(kind, until=until, today=today):
        number = number_in(kind, owner, until=until, today=today)
        if number:
            yield Lot(kind, months, place, path, owner, number)
