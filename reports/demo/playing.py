"""Plays the acts that are not there yet, and finds the way in."""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ballots.counting import sealing
from ballots.models import Batch
from ballots.voting.codes import make_slips, pretty
from campaigns import actions
from campaigns.models import Organization, Poll, Role

from . import accounts, words
from .acts.branch import branch
from .acts.college import college
from .acts.community import community
from .acts.company import company
from .acts.five_steps import five_steps
from .acts.performance import performance
from .acts.report_draft import report_draft
from .acts.team import team
from .acts.township import township
from .stage import Stage

SEED = "pingyi demo 1"
Play = Callable[[Stage, Organization], None]


@dataclass(frozen=True)
class Act:
    """A root organization and what is played there."""

    name: str
    kind: str
    play: Play
    suggestions: tuple[str, ...]


ACTS = (
    Act("青岚市水务局党组", "group", report_draft, words.IN_OFFICE),
    Act("青岚大学体育学院党总支", "general_branch", college, words.IN_SCHOOL),
    Act("青岚县工业园区管委会党支部", "branch", branch, words.IN_OFFICE),
    Act("槐荫街道清泉社区党委", "committee", community, words.IN_COMMUNITY),
    Act("青岚县教育和科学技术局党委", "committee", performance, words.IN_OFFICE),
    Act("青岚市统计局党组", "group", team, words.IN_OFFICE),
    Act("青岚县松坡乡东沟村党支部", "branch", five_steps, words.IN_VILLAGE),
    Act("青岚县柳溪乡党委", "committee", township, words.IN_VILLAGE),
    Act("青岚煤业公司党委", "committee", company, words.AT_WORK),
)


class NotADemo(Exception):
    """This is a real database, or somebody has an account of their own here: the demo, whose password everybody knows,
    keeps out."""


@dataclass(frozen=True)
class Address:
    """The way into the meeting that is on: the path of the link and the code as typed."""

    path: str
    code: str


def load() -> Iterator[str]:
    """Play what is missing, yielding the name of each act that was played; nothing where the demo was complete once.

    Raises NotADemo. An interrupted run is continued by the next: nobody can log in before the last act is over.
    """
    if not settings.DEMO:
        raise NotADemo(
            "演示的账号和密码人人知道，演示数据只装入它自己的数据库（var/demo/demo.sqlite3），不装入正式的数据库。"
            "请用 make run 或 make dev，或者设 PINGYI_DEMO=1。"
        )
    names = [act.name for act in ACTS]
    roots = Organization.objects.filter(parent=None)
    if accounts.were_given_out(demo_is_there=roots.filter(name__in=names).exists()):
        return
    if accounts.others_exist():
        raise NotADemo("数据库中已有正式账号，不再装入演示数据。")
    users = accounts.prepare()
    for act in ACTS:
        if _play(act, users):
            yield act.name
    sealing.erase_traces()
    with transaction.atomic():
        accounts.give_out(users, list(roots.filter(name__in=names)))


def _play(act: Act, users: dict) -> bool:
    """Play one act whole, unless its root is there."""
    if Organization.objects.filter(parent=None, name=act.name).exists():
        return False
    stage = Stage(
        secretary=users[Role.Kind.SECRETARY],
        today=timezone.localdate(),
        chance=random.Random(f"{SEED} {act.name}"),  # noqa: S311  no secret: the demo is the same everywhere
        suggestions=act.suggestions,
    )
    with transaction.atomic():
        root = actions.add_organization(name=act.name, kind=act.kind)
        act.play(stage, root)
        stage.look_at_tables()
    return True


def make_demo_address() -> Address | None:
    """The way into the demo's open meeting, by a slip made for it: the screen's code changes. None once it is closed."""
    batch = Batch.objects.filter(
        method=Batch.Method.SLIPS,
        state=Batch.State.OPEN,
        poll__state=Poll.State.OPEN,
        poll__batches__method=Batch.Method.SCREEN,
        poll__campaign__organizer__name__in=[act.name for act in ACTS],
    ).first()
    if batch is None:
        return None
    (slip,) = make_slips(batch, 1)
    return Address(f"/v/{slip}/", pretty(slip))
