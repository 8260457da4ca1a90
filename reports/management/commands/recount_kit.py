"""Writes the recount kit of a campaign: `manage.py recount_kit --campaign TITLE --output FILE.zip`."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ballots.counting.kit.writing import NothingSealed, write_kit
from pingyi.files import write_whole

from ...choosing import NotFound, campaign_called


class Command(BaseCommand):
    help = "写出一次评议活动的重新计票材料：票箱、票样、结果，和不依赖本软件的清点程序verify.py。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", required=True, metavar="TITLE", help="评议活动的名称")
        parser.add_argument("--output", required=True, metavar="FILE", help="写到这个ZIP文件")

    def handle(self, *, campaign, output, **options):
        path = Path(output)
        try:
            with write_whole(path) as file:
                boxes = write_kit(campaign_called(campaign), file)
        except (NotFound, NothingSealed) as refusal:
            raise CommandError(str(refusal)) from refusal
        except OSError as error:
            raise CommandError(f"写不了文件“{path}”：{error.strerror}。") from error
        self.stdout.write(f"已写到{path}：票箱{boxes}个。里面有各票批分开的票，只给有权核对的人。")
