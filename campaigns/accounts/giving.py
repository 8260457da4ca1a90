"""The deeds of administrators on accounts: each is written into the history together with what it changes."""

from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from ..models import AccountDeed, AccountStanding, Organization, Role
from .deeds import record_deed, record_role_deed

# How long a password that somebody else set may be used for the first sign-in.
INITIAL_DAYS = 7


def open_account(account: User, *, organization: Organization, kind: str, by: User | None) -> User:
    """Save a new account, whose initial password is set on it already, with its first role."""
    with transaction.atomic():
        account.save()
        record_deed(account, AccountDeed.Kind.OPENED, by=by)
        give_role(Role(user=account, organization=organization, kind=kind), by=by)
        _password_given(account, by=by)
    return account


def give_role(role: Role, *, by: User | None) -> Role:
    """Save a role; raises ValidationError where the account has one that does not go with it."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=role.user_id)
        role.clean()
        role.save()
        record_role_deed(role, AccountDeed.Kind.ROLE_GIVEN, by=by)
    return role


def take_role(role: Role, *, by: User | None) -> None:
    with transaction.atomic():
        record_role_deed(role, AccountDeed.Kind.ROLE_TAKEN, by=by)
        role.delete()


def give_password(account: User, password: str, *, by: User | None) -> None:
    """Set an initial password, with which the owner signs in once and chooses another."""
    with transaction.atomic():
        account.set_password(password)
        account.save(update_fields=["password"])
        _password_given(account, by=by)


def _password_given(account: User, *, by: User | None) -> None:
    until = timezone.now() + timedelta(days=INITIAL_DAYS)
    AccountStanding.objects.update_or_create(user=account, defaults={"initial_until": until})
    record_deed(account, AccountDeed.Kind.PASSWORD_GIVEN, by=by)


def keep_own_password(account: User) -> None:
    """The owner has chosen a password: it is no initial one any more."""
    with transaction.atomic():
        AccountStanding.objects.filter(user=account).update(initial_until=None)
        record_deed(account, AccountDeed.Kind.PASSWORD_CHANGED, by=account)


def edit_account(account: User, *, first_name: str, is_active: bool, by: User | None) -> None:
    """Change the name, and whether the account may sign in."""
    with transaction.atomic():
        before = User.objects.select_for_update().get(pk=account.pk)
        account.first_name, account.is_active = first_name, is_active
        account.save(update_fields=["first_name", "is_active"])
        if before.first_name != first_name:
            detail = f"“{before.first_name}”改为“{first_name}”"
            record_deed(account, AccountDeed.Kind.RENAMED, by=by, detail=detail)
        if before.is_active != is_active:
            record_deed(account, AccountDeed.Kind.REOPENED if is_active else AccountDeed.Kind.SHUT, by=by)


def standing_of(account: User) -> AccountStanding:
    """How the account stands; one without a row stands as an ordinary one."""
    return AccountStanding.objects.filter(user=account).first() or AccountStanding(user=account)


def with_initial_password(accounts: QuerySet[User]) -> QuerySet[User]:
    """The accounts whose owner has not chosen a password yet, the oldest first; each brings its standing."""
    waiting = accounts.filter(is_active=True, standing__initial_until__isnull=False)
    return waiting.select_related("standing").order_by("standing__initial_until", "username")


def has_expired(standing: AccountStanding, *, now: datetime) -> bool:
    """Whether the account's password is an initial one that was not used in time."""
    return standing.initial_until is not None and standing.initial_until < now


def has_real_administrator() -> bool:
    """Whether somebody but the demo administers here, so that accounts whose password everybody knows have ended."""
    administrators = User.objects.filter(is_active=True).exclude(standing__is_demo=True)
    return (
        administrators.filter(is_superuser=True).exists()
        or administrators.filter(roles__kind=Role.Kind.ADMINISTRATOR).exists()
    )
