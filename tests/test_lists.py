"""Every list of the desk: sorted both ways by its heads, filtered, counted, paged, in as many queries for 60 rows as for one."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from django.contrib.auth.models import User
from django.db.models import Q
from django.urls import reverse

from campaigns import actions
from campaigns.forms.lists import containing
from campaigns.models import Organization
from reports.models import Finding, OpinionReading
from tests.factories import (
    make_announcement,
    make_campaign,
    make_cast,
    make_commitment,
    make_export,
    make_letter,
    make_member,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_campaign,
    make_sealed_poll,
    make_user,
)
from tests.listings import (
    ask,
    assert_sorts_by_every_head,
    assert_survives_what_it_does_not_know,
    order_of,
    queries_of,
)
from tests.reports.consequences.confirmed import confirmed, make_consequence

pytestmark = pytest.mark.django_db


@dataclass
class World:
    """A committee, and whoever looks at its lists."""

    root: Organization
    campaign_id: int

    def address(self, name):
        arguments = {
            "campaigns:organization_detail": [self.root.pk],
            "campaigns:campaign_detail": [self.campaign_id],
            "reports:desk": [self.campaign_id],
            "reports:letterbox_detail": [self.root.pk],
        }
        if name == "reports:announcement_list":
            arguments[name] = [sealed_poll_of(self.root).pk]
        query = {"reports:commitment_list": f"?unit={self.root.pk}", "campaigns:organization_list": "?q=第"}
        return reverse(name, args=arguments.get(name, [])) + query.get(name, "")


@pytest.fixture
def cast():
    return make_cast(make_organization())


@pytest.fixture
def world(cast):
    return World(cast.organization, make_campaign(cast.organization, title="安全活动").pk)


def sealed_poll_of(root):
    return root.polls.filter(state="sealed").first() or make_sealed_poll(organizer=root, title="已封存的活动")


def label(number):
    """「第01个」: words whose order is that of their numbers."""
    return f"第{number:02}个"


def fill(world, name, numbers):
    """Rows of a list that are named in the order of their numbers, made in the reverse."""
    units = []
    for number in reversed(numbers):
        text = label(number)
        if name == "reports:problem_list":
            make_problem(world.root, content=text, due_on=f"2026-05-{1 + number % 28:02}", responsible_person=text)
        elif name == "reports:commitment_list":
            make_commitment(world.root, text, make_member(world.root, text), due_on="2026-05-01")
        elif name == "campaigns:account_list":
            make_user(f"user{number:02}", kind="teller", organization=world.root, first_name=text)
        elif name == "campaigns:campaign_list":
            make_campaign(world.root, title=text, period=text)
        elif name == "campaigns:organization_detail":
            make_member(world.root, text)
        elif name == "reports:announcement_list":
            make_announcement(sealed_poll_of(world.root), title=text)
        elif name == "reports:export_list":
            campaign = make_campaign(world.root, title=text)
            make_export(campaign, by=User.objects.get(username="officer"))
        elif name == "reports:restriction_list":
            make_consequence(
                the_finding(world.root), content=text, decided_on=date(2026, 1, 1) + timedelta(days=number)
            )
        elif name == "reports:letterbox_detail":
            make_letter(world.root, text, key=text)
        else:
            units.append(make_organization(text, parent=world.root, kind="branch"))
    if name in ("campaigns:campaign_detail", "reports:desk"):
        actions.make_polls(make_campaign_of(world), units)


def the_finding(root):
    return Finding.objects.first() or confirmed(crossed_poll(root))


def crossed_poll(root):
    """A sealed poll whose target crossed a threshold."""
    return make_sealed_poll(
        {"13": 9, "11": 1}, organizer=root, title="超过阈值的活动", thresholds=["org-dissatisfied-third"]
    )


def make_campaign_of(world):
    return world.root.campaigns.get(pk=world.campaign_id)


# The list, who sees it, and the head by which its rows stand in the order of their names.
LISTS = {
    "reports:problem_list": ("officer", "person"),
    "reports:commitment_list": ("officer", "by"),
    "campaigns:account_list": ("administrator", "name"),
    "campaigns:campaign_list": ("secretary", "title"),
    "campaigns:organization_detail": ("secretary", "name"),
    "campaigns:organization_list": ("secretary", "name"),
    "campaigns:campaign_detail": ("secretary", "name"),
    "reports:desk": ("officer", "name"),
    "reports:announcement_list": ("secretary", "title"),
    "reports:export_list": ("officer", "campaign"),
    # Letters of one day stand in a random order.
    "reports:letterbox_detail": ("secretary", None),
    "reports:restriction_list": ("officer", "decided"),
}


@pytest.fixture
def looking(client, cast, world):
    """`looking(name)` is the address of a list, seen by somebody who may see it."""

    def look(name):
        client.force_login(getattr(cast, LISTS[name][0]))
        return world.address(name)

    return look


@pytest.mark.parametrize("name", LISTS)
def test_rows_stand_in_the_order_of_a_head_and_in_its_reverse(client, world, looking, name):
    fill(world, name, range(1, 4))
    address, (_, key) = looking(name), LISTS[name]
    words = [label(number) for number in range(1, 4)]

    if key:
        assert order_of(client, address, words, sort=key) == words
        assert order_of(client, address, words, sort=f"-{key}") == words[::-1]
    assert_sorts_by_every_head(client, address)


@pytest.mark.parametrize("name", LISTS)
def test_an_order_or_a_page_that_no_list_knows_is_no_error(client, world, looking, name):
    fill(world, name, [1])

    assert_survives_what_it_does_not_know(client, looking(name))


@pytest.mark.parametrize("name", LISTS)
def test_sixty_rows_take_as_many_queries_as_two_and_are_counted_and_paged(client, world, looking, name):
    fill(world, name, [1, 2])
    address, (_, key) = looking(name), LISTS[name]
    key = key or "received"
    ask(client, address)  # the first look that is kept in the trail asks for its archive besides
    few = queries_of(client, address, sort=key)
    fill(world, name, range(3, 61))

    assert queries_of(client, address, sort=key) == few
    page = ask(client, address, sort=key).content.decode()
    assert re.search(r"共6[0-9][个条名项份]", page)
    # The page of a search lists a hundred; which letters stand on a page is chance.
    if name not in ("campaigns:organization_list", "reports:letterbox_detail"):
        last = ask(client, address, sort=key, page=99).content.decode().split("<tbody>")[1].split("</tbody>")[0]
        assert label(60) in last and label(1) not in last


SEARCHES = {
    "reports:problem_list": "q",
    "reports:commitment_list": "sought",
    "campaigns:account_list": "q",
    "campaigns:campaign_list": "q",
    "campaigns:organization_detail": "q",
    "campaigns:organization_list": "q",
    "campaigns:campaign_detail": "name",
    "reports:desk": "q",
    "reports:announcement_list": "q",
    "reports:export_list": "q",
    "reports:letterbox_detail": "q",
    "reports:restriction_list": "q",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_word_finds_its_rows_and_the_count_is_theirs(client, world, looking, name):
    fill(world, name, range(1, 13))

    page = client.get(looking(name).partition("?")[0], {SEARCHES[name]: label(7), "unit": world.root.pk})

    assert page.status_code == 200
    body = page.content.decode().split("<tbody>")[1]
    assert label(7) in body and label(8) not in body
    assert re.search(r"共1[个条名项份]|：1个", page.content.decode())


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("word", ["\x00", "%", "'", "字" * 200])
def test_words_that_nobody_writes_are_no_error(client, world, looking, name, word):
    fill(world, name, [1])

    assert client.get(looking(name).partition("?")[0], {SEARCHES[name]: word, "unit": world.root.pk}).status_code == 200


@pytest.mark.parametrize(
    ("name", "query", "seen", "unseen"),
    [
        ("campaigns:account_list", {"role": "secretary"}, "secretary", "officer"),
        ("campaigns:account_list", {"q": "某局 sec"}, "secretary", "officer"),
        ("campaigns:account_list", {"active": "yes"}, "officer", "nobody"),
        ("campaigns:account_list", {"active": "no"}, "nobody", "officer"),
        ("campaigns:campaign_list", {"state": "preparing"}, "安全活动", "没有符合"),
        ("campaigns:campaign_list", {"state": "open"}, "没有符合", "安全活动"),
        ("campaigns:organization_detail", {"post": "member"}, label(1), "没有符合"),
        ("campaigns:organization_detail", {"post": "secretary"}, "没有符合", label(1)),
        ("campaigns:organization_detail", {"post": "nobody"}, label(1), "没有符合"),
        ("reports:announcement_list", {"audience": "public"}, label(1), "没有符合"),
        ("reports:announcement_list", {"audience": "print"}, "没有符合", label(1)),
        ("reports:export_list", {"state": "waiting"}, label(1), "没有符合"),
        ("reports:export_list", {"state": "failed"}, "没有符合", label(1)),
        ("reports:letterbox_detail", {"answered": "no"}, label(1), "没有符合"),
        ("reports:letterbox_detail", {"answered": "yes"}, "没有符合", label(1)),
    ],
)
def test_lists_are_filtered(client, world, looking, name, query, seen, unseen):
    fill(world, name, [1])
    make_user("nobody", kind="teller", organization=world.root, is_active=False)

    page = client.get(looking(name), query).content.decode().split("list-count")[1]

    assert seen in page and unseen not in page


def test_opinions_are_found_by_the_words_that_are_shown_and_not_by_masked_ones(client, cast):
    poll = sealed_poll_of(cast.organization)
    make_opinion(poll, "食堂排队太久")
    masked = make_opinion(poll, "王科长态度不好")
    OpinionReading.objects.create(opinion=masked, masked_text="有的同志态度不好")
    client.force_login(cast.secretary)
    address = reverse("reports:opinion_list", args=[poll.pk])

    counts = {
        word: re.search(r'list-count">([^<]*)<', client.get(address, {"q": word}).content.decode()).group(1)
        for word in ("", "食堂", "有的同志", "王科长", "食堂 排队", "食堂 态度")
    }

    assert counts == {
        "": "共2条",
        "食堂": "符合条件的1条",
        "有的同志": "符合条件的1条",
        "王科长": "符合条件的0条",
        "食堂 排队": "符合条件的1条",
        "食堂 态度": "符合条件的0条",
    }


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ({}, 2),
        ({"state": "pending"}, 2),
        ({"state": "confirmed"}, 0),
        ({"q": "甲"}, 1),
        ({"q": "党委"}, 0),
        ({"q": "\x00"}, 2),
    ],
)
def test_findings_are_found_by_target_and_by_what_was_decided(client, cast, query, count):
    branches = [make_organization(name, parent=cast.organization, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_sealed_campaign(cast.organization, branches, {"33": 9})
    campaign.thresholds = ["org-dissatisfied-third"]
    campaign.save()
    client.force_login(cast.officer)

    page = client.get(reverse("reports:finding_list", args=[campaign.pk]), query)

    assert (page.status_code, len(page.context["findings"])) == (200, count)


@pytest.mark.database
@pytest.mark.parametrize(
    ("sought", "names"),
    [
        ("第一", ["第一A支部", "第一a支部"]),
        ("a支", ["第一A支部", "第一a支部", "第二a支部"]),
        ("A支", ["第一A支部", "第一a支部", "第二a支部"]),
        ("第一 A", ["第一A支部", "第一a支部"]),
        ("100%", []),
        ("", ["第一A支部", "第一a支部", "第二a支部"]),
    ],
)
def test_a_word_is_found_in_small_letters_and_in_capitals(sought, names):
    for name in ("第一A支部", "第一a支部", "第二a支部"):
        make_organization(name)

    assert sorted(Organization.objects.filter(containing(sought, "name")).values_list("name", flat=True)) == names


def test_names_are_not_turned_into_capitals_for_a_word_that_has_none():
    assert containing("第一 9", "name") == Q(name__contains="第一") & Q(name__contains="9")
    assert containing("第一 é", "name") == Q(name__contains="第一") & Q(name__icontains="é")
