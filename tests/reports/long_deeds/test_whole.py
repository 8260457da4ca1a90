"""The deeds that are whole or not done: each is asked for by its page, done by the worker, and undone by its death."""

import pytest
from django.urls import reverse

from ballots import actions as ballot_actions
from ballots.models import Code
from campaigns import actions
from campaigns.models import Campaign, Commitment, LongDeed, Poll, TakenBack, Target, TrailEntry
from campaigns.year_plan.planning import make_plan
from reports.long_deeds import parts, working
from reports.long_deeds.working import work_next_deed
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.database]


class Killed(BaseException):
    """The process dies."""


@pytest.fixture
def secretary(as_user, cast):
    return as_user(cast.secretary)


def told():
    return LongDeed.objects.order_by("-pk").first().told


def entries():
    rows = TrailEntry.objects.order_by("pk")
    return list(rows.values_list("route", "object_key", "result"))


def killed(monkeypatch):
    """The worker dies when everything is written, but for the row in the trail; the next one does it again."""

    def die(**_):
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(working, "write_entry", die)
        with pytest.raises(Killed):
            work_next_deed()


def targets_of(campaign):
    rows = Target.objects.filter(poll__campaign=campaign).order_by("poll", "position")
    return list(rows.values_list("poll", "questionnaire", "name", "position"))


# Taking back


@pytest.fixture
def opened(campaign):
    ballot_actions.open_campaign(campaign, by=None)
    campaign.refresh_from_db()
    return campaign


def take_back(client, campaign, reason="日期写错了"):
    return client.post(reverse("ballots:campaign_take_back", args=[campaign.pk]), {"reason": reason}, follow=True)


def test_a_campaign_is_taken_back_whole_by_the_worker(secretary, cast, opened, monkeypatch):
    factories.make_batch(opened.polls.first())

    page = take_back(secretary, opened).content.decode()

    assert "等待办理" in page
    assert Campaign.objects.get().is_frozen
    killed(monkeypatch)
    assert (Campaign.objects.get().is_frozen, TakenBack.objects.count()) == (True, 0)
    work_next_deed()
    assert not Campaign.objects.get().is_frozen
    columns = ("state", "form", "names", "unit_kind", "roster_count")
    assert list(opened.polls.values_list(*columns)) == [("preparing", None, [], "", None)] * 5
    entry = TakenBack.objects.get()
    assert (entry.reason, entry.taken_back_by, entry.poll, Code.objects.count()) == (
        "日期写错了",
        cast.secretary,
        None,
        0,
    )
    assert told() == f"“{opened}”已退回筹备，发出的选票码全部作废；改好以后重新开启。"
    assert entries() == [("ballots:campaign_take_back", str(opened.pk), "done")] * 2


def test_a_ballot_in_any_poll_leaves_all_open_and_the_reason_names_none(secretary, opened):
    take_back(secretary, opened)
    factories.cast_ballots(factories.make_batch(opened.polls.order_by("pk").last()), {"11": 1})

    work_next_deed()

    assert list(opened.polls.values_list("state", flat=True)) == ["open"] * 5
    assert (told(), LongDeed.objects.get().state) == ("已收到选票，不能退回筹备。", "refused")
    assert [result for *_, result in entries()] == ["done", "refused"]


def test_what_can_be_refused_at_the_press_is_refused_there(secretary, opened):
    factories.close_poll(opened.polls.first(), attended=0)

    page = take_back(secretary, opened).content.decode()

    assert "整个活动不能再退回筹备。" in page
    assert not LongDeed.objects.exists()


def test_two_people_who_take_back_at_once_do_it_once(secretary, as_user, root, opened):
    take_back(secretary, opened)

    second = as_user(factories.make_user("second", kind="secretary", organization=root))
    page = take_back(second, opened).content.decode()

    assert "后台正在办这次活动的“退回筹备”，办完以后才能办别的。" in page
    assert LongDeed.objects.count() == 1


# Copying

