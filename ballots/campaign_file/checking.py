"""From a JSON value to a `Document`, with every error that can be seen without the database. No Django."""

from collections.abc import Iterable, Mapping

from campaigns import library
from campaigns.library import AskedGrades, LibraryGrade
from campaigns.library.loader import OPINION_KINDS, RULE_TARGET_KINDS

from .configuration_checking import (
    check_channels,
    check_clarity,
    check_leading_group,
    check_scoring,
    check_stages,
    check_steps,
)
from .document import (
    UNREAD,
    CampaignEntry,
    CategoryEntry,
    CommitmentEntry,
    Document,
    IndicatorEntry,
    MemberEntry,
    OrganizationEntry,
    QuestionnaireEntry,
    QuestionnaireFacts,
    ScaleEntry,
)
from .nodes import ABSENT, FileProblem, InvalidFile, JsonNode, described, listing, printable
from .poll_checking import World, check_polls
from .threshold_checking import asked_of, check_thresholds

FORMAT = "pingyi-campaign/1"
# The enumerations of the format, in the order in which it lists them.
ORGANIZATION_KINDS = ("committee", "general_branch", "branch", "group", "office", "window")
STATUSES = ("full", "probationary")
POSTS = ("secretary", "deputy", "cadre", "member")
FULFILMENTS = ("ongoing", "fulfilled", "unfulfilled")
COMMITMENT_KINDS = ("promise", "deed")
TARGET_KINDS = ("organization", "secretary", "member", "cadre", "document", "open")
BASES = ("valid", "returned", "attended", "entitled")
BLANKS = ("abstain", "invalid")
UNKNOWNS = ("outside", "inside")
WAYS_TO_100 = ("note", "last", "largest")
FIRST_SPLITS = ("channel", "category")
JUDGED = ("overall", "together", "each")
JUDGEMENTS = ("none", "score", "majority")
EXCELLENT_LIMITS = ("none", "members", "attended")

# The keys of a questionnaire that may be left out, beside `unknown`.
FACTS = ("target_rule", "target_name", "opinion_prompt", "opinion_kind", "most_chosen")

MAX_ORGANIZATIONS, MAX_MEMBERS, MAX_COMMITMENTS = 20_000, 200_000, 500_000
MAX_SCALES, MAX_QUESTIONNAIRES, MAX_INDICATORS, MAX_CATEGORIES = 50, 50, 60, 50
MAX_DEPTH = 15  # levels of a tree; a path has 120 characters, eight a level


class Seen(dict):
    """Names and where each was first seen, to tell of the second."""

    def add(self, key, node: JsonNode, shown: str) -> bool:
        """Whether the name is new; a repeated one is noted."""
        if key in self:
            node.refuse(f"“{printable(shown)}”重复，已见于{self[key]}。")
            return False
        self[key] = node.path
        return True


def check_document(value) -> Document:
    """The document that a parsed file holds; raises InvalidFile with all its errors."""
    problems: list[FileProblem] = []
    top = JsonNode(value, "$", problems).fields(
        "format", "organizations", "questionnaires", "campaign", "polls", optional=("members", "commitments", "scales")
    )
    if top is None:
        raise InvalidFile(problems)
    if top["format"].value is not ABSENT and top["format"].value != FORMAT:
        top["format"].refuse(f"现为{described(top['format'].value)}，应为“{FORMAT}”。")
    organizations = _organizations(top["organizations"])
    parents = {entry.name: entry.parent for entry in organizations}
    members = _members(top["members"], parents)
    rosters = {(entry.organization, entry.name) for entry in members}
    commitments = _commitments(top["commitments"], parents, rosters)
    scales = check_scales(top["scales"])
    questionnaires = check_questionnaires(top["questionnaires"], [*library.scales(), *scales])
    campaign = _campaign(top["campaign"], parents, asked_of(questionnaires, scales), questionnaires)
    _check_choices(top["questionnaires"], questionnaires, scales)
    world = World(
        parents=parents,
        rosters=rosters,
        commitments={(entry.organization, entry.member, entry.content) for entry in commitments},
        scales={key: entry.grades for key, entry in scales.items() if entry},
        questionnaires={entry.key: entry for entry in questionnaires},
        categories=None if campaign is None else tuple(entry.name for entry in campaign.categories),
        channels=campaign.channels if campaign else None,
        partner_category=campaign.partner_category if campaign else UNREAD,
        organizer=campaign.organizer if campaign else UNREAD,
        base=campaign.rules.get("base", UNREAD) if campaign else UNREAD,
    )
    polls = check_polls(top["polls"], world)
    if problems or campaign is None:
        raise InvalidFile(problems)
    own = tuple(entry for entry in scales.values() if entry)
    return Document(organizations, members, commitments, own, questionnaires, campaign, polls)


