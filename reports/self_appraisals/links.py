"""Links by which a member writes a self-appraisal once: unguessable, kept as a digest, open until used, revoked or the campaign is over."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from campaigns.models import Member, Poll

from ..models import SelfAppraisalLink


def make_link(poll: Poll, member: Member, *, by) -> str:
    """The secret part of a new link, which nobody can read again; an open one of the same member ends."""
    token = secrets.token_urlsafe(24)
    with transaction.atomic():
        # Of two who ask at once the second ends the first one's link.
        Member.objects.select_for_update().get(pk=member.pk)
        revoke_link(poll, member)
        SelfAppraisalLink.objects.create(poll=poll, member=member, digest=digest_of(token), made_by=by)
    return token


def revoke_link(poll: Poll, member: Member) -> bool:
    """End the member's open link; whether there was one."""
    return bool(open_links(poll).filter(member=member).update(ended_at=timezone.now()))


def link_of(token: str) -> SelfAppraisalLink | None:
    """The open link with this secret; None where it is unknown, was used or revoked, or the campaign is over."""
    links = SelfAppraisalLink.objects.filter(digest=digest_of(token), ended_at=None)
    link = links.select_related("poll__campaign", "poll__organization", "member").first()
    return None if link is None or is_over(link.poll) else link


def use_link(link: SelfAppraisalLink) -> bool:
    """Take the right that the link gives; whether it was still there."""
    return bool(SelfAppraisalLink.objects.filter(pk=link.pk, ended_at=None).update(ended_at=timezone.now()))


def is_over(poll: Poll) -> bool:
    """Whether self-appraisals come too late: after the campaign's last day, which it has before it opens."""
    ends_on = poll.campaign.ends_on
    return ends_on is not None and timezone.localdate() > ends_on


def open_links(poll: Poll):
    return SelfAppraisalLink.objects.filter(poll=poll, ended_at=None)


def digest_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
