"""Counts the sealed boxes again and compares them with what was written: `manage.py recount [--campaign] [--unit]`."""

from django.core.management.base import BaseCommand, CommandError

from ballots import sealing
from ballots.models import Batch, SealedBox
from campaigns.models import Campaign, Poll


class Command(BaseCommand):
    help = "重新清点封存票箱，与计票结果核对；每个评议点一行，有不一致的退出状态为1。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", metavar="TITLE", help="只核对这个名称的评议活动")
        parser.add_argument("--unit", metavar="NAME", help="只核对这个评议单位")

    def handle(self, *, campaign, unit, **options):
        polls = _chosen(campaign, unit)
        disagreeing = 0
        for poll in polls.iterator():
            problems = sealing.recount(poll)
            disagreeing += bool(problems)
            self.stdout.write(_line(poll, problems))
        if disagreeing:
            raise CommandError(f"有{disagreeing}个评议点不一致。")
        if not polls.exists():
            self.stdout.write("没有已封存的评议点。")


def _chosen(campaign, unit):
    """The sealed polls that were asked for; CommandError for a name that does not exist or has none."""
    if campaign and not Campaign.objects.filter(title=campaign).exists():
        raise CommandError(f"没有名为“{campaign}”的评议活动。")
    polls = Poll.objects.sealed().select_related("organization", "campaign")
    if campaign:
        polls = polls.filter(campaign__title=campaign)
    if unit:
        polls = polls.filter(organization__name=unit)
    if (campaign or unit) and not polls.exists():
        raise CommandError("所选范围内没有已封存的评议点，请核对活动名称和单位名称。")
    return polls


def _line(poll: Poll, problems: list[str]) -> str:
    boxes = SealedBox.objects.filter(batch__poll=poll).select_related("batch").order_by("pk")
    # A batch has one box a target, each with the same ballots cut up.
    counting, void = {}, {}
    for box in boxes:
        (void if box.batch.state == Batch.State.VOID else counting)[box.batch_id] = box.ballot_count
    ballots = f"有效票{sum(counting.values())}张" + (f"（另有作废票批中{sum(void.values())}张）" if void else "")
    verdict = "不一致：" + " ".join(problems) if problems else "一致"
    return f"{poll.campaign}\t{poll.organization}\t票箱{len(boxes)}个\t{ballots}\t{verdict}"
