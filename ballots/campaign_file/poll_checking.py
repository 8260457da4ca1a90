"""Polls, batches and ballots of a campaign file against the rest of it. No Django."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from campaigns import library
from campaigns.library import LibraryGrade

from .configuration_checking import CHANNELS
from .document import (
    UNREAD,
    BallotEntry,
    BatchEntry,
    CommitmentKey,
    DocumentEntry,
    PollEntry,
    QuestionnaireEntry,
    TargetEntry,
)
from .nodes import JsonNode, described, listing, printable

BLANK_LABEL, SPOILED_LABEL = "", "*"
BLANK, SPOILED = "-", "x"
# All members of an organization as one body: 全体党员, 本单位党员 (seeds S2, S4-1).
ALL_MEMBERS_SUFFIX = "党员"

MAX_POLLS, MAX_TARGETS, MAX_BATCHES, MAX_LINES, MAX_OPINIONS = 20_000, 500, 200, 100_000, 500
MAX_SHEETS = 100_000
MAX_BALLOTS = 2_000_000  # of the whole file
MAX_PEOPLE = 10_000_000
MAX_OPINION_LENGTH = 1000


@dataclass(frozen=True)
class World:
    """The entries that polls refer to: parent by organization, (organization, member) pairs, questionnaires by key, categories.

    `scales` are the grades of the file's own scales by key, without those that could not be read.
    `categories` are None, `organizer` and `base` UNREAD where the file does not say them rightly; they are then not judged.
    """

    parents: Mapping[str, str | None]
    rosters: set[tuple[str, str]]
    commitments: set[CommitmentKey]
    scales: Mapping[str, tuple[LibraryGrade, ...]]
    questionnaires: Mapping[str, QuestionnaireEntry]
    categories: tuple[str, ...] | None
    # None where the file leaves the channels to its batches.
    channels: tuple[str, ...] | None
    partner_category: str
    organizer: str
    base: str

    @cached_property
    def organizations_of(self) -> dict[str, list[str]]:
        """For each member's name the organizations that have one so called."""
        by_name = defaultdict(list)
        for organization, name in self.rosters:
            by_name[name].append(organization)
        return by_name

    def grades_of(self, questionnaire: QuestionnaireEntry) -> tuple[LibraryGrade, ...] | None:
        """The grades that a questionnaire is answered on; None where its scale could not be read."""
        if questionnaire.scale in library.scales():
            return library.grades_of(questionnaire.scale, unknown=questionnaire.has_unknown)
        return self.scales.get(questionnaire.scale)

    def is_within(self, organization: str | None, upper: str) -> bool | None:
        """Whether an organization is the upper one or lies below it; None where wrong parents leave that open."""
        seen = set()
        while organization is not None:
            if organization == upper:
                return True
            if organization in seen or organization not in self.parents:
                return None
            seen.add(organization)
            organization = self.parents[organization]
        return False


@dataclass(frozen=True)
class TargetMarks:
    """How the marks about one target are read: each label's mark and the number of indicators; None where unknown."""

    target: TargetEntry
    marks: Mapping[str, str] | None
    cells: int | None

    @cached_property
    def allowed(self) -> str:
        labels = [label for label in self.marks or () if label not in (BLANK_LABEL, SPOILED_LABEL)]
        return f"应为{'、'.join(labels)}、空字符串或“{SPOILED_LABEL}”"


def check_polls(node: JsonNode, world: World) -> tuple[PollEntry, ...]:
    """The polls of the file; errors are noted at the node's list."""
    seen: dict[str, str] = {}
    entries = []
    partners: dict[str, tuple[JsonNode, str]] = {}
    for item in node.items(most=MAX_POLLS, least=1):
        entry = _poll(item, world, seen)
        if entry is not None:
            entries.append(entry)
            if entry.partner:
                partners[entry.organization] = ((item.members() or {})["partner"], entry.partner)
    _check_partners(partners, {entry.organization for entry in entries}, world)
    total = sum(ballot.count for poll in entries for batch in poll.batches for ballot in batch.ballots)
    if total > MAX_BALLOTS:
        node.refuse(f"共有{total}张评议票，一个文件至多{MAX_BALLOTS}张。")
    return tuple(entries)


