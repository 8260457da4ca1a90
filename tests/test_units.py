"""The files of an installation: units of systemd that are shut in, and a site of nginx that passes nothing on by mistake."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "scripts" / "deploy"
SERVICES = sorted(path.name for path in FOLDER.glob("*.service"))
MOST_EXPOSED = 3.0
SITE = (FOLDER / "nginx-site.conf").read_text(encoding="utf-8")
# Whatever a program on the way may write of the visitor.
PASSED_ON = ("X-Forwarded-For", "X-Forwarded-Proto", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via", "Host")


def analyze(*words):
    finished = subprocess.run(["systemd-analyze", *map(str, words)], capture_output=True, text=True, check=False)
    return finished.stdout + finished.stderr


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_is_shut_in(name):
    told = analyze("security", "--offline=true", "--no-pager", FOLDER / name)

    assert float(re.search(r"Overall exposure level for \S+: ([\d.]+)", told)[1]) < MOST_EXPOSED


def test_systemd_understands_every_line(tmp_path):
    """The programs are not where the units look for them; everything else is held against systemd's own reading."""
    for path in FOLDER.glob("pingyi-*.*"):
        text = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(
            re.sub(r"^ExecStart=/opt/\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        )

    told = analyze("verify", "--man=no", *sorted(tmp_path.iterdir()))

    assert [line for line in told.splitlines() if "pingyi" in line] == []
    assert len(SERVICES) == 3


def test_a_unit_that_systemd_does_not_understand_is_found(tmp_path):
    (tmp_path / "pingyi-x.service").write_text("[Service]\nExecStart=/bin/true\nProtectSystm=strict\n")

    assert "ProtectSystm" in analyze("verify", "--man=no", tmp_path / "pingyi-x.service")


def test_the_one_who_draws_may_step_back():
    assert "SystemCallFilter=setpriority" in (FOLDER / "pingyi-worker.service").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PASSED_ON)
def test_the_site_sets_what_it_passes_on_and_adds_nothing_to_what_the_visitor_wrote(name):
    (value,) = re.findall(rf"^ *proxy_set_header {name} (.*);$", SITE, re.MULTILINE)

    assert value in ("$remote_addr", "$scheme", '""', "@SITE@")
    assert "$proxy_add_x_forwarded_for" not in SITE and "$http_" not in SITE


def test_the_site_keeps_no_record_of_requests():
    assert re.findall(r"^ *access_log (.*);$", SITE, re.MULTILINE) == ["off", "off"]
    assert re.findall(r"^ *error_log \S+ (.*);$", SITE, re.MULTILINE) == ["crit"]


def test_nginx_understands_the_site(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*making, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    site = SITE.replace("@SITE@", "localhost").replace("@CERTIFICATE@", str(certificate)).replace("@KEY@", str(key))
    site = site.replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{site}\n}}\n")
    nginx = shutil.which("nginx") or "/usr/sbin/nginx"

    looked = subprocess.run(
        [nginx, "-t", "-q", "-c", tmp_path / "nginx.conf", "-e", tmp_path / "log"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (looked.returncode, looked.stderr) == (0, "")
