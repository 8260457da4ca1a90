"""Signed cookies in a participant's browser, and how the participant's pages are served. No session, no account.

`ballot_ticket` is the right to cast, `ballot_stub` says that it was used, `ballot_browser` is the random mark by which
one browser is known to a screen batch. None of them carries a code or a mark of a ballot. `ballot_draft` carries the marks
from filling in to casting: encrypted, for half an hour at most, and sent to the ballot's own pages alone.
"""

import secrets
from dataclasses import astuple, dataclass
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from .codes import TICKET_SECONDS, Ticket
from .drafts import DRAFT_SECONDS, MOST_CHARACTERS, Draft, NoDraft

TICKET, STUB, BROWSER, DRAFT = "ballot_ticket", "ballot_stub", "ballot_browser", "ballot_draft"
BALLOT_PAGES = "/ballot/"
BROWSER_SECONDS = 24 * 3600


def participant_page(view):
    """A page without an account that is kept nowhere and tells nobody where its reader came from.

    Without a referrer a browser sends `Origin: null`, which the CSRF middleware refuses. It is not needed here: the
    only deed, casting, wants a key signed for the very ticket in the reader's cookie (`submission_key`), which no other
    site can know.
    """

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "no-referrer"
        return response

    return login_not_required(csrf_exempt(never_cache(wrapped)))


@dataclass(frozen=True)
class Stub:
    """The remainder of a used ticket in its browser."""

    number: str
    batch_id: int
    fingerprint: str

    def dumps(self) -> str:
        return signing.dumps(astuple(self), salt="ballots.stub")

    @classmethod
    def loads(cls, value: str) -> "Stub":
        """Raises signing.BadSignature."""
        return cls(*signing.loads(value, salt="ballots.stub", max_age=BROWSER_SECONDS))


def ticket_of(request) -> Ticket | None:
    try:
        return Ticket.loads(request.COOKIES.get(TICKET, ""))
    except signing.BadSignature:
        return None


def stub_of(request, ticket: Ticket | None = None) -> Stub | None:
    """The stub in this browser; with a ticket only the stub of that ticket."""
    try:
        stub = Stub.loads(request.COOKIES.get(STUB, ""))
    except signing.BadSignature:
        return None
    return stub if ticket is None or stub.fingerprint == ticket.fingerprint else None


def browser_of(request) -> str:
    """The random mark of this browser, a new one where it has none."""
    try:
        return signing.loads(request.COOKIES.get(BROWSER, ""), salt="ballots.browser", max_age=BROWSER_SECONDS)
    except signing.BadSignature:
        return secrets.token_urlsafe(12)


def keep_ticket(response, ticket: Ticket, browser: str) -> None:
    _keep(response, TICKET, ticket.dumps(), TICKET_SECONDS)
    if ticket.slip is None:
        _keep(response, BROWSER, signing.dumps(browser, salt="ballots.browser"), BROWSER_SECONDS)


def keep_stub(response, stub: Stub) -> None:
    _keep(response, STUB, stub.dumps(), BROWSER_SECONDS)


def draft_of(request, ticket: Ticket) -> Draft | None:
    """The answers that wait in this browser for the ticket; None where there are none, or where they are too old."""
    try:
        return Draft.loads(request.COOKIES.get(DRAFT, ""), ticket)
    except NoDraft:
        return None


def keep_draft(response, draft: Draft, ticket: Ticket) -> bool:
    """Whether the answers went into the browser: very long opinions do not, and then nothing of them is kept."""
    value = draft.dumps(ticket)
    if len(value) > MOST_CHARACTERS:
        return False
    _keep(response, DRAFT, value, DRAFT_SECONDS, path=BALLOT_PAGES)
    return True


def forget_draft(response) -> None:
    response.delete_cookie(DRAFT, path=BALLOT_PAGES, samesite="Lax")


def _keep(response, name: str, value: str, seconds: int, *, path: str = "/") -> None:
    response.set_cookie(name, value, max_age=seconds, path=path, httponly=True, samesite="Lax", secure=settings.HTTPS)


def submission_key(ticket: Ticket) -> str:
    """A fresh idempotency key for one rendering of the review page, good for this ticket alone."""
    return signing.Signer(salt=f"ballots.key.{ticket.fingerprint}").sign(secrets.token_urlsafe(12))


def is_submission_key(key: str, ticket: Ticket) -> bool:
    try:
        signing.Signer(salt=f"ballots.key.{ticket.fingerprint}").unsign(key)
    except signing.BadSignature:
        return False
    return True
