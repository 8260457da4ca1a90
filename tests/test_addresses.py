"""The address that a request counts under: nobody makes up another by writing a header."""

import pytest
from django.test import RequestFactory

from pingyi.addresses import client_address, is_at_machine, networks, public_address

NEIGHBOUR = "10.1.2.3"


def address(settings, *, remote, forwarded=None, trusted=""):
    settings.TRUSTED_PROXIES = networks(trusted)
    headers = {} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded}
    return client_address(RequestFactory().get("/", REMOTE_ADDR=remote, **headers))


@pytest.mark.parametrize(
    ("remote", "forwarded", "trusted", "expected"),
    [
        (NEIGHBOUR, None, "", NEIGHBOUR),
        # Without a trusted proxy, and from anybody but it, the header says nothing.
        (NEIGHBOUR, "1.1.1.1", "", NEIGHBOUR),
        (NEIGHBOUR, "1.1.1.1", "127.0.0.1", NEIGHBOUR),
        ("127.0.0.1", "1.1.1.1", "127.0.0.1", "1.1.1.1"),
        # The client wrote the first; the proxy the last.
        ("127.0.0.1", "8.8.8.8, 1.1.1.1", "127.0.0.1", "1.1.1.1"),
        ("127.0.0.1", "8.8.8.8, 1.1.1.1, 10.0.0.9", "127.0.0.1, 10.0.0.0/8", "1.1.1.1"),
        # All of them proxies: the farthest; nothing readable: the proxy itself.
        ("127.0.0.1", "10.0.0.9", "127.0.0.1,10.0.0.0/8", "10.0.0.9"),
        ("127.0.0.1", "unknown", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", None, "127.0.0.1", "127.0.0.1"),
        ("", "1.1.1.1", "127.0.0.1", "1.1.1.1"),
        ("::ffff:10.1.2.3", None, "", NEIGHBOUR),
    ],
)
def test_the_address_is_the_nearest_that_is_no_proxy_of_ours(settings, remote, forwarded, trusted, expected):
    assert address(settings, remote=remote, forwarded=forwarded, trusted=trusted) == expected


def test_a_setting_that_names_no_address_is_refused():
    with pytest.raises(ValueError, match="proxy"):
        networks("127.0.0.1, proxy.local")


@pytest.mark.parametrize(
    ("host", "remote", "headers", "expected"),
    [
        ("127.0.0.1:8000", "127.0.0.1", {}, True),
        ("localhost", "::1", {}, True),
        ("[::1]:8000", "::ffff:127.0.0.1", {}, True),
        # By a name that some page of the web may have given to this machine; from elsewhere; through a socket file.
        ("testserver", "127.0.0.1", {}, False),
        ("127.0.0.1:8000", NEIGHBOUR, {}, False),
        ("127.0.0.1:8000", "", {}, False),
        ("127.0.0.1:8000", "127.0.0.1", {"HTTP_X_FORWARDED_FOR": "127.0.0.1"}, False),
        ("127.0.0.1:8000", "127.0.0.1", {"HTTP_X_FORWARDED_PROTO": "https"}, False),
        ("127.0.0.1:8000", "127.0.0.1", {"HTTP_VIA": "1.1 proxy"}, False),
    ],
)
def test_a_request_is_made_at_the_machine_by_its_loopback_alone(settings, host, remote, headers, expected):
    settings.ALLOWED_HOSTS = ["*"]

    assert is_at_machine(RequestFactory().get("/", HTTP_HOST=host, REMOTE_ADDR=remote, **headers)) is expected


@pytest.mark.parametrize(
    ("site", "expected"),
    [("", "http://evil.example/v/"), ("http://192.168.43.7:8000", "http://192.168.43.7:8000/v/")],
)
def test_a_configured_site_is_what_others_open_whatever_the_request_says(settings, site, expected):
    settings.SITE, settings.ALLOWED_HOSTS = site, ["*"]

    assert public_address(RequestFactory().get("/", HTTP_HOST="evil.example"), "/v/") == expected
