"""The 小结: sections that a secretary words around sections with figures, which the tally words (DOMAIN A13)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ballots.models import Opinion
from campaigns import library
from campaigns.models import Campaign, Member, Organization, Poll

from . import wording
from .content import PollContent, RollupTable, Table, date_text, poll_content, rollup_tables
from .models import Summary
from .results import PollResults, TargetResults, results_of
from .rollup import Node, RolledLine, roll_up
from .scores import LineScore

ORDINALS = "一二三四五六七八九十"
MAX_SECTION_LENGTH = 3000
# Editable sections in order: (key, heading); the first and the last stand without a heading.
HEADINGS = {
    "intro": "导语",
    "leadership": "加强组织领导",
    "scope": "合理确定参评范围",
    "content": "明确评议内容",
    "method": "规范方法步骤",
    "results": "评议结果",
    "opinions": "意见建议与整改",
    "use": "结果通报与运用",
    "shortcomings": "存在的不足",
    "next_steps": "下一步打算",
    "signed_on": "落款日期",
}
LOCKED_ONLY = ("results",)
EDITABLE = tuple(key for key in HEADINGS if key not in LOCKED_ONLY)
_MISSING = re.compile(r"【待填[^】]*】")
# Half-width punctuation beside a Chinese character is a slip of typing (DOMAIN A14).
_HALF_WIDTH = re.compile(r"(?<=[\u4e00-\u9fff”》】）%])[,;:!?]|[,;:!?](?=[\u4e00-\u9fff“《【（])")
_FULL_WIDTH = str.maketrans(",;:!?", "，；：！？")


@dataclass(frozen=True)
class Piece:
    """A run of text of one kind: plain, `missing` to be highlighted, or a person's `name` (set in one face)."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Section:
    """One section: what the tally says in it cannot be edited; `text` is the secretary's, or the standard wording."""

    key: str
    heading: str
    ordinal: str
    locked: tuple[str, ...]
    text: str
    paragraphs: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True)
class SummaryContent:
    """A 小结 as it is printed."""

    title: str
    unit: str
    signed_on: tuple[Piece, ...]
    sections: tuple[Section, ...]
    tables: tuple[Table | RollupTable, ...]
    missing: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Whether it may leave as a final copy (scenario C10)."""
        return not self.missing

    @property
    def drawn(self) -> tuple[Section, ...]:
        """The sections that have something to say, the date apart."""
        return tuple(section for section in self.sections if section.paragraphs and section.key != "signed_on")


def poll_summary(poll: Poll) -> SummaryContent:
    """The 小结 of a sealed poll as its secretary last worded it; raises results.NotSealed."""
    results, content = results_of(poll), poll_content(poll)
    locked = {
        "results": (*result_sentences(results), *_judged_sentences(content.tables), *_member_sentences(content)),
        "opinions": (wording.opinions_sentence(content.opinion_count),),
    }
    if broken := results.problems():
        locked["results"] = tuple(f"【待填：计票数字不能同时成立，请报告系统管理员：{problem}】" for problem in broken)
    summary = Summary.objects.filter(poll=poll).first()
    texts = {**poll_texts(poll), **(summary.texts if summary else {})}
    people = [table.target for table in content.tables if table.is_person]
    people += [*content.ungraded, poll.host, poll.supervisor]
    title = f"{wording.joined(content.unit, content.campaign)}情况小结"
    return _compose(title, content.unit, locked, texts, content.tables, [name for name in people if name])


def poll_texts(poll: Poll) -> dict[str, str]:
    """The standard wording of a poll's editable sections, with the facts of its campaign."""
    campaign, unit = poll.campaign, poll.organization.name
    when = f"于{date_text(poll.meeting_on)}" if poll.meeting_on else ""
    where = f"在{poll.place}" if poll.place else ""
    people = f"评议会由{poll.host}主持。" if poll.host else ""
    people += f"上级党组织派{poll.supervisor}到会指导。" if poll.supervisor else ""
    intro = f"{_according(campaign)}{unit}{when}{where}组织开展了“{campaign.title}”。现将有关情况小结如下："
    return {**_common_texts(campaign, people), "intro": intro, "signed_on": date_text(poll.sealed_at)}


def _according(campaign: Campaign) -> str:
    return f"按照{campaign.basis}要求，" if campaign.basis else ""


