"""The pages that hand out to all units of a campaign: what they show before they do it, and what they do."""

from urllib.parse import quote

import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.models import Batch, Code
from ballots.voting import codes
from ballots.voting.handing_out import PlanSums
from campaigns.actions import make_polls
from tests import factories
from tests.ballots.voting.test_handing_out import make_units, polls_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def campaign():
    return make_units(3)


@pytest.fixture
def secretary(client, campaign):
    client.force_login(factories.make_cast(campaign.organizer).secretary)
    return client


def batches_page(campaign, **pattern):
    return _page("campaign_batches", campaign, {"method": "slips", **pattern})


def _page(name, campaign, pattern):
    category = campaign.categories.get(name="党员")
    sent = {"channels": "meeting", "categories": category.pk, "how_many": "roster", **pattern}
    return f"{reverse(f'ballots:{name}', args=[campaign.pk])}?" + "&".join(f"{key}={sent[key]}" for key in sent)


def text_of(response):
    return response.content.decode()


def messages_of(response):
    return [str(message) for message in response.context["messages"]]


def test_the_page_asks_first_and_shows_nothing_that_it_would_do(secretary, campaign):
    page = secretary.get(reverse("ballots:campaign_batches", args=[campaign.pk]))

    assert page.context["plan"] is None
    assert "确认" not in text_of(page)


def test_the_plan_is_shown_unit_by_unit_with_what_is_left_out_and_nothing_is_written(secretary, campaign):
    first, second, _ = polls_of(campaign)
    factories.make_batch(first)
    factories.close_poll(second)

    page = secretary.get(batches_page(campaign))

    text = text_of(page)
    assert page.context["sums"] == PlanSums(unit_count=1, made_count=1, slip_count=4, left_out_count=2)
    assert "集中评议·党员：4张" in text
    assert "集中评议·党员：已经有这个票批。" in text
    assert "评议点现为“已截止”，不能发票。" in text
    assert Batch.objects.count() == 1


def test_confirmed_once_all_batches_are_made_and_the_way_leads_to_their_slips(secretary, campaign):
    page = batches_page(campaign)

    done = secretary.post(page)
    again = secretary.post(page, follow=True)

    query = page.partition("?")[2]
    assert done.url == f"{reverse('ballots:campaign_slips', args=[campaign.pk])}?{query}"
    assert Batch.objects.count() == 3
    assert messages_of(again)[-1].startswith("没有要新设的票批")


def test_no_other_campaign_s_units_are_touched(secretary, campaign):
    units = [poll.organization for poll in polls_of(campaign)]
    other = factories.make_campaign(campaign.organizer, title="另一活动")
    make_polls(other, units)
    open_campaign(other, by=None)

    secretary.post(batches_page(campaign))

    assert set(Batch.objects.values_list("poll__campaign", flat=True)) == {campaign.pk}


def test_paper_for_all_has_no_slips_and_leads_back_to_the_campaign(secretary, campaign):
    page = batches_page(campaign, method="entered")

    plan = secretary.get(page)
    done = secretary.post(page)

    assert not plan.context["shows_slips"]
    assert "集中评议·党员：" not in text_of(plan)
    assert done.url == reverse("campaigns:campaign_detail", args=[campaign.pk])
    assert set(Batch.objects.values_list("method", flat=True)) == {"entered"}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"channels": "phone"}, "channels"),
        ({"categories": 0}, "categories"),
        ({"method": "guess"}, "method"),
        ({"how_many": "all"}, "how_many"),
        ({"how_many": "same"}, "same"),
        ({"how_many": "same", "same": 2001}, "same"),
    ],
)
def test_a_pattern_outside_what_is_offered_makes_nothing(secretary, campaign, wrong, field):
    page = secretary.post(batches_page(campaign, **wrong))

    assert list(page.context["form"].errors) == [field]
    assert not Batch.objects.exists()


def test_the_campaign_leads_to_the_page_while_polls_are_open(secretary, campaign):
    address = reverse("ballots:campaign_batches", args=[campaign.pk])
    overview = reverse("campaigns:campaign_detail", args=[campaign.pk])

    while_open = text_of(secretary.get(overview))
    for poll in polls_of(campaign):
        factories.close_poll(poll)

    assert address in while_open
    assert address not in text_of(secretary.get(overview))


# Slips


def slips_page(campaign, **pattern):
    return _page("campaign_slips", campaign, pattern)


@pytest.fixture
def batches(campaign):
    return [factories.make_batch(poll) for poll in polls_of(campaign)]


def test_the_slips_are_shown_before_they_are_made(secretary, campaign, batches):
    codes.make_slips(batches[0], 2)

    page = secretary.get(slips_page(campaign))

    text = text_of(page)
    assert page.context["sums"] == PlanSums(unit_count=2, made_count=2, slip_count=7, left_out_count=1)
    assert "集中评议·党员：已经制作过2张。" in text
    assert "下载完整的，里面每一张都有效；中断的打不开，删去重做。" in text
    assert Code.objects.count() == 2


@pytest.mark.parametrize(("kind", "start"), [("zip", b"PK"), ("pdf", b"%PDF-1.7")])
def test_all_slips_come_as_one_file_that_nobody_keeps(secretary, campaign, batches, kind, start):
    answer = secretary.post(slips_page(campaign), {"file": kind})

    assert (answer.streaming, answer["Content-Type"]) == (True, f"application/{kind}")
    assert (answer["Cache-Control"], answer["X-Accel-Buffering"]) == ("no-store", "no")
    assert answer["Content-Disposition"].endswith(f"{quote(f'2026年度群众评议 9张.{kind}')}")
    assert b"".join(answer.streaming_content).startswith(start)
    assert Code.objects.count() == 9


def test_once_made_they_are_not_made_again_unless_it_is_asked_for(secretary, campaign, batches):
    list(secretary.post(slips_page(campaign), {"file": "zip"}).streaming_content)

    again = secretary.post(slips_page(campaign), {"file": "zip"})
    asked_for = secretary.post(slips_page(campaign, again="on"), {"file": "zip"})

    assert messages_of(again) == ["没有要制作的选票码，各单位的原因见下表。"]
    assert not again.streaming
    list(asked_for.streaming_content)
    assert Code.objects.count() == 18


def test_more_than_a_server_draws_in_one_answer_are_refused(secretary, campaign, batches, monkeypatch):
    monkeypatch.setattr("ballots.views.handing_out.MOST_SLIPS", 8)

    page = secretary.post(slips_page(campaign), {"file": "zip"})

    assert messages_of(page)[0].startswith("一次至多制作8张，现为9张。")
    assert not Code.objects.exists()


@pytest.mark.parametrize("sent", [{}, {"file": "docx"}])
def test_without_a_kind_of_file_nothing_is_made(secretary, campaign, batches, sent):
    page = secretary.post(slips_page(campaign), sent)

    assert not page.streaming
    assert not Code.objects.exists()


def test_a_server_that_cannot_draw_says_so_on_a_page(secretary, campaign, batches, monkeypatch):
    monkeypatch.setattr("pingyi.drawing.weasyprint", None)

    page = secretary.post(slips_page(campaign), {"file": "pdf"})

    assert "请管理员执行 make setup" in text_of(page)
    assert not Code.objects.exists()


def test_a_secretary_below_makes_no_slips_for_all(client, campaign, batches):
    branch = polls_of(campaign)[0].organization
    client.force_login(factories.make_user("branch", kind="secretary", organization=branch))

    answer = client.post(slips_page(campaign), {"file": "zip"})

    assert answer.status_code == 403
    assert not Code.objects.exists()
