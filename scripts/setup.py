"""Makes a checkout ready: system packages, virtual environment, fonts, Bootstrap, database, static files.

Run through `make setup`; `--tests` adds what only the tests need, `--without-database` installs what a server needs alone
and leaves the database and the static files to whoever may write them. Every step looks first and does nothing when its
work is done. Missing things are listed on one screen at the end, and the rest goes on.
Standard library only: this runs before anything is installed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

import packages

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PINGYI_VAR", ROOT / "var"))
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
FONT_PACKAGE = "texlive-lang-chinese"
FONT_FOLDER = "texmf-dist/fonts/opentype/public/fandol"
FONTS = ("FandolFang-Regular", "FandolKai-Regular", "FandolHei-Regular", "FandolSong-Regular", "FandolSong-Bold")
BOOTSTRAP_NPM = "bootstrap@5.3.3"
ICONS_NPM = "bootstrap-icons@1.11.3"
BOOTSTRAP_FILE = "css/bootstrap.min.css"
# The libraries that run the application, with hashes; and what a bundle brought along.
LOCK = ROOT / "scripts" / "requirements.lock"
BUNDLED = ROOT / "bundled"
STYLES = ROOT / "styles"
PALETTE = ROOT / "static" / "css" / "colours.css"
STAND_IN = "/* Bootstrap was not to be had at set-up; see the README. */\n"
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=\S+ \*/\n?")
DAYLIGHT = re.compile(r":root \{(.*?)\}", re.DOTALL)
COLOUR = re.compile(r"--([\w-]+): (#\w+);")
ICON = re.compile(r"\$icon-([\w-]+)")
IN_ADDRESS = str.maketrans({"<": "%3c", ">": "%3e", "#": "%23", '"': "'"})


class SetupError(Exception):
    """Something without which nothing else works; the message says what to do."""


def main() -> int:
    needs = packages.TO_RUN + (packages.TO_TEST if "--tests" in sys.argv[1:] else ())
    VAR.mkdir(mode=0o700, parents=True, exist_ok=True)  # ballots and a key are nobody else's to read
    missing, notes = provide(needs), []
    try:
        unpack_bundled()
        install_requirements()
        notes += filter(None, [copy_fonts(), make_bootstrap()])
        if "--without-database" not in sys.argv[1:]:
            prepare_project()
    except SetupError as error:
        report(missing, notes)
        print(f"安装没有完成：{error}", file=sys.stderr)
        return 1
    report(missing, notes)
    return 0


def provide(needs: tuple[packages.Need, ...]) -> list[packages.Need]:
    """Install the missing system packages where that is possible; returns what is missing still."""
    missing = [need for need in needs if not need.is_present()]
    if missing and may_install():
        packages.install(missing)
        missing = [need for need in missing if not need.is_present()]
    return missing


def may_install() -> bool:
    """Whether this run may touch the system; PINGYI_NO_INSTALL=1 says no."""
    if os.environ.get("PINGYI_NO_INSTALL") == "1":
        return False
    return bool(shutil.which("apt-get")) and packages.as_root() is not None


def unpack_bundled() -> None:
    """Put the style sheets and fonts of a bundle (`make bundle`) where they are looked for."""
    for name in ("vendor", "fonts"):
        if (BUNDLED / name).is_dir():
            shutil.copytree(BUNDLED / name, VAR / name, dirs_exist_ok=True)


def wanted_libraries() -> tuple[Path, list[str]]:
    """The list to install from, with options for pip: from a bundle without network, on a server by hashes, else all."""
    if (BUNDLED / "wheels").is_dir():
        return LOCK, ["--require-hashes", "--no-index", "--find-links", str(BUNDLED / "wheels")]
    if "--without-database" in sys.argv[1:]:
        return LOCK, ["--require-hashes"]
    return ROOT / "requirements.txt", []


def install_requirements() -> None:
    """Make the virtual environment and fill it, unless it was filled from the same requirements."""
    listed, options = wanted_libraries()
    requirements = listed.read_bytes()
    stamp = VENV / "requirements.sha256"
    digest = hashlib.sha256(requirements + sys.version.encode()).hexdigest()
    if PYTHON.exists() and stamp.exists() and stamp.read_text() == digest:
        return
    if not packages.can_make_environments():
        raise SetupError(f"需要 Python 3.11 以上和它的 venv（Debian、Ubuntu：{packages.VENV_PACKAGE}），请先安装。")
    print("安装 Python 程序库……", flush=True)
    if not _runs(PYTHON, "-m", "pip", "--version"):
        _run(packages.python(), "-m", "venv", "--clear", VENV, problem="无法建立虚拟环境 .venv。")
    _run(
        *(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options, "-r", listed),
        problem=f"pip 没有装好 {listed.name}；原因见上。网络可用后再执行同一条命令，会从这一步继续。",
    )
    stamp.write_text(digest)


def copy_fonts() -> str | None:
    """Put the Fandol faces (仿宋, 楷, 黑, 小标宋) into var/fonts; returns what to tell when that fails."""
    folder = VAR / "fonts"
    folder.mkdir(exist_ok=True)
    if all((folder / f"{name}.otf").exists() for name in FONTS):
        return None
    for installed in (Path("/usr/share/texlive") / FONT_FOLDER, Path("/usr/share") / FONT_FOLDER):
        if all((installed / f"{name}.otf").exists() for name in FONTS):
            for name in FONTS:
                shutil.copy(installed / f"{name}.otf", folder)
            return None
    if download_fonts(folder):
        return None
    return (
        "仿宋、楷体、黑体、小标宋（Fandol 字体）未取得，公文用 Noto 宋体代替。"
        f"可安装 {FONT_PACKAGE}，或把 Fandol 的 .otf 文件放进 {folder}。"
    )


def download_fonts(folder: Path) -> bool:
    """Take the faces out of Debian's package without installing TeX; whether that succeeded."""
    if os.environ.get("PINGYI_NO_INSTALL") == "1" or not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return False
    print("下载公文字体……", flush=True)
    with tempfile.TemporaryDirectory() as temporary:
        sandbox = ["-o", "APT::Sandbox::User=root"] if os.geteuid() == 0 else []
        once = ["-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=20"]  # do not hold up a start without network
        command = ["apt-get", "-q", *once, *sandbox, "download", FONT_PACKAGE]
        if not _runs(*command, cwd=temporary):
            packages.apt_get(*once, "update", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            _runs(*command, cwd=temporary)
        archive = next(Path(temporary).glob("*.deb"), None)
        return archive is not None and unpack_fonts(archive, folder)


def unpack_fonts(archive: Path, folder: Path) -> bool:
    """Copy the wanted faces from a .deb; whether all were in it."""
    wanted = {f"{name}.otf" for name in FONTS}
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(archive)], stdout=subprocess.PIPE) as unpacking:
        with tarfile.open(fileobj=unpacking.stdout, mode="r|") as contents:
            for member in contents:
                name = Path(member.name).name
                if name in wanted and member.isfile():
                    _write(folder / name, contents.extractfile(member).read())
                    wanted.remove(name)
        unpacking.stdout.read()  # let dpkg-deb finish
    return not wanted


