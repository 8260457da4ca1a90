"""`save_campaign --campaign TITLE --output FILE.json`: the configuration of a campaign as a file."""

from pathlib import Path

from django.core.management.base import BaseCommand

from ballots.campaign_file import InvalidFile, campaign_text
from pingyi.files import write_whole

from ...choosing import NotFound, campaign_called
from ...scoring.in_files import scheme_entry


class Command(BaseCommand):
    help = "把一次评议活动的配置写成活动文件（pingyi-campaign/1），不含票、结果和上传的文件。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True, metavar="TITLE", help="活动名称，重复的写“组织单位/标题”")
        parser.add_argument("--output", required=True, type=Path, metavar="FILE.json", help="写到哪个文件")

    def handle(self, *, campaign: str, output: Path, **options):
        try:
            chosen = campaign_called(campaign)
            text = campaign_text(chosen, scoring=scheme_entry(chosen))
        except (NotFound, InvalidFile) as error:
            self.stderr.write(str(error), style_func=str)
            raise SystemExit(1) from None
        try:
            with write_whole(output, mode=0o644) as file:
                file.write(text.encode())
        except OSError as error:
            self.stderr.write(f"写不了文件“{output}”（{type(error).__name__}）。", style_func=str)
            raise SystemExit(1) from None
        self.stdout.write(f"已写出评议活动“{chosen}”的配置：{output}")
