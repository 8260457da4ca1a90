"""`demo`: invented units with a campaign in each state and what follows it, four accounts and a participant's link."""

import os

from django.core.management.base import BaseCommand, CommandError

from campaigns.models import Role

from ... import demo


class Command(BaseCommand):
    help = "装入演示数据（已有的不重复装入），并列出网址、演示账号和参评人员的链接。"

    def add_arguments(self, parser):
        parser.add_argument(
            "--url",
            default=os.environ.get("PINGYI_ADDRESS", "http://127.0.0.1:8000"),
            help="网站的地址，默认为 %(default)s",
        )

    def handle(self, *, url: str, **options):
        try:
            for name in demo.load():
                self.stdout.write(f"已装入演示：{name}")
        except demo.NotADemo as reason:
            raise CommandError(str(reason)) from reason
        self.stdout.write(self._directions(url.rstrip("/")))

    def _directions(self, url: str) -> str:
        lines = [
            "",
            f"网址：{url}/",
            f"演示账号（仅供试用，密码均为 {demo.DEMO_PASSWORD}）：",
            *(f"  {username:<14}{Role.Kind(kind).label}" for kind, username in demo.ACCOUNTS.items()),
        ]
        address = demo.make_demo_address()
        if address:
            lines.append(
                f"参评人员：手机打开 {url}{address.path}，或打开 {url}/v/ 输入选票码 {address.code}（只能投一票，再启动时给新的）"
            )
        else:
            lines.append("参评人员：演示的评议会已经截止，可用 secretary 登录，另行开启一次评议。")
        return "\n".join(lines)
