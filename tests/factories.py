"""Small worlds for tests. The cast: secretary, teller, officer, administrator over one committee; outsider over another."""

import secrets
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import closing, sealing
from ballots.models import Ballot, Batch, Forum, Opinion, OpinionOrigin, TallyRow
from ballots.paper import keying
from ballots.voting import casting, codes
from campaigns import actions
from campaigns.documents import recording
from campaigns.library import LibraryThreshold, kept_threshold, own_threshold
from campaigns.models import (
    AppraisedDocument,
    Campaign,
    Category,
    Commitment,
    DocumentDraft,
    Indicator,
    LongDeed,
    Member,
    Organization,
    Poll,
    Questionnaire,
    Role,
    RosterImport,
    Target,
)
from reports.api.tokens import make_token
from reports.gathering import actions as gathering_actions
from reports.gathering.actions import HeardOpinion
from reports.gathering.on_drafts import record_on_draft
from reports.ledger import actions as ledger_actions
from reports.ledger import measures as measure_actions
from reports.letterbox import actions as letterbox_actions
from reports.letterbox import receipts
from reports.models import (
    Announcement,
    ApiToken,
    Export,
    LeaderComment,
    Letter,
    MailAddress,
    Objection,
    Problem,
    ServiceWindow,
    SuperiorMark,
    Webhook,
)
from reports.notices.keeping import put_webhook
from reports.secretaries.marking import record_superior_mark
from reports.window import actions as window_actions

PASSWORD = "a-long-enough-password"


def make_organization(name="某局党委", *, parent=None, kind="committee", **overrides) -> Organization:
    return actions.add_organization(name=name, kind=kind, parent=parent, **overrides)


def make_user(username="secretary", *, kind=None, organization=None, **overrides) -> User:
    user = User.objects.create_user(username, password=PASSWORD, **overrides)
    if kind:
        Role.objects.create(user=user, organization=organization, kind=kind)
    return user


@dataclass
class Cast:
    """Users over one organization, and one outsider over another root."""

    organization: Organization
    secretary: User
    teller: User
    officer: User
    administrator: User
    outsider: User


def make_cast(organization) -> Cast:
    elsewhere = make_organization("外单位党委")
    people = {
        kind: make_user(kind, kind=kind, organization=organization) for kind in Role.Kind.values if kind != "auditor"
    }
    return Cast(
        organization=organization,
        outsider=make_user("outsider", kind="secretary", organization=elsewhere),
        **people,
    )


def make_member(organization, name="张三", **overrides) -> Member:
    return Member.objects.create(organization=organization, name=name, **overrides)


def around_today() -> dict[str, date]:
    """The first and the last day of a campaign whose phones take ballots, whenever the tests run."""
    return {
        "starts_on": timezone.localdate() - timedelta(days=28),
        "ends_on": timezone.localdate() + timedelta(days=28),
    }


def make_campaign(
    organizer, *, indicators=("兑现公开承诺情况", "总体评价"), scale="satisfaction-3", unknown=False, **overrides
) -> Campaign:
    """A campaign about organizations, ready to open once it has polls; the last indicator is the 总体评价."""
    facts = {
        "title": "2026年度群众评议",
        "period": "2026年度",
        "basis": "某发〔2026〕1号",
        **around_today(),
        "participant_scope": "全体党员和群众代表。",
        "procedure": "述职、评议、测评。",
        "method": "集中评议。",
        "content": "四个方面。",
        "use_of_results": "作为考核依据。",
        "channels": ["meeting", "paper"],
        **overrides,
    }
    campaign = Campaign.objects.create(organizer=organizer, **facts)
    Category.objects.create(campaign=campaign, name="党员", position=1)
    Category.objects.create(campaign=campaign, name="群众代表", position=2)
    questionnaire = Questionnaire.objects.create(
        campaign=campaign,
        key="org",
        title="基层党组织评议表",
        target_kind="organization",
        target_rule="organization_itself",
        scale=actions.scale_from_library(scale, unknown=unknown),
    )
    for position, text in enumerate(indicators, start=1):
        Indicator.objects.create(
            questionnaire=questionnaire, text=text, is_overall=text == "总体评价", position=position
        )
    return campaign