def _check_partners(partners: Mapping[str, tuple[JsonNode, str]], units: set[str], world: World) -> None:
    """Units are paired with each other, two by two, and the people of the other unit have a category."""
    for unit, (node, partner) in partners.items():
        if partner not in units or partner == unit:
            others = sorted(units - {unit, UNREAD})
            node.refuse(f"{described(partner)}不是另一个评议点的单位，应为：{listing(others)}。")
        elif partners.get(partner, (node, ""))[1] != unit:
            node.refuse(f"“{printable(partner)}”的评议点没有同“{printable(unit)}”结对，双方都应写明对方。")
        if not world.partner_category:
            node.refuse("有结对的评议点，campaign的“partner_category”应写明结对单位的人属于哪一类。")


def _poll(node: JsonNode, world: World, seen: dict) -> PollEntry | None:
    optional = ("entitled", "attended", "partner", "meeting")
    fields = node.fields("organization", "targets", "batches", optional=optional)
    if fields is None:
        return None
    organization = _unit(fields["organization"], world, seen)
    entitled, attended = _people(fields["entitled"]), _people(fields["attended"])
    given = fields["batches"].value
    has_ballots = isinstance(given, list) and any(isinstance(batch, dict) and batch.get("ballots") for batch in given)
    columns = _columns(fields["targets"], organization, world, has_ballots=has_ballots)
    batches = tuple(
        batch for item in fields["batches"].items(most=MAX_BATCHES) if (batch := _batch(item, columns, world))
    )
    if entitled is not None and attended is not None and attended > entitled:
        fields["attended"].refuse(f"实际参评{attended}人多于应参评{entitled}人，应不多于应参评人数。")
    handed_in = sum(batch.returned for batch in batches if batch.channel == "meeting")
    if attended is not None and handed_in > attended:
        fields["attended"].refuse(f"实际参评{attended}人，集中评议却收回{handed_in}张票，收回数应不多于实际参评人数。")
    if world.base in ("attended", "entitled"):
        _check_people_as_base(fields[world.base], world.base, batches)
    targets = tuple(column.target for column in columns or ())
    partner = fields["partner"].name(most=100) if fields["partner"].is_given else None
    meeting = _meeting(fields["meeting"])
    return PollEntry(organization or UNREAD, entitled, attended, targets, batches, partner, meeting)


def _meeting(node: JsonNode) -> dict:
    """The facts of the meeting by the names of a poll's fields."""
    words = {"place": 100, "host": 50, "supervisor": 50, "scrutineers": 100, "tellers": 100}
    fields = node.fields(optional=("held_on", *words))
    if fields is None:
        return {}
    read = {name: fields[name].name(most=most, may_be_empty=True) for name, most in words.items()}
    held_on = fields["held_on"].day() if fields["held_on"].is_given else None
    return {name: value for name, value in {"meeting_on": held_on, **read}.items() if value is not None}


def _check_people_as_base(node: JsonNode, base: str, batches: tuple[BatchEntry, ...]) -> None:
    """Where rates are shares of people, their number is known and no smaller than that of the ballots."""
    returned = sum(batch.returned for batch in batches)
    if not node.is_given:
        node.refuse(f"rules的base为“{base}”，应填写人数。")
    elif isinstance(node.value, int) and returned > node.value:
        node.refuse(f"人数{node.value}是分母，各票批却共收回{returned}张，人数应不少于收回数。")


