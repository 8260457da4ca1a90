"""The rows of the trail that an auditor reads: deeds in the own subtree, and ones at no unit by its accounts; those
of the uppermost unit read of commands too."""

from django.contrib.auth.models import User

from campaigns.models import BegunDeed, Organization, Role, TrailEntry
from campaigns.models.place import STEP
from campaigns.models.reach import within_paths
from campaigns.models.trail import DeedQuerySet
from campaigns.permissions import AUDITOR, paths_of


def trail_visible_to(user: User) -> DeedQuerySet:
    return _visible(TrailEntry.objects.all(), user)


def begun_visible_to(user: User) -> DeedQuerySet:
    """The deeds of which it is not written yet how they ended."""
    return _visible(BegunDeed.objects.all(), user)


def _visible(deeds: DeedQuerySet, user: User) -> DeedQuerySet:
    if user.is_superuser:
        return deeds
    paths = paths_of(user, AUDITOR)
    # Of every role there is, the places are not asked.
    is_everywhere = Organization.objects.are_all_within(paths)
    roles = Role.objects.all() if is_everywhere else Role.objects.filter(within_paths(paths, "organization__path"))
    own = deeds.within(paths, roles.order_by().values("user"))
    # Commands concern the whole installation, and so whoever reads of all of it.
    is_of_all = any(len(path) == STEP for path in paths)
    return own | deeds.filter(place="", user=None) if is_of_all else own