def _organizations(node: JsonNode) -> tuple[OrganizationEntry, ...]:
    """The organizations, parents first; those without a usable name are left out."""
    seen, entries, parents_at = Seen(), [], {}
    for item in node.items(most=MAX_ORGANIZATIONS, least=1):
        fields = item.fields("name", "kind", "parent")
        if fields is None:
            continue
        name = fields["name"].name(most=100)
        kind = fields["kind"].choice(ORGANIZATION_KINDS)
        parent = fields["parent"].name(most=100) if fields["parent"].is_given else None
        if name is not None and seen.add(name, fields["name"], name):
            parents_at[name] = fields["parent"]
            entries.append(OrganizationEntry(item.path, name, kind or UNREAD, parent))
    parents = {child.name: child.parent for child in entries}
    for entry in entries:
        _check_parent(entry, parents_at[entry.name], parents)
    return tuple(sorted(entries, key=lambda entry: len(_above(entry.name, parents))))


def _check_parent(entry: OrganizationEntry, node: JsonNode, parents: dict) -> None:
    if entry.parent is not None and entry.parent not in parents:
        node.refuse(f"没有名为{described(entry.parent)}的党组织，应为null或：{listing(parents)}。")
        return
    above = _above(entry.name, parents)
    if entry.name in above:
        loop = "→".join(printable(name) for name in (entry.name, *above))
        node.refuse(f"上级成环：{loop}；应有一个上级为null的最上级党组织。")
    elif len(above) >= MAX_DEPTH:
        node.refuse(f"在第{len(above) + 1}层，至多{MAX_DEPTH}层。")


def _above(name: str, parents: dict) -> list[str]:
    """The organizations above one, nearest first; where they go round in a loop, until the first that comes again."""
    above: list[str] = []
    upper = parents.get(name)
    while upper is not None and upper not in above:
        above.append(upper)
        upper = parents.get(upper)
    return above


def _members(node: JsonNode, parents: dict) -> tuple[MemberEntry, ...]:
    seen, entries = Seen(), []
    for item in node.items(most=MAX_MEMBERS):
        fields = item.fields("name", "organization", "status", "post")
        if fields is None:
            continue
        name = fields["name"].name(most=50)
        organization = _organization(fields["organization"], parents)
        status, post = fields["status"].choice(STATUSES), fields["post"].choice(POSTS)
        if name and organization and seen.add((organization, name), fields["name"], name):
            entries.append(MemberEntry(item.path, name, organization, status or UNREAD, post or UNREAD))
    return tuple(entries)


def _organization(node: JsonNode, parents: dict) -> str | None:
    """The name of an organization of the file."""
    name = node.name(most=100)
    if name is not None and name not in parents:
        return node.refuse(f"没有名为{described(name)}的党组织，应为：{listing(parents)}。")
    return name


