"""How far a user's roles reach: subtrees of the organization tree as ranges of its path."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q

from .role import Role


def role_paths(user) -> dict[str, tuple[str, ...]]:
    """The paths of the organizations where a user has each kind of role, read once per request's user object.

    Among them those that the organizations had before they were moved: what was opened below them stays there.
    A superuser is administrator of everything (the empty path) and nothing else.
    """
    if not user.is_authenticated:
        return {}
    if not hasattr(user, "_role_paths"):
        paths: dict[str, dict[str, None]] = defaultdict(dict)
        for kind, *places in user.roles.values_list("kind", "organization__path", "organization__former_places__path"):
            paths[kind].update(dict.fromkeys(filter(None, places)))
        if user.is_superuser:
            paths[Role.Kind.ADMINISTRATOR][""] = None
        user._role_paths = {kind: tuple(of_kind) for kind, of_kind in paths.items()}
    return user._role_paths


def within_paths(paths, field="path") -> Q:
    """The condition that a path column lies in one of the subtrees."""
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(**{f"{field}__gte": path, f"{field}__lt": path + "z"}) if path else Q(pk__isnull=False)
    return condition


def outermost(paths: Iterable[str]) -> list[str]:
    """The paths that lie below no other of them."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if not kept or not path.startswith(kept[-1]):
            kept.append(path)
    return kept


def visible_paths(user) -> set[str]:
    """Every subtree that a user has any role over but an auditor's, who reads the trail and nothing else."""
    return {path for kind, paths in role_paths(user).items() if kind != Role.Kind.AUDITOR for path in paths}
