"""A POST to an address that an administrator typed, made so that it reaches nothing but what it may.

Only https; no redirect is followed and no proxy asked; the name is looked up once, every address behind it must be a
public one, and the connection goes to the address that was looked at, so that a name cannot point elsewhere meanwhile.
"""

import json
import socket
import ssl
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

SECONDS = 10
MOST_READ = 4096
LONGEST = 500
# Public by their own number, and in truth ways to an address of IPv4 that the number holds.
TUNNELS = tuple(ip_network(text) for text in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
NOT_AN_ADDRESS = "请粘贴机器人的完整地址，以“https://”开头。"
PRIVATE = "机器人的地址在内部网络，设置不允许。"


class NotReached(Exception):
    """A notice did not arrive, in words for the administrator; `may_try_again` where another try is no second notice."""

    def __init__(self, words: str, *, may_try_again: bool):
        super().__init__(words)
        self.may_try_again = may_try_again


def checked_address(url: str) -> SplitResult:
    """The parts of an address to which something may be posted; ValueError says in Chinese what is wrong with it."""
    schemes = ("https", "http") if settings.HAS_PLAIN_WEBHOOKS else ("https",)
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise ValueError(NOT_AN_ADDRESS)
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError as error:
        raise ValueError(NOT_AN_ADDRESS) from error
    if parts.scheme not in schemes or not parts.hostname or not has_port or "@" in parts.netloc or parts.fragment:
        raise ValueError(NOT_AN_ADDRESS)
    literal = _literal(parts.hostname)
    if literal and not is_allowed(literal):
        raise ValueError(PRIVATE)
    return parts


def is_allowed(address: IPv4Address | IPv6Address) -> bool:
    """Whether the server may ask an address: a public one, or of a private network that the settings name."""
    plain = getattr(address, "ipv4_mapped", None) or address
    if any(plain in network for network in settings.WEBHOOK_NETWORKS):
        return True
    return plain.is_global and not plain.is_multicast and not any(plain in network for network in TUNNELS)


def post_json(url: str, body: dict) -> str:
    """The text that the server answers with 200; raises NotReached."""
    try:
        parts = checked_address(url)
    except ValueError as error:
        raise NotReached(str(error), may_try_again=False) from error
    connection = _connect(parts)
    try:
        return _answer(connection, parts, json.dumps(body, ensure_ascii=False).encode())
    finally:
        connection.close()


def _connect(parts: SplitResult) -> HTTPConnection:
    """A connection to the first of the name's addresses that takes it."""
    has_lock = parts.scheme == "https"
    kind = HTTPSConnection if has_lock else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    for address in _addresses(connection.host, connection.port):
        try:
            plain = socket.create_connection((address, connection.port), timeout=SECONDS)
            connection.sock = _locked(plain, connection.host) if has_lock else plain
        except ssl.SSLError as error:
            raise NotReached("机器人的服务器证书不对。", may_try_again=True) from error
        except OSError:
            continue
        return connection
    raise NotReached("连不上机器人的服务器。", may_try_again=True)


def _addresses(host: str, port: int) -> list[str]:
    """The addresses of a name, when all of them are allowed."""
    try:
        known = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NotReached("查不到机器人的服务器。", may_try_again=True) from error
    addresses = list(dict.fromkeys(str(place[0]) for *_, place in known))
    if not all(is_allowed(ip_address(address.partition("%")[0])) for address in addresses):
        raise NotReached(PRIVATE, may_try_again=False)
    return addresses


def _locked(plain: socket.socket, host: str) -> ssl.SSLSocket:
    try:
        return ssl.create_default_context().wrap_socket(plain, server_hostname=host)
    except OSError:
        plain.close()
        raise


def _answer(connection: HTTPConnection, parts: SplitResult, body: bytes) -> str:
    path = parts.path or "/"
    target = f"{path}?{parts.query}" if parts.query else path
    try:
        connection.request("POST", target, body, {"Content-Type": "application/json; charset=utf-8"})
        response = connection.getresponse()
        text = response.read(MOST_READ).decode(errors="replace")
    except (OSError, HTTPException) as error:
        raise NotReached("机器人的服务器没有答复，不知道是否送到。", may_try_again=False) from error
    if response.status != 200:
        is_passing = response.status == 429 or response.status >= 500
        raise NotReached(f"机器人的服务器答复{response.status}。", may_try_again=is_passing)
    return text


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
