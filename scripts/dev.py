"""Serves the demo, in its own database, with Django's own server, which reloads what is edited (`make dev`)."""

import os
import sys

import serve


def main() -> int:
    if problem := serve.address_problem():
        print(problem, file=sys.stderr)
        return 1
    os.environ["PINGYI_DEMO"] = "1"
    os.environ["PINGYI_DEBUG"] = "1"  # error pages with their causes, static files from their folders
    if status := serve.load_demo():
        return status
    print(f"\n开发服务器：{serve.address()}/　　（改了代码自动重新载入；按 Ctrl+C 停止）\n", flush=True)
    os.chdir(serve.ROOT)
    os.execv(sys.executable, [sys.executable, "manage.py", "runserver", f"{serve.HOST}:{serve.PORT}"])  # never returns


if __name__ == "__main__":
    sys.exit(main())
