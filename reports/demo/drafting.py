"""Reports of the demo: a leading body's with its three drafts and the opinions on the first, and secretaries' own (S0-1, S3)."""

from ballots.counting import sealing
from ballots.models import OpinionOrigin
from campaigns import actions
from campaigns.documents.recording import add_draft, save_document
from campaigns.models import AppraisedDocument, DocumentDraft, Organization, Poll

from ..gathering.on_drafts import adopt, opinions_on, record_on_draft
from ..secretaries.marking import record_superior_mark
from . import words
from .stage import Stage

# Of the opinions on the first draft, by their number: the others were taken in.
NOT_TAKEN_IN = {1: "实事将在整改方案里逐件列出，报告不再展开。", 5: "层次按指导检查组的要求保留。"}
BUREAU_READERS, INSPECTORS = "局党组成员、机关各科室", "市委指导检查组"
# Each draft: stage, days ago, to whom it went, who approved it.
DRAFTS = (
    (DocumentDraft.Stage.CONSULTATION, 82, BUREAU_READERS, INSPECTORS),
    (DocumentDraft.Stage.DISCUSSION, 74, "局党组扩大会", "局党组"),
    (DocumentDraft.Stage.APPRAISAL, 65, f"{BUREAU_READERS}、应邀代表、群众代表", INSPECTORS),
)


def draft_report(stage: Stage, poll: Poll) -> None:
    """The report that a poll's ballot is about, before it opens: three drafts, and what was said about the first."""
    facts = {"kind": AppraisedDocument.Kind.ANALYSIS, "title": "领导班子分析检查报告"}
    document = save_document(AppraisedDocument(poll=poll, target=poll.targets.get(), **facts))
    drafts = []
    for place, (kind, days_ago, sent_to, approved_by) in enumerate(DRAFTS):
        text = "\n".join((*words.REPORT, *words.REPORT_LATER[:place]))
        told = {"dated_on": stage.day(days_ago), "sent_to": sent_to, "approved_by": approved_by}
        drafts.append(add_draft(document, {"stage": kind, "text": text, **told}, by=stage.secretary))
        if kind == DocumentDraft.Stage.CONSULTATION:
            record_on_draft(
                drafts[0],
                words.ON_THE_DRAFT,
                sheet_kind=OpinionOrigin.SheetKind.AMENDMENT,
                given_by="机关各科室",
                received_on=stage.day(78),
                by=stage.secretary,
            )
    for origin in opinions_on(document).select_related("opinion"):
        reason = NOT_TAKEN_IN.get(words.ON_THE_DRAFT.index(origin.opinion.text), "")
        adopt(origin, draft=None if reason else drafts[1], reason=reason, by=stage.secretary)


# Of each unit: how many of its sheets are content with everything, and how many with one aspect only in part.
SHEETS = ((18, 2), (14, 0), (17, 3), (12, 4), (9, 1), (3, 1))
SUPERIORS = ("乡党委", "乡纪委")


def hear_secretaries(stage: Stage, root: Organization, units: list[Organization]) -> list[Poll]:
    """Units' secretaries report in turn, are marked by their people and openly by those above; sealed."""
    campaign = stage.campaign(
        root,
        "secretary-both-ways",
        title=f"{stage.year}年度书记抓党建双向述职评议",
        period=f"{stage.year}年度",
        basis=f"柳溪党发〔{stage.year}〕33号",
        starts_on=stage.day(26),
        ends_on=stage.day(20),
    )
    actions.make_polls(campaign, units)
    for poll in campaign.polls.select_related("organization"):
        facts = {"kind": AppraisedDocument.Kind.DUTY, "title": f"{poll.organization}书记述职报告", "speaking_order": 1}
        document = save_document(AppraisedDocument(poll=poll, target=poll.targets.get(), **facts))
        text = "\n".join(words.DUTY_REPORT)
        draft = {"stage": DocumentDraft.Stage.SINGLE, "text": text, "dated_on": stage.day(27)}
        add_draft(document, draft, by=stage.secretary)
    polls = stage.open(campaign, units)
    stage.describe(polls, days_ago=22, place="乡党委会议室", supervisor="乡党委组织委员")
    for place, (poll, (contented, partly)) in enumerate(zip(polls, SHEETS, strict=True)):
        marks = ["111"] * contented + ["121"] * partly
        entered = [stage.enter(poll, channel="meeting", category="党员", marks=marks)]
        stage.close(poll, entered, entitled=len(marks), attended=len(marks))
        for number, superior in enumerate(SUPERIORS):
            given = "112" if (place + number) % 3 == 0 else "111"
            target, day = poll.targets.get(), stage.day(21)
            record_superior_mark(target, marks=given, marked_by=superior, marked_on=day, by=stage.secretary)
        sealing.seal(poll, by=stage.secretary)
    return polls
