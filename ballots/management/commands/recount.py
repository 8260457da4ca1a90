"""Counts the sealed boxes again and compares them with what was written: `manage.py recount [--campaign] [--unit]`."""

from django.core.management.base import BaseCommand, CommandError

from campaigns.models import Campaign, Poll

from ...counting import recounting


class Command(BaseCommand):
    help = "重新清点封存票箱，与计票结果核对；每个评议点一行，有不一致的退出状态为1。"

    def add_arguments(self, parser):
        parser.add_argument("--campaign", metavar="TITLE", help="只核对这个名称的评议活动")
        parser.add_argument("--unit", metavar="NAME", help="只核对这个评议单位")

    def handle(self, *, campaign, unit, **options):
        polls = _chosen(campaign, unit)
        disagreeing, campaigns = 0, {}
        for recounted in recounting.recount_all(polls):
            disagreeing += bool(recounted.problems)
            campaigns[recounted.poll.campaign_id] = recounted.poll.campaign
            self.stdout.write(_line(recounted))
        if disagreeing:
            raise CommandError(f"有{disagreeing}个评议点不一致。")
        # All boxes of a campaign laid end to end, against the sums that committees read.
        totals = {} if unit else {counted: recounting.total_problems(counted) for counted in campaigns.values()}
        for counted, problems in totals.items():
            for problem in problems:
                self.stdout.write(f"{counted}\t合计\t不一致：{problem}")
        if any(totals.values()):
            raise CommandError("各票箱的合计与结果的合计不一致。")
        if not campaigns:
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


def _line(recounted: recounting.Recount) -> str:
    ballots = f"有效票{recounted.valid}张" + (f"（另有作废票批中{recounted.void}张）" if recounted.void else "")
    verdict = "不一致：" + " ".join(recounted.problems) if recounted.problems else "一致"
    return f"{recounted.poll.campaign}\t{recounted.poll.organization}\t票箱{recounted.boxes}个\t{ballots}\t{verdict}"
