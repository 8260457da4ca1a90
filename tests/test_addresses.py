"""The address that a request counts under: nobody makes up another by writing a header."""

import pytest
from django.test import RequestFactory

from pingyi.addresses import client_address, networks

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
