"""`which_data`: the word by which `make run` decides whether to serve the real database or the demo."""

from django.core.management.base import BaseCommand, CommandError

from pingyi.trouble import damage_in_file

from ...accounts.beginning import is_in_use

REAL, DEMO = "real", "demo"


class Command(BaseCommand):
    help = "写出 real（数据库里已有账号，正式使用）或者 demo（还没有账号）；供 make run 使用。"

    def handle(self, **options):
        if damage := damage_in_file():
            raise CommandError(str(damage))
        self.stdout.write(REAL if is_in_use() else DEMO)
