"""Small worlds for tests. The cast: secretary, teller, officer, administrator over one committee; outsider over another."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.models import User
from django.db.models import F
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import closing, sealing
from ballots.models import Ballot, Batch, Opinion, TallyRow
from ballots.paper import keying
from ballots.voting import casting, codes
from campaigns import actions
from campaigns.models import Campaign, Category, Commitment, Indicator, Member, Organization, Poll, Questionnaire, Role
from reports.ledger import actions as ledger_actions
from reports.ledger import measures as measure_actions
from reports.models import Announcement, Export, LeaderComment, Objection, Problem

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
    people = {kind: make_user(kind, kind=kind, organization=organization) for kind in Role.Kind.values}
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


def make_open_poll(organizer=None, **overrides) -> Poll:
    """An open poll of a campaign about one organization."""
    organizer = organizer or make_organization()
    campaign = make_campaign(organizer, **overrides)
    actions.make_polls(campaign, [organizer])
    ballot_actions.open_campaign(campaign, by=None)
    return campaign.polls.get()


def make_batch(poll, *, channel="meeting", category="党员", method="slips") -> Batch:
    return ballot_actions.add_batch(
        poll, channel=channel, category=poll.campaign.categories.get(name=category), method=method
    )


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
