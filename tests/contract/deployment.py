"""An installation as scripts/deploy.sh makes it, on the loopback: nginx with the shipped site in front, the web server and the
worker by the command lines of their units, the shipped settings. Ports and folders alone are the test's own."""

import os
import re
import shlex
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from django.conf import settings

from .browsers import SECONDS_TO_ANSWER, Browser, Desk, Phone
from .servers import ROOT, connected, free_port, wait_for

FILES = ROOT / "scripts" / "deploy"
NAME = "localhost"
NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
# Around the site: what Debian's own nginx.conf has, in a folder that root need not own.
AROUND = """
{user}
pid {folder}/nginx.pid;
daemon off;
error_log {folder}/nginx.log crit;
events {{ worker_connections 768; }}
http {{
    {temporary}
    include {folder}/site.conf;
}}
"""


class Deployment:
    """The three programs over a PostgreSQL database."""

    def __init__(self, url):
        self.url, self.folder = url, Path(tempfile.mkdtemp(prefix="deployed", dir="/tmp"))
        self.port, self.backend = free_port(), free_port()
        self.site = f"{NAME}:{self.port}"
        (self.folder / "var").mkdir(mode=0o700)
        for name in ("fonts", "vendor"):
            (self.folder / "var" / name).symlink_to(ROOT / "var" / name)
        self.log = self.folder / "log"
        self._programs = []

    def start(self):
        self._certify()
        self._write_site()
        environment = self._environment()
        for unit in ("pingyi-web", "pingyi-worker"):
            self._run(command_of(unit), environment)
        self._run([NGINX, "-c", self.folder / "nginx.conf", "-e", self.folder / "nginx.log"], os.environ)
        wait_for(lambda: self._answers() and self.ask_backend("/readyz") == 200)

    def _certify(self):
        making = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={NAME}"]
        making += ["-addext", f"subjectAltName=DNS:{NAME}"]
        paths = ["-keyout", self.folder / "key.pem", "-out", self.folder / "certificate.pem"]
        subprocess.run([*making, *paths], check=True, capture_output=True)

    def _write_site(self):
        """The shipped site with its blanks filled in and its ports changed; everything else is as an office gets it."""
        text = (FILES / "nginx-site.conf").read_text(encoding="utf-8")
        changes = {
            "listen 80;": f"listen 127.0.0.1:{free_port()};",
            "listen 443 ssl http2;": f"listen 127.0.0.1:{self.port} ssl http2;",
            "server 127.0.0.1:8000 ": f"server 127.0.0.1:{self.backend} ",
            "proxy_set_header Host @SITE@;": f"proxy_set_header Host {self.site};",
            "@SITE@": NAME,
            "@CERTIFICATE@": str(self.folder / "certificate.pem"),
            "@KEY@": str(self.folder / "key.pem"),
            "/var/log/nginx": str(self.folder),
        }
        for old, new in changes.items():
            assert old in text, old
            text = text.replace(old, new)
        text = re.sub(r"^ *listen \[::\].*\n", "", text, flags=re.MULTILINE)
        (self.folder / "site.conf").write_text(text)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        temporary = " ".join(f"{kind}_temp_path {self.folder}/{kind};" for kind in kinds)
        user = "user root;" if os.geteuid() == 0 else ""
        (self.folder / "nginx.conf").write_text(AROUND.format(user=user, folder=self.folder, temporary=temporary))

    def _environment(self):
        """The shipped settings, and of this machine nothing but where programs are found."""
        lines = (FILES / "pingyi.env").read_text(encoding="utf-8").splitlines()
        shipped = dict(shlex.split(line)[0].split("=", 1) for line in lines if line and not line.startswith("#"))
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PINGYI_", "DJANGO_"))}
        return {
            **kept,
            **shipped,
            "PINGYI_HOSTS": shipped["PINGYI_HOSTS"].replace("@SITE@", NAME),
            # A single process, so that whoever held it would hold all.
            "PINGYI_WORKERS": "1",
            "PINGYI_SECRET_KEY": settings.SECRET_KEY,
            "PINGYI_BIND": f"127.0.0.1:{self.backend}",
            "PINGYI_VAR": str(self.folder / "var"),
            "DATABASE_URL": self.url,
        }

    def _run(self, command, environment):
        with self.log.open("ab") as output:
            self._programs.append(
                subprocess.Popen(
                    list(map(str, command)),
                    cwd=ROOT,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=output,
                )
            )

    def _answers(self):
        assert all(program.poll() is None for program in self._programs), self.log.read_text()
        try:
            return self.browser().get("/v/").status == 200
        except OSError:
            return False

    def stop(self):
        for program in reversed(self._programs):
            program.terminate()
        for program in self._programs:
            try:
                program.wait(timeout=20)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()
        shutil.rmtree(self.folder, ignore_errors=True)

    def database(self):
        return connected(self.url)

    def browser(self):
        return _Passing(self)

    def phone(self):
        return _PassingPhone(self)

    def desk(self):
        return _PassingDesk(self)

    def encrypted(self):
        """A connection to nginx, past the handshake."""
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS_TO_ANSWER)
        return self.context().wrap_socket(plain, server_hostname=NAME)

    def context(self):
        return ssl.create_default_context(cafile=self.folder / "certificate.pem")

    def ask_backend(self, path, **headers):
        """The status that the web server gives to a program on this machine."""
        connection = HTTPConnection("127.0.0.1", self.backend, timeout=SECONDS_TO_ANSWER)
        try:
            connection.request("GET", path, headers=headers)
            return connection.getresponse().status
        except ConnectionRefusedError:
            return 0
        finally:
            connection.close()

    def connections_behind(self):
        """How many connections nginx has to the web server now, as the kernel lists them."""
        ends = [line.split()[1:4] for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
        return sum(state == "01" and int(local.partition(":")[2], 16) == self.backend for local, _, state in ends)

    def nginx_logs(self):
        return {path.name: path.read_text() for path in self.folder.glob("*.log")}


def command_of(unit):
    """The command line of a unit, with this Python and these files."""
    text = (FILES / f"{unit}.service").read_text(encoding="utf-8")
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    return shlex.split(line.replace("/opt/pingyi/.venv/bin/python", sys.executable))


class _Passing(Browser):
    """A browser that comes through nginx, encrypted, and trusts its certificate."""

    def __init__(self, deployment):
        super().__init__(deployment.port)
        self._deployment = deployment

    def connect(self):
        return HTTPSConnection(NAME, self.port, timeout=SECONDS_TO_ANSWER, context=self._deployment.context())

    def headers(self):
        return super().headers() | {"Origin": f"https://{self._deployment.site}"}


class _PassingPhone(_Passing, Phone):
    """A participant's."""


class _PassingDesk(_Passing, Desk):
    """The secretary's."""

    token = "__Host-csrftoken"