def own_limit(**overrides) -> LibraryThreshold:
    """A threshold that an office made itself: 不满意 with at least 40 % of those who appraised an organization."""
    facts = {
        "target_kinds": ["organization"],
        "labels": ["不满意"],
        "share": (40, 100),
        "is_at_least": True,
        "consequences": ["限期整改", "取消评先资格"],
        **overrides,
    }
    return own_threshold(**facts)


def kept_limit(**overrides) -> dict:
    """The same as a campaign keeps it."""
    return kept_threshold(own_limit(**overrides))


def make_open_poll(organizer=None, **overrides) -> Poll:
    """An open poll of a campaign about one organization."""
    organizer = organizer or make_organization()
    campaign = make_campaign(organizer, **overrides)
    actions.make_polls(campaign, [organizer])
    ballot_actions.open_campaign(campaign, by=None)
    return campaign.polls.get()


def make_choice_campaign(organizer, options=("修路", "通水", "建食堂", "装路灯"), *, most=2, **overrides) -> Campaign:
    """A campaign about the organizer, whose ballot also lists options of which `most` may be chosen; not opened yet."""
    campaign = make_campaign(organizer, **overrides)
    questionnaire = actions.copy_questionnaire(campaign, "best-deeds")
    questionnaire.most_chosen = most
    questionnaire.save()
    actions.make_polls(campaign, [organizer])
    poll = campaign.polls.get()
    for option in options:
        actions.add_target(Target(poll=poll, kind="document", name=option, questionnaire=questionnaire))
    return campaign


def make_choice_poll(*args, **overrides) -> Poll:
    """The open poll of such a campaign; its marks are two grades and one mark an option."""
    campaign = make_choice_campaign(make_organization(), *args, **overrides)
    ballot_actions.open_campaign(campaign, by=None)
    return campaign.polls.get()


def make_choice_polls(root, options_by_unit: dict[str, tuple[str, ...]], marks: dict[str, dict[str, int]]) -> Campaign:
    """A campaign whose units each choose two from options of their own, sealed: marks → how many by unit."""
    campaign = make_campaign(root)
    questionnaire = actions.copy_questionnaire(campaign, "best-deeds")
    questionnaire.most_chosen = 2
    questionnaire.save()
    units = [make_organization(name, parent=root, kind="branch") for name in options_by_unit]
    actions.make_polls(campaign, units)
    for poll in campaign.polls.select_related("organization"):
        for option in options_by_unit[poll.organization.name]:
            actions.add_target(Target(poll=poll, kind="document", name=option, questionnaire=questionnaire))
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.select_related("organization"):
        enter_ballots(make_batch(poll, method="entered"), marks[poll.organization.name])
        close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


def make_batch(poll, *, channel="meeting", category="党员", method="slips") -> Batch:
    return ballot_actions.add_batch(
        poll, channel=channel, category=poll.campaign.categories.get(name=category), method=method
    )


def make_shared(*polls, channel="meeting", category="党员") -> list[Batch]:
    """Batches of several polls of a unit whose slips admit to all of them."""
    return ballot_actions.share_slips(polls, channel=channel, category=category)


def cast_ballots(batch, marks: dict[str, int]) -> None:
    """Cast ballots with one-time slips: marks → how many."""
    slips = codes.make_slips(batch, sum(marks.values()))
    for sheet, count in marks.items():
        for _ in range(count):
            slip = slips.pop()
            casting.cast(ticket=codes.exchange(slip), key=f"key of {slip}", marks=sheet)


def enter_ballots(batch, marks: dict[str, int]) -> None:
    """Write ballots as entered from paper: marks → how many."""
    casting.record_ballots(batch=batch, marks=marks.items())


