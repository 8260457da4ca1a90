"""The way from a browser to this server, in remarks: HTTPS, its certificate, and what the proxy in front passes on."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime, timedelta

from cryptography import x509
from django.conf import settings
from django.utils import timezone

from pingyi.addresses import LOOPBACK_NAMES

from .remarks import FAULT, FINE, WARNING, Remark

PORT = 443
SECONDS_TO_ANSWER = 5
SOON = timedelta(days=30)
NO_PROXIES = (
    "没有设 PINGYI_TRUSTED_PROXIES：代理后面的人看起来都来自同一个地址，一个人输错密码，大家一起等。"
    "请写上代理的地址，如 127.0.0.1，并让代理设置（不是添加）X-Forwarded-For。"
)


def look_at_front_door(*, is_thorough: bool) -> Iterator[Remark]:
    """The settings; a thorough look also knocks at the proxy on this machine, which a request of its own must not do."""
    names = [name for name in settings.ALLOWED_HOSTS if name not in LOOPBACK_NAMES]
    if not settings.HTTPS:
        yield _without_https(names)
        return
    yield Remark(FINE, "网页只用 HTTPS。")
    if settings.TRUSTED_PROXIES:
        yield Remark(FINE, "知道哪些地址是代理。")
    else:
        yield Remark(WARNING, NO_PROXIES)
    if is_thorough and names:
        yield from _knock(names[0])


def _without_https(names: list[str]) -> Remark:
    if not names:
        return Remark(FINE, "只有本机能访问，不用 HTTPS。")
    return Remark(
        WARNING,
        f"别的机器可以访问（{'、'.join(names)}），但没有 HTTPS：同一个网络里的人看得到密码和选票。"
        "会场里自己的热点可以这样用；长期使用请置于 TLS 之后，设 PINGYI_HTTPS=1（docs/deploy.md）。",
    )


def _knock(name: str) -> Iterator[Remark]:
    try:
        certificate, metrics, page = _answers(name)
    except (OSError, http.client.HTTPException) as error:
        yield Remark(
            WARNING,
            f"本机的{PORT}端口没有像样的回答（{error}）。nginx 在这台机器上的，请看 systemctl status nginx；"
            "在别的机器上的，证书和转发头请在那里检查。",
        )
        return
    yield _on_certificate(certificate)
    yield _on_headers(metrics=metrics, page=page)


def _answers(name: str) -> tuple[x509.Certificate, int, int]:
    """The certificate of the proxy on this machine, and what it answers for the metrics and for a page."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE  # it is looked at below
    plain = socket.create_connection(("127.0.0.1", PORT), timeout=SECONDS_TO_ANSWER)
    with plain, closing(http.client.HTTPConnection(name)) as connection:
        connection.sock = encrypted = context.wrap_socket(plain, server_hostname=name)
        certificate = x509.load_der_x509_certificate(encrypted.getpeercert(binary_form=True) or b"")
        return certificate, _status(connection, "/metrics", host="127.0.0.1"), _status(connection, "/login/", host=name)


def _status(connection: http.client.HTTPConnection, path: str, *, host: str) -> int:
    connection.request("GET", path, headers={"Host": host})
    with connection.getresponse() as response:
        response.read()
        return response.status


def _on_certificate(certificate: x509.Certificate) -> Remark:
    ends_at: datetime = certificate.not_valid_after_utc
    day = f"{timezone.localtime(ends_at):%Y-%m-%d}"
    if ends_at < timezone.now():
        return Remark(
            FAULT, f"证书{day}已经到期，浏览器拒绝访问。请换新的：scripts/deploy.sh --certificate 文件 --key 文件"
        )
    if ends_at < timezone.now() + SOON:
        return Remark(WARNING, f"证书{day}到期。请换新的：scripts/deploy.sh --certificate 文件 --key 文件")
    if certificate.issuer == certificate.subject:
        return Remark(WARNING, f"证书是自签名的（到{day}），浏览器会提醒，手机上的人会被吓住。正式使用请换单位的证书。")
    return Remark(FINE, f"证书到{day}。")


def _on_headers(*, metrics: int, page: int) -> Remark:
    """A request that the proxy passed on must not look as if it was made at this machine, or in plain http."""
    if metrics == http.client.OK:
        return Remark(
            FAULT,
            "代理没有写 X-Forwarded-For：从外面来的请求看起来像本机的。请照 scripts/deploy/nginx-site.conf 设置。",
        )
    if page == http.client.MOVED_PERMANENTLY:
        return Remark(
            FAULT, "代理没有写 X-Forwarded-Proto，网页会不停地跳转。请照 scripts/deploy/nginx-site.conf 设置。"
        )
    if page != http.client.OK:
        return Remark(
            FAULT, f"经代理打开登录页，回答是{page}。请看网页服务是否在运行、PINGYI_HOSTS 里有没有这个主机名。"
        )
    return Remark(FINE, "代理写明了请求从哪里来、用的是 HTTPS。")
