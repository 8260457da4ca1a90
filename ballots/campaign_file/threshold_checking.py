"""The thresholds of a campaign in a file: keys of the library, and own ones written out. No Django."""

from collections.abc import Mapping, Sequence

from campaigns import library
from campaigns.library import AskedGrades, LibraryThreshold

from .document import QuestionnaireEntry, ScaleEntry
from .nodes import JsonNode, described

# The key of the file by the field that a rule is about.
_KEYS = {"labels": "grades", "target_kinds": "target_kinds", "share": "share", "consequences": "consequences"}
_KEYS |= {"review": "review"}
MAX_THRESHOLDS = 50


def check_thresholds(node: JsonNode, asked: Sequence[AskedGrades]) -> tuple[LibraryThreshold, ...]:
    """The thresholds of an array; none twice, and own ones that keep the rules beside the questionnaires asked."""
    seen: dict[str, str] = {}
    limits: list[LibraryThreshold] = []
    for item in node.items(most=MAX_THRESHOLDS):
        limit = check_own(item, asked, limits) if isinstance(item.value, dict) else _ready_made(item)
        if limit is None:
            continue
        if limit.key in seen:
            item.refuse(f"“{limit.key if not limit.is_own else limit.title}”重复，已见于{seen[limit.key]}。")
            continue
        seen[limit.key] = item.path
        limits.append(limit)
    return tuple(limits)


def asked_of(
    questionnaires: Sequence[QuestionnaireEntry], scales: Mapping[str, ScaleEntry | None]
) -> list[AskedGrades]:
    """The questionnaires of a file as its thresholds see them."""
    asked = []
    for entry in questionnaires:
        own = scales.get(entry.scale)
        ready_made = library.scales().get(entry.scale)
        grades = own.grades if own else ready_made.grades if ready_made else ()
        if entry.target_kind in library.KIND_LABELS:
            asked.append(AskedGrades(entry.target_kind, tuple(grade.label for grade in grades if grade.is_in_base)))
    return asked


def _ready_made(item: JsonNode) -> LibraryThreshold | None:
    if not isinstance(item.value, str):
        item.refuse(f"现为{described(item.value)}，应为现成阈值的代码，或者写明一条阈值的对象。")
        return None
    key = item.choice(tuple(library.thresholds()), what="结果运用阈值")
    return library.thresholds()[key] if key else None


def check_own(
    item: JsonNode, asked: Sequence[AskedGrades], others: Sequence[LibraryThreshold]
) -> LibraryThreshold | None:
    """A threshold written out; None after noting what is wrong with it."""
    known = len(item.problems)
    optional = ("at_least", "review")
    fields = item.fields("target_kinds", "grades", "share", "consequences", optional=optional)
    if fields is None:
        return None
    kinds = [kind.choice(tuple(library.KIND_LABELS), what="评议对象类型") for kind in fields["target_kinds"].items()]
    labels = [label.name(most=20) for label in fields["grades"].items(most=library.MOST_GRADES)]
    consequences = [sentence.name(most=200) for sentence in fields["consequences"].items()]
    share, is_at_least = _share(fields["share"]), fields["at_least"].boolean()
    review = fields["review"].name(most=200) if fields["review"].is_given else ""
    if share is None or len(item.problems) > known:
        return None
    limit = library.own_threshold(
        target_kinds=[kind for kind in kinds if kind],
        labels=[label for label in labels if label],
        share=share,
        is_at_least=bool(is_at_least),
        consequences=[sentence for sentence in consequences if sentence],
        review_state=review or "",
    )
    # Beside questionnaires that could not be read every threshold would look wrong.
    for fault in library.threshold_faults(limit, asked, others) if not known else ():
        (fields[_KEYS[fault.field]] if fault.field else item).refuse(fault.message)
    return limit if len(item.problems) == known else None


def _share(node: JsonNode) -> tuple[int, int] | None:
    text = node.name(most=20)
    if text is None:
        return None
    share = library.share_of(text)
    if share is None:
        node.refuse(f"现为{described(text)}，应为大于0、小于1的界限，{library.SHARE_HELP}。")
    return share
