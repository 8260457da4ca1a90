"""意见箱 and the letters in it, kept and public."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from campaigns.models import Organization, Poll, Target
from campaigns.permissions import can_keep_letterbox, require
from campaigns.views.fetching import visible_organization

from ...models import Letter, Letterbox, SummaryVersion


def organization_of_letterbox(request, organization_id: int) -> Organization:
    """A unit whose 意见箱 the user keeps."""
    organization = visible_organization(request, organization_id)
    require(can_keep_letterbox(request.user, organization))
    return organization


def letterbox_of(request, organization_id: int) -> Letterbox:
    """The unit's box; 404 where it has none yet."""
    organization = organization_of_letterbox(request, organization_id)
    return get_object_or_404(Letterbox.objects.select_related("organization"), organization=organization)


def letter_to_read(request, letter_id: int) -> Letter:
    letters = Letter.objects.visible_to(request.user).select_related("letterbox__organization", "problem")
    letter = get_object_or_404(letters, pk=letter_id)
    require(can_keep_letterbox(request.user, letter.letterbox.organization))
    return letter


def targets_for_letter(request, letter: Letter) -> QuerySet[Target]:
    """The targets of the unit's polls in which opinions are still gathered, of the newest campaign first."""
    filed = SummaryVersion.objects.final().filter(summary__poll__isnull=False).values("summary__poll")
    polls = Poll.objects.visible_to(request.user).filter(
        organization=letter.letterbox.organization,
        state__in=(Poll.State.OPEN, Poll.State.CLOSED, Poll.State.SEALED),
    )
    targets = Target.objects.filter(poll__in=polls.exclude(pk__in=filed)).select_related(
        "poll__campaign", "questionnaire"
    )
    return targets.order_by("-poll__campaign_id", "position", "pk")


def public_letterbox(token: str) -> Letterbox:
    """The box at a public address, open or shut."""
    return get_object_or_404(Letterbox.objects.select_related("organization"), token=token)


def letter_with_receipt(*digests: int) -> Letter | None:
    """The letter whose receipt code has one of the digests."""
    return Letter.objects.filter(receipt__in=digests).select_related("letterbox__organization").first()
