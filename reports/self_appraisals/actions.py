"""Writing a self-appraisal: by the member with an own link, or by the secretary, never over the member's own words."""

from django.db import transaction

from campaigns.kept_files import write_file
from campaigns.models import Member, Poll
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..models import SelfAppraisal, SelfAppraisalLink
from .files import KeptFile, checked_file
from .links import use_link

GONE = "这个链接已经用过、作废或者过期，没有收下。需要修改的，请向支部要一个新的链接。"


def submit_self_appraisal(link: SelfAppraisalLink, *, text: str, upload) -> SelfAppraisal:
    """Take what a member wrote, once for each link; raises StateError where the link is spent, Unsuitable."""
    with transaction.atomic():
        if not use_link(link):
            raise StateError(GONE)
        return _write(link.poll, link.member, text=text, upload=upload, is_by_member=True, by=None)


def enter_self_appraisal(poll: Poll, member: Member, *, text: str, upload, by) -> SelfAppraisal:
    """Enter what a member handed in on paper; raises StateError where the member wrote it, Unsuitable."""
    with transaction.atomic():
        last = last_of(poll, member)
        if last and last.is_by_member:
            raise StateError(
                "本人已经提交自评，不能代为修改；需要修改的，给本人一个新的链接。",
                way=way_to("党员自评", "reports:self_appraisal_list", poll.pk),
            )
        return _write(poll, member, text=text, upload=upload, is_by_member=False, by=by)


def last_of(poll: Poll, member: Member) -> SelfAppraisal | None:
    return SelfAppraisal.objects.filter(poll=poll, member=member).order_by("number").last()


def _write(poll: Poll, member: Member, *, text: str, upload, is_by_member: bool, by) -> SelfAppraisal:
    # Numbers of one member are given one after another.
    Member.objects.select_for_update().get(pk=member.pk)
    last = last_of(poll, member)
    file, content = checked_file(upload) if upload else (KeptFile(), b"")
    if not upload and last and not is_by_member:
        file = KeptFile(last.file_name, last.kind, last.size, last.sha256)
    appraisal = SelfAppraisal.objects.create(
        poll=poll,
        member=member,
        number=last.number + 1 if last else 1,
        text=text,
        is_by_member=is_by_member,
        recorded_by=by,
        file_name=file.file_name,
        kind=file.kind,
        size=file.size,
        sha256=file.sha256,
    )
    if upload:
        # Within the transaction: a row is never without its file.
        write_file(file.file_name, content)
    return appraisal
