"""Wrong passwords make the next try wait, longer each time, and shut nobody out.

Counted are an account's tries from one address, all tries on the account, and all from the address, so that guessing one
password and one guess at many accounts are slowed alike. Others' wrong tries cost somebody from an address without any
only a moment. A try counts as wrong before its password is looked at, so that many at the same time do not slip through.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from ..models import AccountDeed, SignInTries
from .deeds import record_deed

# Wrong tries are forgotten after so long without another.
MEMORY = timedelta(hours=1)
# Characters of a login name that count; in lower case some letters become two.
LONGEST_NAME = 150
_SECOND = "second "


@dataclass(frozen=True)
class Patience:
    """How many wrong tries cost nothing, and how many seconds the longest wait after later ones is."""

    free: int
    longest: int

    def wait(self, failed_count: int) -> int:
        """Seconds to wait after so many wrong tries: 1, 2, 4 and so on."""
        return min(2 ** min(failed_count - self.free, 30), self.longest) if failed_count >= self.free else 0


# An account from one address; the account from all addresses, for an address with wrong tries and for one without;
# and an address, which a whole office may share.
PAIR = Patience(free=3, longest=300)
ACCOUNT = Patience(free=5, longest=300)
ACCOUNT_FROM_ELSEWHERE = Patience(free=5, longest=5)
ADDRESS = Patience(free=20, longest=30)


class MustWait(Exception):
    """Too many wrong passwords; the message is for the user."""

    def __init__(self, seconds: int):
        self.seconds = seconds
        waiting = f"{seconds}秒" if seconds < 120 else f"{-(-seconds // 60)}分钟"
        super().__init__(f"密码或者验证码输错的次数多了，请{waiting}后再试；等不及的，请系统管理员在账号页上解除等待。")


def second_name(username: str) -> str:
    """The name under which tries at an account's second code count; no login name has a space."""
    return f"{_SECOND}{username}"


def begin_try(username: str, address: str) -> None:
    """Count a try as wrong, until `end_try`; raises MustWait, and counts nothing, where it comes too early."""
    now = timezone.now()
    # The clock was set back: a wait counts from now, even where this try is refused.
    SignInTries.objects.filter(last_at__gt=now).update(last_at=now)
    with transaction.atomic():
        SignInTries.objects.filter(last_at__lt=now - MEMORY).delete()
        keys = _keys(username, address)
        SignInTries.objects.bulk_create([SignInTries(key=key, last_at=now) for key in keys], ignore_conflicts=True)
        locked = SignInTries.objects.select_for_update().filter(key__in=keys).order_by("key")
        tries = {keys[row.key]: row for row in locked}
        seconds = _seconds_to_wait(tries, now=now, is_second=username.startswith(_SECOND))
        if seconds:
            raise MustWait(seconds)
        SignInTries.objects.filter(key__in=keys).update(failed_count=F("failed_count") + 1, last_at=now)


def end_try(username: str, address: str) -> None:
    """The password was right: the account's wrong tries are forgotten, and this one was none of the address's."""
    with transaction.atomic():
        of_address = [key for key, kind in _keys(username, address).items() if kind == "address"]
        SignInTries.objects.filter(key__in=of_address, failed_count__gt=0).update(failed_count=F("failed_count") - 1)
        _forget(username, from_everywhere=False, address=address)


def release(account: User, *, by: User | None) -> None:
    """Let an account sign in at once, wherever wrong passwords came from."""
    with transaction.atomic():
        for name in (account.get_username(), second_name(account.get_username())):
            _forget(name, from_everywhere=True)
        record_deed(account, AccountDeed.Kind.RELEASED, by=by)


def failed_count(account: User) -> int:
    """How often a wrong password or second code was given for the account of late."""
    recent = SignInTries.objects.filter(last_at__gte=timezone.now() - MEMORY)
    names = (account.get_username(), second_name(account.get_username()))
    keys = [_account_key(name) for name in names]
    return sum(recent.filter(key__in=keys).values_list("failed_count", flat=True))


def mistaken_accounts(accounts: QuerySet[User]) -> list[tuple[User, int]]:
    """The accounts for which wrong passwords were given of late, with how many, most first; two queries."""
    recent = SignInTries.objects.filter(last_at__gte=timezone.now() - MEMORY, failed_count__gt=0)
    rows = recent.filter(key__startswith=_account_key("")).values_list("key", "failed_count")
    counts = {key.removeprefix(_account_key("")): count for key, count in rows}
    known = accounts.annotate(plain_name=Lower("username")).filter(plain_name__in=counts).order_by("username")
    return sorted(((account, counts[account.plain_name]) for account in known), key=lambda pair: -pair[1])


def _plain_name(username: str) -> str:
    """A login name as it is counted, in whichever case it was typed."""
    return username.lower()[:LONGEST_NAME]


def _account_key(username: str) -> str:
    return f"account {_plain_name(username)}"


def _pair_key(username: str, address: str) -> str:
    return f"pair {_plain_name(username)} {address}"


def _keys(username: str, address: str) -> dict[str, str]:
    """The keys that a try counts under, with what each is about; without an address the account alone."""
    keys = {_account_key(username): "account"}
    if address:
        keys |= {_pair_key(username, address): "pair", f"address {address}": "address"}
    return keys


def _seconds_to_wait(tries: dict[str, SignInTries], *, now: datetime, is_second: bool) -> int:
    """Whoever guesses second codes has the password already: a clean address makes that no quicker."""
    is_clean = "address" in tries and not tries["address"].failed_count and not is_second
    patience = {"account": ACCOUNT_FROM_ELSEWHERE if is_clean else ACCOUNT, "pair": PAIR, "address": ADDRESS}
    return max(_left(row, patience[kind], now=now) for kind, row in tries.items())


def _left(row: SignInTries, patience: Patience, *, now: datetime) -> int:
    """Seconds that are left of the wait after a row's last wrong try, begun ones whole."""
    left = row.last_at + timedelta(seconds=patience.wait(row.failed_count)) - now
    return max(0, -(-left // timedelta(seconds=1)))


def _forget(username: str, *, from_everywhere: bool, address: str = "") -> None:
    SignInTries.objects.filter(key=_account_key(username)).delete()
    pairs = SignInTries.objects.filter(key__startswith=_pair_key(username, ""))
    (pairs if from_everywhere else pairs.filter(key=_pair_key(username, address))).delete()
