"""The pages on which one deed is done for all units."""

import re
from datetime import timedelta

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns import polls_for_deed
from campaigns.models.states import StateError
from campaigns.views.many import NOT_AS_SEEN
from reports.announcements import for_all
from reports.models import Announcement, SummaryVersion
from reports.report import filing_all
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import make_cast, make_organization, make_sealed_campaign, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign(client):
    root = make_organization()
    branches = [make_organization(f"第{n}支部", parent=root, kind="branch") for n in "一二"]
    client.force_login(make_cast(root).secretary)
    return make_sealed_campaign(root, branches)


def facts(**overrides):
    today = timezone.localdate()
    return {
        "questionnaire_keys": ["org"],
        "audience": "print",
        "place": "党务公开栏",
        "starts_on": today.isoformat(),
        "ends_on": (today + timedelta(days=7)).isoformat(),
        "office": "党委组织部",
        "phone": "010-12345678",
        "is_published": "0",
    } | overrides


def test_the_page_of_final_copies_counts_files_and_says_what_did_not_go(client, campaign):
    address = reverse("reports:summary_file_all", args=[campaign.pk])
    whole, broken = campaign.polls.order_by("path")
    for poll, text in ((whole, "联系群众还不够。"), (broken, "{参评率}")):
        save_summary(Scope.of_poll(poll), {"shortcomings": text}, by=None)

    before = client.get(address).content.decode()
    after = client.post(address).content.decode()

    assert "<b>2</b>有人写过，可以定稿" in before
    assert "已为1个单位的小结定稿" in after and "以下1个评议点没有定稿" in after
    assert f'href="{reverse("reports:summary_edit", args=[broken.pk])}">第二支部</a>：' in after
    assert SummaryVersion.objects.final().get().summary.poll == whole


def test_looking_at_the_pages_does_nothing(client, campaign):
    for name in ("summary_file_all", "announcement_add_all"):
        assert client.get(reverse(f"reports:{name}", args=[campaign.pk])).status_code == 200

    assert not SummaryVersion.objects.exists() and not Announcement.objects.exists()


@pytest.mark.parametrize("is_published", ["0", "1"])
def test_the_page_of_announcements_makes_one_for_each_unit_once(client, campaign, is_published):
    address = reverse("reports:announcement_add_all", args=[campaign.pk])

    answers = [client.post(address, facts(is_published=is_published)) for _ in range(2)]
    page = client.get(address).content.decode()

    assert [answer.status_code for answer in answers] == [302, 302]
    assert "没有可以做公示的单位" in page and "<b>2</b>已有公示" in page
    assert [notice.is_draft for notice in Announcement.objects.all()] == [is_published == "0"] * 2


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"questionnaire_keys": []}, "请至少选一张评议表的结果。"),
        ({"place": ""}, "只打印张贴的，请写明张贴地点。"),
        ({"phone": "无"}, "请填写能打通的电话号码"),
        ({"starts_on": "2015-01-01"}, "公示起始日期要在今天"),
        ({"ends_on": "2015-01-01"}, "公示截止日期不能早于起始日期"),
    ],
)
def test_a_wrong_pattern_is_told_and_makes_nothing(client, campaign, wrong, told):
    page = client.post(reverse("reports:announcement_add_all", args=[campaign.pk]), facts(**wrong)).content.decode()

    assert told in page
    assert not Announcement.objects.exists()


def test_results_about_persons_are_not_published_unseen(client, campaign):
    campaign.questionnaires.update(target_kind="secretary", target_rule="its_secretary")

    page = client.post(reverse("reports:announcement_add_all", args=[campaign.pk]), facts(is_published="1"))

    assert "请先做成草稿，逐份核对" in page.content.decode()
    assert not Announcement.objects.exists()


PAGES = ("summary_file_all", "announcement_add_all")


def field_of(page, name):
    return next(iter(re.findall(rf'name="{name}" value="([^"]*)"', page)), "")


def done(kind):
    """The units that have a final copy or an announcement, by the page that makes them."""
    made = {
        "summary_file_all": SummaryVersion.objects.final().values_list("summary__poll__organization__name", flat=True),
        "announcement_add_all": Announcement.objects.values_list("poll__organization__name", flat=True),
    }
    return sorted(made[kind])


def ready_to_go(campaign, kind):
    """The fields of a press that is refused for no unit."""
    if kind == "announcement_add_all":
        return facts()
    for poll in campaign.polls.all():
        save_summary(Scope.of_poll(poll), {"shortcomings": "联系群众还不够。"}, by=None)
    return {}


@pytest.fixture
def in_pages(monkeypatch):
    """A page has room for a single poll."""
    monkeypatch.setattr(polls_for_deed, "NAMED_AT_ONCE", 1)


