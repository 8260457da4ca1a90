"""Running the demo and looking at what stands there afterwards."""

from io import StringIO

from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone

from ballots.models import TallyRow
from campaigns.models import Campaign
from reports import demo
from reports.models import SummaryVersion
from reports.report import report_of
from reports.scope import Scope


def run_demo(**options) -> str:
    """The output of the command in the demo's database, as which the test's own stands in."""
    output = StringIO()
    with override_settings(DEMO=True):
        call_command("demo", stdout=output, **options)
    return output.getvalue()


def load_demo() -> list[str]:
    """The names of the acts that were played, in the same way."""
    with override_settings(DEMO=True):
        return list(demo.load())


def campaign_of(name: str) -> Campaign:
    """The last one; those before it are sealed."""
    return Campaign.objects.filter(organizer__name=name).latest("pk")


def totals(campaign, *fields) -> dict:
    """The sums of tally columns by the indicator's text."""
    rows = TallyRow.objects.filter(poll__campaign=campaign).order_by("target__position", "indicator__position")
    sums = {}
    for text, *counts in rows.values_list("indicator__text", *fields):
        sums[text] = tuple(map(sum, zip(sums.get(text, (0,) * len(fields)), counts, strict=True)))
    return sums


def scope_of(name, *, place=0):
    """The campaign of a root that was held at this place, with all below it."""
    campaign = Campaign.objects.filter(organizer__name=name).order_by("pk")[place]
    return Scope.of(campaign, campaign.organizer)


def report_about(name):
    """The report of a root's own poll."""
    return report_of(Scope.of_poll(scope_of(name).polls.get()), today=timezone.localdate())


def versions_of(name):
    """Whether each version of a root's 小结 is final, first to last."""
    scope = scope_of(name)
    own = scope.polls.filter(organization=scope.organization).first()
    versions = SummaryVersion.objects.of(Scope.of_poll(own) if own else scope)
    return list(versions.order_by("number").values_list("is_final", flat=True))
