"""`load_campaign FILE.json [--seal|--prepare]`: a campaign file into the database, whole or not at all."""

from pathlib import Path

from django.core.management.base import BaseCommand

from ballots.campaign_file import InvalidFile, load_campaign_file

from ...scoring.in_files import write_scheme

MOST_LINES = 1000


class Command(BaseCommand):
    help = "载入评议活动文件（pingyi-campaign/1）：整个文件一次写入；有任何错误则一行不写，逐行列出错误。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE.json", help="评议活动文件")
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--seal", action="store_true", help="载入后截止、封存并计票")
        way.add_argument("--prepare", action="store_true", help="只装入配置，不开启，可以继续修改")

    def handle(self, *, file: Path, seal: bool, prepare: bool, **options):
        try:
            loaded = load_campaign_file(file, seal=seal, prepare=prepare, write_scheme=write_scheme)
        except InvalidFile as error:
            self._refuse([str(problem) for problem in error.problems])
        except FileNotFoundError:
            self._refuse([f"没有文件“{file}”。"])
        except OSError as error:
            self._refuse([f"读不了文件“{file}”：它应是一个可以读取的文件（{type(error).__name__}）。"])
        for notice in loaded.notices:
            self.stderr.write(notice, style_func=str)
        self.stdout.write(str(loaded))

    def _refuse(self, lines: list[str]):
        for line in lines[:MOST_LINES]:
            self.stderr.write(line, style_func=str)
        if len(lines) > MOST_LINES:
            self.stderr.write(f"另有{len(lines) - MOST_LINES}处错误未列出。", style_func=str)
        raise SystemExit(1)
