"""A deletion as it would be: what goes, what stays and why, and what has to be settled first. Nothing is changed here."""

from dataclasses import dataclass

from campaigns.models import Commitment, Member, Poll
from campaigns.ways import Way, way_to

from ..models import Attendance, LeaderComment, SelfAppraisal
from .content import NOT_LINKED, ballots_about, ledger_about


@dataclass(frozen=True)
class Obstacle:
    """A reason why nobody can be deleted yet, and the page where it is settled."""

    sentence: str
    way: Way


@dataclass(frozen=True)
class DeletionPlan:
    """Kinds with numbers that go, sentences about what stays, and the obstacles."""

    goes: tuple[tuple[str, int], ...]
    stays: tuple[str, ...]
    obstacles: tuple[Obstacle, ...]
    # Whether a row without the name has to stay in the person's place.
    leaves_a_shell: bool

    @property
    def detail(self) -> str:
        """「自评2份、出席3次」, for the record."""
        return "、".join(f"{kind}{number}项" for kind, number in self.goes)


def deletion_plan(member: Member) -> DeletionPlan:
    kept, goes = commitments_that_stay(member).count(), _goes(member)
    targets = list(ballots_about(member).order_by("poll__campaign_id", "pk"))
    return DeletionPlan(
        goes=tuple((kind, number) for kind, number in goes if number),
        stays=tuple(_stays(member, [_where(target.poll) for target in targets], kept)),
        obstacles=tuple(_obstacles(member, [target.poll for target in targets])),
        leaves_a_shell=bool(targets or kept),
    )


def commitments_that_go(member: Member):
    """Promises that nobody voted on, and of which the ledger knows nothing."""
    return Commitment.objects.filter(member=member, targets=None, problems=None)


def commitments_that_stay(member: Member):
    return Commitment.objects.filter(member=member).exclude(pk__in=commitments_that_go(member).values("pk"))


def _goes(member: Member) -> tuple[tuple[str, int], ...]:
    return (
        ("名册", 1),
        ("转接记录", member.transfers.count()),
        ("公开承诺", commitments_that_go(member).count()),
        ("出席情况里的姓名", Attendance.objects.filter(member=member).count()),
        ("自评", SelfAppraisal.objects.filter(member=member).count()),
        ("领导点评", LeaderComment.objects.filter(member=member).count()),
    )


def _stays(member: Member, places: list[str], kept: int):
    yield NOT_LINKED[0]
    if places:
        yield (
            f"本人曾是评议对象（{'、'.join(dict.fromkeys(places))}）：票上印的姓名在冻结的票样、封存的票箱、计票结果和签字的报告单里，"
            "结果是别人投的票，删了就没法重新计票，所以留着；据此作出的等次评定、结果认定、上级评价也留着。"
        )
    if kept:
        yield f"有{kept}项承诺交群众评过，或者转入了台账，承诺的内容留着，承诺人不再写姓名。"
    if Attendance.objects.filter(member=member).exists():
        yield "评议会应到、实到、缺席的人数留着，不带姓名；应参评、实参评的人数本来就只是数。"
    yield "已经定稿的小结、已经发布的公示、已经下载和打印的文件是归档的，不改。"
    yield "台账、会议记录、小结的正文里写到的姓名，系统认不出是谁，要在那里改。"
    yield "以前做的备份里还有，到备份换掉为止。"


def _where(poll: Poll) -> str:
    return f"{poll.campaign}·{poll.unit_name}"


def _obstacles(member: Member, polls: list[Poll]):
    """Whatever still goes on and needs to know who it is about."""
    for poll in polls:
        if poll.state != Poll.State.SEALED:
            yield Obstacle(
                f"“{_where(poll)}”的票上有本人，评议点还没有封存；封存以后才能删除，或者还在筹备的，先从评议对象里去掉。",
                way_to("评议点", "ballots:poll_detail", poll.pk),
            )
    unfinished = ledger_about(member).unfinished().distinct().order_by("pk").first()
    if unfinished:
        yield Obstacle(
            "台账里有本人的问题还没有办结，办结以后才能删除。",
            way_to("整改台账", "reports:problem_detail", unfinished.pk),
        )
    going_on = Commitment.objects.filter(member=member, targets__poll__in=_unsealed()).exists()
    if going_on:
        yield Obstacle(
            "本人的承诺正在交群众评，评议点封存以后才能删除。",
            way_to("评议点", "ballots:poll_detail", _voted_on(member)),
        )


def _unsealed():
    return Poll.objects.exclude(state=Poll.State.SEALED).values("pk")


def _voted_on(member: Member) -> int:
    """The key of a poll where a promise of the person is put to the vote now."""
    return _unsealed().filter(targets__commitment__member=member).order_by("pk").values_list("pk", flat=True)[0]
