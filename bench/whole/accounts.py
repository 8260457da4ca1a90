"""Who opens the pages, and the objects that each has to open: the province's campaigns, and small worlds below one county."""

from dataclasses import dataclass
from types import SimpleNamespace

from django.contrib.auth.models import User
from django.utils import timezone

from ballots.models import Opinion
from campaigns import actions
from campaigns.models import Campaign, Organization, Role
from reports.models import Announcement, Letter, Problem
from tests.permissions.worlds import make_keys

from .visitors import VISITORS

# The worlds of `make_keys`: no state of a campaign has objects of every kind.
SMALL_WORLDS = (
    "sealed members",
    "ledger done",
    "plan",
    "sealed used",
    "sealed scored",
    "closed worded",
    "open paper",
    "open screen",
    "preparing",
    "sealed commented",
)


def place(url: str) -> dict:
    """The accounts, and small worlds at the county, as JSON: what is walked afterwards in other processes."""
    units = chosen_units()
    for username, kind, level, _ in VISITORS:
        Role.objects.create(user=User.objects.create(username=username), organization=getattr(units, level), kind=kind)
    return {"small": [_small_world(units.county, number, state) for number, state in enumerate(SMALL_WORLDS)]}


def chosen_units() -> SimpleNamespace:
    """The province, and a county with the branch whose pages are opened: it has an announcement, or at least a problem."""
    announced = Announcement.objects.filter(poll__campaign__organizer=1, poll__organization__kind="branch")
    problems = Problem.objects.filter(campaign__organizer=1, organization__kind="branch")
    keys = [*announced.order_by("-pk").values_list("poll__organization", flat=True)[:2]]
    keys += problems.order_by("-pk").values_list("organization", flat=True)[:2]
    branch = Organization.objects.get(pk=keys[0])
    return SimpleNamespace(
        province=Organization.objects.get(pk=1), county=Organization.objects.get(path=branch.path[:24]), branch=branch
    )


def _small_world(county: Organization, number: int, state: str) -> dict:
    unit = actions.add_organization(name=f"第{number}开发区党委", kind="committee", parent=county)
    branch = actions.add_organization(name="第一党支部", kind="branch", parent=unit)
    people = SimpleNamespace(organization=unit, branch_unit=branch)
    for kind in (Role.Kind.SECRETARY, Role.Kind.TELLER, Role.Kind.OFFICER, Role.Kind.ADMINISTRATOR):
        setattr(people, kind.value, _person(f"{kind}-{number}", kind, unit))
    people.clerk = _person(f"clerk-{number}", Role.Kind.TELLER, branch)
    keys = make_keys(people, state)
    # The letters of all worlds come from the same page.
    for letter in Letter.objects.filter(letterbox__organization=unit):
        Letter.objects.filter(pk=letter.pk).update(receipt=f"{letter.pk:064d}")
    return keys


def _person(username: str, kind: str, organization: Organization) -> User:
    user = User.objects.create(username=username)
    Role.objects.create(user=user, organization=organization, kind=kind)
    return user


@dataclass(frozen=True)
class KeysOfCampaign:
    """The keys of a whole campaign of the province that a visitor may ask for."""

    title: str
    keys: dict


def province_keys(level: str) -> list[KeysOfCampaign]:
    """For each of the three campaigns the keys of its pages, as a visitor of a level asks: about the own unit, and the branch's poll."""
    units = chosen_units()
    unit = getattr(units, level)
    keys = {"organization_id": unit.pk, "user_id": _below(unit).pk, "role_id": _below(unit).roles.get().pk}
    keys["member_id"] = units.branch.members.order_by("pk")[0].pk
    keys["commitment_id"] = units.branch.commitments.order_by("pk")[0].pk
    if problem := Problem.objects.filter(organization=units.branch).first():
        keys |= {"problem_id": problem.pk, "measure_id": problem.measures.order_by("pk")[0].pk}
    return [
        KeysOfCampaign(title, keys | _of_campaign(campaign, units.branch))
        for title, campaign in zip(
            ("已封存", "进行中", "筹备中"), Campaign.objects.filter(organizer=1).order_by("pk"), strict=True
        )
    ]


def _below(unit: Organization) -> User:
    """A secretary at the unit or below it, whom an administrator may edit."""
    return User.objects.filter(username=f"secretary{unit.pk:06d}").get()


def _of_campaign(campaign: Campaign, branch: Organization) -> dict:
    poll = campaign.polls.get(organization=branch)
    keys = {"campaign_id": campaign.pk, "poll_id": poll.pk, "target_id": poll.targets.order_by("pk")[0].pk}
    keys["questionnaire_id"] = campaign.questionnaires.order_by("pk")[0].pk
    if batch := poll.batches.first():
        keys["batch_id"] = batch.pk
    if opinion := Opinion.objects.filter(target__poll=poll).first():
        keys["opinion_id"] = opinion.pk
    if announcement := Announcement.objects.filter(poll=poll).first():
        keys |= {"announcement_id": announcement.pk, "token": announcement.token}
    return keys | {"number": 1, "today": str(timezone.localdate())}
