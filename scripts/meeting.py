"""Serves a meeting from one laptop (`make run MEETING=1`): finds the address that phones can reach, shows it with its QR code,
keeps the laptop awake, and has each sealing backed up. Nothing is sent to find the address: the laptop's own list is read."""

import fcntl
import os
import shutil
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from getpass import getpass
from ipaddress import IPv4Address
from pathlib import Path

import segno

ROOT = Path(__file__).resolve().parent.parent
VAR = Path(os.environ.get("PINGYI_VAR", ROOT / "var"))
NETWORKS = Path("/sys/class/net")
# <linux/sockios.h>, <linux/if.h>
SIOCGIFFLAGS, SIOCGIFADDR, IFF_UP, IFF_LOOPBACK = 0x8913, 0x8915, 0x1, 0x8
# Within the machine, or into another network: no phone comes in there.
NOT_FOR_PHONES = ("docker", "veth", "br-", "virbr", "tun", "tap", "wg", "vmnet", "vboxnet")
# Most wait for a phone's bad Wi-Fi in the loop before the threads; these draw pages while one draws a PDF.
THREADS = "8"
LEAST_LETTERS = 12
AWAKE = ("systemd-inhibit", "--what=idle:sleep:handle-lid-switch", "--who=评议", "--why=正在开会", "--mode=block")


class MeetingError(Exception):
    """The meeting cannot be served; the message says what to do."""


def main() -> int:
    port = os.environ.get("PINGYI_BIND", "127.0.0.1:8000").rpartition(":")[2]
    try:
        address, others = choose(os.environ.get("MEETING", "1"), [*interfaces()])
        passphrase = ask_for_passphrase()
    except MeetingError as error:
        print(error, file=sys.stderr)
        return 1
    os.environ.update(settings_of(address, port, passphrase))
    print_welcome(f"http://{address}:{port}", others, is_backed_up=bool(passphrase))
    command = [*words_to_stay_awake(), sys.executable, str(ROOT / "scripts" / "serve.py")]
    os.execvp(command[0], command)  # never returns


def interfaces() -> Iterator[tuple[str, str]]:
    """The networks that the laptop is in: pairs of an interface's name and the laptop's address there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            try:
                (flags,) = struct.unpack_from("<H", fcntl.ioctl(asking, SIOCGIFFLAGS, request), 16)
                address = socket.inet_ntoa(fcntl.ioctl(asking, SIOCGIFADDR, request)[20:24])
            except OSError:  # it has no address
                continue
            if flags & IFF_UP and not flags & IFF_LOOPBACK:
                yield name, address


def choose(wanted: str, known: list[tuple[str, str]]) -> tuple[str, list[str]]:
    """The address for phones and the others that there are; `wanted` is one of them, or 1 for the likeliest."""
    offered = sorted((pair for pair in known if not pair[0].startswith(NOT_FOR_PHONES)), key=_likelihood)
    addresses = [address for _, address in offered]
    if wanted != "1":
        if wanted not in {address for _, address in known}:
            mine = "、".join(addresses) or "没有"
            raise MeetingError(f"MEETING 应为 1，或者本机的一个地址（{mine}），现在是“{wanted}”。")
        return wanted, [address for address in addresses if address != wanted]
    if not addresses:
        raise MeetingError("没有找到手机能访问的地址：请先让这台电脑连上会场的无线网，或者打开它自己的热点，再试一次。")
    return addresses[0], addresses[1:]


def _likelihood(pair: tuple[str, str]) -> tuple[bool, bool, str]:
    """Smaller for what phones are likelier to reach: a private address, on Wi-Fi."""
    name, address = pair
    return not IPv4Address(address).is_private, not (NETWORKS / name / "wireless").exists(), name


def ask_for_passphrase() -> str:
    """The passphrase of backups, kept nowhere: a laptop that is lost must not carry what opens them. Empty for none."""
    if "PINGYI_BACKUP_PASSPHRASE" in os.environ or not sys.stdin.isatty():
        passphrase = os.environ.get("PINGYI_BACKUP_PASSPHRASE", "")
        if 0 < len(passphrase) < LEAST_LETTERS:
            raise MeetingError(f"备份的口令至少{LEAST_LETTERS}个字。")
        return passphrase
    while passphrase := getpass(f"封存时自动备份用的口令（至少{LEAST_LETTERS}个字；直接回车就不自动备份）："):
        if len(passphrase) < LEAST_LETTERS:
            print(f"口令至少{LEAST_LETTERS}个字，请换一个。")
        elif getpass("再输入一遍：") != passphrase:
            print("两次输入的不同，请再来一次。")
        else:
            break
    return passphrase


def settings_of(address: str, port: str, passphrase: str) -> dict[str, str]:
    """The variables for the server: it listens everywhere, and prints this address whatever a request says."""
    variables = {
        "PINGYI_BIND": f"0.0.0.0:{port}",
        "PINGYI_HOSTS": f"{address},127.0.0.1,localhost",
        "PINGYI_SITE": f"http://{address}:{port}",
        "PINGYI_THREADS": os.environ.get("PINGYI_THREADS", THREADS),
    }
    if passphrase:
        variables |= {"PINGYI_BACKUP_PASSPHRASE": passphrase, "PINGYI_SEAL_BACKUPS": str(VAR / "backups")}
    return variables


def print_welcome(site: str, others: list[str], *, is_backed_up: bool) -> None:
    segno.make(f"{site}/", error="m", micro=False).terminal(compact=True)
    print(f"手机连上同一个无线网，扫上面的码，或者打开 {site}/")
    if others:
        print(f"打不开的，换一个地址：make run MEETING={others[0]}" + "".join(f"（或 {name}）" for name in others[1:]))
    if is_backed_up:
        print(f"每次封存以后自动备份到 {VAR / 'backups'}，散会以后请拷到移动硬盘上。")
    else:
        print("没有自动备份：散会以后请用 manage.py backup 做一份。")


def words_to_stay_awake() -> list[str]:
    """The words before a command that keep the laptop from sleeping while it runs; none where the system has no such thing."""
    if shutil.which(AWAKE[0]):
        tried = subprocess.run([*AWAKE, "true"], stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if tried.returncode == 0:
            return [*AWAKE]
    print("提醒：这台电脑不会自己保持唤醒，请在设置里关掉自动休眠，不要合上盖子。")
    return []


if __name__ == "__main__":
    sys.exit(main())