def close_poll(
    poll, *, attended=None, issued: dict[int, int] | None = None, void: dict[int, int] | None = None
) -> None:
    """Close with everything issued that was collected, unless said otherwise by batch key."""
    facts = {}
    for batch in poll.batches.counting():
        invalid = (void or {}).get(batch.pk, 0)
        ballots = Ballot.objects.filter(batch=batch).count()
        facts[batch.pk] = closing.BatchFacts(
            issued=(issued or {}).get(batch.pk, ballots + invalid),
            returned=ballots + invalid if batch.method == Batch.Method.ENTERED else None,
            void=invalid,
        )
    closing.close(poll, by=None, attended=attended, facts=facts)


def make_sealed_poll(marks: dict[str, int] | None = None, *, method="entered", **overrides) -> Poll:
    """A sealed poll with one batch that holds the given marks."""
    poll = make_open_poll(**overrides)
    batch = make_batch(poll, method=method)
    (cast_ballots if method == "slips" else enter_ballots)(batch, marks or {"11": 39, "21": 1, "1-": 1})
    close_poll(poll)
    sealing.seal(poll, by=None)
    return poll


def make_branch_poll(member_count=9) -> Poll:
    """An open poll of a branch: itself, its secretary and each member, from the library's own appraisal."""
    branch = make_organization("第一党支部", kind="branch")
    for number in range(member_count):
        make_member(branch, f"党员{number:02d}", post="secretary" if number == 0 else "member")
    campaign = actions.create_campaign(
        organizer=branch,
        appraisal="branch-secretary-members",
        title="2026年度群众评议",
        period="2026年度",
        by=None,
        **around_today(),
    )
    actions.make_polls(campaign, [branch])
    ballot_actions.open_campaign(campaign, by=None)
    return campaign.polls.get()


def make_paper(poll, returned, *, issued=None, void=(), **overrides):
    """A counted paper batch."""
    batch = make_batch(poll, channel="paper", category="群众代表", method="entered")
    count_paper(batch, returned, issued=issued, void=void, **overrides)
    return batch


def count_paper(batch, returned, *, issued=None, void=(), is_aggregated=False):
    keying.count_sheets(
        batch,
        channel=batch.channel,
        category=batch.category,
        issued=returned if issued is None else issued,
        returned=returned,
        void_reasons=void,
        is_aggregated=is_aggregated,
    )


def key(batch, teller, sheets, *, finish=True):
    """A teller's keying of a whole batch; a sheet is marks, or a PaperSheet."""
    mine = keying.start(batch, by=teller)
    for number, sheet in enumerate(sheets, start=1):
        keying.save_sheet(
            mine, number=number, sheet=keying.PaperSheet(marks=sheet) if isinstance(sheet, str) else sheet
        )
    if finish:
        keying.finish(mine)
    return mine


def make_comment(campaign, organization, member=None, **overrides) -> LeaderComment:
    """A leader's comment at a meeting on an organization, or on a member of it."""
    facts = {"leader": "赵书记", "commented_on": "2026-11-10", "content": "工作扎实。", **overrides}
    return LeaderComment.objects.create(campaign=campaign, organization=organization, member=member, **facts)


def make_commitment(organization, content="修好楼前的路", member=None, **overrides) -> Commitment:
    return Commitment.objects.create(organization=organization, content=content, member=member, **overrides)


def make_problem(organization, *, measures=(), by=None, content="办事大厅排队时间长", **facts) -> Problem:
    """A problem in the ledger; `measures` are days of completion, None for one that is under way."""
    problem = ledger_actions.register_problem(organization, by=by, content=content, **facts)
    for number, done_on in enumerate(measures, start=1):
        measure = measure_actions.add_measure(problem.pk, {"content": f"措施{number}"}, by=by)
        if done_on:
            measure_actions.finish_measure(measure, done_on=done_on, by=by)
    problem.refresh_from_db()
    return problem


