"""Limits on taps and words at a window, kept in memory alone; and the mark that lets whoever tapped leave one word.

A whole hall may sit behind one address, and everybody at a window uses its one tablet: the limits hold up a machine or a
child, not a queue.
"""

import secrets
from functools import cache

from ballots.voting.codes import digest
from pingyi.throttle import Throttle, faceless

from ..letterbox.receipts import kept_in_browser, leave_with

WORD, WORD_SECONDS = "window_word", 600
# Taps of one phone at one window, then one in twenty minutes; of a tablet; and of an address.
OF_PHONE, OF_PHONE_A_MINUTE = 3, 0.05
OF_TABLET, OF_TABLET_A_MINUTE = 12, 12
OF_ADDRESS, OF_ADDRESS_A_MINUTE = 60, 30


@cache
def _throttles() -> tuple[Throttle, Throttle, Throttle]:
    """Of phones, of tablets, and of addresses."""
    return (
        Throttle(holds=OF_PHONE, a_minute=OF_PHONE_A_MINUTE),
        Throttle(holds=OF_TABLET, a_minute=OF_TABLET_A_MINUTE),
        Throttle(holds=OF_ADDRESS, a_minute=OF_ADDRESS_A_MINUTE),
    )


def is_tapping_too_much(window_id: int, browser: str, *, address: str, is_kiosk: bool) -> bool:
    """Count a tap; whether there were so many that whoever tapped has to wait."""
    of_phone, of_tablet, of_address = _throttles()
    of_browser = of_tablet if is_kiosk else of_phone
    # Both are counted, whatever the first says.
    overs = [of_browser.is_over(faceless(f"{window_id} {browser}")), of_address.is_over(faceless(address))]
    return any(overs)


def forget_tappers() -> None:
    """Start anew."""
    _throttles.cache_clear()


def key_digest(key: str, *, window_id: int) -> int:
    """The number under which a page's key is known until the day is over."""
    return digest(key, purpose=f"window {window_id}")


def let_write(response, window_id: int) -> None:
    """Let this browser leave one word at the window within ten minutes; the mark says nothing of what was tapped."""
    leave_with(response, WORD, [window_id, secrets.token_urlsafe(12)], WORD_SECONDS)


def word_key(request, window_id: int) -> str | None:
    """The key of the word that this browser may leave at the window; None where it may not."""
    kept = kept_in_browser(request, WORD, WORD_SECONDS)
    return kept[1] if kept and kept[0] == window_id else None