def _unit(node: JsonNode, world: World, seen: dict) -> str | None:
    name = node.name(most=100)
    if name is None:
        return None
    if name not in world.parents:
        return node.refuse(f"没有名为{described(name)}的党组织，应为：{listing(world.parents)}。")
    if name in seen:
        node.refuse(f"“{printable(name)}”已有评议点，见{seen[name]}。")
    seen.setdefault(name, node.path)
    if world.organizer in world.parents and world.is_within(name, world.organizer) is False:
        node.refuse(f"“{printable(name)}”不在组织单位“{printable(world.organizer)}”之下，评议点应在组织单位之下。")
    return name


def _people(node: JsonNode) -> int | None:
    return node.integer(most=MAX_PEOPLE) if node.is_given else None


def _columns(node: JsonNode, organization: str | None, world: World, *, has_ballots: bool) -> list[TargetMarks] | None:
    """The columns of a poll's targets in ballot order, or None where one of them cannot be read.

    Marks go by the names of targets, so that of those on marked ballots no two are called alike; without ballots, two
    may be that have different questionnaires.
    """
    seen: dict[tuple[str, object], str] = {}
    spoken: dict[int, str] = {}
    put: dict[tuple[object, CommitmentKey], str] = {}
    columns, is_whole = [], True
    for item in node.items(most=MAX_TARGETS, least=1):
        fields = item.fields("kind", "name", "questionnaire", optional=_TARGET_FACTS)
        name = fields["name"].name(most=100) if fields else None
        if not fields or not name:
            is_whole = False
            continue
        asked = fields["questionnaire"].value
        alike = (name, None if has_ballots or not isinstance(asked, str) else asked)
        if alike in seen:
            fields["name"].refuse(f"“{printable(name)}”重复，已见于{seen[alike]}；同一张票上的评议对象不能同名。")
        seen.setdefault(alike, fields["name"].path)
        column = _column(fields, name, organization, world)
        columns.append(column)
        if promise := column.target.commitment:
            if (asked, promise) in put:
                fields["commitment"].refuse(f"这项承诺重复，已见于{put[asked, promise]}。")
            put.setdefault((asked, promise), fields["commitment"].path)
        if column.target.document and (order := column.target.document.speaking_order):
            if order in spoken:
                fields["document"].refuse(f"发言次序{order}重复，已见于{spoken[order]}。")
            spoken.setdefault(order, fields["document"].path)
    return columns if is_whole and columns else None


def _column(fields: Mapping[str, JsonNode], name: str, organization: str | None, world: World) -> TargetMarks:
    kinds = ("organization", "secretary", "member", "cadre", "document", "open")
    kind = fields["kind"].choice(kinds) or UNREAD
    key = fields["questionnaire"].choice(tuple(world.questionnaires), what="questionnaires中的key") or UNREAD
    questionnaire = world.questionnaires.get(key)
    if questionnaire and kind and questionnaire.target_kind not in (kind, UNREAD):
        fields["kind"].refuse(
            f"现为“{kind}”，评议表“{printable(key)}”评议的是“{questionnaire.target_kind}”，二者应一致。"
        )
    target = TargetEntry(
        kind,
        name,
        key,
        **_referred(fields, kind, name, organization, world),
        commitment=_commitment(fields["commitment"], kind, world) if fields["commitment"].is_given else None,
        document=_document(fields["document"]) if fields["document"].is_given else None,
    )
    if questionnaire is None or questionnaire.scale == UNREAD:
        return TargetMarks(target, None, None)
    grades = world.grades_of(questionnaire)
    if grades is None:
        return TargetMarks(target, None, None)
    marks = {grade.label: str(digit) for digit, grade in enumerate(grades, start=1)}
    marks |= {BLANK_LABEL: BLANK, SPOILED_LABEL: SPOILED}
    has_cells = questionnaire.indicators or questionnaire.target_kind == "open"
    return TargetMarks(target, marks, len(questionnaire.indicators) if has_cells else None)


_TARGET_FACTS = ("organization", "member", "commitment", "document")


