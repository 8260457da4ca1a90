"""The demo's five users: one of each role, over every root of the demo.

Their password stands in the source for everybody to read: it is for looking around on one's own machine. Nothing but
`manage.py demo` makes these accounts, and only in the demo's own database. In databases that an earlier version filled
nobody signs in with them once there is an administrator of another kind.
"""

from django.contrib.auth.models import User

from campaigns.models import AccountStanding, Organization, Role

DEMO_PASSWORD = "pingyi-yanshi-2026"  # noqa: S105  known to everybody, see above
ACCOUNTS: dict[str, str] = {
    Role.Kind.SECRETARY: "secretary",
    Role.Kind.TELLER: "teller",
    Role.Kind.OFFICER: "officer",
    Role.Kind.ADMINISTRATOR: "administrator",
    Role.Kind.AUDITOR: "auditor",
}


def prepare() -> dict[str, User]:
    """The accounts by role, which nobody can use yet."""
    users = {}
    for kind, username in ACCOUNTS.items():
        users[kind], created = User.objects.get_or_create(
            username=username, defaults={"first_name": f"演示{Role.Kind(kind).label}"}
        )
        if created:
            users[kind].set_unusable_password()
            users[kind].save(update_fields=["password"])
            AccountStanding.objects.create(user=users[kind], is_demo=True)
    return users


def give_out(users: dict[str, User], roots: list[Organization]) -> None:
    """Give the accounts their roles and the password: the demo is complete."""
    Role.objects.bulk_create(
        Role(user=user, organization=root, kind=kind) for kind, user in users.items() for root in roots
    )
    for user in users.values():
        user.set_password(DEMO_PASSWORD)
        user.save(update_fields=["password"])


def others_exist() -> bool:
    """Whether anybody but the demo's users has an account, so that the site is in earnest use."""
    return User.objects.exclude(username__in=ACCOUNTS.values()).exists()


def were_given_out(*, demo_is_there: bool) -> bool:
    """Whether the demo was complete once: then nothing brings back what was changed or taken away since.

    An account that was deleted counts as given out; one that an interrupted run left has no password.
    """
    users = list(User.objects.filter(username__in=ACCOUNTS.values()))
    return any(user.has_usable_password() for user in users) or (demo_is_there and not users)
