"""The periods of an installation: what each kind is, how long it is proposed to be kept, and what an administrator chose.

Nothing goes before somebody has looked at the preview and confirmed the periods.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from ..models import KeptKind, RetentionPeriod
from ..models.retention import SIGN_IN_MONTHS


@dataclass(frozen=True)
class KindFacts:
    """A kind as the page tells of it: what goes, from which day the months count, and how many are proposed."""

    kind: KeptKind
    what: str
    since: str
    proposed: int | None
    least: int = 1


_FILED = "活动全部封存、小结都已定稿的那天"
# 「缺省1年销毁明细、永久保留汇总」 (DOMAIN B5); log-ins six months at least (网络安全法 21 条, DOMAIN B8).
KINDS = (
    KindFacts(KeptKind.ATTENDANCE, "会议记录里出席、缺席的人名和缺席原因；应到、实到、缺席的人数留着。", _FILED, 12),
    KindFacts(KeptKind.SELF_APPRAISAL, "自评的文字、附件和本人链接；谁、何时交过留着。", _FILED, 12),
    KindFacts(
        KeptKind.COMMITMENT,
        "党员个人已兑现、未兑现的承诺；交给群众评过的、转入台账的、单位还有活动没有定稿的留着。",
        "兑现日期，没有的从完成时限",
        24,
    ),
    KindFacts(
        KeptKind.OPINION,
        "意见的原话，连同隐去以后的文字、定稿里意见清单的文字；件数、类别、去向留着。台账还有没有办结的问题的活动不清除。",
        _FILED,
        12,
    ),
    KindFacts(
        KeptKind.ATTACHMENT,
        "阶段材料、支部工作报告、加分扣分的附件；签字的报告单影像和报告文稿留着。台账还有没有办结的问题的活动不清除。",
        _FILED,
        36,
    ),
    KindFacts(
        KeptKind.OBJECTION,
        "反映人、异议内容和答复；条数、日期留着。没有答复的、公示期没有满的不清除。",
        _FILED,
        24,
    ),
    KindFacts(
        KeptKind.APPEAL,
        "对结果认定的申诉内容、复查和答复情况；收到和答复的日期、处理结果留着。没有答复的不清除。",
        _FILED,
        12,
    ),
    KindFacts(
        KeptKind.LETTER,
        "意见箱里已经答复的来信、窗口留言；没有答复的、台账没有办结的、带入了活动而活动里还留着的不清除。",
        "答复日期，窗口留言从那一周",
        12,
    ),
    KindFacts(
        KeptKind.SIGN_IN,
        "账号记录里解除登录等待、使用恢复码、结束登录的各条；新增、停用账号，给予、移除角色等留着。",
        "那件事的日期",
        12,
        SIGN_IN_MONTHS,
    ),
)


def are_periods_confirmed() -> bool:
    """Whether anybody has confirmed the periods yet; until then nothing goes."""
    return RetentionPeriod.objects.exists()


def chosen_periods() -> dict[str, int]:
    """The months of each kind that goes by itself; empty before the periods are confirmed."""
    return {period.kind: period.months for period in RetentionPeriod.objects.all() if period.months}


def shown_periods() -> dict[str, int | None]:
    """The months of every kind as they hold, or as they are proposed where nobody has confirmed any.

    A kind that is newer than the confirmation does not go.
    """
    chosen = dict(RetentionPeriod.objects.values_list("kind", "months"))
    return {facts.kind: chosen.get(facts.kind) if chosen else facts.proposed for facts in KINDS}


def proposed_periods() -> dict[str, int | None]:
    """The months of every kind for whoever confirms them: as chosen, or as proposed where that was never asked."""
    chosen = dict(RetentionPeriod.objects.values_list("kind", "months"))
    return {facts.kind: chosen.get(facts.kind, facts.proposed) for facts in KINDS}


def record_periods(months: Mapping[str, int | None], *, by) -> None:
    """Confirm the months of every kind; the database refuses those that are not allowed."""
    with transaction.atomic():
        for facts in KINDS:
            chosen = {"months": months.get(facts.kind), "set_by": by, "set_at": timezone.now()}
            RetentionPeriod.objects.update_or_create(kind=facts.kind, defaults=chosen)
