"""`take_second_factor USERNAME`: for an office whose only administrator has lost the device and the recovery codes."""

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError

from ...accounts.second_factor import take_factor


class Command(BaseCommand):
    help = "取消一个账号的两步验证，本人下次登录只用密码；只在网页上没有别的管理员能办时使用，留有记录。"

    def add_arguments(self, parser):
        parser.add_argument("username", metavar="用户名")

    def handle(self, *, username: str, **options):
        account = User.objects.filter(username=username).first()
        if account is None:
            raise CommandError(f"没有用户名是“{username}”的账号。")
        if not take_factor(account, by=None):
            raise CommandError(f"“{username}”没有启用两步验证。")
        self.stdout.write(f"已取消“{username}”的两步验证。")