@pytest.mark.parametrize("kind", PAGES)
def test_a_list_in_pages_goes_only_with_its_mark_and_then_as_a_whole(client, campaign, kind, in_pages):
    address, sent = reverse(f"reports:{kind}", args=[campaign.pk]), ready_to_go(campaign, kind)

    unmarked = client.post(address, sent)
    page = unmarked.content.decode()
    before = done(kind)
    client.post(address, {**sent, "seen": field_of(page, "seen")})

    assert [str(message) for message in get_messages(unmarked.wsgi_request)] == [NOT_AS_SEEN]
    assert "第1页，共2页，2条" in page and "第二支部" not in page
    assert (before, done(kind)) == ([], ["第一支部", "第二支部"])


@pytest.mark.parametrize("kind", PAGES)
def test_few_units_stand_on_one_page_without_a_search(client, campaign, kind):
    page = client.get(reverse(f"reports:{kind}", args=[campaign.pk])).content.decode()

    assert "第一支部" in page and "第二支部" in page
    assert 'role="search"' not in page and "分页" not in page


@pytest.mark.parametrize("kind", PAGES)
def test_a_search_narrows_the_names_and_the_deed(client, campaign, kind, in_pages):
    address, sent = reverse(f"reports:{kind}", args=[campaign.pk]), ready_to_go(campaign, kind)
    unit = campaign.organizer_id

    page = client.get(address, {"unit": unit, "q": "第二"}).content.decode()
    client.post(f"{address}?unit={unit}", {**sent, "q": field_of(page, "q"), "seen": field_of(page, "seen")})

    assert "第一支部" not in page and "查找到的" in page
    assert f'name="unit" value="{unit}"' in page and f'href="{address}?unit={unit}">看全部' in page
    assert done(kind) == ["第二支部"]


@pytest.mark.parametrize("kind", PAGES)
def test_a_search_that_finds_nothing_says_so(client, campaign, kind, in_pages):
    page = client.get(reverse(f"reports:{kind}", args=[campaign.pk]), {"q": "没有的"}).content.decode()

    assert "查找到的里面没有" in page and '<button class="btn btn-primary">' not in page


@pytest.mark.parametrize("kind", PAGES)
def test_nothing_is_done_where_the_list_has_changed_since_it_was_seen(client, campaign, kind):
    address, sent = reverse(f"reports:{kind}", args=[campaign.pk]), ready_to_go(campaign, kind)
    page = client.get(address).content.decode()
    client.post(address, {**sent, "q": "第一"})

    client.post(address, {**sent, "seen": field_of(page, "seen")})

    assert done(kind) == ["第一支部"]


@pytest.mark.parametrize(("kind", "domain"), [("summary_file_all", filing_all), ("announcement_add_all", for_all)])
def test_the_rest_of_a_long_deed_waits_for_the_next_press(client, campaign, kind, domain, monkeypatch):
    address, sent = reverse(f"reports:{kind}", args=[campaign.pk]), ready_to_go(campaign, kind)
    monkeypatch.setattr(domain, "SECONDS_AT_ONCE", -1)

    page = client.post(address, sent, follow=True).content.decode()

    assert "还有2个没有轮到，再按一次接着办。" in page
    assert done(kind) == []


def test_a_press_after_refusals_begins_where_the_one_before_stopped(client, campaign, monkeypatch):
    """Units that are refused stay in front of those that were not reached: a press does not spend its time on them again."""
    address = reverse("reports:announcement_add_all", args=[campaign.pk])
    first, second = campaign.polls.order_by("path")
    usual, announce = for_all.do_in_turn, for_all._announce

    def one_at_once(keys, deed, **terms):
        outcome = usual(keys[:1], deed, **terms)
        outcome.left.extend(keys[1:])
        return outcome

    def announce_but_first(key, *args, **terms):
        if key == first.pk:
            raise StateError("票太少。")
        announce(key, *args, **terms)

    monkeypatch.setattr(for_all, "do_in_turn", one_at_once)
    monkeypatch.setattr(for_all, "_announce", announce_but_first)
    sent = facts()

    page = client.post(address, sent).content.decode()
    client.post(address, {**sent, "begin": field_of(page, "begin"), "seen": field_of(page, "seen")})

    assert field_of(page, "begin") == str(second.pk)
    assert done("announcement_add_all") == ["第二支部"]


def test_the_pages_take_the_same_queries_for_three_units_and_for_twelve(client):
    counts = {kind: [] for kind in PAGES}
    for units in (3, 12):
        root = make_organization(f"{units}个单位的")
        branches = [make_organization(f"{units}之{n}", parent=root, kind="branch") for n in range(units)]
        client.force_login(make_user(f"secretary-{units}", kind="secretary", organization=root))
        campaign = make_sealed_campaign(root, branches)
        for kind in PAGES:
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse(f"reports:{kind}", args=[campaign.pk]))
            counts[kind].append(len(queries))
            assert not any('"campaigns_poll"."form"' in query["sql"] for query in queries)

    assert all(few == many for few, many in counts.values()), counts
