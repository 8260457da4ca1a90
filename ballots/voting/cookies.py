"""Signed cookies in a participant's browser, and how the participant's pages are served. No session, no account.

`ballot_ticket` is the right to cast, `ballot_stub` says that it was used, `ballot_browser` is the random mark by which
one browser is known to a screen batch. None of them carries a code or a mark of a ballot. `ballot_draft` carries the marks
from filling in to casting: encrypted, for half an hour at most, and sent to the ballot's own pages alone. `ballot_slip` has
the tickets of a shared slip; the present one of them is in `ballot_ticket`, as of any other slip.
"""

import secrets
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import wraps
from itertools import count, takewhile

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.views.decorators.csrf import csrf_exempt

from pingyi.cookies import cookie_name
from pingyi.keys import is_signed, signer_for

from .codes import TICKET_SECONDS, Ticket
from .drafts import DRAFT_SECONDS, MOST_CHARACTERS, Draft, NoDraft, decrypted, encrypted

TICKET, STUB, BROWSER, DRAFT = "ballot_ticket", "ballot_stub", "ballot_browser", "ballot_draft"
SLIP = "ballot_slip"
# How its reader likes to read, which a script of the page may change too: nothing that tells anybody apart.
LARGE_PRINT = "large_print"
LARGE_PRINT_SECONDS = 365 * 24 * 3600
# A text that somebody typed and that is no code, so that it can be mended where it stands.
TYPED = "ballot_typed"
TYPED_SECONDS = 10 * 60
MOST_TYPED = 60
CODE_PAGE = "/v/"
BALLOT_PAGES = "/ballot/"
BROWSER_SECONDS = 24 * 3600


def participant_page(view):
    """A page without an account that tells nobody where its reader came from; as every page it is kept nowhere.

    Without a referrer a browser sends `Origin: null`, which the CSRF middleware refuses. It is not needed here: the
    only deed, casting, wants a key signed for the very ticket in the reader's cookie (`submission_key`), which no other
    site can know.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return login_not_required(csrf_exempt(wrapped))


@dataclass(frozen=True)
class Stub:
    """The remainder of a used ticket in its browser."""

    number: str
    batch_id: int
    fingerprint: str


def ticket_of(request) -> Ticket | None:
    # A page asks several times, and a signature takes as long to verify as a ballot to write.
    if not hasattr(request, "ballot_ticket"):
        request.ballot_ticket = _ticket_in(request)
    return request.ballot_ticket


def _ticket_in(request) -> Ticket | None:
    try:
        return Ticket.loads(_kept(request, TICKET))
    except signing.BadSignature:
        return None


def slip_of(request) -> list[Ticket]:
    """The tickets of the shared slip in this browser, in their order on it; empty where its slip has one form."""
    return [Ticket(*parts) for parts in _list_of(request, SLIP, salt="ballots.slip", seconds=TICKET_SECONDS)]


def tickets_of(request) -> list[Ticket]:
    """Every ticket in this browser, the present one first."""
    present = ticket_of(request)
    tickets = [] if present is None else [present]
    return tickets + [ticket for ticket in slip_of(request) if ticket != present]


def stubs_of(request) -> list[Stub]:
    """The stubs in this browser, the last one last; of several forms of a shared slip there are several."""
    return [Stub(*parts) for parts in _list_of(request, STUB, salt="ballots.stubs", seconds=BROWSER_SECONDS)]


def _list_of(request, name: str, *, salt: str, seconds: int) -> list:
    """The list in a signed cookie; empty where there is none, or not ours, or one too old."""
    kept = _kept(request, name)
    if not kept:
        return []
    try:
        return signer_for(salt).unsign_object(kept, max_age=seconds)
    except signing.BadSignature:
        return []


def stub_of(request, ticket: Ticket | None = None) -> Stub | None:
    """The last stub in this browser; with a ticket only the stub of that ticket."""
    stubs = [stub for stub in stubs_of(request) if ticket is None or stub.fingerprint == ticket.fingerprint]
    return stubs[-1] if stubs else None


def browser_of(request) -> str:
    """The random mark of this browser, a new one where it has none."""
    try:
        return signer_for("ballots.browser").unsign_object(_kept(request, BROWSER), max_age=BROWSER_SECONDS)
    except signing.BadSignature:
        return secrets.token_urlsafe(12)


def keep_ticket(response, ticket: Ticket, browser: str) -> None:
    _keep(response, TICKET, ticket.dumps(), TICKET_SECONDS)
    if ticket.slip is None:
        _keep(response, BROWSER, signer_for("ballots.browser").sign_object(browser), BROWSER_SECONDS)


def keep_slip(response, tickets: Sequence[Ticket]) -> None:
    """Keep the tickets of a shared slip."""
    _keep(response, SLIP, signer_for("ballots.slip").sign_object(list(map(astuple, tickets))), TICKET_SECONDS)


def forget_slip(response) -> None:
    _forget(response, SLIP)


def keep_stub(response, stub: Stub, *, beside: Sequence[Stub] = ()) -> None:
    """Keep a stub as the last one, after those of the same slip's other forms."""
    stubs = [*(other for other in beside if other.fingerprint != stub.fingerprint), stub]
    kept = [(stub.number, stub.batch_id, stub.fingerprint) for stub in stubs]
    _keep(response, STUB, signer_for("ballots.stubs").sign_object(kept), BROWSER_SECONDS)


