"""The address that a request comes from: the connection's own, or the one that a trusted proxy says it passes on."""

from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http.request import split_domain_port

LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
MARKS_OF_PROXIES = (
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
    "HTTP_FORWARDED",
    "HTTP_VIA",
)


def networks(text: str) -> list:
    """The networks of a comma-separated setting; ValueError names the first part that is none."""
    return [ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip()]


def client_address(request) -> str:
    """The nearest address on the request's way that is no trusted proxy's; whatever stands before it anybody may write.

    Without PINGYI_TRUSTED_PROXIES that is the connection's own. A connection through a socket file has none.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    address = _plain(request.META.get("REMOTE_ADDR", ""))
    while forwarded and _is_trusted(address):
        passed_on = _plain(forwarded.pop())
        if not passed_on:
            break
        address = passed_on
    return address


def is_at_machine(request) -> bool:
    """Whether a request was made at this machine: over the loopback, by its name, and passed on by nobody who says so.

    A proxy that says nothing is not told apart from a browser here: ask for more where a stranger would do harm.
    """
    if any(name in request.META for name in MARKS_OF_PROXIES):
        return False
    name = split_domain_port(request.get_host())[0]
    return name in LOOPBACK_NAMES and _is_loopback(request.META.get("REMOTE_ADDR", ""))


def public_address(request, path: str) -> str:
    """The whole address of a page as others shall open it: at the configured site, or as this request came."""
    return f"{settings.SITE}{path}" if settings.SITE else request.build_absolute_uri(path)


def _is_loopback(text: str) -> bool:
    address = _plain(text)
    return bool(address) and ip_address(address).is_loopback


def is_proxy(remote: str) -> bool:
    """Whether the other end of a connection is a trusted proxy, which speaks for many."""
    return _is_trusted(_plain(remote))


def _plain(text: str) -> str:
    """An address in its shortest form, one of IPv4 within IPv6 as IPv4; empty where the text is none."""
    try:
        address = ip_address(text.strip().strip("[]"))
    except ValueError:
        return ""
    return str(getattr(address, "ipv4_mapped", None) or address)


def _is_trusted(address: str) -> bool:
    """Whether a proxy of ours has the address; a socket file is reached from this machine alone."""
    if not settings.TRUSTED_PROXIES:
        return False
    return not address or any(ip_address(address) in network for network in settings.TRUSTED_PROXIES)
