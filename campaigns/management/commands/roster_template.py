"""`roster_template FILE.xlsx`: the empty roster workbook."""

from django.core.management.base import BaseCommand, CommandError

from ...roster.template import write_template


class Command(BaseCommand):
    help = "写出名册导入模板（.xlsx）。"

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE.xlsx")

    def handle(self, *, file, **options):
        if not file.lower().endswith(".xlsx"):
            raise CommandError("文件名应以 .xlsx 结尾。")
        try:
            write_template(file)
        except OSError as error:
            raise CommandError(f"不能写入 {file}：{error.strerror}。") from error
        self.stdout.write(f"已写出名册导入模板：{file}")
