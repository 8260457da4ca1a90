"""Loads the demo where the database is empty, tells where to go, and serves with gunicorn and the worker of exports
beside it (`make run`)."""

import errno
import os
import socket
import subprocess
import sys
from pathlib import Path

from beside import Pair

ROOT = Path(__file__).resolve().parent.parent
HOST, _, PORT = os.environ.get("PINGYI_BIND", "127.0.0.1:8000").rpartition(":")


def address() -> str:
    """The address to type: a server that listens everywhere is known by the first of its names."""
    names = os.environ.get("PINGYI_HOSTS", "127.0.0.1").split(",")
    is_everywhere = HOST in ("0.0.0.0", "[::]")  # noqa: S104
    return f"http://{names[0] if is_everywhere else HOST}:{PORT}"


def main() -> int:
    if problem := address_problem():
        print(problem, file=sys.stderr)
        return 1
    if status := load_demo():
        return status
    print(f"\n评议系统正在运行：{address()}/　　（按 Ctrl+C 停止；数据保留）\n")
    os.chdir(ROOT)
    serving = [sys.executable, "-m", "gunicorn", "-c", "python:pingyi.gunicorn", "pingyi.wsgi"]
    return Pair(serving, [sys.executable, "manage.py", "work_exports"]).run()


def load_demo() -> int:
    """Load the demo where the database is empty, and print where to go; the exit status of the command."""
    # Lines must come out in order with what the commands print, even into a file.
    sys.stdout.reconfigure(line_buffering=True)
    demo = subprocess.run(
        [sys.executable, "manage.py", "demo"],
        cwd=ROOT,
        env=os.environ | {"PINGYI_ADDRESS": address()},  # for the participant's link
        stdin=subprocess.DEVNULL,
        check=False,
    )
    if demo.returncode:
        print("\n演示数据没有装好，原因见上。", file=sys.stderr)
    return demo.returncode


def address_problem() -> str | None:
    """Why this host and port cannot be served on, in words that say what to do; `None` when they can."""
    if not PORT.isdecimal() or not 0 < int(PORT) < 65536:
        return f"PORT 应为 1 至 65535 的整数，现在是“{PORT}”。例如：make run PORT=8080"
    family = socket.AF_INET6 if HOST.startswith("[") else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST.strip("[]"), int(PORT)))
        except PermissionError:
            return f"没有权限使用端口 {PORT}。请换一个 1024 以上的端口：make run PORT=8080"
        except OSError as error:
            if error.errno != errno.EADDRINUSE:
                return f"不能在 {HOST}:{PORT} 上服务：{error.strerror}。"
            return (
                f"端口 {PORT} 已被占用（也许评议系统已在运行：{address()}/）。"
                "请先停止占用它的程序，或换一个端口：make run PORT=8080"
            )
    return None


if __name__ == "__main__":
    sys.exit(main())
