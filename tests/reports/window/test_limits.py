"""Limits on taps, and the mark that lets somebody write: in memory and in the browser alone."""

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from reports.window import limits

pytestmark = pytest.mark.usefixtures("standing_clock")


@pytest.fixture(autouse=True)
def _nobody_has_tapped():
    limits.forget_tappers()
    yield
    limits.forget_tappers()


def taps(count, browser="phone", *, window_id=1, address="10.0.0.1", is_kiosk=False):
    return [limits.is_tapping_too_much(window_id, browser, address=address, is_kiosk=is_kiosk) for _ in range(count)]


def test_a_phone_is_held_up_after_three_taps_at_one_window():
    assert taps(4) == [False] * 3 + [True]
    assert taps(1, window_id=2) == [False]
    assert taps(1, "another phone") == [False]


def test_a_tablet_takes_a_queue_and_holds_up_a_child():
    assert taps(13, is_kiosk=True) == [False] * 12 + [True]


def test_an_address_is_held_up_after_sixty_taps_whatever_taps():
    answers = [taps(1, f"phone {number}")[0] for number in range(61)]

    assert answers == [False] * 60 + [True]
    assert taps(1, "phone elsewhere", address="10.0.0.2") == [False]


def test_the_key_of_a_page_is_another_number_at_another_window():
    assert limits.key_digest("key", window_id=1) == limits.key_digest("key", window_id=1)
    assert limits.key_digest("key", window_id=1) != limits.key_digest("key", window_id=2)


def test_a_browser_may_write_where_it_tapped():
    response, request = HttpResponse(), RequestFactory().get("/")
    limits.let_write(response, 1)
    request.COOKIES[limits.WORD] = response.cookies[limits.WORD].value

    assert limits.word_key(request, 1)
    assert limits.word_key(request, 2) is None
    assert limits.word_key(RequestFactory().get("/"), 1) is None
