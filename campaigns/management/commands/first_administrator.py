"""`first_administrator USERNAME`: the first account of an empty real database, which administers everything."""

import getpass
import sys

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ...accounts.beginning import IN_USE_STATUS, AlreadyInUse, open_first_administrator
from ...forms.beginning import FirstAdministratorForm


class Command(BaseCommand):
    help = "在还没有账号的正式数据库里建首任管理员；密码在屏幕上问，或者从标准输入的第一行读。"

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="用户名")
        parser.add_argument("--name", metavar="姓名", default="系统管理员", help="默认为 %(default)s")

    def handle(self, *, username: str, name: str, **options):
        if settings.DEMO:
            raise CommandError("现在是演示（PINGYI_DEMO=1），首任管理员只建在正式的数据库里。")
        password, again = _password()
        form = FirstAdministratorForm(
            {"username": username, "first_name": name, "password1": password, "password2": again}
        )
        if not form.is_valid():
            raise CommandError(
                "\n".join(f"{form[field].label}：{'；'.join(form.errors[field])}" for field in form.errors)
            )
        try:
            open_first_administrator(
                form.cleaned_data["username"], name=form.cleaned_data["first_name"], password=password
            )
        except AlreadyInUse as reason:
            raise CommandError(str(reason), returncode=IN_USE_STATUS) from reason
        self.stdout.write(f"已建首任管理员“{form.cleaned_data['username']}”，现在可以登录。")


def _password() -> tuple[str, str]:
    """The password, asked twice at a terminal, taken from a pipe once."""
    if sys.stdin.isatty():
        return getpass.getpass("密码："), getpass.getpass("再输一次：")
    password = sys.stdin.readline().rstrip("\r\n")
    return password, password