def _common_texts(campaign: Campaign, people: str = "") -> dict[str, str]:
    return {
        "leadership": "把群众评议作为听取群众意见、接受群众监督的重要工作，明确专人负责，"
        f"做好会议召集、代表邀请、票样准备和计票监票等各项安排。{people}",
        "scope": wording.or_missing(campaign.participant_scope),
        "content": wording.or_missing(campaign.content),
        "method": wording.or_missing("\n".join(filter(None, (campaign.method, campaign.procedure)))),
        "opinions": "对群众提出的意见建议，逐条梳理归类，明确整改措施、责任人和完成时限，"
        "坚持边评议、边整改、边提高，办理结果向群众反馈。",
        "use": wording.or_missing(campaign.use_of_results),
        "shortcomings": "",
        "next_steps": "坚持从群众最需要的地方做起，从群众最不满意的地方改起，抓好整改落实，"
        "把群众评议作为经常性工作坚持下去。",
    }


def result_sentences(results: PollResults) -> Iterable[str]:
    """What the tally says in words, chosen by the facts."""
    if not results.targets:
        return
    first = results.targets[0].judged[0].total
    if not results.sheets.valid:
        yield wording.count_sentence(first)
        return
    channels, missing = results.unentered or ("", 0)
    if channels:
        yield wording.unentered_sentence(results.sheets, channels, missing) + f"以下各数均不含{channels}。"
    yield from _headline(results, missing=channels)
    for place, target in enumerate(results.targets):
        yield from _target_sentences(target, is_first=place == 0)
    labels = (zip(line.total.labels, line.total.cell.grades, strict=True) for line in results.lines)
    if any(label == "不满意" and count for pairs in labels for label, count in pairs):
        yield wording.DISSATISFIED


def _headline(results: PollResults, *, missing: str) -> Iterable[str]:
    """The 满意率 of the poll's first 总体评价, with the number of participants."""
    for target in results.targets:
        line = target.judged[0]
        if len(target.judged) == 1 and target.labels[0] == "满意" and line.total.satisfaction_text:
            yield wording.participation_sentence(line.total, missing=missing)
            if all(batch.channel == "meeting" for batch in results.batches):
                subject = wording.subject_of(line.text, target.name)
                yield wording.meeting_sentence(line.total, subject=subject, missing=missing)
            return


def _target_sentences(target: TargetResults, *, is_first: bool) -> Iterable[str]:
    judged = target.judged
    if target.labels == library.scales()["member-4"].labels and target.is_collective:
        yield wording.verdict_sentence(judged[0].total)
    elif len(judged) == 1 and is_first:
        yield wording.count_sentence(judged[0].total)
    else:
        if is_first:
            yield wording.sheets_sentence(judged[0].total)
        for line in judged:
            yield wording.line_sentence(wording.subject_of(line.text, target.name), line.total)
    # What was said of a single person line by line stands in the table.
    if len(target.lines) > 1 and target.labels[0] == "满意" and target.is_collective:
        yield wording.rates_sentence(target.name, [(line.text, line.total.satisfaction_text) for line in target.lines])


def _judged_sentences(tables: Iterable[Table]) -> Iterable[str]:
    """Scores and judgements; a score that waits for an answer keeps the 小结 a draft (C15, C18, C19)."""
    for table in tables:
        for score in table.scores:
            if score.parts and score.has_scores:
                yield _score_sentence(wording.subject_of(score.indicator, table.target), score)
        for indicator, sentence in table.verdicts:
            yield f"{wording.subject_of(indicator, table.target)}：{sentence}"


def _member_sentences(content: PollContent) -> Iterable[str]:
    """Who was not graded, and 优秀 beside its limit: over it the 小结 stays a draft without a reason (C16, C17)."""
    if content.ungraded:
        yield wording.ungraded_sentence(content.ungraded)
    excellent = content.excellent
    if excellent and excellent.is_over:
        yield excellent.sentence + ("【待填：优秀超过上限的理由】" if excellent.wants_reason else "")


def _score_sentence(subject: str, score: LineScore) -> str:
    if score.asks:
        return f"{subject}：满意度得分【待填：{score.note}】"
    if score.value is None:
        return f"{subject}：{score.note}"
    note = f"{score.note}" if score.note else ""
    return f"{subject}：按参评人员类别权重计算，满意度得分{score.score}分（不加权合票{score.pooled}分）。{note}"


