"""Checks the chain of the trail, or archives its old rows: `manage.py audit --verify`, `manage.py audit --archive FILE`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from campaigns.models import BegunDeed, TrailEntry

from ...trail.archiving import FEWEST_DAYS, CannotArchive, archive
from ...trail.chain import archived_end, chain_end, faults, is_known

FAULTS_SHOWN = 20


class Command(BaseCommand):
    help = "核对审计记录有没有被删去、修改、插入（有的退出状态为1），或者把满期的归档到文件。"

    def add_arguments(self, parser):
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--verify", action="store_true", help="逐条核对摘要")
        chosen.add_argument(
            "--archive", metavar="FILE", type=Path, help="把满期的写进一个新文件，每行一条JSON，然后移出"
        )
        parser.add_argument("--days", type=int, default=FEWEST_DAYS, help=f"满多少天的归档，不少于{FEWEST_DAYS}")
        parser.add_argument("--known", metavar="第几条:摘要", help="再核对以前抄下的这一条还在，没有换过")

    def handle(self, *, verify, archive, days, known, **options):
        if verify:
            self._verify(known)
        else:
            self._archive(archive, days)

    def _verify(self, known: str | None) -> None:
        faulty = 0
        for fault in faults():
            faulty += 1
            if faulty <= FAULTS_SHOWN:
                self.stdout.write(f"第{fault.number}条\t{fault.sentence}")
        if known and not _is_there(known):
            faulty += 1
            self.stdout.write(f"{known}\t没有这样的一条：被删去、换过，或者抄错了")
        if faulty:
            raise CommandError(f"审计记录有{faulty}处不符，见上。")
        end = chain_end()
        self.stdout.write(f"{TrailEntry.objects.count()}条审计记录逐条相符（此前归档到第{archived_end().number}条）。")
        if begun := BegunDeed.objects.count():
            self.stdout.write(
                f"另有{begun}件开始了，还没有记下结果：正在办，或者中途停了（满一刻钟由后台程序记为中断）。"
            )
        if end.digest:
            self.stdout.write(f"最后一条 {end.number}:{end.digest}，抄在别处，以后用 --known 核对末尾没有被截去。")

    def _archive(self, path: Path, days: int) -> None:
        try:
            archived = archive(path, days=days)
        except (CannotArchive, OSError) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(
            f"{archived.count}条（到第{archived.last_number}条）写入 {path}，SHA-256 {archived.file_digest}。"
        )


def _is_there(known: str) -> bool:
    number, _, digest = known.partition(":")
    if not number.isdecimal():
        raise CommandError("--known 要写成“第几条:摘要”，照抄上次核对时显示的那一行。")
    return is_known(int(number), digest.strip())