def make_closed_problem(
    organization, *, by=None, reply="已在公开栏答复", done_on=date(2026, 4, 20), **facts
) -> Problem:
    """A problem that was put right, answered and closed."""
    problem = make_problem(organization, measures=(done_on,), by=by, **facts)
    end = {"reply": reply, "publicity": "", "done_on": done_on}
    return ledger_actions.close_problem(problem.pk, seen=problem.revision, by=by, **end)


def make_opinion(poll, text="建议多听群众意见", *, target=None) -> Opinion:
    """An opinion about the poll's first target, as it stands after the seal."""
    target = target or poll.targets.order_by("position").first()
    return Opinion.objects.create(target=target, kind=target.questionnaire.opinion_kind, text=text)


def make_gathered(poll, text="路灯坏了没人修", *, source="letter", by=None, **overrides) -> OpinionOrigin:
    """An opinion about the poll's first target that came beside the ballots."""
    target = poll.targets.order_by("position").first()
    facts = {"received_on": date(2026, 3, 5), "place": "镇政府门口", **overrides}
    return gathering_actions.record_opinion(poll, HeardOpinion(target, text, source, **facts), by=by)


def make_sheets(poll, *amendments, remarks=(), issued=41, returned=38, by=None) -> None:
    """征求意见表 of a poll, with what was written on them about its first target."""
    gathering_actions.record_sheets(poll, issued=issued, returned=returned, by=by)
    target = poll.targets.order_by("position").first()
    kinds = [*((text, "amendment") for text in amendments), *((text, "remark") for text in remarks)]
    heard = [HeardOpinion(target, text, "sheet", date(2026, 3, 7), sheet_kind=kind) for text, kind in kinds]
    gathering_actions.key_sheets(poll, heard, by=by)


def make_forum(poll, *texts, by=None, **overrides) -> Forum:
    """A 座谈会 at which opinions about the poll's first target were raised."""
    target = poll.targets.order_by("position").first()
    facts = {"held_on": date(2026, 3, 6), "place": "二楼会议室", "host": "李主任"}
    facts |= {"attended_count": 12, "attendees": "居民代表8名、党员代表4名", **overrides}
    return gathering_actions.hold_forum(poll, facts, [HeardOpinion(target, text) for text in texts], by=by)


def make_letter(organization, text="食堂中午排队太久", *, key="key of a page") -> Letter:
    """A letter in the unit's box; its receipt code is that of the key."""
    box = letterbox_actions.open_box(organization)
    receipt = receipts.receipt_digest(receipts.receipt_code(key))
    letterbox_actions.drop_letter(box, text, receipt=receipt)
    return Letter.objects.get(receipt=receipt)


def make_window(
    organization, *days, name="办事大厅", question="您对这次服务满意吗？", scale="satisfaction-3"
) -> ServiceWindow:
    """A window of the unit; `days` are pairs of a day and the taps of each grade."""
    window = window_actions.add_window(organization, name=name, question=question, scale=scale)
    for day, counts in days:
        window_actions.count_taps(window, day, dict(enumerate(counts, start=1)))
    return window


def make_announcement(poll, **overrides) -> Announcement:
    """A draft about all of a poll's results: five working days over the National Day holidays of 2026."""
    facts = {"poll": poll, "target_ids": list(poll.targets.values_list("pk", flat=True)), **overrides}
    return _make_notice(**facts)


def make_unit_announcement(campaign, organization, **overrides) -> Announcement:
    """A draft about the sums of a unit's part of a campaign."""
    facts = {"campaign": campaign, "organization": organization, "questionnaire_keys": ["org"], **overrides}
    return _make_notice(**facts)


def _make_notice(**facts) -> Announcement:
    standard = {
        "title": "关于群众评议结果的公示",
        "text": "现将评议结果予以公示。",
        "audience": "public",
        "starts_on": date(2026, 9, 29),
        "ends_on": date(2026, 10, 10),
        "office": "党委组织部",
        "phone": "010-12345678",
    }
    return Announcement.objects.create(**{**standard, **facts})


