"""Packs everything that an office without network needs into one archive: the tree, wheels with hashes, style sheets, fonts
(`make bundle`); keeps the list of wheels with their hashes (`make lock`).

The list, scripts/requirements.lock, has what requirements.txt wants to run the application, each with all it wants in turn.
"""

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PINGYI_VAR", ROOT / "var"))
LOCK = ROOT / "scripts" / "requirements.lock"
NAME = "pingyi"
BUNDLED = "bundled"
# Between what runs the application and what tests it.
END_OF_RUNNING = "# --- tests and checks ---"
LEFT_OUT = {".git", ".venv", "var", "__pycache__", ".pytest_cache", ".ruff_cache", ".hypothesis", BUNDLED}


class BundleError(Exception):
    """The archive or the list cannot be made; the message says why."""


def main() -> int:
    try:
        if sys.argv[1:] == ["lock"]:
            lock()
        else:
            make_bundle(VAR / "pingyi-bundle.tar.gz")
    except BundleError as error:
        print(f"没有完成：{error}", file=sys.stderr)
        return 1
    return 0


def running_requirements() -> str:
    """The part of requirements.txt that runs the application."""
    return (ROOT / "requirements.txt").read_text(encoding="utf-8").partition(END_OF_RUNNING)[0]


def lock() -> None:
    """Write the list anew; versions that still fit stay."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "running.in", Path(folder) / "running.lock"
        source.write_text(running_requirements(), encoding="utf-8")
        shutil.copy(LOCK, target)
        options = ["--generate-hashes", "--strip-extras", "--no-annotate", "--no-header"]
        options += ["--no-emit-index-url", "--no-emit-find-links", "--quiet"]
        _run(
            *(sys.executable, "-m", "piptools", "compile", *options, "--output-file", target, source),
            problem="pip-compile 没有算出程序库的清单；原因见上。",
        )
        shutil.copyfile(target, LOCK)
    print(f"已写好{LOCK.relative_to(ROOT)}。")


def make_bundle(path: Path) -> None:
    """Write the archive, whole or not at all."""
    with tempfile.TemporaryDirectory(dir=VAR) as folder:
        wheels = Path(folder) / "wheels"
        download_wheels(wheels)
        half = Path(folder) / path.name
        with tarfile.open(half, "w:gz", compresslevel=3) as archive:
            archive.add(ROOT, arcname=NAME, filter=kept)
            archive.add(wheels, arcname=f"{NAME}/{BUNDLED}/wheels", filter=as_roots)
            for name in ("vendor", "fonts"):
                if not (VAR / name).is_dir():
                    raise BundleError(f"没有{VAR / name}，请先执行 make setup。")
                archive.add((VAR / name).resolve(), arcname=f"{NAME}/{BUNDLED}/{name}", filter=as_roots)
        half.replace(path)
    size = path.stat().st_size / 1e6
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    print(f"已写好{path}（{size:.0f} MB），用于 Python {version}、{os.uname().machine} 的机器。")
    print("拷到没有网络的机器上：tar -xf pingyi-bundle.tar.gz && cd pingyi，然后 make run，或者 scripts/deploy.sh")


def kept(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
    """A file of the tree as it goes into the archive; `None` for what is generated."""
    if LEFT_OUT & {*Path(member.name).parts[1:]} or member.name.endswith(".pyc"):
        return None
    return as_roots(member)


def as_roots(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A file without the account that it belongs to here."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    return member


def download_wheels(folder: Path, listed: Path = LOCK) -> None:
    """Fetch the wheels of a list for this machine's Python; each has one of the hashes that are listed."""
    options = ["--quiet", "--disable-pip-version-check", "--require-hashes", "--only-binary=:all:", "--no-deps"]
    _run(
        *(sys.executable, "-m", "pip", "download", *options, "--requirement", listed, "--dest", folder),
        problem="pip 没有取到程序库；原因见上。清单同 requirements.txt 不符的，先执行 make lock。",
    )


def _run(*command, problem: str) -> None:
    if subprocess.run([str(word) for word in command], cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
        raise BundleError(problem)


if __name__ == "__main__":
    sys.exit(main())