def _referred(fields: Mapping[str, JsonNode], kind: str, name: str, organization: str | None, world: World) -> dict:
    """The thing that a target refers to, said in so many words or by its name."""
    unit, person = fields["organization"], fields["member"]
    if unit.is_given and person.is_given:
        person.refuse("“organization”和“member”只能写一个。")
    if unit.is_given:
        if kind not in ("organization", "member", UNREAD):
            unit.refuse("“organization”只用于党组织，或者作为整体的全体党员。")
        called = unit.choice(tuple(world.parents), what="文件中的党组织")
        return {"organization": called} if called else {}
    if person.is_given:
        if kind not in ("secretary", "member", "cadre", UNREAD):
            person.refuse("“member”只用于书记、党员和干部。")
        named = person.fields("organization", "name")
        if named is None:
            return {}
        home, called = named["organization"].name(most=100), named["name"].name(most=50)
        if home is None or called is None:
            return {}
        if (home, called) not in world.rosters:
            named["name"].refuse(f"{described(called)}不在{described(home)}的党员名册中。")
        elif organization and world.is_within(home, organization) is False:
            named["organization"].refuse(f"“{printable(home)}”不是“{printable(organization)}”，也不在它之下。")
        return {"member": (home, called)}
    return _reference(fields["name"], kind, name, organization, world)


def _commitment(node: JsonNode, kind: str, world: World) -> CommitmentKey | None:
    """The commitment that a document's section puts to the vote: one of the file."""
    fields = node.fields("organization", "content", optional=("member",))
    if fields is None:
        return None
    member = fields["member"].name(most=50) if fields["member"].is_given else None
    unit, content = fields["organization"].name(most=100), fields["content"].name(most=300)
    if kind not in ("document", UNREAD):
        node.refuse("公开承诺只能用评议文件稿（document）的评议表来评议。")
    if unit is None or content is None:
        return None
    if (unit, member, content) not in world.commitments:
        node.refuse(f"commitments中没有{described(unit)}的承诺{described(content)}。")
    return unit, member, content


def _document(node: JsonNode) -> DocumentEntry | None:
    fields = node.fields("kind", "title", optional=("speaking_order",))
    if fields is None:
        return None
    kind, title = fields["kind"].choice(("duty", "analysis"), what="报告的种类"), fields["title"].name(most=100)
    order = fields["speaking_order"].integer(least=1, most=MAX_TARGETS) if fields["speaking_order"].is_given else None
    return DocumentEntry(kind, title, order) if kind and title else None


def _reference(node: JsonNode, kind: str, name: str, organization: str | None, world: World) -> dict:
    """The thing that a target refers to: an organization of the file, or a member of the poll's organization or of one below."""
    if kind in (UNREAD, "document", "open") or organization is None:
        return {}
    if kind == "organization":
        if name not in world.parents:
            node.refuse(f"没有名为{described(name)}的党组织，应为：{listing(world.parents)}。")
        return {"organization": name}
    matches = [
        candidate for candidate in world.organizations_of.get(name, ()) if world.is_within(candidate, organization)
    ]
    if organization in matches or len(matches) == 1:
        return {"member": (organization if organization in matches else matches[0], name)}
    if not matches and kind == "member" and name.endswith(ALL_MEMBERS_SUFFIX):
        return {"organization": organization}
    if matches:
        node.refuse(f"“{printable(organization)}”之下有{len(matches)}名“{printable(name)}”，应能确定是哪一名。")
    else:
        together = "，或“全体党员”等以“党员”结尾的名称" if kind == "member" else ""
        node.refuse(
            f"“{printable(name)}”不在“{printable(organization)}”及其下属党组织的党员名册中，应为名册中的党员{together}。"
        )
    return {}


