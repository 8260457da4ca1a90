"""A post reaches the robot that was meant, and nothing of the server's own network."""

import json
import socket
from datetime import datetime
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from pingyi.addresses import networks
from reports.notices import reaching
from reports.notices.reaching import NotReached, checked_address, is_allowed, post_json

from .servers import address_of, nobody, robot_server


def failure(url):
    with pytest.raises(NotReached) as raised:
        post_json(url, {"text": "字"})
    return str(raised.value), raised.value.may_try_again


@pytest.mark.parametrize(
    "url",
    [
        "http://robots.example.cn/send",
        "ftp://robots.example.cn/send",
        "https://",
        "https:///send",
        "https://clerk@robots.example.cn/send",
        "https://clerk:secret@robots.example.cn/send",
        "https://robots.example.cn:99999/send",
        "https://robots.example.cn:0/send",
        "https://robots.example.cn/send#part",
        "https://robots.example.cn/a b",
        "https://robots.example.cn/\r\nX: 1",
        "https://机器人.example.cn/",
        f"https://robots.example.cn/{'k' * 500}",
        "胡言乱语",
        "https://[::1",
    ],
)
def test_anything_but_a_plain_https_address_is_refused(url):
    with pytest.raises(ValueError, match="请粘贴机器人的完整地址"):
        checked_address(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/",
        "https://10.0.0.5/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.5]/",
    ],
)
def test_an_address_of_a_private_network_is_refused_where_it_is_typed(url):
    with pytest.raises(ValueError, match="内部网络"):
        checked_address(url)


PRIVATE = (
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "127.0.0.1", "169.254.169.254", "172.16.0.1", "192.168.1.1", "224.0.0.1"),
    *("255.255.255.255", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1"),
    *("2002:7f00:1::", "2001:0:1::1"),
)


@pytest.mark.parametrize("address", PRIVATE)
def test_no_private_address_is_allowed_in_any_dress(address):
    assert not is_allowed(ip_address(address))


def test_a_public_address_is_allowed_and_a_private_one_where_the_settings_name_it(settings):
    assert is_allowed(ip_address("119.147.3.1"))
    assert is_allowed(ip_address("2408:8756::1"))

    settings.WEBHOOK_NETWORKS = networks("10.20.0.0/16")

    assert is_allowed(ip_address("10.20.3.4"))
    assert is_allowed(ip_address("::ffff:10.20.3.4"))
    assert not is_allowed(ip_address("10.21.3.4"))


def test_a_name_that_leads_to_a_private_address_is_not_asked(settings, monkeypatch):
    settings.HAS_PLAIN_WEBHOOKS = True
    public = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("119.147.3.1", 80))
    with robot_server() as server:
        private = (socket.AF_INET, socket.SOCK_STREAM, 6, "", server.server_address)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [public, private])

        assert failure(f"http://robots.example.cn:{server.server_address[1]}/") == (reaching.PRIVATE, False)

    assert server.posts == []


def test_a_name_is_looked_up_once_so_that_it_cannot_point_elsewhere_meanwhile(on_loopback, monkeypatch):
    lookup, asked = socket.getaddrinfo, []

    def looking(host, *arguments, **options):
        if host == "robots.example.cn":
            asked.append(host)
            host = "127.0.0.1"
        return lookup(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", looking)
    with robot_server(body="taken") as server:
        port = server.server_address[1]
        answer = post_json(f"http://robots.example.cn:{port}/send?key=1", {"text": "提醒"})

    assert (answer, asked) == ("taken", ["robots.example.cn"])
    assert server.posts == [
        ("/send?key=1", f"robots.example.cn:{port}", json.dumps({"text": "提醒"}, ensure_ascii=False))
    ]


def test_no_redirect_is_followed(on_loopback):
    with robot_server() as elsewhere, robot_server(status=302, location=address_of(elsewhere)) as server:
        assert failure(address_of(server)) == ("机器人的服务器答复302。", False)

    assert (len(server.posts), elsewhere.posts) == (1, [])


def test_no_proxy_of_the_environment_is_asked(on_loopback, monkeypatch):
    with robot_server() as proxy, robot_server(body="taken") as server:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{proxy.server_address[1]}")

        assert post_json(address_of(server), {}) == "taken"

    assert proxy.posts == []


@pytest.mark.parametrize(("status", "may_try_again"), [(404, False), (429, True), (500, True), (503, True)])
def test_a_server_that_refuses_is_asked_again_where_it_may_pass(on_loopback, status, may_try_again):
    with robot_server(status=status) as server:
        assert failure(address_of(server)) == (f"机器人的服务器答复{status}。", may_try_again)


def test_a_server_that_is_not_there_is_asked_again_and_one_that_goes_away_may_have_taken_it(on_loopback):
    with robot_server(status=None) as server:
        address = address_of(server)
        assert failure(address) == ("机器人的服务器没有答复，不知道是否送到。", False)

    with nobody() as (host, port):
        assert failure(f"http://{host}:{port}/") == ("连不上机器人的服务器。", True)


def test_a_long_answer_is_not_read_to_its_end(on_loopback):
    with robot_server(body="x" * 100_000) as server:
        assert len(post_json(address_of(server), {})) == reaching.MOST_READ


@pytest.fixture
def certificate(tmp_path):
    """A certificate that a server made for itself, with its key."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "robots")])
    names = x509.SubjectAlternativeName([x509.DNSName("robots.example.cn")])
    builder = x509.CertificateBuilder(issuer_name=name, subject_name=name, public_key=key.public_key(), serial_number=1)
    builder = builder.not_valid_before(datetime(2020, 1, 1)).not_valid_after(datetime(2120, 1, 1))
    made = builder.add_extension(names, critical=False).sign(key, hashes.SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "certificate.pem"
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    return path


def test_a_server_with_a_certificate_of_its_own_making_gets_nothing_and_a_known_one_does(
    on_loopback, monkeypatch, certificate
):
    lookup = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, *rest, **more: lookup("127.0.0.1", *rest, **more))
    with robot_server(body="taken", certificate=certificate) as server:
        url = f"https://robots.example.cn:{server.server_address[1]}/"
        refused = failure(url)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        answer = post_json(url, {})
        other = failure(url.replace("robots.", "other."))

    assert refused == other == ("机器人的服务器证书不对。", True)
    assert (answer, len(server.posts)) == ("taken", 1)


def test_a_name_that_nobody_knows_is_told():
    assert failure(f"https://{'a' * 70}.example.invalid/") == ("查不到机器人的服务器。", True)
