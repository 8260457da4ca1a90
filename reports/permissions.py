"""Permissions after the count: the sentences that pages of reports ask."""

from campaigns.models import Organization, Poll, Target
from campaigns.models.reach import within_paths
from campaigns.permissions import (
    OFFICER,
    SECRETARY,
    TELLER,
    HasPath,
    can_read_opinions,
    can_see_results,
    can_write_summary,
    has_role,
    has_role_anywhere,
    paths_of,
)

from .scope import Scope
from .secretaries.marking import MARKING


def can_sort_opinions(user, poll: Poll) -> bool:
    """Categorize, merge, mask and send on what participants wrote: the unit's secretary, after the seal."""
    return can_write_summary(user, poll)


def can_read_ledger(user, organization: Organization) -> bool:
    """Problems, comments and commitments' fulfilment of a unit: those who answer for it and those above."""
    return has_role(user, organization, SECRETARY, OFFICER)


def organizations_of_ledger(user):
    """The organizations whose ledger, comments and commitments' fulfilment the user reads."""
    return Organization.objects.filter(within_paths(paths_of(user, SECRETARY, OFFICER)))


def can_keep_ledger(user, organization: Organization) -> bool:
    """Register problems, measures and progress, and close what was answered: the unit's secretary."""
    return has_role(user, organization, SECRETARY)


def can_read_some_ledger(user) -> bool:
    return has_role_anywhere(user, SECRETARY, OFFICER)


def can_keep_some_ledger(user) -> bool:
    return has_role_anywhere(user, SECRETARY)


def ledger_paths(user) -> set[str]:
    """The subtrees whose ledgers the user reads."""
    return paths_of(user, SECRETARY, OFFICER)


def organizations_of_kept_ledger(user):
    """The organizations whose ledger the user keeps."""
    return Organization.objects.filter(within_paths(paths_of(user, SECRETARY)))


def roots_of_kept_ledger(user):
    """The topmost of them."""
    kept = organizations_of_kept_ledger(user)
    return kept.exclude(parent__in=kept).order_by("path")


def can_register_findings(user, poll: Poll) -> bool:
    """Put a confirmed finding into the unit's ledger: its secretary, or the committee above that has confirmed it."""
    return can_see_results(user, poll) and (can_keep_ledger(user, poll.organization) or can_decide_findings(user, poll))


def can_keep_self_appraisals(user, poll: Poll) -> bool:
    """Hand out members' own links, and enter what they handed in on paper: the unit's secretary."""
    return has_role(user, poll, SECRETARY)


def can_read_self_appraisals(user, poll: Poll) -> bool:
    """Read what members wrote about themselves: those who answer for it and those above."""
    return has_role(user, poll, SECRETARY, OFFICER)


def can_hand_in_work_report(user, poll: Poll) -> bool:
    """Hand in the work report of a branch, and take it out again: the unit's secretary."""
    return has_role(user, poll, SECRETARY)


def can_read_work_report(user, poll: Poll) -> bool:
    """Read and download the work report of a branch: those who answer for it and those above."""
    return has_role(user, poll, SECRETARY, OFFICER)


def can_read_minutes(user, poll: Poll) -> bool:
    """Read the minutes of a unit's meeting: those who answer for it and those above."""
    return has_role(user, poll, SECRETARY, OFFICER)


def can_record_comments(user, organization: Organization) -> bool:
    """Enter what leaders said about a unit or its members: its secretary, or those above who send the leaders."""
    return has_role(user, organization, SECRETARY, OFFICER)


def can_delete_comment(user, organization: Organization, recorded_by) -> bool:
    """Take a comment out of the list: who entered it, or those above; a unit does not strike what was said about it."""
    return can_record_comments(user, organization) and (user == recorded_by or has_role(user, organization, OFFICER))


def can_announce(user, scope: Scope) -> bool:
    """Make sealed results public, take them down, and record objections: the secretary of the poll's unit, or of the unit summed."""
    if scope.poll:
        return can_write_summary(user, scope.poll)
    return can_write_unit_summary(user, scope.unit)


def can_see_announcements(user, scope: Scope) -> bool:
    """See a unit's announcements and the objections to them: the unit's secretary, and those above."""
    return can_read_opinions(user, scope.poll) if scope.poll else can_read_opinions_below(user, scope.unit)


def can_write_unit_summary(user, unit: HasPath) -> bool:
    """Word the 小结 of a unit's part of a campaign: the unit's secretary."""
    return has_role(user, unit, SECRETARY)


def can_read_opinions_below(user, unit: HasPath) -> bool:
    """Read what participants wrote in the sealed polls at and below a unit: those who answer for it and those above."""
    return has_role(user, unit, SECRETARY, OFFICER)


def can_export(user, unit: HasPath) -> bool:
    """All units' files at once, opinions among them: those who answer for the unit and those above."""
    return has_role(user, unit, SECRETARY, OFFICER)


def can_decide_findings(user, poll: Poll) -> bool:
    """Confirm or dismiss what a tally crossed: the committee above, never those who were appraised or who counted."""
    return poll.state == Poll.State.SEALED and has_role(user, poll, OFFICER)


def can_adjust_scores(user, poll: Poll) -> bool:
    """Record bonus and deductions of a scored unit, and withdraw them: the campaign's organizer, never the unit below it."""
    return has_role(user, poll.campaign, SECRETARY, OFFICER)


def can_read_adjustments(user, poll: Poll) -> bool:
    """Read a unit's bonus and deductions with the evidence: those who see its results, before the seal too."""
    return has_role(user, poll, SECRETARY, TELLER, OFFICER)


def can_read_superior_marks(user, poll: Poll) -> bool:
    """Read how superiors marked the persons of a poll: those who answer for it and those above; it holds no ballot."""
    return poll.state in MARKING and has_role(user, poll, SECRETARY, OFFICER)


def can_mark_as_superior(user, target: Target) -> bool:
    """Record how a superior marked a person: an officer over the person's unit, or the secretary of a unit above it."""
    home = target.member.organization if target.member else None
    if home is None or not can_read_superior_marks(user, target.poll):
        return False
    above = (path for path in paths_of(user, SECRETARY) if path != home.path)
    return has_role(user, home, OFFICER) or any(home.path.startswith(path) for path in above)


def can_rank_secretaries(user, unit: HasPath) -> bool:
    """See secretaries beside each other: the secretary or an officer of the unit over which they are compared."""
    return has_role(user, unit, SECRETARY, OFFICER)


def can_set_periods(user) -> bool:
    """Say how long details are kept, for the whole installation: a superuser, as for all that concerns the server."""
    return user.is_superuser
