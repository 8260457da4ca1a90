"""Receipt codes of letters, the marks that a writer's browser carries, and limits that are kept in memory alone.

A code is made of the key of the page on which a letter was written, so that a letter sent twice has one code; the database
has its digest.
"""

import secrets
from functools import cache

from django.conf import settings
from django.core import signing
from django.core.signing import BadSignature, Signer

from ballots.voting.codes import ALPHABET, digest, digests, normalize, pretty
from pingyi.cookies import cookie_name
from pingyi.throttle import Throttle, faceless

BROWSER, CODE, READER = "letter_browser", "letter_code", "letter_reader"
BROWSER_SECONDS, CODE_SECONDS, READER_SECONDS = 24 * 3600, 600, 600
RECEIPT_LENGTH = 12
# Letters of one browser and of one address, behind which a whole building may sit; then so many a minute again.
OF_BROWSER, OF_ADDRESS, A_MINUTE = 5, 60, 0.2
# Wrong receipt codes of one address.
WRONG_CODES = 30


def new_key(browser: str) -> str:
    """A fresh key for one rendering of the page, good for this browser alone."""
    return _signer(browser).sign(secrets.token_urlsafe(12))


def is_key(key: str, browser: str) -> bool:
    try:
        _signer(browser).unsign(key)
    except BadSignature:
        return False
    return True


def _signer(browser: str) -> Signer:
    return Signer(salt=f"letterbox.key.{browser}")


def receipt_code(key: str) -> str:
    """The code for a letter that was sent with a key, in clear and ungrouped."""
    number, code = digest(key, purpose="letter, first half"), ""
    beside = digest(key, purpose="letter, second half")
    for _ in range(RECEIPT_LENGTH // 2):
        number, first = divmod(number, len(ALPHABET))
        beside, second = divmod(beside, len(ALPHABET))
        code += ALPHABET[first] + ALPHABET[second]
    return code


def receipt_digest(typed: str) -> int:
    """The number under which a code is stored, as somebody types it."""
    return receipt_digests(typed)[0]


def receipt_digests(typed: str) -> list[int]:
    """Its digests with each key, the present one first."""
    return digests(normalize(typed), purpose="letter receipt")


def writer_of(request) -> str | None:
    """The random mark of this browser; None where it has none."""
    return kept_in_browser(request, BROWSER, BROWSER_SECONDS)


def code_of(request) -> str | None:
    """The receipt code that waits to be shown in this browser."""
    code = kept_in_browser(request, CODE, CODE_SECONDS)
    return code and pretty(code)


def reader_of(request) -> int | None:
    """The digest of the receipt code with which somebody reads a reply."""
    return kept_in_browser(request, READER, READER_SECONDS)


def kept_in_browser(request, name: str, seconds: int):
    """A signed thing that was left in this browser not so many seconds ago; None where there is none."""
    try:
        return signing.loads(request.COOKIES.get(cookie_name(name), ""), salt=f"letterbox.{name}", max_age=seconds)
    except BadSignature:
        return None


def leave_with(response, name: str, value, seconds: int) -> None:
    """Leave something signed with the browser for a while."""
    response.set_cookie(
        cookie_name(name),
        signing.dumps(value, salt=f"letterbox.{name}"),
        max_age=seconds,
        httponly=True,
        samesite="Lax",
        secure=settings.HTTPS,
    )


def forget_in_browser(response, name: str) -> None:
    response.delete_cookie(cookie_name(name), samesite="Lax")


@cache
def _throttles() -> tuple[Throttle, Throttle, Throttle]:
    """Of browsers, of addresses, and of wrong codes."""
    return (
        Throttle(holds=OF_BROWSER, a_minute=A_MINUTE),
        Throttle(holds=OF_ADDRESS, a_minute=10),
        Throttle(holds=WRONG_CODES, a_minute=10),
    )


def is_writing_too_much(browser: str, *, address: str) -> bool:
    """Count a letter; whether there were so many that whoever wrote it has to wait."""
    of_browser, of_address, _ = _throttles()
    # Both are counted, whatever the first says.
    overs = [of_browser.is_over(faceless(browser)), of_address.is_over(faceless(address))]
    return any(overs)


def is_guessing_receipts(*, address: str) -> bool:
    """Count a wrong receipt code; whether there were so many that whoever typed it has to wait."""
    return _throttles()[2].is_over(faceless(address))


def forget_writers() -> None:
    """Start anew."""
    _throttles.cache_clear()