NEXT = {"title": "2027年度群众评议", "period": "2027年度", "basis": "", "starts_on": "2027-11-01", "ends_on": ""}


def test_a_copy_is_made_whole_by_the_worker_and_its_page_leads_there(secretary, cast, campaign, monkeypatch):
    answer = secretary.post(reverse("reports:campaign_copy", args=[campaign.pk]), NEXT)

    assert Campaign.objects.count() == 1
    killed(monkeypatch)
    assert (Campaign.objects.count(), Poll.objects.count()) == (1, 5)
    work_next_deed()
    copy = Campaign.objects.get(title=NEXT["title"])
    assert (copy.period, copy.created_by, copy.copied_from) == ("2027年度", cast.secretary, campaign)
    assert (copy.starts_on.isoformat(), copy.ends_on, copy.polls.count()) == ("2027-11-01", None, 5)
    page = secretary.get(answer["Location"]).content.decode()
    assert f"已由“{campaign}”复制，请核对以后开启。" in page
    assert reverse("campaigns:campaign_detail", args=[copy.pk]) in page
    assert entries() == [
        ("reports:campaign_copy", str(campaign.pk), "done"),
        ("reports:campaign_copy", str(copy.pk), "done"),
    ]


def test_a_unit_left_out_of_the_copy_is_named(secretary, campaign):
    unit = campaign.polls.first().organization
    actions.deactivate_organization(unit, by=None)

    secretary.post(reverse("reports:campaign_copy", args=[campaign.pk]), NEXT)
    work_next_deed()

    assert told() == f"已由“{campaign}”复制，请核对以后开启。没有列入：{unit}（已停用或合并）。"


def test_a_name_taken_meanwhile_copies_nothing(secretary, root, campaign):
    secretary.post(reverse("reports:campaign_copy", args=[campaign.pk]), NEXT)
    factories.make_campaign(root, title=NEXT["title"])

    work_next_deed()

    assert (told(), Campaign.objects.count()) == (parts.TITLE_TAKEN, 2)


def test_the_campaign_of_a_planned_period_is_made_by_the_worker(secretary, root, campaign):
    period = make_plan(root, year=2027, pattern="once", by=None).periods.get()

    secretary.post(reverse("reports:period_campaign", args=[period.pk]))

    period.refresh_from_db()
    assert period.campaign is None
    work_next_deed()
    period.refresh_from_db()
    assert (period.campaign.polls.count(), period.campaign.period) == (5, period.title)


def test_a_period_deleted_meanwhile_makes_nothing(secretary, root, campaign):
    plan = make_plan(root, year=2027, pattern="once", by=None)
    secretary.post(reverse("reports:period_campaign", args=[plan.periods.get().pk]))
    plan.delete()

    work_next_deed()

    assert (told(), Campaign.objects.count()) == (parts.PERIOD_GONE, 1)


# Questionnaires


def test_a_questionnaire_comes_to_all_ballots_at_once(secretary, campaign, monkeypatch):
    before = targets_of(campaign)

    address = reverse("campaigns:questionnaire_add", args=[campaign.pk])
    secretary.post(address, {"source": "report-six", "rule": ""})

    assert targets_of(campaign) == before
    killed(monkeypatch)
    assert (targets_of(campaign), campaign.questionnaires.count()) == (before, 1)
    work_next_deed()
    added = campaign.questionnaires.get(key="report-six")
    assert {poll for poll, questionnaire, *_ in targets_of(campaign) if questionnaire == added.pk} == {
        poll.pk for poll in campaign.polls.all()
    }
    assert told() == f"已加入“{added}”，请在“评议表”里核对。"


def test_a_blank_questionnaire_asks_by_the_rule_that_was_chosen(secretary, campaign):
    address = reverse("campaigns:questionnaire_add", args=[campaign.pk])
    secretary.post(address, {"source": "blank", "rule": "open_question"})

    work_next_deed()

    assert (campaign.questionnaires.last().target_rule, campaign.questionnaires.last().title) == (
        "open_question",
        "新评议表",
    )


