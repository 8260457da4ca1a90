import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client
from django.urls import ResolverMatch, get_resolver, reverse

from pingyi import lanes
from pingyi.bodies import ANY_PAGE_TAKES
from pingyi.lanes import AccountLane, ParticipantsLane
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


LONG_WAY = [name for name in settings.MIDDLEWARE if name != "pingyi.lanes.ParticipantsLane"]
HTTPS = {
    "SECURE_SSL_REDIRECT": True,
    "SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https"),
    "SECURE_HSTS_SECONDS": 31536000,
    "SECURE_HSTS_PRELOAD": True,
}
THROUGH_PROXY = {"X-Forwarded-Proto": "https"}
ARGUMENTS = {"<str:code>": "AAAAAAAAAA", "<int:batch_id>": "1", "<int:target_id>": "1", "<slug:reason>": "used"}
# Refused or mended by the middleware that the short way leaves out, or answered by nobody.
UNUSUAL = [
    ("get", "/ballot/nowhere/", {}),
    ("get", "/ballot/receipt", {}),
    ("get", "/v/AAAAAAAAAA", {}),
    ("get", "/ballot/refused/nothing/", {}),
    ("put", "/ballot/cast/", {}),
    ("delete", "/v/", {}),
    ("options", "/ballot/", {}),
    ("post", "/ballot/cast/", {"Content-Length": str(ANY_PAGE_TAKES + 1)}),
    ("post", "/ballot/cast/", {"Host": "elsewhere.example"}),
]


def usual():
    """Every page of a participant, looked at and sent to."""
    for address, _ in routes(get_resolver()):
        if address.startswith(PARTICIPANT):
            for pattern, value in ARGUMENTS.items():
                address = address.replace(pattern, value)
            yield from ((method, f"/{address}", {}) for method in ("get", "head", "post"))


def test_whoever_adds_middleware_has_to_say_what_it_does_for_a_participant():
    mended_or_refused_by_the_long_way = {
        "pingyi.methods.RefuseOtherMethods",
        "pingyi.bodies.RefuseLargeBodies",
        "django.middleware.common.CommonMiddleware",
    }
    nothing_for_a_participant = {
        "whitenoise.middleware.WhiteNoiseMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "pingyi.lanes.AccountLane",
        "pingyi.errors.ExplainCannotDraw",
    }

    told = {*settings.PARTICIPANT_HEAD, *mended_or_refused_by_the_long_way, *nothing_for_a_participant}

    assert {*LONG_WAY} == told


def parts_of(response):
    """All that can be compared of an answer; what a cookie holds is encrypted anew each time, for a time that passes."""
    cookies = {name: {**morsel, "expires": bool(morsel["expires"])} for name, morsel in response.cookies.items()}
    return response.status_code, dict(response.headers), cookies, response.content


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("secured", "proxy"), [({}, {}), (HTTPS, {}), (HTTPS, THROUGH_PROXY)], ids=["clear", "clear under HTTPS", "HTTPS"]
)
@pytest.mark.parametrize(("method", "address", "headers"), [*usual(), *UNUSUAL])
def test_the_short_way_gives_what_the_long_way_does(method, address, headers, secured, proxy, settings):
    for name, value in secured.items():
        setattr(settings, name, value)

    answers = []
    for middleware in (settings.MIDDLEWARE, LONG_WAY):
        settings.MIDDLEWARE = middleware
        ask = getattr(Client(raise_request_exception=False), method)
        answers.append(parts_of(ask(address, headers=headers | proxy)))

    assert answers[0] == answers[1]


def test_the_usual_requests_of_a_participant_and_no_others_go_the_short_way(rf, settings):
    settings.SECURE_SSL_REDIRECT = True
    usual = rf.post("/ballot/cast/", secure=True)
    others = [
        rf.post("/ballot/cast/"),
        rf.put("/ballot/cast/", secure=True),
        rf.get("/ballot/nowhere/", secure=True),
        rf.get("/login/", secure=True),
        rf.post("/ballot/cast/", secure=True, headers={"Content-Length": str(ANY_PAGE_TAKES + 1)}),
    ]
    gone_long = []

    for request in (usual, *others):
        ParticipantsLane(lambda asked: gone_long.append(asked) or HttpResponse())(request)

    assert gone_long == others


def test_the_lane_remembers_no_code_and_no_wrong_address():
    lane = ParticipantsLane(lambda request: HttpResponse())

    pages = [lane._page(path) for path in ("/ballot/cast/", "/v/AAAAAAAAAA/", "/ballot/nowhere/", "/ballot/cast/")]

    assert [page and page.url_name for page in pages] == ["ballot_cast", "code_claim", None, "ballot_cast"]
    assert [path for _, path in lane._pages] == ["/ballot/cast/"]


def test_a_page_whose_forms_django_has_to_check_goes_the_long_way(rf, monkeypatch):
    unmarked = ResolverMatch(lambda request: HttpResponse("short"), (), {}, route="ballot/new/")
    monkeypatch.setattr(lanes, "resolve", lambda path: unmarked)

    answer = ParticipantsLane(lambda request: HttpResponse("long"))(rf.post("/ballot/new/"))

    assert answer.content == b"long"
