"""Moves everything from SQLite to PostgreSQL: `manage.py move --to postgres://…`."""

from django.core.management.base import BaseCommand, CommandError

from ...backups.moving import CannotMove, go_on_in, move_to


class Command(BaseCommand):
    help = (
        "把SQLite里的全部数据搬到一个空的PostgreSQL数据库，逐行比较一致才算搬成。先停止网页服务和后台程序，先做备份。"
    )

    def add_arguments(self, parser):
        parser.add_argument("--to", required=True, metavar="URL", help="postgres://用户:口令@主机/库名，一个空的数据库")

    def handle(self, *, to, **options):
        try:
            moved = move_to(to)
        except CannotMove as refusal:
            raise CommandError(str(refusal)) from refusal
        go_on_in(to)
        self.stdout.write(
            f"已搬过去：{moved.tables}张表，{moved.rows}行，逐行比较一致。以后请设环境变量 DATABASE_URL 为目标数据库再启动，"
            "并执行 manage.py recount 核对一遍。旧的数据库改名为"
            f"{moved.old_file}，核对无误、做好备份以后销毁。"
        )