@pytest.fixture
def second(campaign):
    """A second questionnaire, on every ballot."""
    with actions.targets_following(campaign) as locked:
        return actions.copy_questionnaire(locked, "report-six")


def test_a_questionnaire_goes_from_all_ballots_at_once(secretary, campaign, second, monkeypatch):
    before = targets_of(campaign)

    secretary.post(reverse("campaigns:questionnaire_delete", args=[second.pk]))
    killed(monkeypatch)

    assert targets_of(campaign) == before
    work_next_deed()
    assert {row[1] for row in targets_of(campaign)} == {campaign.questionnaires.get().pk}
    assert told() == f"“{second}”已经删除，各评议点的票随之更新。"


def edit(client, questionnaire, **changes):
    address = reverse("campaigns:questionnaire_edit", args=[questionnaire.pk])
    form = client.get(address)
    sent = {name: value for name, value in form.context["form"].initial.items() if value is not None}
    rows = form.context["formset"]
    sent |= {f"{rows.prefix}-{name}": rows.management_form[name].value() for name in rows.management_form.fields}
    for row in rows:
        sent |= {row.add_prefix(name): row[name].value() or "" for name in row.fields}
    for name in form.context["form"].fields:
        value = form.context["form"][name].value()
        sent[name] = "" if value is None else value
    return client.post(address, {name: value for name, value in (sent | changes).items() if value is not False})


def test_a_new_order_is_saved_at_once_and_the_ballots_follow(secretary, campaign, second):
    first, before = campaign.questionnaires.exclude(pk=second.pk).get(), targets_of(campaign)

    answer = edit(secretary, first, position=9)

    assert answer.status_code == 302
    first.refresh_from_db()
    assert (first.position, targets_of(campaign)) == (9, before)
    assert LongDeed.objects.get().kind == "order"
    work_next_deed()
    assert [row[1] for row in targets_of(campaign)][:2] == [second.pk, first.pk]
    assert told() == "各评议点的票已按评议表的次序排列。"


def test_a_questionnaire_whose_place_stays_is_saved_without_the_worker(secretary, campaign, second):
    answer = edit(secretary, second, title="新的名称")

    second.refresh_from_db()
    assert (answer["Location"], second.title) == (
        reverse("campaigns:questionnaire_list", args=[campaign.pk]),
        "新的名称",
    )
    assert not LongDeed.objects.exists()


# The roster


def test_the_targets_follow_the_roster_at_once(secretary, campaign, monkeypatch):
    actions.add_target(
        Target(
            poll=campaign.polls.first(),
            kind="organization",
            name="多余的单位",
            organization=campaign.organizer,
            questionnaire=campaign.questionnaires.get(),
        )
    )
    campaign.polls.last().targets.all().delete()
    before = targets_of(campaign)

    secretary.post(reverse("campaigns:targets_refresh", args=[campaign.pk]))
    killed(monkeypatch)

    assert targets_of(campaign) == before
    work_next_deed()
    after = targets_of(campaign)
    assert len({poll for poll, *_ in after}) == 5 and after != before
    assert told() == "各评议点的评议对象已按现在的名册和评议表更新。"


def test_every_kind_has_a_part_and_a_route_of_the_trail():
    assert set(parts.PARTS) == set(parts.ROUTES) == set(LongDeed.Kind.values)
    assert set(parts.ROUTES.values()) <= set(working.CHANGES)


def test_what_cannot_go_from_a_ballot_is_told_as_the_page_would(secretary, campaign, second):
    target = campaign.polls.first().targets.get(questionnaire=second)
    commitment = Commitment.objects.create(organization=campaign.organizer, content="修路")
    Target.objects.filter(pk=target.pk).update(commitment=commitment)
    factories.make_document(campaign.polls.first(), target=target)

    secretary.post(reverse("campaigns:questionnaire_delete", args=[second.pk]))
    work_next_deed()

    assert LongDeed.objects.get().state == "refused"
    assert "请先在“报告和文稿”里撤下。" in told()
