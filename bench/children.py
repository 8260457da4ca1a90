"""Runs one measured thing in a process of its own, so that its memory is its own and nothing it loaded lasts."""

import importlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path

from .memory import watching_server

ROOT = Path(__file__).resolve().parent.parent
# Longer than anything here should ever take, on a busy machine too; then it is ended.
SECONDS_AT_MOST = 3600


def environment(url: str, **settings: str) -> dict[str, str]:
    """The settings of a server in use, but for the database and those given; nothing of this machine's own server."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PINGYI_")}
    if folder := os.environ.get("PINGYI_VAR"):
        kept["PINGYI_VAR"] = folder
    return kept | {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "pingyi.settings",
        "PINGYI_SECRET_KEY": "measuring, never serving: no secret",
        "PYTHONUNBUFFERED": "1",
        **settings,
    }


def run_in_child(task: str, url: str, *, settings: str = "pingyi.settings", **arguments) -> dict:
    """Call `module:function` of the bench with Django set up on a database; what it returns, and the peaks of memory."""
    command = [sys.executable, "-m", "bench.children", task, json.dumps({"url": url, **arguments})]
    with watching_server(url) as server:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=environment(url, DJANGO_SETTINGS_MODULE=settings),
            stdout=subprocess.PIPE,
            check=True,
            timeout=SECONDS_AT_MOST,
        )
    return json.loads(done.stdout.splitlines()[-1]) | {"server_mb": server.mb}


def peak_memory() -> float:
    """The most memory that this process has held, in MB; the program that started it is not counted."""
    try:
        status = Path("/proc/self/status").read_text()
    except FileNotFoundError:
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def main(task: str, arguments: str) -> None:
    import django

    django.setup()
    module, _, function = task.partition(":")
    result = getattr(importlib.import_module(module), function)(**json.loads(arguments))
    print(json.dumps({**result, "peak_mb": round(peak_memory(), 1)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
