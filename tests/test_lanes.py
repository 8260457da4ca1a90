import pytest
from django.conf import settings
from django.http import HttpResponse
from django.urls import get_resolver, reverse

from pingyi.lanes import AccountLane
from tests.factories import make_user

PARTICIPANT = tuple(address.removeprefix("/") for address in settings.PARTICIPANT_PAGES)


def routes(resolver, before=""):
    """The address and the view of every route."""
    for pattern in resolver.url_patterns:
        address = before + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            yield from routes(pattern, address)
        else:
            yield address, pattern.callback


def test_every_page_in_the_participants_lane_is_a_participants_page():
    own = {address: view for address, view in routes(get_resolver()) if address.startswith(PARTICIPANT)}

    assert {"v/", "ballot/", "ballot/cast/"} <= own.keys()
    for address, view in own.items():
        assert (view.login_required, view.csrf_exempt) == (False, True), address


def test_no_setting_of_another_page_is_lost_on_the_way():
    assert not set(settings.MIDDLEWARE) & set(settings.ACCOUNT_MIDDLEWARE)
    assert "django.contrib.auth.middleware.LoginRequiredMiddleware" in settings.ACCOUNT_MIDDLEWARE


def test_a_participants_page_has_neither_session_nor_user_and_every_other_has_both(rf):
    seen = []
    lane = AccountLane(lambda request: seen.append(request) or HttpResponse())

    for address in ("/ballot/", "/records/"):
        lane(rf.get(address))

    parts = [[hasattr(request, name) for name in ("session", "user", "_messages")] for request in seen]
    assert parts == [[False] * 3, [True] * 3]


@pytest.mark.django_db
def test_a_page_with_an_account_still_asks_who_it_is_and_a_participants_does_not(client):
    assert client.get(reverse("reports:home")).url.startswith(reverse("login"))
    assert client.get(reverse("ballots:code_enter")).status_code == 200

    client.force_login(make_user("甲"))

    assert client.get(reverse("ballots:code_enter")).status_code == 200
    assert client.get(reverse("ballots:ballot_fill")).status_code == 403
    assert client.get("/ballot/nowhere/").status_code == 404
