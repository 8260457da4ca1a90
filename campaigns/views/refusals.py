"""The pages that refuse: a deed that is not the user's to do (403), and what is not there (404)."""

from django.shortcuts import render
from django.urls import Resolver404

from ..models import Role
from ..models.place import ancestor_paths
from ..people import name_of


def forbidden(request, exception):
    """The page of a 403: it names the account's roles, and those who give others."""
    roles = _roles_of(request)
    return render(request, "403.html", {"roles": roles, "administrators": _administrators_above(roles)}, status=403)


def not_found(request, exception):
    """The page of a 404: no such address; or a thing that is gone or out of reach, of which it does not say which."""
    context = {"is_address_wrong": isinstance(exception, Resolver404), "roles": _roles_of(request)}
    return render(request, "404.html", context, status=404)


def _roles_of(request) -> list[Role]:
    # Refused before anybody asked who it is: nobody is named.
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return []
    return list(user.roles.select_related("organization").order_by("organization__path", "kind"))


def _administrators_above(roles: list[Role]) -> list[str]:
    """The names of those who give roles at the units of some roles."""
    paths = {path for role in roles for path in ancestor_paths(role.organization.path)}
    givers = Role.objects.filter(kind=Role.Kind.ADMINISTRATOR, organization__path__in=paths, user__is_active=True)
    return list(dict.fromkeys(name_of(role.user) for role in givers.select_related("user").order_by("pk")))
