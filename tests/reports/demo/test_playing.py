"""The demo is made once, is the same each time, and an interrupted run is continued.

The expected figures are those of the seeds that the acts retell.
"""

import re
from fractions import Fraction

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import Count
from django.test import override_settings

from ballots.counting import recounting, sealing, tally
from ballots.models import Batch, Opinion, SealedBox
from ballots.voting import casting, codes
from campaigns.models import Campaign, Commitment, Member, Organization, Poll, Role
from reports import demo
from reports.demo import playing, words
from reports.demo.acts import company
from tests.factories import make_organization, make_user

from .looking import run_demo, scope_of, totals

SMALL_ACTS = playing.ACTS[:5]
REPORT, COLLEGE, BRANCH, COMMUNITY, BUREAU, *_, TOWNSHIP, COMPANY = (act.name for act in playing.ACTS)


@pytest.fixture
def only_small_acts(monkeypatch):
    """The demo without the township and the company, which take seconds."""
    monkeypatch.setattr(playing, "ACTS", SMALL_ACTS)


# --- the small acts --------------------------------------------------------------------------------------------------


def test_each_run_prints_a_link_that_lets_a_participant_cast(db, client, only_small_acts):
    first, second = (run_demo(url="http://192.0.2.7:8080/") for _ in range(2))
    paths = [re.search(r"http://192\.0\.2\.7:8080(/v/\w+/)", output)[1] for output in (first, second)]

    page = client.get(paths[1], follow=True)
    ticket = codes.exchange(paths[0].split("/")[2])
    poll = Poll.objects.get(pk=ticket.poll_id)
    marks = "-" * sum(len(section["indicators"]) for section in poll.form["sections"])
    casting.cast(ticket=ticket, key="a participant's", marks=marks)

    assert paths[0] != paths[1]
    assert page.status_code == 200 and poll.organization.name in page.content.decode()


def test_an_interrupted_run_leaves_whole_acts_and_no_way_in_and_is_continued(db, only_small_acts):
    with override_settings(DEMO=True):
        acts = demo.load()
        played = [next(acts), next(acts)]
        acts.close()
    usable = [user.has_usable_password() for user in User.objects.all()]

    output = run_demo()

    assert played == [REPORT, COLLEGE] and usable == [False] * 5
    assert [line.rpartition("：")[2] for line in output.splitlines() if "已装入" in line] == [BRANCH, COMMUNITY, BUREAU]
    assert User.objects.get(username="secretary").has_usable_password()


def test_an_act_that_breaks_off_leaves_nothing(db, monkeypatch):
    def break_off(stage, root):
        stage.add_members([(root, 3)])
        raise KeyboardInterrupt

    monkeypatch.setattr(playing, "ACTS", (SMALL_ACTS[0], playing.Act("半途而废党支部", "branch", break_off, ())))

    with pytest.raises(KeyboardInterrupt):
        run_demo()

    assert list(Organization.objects.values_list("name", flat=True)) == [REPORT]
    assert not Member.objects.exclude(organization__name=REPORT).exists()


def test_a_database_in_use_is_left_alone(db, only_small_acts):
    make_user("chief")

    with pytest.raises(CommandError, match="不再装入演示数据"):
        run_demo()

    assert (Organization.objects.count(), User.objects.count()) == (0, 1)


def test_no_account_of_the_demo_ever_gets_into_a_real_database(db, only_small_acts):
    with pytest.raises(CommandError, match="不装入正式的数据库"):
        call_command("demo")
    with pytest.raises(demo.NotADemo):
        next(demo.load())

    assert (Organization.objects.count(), User.objects.count()) == (0, 0)


def test_units_that_were_loaded_before_anybody_had_an_account_stay_beside_the_demo(db, only_small_acts):
    own = make_organization("本县党委")

    run_demo()

    assert Campaign.objects.exists()
    assert not Role.objects.filter(organization=own).exists()


def test_the_same_people_marks_and_opinions_come_out_every_time(db, only_small_acts):
    def content():
        members = list(Member.objects.order_by("pk").values_list("name", "post", "status"))
        boxes = sorted(box.content.partition("\n")[2] for box in SealedBox.objects.all())
        return members, boxes, sorted(Opinion.objects.values_list("text", flat=True))

    with transaction.atomic():
        run_demo()
        first = content()
        transaction.set_rollback(True)
    run_demo()

    assert content() == first
    assert all(first)


@pytest.mark.slow
@pytest.mark.database
def test_the_whole_demo_gives_the_figures_of_the_seeds(db):
    run_demo()

    # After it the township heard the secretaries of its offices, and the company began a meeting of its own.
    township, mining = scope_of(TOWNSHIP).campaign, scope_of(COMPANY).campaign
    assert (township.state, mining.state) == ("sealed", "sealed")
    assert (township.polls.count(), Member.objects.filter(organization__parent__name=TOWNSHIP).count()) == (28, 752)
    assert list(totals(township, "valid_count", "grade_1_count", "grade_2_count").values()) == [(960, 941, 19)]

    units = Organization.objects.within(mining.organizer).exclude(pk=mining.organizer_id)
    assert dict(units.order_by().values_list("kind").annotate(Count("pk"))) == {
        "committee": 23,
        "general_branch": 40,
        "branch": 349,
    }
    assert mining.polls.sealed().count() == 412
    organizations, members = Batch.objects.filter(shared_slip__isnull=False).order_by("slip_place")
    assert organizations.poll.organization == members.poll.organization == mining.organizer
    assert [sealing.collected(batch) for batch in (organizations, members)] == [
        company.ON_BOTH + company.ON_THE_FIRST,
        company.ON_BOTH,
    ]
    assert {batch.codes.count() + sealing.collected(batch) for batch in (organizations, members)} == {60}
    assert Member.objects.filter(organization__in=units).count() == 4720
    commitments = Commitment.objects.filter(organization__in=units).order_by()
    assert dict(commitments.values_list("kind").annotate(Count("pk"))) == {"promise": 13430, "deed": 1039}
    counted = totals(mining, "valid_count", "grade_1_count", "grade_2_count")
    assert list(counted.values()) == [(4378, satisfied, 4378 - satisfied) for satisfied in company.SATISFIED]
    rates = [tally.percent(Fraction(satisfied, valid), 1) for valid, satisfied, _ in counted.values()]
    assert rates == ["98.7", "97.5", "96.4", "98.4", "98.9", "98.7", "96.1", "97.8"]
    assert [recounting.recount(poll) for poll in mining.polls.all()[:20]] == [[]] * 20
    assert set(Opinion.objects.values_list("kind", flat=True)) == {"suggestion", *words.BY_KIND}
