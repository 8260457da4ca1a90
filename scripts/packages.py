"""Everything that the system must have besides Python: how to see that it is there, and how to get it on Debian and Ubuntu.

Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

OLDEST_PYTHON = (3, 11)
BOOTSTRAP_FOLDERS = (
    Path("/usr/share/bootstrap-html"),
    Path("/usr/share/javascript/bootstrap5"),
    Path("/usr/share/nodejs/bootstrap/dist"),
)
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


@dataclass(frozen=True)
class Need:
    """A thing the system must provide: a Debian package, its purpose, and a look whether it is there."""

    package: str
    purpose: str
    without: str
    is_present: Callable[[], bool]


def python() -> str | None:
    """The path of a Python that is new enough: the running one, or another on the path."""
    if sys.version_info >= OLDEST_PYTHON:
        return sys.executable
    names = ("python3.14", "python3.13", "python3.12", "python3.11")
    return next(filter(None, map(shutil.which, names)), None)


def bootstrap_folder() -> Path | None:
    """Where the system keeps Bootstrap's files."""
    return next((folder for folder in BOOTSTRAP_FOLDERS if (folder / "css/bootstrap.min.css").exists()), None)


def chromium() -> str | None:
    """The browser of the tests."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def has_calc() -> bool:
    """Whether LibreOffice can open workbooks: its programs come in packages of their own beside a common one."""
    office = shutil.which("soffice")
    return office is not None and (Path(office).resolve().parent / "libsclo.so").exists()


def has_writer() -> bool:
    """Whether LibreOffice can open Word files."""
    office = shutil.which("soffice")
    return office is not None and (Path(office).resolve().parent / "libswlo.so").exists()


def has_postgresql() -> bool:
    """Whether a PostgreSQL server can be started; Debian keeps its programs off the path."""
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or shutil.which("initdb") is not None


def can_make_environments() -> bool:
    """Whether `python()` can make a virtual environment, which Debian leaves to a package of its own."""
    executable = python()
    return bool(executable) and _succeeds(executable, "-c", "import ensurepip, venv")


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _has_cjk_font() -> bool:
    if not shutil.which("fc-list"):
        return False
    listing = subprocess.run(["fc-list", ":", "family"], stdout=subprocess.PIPE, check=False).stdout
    return b"Noto Serif CJK SC" in listing


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False).returncode == 0


def _program(name: str) -> Callable[[], bool]:
    return lambda: shutil.which(name) is not None


def _server_program(name: str) -> Callable[[], bool]:
    """Debian keeps servers off the path of everybody but root."""
    return lambda: shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None


def _library(name: str) -> Callable[[], bool]:
    return lambda: _loads(name)


VENV_PACKAGE = "python3-venv" if sys.version_info >= OLDEST_PYTHON else "python3.11-venv"
NO_PDF = "不能生成 PDF"
TO_RUN = (
    Need(VENV_PACKAGE, "Python 3.11 以上及虚拟环境", "无法安装", can_make_environments),
    Need(
        "ca-certificates",
        "下载时核验证书",
        "下载可能失败",
        lambda: CERTIFICATES.exists() or not shutil.which("apt-get"),
    ),
    Need("libpango-1.0-0", "PDF 排版", NO_PDF, _library("libpango-1.0.so.0")),
    Need("libpangoft2-1.0-0", "PDF 排版", NO_PDF, _library("libpangoft2-1.0.so.0")),
    Need("libharfbuzz-subset0", "PDF 字体裁剪", "生成 PDF 慢二十倍", _library("libharfbuzz-subset.so.0")),
    Need("fontconfig", "查找字体", "PDF 中没有汉字", _program("fc-list")),
    Need("fonts-noto-cjk", "中文字体", "PDF 中没有汉字", _has_cjk_font),
    Need("libjs-bootstrap5", "网页样式", "网页没有样式", lambda: bootstrap_folder() is not None),
)
TO_TEST = (
    Need("chromium", "浏览器测试", "浏览器测试通不过", lambda: chromium() is not None),
    # Playwright brings its own node, which is linked to this library.
    Need("libatomic1", "浏览器测试", "浏览器测试通不过", _library("libatomic.so.1")),
    Need("postgresql", "PostgreSQL 测试", "PostgreSQL 测试通不过", has_postgresql),
    Need("poppler-utils", "检查 PDF", "PDF 测试通不过", _program("pdftoppm")),
    Need("libreoffice-calc-nogui", "检查 Excel", "Excel 测试通不过", has_calc),
    Need("libreoffice-writer-nogui", "检查 Word", "Word 测试通不过", has_writer),
    Need("nginx", "部署测试", "部署测试通不过", _server_program("nginx")),
    Need("systemd", "检查服务单元", "部署测试通不过", _program("systemd-analyze")),
)


def as_root() -> list[str] | None:
    """The words before a command that needs root: none, sudo, or `None` where neither is to be had."""
    if os.geteuid() == 0:
        return []
    if not shutil.which("sudo"):
        return None
    if sys.stdin.isatty():
        return ["sudo"]
    return ["sudo", "-n"] if _succeeds("sudo", "-n", "true") else None


def apt_get(*arguments: str, **options) -> bool:
    """Run apt-get with rights and without questions; whether it succeeded."""
    rights = as_root()
    if rights is None or not shutil.which("apt-get"):
        return False
    waiting = ["-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::http::Timeout=20", "-q"]
    command = [*rights, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *waiting, *arguments]
    try:
        return subprocess.run(command, stdin=subprocess.DEVNULL, check=False, **options).returncode == 0
    except OSError:
        return False


def install(needs: list[Need]) -> None:
    """Install what can be installed; the caller looks again at what is still missing."""
    packages = [need.package for need in needs]
    command = ("install", "-y", "--no-install-recommends")
    print("安装系统软件包：" + " ".join(packages), flush=True)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if apt_get(*command, *packages, **quiet):
        return
    apt_get("update", **quiet)
    if apt_get(*command, *packages, stdout=subprocess.DEVNULL):
        return
    # A package that this release does not know must not keep the others out.
    for package in packages:
        apt_get(*command, package, **quiet)
