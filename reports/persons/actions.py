"""Deeds with the data of a person, each with a record: handed over, corrected, deleted. No ballot, box or count is touched."""

from collections.abc import Mapping

from django.db import transaction

from campaigns.kept_files import folder
from campaigns.models import Member, Organization
from campaigns.models.columns import column
from campaigns.ways import Refusal

from ..models import Attendance, LeaderComment, PersonDeed, SelfAppraisal, SelfAppraisalLink
from ..retention.clearing import GONE
from .deletion import commitments_that_go, deletion_plan


class StillNeeded(Refusal):
    """The person's data is needed by something that goes on; the message is for the user."""


def record_person_deed(
    organization: Organization, kind: str, *, by, reason: str, member: Member | None = None, detail: str = ""
) -> PersonDeed:
    """Write what was done with somebody's data; after a deletion without the person."""
    return PersonDeed.objects.create(
        organization=organization, member=member, kind=kind, detail=detail, reason=reason, done_by=by
    )


def note_hand_over(member: Member, *, by, reason: str) -> PersonDeed:
    """Note that everything held was handed over to the person."""
    return record_person_deed(member.organization, PersonDeed.Kind.HANDED, member=member, by=by, reason=reason)


def correct_person(member: Member, facts: Mapping[str, str], *, by, reason: str) -> PersonDeed | None:
    """Write other columns of the roster, and the name in the lists of who attended; None where nothing differs.

    The name on ballots that were opened stays, as it was printed.
    """
    with transaction.atomic():
        locked = Member.objects.select_for_update(of=["self"]).get(pk=member.pk)
        changed = [name for name, value in facts.items() if getattr(locked, name) != value]
        if not changed:
            return None
        Member.objects.filter(pk=locked.pk).update(**{name: facts[name] for name in changed})
        if "name" in changed:
            Attendance.objects.filter(member=locked).update(name=facts["name"])
        labels = "、".join(str(column(Member, name).verbose_name) for name in changed)
        return record_person_deed(
            locked.organization, PersonDeed.Kind.CORRECTED, member=locked, by=by, reason=reason, detail=labels
        )


def delete_person(member: Member, *, by, reason: str) -> PersonDeed:
    """Delete what can be deleted; what a sealed total needs stays under no name. Raises StillNeeded."""
    with transaction.atomic():
        locked = Member.objects.select_for_update(of=["self"]).select_related("organization").get(pk=member.pk)
        plan = deletion_plan(locked)
        for obstacle in plan.obstacles:
            raise StillNeeded(obstacle.sentence, way=obstacle.way)
        _delete_details(locked)
        _forget_in_records(locked)
        if plan.leaves_a_shell:
            _empty(locked)
        else:
            locked.delete()
        return record_person_deed(
            locked.organization, PersonDeed.Kind.DELETED, by=by, reason=reason, detail=plan.detail
        )


def _forget_in_records(member: Member) -> None:
    """Take the person out of the records of earlier deeds, the name in a reason too."""
    for deed in PersonDeed.objects.filter(member=member):
        deed.member, deed.reason = None, deed.reason.replace(member.name, "本人")
        deed.save(update_fields=["member", "reason"])


def _delete_details(member: Member) -> None:
    attendances = Attendance.objects.filter(member=member)
    attendances.filter(is_present=False).update(absence_reason=GONE)
    attendances.update(name="", member=None)
    appraisals = SelfAppraisal.objects.filter(member=member)
    paths = [folder() / name for name in appraisals.exclude(file_name="").values_list("file_name", flat=True)]
    appraisals.delete()
    transaction.on_commit(lambda: [path.unlink(missing_ok=True) for path in paths])
    SelfAppraisalLink.objects.filter(member=member).delete()
    LeaderComment.objects.filter(member=member).delete()
    commitments_that_go(member).delete()
    member.transfers.all().delete()


def _empty(member: Member) -> None:
    """A row for the ballots that were sealed, which says of the person only that there was one."""
    Member.objects.filter(pk=member.pk).update(
        name=f"（已删除）{member.pk}", status=Member.Status.FULL, post=Member.Post.MEMBER, is_active=False
    )
