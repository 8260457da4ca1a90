"""The mail server of an address: `smtps://name:password@mail.example.cn:465`, and the settings of Django that come of it."""

from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

# The port and how the connection is locked, by scheme.
SCHEMES = {
    "smtp": (25, {}),
    "smtp+tls": (587, {"EMAIL_USE_TLS": True}),
    "smtps": (465, {"EMAIL_USE_SSL": True}),
}


def mail_settings(url: str) -> dict[str, object]:
    """Django's settings for a server; raises ValueError with what is wrong, never with the password."""
    parts = urlsplit(url)
    if parts.scheme not in SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("wants smtps://, smtp+tls:// or smtp://, a server and perhaps a port")
    port, locked = SCHEMES[parts.scheme]
    if parts.password and not locked and not _is_loopback(parts.hostname):
        raise ValueError("wants smtps:// or smtp+tls:// where it has a password")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or port,
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        **locked,
    }


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