def campaign_summary(campaign: Campaign, *, top: Organization | None = None) -> SummaryContent:
    """The 小结 of a campaign at and below a unit, in standard wording."""
    top = top or campaign.organizer
    node = roll_up(campaign, top=top)
    below = {"organization__path__gte": top.path, "organization__path__lt": top.path + "z"}
    sealed = campaign.polls.sealed().filter(**below)
    opinions = Opinion.objects.filter(target__poll__in=sealed).count()
    texts = {
        **_common_texts(campaign),
        "intro": f"{_according(campaign)}{top.name}组织开展了“{campaign.title}”。现将有关情况小结如下：",
        "signed_on": date_text(max(sealed.values_list("sealed_at", flat=True), default=None)),
    }
    locked = {
        "results": tuple(_campaign_sentences(campaign, node, below)),
        "opinions": (wording.all_opinions_sentence(opinions),),
    }
    title = f"{wording.joined(top.name, campaign.title)}情况小结"
    return _compose(title, top.name, locked, texts, tuple(rollup_tables(node)), [])


def _campaign_sentences(campaign: Campaign, node: Node, below: Mapping[str, str]) -> Iterable[str]:
    polls = campaign.polls.filter(**below).select_related("organization")
    kinds = Counter(poll.organization.get_kind_display() for poll in polls.defer("form"))
    members = Member.objects.active().filter(organization__polls__in=polls).count()
    headline = _headline_of(node)
    if not node.sheets.valid:
        yield wording.NOTHING_RETURNED
        return
    yield wording.campaign_sentence(
        meetings=node.meetings,
        issued=node.sheets.issued,
        returned=node.sheets.returned,
        units=sorted(kinds.items(), key=lambda pair: list(Organization.Kind.labels).index(pair[0])),
        units_sealed=node.units_sealed,
        members=members,
        satisfaction=headline.result.satisfaction_text if headline else "",
    )
    for line in node.lines:
        if line.result.satisfaction is not None and (line.is_overall or line is headline):
            yield wording.line_sentence(f"《{line.questionnaire}》的“{line.indicator}”", line.result)


def _headline_of(node: Node) -> RolledLine | None:
    """The first 总体评价 of the campaign, else its only indicator."""
    overall = [line for line in node.lines if line.is_overall and line.result.labels[0] == "满意"]
    if overall:
        return overall[0]
    return node.lines[0] if len(node.lines) == 1 else None


def _compose(title, unit, locked, texts, tables, people) -> SummaryContent:
    sections, ordinal = [], 0
    for key, heading in HEADINGS.items():
        text = full_width(texts.get(key, ""))
        said = [*locked.get(key, ()), *filter(None, (line.strip() for line in text.splitlines()))]
        has_number = bool(said) and key not in ("intro", "signed_on")
        ordinal += has_number
        sections.append(
            Section(
                key=key,
                heading=heading,
                ordinal=ORDINALS[ordinal - 1] if has_number else "",
                locked=locked.get(key, ()),
                text=text,
                paragraphs=tuple(pieces(paragraph, people) for paragraph in said),
            )
        )
    missing = [
        section.heading
        for section in sections
        if any(piece.kind == "missing" for paragraph in section.paragraphs for piece in paragraph)
    ]
    date = sections[-1]
    if not date.paragraphs:
        missing.append(date.heading)
    signed_on = date.paragraphs[0] if date.paragraphs else pieces(wording.MISSING, ())
    return SummaryContent(title, unit, signed_on, tuple(sections), tables, tuple(missing))


def full_width(text: str) -> str:
    """Chinese text with full-width punctuation; figures and Latin words keep theirs."""
    return _HALF_WIDTH.sub(lambda found: found.group().translate(_FULL_WIDTH), text)


def pieces(text: str, people: Iterable[str]) -> tuple[Piece, ...]:
    """A paragraph cut into plain runs, missing facts and persons' names."""
    names = "|".join(re.escape(name) for name in sorted(set(people), key=len, reverse=True))
    pattern = f"({_MISSING.pattern}" + (f"|{names})" if names else ")")
    found = []
    for place, run in enumerate(re.split(pattern, text)):
        if run:
            kind = "" if place % 2 == 0 else "missing" if _MISSING.fullmatch(run) else "name"
            found.append(Piece(run, kind))
    return tuple(found)