def _commitments(node: JsonNode, parents: dict, rosters: set) -> tuple[CommitmentEntry, ...]:
    seen, entries = Seen(), []
    for item in node.items(most=MAX_COMMITMENTS):
        optional = ("member", "due_on", "status", "kind", "fulfilled_on", "note")
        fields = item.fields("organization", "content", optional=optional)
        if fields is None:
            continue
        organization = _organization(fields["organization"], parents)
        member = fields["member"].name(most=50) if fields["member"].is_given else None
        if member and organization and (organization, member) not in rosters:
            fields["member"].refuse(f"{described(member)}不在“{printable(organization)}”的党员名册中。")
        content = fields["content"].name(most=300)
        due_on = fields["due_on"].day() if fields["due_on"].is_given else None
        status = fields["status"].choice(FULFILMENTS) or "ongoing"
        fulfilled_on = fields["fulfilled_on"].day() if fields["fulfilled_on"].is_given else None
        if fulfilled_on and status != "fulfilled":
            fields["fulfilled_on"].refuse("只有已兑现（fulfilled）的承诺才写兑现日期。")
        kind, note = fields["kind"].choice(COMMITMENT_KINDS), fields["note"].name(most=300, may_be_empty=True)
        if organization and content and seen.add((organization, member, content), fields["content"], content):
            entries.append(
                CommitmentEntry(item.path, organization, member, content, due_on, status, kind, fulfilled_on, note)
            )
    return tuple(entries)


def check_scales(node: JsonNode) -> dict[str, ScaleEntry | None]:
    """The file's own scales by key; None for one whose grades are not known."""
    seen, scales = Seen(), {}
    for item in node.items(most=MAX_SCALES):
        fields = item.fields("key", "title", "grades")
        if fields is None:
            continue
        key, title = fields["key"].name(most=60), fields["title"].name(most=60)
        grades = _grades(fields["grades"])
        if key and key in library.scales():
            fields["key"].refuse(f"“{printable(key)}”是系统已有的量表，自己的量表请用别的代码。")
        elif key is not None and seen.add(key, fields["key"], key):
            scales[key] = ScaleEntry(key, title, grades) if title and grades else None
    return scales


def _grades(node: JsonNode) -> tuple[LibraryGrade, ...]:
    """The grades of a scale; none where one cannot be read, or a rule is broken."""
    grades, nodes = [], []
    items = node.items(most=library.MOST_GRADES, least=2)
    for item in items:
        fields = item.fields("label", optional=("score", "positive", "in_base"))
        label = fields["label"].name(most=20) if fields else None
        if fields is None or label is None:
            continue
        known = len(node.problems)
        score = fields["score"].integer(most=100) if fields["score"].is_given else None
        is_positive, is_in_base = fields["positive"].boolean(), fields["in_base"].boolean()
        if len(node.problems) == known:
            nodes.append(fields)
            grades.append(
                LibraryGrade(
                    label=label, score=score, is_positive=bool(is_positive), is_in_base=is_in_base is not False
                )
            )
    if not items or len(grades) < len(items):
        return ()
    faults = library.scale_faults(grades)
    for fault in faults:
        _refuse_fault(fault, node, nodes)
    return () if faults else tuple(grades)


# The keys of a grade in the file, by the field that a rule is about.
GRADE_KEYS = {"label": "label", "is_in_base": "in_base", "is_positive": "positive", "score": "score"}


def _refuse_fault(fault: library.ScaleFault, node: JsonNode, nodes: list[Mapping[str, JsonNode]]) -> None:
    where = node if fault.place is None else nodes[fault.place][GRADE_KEYS[fault.field]]
    where.refuse(fault.message)


def check_questionnaires(node: JsonNode, scales: list[str]) -> tuple[QuestionnaireEntry, ...]:
    """The questionnaires; `scales` are the keys of the library's scales and of the file's own."""
    keys, titles, entries = Seen(), Seen(), []
    for item in node.items(most=MAX_QUESTIONNAIRES, least=1):
        fields = item.fields("key", "title", "target_kind", "scale", "indicators", optional=("unknown", *FACTS))
        if fields is None:
            continue
        key, title = fields["key"].name(most=60), fields["title"].name(most=100)
        kind = fields["target_kind"].choice(TARGET_KINDS)
        scale = fields["scale"].choice(tuple(scales), what="量表")
        has_unknown = fields["unknown"].boolean()
        if has_unknown and scale and scale not in library.scales():
            fields["unknown"].refuse("自己的量表在scales中写明有没有“不了解”一档，这里不再写unknown。")
        if has_unknown is None and fields["unknown"].value is not ABSENT:
            scale = None  # its grades are not known, so marks are not judged by them
        indicators = _indicators(fields["indicators"], kind)
        if title is not None:
            titles.add(title, fields["title"], title)
        if key is not None and keys.add(key, fields["key"], key):
            words = (title or UNREAD, kind or UNREAD, scale or UNREAD)
            entries.append(QuestionnaireEntry(key, *words, has_unknown or False, indicators, _facts(fields, kind)))
    return tuple(entries)


