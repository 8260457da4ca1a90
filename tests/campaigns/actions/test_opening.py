"""Opening freezes each ballot as it reads then."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.actions import opening
from campaigns.ballot_form import BallotForm
from campaigns.models import Poll, Target
from tests.campaigns.actions.library_campaigns import branches, make_from_library
from tests.factories import make_campaign, make_choice_campaign, make_member

pytestmark = pytest.mark.django_db


def test_opening_freezes_what_the_ballot_says_now(with_units):
    open_campaign(with_units, by=None)

    for poll in with_units.polls.all():
        assert poll.state == "open"
        assert BallotForm.from_json(poll.form) == actions.compose_form(poll)


def test_a_ballot_names_the_posts_of_those_who_have_one(root):
    for name, post in (("赵书记", "secretary"), ("钱委员", "deputy"), ("孙科长", "cadre"), ("李党员", "member")):
        make_member(root, name, post=post)
    (poll,) = actions.make_polls(make_from_library(root, "leadership-team"), [root])

    named = [section.named_post for section in actions.compose_form(poll).sections]

    assert named == [root.name, "赵书记（书记）", "钱委员（班子成员）", "孙科长（领导干部）"]


def test_the_secretary_s_own_section_says_it_in_its_title(root):
    make_member(root, "赵书记", post="secretary")
    (poll,) = actions.make_polls(make_from_library(root), [root])

    assert [section.named_post for section in actions.compose_form(poll).sections][1] == "赵书记"


def test_a_ballot_names_the_unit_of_those_who_come_from_another(root):
    branch, _ = branches(root)
    make_member(root, "赵书记", post="secretary")
    (poll,) = actions.make_polls(make_from_library(root), [root])
    for key, post in (("secretary-three", "secretary"), ("member-three", "deputy")):
        member = make_member(branch, f"{branch.name[:2]}{post}", post=post)
        questionnaire = poll.campaign.questionnaires.get(key=key)
        actions.add_target(
            Target(
                poll=poll, kind=questionnaire.target_kind, name=member.name, member=member, questionnaire=questionnaire
            )
        )

    named = [section.named_post for section in actions.compose_form(poll).sections]

    assert {"赵书记", f"{branch.name[:2]}secretary（{branch}）", f"{branch.name[:2]}deputy（{branch}班子成员）"} <= set(
        named
    )


def test_opening_takes_no_statement_more_for_a_further_poll(root):
    def statements_to_open(units):
        campaign = make_campaign(root, title=f"{len(units)}个单位的评议")
        actions.make_polls(campaign, units)
        with CaptureQueriesContext(connection) as queries:
            actions.open_polls(campaign, by=None)
        return len(queries)

    assert statements_to_open([*branches(root), root]) == statements_to_open([root])


def test_composing_a_ballot_takes_the_same_queries_for_one_target_and_for_five(root, django_assert_num_queries):
    first, second = actions.make_polls(make_from_library(root), branches(root))
    polls = [Poll.objects.get(pk=poll.pk) for poll in (first, second)]

    for poll in polls:
        with django_assert_num_queries(6):
            actions.compose_form(poll)


def test_the_options_of_a_list_stand_together_where_the_first_of_them_was_put(root):
    campaign = make_choice_campaign(root, ("修路", "通水", "建食堂"), most=2)
    poll = campaign.polls.get()
    organization, *options = poll.targets.all()
    order = [options[0], organization, *options[1:]]
    actions.arrange_targets(poll, [(target.pk, target.name) for target in order])

    form = actions.compose_form(Poll.objects.get())

    assert [section.name for section in form.sections] == ["修路", "通水", "建食堂", root.name]
    assert [section.most_chosen for section in form.sections] == [2, 2, 2, None]
    assert [choices.cells for choices in form.choice_lists] == [(0, 1, 2)]


def test_polls_open_the_same_in_lots_as_all_at_once(root, monkeypatch):
    monkeypatch.setattr(opening, "POLLS_AT_ONCE", 1)
    units = branches(root)
    campaign = make_campaign(root)
    actions.make_polls(campaign, units)
    first = campaign.polls.order_by("pk").first()
    wanted = actions.compose_form(first)

    actions.open_polls(campaign, by=None)

    polls = list(campaign.polls.order_by("pk"))
    assert [(poll.state, poll.names) for poll in polls] == [("open", [root.name, unit.name]) for unit in units]
    assert polls[0].ballot_form == wanted
