"""`manage.py doctor` about the way in: HTTPS, the certificate, and what the proxy passes on, each broken once."""

import datetime
import ssl
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.utils import timezone

from reports import front_door
from reports.remarks import FAULT, WARNING

NAME = "pingyi.example.org"


@pytest.fixture(autouse=True)
def https(settings):
    settings.HTTPS, settings.ALLOWED_HOSTS = True, [NAME, "127.0.0.1"]
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]


def complaints(*, is_thorough=False):
    looked = front_door.look_at_front_door(is_thorough=is_thorough)
    return [(remark.grade, remark.sentence) for remark in looked if not remark.is_fine]


def certified(folder, *, days, issuer):
    """A file with a key and a certificate that ends in so many days."""
    key, now = ec.generate_private_key(ec.SECP256R1()), timezone.now()
    names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in (NAME, issuer)]
    building = x509.CertificateBuilder().subject_name(names[0]).issuer_name(names[1]).public_key(key.public_key())
    building = building.serial_number(1).not_valid_before(now - datetime.timedelta(days=400))
    certificate = building.not_valid_after(now + datetime.timedelta(days=days)).sign(key, hashes.SHA256())
    path = folder / "certificate.pem"
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    return path


@contextmanager
def proxy(monkeypatch, folder, *, days=300, issuer="某市 CA", metrics=404, page=200):
    """A server on the loopback that answers as a proxy would."""

    class Answering(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            self.send_response(metrics if self.path == "/metrics" else page)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certified(folder, days=days, issuer=issuer))
    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        monkeypatch.setattr(front_door, "PORT", server.server_address[1])
        monkeypatch.setattr(front_door, "SECONDS_TO_ANSWER", 120)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield
        server.shutdown()
        thread.join()


def test_a_proxy_that_does_as_it_should_is_fine(monkeypatch, tmp_path):
    with proxy(monkeypatch, tmp_path):
        assert complaints(is_thorough=True) == []


@pytest.mark.parametrize(
    ("wrong", "grade", "told"),
    [
        ({"days": -1}, FAULT, "已经到期"),
        ({"days": 20}, WARNING, "到期。请换新的"),
        ({"issuer": NAME}, WARNING, "自签名"),
        ({"metrics": 200}, FAULT, "没有写 X-Forwarded-For"),
        ({"page": 301}, FAULT, "没有写 X-Forwarded-Proto"),
        ({"page": 502}, FAULT, "回答是502"),
    ],
)
def test_what_is_wrong_with_the_proxy_is_told(monkeypatch, tmp_path, wrong, grade, told):
    with proxy(monkeypatch, tmp_path, **wrong):
        ((given, sentence),) = complaints(is_thorough=True)

    assert (given, told in sentence) == (grade, True)


def test_where_nobody_answers_it_says_where_to_look(monkeypatch):
    monkeypatch.setattr(front_door, "PORT", 1)

    ((grade, told),) = complaints(is_thorough=True)

    assert (grade, "systemctl status nginx" in told) == (WARNING, True)


def test_a_page_does_not_knock_at_its_own_door(monkeypatch):
    monkeypatch.setattr(front_door, "PORT", 1)

    assert complaints() == []


def test_without_trusted_proxies_everybody_has_one_address(settings):
    settings.TRUSTED_PROXIES = []

    ((grade, told),) = complaints()

    assert (grade, "PINGYI_TRUSTED_PROXIES" in told) == (WARNING, True)


@pytest.mark.parametrize(("hosts", "count"), [(["127.0.0.1", "localhost"], 0), (["192.168.43.7", "127.0.0.1"], 1)])
def test_plain_http_is_warned_of_where_others_come_in(settings, hosts, count):
    settings.HTTPS, settings.ALLOWED_HOSTS = False, hosts

    told = complaints(is_thorough=True)

    assert [(grade, hosts[0] in sentence) for grade, sentence in told] == [(WARNING, True)] * count
