"""`import_ballots --campaign TITLE FILE [--map MEANINGS] [--again] …`: ballots collected elsewhere, whole or not at all."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand

from campaigns.models import Campaign, TableMapping

from ...ballot_import import (
    AlreadyImported,
    Asking,
    InvalidMeanings,
    InvalidTable,
    Meanings,
    NotTaken,
    ShortOfValid,
    SourceTable,
    Undecided,
    Unreadable,
    asking_about,
    read_source,
    shape_of,
    translated,
    write_plan,
)

ADVICE = "不是这样的表头：用 --write-map 文件 写出一份草稿，填好各列、各词的意思，再用 --map 文件 导入。"


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
        parser.add_argument(
            "--map", type=Path, metavar="MEANINGS", help="各列、各词的意思（JSON）；不写的，照上次说明的读取"
        )
        parser.add_argument(
            "--write-map",
            type=Path,
            metavar="MEANINGS",
            help="只写出一份各列、各词意思的草稿（JSON），不导入；“？”的填好后用 --map",
        )
        parser.add_argument(
            "--rest", choices=["abstained"], help="汇总表里各档合计比有效票少一点的：abstained 差额按弃权计"
        )
        parser.add_argument("--again", action="store_true", help="同样内容的文件已经导入过，确认再次导入")

    def handle(self, *, file: Path, campaign: str, again: bool, hidden: str | None, earlier: str, **options):
        chosen = self._campaign(campaign)
        try:
            with file.open("rb") as content:
                table = read_source(content)
            asking = asking_about(chosen, table)
            if options["write_map"]:
                return self._write_draft(options["write_map"], asking)
            meanings = asking.completed(self._meanings(options["map"], chosen, table))
            unanswered = asking.unanswered(meanings)
            if table.unseen and not hidden:
                self._refuse([f"{table.unseen.sentence}。加上 --hidden count 一起导入，或者 --hidden leave 不导入。"])
            plan = asking.check(translated(table.seen() if hidden == "leave" else table, meanings))
            plan.notices[:0] = table.notices
            rest = options["rest"] == "abstained"
            imported = write_plan(chosen, plan, by=None, again=again, earlier=earlier, is_rest_abstained=rest)
        except InvalidTable as error:
            more = error.count - len(error.problems)
            lines = [*map(str, error.problems), *([f"另有{more}处错误未列出。"] if more else [])]
            self._refuse([*lines, *([ADVICE] if unanswered.columns or unanswered.constants else [])])
        except (Unreadable, NotTaken) as error:
            self._refuse([str(error)])
        except Undecided as error:
            advice = "是另外的票，加上 --earlier add；是同一批票后来重新下载的，加上 --earlier replace，原票批作废。"
            self._refuse([*(f"{batch.sentence}。" for batch in error.earlier), advice])
        except ShortOfValid as error:
            self._refuse([*error.shortfalls, "表里没有弃权的数；差额确是弃权的，加上 --rest abstained。"])
        except AlreadyImported:
            self._refuse(["同样内容的文件已经导入过，没有写入；确实是另一些票的，加上 --again 再次导入。"])
        except FileNotFoundError as error:
            self._refuse([f"没有文件“{error.filename}”。"])
        except OSError as error:
            self._refuse([f"读不了文件“{error.filename}”：它应是一个可以读取的文件（{type(error).__name__}）。"])
        for notice in plan.notices:
            self.stderr.write(notice, style_func=str)
        self.stdout.write(str(imported))

    def _meanings(self, path: Path | None, campaign: Campaign, table: SourceTable) -> Meanings:
        """The meanings out of a file, or those that were given in the browser for a table of this shape."""
        if path is None:
            remembered = TableMapping.objects.meaning(campaign.organizer, shape_of(table.names))
            return Meanings.from_json(remembered or {})
        try:
            return Meanings.from_json(json.loads(path.read_text(encoding="utf-8-sig")))
        except InvalidMeanings as error:
            self._refuse([f"“{path}”：{error}"])
        except ValueError:
            self._refuse([f"“{path}”不是 JSON 文件；可用 --write-map 写出一份草稿。"])

    def _write_draft(self, path: Path, asking: Asking) -> None:
        draft = asking.draft().to_json()
        path.write_text(json.dumps(draft, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        self.stdout.write(f'已写出“{path}”。把“？”改为各自的意思，不导入的列改为空（""），再用 --map 导入。')

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
