"""Cookies of a participant: what each gives back, and that none is taken for another or forged."""

from dataclasses import replace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from ballots.voting import codes, cookies
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def batch():
    return factories.make_batch(factories.make_open_poll())


@pytest.fixture
def ticket(batch):
    return codes.exchange(codes.make_slips(batch, 1)[0])


def request_after(response):
    """The next request of the browser that got the response."""
    request = RequestFactory().get("/")
    request.COOKIES = {name: morsel.value for name, morsel in response.cookies.items()}
    return request


def test_a_ticket_comes_back_as_it_was_kept_and_a_slip_leaves_no_mark_of_the_browser(ticket):
    response = HttpResponse()

    cookies.keep_ticket(response, ticket, "browser")

    assert list(response.cookies) == [cookies.TICKET]
    assert cookies.ticket_of(request_after(response)) == ticket
    assert cookies.stub_of(request_after(response)) is None


def test_the_ticket_of_a_screen_keeps_the_mark_of_its_browser(ticket):
    response = HttpResponse()

    cookies.keep_ticket(response, replace(ticket, slip=None), "one browser")

    assert cookies.browser_of(request_after(response)) == "one browser"


def test_browsers_without_a_mark_get_different_ones():
    marks = {cookies.browser_of(RequestFactory().get("/")) for _ in range(3)}

    assert len(marks) == 3


def test_a_stub_belongs_to_its_own_ticket(batch, ticket):
    other = codes.exchange(codes.make_slips(batch, 1)[0])
    stub = cookies.Stub("A1B2", batch.pk, ticket.fingerprint)
    response = HttpResponse()

    cookies.keep_stub(response, stub)

    request = request_after(response)
    assert [cookies.stub_of(request), cookies.stub_of(request, ticket)] == [stub, stub]
    assert cookies.stub_of(request, other) is None


@pytest.mark.parametrize(("reader", "name"), [(cookies.ticket_of, cookies.TICKET), (cookies.stub_of, cookies.STUB)])
def test_neither_a_forged_cookie_nor_one_of_the_other_kind_is_taken(reader, name, ticket):
    other_kind = ticket.dumps() if name == cookies.STUB else cookies.Stub("A1B2", 1, ticket.fingerprint).dumps()
    request = RequestFactory().get("/")

    for value in ("", "forged", other_kind):
        request.COOKIES[name] = value
        assert reader(request) is None


def test_every_review_page_has_a_key_of_its_own_that_is_good_for_its_ticket_alone(batch, ticket):
    other = codes.exchange(codes.make_slips(batch, 1)[0])
    first, second = cookies.submission_key(ticket), cookies.submission_key(ticket)

    assert first != second
    assert [cookies.is_submission_key(key, ticket) for key in (first, second, "invented")] == [True, True, False]
    assert not cookies.is_submission_key(first, other)


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(ticket, settings):
    settings.HTTPS = True
    response = HttpResponse()

    cookies.keep_ticket(response, ticket, "browser")

    morsel = response.cookies[cookies.TICKET]
    assert (morsel["httponly"], morsel["secure"], morsel["samesite"]) == (True, True, "Lax")
    assert morsel["max-age"] == codes.TICKET_SECONDS
