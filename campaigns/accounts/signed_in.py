"""The places where an account is signed in, read out of its sessions: since when, last used when, in which kind of browser.

No address is kept. Each session knows these things itself, so that nothing else has to be kept in step with it.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from ..models import AccountDeed
from .deeds import record_deed
from .sessions import BROWSER, RENEWED, SIGNED_IN, reason_to_end


@dataclass(frozen=True)
class SignedInPlace:
    """A session that goes on; its number tells it apart without giving away its key."""

    key: str = field(repr=False)
    browser: str
    # Empty for a session that was made without a sign-in.
    begun_at: datetime | None
    used_at: datetime | None

    @property
    def number(self) -> str:
        return hashlib.sha256(self.key.encode()).hexdigest()[:16]


def places_of(account: User) -> list[SignedInPlace]:
    """Where the account is signed in now, the place last used first."""
    return sorted(_places(account), key=lambda place: str(place.used_at), reverse=True)


def end_place(account: User, number: str) -> bool:
    """End a session of the account; whether there was one of that number."""
    return _end([place.key for place in _places(account) if place.number == number]) > 0


def end_others(account: User, *, present: str) -> int:
    """End all sessions of the account but the one of that key, and return how many they were."""
    return _end([place.key for place in _places(account) if place.key != present])


def end_all(account: User, *, by: User) -> int:
    """End all sessions of somebody else's account, and return how many they were."""
    with transaction.atomic():
        ended = _end([place.key for place in _places(account)])
        record_deed(account, AccountDeed.Kind.SESSIONS_ENDED, by=by)
    return ended


def _end(keys: list[str]) -> int:
    ended, _ = Session.objects.filter(session_key__in=keys).delete()
    return ended


def _places(account: User) -> Iterator[SignedInPlace]:
    marks = [account.get_session_auth_hash(), *account.get_session_auth_fallback_hash()]
    for session in Session.objects.filter(expire_date__gt=timezone.now()):
        content = session.get_decoded()
        if content.get(SESSION_KEY) == str(account.pk) and _goes_on(content, marks):
            moments = (_moment(content, name) for name in (SIGNED_IN, RENEWED))
            yield SignedInPlace(session.session_key, content.get(BROWSER, ""), *moments)


def _goes_on(content: dict, marks: list[str]) -> bool:
    """Whether a session is not over; one from before the password was changed is none any more."""
    is_marked = any(constant_time_compare(content.get(HASH_SESSION_KEY, ""), mark) for mark in marks)
    return is_marked and not reason_to_end(content)


def _moment(content: dict, name: str) -> datetime | None:
    return datetime.fromtimestamp(content[name], tz=timezone.get_current_timezone()) if name in content else None
