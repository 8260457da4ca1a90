"""Details go only from campaigns that are sealed and filed, so many months after, and not what open problems need."""

from datetime import date

import pytest
from django.utils import timezone

from campaigns.models import AccountDeed
from reports.models import KeptKind, SummaryVersion
from reports.report.filing import file_summary
from reports.retention.due import CLEARED, lots_due, months_before, settled_campaigns
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import (
    make_announcement,
    make_closed_problem,
    make_commitment,
    make_letter,
    make_member,
    make_objection,
    make_open_poll,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_campaign,
    make_sealed_poll,
    make_user,
    make_window,
)
from tests.reports.consequences.confirmed import confirmed, make_appeal
from tests.reports.findings.judged import judged
from tests.reports.retention.settled import file_all, in_months, record_meeting

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def due(kind, months=12, *, later=13):
    return [(lot.place, lot.number) for lot in lots_due({kind: months}, today=in_months(later))]


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2026, 11, 30), 12, date(2025, 11, 30)),
        (date(2026, 3, 31), 1, date(2026, 2, 28)),
        (date(2024, 2, 29), 12, date(2023, 2, 28)),
        (date(2026, 1, 5), 13, date(2024, 12, 5)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, before):
    assert months_before(day, months) == before


def test_nothing_is_due_of_a_campaign_that_is_open():
    poll = make_open_poll()
    record_meeting(poll)

    assert due(KeptKind.ATTENDANCE) == []


def test_nothing_is_due_of_a_sealed_campaign_that_is_not_filed():
    record_meeting(make_sealed_poll())

    assert due(KeptKind.ATTENDANCE) == []


def test_names_are_due_when_their_months_are_over_and_not_before():
    poll = make_sealed_poll()
    record_meeting(poll)
    file_all(poll.campaign)

    assert due(KeptKind.ATTENDANCE, later=11) == []
    assert due(KeptKind.ATTENDANCE) == [("2026年度群众评议", 3)]
    assert lots_due({KeptKind.ATTENDANCE: None}, today=in_months(13)) == []


def test_the_period_ends_on_the_day_itself():
    poll = make_sealed_poll()
    record_meeting(poll)
    file_all(poll.campaign)
    filed = timezone.make_aware(timezone.datetime(2026, 5, 20, 23, 30))
    SummaryVersion.objects.update(saved_at=filed)

    for day, number in ((date(2027, 5, 19), 0), (date(2027, 5, 20), 1)):
        assert len(lots_due({KeptKind.ATTENDANCE: 12}, today=day)) == number


def test_a_campaign_is_settled_when_every_poll_and_every_unit_s_summary_is_filed():
    root = make_organization()
    campaign = make_sealed_campaign(
        root, [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    )
    first, second = campaign.polls.order_by("pk")
    settled = []
    for poll in (first, second):
        settled.append(settled_campaigns(in_months(1)).exists())
        file_summary(Scope.of_poll(poll), by=None, today=timezone.localdate())
    settled.append(settled_campaigns(in_months(1)).exists())
    save_summary(Scope.of(campaign, root), {"use": "甲"}, by=None)
    settled.append(settled_campaigns(in_months(1)).exists())

    assert settled == [False, False, True, False]


def test_opinions_that_an_open_problem_may_need_stay_and_others_go():
    poll = make_sealed_poll()
    make_opinion(poll)
    record_meeting(poll)
    problem = make_problem(poll.organization, campaign=poll.campaign)
    file_all(poll.campaign)
    while_open = (due(KeptKind.OPINION), due(KeptKind.ATTENDANCE))
    problem.delete()
    make_closed_problem(poll.organization, campaign=poll.campaign)

    assert while_open == ([], [("2026年度群众评议", 3)])
    assert due(KeptKind.OPINION) == [("2026年度群众评议", 1)]


def test_objections_are_due_when_they_are_answered_and_the_notice_is_over():
    poll = make_sealed_poll()
    file_all(poll.campaign)
    notice = make_announcement(poll)
    answered = {"answer": "已核查", "answered_on": notice.starts_on}
    make_objection(notice, **answered)
    make_objection(notice)
    shown = make_announcement(poll, ends_on=in_months(20))
    make_objection(shown, **answered)

    assert due(KeptKind.OBJECTION) == [("2026年度群众评议", 1)]


def test_appeals_are_due_when_they_are_answered_and_the_campaign_is_settled():
    poll = judged(41)
    finding = confirmed(poll)
    make_appeal(finding, outcome="upheld", answer="复查无误", answered_on=date(2026, 3, 20))
    make_appeal(finding, text="再查一次")
    unsettled = due(KeptKind.APPEAL)
    file_all(poll.campaign)

    assert unsettled == due(KeptKind.APPEAL, later=11) == []
    assert due(KeptKind.APPEAL) == [(poll.campaign.title, 1)]


def test_promises_of_members_are_due_unless_they_go_on_or_belong_to_what_stays():
    unit = make_organization()
    member = make_member(unit)
    over = {"status": "fulfilled", "fulfilled_on": date(2026, 3, 1)}
    make_commitment(unit, "已兑现", member, **over)
    make_commitment(unit, "践诺中", member, due_on=date(2026, 3, 1))
    make_commitment(unit, "单位的", **over)
    make_problem(unit, commitment=make_commitment(unit, "转入台账", member, **over))

    assert due(KeptKind.COMMITMENT) == [(unit.name, 1)]
    make_sealed_poll(organizer=unit)
    assert due(KeptKind.COMMITMENT) == []


def test_letters_are_due_when_they_are_answered_and_nobody_works_on_them():
    unit = make_organization()
    answered, waiting, worked_on, brought = (make_letter(unit, f"第{n}封", key=f"key {n}") for n in range(4))
    problem = make_problem(unit)
    opinion = make_opinion(make_sealed_poll(organizer=unit))
    for letter, facts in ((answered, {}), (worked_on, {"problem": problem}), (brought, {"opinion": opinion})):
        type(letter).objects.filter(pk=letter.pk).update(reply="已办", replied_on=date(2026, 3, 1), **facts)
    make_window(unit).words.create(text="叫号声音太小", week_on=date(2026, 2, 23))

    assert waiting.reply == ""
    assert due(KeptKind.LETTER) == [(unit.name, 2)]
    type(opinion).objects.filter(pk=opinion.pk).update(text=CLEARED)
    assert due(KeptKind.LETTER) == [(unit.name, 3)]


def test_only_lines_about_signing_in_are_due_of_the_accounts_history():
    user = make_user()
    for kind in AccountDeed.Kind:
        AccountDeed.objects.create(account=user, kind=kind)

    assert due(KeptKind.SIGN_IN) == [("", 3)]
    assert due(KeptKind.SIGN_IN, later=5) == []
