"""The notices of a day: by choice, role and way, each told once to each."""

from datetime import UTC, date, datetime, timedelta

import pytest

from campaigns import actions
from reports.models import MailAddress, Notice
from reports.notices.keeping import choose_notices
from reports.notices.planning import plan_notices, robots_of
from tests import factories

pytestmark = pytest.mark.django_db
# Ten o'clock in the morning here.
NOW = datetime(2026, 11, 30, 2, tzinfo=UTC)


@pytest.fixture
def people():
    return factories.make_cast(factories.make_organization())


@pytest.fixture
def branch(people):
    return factories.make_organization("第一党支部", parent=people.organization, kind="branch")


@pytest.fixture
def campaign(people, branch):
    """A campaign whose polls should both have been closed."""
    campaign = factories.make_campaign(people.organization, starts_on=date(2026, 11, 1), ends_on=date(2026, 11, 28))
    actions.make_polls(campaign, [people.organization, branch])
    factories.ballot_actions.open_campaign(campaign, by=None)
    return campaign


def choose(user, *kinds, by="email", has_address=True):
    choose_notices(user, kinds_by_way={by: kinds})
    if has_address and not MailAddress.objects.filter(user=user).exists():
        factories.make_mail_address(user)


def planned():
    return sorted(
        (str(notice.user or notice.webhook), notice.matter.partition(":")[0]) for notice in Notice.objects.all()
    )


def test_each_account_gets_the_kinds_that_it_chose_for_its_roles(people, campaign, with_mail):
    choose(people.secretary, "waiting", "late")
    choose(people.officer, "late", "waiting")
    choose(people.teller, "waiting")
    choose(people.administrator, "waiting", "late", "ledger", "deadline")
    choose(people.outsider, "waiting", "late", "ledger", "deadline")

    number = plan_notices(now=NOW)

    assert planned() == [("officer", "late"), ("secretary", "late"), ("secretary", "waiting"), ("teller", "waiting")]
    assert number == 4


def test_nobody_is_told_who_chose_nothing_or_may_not_sign_in_or_has_no_address(people, campaign, with_mail):
    choose(people.secretary, "late")
    people.secretary.is_active = False
    people.secretary.save()
    choose(people.officer, "late", has_address=False)

    assert plan_notices(now=NOW) == 0


def test_without_a_mail_server_and_in_the_demo_nothing_is_planned(people, campaign, settings):
    factories.make_webhook(people.organization, by=people.administrator)
    choose(people.secretary, "late")
    choose(people.officer, "late", by="webhook")
    settings.HAS_WEBHOOKS = False

    assert plan_notices(now=NOW) == 0


def test_a_matter_is_told_once_however_often_the_day_is_planned_and_again_after_its_pause(people, campaign, with_mail):
    choose(people.secretary, "waiting", "late")
    days = {}
    for day in range(9):
        for hour in range(3):
            plan_notices(now=NOW + timedelta(days=day, hours=hour))
        days[day] = planned().count(("secretary", "waiting")), planned().count(("secretary", "late"))

    assert list(days.values()) == [(1, 1)] * 3 + [(2, 1)] * 3 + [(3, 1), (3, 2), (3, 2)]


def test_a_group_hears_once_what_several_chose_and_only_of_units_that_have_a_robot(people, branch, campaign):
    below = factories.make_user("below", kind="secretary", organization=branch)
    webhook = factories.make_webhook(people.organization, by=people.administrator)
    for user in (people.secretary, people.teller, below):
        choose(user, "waiting", by="webhook")

    plan_notices(now=NOW)

    assert [(notice.webhook, notice.user) for notice in Notice.objects.all()] == [(webhook, None)]
    assert robots_of(people.teller) == {people.organization.pk: webhook}
    assert robots_of(below) == {}


def test_a_person_s_own_problems_go_by_mail_alone(people, with_mail):
    officer = people.officer
    officer.first_name = "王五"
    officer.save()
    factories.make_problem(people.organization, responsible_person="王五", due_on=date(2026, 12, 1))
    factories.make_webhook(people.organization, by=people.administrator)
    factories.make_mail_address(officer)
    choose_notices(officer, kinds_by_way={"email": ["ledger"], "webhook": ["ledger"]})

    plan_notices(now=NOW)

    assert planned() == [("officer", "ledger-own")]


def test_a_former_notice_goes_in_the_end(people, with_mail):
    old = {"matter": "late:1:1", "subject": "提醒", "text": "提醒", "user": people.secretary}
    Notice.objects.create(**old, day=date(2026, 10, 1), state="sent", ended_at=NOW - timedelta(days=31))
    Notice.objects.create(**old, day=date(2026, 11, 2), state="sent", ended_at=NOW - timedelta(days=29))

    plan_notices(now=NOW)

    assert [notice.day for notice in Notice.objects.all()] == [date(2026, 11, 2)]
