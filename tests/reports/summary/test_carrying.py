"""Standing words of a 小结 go along with a copied campaign; figures, results and names of days do not."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.actions import open_campaign
from campaigns import actions
from campaigns.models import Campaign, Poll
from reports.copying.actions import make_next_campaign
from reports.models import Summary, SummaryVersion
from reports.scope import Scope
from reports.summary.actions import save_summary
from reports.summary.carrying import standing_texts
from reports.views import copying
from tests.factories import make_cast, make_organization, make_sealed_campaign, make_user

pytestmark = pytest.mark.django_db

NEXT = {"title": "2027年度群众评议", "period": "2027年度"}


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def units(people):
    return [make_organization(f"{name}支部", parent=people.organization, kind="branch") for name in "甲乙丙"]


@pytest.fixture
def source(people, units):
    """A sealed campaign whose committee and first branch have written words of their own."""
    campaign = make_sealed_campaign(people.organization, units)
    words = {"leadership": "支委会专题研究。\n到会党员12名。", "shortcomings": "有的同志不够热情。"}
    save_summary(Scope.of_poll(campaign.polls.get(organization=units[0])), words, by=people.secretary)
    above = {"method": "各支部{评议渠道}，逐级汇总。", "scope": "共120人。"}
    save_summary(Scope.of(campaign, people.organization), above, by=people.secretary)
    return campaign


@pytest.mark.parametrize(
    ("texts", "standing"),
    [
        ({"leadership": "专题研究。", "opinions": "意见已办。"}, {"leadership": "专题研究。"}),
        ({"scope": "党员全部参加。\n共１２０人。"}, {"scope": "党员全部参加。"}),
        ({"method": "采取{评议渠道}，发出{发出}张。"}, {"method": "采取{评议渠道}，发出{发出}张。"}),
        ({"method": "满意的占百分之九十。", "intro": "9月开展。", "signed_on": "2026年9月1日"}, {}),
    ],
)
def test_only_standing_lines_without_a_typed_figure_go_along(texts, standing):
    assert standing_texts(texts) == standing


def test_each_unit_finds_its_own_words_as_the_first_version(people, units, source):
    copy = make_next_campaign(source, by=people.secretary, **NEXT)

    poll = copy.polls.get(organization=units[0])
    kept = {(row.poll, row.organization): row.texts for row in Summary.objects.exclude(poll__campaign=source)}
    kept.pop((None, people.organization), None)
    assert kept == {(poll, None): {"leadership": "支委会专题研究。"}}
    above = Summary.objects.get(campaign=copy)
    assert (above.organization, above.texts, above.path) == (
        people.organization,
        {"method": "各支部{评议渠道}，逐级汇总。"},
        people.organization.path,
    )
    versions = SummaryVersion.objects.filter(summary__in=[above, poll.summary])
    assert set(versions.values_list("number", "is_final", "saved_by")) == {(1, False, people.secretary.pk)}


def test_words_of_the_copy_are_its_own(people, units, source):
    copy = make_next_campaign(source, by=people.secretary, **NEXT)

    Summary.objects.filter(campaign=copy).update(texts={"method": "改"})

    assert Summary.objects.get(campaign=source).texts == {
        "method": "各支部{评议渠道}，逐级汇总。",
        "scope": "共120人。",
    }


def test_a_unit_that_ended_takes_no_words_along(people, units, source):
    actions.deactivate_organization(units[0], by=None)

    copy = make_next_campaign(source, by=people.secretary, **NEXT)

    assert not Summary.objects.filter(poll__campaign=copy).exists()


def test_a_copy_with_words_can_be_deleted_and_its_units_dropped_before_it_is_opened(people, units, source):
    copy = make_next_campaign(source, by=people.secretary, **NEXT)

    actions.choose_units(copy, units[1:])
    actions.delete_campaign(Campaign.objects.get(pk=copy.pk))

    assert list(Campaign.objects.all()) == [source]
    assert Summary.objects.count() == 2


def test_what_goes_with_a_copy_counts_its_words_once_whether_of_a_poll_or_of_a_unit(people, source):
    copy = make_next_campaign(source, by=people.secretary, **NEXT)

    going = dict(actions.going_with_campaign(copy))

    assert (going["小结"], going["小结版本"]) == (2, 2)


def test_nothing_is_left_where_the_words_cannot_be_carried(people, source, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr("reports.copying.actions.carry_texts", fail)

    with pytest.raises(RuntimeError):
        make_next_campaign(source, by=people.secretary, **NEXT)

    assert list(Campaign.objects.all()) == [source]


def test_words_of_many_are_carried_in_as_many_queries_as_those_of_few(people, units, source):
    with CaptureQueriesContext(connection) as few:
        make_next_campaign(source, by=people.secretary, **NEXT)
    for unit in units[1:]:
        poll = Poll.objects.select_related("campaign", "organization").get(campaign=source, organization=unit)
        save_summary(Scope.of_poll(poll), {"leadership": "专题研究。"}, by=people.secretary)

    with CaptureQueriesContext(connection) as many:
        make_next_campaign(source, by=people.secretary, title="又一次评议", period="2028年度")

    assert len(many) == len(few)
    assert Summary.objects.filter(poll__campaign__title="又一次评议").count() == 3


def test_the_page_proposes_the_next_period_and_names_who_is_left_out(client, people, units, source):
    actions.deactivate_organization(units[2], by=None)
    client.force_login(people.secretary)
    address = reverse("reports:campaign_copy", args=[source.pk])

    page = client.get(address).content.decode()
    made = client.post(address, {"title": "2027年度群众评议", "period": "2027年度"}, follow=True)

    assert 'value="2027年度群众评议"' in page
    assert "1个单位不再列入：丙支部（已停用或合并）。" in page
    copy = Campaign.objects.get(title="2027年度群众评议")
    assert made.redirect_chain == [(reverse("campaigns:campaign_detail", args=[copy.pk]), 302)]
    text = made.content.decode()
    assert "没有列入：丙支部（已停用或合并）。" in text
    assert f'由“<a href="/campaigns/{source.pk}/">{source.title}</a>”复制' in text


def test_a_copy_of_many_units_says_how_many_and_leads_to_where_they_are_chosen(client, people, source, monkeypatch):
    monkeypatch.setattr(copying, "MOST_BOXES", 2)
    client.force_login(people.secretary)
    address = reverse("reports:campaign_copy", args=[source.pk])

    page = client.get(address).content.decode()
    made = client.post(address, {"title": "2027年度群众评议", "period": "2027年度"}, follow=True).content.decode()

    copy = Campaign.objects.get(title="2027年度群众评议")
    assert "评议单位3个（全部；要增减的，复制以后在“评议单位”里一枝一枝地选），评议对象按今天的名册" in page
    units = reverse("campaigns:poll_list", args=[copy.pk])
    assert f'评议单位有3个，要增减的，一枝一枝地选。 <a href="{units}">打开“评议单位”</a>' in made
    assert copy.polls.count() == 3


def test_the_page_of_a_copy_takes_the_same_queries_with_more_units(client, people, units, source):
    actions.deactivate_organization(units[2], by=None)
    client.force_login(people.secretary)
    address = reverse("reports:campaign_copy", args=[source.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        page = client.get(address).content.decode()
    more = [make_organization(f"第{number}支部", parent=people.organization, kind="branch") for number in range(6)]
    Poll.objects.bulk_create(Poll(campaign=source, organization=unit, path=unit.path) for unit in more)
    actions.deactivate_organization(more[5], by=None)

    with CaptureQueriesContext(connection) as many:
        later = client.get(address).content.decode()

    assert ("评议单位2个，" in page, "评议单位7个，" in later, "2个单位不再列入" in later) == (True, True, True)
    assert len(many) == len(few)


def test_a_title_in_use_is_refused_beside_its_field(client, people, source):
    client.force_login(people.secretary)

    page = client.post(
        reverse("reports:campaign_copy", args=[source.pk]), {"title": source.title, "period": "2027年度"}
    )

    assert "该单位已有同名的评议活动。" in page.content.decode()
    assert Campaign.objects.count() == 1


def test_a_source_that_a_unit_had_no_part_in_is_not_named_to_it(client, people, units, source):
    new = make_organization("丁支部", parent=people.organization, kind="branch")
    copy = make_next_campaign(source, by=people.secretary, **NEXT)
    actions.make_polls(copy, [new])
    Campaign.objects.filter(pk=copy.pk).update(starts_on="2027-01-01", ends_on="2027-01-31")
    open_campaign(Campaign.objects.get(pk=copy.pk), by=None)
    client.force_login(make_user("new", kind="secretary", organization=new))

    page = client.get(reverse("campaigns:campaign_detail", args=[copy.pk])).content.decode()

    assert "丁支部" in page
    assert source.title not in page
    assert "复制" not in page
