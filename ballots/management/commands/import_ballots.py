"""`import_ballots --campaign TITLE FILE [--again] [--hidden count|leave] [--earlier add|replace]`: ballots collected elsewhere, whole or not at all."""

from pathlib import Path

from django.core.management.base import BaseCommand

from campaigns.models import Campaign

from ...ballot_import import (
    AlreadyImported,
    InvalidTable,
    NotTaken,
    Undecided,
    Unreadable,
    check_table,
    read_table,
    unseen_in,
    write_plan,
)


class Command(BaseCommand):
    help = "导入评议票（CSV 或 .xlsx，一行一张票）：所有行一次写入；有任何错误则一行不写，逐行列出错误。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE", help="评议票文件")
        parser.add_argument("--campaign", required=True, metavar="TITLE", help="评议活动名称")
        parser.add_argument(
            "--hidden", choices=["count", "leave"], help="隐藏或者被筛选掉的行和列：count 一起导入，leave 不导入"
        )
        parser.add_argument(
            "--earlier",
            choices=["add", "replace"],
            default="",
            help="同一单位、渠道、类别已经导入过票的：add 是另外的票，replace 代替原来的票批（原票批作废）",
        )
        parser.add_argument("--again", action="store_true", help="同样内容的文件已经导入过，确认再次导入")

    def handle(self, *, file: Path, campaign: str, again: bool, hidden: str | None, earlier: str, **options):
        chosen = self._campaign(campaign)
        try:
            with file.open("rb") as content:
                unseen = unseen_in(content)
                if unseen and not hidden:
                    self._refuse([f"{unseen.sentence}。加上 --hidden count 一起导入，或者 --hidden leave 不导入。"])
                plan = check_table(chosen, read_table(content, without=unseen if hidden == "leave" else None))
                plan.notices[:0] = unseen.notices
            imported = write_plan(chosen, plan, by=None, again=again, earlier=earlier)
        except InvalidTable as error:
            more = error.count - len(error.problems)
            self._refuse([*map(str, error.problems), *([f"另有{more}处错误未列出。"] if more else [])])
        except (Unreadable, NotTaken) as error:
            self._refuse([str(error)])
        except Undecided as error:
            advice = "是另外的票，加上 --earlier add；是同一批票后来重新下载的，加上 --earlier replace，原票批作废。"
            self._refuse([*(f"{batch.sentence}。" for batch in error.earlier), advice])
        except AlreadyImported:
            self._refuse(["同样内容的文件已经导入过，没有写入；确实是另一些票的，加上 --again 再次导入。"])
        except FileNotFoundError:
            self._refuse([f"没有文件“{file}”。"])
        except OSError as error:
            self._refuse([f"读不了文件“{file}”：它应是一个可以读取的文件（{type(error).__name__}）。"])
        for notice in plan.notices:
            self.stderr.write(notice, style_func=str)
        self.stdout.write(str(imported))

    def _campaign(self, title: str) -> Campaign:
        campaigns = list(Campaign.objects.filter(title=title).select_related("organizer"))
        if not campaigns:
            self._refuse([f"没有名为“{title}”的评议活动。"])
        if len(campaigns) > 1:
            organizers = "、".join(f"“{campaign.organizer}”" for campaign in campaigns)
            self._refuse([f"名为“{title}”的评议活动有{len(campaigns)}个（{organizers}），请在网页上导入。"])
        return campaigns[0]

    def _refuse(self, lines: list[str]):
        for line in lines:
            self.stderr.write(line, style_func=str)
        raise SystemExit(1)
