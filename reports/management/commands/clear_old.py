"""Clears what was kept long enough, by the periods that an administrator confirmed; the worker does the same once an hour."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from ...models import KeptKind
from ...retention.clearing import clear_old
from ...retention.due import lots_due
from ...retention.periods import are_periods_confirmed, chosen_periods


class Command(BaseCommand):
    help = "Clear details whose period is over. Boxes, tallies and totals stay."

    def add_arguments(self, parser):
        parser.add_argument("--preview", action="store_true", help="only say how many would go")

    def handle(self, *, preview, **options):
        if not are_periods_confirmed():
            self.stdout.write("保存期限还没有确认，什么也不清除：请系统管理员在“保存期限”页上核对、确认。")
            return
        today = timezone.localdate()
        if preview:
            told = [(lot.kind, lot.place, lot.number) for lot in lots_due(chosen_periods(), today=today)]
        else:
            told = [(record.kind, record.place, record.cleared_count) for record in clear_old(today=today)]
        for kind, place, number in told:
            self.stdout.write("\t".join((KeptKind(kind).label, place, str(number))))
        done = "将清除" if preview else "已清除"
        self.stdout.write(f"{done}{sum(number for *_, number in told)}项。" if told else "没有到期的。")