def draft_of(request, ticket: Ticket) -> Draft | None:
    """The answers that wait in this browser for the ticket; None where there are none, or where they are too old."""
    try:
        return Draft.loads("".join(_kept(request, name, path=BALLOT_PAGES) for name in _parts_in(request)), ticket)
    except NoDraft:
        return None


def keep_draft(request, response, draft: Draft, ticket: Ticket) -> bool:
    """Whether the answers went into the browser: the longest opinions do not, and then nothing of them is kept."""
    value = draft.dumps(ticket)
    if len(value) > MOST_CHARACTERS * settings.DRAFT_COOKIES:
        return False
    forget_draft(request, response)
    for place, start in enumerate(range(0, len(value), MOST_CHARACTERS)):
        part = value[start : start + MOST_CHARACTERS]
        _keep(response, _part(place), part, DRAFT_SECONDS, path=BALLOT_PAGES)
    return True


def forget_draft(request, response) -> None:
    for name in {DRAFT, *_parts_in(request)}:
        _forget(response, name, path=BALLOT_PAGES)


def _part(place: int) -> str:
    """The name of a cookie with a part of the answers: most fit into the first."""
    return f"{DRAFT}_{place}" if place else DRAFT


def _parts_in(request) -> list[str]:
    """The names of the parts in this browser, in their order."""
    return list(takewhile(lambda name: cookie_name(name, path=BALLOT_PAGES) in request.COOKIES, map(_part, count())))


def forget_person(request, response) -> None:
    """Forget right, receipts, answers and what was typed. The mark of the browser stays: a room's code admits it once."""
    for name in (TICKET, SLIP, STUB):
        _forget(response, name)
    forget_draft(request, response)
    forget_typed(response)


def typed_of(request) -> str | None:
    """The text that was typed for a code in this browser and was none, lately."""
    value = _kept(request, TYPED, path=CODE_PAGE)
    return None if not value else decrypted(value, seconds=TYPED_SECONDS)


def keep_typed(response, typed: str) -> None:
    """Keep what was typed; encrypted, as it may be a code but for one letter."""
    _keep(response, TYPED, encrypted(typed[:MOST_TYPED]), TYPED_SECONDS, path=CODE_PAGE)


def forget_typed(response) -> None:
    _forget(response, TYPED, path=CODE_PAGE)


def keep_large_print(response, *, is_large: bool) -> None:
    if is_large:
        response.set_cookie(LARGE_PRINT, "1", max_age=LARGE_PRINT_SECONDS, samesite="Lax", secure=settings.HTTPS)
    else:
        response.delete_cookie(LARGE_PRINT, samesite="Lax")


def _keep(response, name: str, value: str, seconds: int, *, path: str = "/") -> None:
    own = cookie_name(name, path=path)
    response.set_cookie(own, value, max_age=seconds, path=path, httponly=True, samesite="Lax", secure=settings.HTTPS)


def _kept(request, name: str, *, path: str = "/") -> str:
    return request.COOKIES.get(cookie_name(name, path=path), "")


def _forget(response, name: str, *, path: str = "/") -> None:
    response.delete_cookie(cookie_name(name, path=path), path=path, samesite="Lax")


def submission_key(ticket: Ticket) -> str:
    """A fresh idempotency key for one rendering of the review page, good for this ticket alone."""
    return signing.Signer(salt=_purpose_of_keys(ticket)).sign(secrets.token_urlsafe(12))


def is_submission_key(key: str, ticket: Ticket) -> bool:
    return is_signed(key, purpose=_purpose_of_keys(ticket))


def _purpose_of_keys(ticket: Ticket) -> str:
    return f"ballots.key.{ticket.fingerprint}"
