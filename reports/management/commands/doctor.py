"""Looks over an installation and prints how it stands."""

from django.core.management.base import BaseCommand, CommandError

from ...examining import look_over
from ...remarks import FAULT


class Command(BaseCommand):
    help = "检查本机的安装（数据库、文件权限、字体、磁盘、时钟、密钥、后台程序、备份、HTTPS 和代理），现在能不能复制数据。有误的退出码为1。"

    def handle(self, **options):
        remarks = look_over(is_thorough=True)
        for remark in remarks:
            self.stdout.write(f"{remark.grade}　{remark.sentence}")
        faults = sum(remark.grade == FAULT for remark in remarks)
        if faults:
            raise CommandError(f"有{faults}项有误，见上。")
