"""Which rows of the trail an auditor reads: the deeds in the own subtree, and those at no unit of its accounts."""

from django.contrib.auth.models import User
from django.db.models import Exists, OuterRef

from campaigns.models import Role, TrailEntry
from campaigns.models.reach import within_paths
from campaigns.models.trail import TrailQuerySet
from campaigns.permissions import AUDITOR, paths_of


def trail_visible_to(user: User) -> TrailQuerySet:
    if user.is_superuser:
        return TrailEntry.objects.all()
    paths = paths_of(user, AUDITOR)
    roles = Role.objects.filter(within_paths(paths, "organization__path"), user=OuterRef("pk"))
    return TrailEntry.objects.within(paths, User.objects.filter(Exists(roles)))