def _facts(fields: Mapping[str, JsonNode], kind: str | None) -> QuestionnaireFacts:
    """The keys of a questionnaire that may be left out, as far as they are given."""
    rules = [rule for rule, of_kind in RULE_TARGET_KINDS.items() if kind in (None, of_kind)]
    rule = fields["target_rule"].choice(rules, what="评议谁")
    is_of_documents = rule == "a_document" or (rule is None and kind == "document")
    return QuestionnaireFacts(
        target_rule=rule,
        target_name=fields["target_name"].name(most=100, may_be_empty=True),
        opinion_prompt=fields["opinion_prompt"].name(most=100),
        opinion_kind=fields["opinion_kind"].choice(sorted(OPINION_KINDS), what="意见类型"),
        most_chosen=_most_chosen(fields["most_chosen"], is_of_documents),
    )


def _most_chosen(node: JsonNode, is_of_documents: bool) -> int | None:
    if not node.is_given:
        return None
    if not is_of_documents:
        return node.refuse("“most_chosen”只用于一份文件稿（a_document）的评议表。")
    return node.integer(least=1, most=library.MOST_CHOSEN)


def _check_choices(
    node: JsonNode, entries: Iterable[QuestionnaireEntry], scales: Mapping[str, ScaleEntry | None]
) -> None:
    """A list to choose from is answered once, with chosen or not chosen."""
    for entry in entries:
        if entry.facts.most_chosen is None:
            continue
        own, ready_made = scales.get(entry.scale), library.scales().get(entry.scale)
        grades = own.grades if own else ready_made.grades if ready_made else ()
        if len(entry.indicators) > 1:
            node.refuse(f"“{printable(entry.key)}”是选择清单（most_chosen），评议内容只能有一项。")
        if grades and len(grades) + entry.has_unknown != 2:
            node.refuse(
                f"“{printable(entry.key)}”是选择清单（most_chosen），等次应为“最满意、未勾选”这样的两档，不加“不了解”。"
            )


def _indicators(node: JsonNode, kind: str | None) -> tuple[IndicatorEntry, ...]:
    """The indicators of a questionnaire; none where one of them cannot be read."""
    if kind == "open":
        if node.value not in (ABSENT, []):
            node.refuse("开放问题只征求意见，不设评议内容，应为空数组[]。")
        return ()
    texts, overall_at = Seen(), None
    entries: list[IndicatorEntry | None] = []
    for item in node.items(most=MAX_INDICATORS, least=1):
        if isinstance(item.value, str):
            text_node, is_overall = item, False
        else:
            fields = item.fields("text", optional=("overall",))
            if fields is None:
                entries.append(None)
                continue
            text_node, is_overall = fields["text"], fields["overall"].boolean() or False
            if is_overall and overall_at:
                fields["overall"].refuse(f"总体评价至多一项，已见于{overall_at}。")
            overall_at = item.path if is_overall else overall_at
        text = text_node.name(most=200)
        if text is not None:
            texts.add(text, text_node, text)
        entries.append(IndicatorEntry(text, is_overall) if text else None)
    read = tuple(entry for entry in entries if entry)
    return read if len(read) == len(entries) else ()