def make_objection(announcement, **overrides) -> Objection:
    facts = {"received_on": announcement.starts_on, "text": "票数和会上宣布的不一样", **overrides}
    return Objection.objects.create(announcement=announcement, **facts)


def make_sealed_campaign(root, branches, marks: dict[str, int] | None = None) -> Campaign:
    """A campaign with a sealed poll of each branch."""
    campaign = make_campaign(root)
    actions.make_polls(campaign, branches)
    ballot_actions.open_campaign(campaign, by=None)
    for poll in campaign.polls.all():
        enter_ballots(make_batch(poll, method="entered"), marks or {"11": 9, "12": 1})
        close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


def tamper(poll) -> None:
    """Add a ballot to a sealed poll's rows that the count did not give."""
    TallyRow.objects.filter(poll=poll).update(grade_1_count=F("grade_1_count") + 1, valid_count=F("valid_count") + 1)


def make_export(campaign, organization=None, *, by, **overrides) -> Export:
    """An export that waits for its worker: each unit's count sheet."""
    facts = {"kind": "count-sheet", "format": "pdf", **overrides}
    return Export.objects.create(
        campaign=campaign, organization=organization or campaign.organizer, asked_by=by, **facts
    )


def make_roster_import(by, **overrides) -> RosterImport:
    """A long roster that waits for the worker; its files are not there."""
    facts = {"token": secrets.token_urlsafe(24), **overrides}
    return RosterImport.objects.create(asked_by=by, **facts)


def make_long_deed(campaign, by, *, ended="", **overrides) -> LongDeed:
    """A deed that waits for the worker, or one that ended with these words."""
    end = {"state": "done", "told": ended, "ended_at": timezone.now()} if ended else {}
    return LongDeed.objects.create(**{"kind": "open", "campaign": campaign, "asked_by": by, **end, **overrides})


def make_document(poll, *, target=None, kind="duty", title="2026年度述职报告", **facts) -> AppraisedDocument:
    """A document of a target of a poll that is not open yet, of its first one where none is named."""
    target = target or poll.targets.order_by("position", "pk").first()
    return recording.save_document(AppraisedDocument(poll=poll, target=target, kind=kind, title=title, **facts))


def make_draft(document, *, stage="single", text="一年来的工作。", upload=None, by=None, **facts) -> DocumentDraft:
    facts = {"stage": stage, "text": text, "dated_on": timezone.localdate(), **facts}
    return recording.add_draft(document, facts, upload=upload, by=by)


def make_on_draft(draft, text="措施要写明时限", *, sheet_kind="amendment", by=None, **facts) -> OpinionOrigin:
    """An opinion on a draft."""
    facts = {"given_by": "机关各科室", "received_on": timezone.localdate(), **facts}
    record_on_draft(draft, [text], sheet_kind=sheet_kind, by=by, **facts)
    return OpinionOrigin.objects.filter(draft=draft).latest("pk")


def make_api_token(organization, *, by, name="局党建平台", **overrides) -> ApiToken:
    """A token whose secret nobody keeps; `make_token` gives one that is used."""
    facts = {"expires_on": timezone.localdate() + timedelta(days=30), **overrides}
    make_token(organization, name=name, by=by, **facts)
    return ApiToken.objects.get(organization=organization, name=name, revoked_at=None)


def make_webhook(
    organization, *, by, robot="wecom", address="https://robots.example.cn/send?key=secret", secret=""
) -> Webhook:
    """The robot of a unit's group, at an address that nobody asks for."""
    return put_webhook(organization, robot=robot, address=address, by=by, secret=secret)


def make_mail_address(user, address="somebody@example.cn") -> MailAddress:
    """The address of an account, as it is once its code came back."""
    return MailAddress.objects.create(user=user, address=address, confirmed_at=timezone.now())


def make_superior_mark(target, marks="111", *, marked_by="镇党委", by=None, **facts) -> SuperiorMark:
    facts = {"marked_on": timezone.localdate(), **facts}
    return record_superior_mark(target, marks=marks, marked_by=marked_by, by=by, **facts)
