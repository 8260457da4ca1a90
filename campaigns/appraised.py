"""The members whom a branch's appraisal is about: those who are given a grade, and those who take part without one."""

from django.db.models import Exists, Q, QuerySet

from .models import Member, Poll, Target


def members_of_poll(poll: Poll) -> QuerySet[Member]:
    """The members on the ballot and the probationary ones beside them, these as they are now until the ballot is frozen.

    None of a poll that is about no single member.
    """
    on_ballot = poll.targets.exclude(member=None).order_by().values("member")
    return Member.objects.filter(Q(pk__in=on_ballot) | Q(pk__in=_ungraded(poll))).order_by("status", "pk")


def _ungraded(poll: Poll) -> QuerySet[Member]:
    probationary = Member.objects.filter(organization=poll.organization_id, status=Member.Status.PROBATIONARY)
    if poll.form:
        return probationary.filter(name__in=poll.ballot_form.ungraded).order_by()
    asks_about_members = Exists(Target.objects.filter(poll=poll, member__isnull=False))
    return probationary.active().filter(asks_about_members).order_by()