def _batch(node: JsonNode, columns: list[TargetMarks] | None, world: World) -> BatchEntry | None:
    fields = node.fields("channel", "category", "issued", "returned", "void", optional=("ballots",))
    if fields is None:
        return None
    channel = fields["channel"].choice(CHANNELS)
    if channel and world.channels is not None and channel not in world.channels:
        fields["channel"].refuse(f"“{channel}”不在campaign的channels里，应为：{listing(world.channels)}。")
    category = fields["category"].name(most=50)
    if category is not None and world.categories is not None and category not in world.categories:
        fields["category"].refuse(f"没有名为{described(category)}的类别，应为：{listing(world.categories)}。")
    issued, returned, void = (fields[name].integer(most=MAX_SHEETS) for name in ("issued", "returned", "void"))
    ballots, opinions = _ballots(fields["ballots"], columns)
    if issued is not None and returned is not None and returned > issued:
        fields["returned"].refuse(f"收回{returned}张多于发出{issued}张，收回的测评票应不多于发出的测评票。")
    if returned is not None and void is not None:
        counted = sum(ballot.count for ballot in ballots) if all(ballot.count for ballot in ballots) else None
        if void > returned:
            fields["void"].refuse(f"整票无效{void}张多于收回{returned}张，应不多于收回数。")
        elif counted not in (None, returned - void):
            fields["ballots"].refuse(
                f"各项count之和为{counted}，应为{returned - void}（收回{returned}减整票无效{void}）。"
            )
    return BatchEntry(channel or UNREAD, category or UNREAD, issued or 0, returned or 0, void or 0, ballots, opinions)


def _ballots(node: JsonNode, columns: list[TargetMarks] | None) -> tuple[tuple[BallotEntry, ...], tuple]:
    """The ballots of a batch and the opinions that stand with them."""
    ballots, opinions = [], []
    for item in node.items(most=MAX_LINES):
        fields = item.fields("count", "marks", optional=("opinions",))
        if fields is None:
            continue
        count = fields["count"].integer(least=1, most=MAX_SHEETS)
        marks = _marks(fields["marks"], columns)
        opinions.extend(_opinions(fields["opinions"], columns))
        ballots.append(BallotEntry(count or 0, marks))  # 0 where it cannot be read
    return tuple(ballots), tuple(opinions)


def _marks(node: JsonNode, columns: list[TargetMarks] | None) -> str:
    """The marks of a ballot as it is stored; errors are noted, and what cannot be judged is passed over."""
    members = node.members()
    if members is None or columns is None:
        return ""
    names = [column.target.name for column in columns]
    for name, member in members.items():
        if name not in names:
            member.refuse(f"{described(name)}不是这个评议点的评议对象，应为：{listing(names)}。")
    marks = []
    for column in columns:
        if column.target.name in members:
            marks.append(_section_marks(members[column.target.name], column))
        elif column.cells != 0:
            node.refuse(f"缺少评议对象“{printable(column.target.name)}”。")
    return "".join(marks)


def _section_marks(node: JsonNode, column: TargetMarks) -> str:
    """The marks about one target."""
    if not isinstance(node.value, list):
        node.items()  # notes that it is no array
        return ""
    if column.cells is not None and len(node.value) != column.cells:
        node.refuse(f"有{len(node.value)}项，应有{column.cells}项，与评议内容一一对应。")
    if column.marks is None:
        return ""
    marks = []
    for place, label in enumerate(node.value):
        mark = column.marks.get(label) if isinstance(label, str) else None
        if mark is None:
            refused = JsonNode(label, f"{node.path}[{place}]", node.problems)
            refused.refuse(f"{described(label)}不是量表的等次，{column.allowed}。")
        marks.append(mark or BLANK)
    return "".join(marks)


def _opinions(node: JsonNode, columns: list[TargetMarks] | None) -> list[tuple[str, str]]:
    """Pairs of target name and text."""
    opinions = []
    for item in node.items(most=MAX_OPINIONS):
        fields = item.fields("target", "text")
        if fields is None:
            continue
        target = fields["target"].name(most=100)
        text = fields["text"].paragraph(most=MAX_OPINION_LENGTH)
        names = [column.target.name for column in columns or ()]
        if target is not None and columns is not None and target not in names:
            fields["target"].refuse(f"{described(target)}不是这个评议点的评议对象，应为：{listing(names)}。")
        if target and text:
            opinions.append((target, text))
    return opinions
