"""Serves the database with gunicorn and the worker of exports beside it; where nobody has an account yet, the demo, which
lives in a database of its own (`make run`)."""

import errno
import os
import secrets
import socket
import subprocess
import sys
from pathlib import Path

from beside import Pair

ROOT = Path(__file__).resolve().parent.parent
HOST, _, PORT = os.environ.get("PINGYI_BIND", "127.0.0.1:8000").rpartition(":")
LOOPBACK = "[::1]" if HOST.startswith("[") else "127.0.0.1"
REAL, DEMO = "real", "demo"
BACKLOG = 2048
# Letters and figures that nobody takes for others.
LEGIBLE = "23456789abcdefghjkmnpqrstuvwxyz"


def address() -> str:
    """The address to type: a server that listens everywhere is known by the first of its names."""
    names = os.environ.get("PINGYI_HOSTS", "127.0.0.1").split(",")
    is_everywhere = HOST in ("0.0.0.0", "[::]")  # noqa: S104
    return f"http://{names[0] if is_everywhere else HOST}:{PORT}"


def main() -> int:
    if problem := address_problem():
        print(problem, file=sys.stderr)
        return 1
    # Lines must come out in order with what the commands print, even into a file.
    sys.stdout.reconfigure(line_buffering=True)
    os.chdir(ROOT)
    with open_door() as door:
        return serve_on(door)


def open_door() -> socket.socket:
    """The socket that is listened on, kept by this program: while one server takes over from another, visitors wait."""
    family = socket.AF_INET6 if HOST.startswith("[") else socket.AF_INET
    door = socket.socket(family)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((HOST.strip("[]"), int(PORT)))
    return door


def serve_on(door: socket.socket) -> int:
    """Serve the real database where anybody has an account in it, or else the demo, until somebody begins in earnest."""
    data = which_data()
    while data in (REAL, DEMO):
        os.environ["PINGYI_DEMO"] = "1" if data == DEMO else "0"
        if data == DEMO:
            if status := load_demo():
                return status
            os.environ["PINGYI_GOES_OVER"] = "1"
        print(f"\n评议系统正在运行{'（演示）' if data == DEMO else ''}：{address()}/　　（按 Ctrl+C 停止；数据保留）\n")
        code, was_told = serve(door)
        if was_told or code or data == REAL or (data := which_data()) != REAL:
            return code
        print("已建立首任管理员，转到正式的数据库。")
    return 1


def serve(door: socket.socket) -> tuple[int, bool]:
    """Run the server and the worker of exports; the exit code, and whether they were told to end."""
    door.listen(BACKLOG)
    os.environ["PINGYI_BIND"] = f"fd://{door.fileno()}"
    # The passphrase is for the worker, which backs up; a process that answers the network has no need of it.
    serving = [
        "env",
        "-u",
        "PINGYI_BACKUP_PASSPHRASE",
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:pingyi.gunicorn",
        "pingyi.wsgi",
    ]
    pair = Pair(serving, [sys.executable, "manage.py", "work_exports"], passed=(door.fileno(),))
    return pair.run(), pair.is_ending


def which_data() -> str:
    """Whether to serve the real database, by the command of that name; empty where it cannot be asked."""
    asked = manage("which_data", PINGYI_DEMO="0", stdout=subprocess.PIPE)
    if asked.returncode:
        print("\n正式的数据库打不开，原因见上。", file=sys.stderr)
        return ""
    return asked.stdout.strip()


def load_demo() -> int:
    """Bring the demo's own database up to date, fill it where it is empty, print where to go; an exit status.

    The code that is printed opens 「开始正式使用」 to whoever sees this screen.
    """
    os.environ["PINGYI_START_CODE"] = "-".join("".join(secrets.choice(LEGIBLE) for _ in range(4)) for _ in range(2))
    status = manage("migrate", "--no-input", "--verbosity=0", PINGYI_DEMO="1").returncode
    # The address is for the participant's link.
    status = status or manage("demo", PINGYI_DEMO="1", PINGYI_ADDRESS=address()).returncode
    if status:
        print("\n演示数据没有装好，原因见上。", file=sys.stderr)
    else:
        print(f"开始正式使用：在本机打开 http://{LOOPBACK}:{PORT}/begin/ ，启动码 {os.environ['PINGYI_START_CODE']}")
    return status


def manage(*command: str, stdout: int | None = None, **variables: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env=os.environ | variables,
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        text=True,
        check=False,
    )


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
