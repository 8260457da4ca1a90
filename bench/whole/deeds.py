"""The deeds of a county in the middle of the province, and those of the province about a whole campaign, each through the
application's own code: what each cost.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from math import inf

from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import closing, sealing
from ballots.counting.recounting import recount_all
from ballots.models import Batch
from ballots.voting import casting, codes, cookies
from campaigns import actions
from campaigns.models import Campaign, Organization, Role
from campaigns.roster.comparing import compare_roster
from campaigns.roster.layout import COMMITMENTS, MEMBERS, ORGANIZATIONS, SHEETS
from campaigns.roster.reading import read_workbook
from campaigns.roster.template import write_sheets
from campaigns.roster.writing import write_reading
from reports.report.filing_all import file_planned, plan_filing
from reports.results.recounting import RollupRecount
from reports.scope import Scope

from ..children import peak_memory
from .accounts import chosen_units
from .pages import worked

MEMBERS_OF_UNIT = 12
UNITS_OF_TOWN = 25
BALLOTS_OF_MEETING = 10
SUMMARIES_OF_A_PRESS = 20
# Of a deed that is done to all units at once.
PROVINCE = "全省"
MARKS = "1" * 9


def do_deeds(url: str, units: int, meetings: int) -> dict:
    """Import so many units, hold a campaign of them, and cast into so many open meetings of this year's campaign."""
    measured: list[dict] = []
    county = chosen_units().county
    secretary = User.objects.create(username="county-secretary")
    Role.objects.create(user=secretary, organization=county, kind=Role.Kind.SECRETARY)
    imported = _import(measured, county, secretary, units)
    _hold(measured, county, imported)
    _cast(measured, meetings)
    _do_of_province(measured)
    return {"deeds": measured}


@contextmanager
def _measured(measured: list[dict], deed: str, count: int | str) -> Iterator[None]:
    """Processor time of this process and of the database's for it, with how many things were done meanwhile."""
    connection.ensure_connection()
    backend = connection.connection.info.backend_pid
    wall, own, database = time.perf_counter(), time.process_time(), worked(backend)
    yield
    own, database = time.process_time() - own, worked(backend) - database
    measured.append(
        {
            "deed": deed,
            "count": count,
            "seconds": round(own + database, 2),
            "database_seconds": round(database, 2),
            "wall_seconds": round(time.perf_counter() - wall, 2),
            "peak_mb": round(peak_memory(), 1),
        }
    )


def _import(measured: list[dict], county: Organization, secretary: User, units: int) -> list[Organization]:
    file = BytesIO()
    write_sheets(file, SHEETS, title="名册", rules=(), rows=_rows(county, units))
    file.seek(0)
    with _measured(measured, "读入一个县的名册工作簿", units):
        reading = read_workbook(file)
    with _measured(measured, "与名册比较，预览", units):
        comparison = compare_roster(reading, secretary)
    with _measured(measured, "写入名册", units):
        write_reading(reading, secretary, previewed=comparison.digest)
    return list(Organization.objects.within(county).filter(kind="branch", name__startswith="新"))


def _rows(county: Organization, units: int) -> dict[str, list]:
    towns = [f"新建第{number}镇党委" for number in range(-(-units // UNITS_OF_TOWN))]
    branches = [(f"新建第{number}党支部", f"{county.name}/{towns[number // UNITS_OF_TOWN]}") for number in range(units)]
    people = [
        (f"新党员{number}之{member}", name)
        for number, (name, _) in enumerate(branches)
        for member in range(MEMBERS_OF_UNIT)
    ]
    return {
        ORGANIZATIONS.name: [(town, "党委", county.name) for town in towns]
        + [(name, "党支部", above) for name, above in branches],
        MEMBERS.name: [(name, unit, "正式党员", "普通党员") for name, unit in people],
        COMMITMENTS.name: [(unit, name, "公开承诺", "办好一件实事", None, "践诺中") for name, unit in people],
    }


def _hold(measured: list[dict], county: Organization, units: list[Organization]) -> None:
    campaign = actions.create_campaign(
        organizer=county,
        appraisal="company-two-forms",
        title="全县评议",
        period="2026年度",
        by=None,
        starts_on="2026-11-01",
        ends_on="2026-11-30",
        is_stopped_on_time=False,  # measured on any day
    )
    with _measured(measured, "选定评议单位", len(units)):
        actions.make_polls(campaign, units)
    with _measured(measured, "开启", len(units)):
        ballot_actions.open_campaign(campaign, by=None)
    _close(campaign)
    with _measured(measured, "封存", len(units)):
        sealing.seal_all(campaign, by=None)


def _close(campaign: Campaign) -> None:
    marks, category = "1" * 8, campaign.categories.last()
    for poll in campaign.polls.all():
        batch = ballot_actions.add_batch(poll, channel="meeting", category=category, method=Batch.Method.ENTERED)
        count = casting.record_ballots(batch=batch, marks=[(marks, BALLOTS_OF_MEETING)])
        facts = {batch.pk: closing.BatchFacts(issued=count, returned=count)}
        closing.close(poll, by=None, attended=None, facts=facts)


def _cast(measured: list[dict], meetings: int) -> None:
    """A ballot in each of so many meetings, with a slip of its own."""
    batches = Batch.objects.filter(poll__state="open", method=Batch.Method.SLIPS, poll__campaign__organizer=1)
    tickets = [codes.exchange(codes.make_slips(batch, 1)[0]) for batch in batches.order_by("pk")[:meetings]]
    with _measured(measured, "投票，每个评议点一张", len(tickets)):
        for ticket in tickets:
            casting.cast(ticket=ticket, key=cookies.submission_key(ticket), marks=MARKS)


def _do_of_province(measured: list[dict]) -> None:
    """The deeds of the province about a whole campaign, each done to last year's, or to a copy of it that goes again."""
    source = Campaign.objects.filter(organizer=1).order_by("pk")[0]
    plan = plan_filing(Scope.of(source, source.organizer))
    plan.unworded = plan.unworded[:SUMMARIES_OF_A_PRESS]
    with _measured(measured, "定稿小结，一份一份地", len(plan.unworded)):
        file_planned(plan, by=None, today=timezone.localdate(), with_unworded=True)
    with _measured(measured, "复制活动", PROVINCE):
        campaign = actions.copy_campaign(source, title="复制的一次", period="下一年度", by=None)
    with _measured(measured, "增加一张评议表", PROVINCE), actions.targets_following(campaign):
        added = actions.copy_questionnaire(campaign, "satisfied-deed")
    with _measured(measured, "删除一张评议表", PROVINCE), actions.targets_following(campaign):
        actions.remove_questionnaire(added)
    with _measured(measured, "按名册更新评议对象", PROVINCE):
        actions.refresh_targets(campaign)
    with _measured(measured, "删除筹备中的活动", PROVINCE):
        actions.delete_campaign(campaign, seconds=inf)


def recount_province(url: str) -> dict:
    """Whether the boxes of last year's campaign give what stands in its rows, as `manage.py recount` looks at it."""
    campaign = Campaign.objects.filter(organizer=1).order_by("pk")[0]
    sums, problems = RollupRecount(campaign), []
    for recounted in recount_all(campaign.polls.sealed()):
        problems += recounted.problems
        sums.add(recounted)
    return {"problems": problems + sums.problems()}