def make_bootstrap() -> str | None:
    """Put Bootstrap's stylesheet in our colours into var/vendor/bootstrap; returns what to tell when that fails."""
    stylesheet = VAR / "vendor" / "bootstrap" / BOOTSTRAP_FILE
    mark = f"/* {_digest_of_styles()} */\n"
    if stylesheet.exists() and stylesheet.read_text(encoding="utf-8").startswith(mark):
        return None
    with tempfile.TemporaryDirectory() as temporary:
        made = compiled_bootstrap(Path(temporary)) or ready_made_bootstrap(Path(temporary))
    # Pages ask for this file and must find something.
    _write(stylesheet, (mark + made if made else STAND_IN).encode())
    return None if made else "Bootstrap 未取得，网页没有样式。可安装 libjs-bootstrap5（或 npm），再执行 make setup。"


def _digest_of_styles() -> str:
    """The digest of all that the stylesheet is made from, so that it is made again when that changes."""
    sources = [
        BOOTSTRAP_NPM.encode(),
        ICONS_NPM.encode(),
        *(path.read_bytes() for path in (PALETTE, *sorted(STYLES.glob("*.scss")))),
    ]
    return hashlib.sha256(b"\0".join(sources)).hexdigest()


def compiled_bootstrap(folder: Path) -> str | None:
    """The parts that pages use, compiled from the package's Sass, where npm can fetch it."""
    sass = fetched(BOOTSTRAP_NPM, folder / "bootstrap")
    return compiled("bootstrap.scss", folder, sass / "scss", before=pictures(folder)) if sass else None


