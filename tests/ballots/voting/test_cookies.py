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


@pytest.mark.parametrize(
    ("reader", "name"),
    [(cookies.ticket_of, cookies.TICKET), (cookies.stub_of, cookies.STUB), (cookies.slip_of, cookies.SLIP)],
)
def test_neither_a_forged_cookie_nor_one_of_the_other_kind_is_taken(reader, name, ticket):
    response = HttpResponse()
    cookies.keep_ticket(response, ticket, "browser")
    cookies.keep_slip(response, [ticket, ticket])
    cookies.keep_stub(response, cookies.Stub("A1B2", 1, ticket.fingerprint))
    other_kind = response.cookies[cookies.TICKET if name == cookies.STUB else cookies.STUB].value
    request = RequestFactory().get("/")

    for value in ("", "forged", other_kind):
        request.COOKIES[name] = value
        assert not reader(request)


def test_every_review_page_has_a_key_of_its_own_that_is_good_for_its_ticket_alone(batch, ticket):
    other = codes.exchange(codes.make_slips(batch, 1)[0])
    first, second = cookies.submission_key(ticket), cookies.submission_key(ticket)

    assert first != second
    assert [cookies.is_submission_key(key, ticket) for key in (first, second, "invented")] == [True, True, False]
    assert not cookies.is_submission_key(first, other)


def test_the_tickets_of_a_shared_slip_come_back_in_their_order_after_the_present_one(batch, ticket):
    other = codes.exchange(codes.make_slips(batch, 1)[0])
    response = HttpResponse()

    cookies.keep_slip(response, [ticket, other])
    cookies.keep_ticket(response, other, "browser")

    request = request_after(response)
    assert cookies.slip_of(request) == [ticket, other]
    assert cookies.tickets_of(request) == [other, ticket]


def test_a_shared_slip_keeps_a_stub_of_each_form_and_forgets_when_another_slip_is_scanned(batch, ticket):
    other = codes.exchange(codes.make_slips(batch, 1)[0])
    first, second = (
        cookies.Stub(f"A1B{number}", batch.pk, own.fingerprint) for number, own in enumerate((ticket, other))
    )
    response = HttpResponse()
    cookies.keep_slip(response, [ticket, other])

    cookies.keep_stub(response, second, beside=[first, second])

    request = request_after(response)
    assert cookies.stubs_of(request) == [first, second]
    assert [cookies.stub_of(request, own) for own in (ticket, other, None)] == [first, second, second]
    cookies.forget_slip(response)
    assert cookies.slip_of(request_after(response)) == []


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(ticket, settings):
    settings.HTTPS = True
    response = HttpResponse()

    cookies.keep_ticket(response, ticket, "browser")

    morsel = response.cookies[f"__Host-{cookies.TICKET}"]
    assert (morsel["httponly"], morsel["secure"], morsel["samesite"]) == (True, True, "Lax")
    assert morsel["max-age"] == codes.TICKET_SECONDS