def _campaign(
    node: JsonNode, parents: dict, asked: list[AskedGrades], questionnaires: Iterable[QuestionnaireEntry]
) -> CampaignEntry | None:
    parts = ("clarity", "leading_group", "channels", "partner_category", "steps", "stages", "scoring")
    optional = ("basis", "starts_on", "ends_on", "rules", "thresholds", *parts)
    fields = node.fields("title", "organizer", "period", "categories", optional=optional)
    if fields is None:
        return None
    starts_on, ends_on = (fields[name].day() if fields[name].is_given else None for name in ("starts_on", "ends_on"))
    if starts_on and ends_on and ends_on < starts_on:
        fields["ends_on"].refuse("结束日期不能早于开始日期。")
    categories = check_categories(fields["categories"])
    partner_category = fields["partner_category"].name(most=50, may_be_empty=True) or ""
    if partner_category and categories and partner_category not in (names := [entry.name for entry in categories]):
        fields["partner_category"].refuse(f"没有名为{described(partner_category)}的类别，应为：{listing(names)}。")
    return CampaignEntry(
        path=node.path,
        title=fields["title"].name(most=100) or UNREAD,
        organizer=_organization(fields["organizer"], parents) or UNREAD,
        period=fields["period"].name(most=40) or UNREAD,
        basis=fields["basis"].name(most=200, may_be_empty=True) or "",
        starts_on=starts_on,
        ends_on=ends_on,
        rules=check_rules(fields["rules"]),
        categories=categories,
        thresholds=check_thresholds(fields["thresholds"], asked),
        clarity=check_clarity(fields["clarity"]),
        leading_group=check_leading_group(fields["leading_group"]),
        channels=check_channels(fields["channels"]) if fields["channels"].is_given else None,
        partner_category=partner_category,
        steps=check_steps(fields["steps"]),
        stages=check_stages(fields["stages"]),
        scoring=check_scoring(fields["scoring"], own_forms(questionnaires)) if fields["scoring"].is_given else None,
    )


def own_forms(questionnaires: Iterable[QuestionnaireEntry]) -> list[str]:
    """The keys of the questionnaires about a unit itself, of which a 考核指标表 can take the satisfaction."""
    return [entry.key for entry in questionnaires if entry.target_kind == "organization"]


def check_rules(node: JsonNode) -> dict:
    optional = (
        "base",
        "blank",
        "unknown",
        "decimals",
        "sum_to_100",
        "min_group",
        "min_poll",
        "first_split",
        "judged",
        "stop_on_time",
        "judgement",
        "excellent_limit",
        "self_excluded",
        "single_keying",
    )
    fields = node.fields(optional=optional)
    if fields is None:
        return {}
    read = {
        "base": fields["base"].choice(BASES),
        "blank": fields["blank"].choice(BLANKS),
        "unknown": fields["unknown"].choice(UNKNOWNS),
        "decimals": fields["decimals"].integer(most=2),
        "sum_to_100": fields["sum_to_100"].choice(WAYS_TO_100),
        "min_group": fields["min_group"].integer(most=100),
        "min_poll": fields["min_poll"].integer(most=10),
        "first_split": fields["first_split"].choice(FIRST_SPLITS),
        "judged": fields["judged"].choice(JUDGED),
        "is_stopped_on_time": fields["stop_on_time"].boolean(),
        "judgement": fields["judgement"].choice(JUDGEMENTS),
        "excellent_limit": fields["excellent_limit"].choice(EXCELLENT_LIMITS),
        "is_self_excluded": fields["self_excluded"].boolean(),
        "is_single_keying_allowed": fields["single_keying"].boolean(),
    }
    return {name: value for name, value in read.items() if value is not None}


def check_categories(node: JsonNode) -> tuple[CategoryEntry, ...]:
    seen, entries, weights = Seen(), [], []
    for item in node.items(most=MAX_CATEGORIES, least=1):
        fields = item.fields("name", optional=("weight",))
        if fields is None:
            continue
        name = fields["name"].name(most=50)
        weight = fields["weight"].number(above=0, most=100, places=2) if fields["weight"].is_given else None
        if weight is not None or not fields["weight"].is_given:
            weights.append(weight)
        if name is not None:
            seen.add(name, fields["name"], name)
            entries.append(CategoryEntry(name, weight))
    given = [weight for weight in weights if weight is not None]
    if given and len(given) < len(weights):
        node.refuse("有的类别有权重，有的没有，应全部为null或全部填写。")
    elif given and len(given) == len(node.value) and sum(given) != 100:
        node.refuse(f"权重之和为{sum(given)}，应为100。")
    return tuple(entries)