def fetched(package: str, folder: Path) -> Path | None:
    """The folder of a package that npm brought; `None` without npm or network."""
    folder.mkdir()
    if not shutil.which("npm") or not _runs("npm", "pack", "--fetch-retries=0", package, cwd=folder):
        return None
    shutil.unpack_archive(str(next(folder.glob("*.tgz"))), folder)
    return folder / "package"


def pictures(folder: Path) -> str:
    """The icons that our Sass names, each as a Sass variable with its drawing; empty ones without their package."""
    source = fetched(ICONS_NPM, folder / "icons")
    names = sorted({name for path in STYLES.glob("*.scss") for name in ICON.findall(path.read_text(encoding="utf-8"))})
    return "".join(
        f"$icon-{name}: {_drawing(source / 'icons' / f'{name}.svg') if source else 'null'};\n" for name in names
    )


def _drawing(path: Path) -> str:
    """An SVG file as an address that a stylesheet can hold."""
    drawing = re.sub(r' (?:width|height|fill|class)="[^"]*"|\n *', "", path.read_text(encoding="utf-8"))
    return f'url("data:image/svg+xml,{drawing.translate(IN_ADDRESS)}")'


def ready_made_bootstrap(folder: Path) -> str | None:
    """The whole file that the system brings, and behind it what takes its colours back."""
    source = packages.bootstrap_folder()
    overrides = compiled("ready_made.scss", folder) if source else None
    if not source or overrides is None:
        return None
    # The manifest storage refuses a reference to a map that is not there.
    return SOURCE_MAP.sub("", (source / BOOTSTRAP_FILE).read_text(encoding="utf-8")) + overrides


def compiled(name: str, folder: Path, *imported: Path, before: str = "") -> str | None:
    """A Sass file of ours as a stylesheet, with the colours of the palette in front; `None` where it does not compile."""
    source, target = folder / "source.scss", folder / "target.css"
    source.write_text(palette() + before + (STYLES / name).read_text(encoding="utf-8"), encoding="utf-8")
    folders = [word for path in (STYLES, *imported) for word in ("-I", path)]
    if not _runs(PYTHON, "-m", "pysassc", "--style", "compressed", *folders, source, target):
        return None
    return target.read_text(encoding="utf-8").lstrip("\ufeff")


def palette() -> str:
    """The desk's colours by day as Sass variables."""
    by_day = DAYLIGHT.search(PALETTE.read_text(encoding="utf-8"))[1]
    return "".join(f"${name}: {colour};\n" for name, colour in COLOUR.findall(by_day))


def prepare_project() -> None:
    """Bring the database and the collected static files up to date."""
    os.environ["PINGYI_DEMO"] = "0"  # the real one; the demo's is brought up to date when it is served
    manage = (PYTHON, ROOT / "manage.py")
    _run(*manage, "migrate", "--no-input", "--verbosity=0", problem="数据库没有迁移好；原因见上。")
    _run(*manage, "collectstatic", "--no-input", "--verbosity=0", problem="静态文件没有收集好；原因见上。")


def report(missing: list[packages.Need], notes: list[str]) -> None:
    """Print on one screen what is missing, what that means, and which command mends it."""
    if not missing and not notes:
        return
    print("\n以下各项没有装上：")
    for need in missing:
        print(f"  {need.package:<22}{need.purpose}；没有它：{need.without}")
    for note in notes:
        print(f"  {note}")
    if missing:
        print("\nDebian、Ubuntu 请由管理员执行下面的命令，然后再试一次（其他系统装名称相近的软件包）：")
        print("  apt-get update && apt-get install -y --no-install-recommends " + " ".join(n.package for n in missing))
    print(flush=True)


def _write(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, so that an interrupted run leaves nothing half-written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(content)
    partial.replace(path)


def _run(*command, problem: str) -> None:
    if subprocess.run([str(word) for word in command], cwd=ROOT, stdin=subprocess.DEVNULL, check=False).returncode:
        raise SetupError(problem)


def _runs(*command, cwd: Path | str = ROOT) -> bool:
    try:
        finished = subprocess.run(
            [str(word) for word in command],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return finished.returncode == 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\n安装已中断；再次执行时从中断处继续。", file=sys.stderr)
        sys.exit(130)
