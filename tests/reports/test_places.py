"""Results never change after sealing: units that are renamed, moved, merged or closed later leave them where they were."""

import io
import re

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from ballots import actions as ballot_actions
from ballots.counting import sealing
from campaigns import actions
from campaigns.models import Organization
from reports.ledger.merging import merge_unit
from reports.report import summary_of
from reports.scope import Scope
from reports.tables import tally_format
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_campaign,
    make_comment,
    make_member,
    make_opinion,
    make_organization,
    make_problem,
    make_sealed_campaign,
    make_user,
)

pytestmark = pytest.mark.django_db

# 70 % and 20 % at the two general branches: with the moved branch they would be 50 and 55.
MARKS = {
    "甲一支部": {"11": 10},
    "甲二支部": {"11": 4, "33": 6},
    "乙一支部": {"11": 1, "33": 9},
    "乙二支部": {"11": 3, "33": 7},
}


class World:
    """A committee with two general branches of two branches each, all sealed, and another root."""

    def __init__(self):
        self.root = make_organization("某局党委")
        self.elsewhere = make_organization("某县党委")
        self.generals = [
            make_organization(name, kind="general_branch", parent=self.root) for name in ("甲总支", "乙总支")
        ]
        self.branches = [
            make_organization(name, kind="branch", parent=self.generals[name.startswith("乙")]) for name in MARKS
        ]
        self.campaign = make_campaign(self.root)
        actions.make_polls(self.campaign, self.branches)
        ballot_actions.open_campaign(self.campaign, by=None)
        for poll, marks in zip(self.campaign.polls.all(), MARKS.values(), strict=True):
            enter_ballots(make_batch(poll, method="entered"), marks)
            close_poll(poll)
            sealing.seal(poll, by=None)
            make_opinion(poll, f"{poll.unit_name}的意见")
            make_comment(self.campaign, poll.organization)
        self.polls = list(self.campaign.polls.all())

    def officer(self, unit) -> object:
        return make_user(f"officer-{unit.pk}", kind="officer", organization=unit)


@pytest.fixture
def world():
    return World()


def rename(world):
    for unit, name in (
        (world.branches[0], "甲一联合支部"),
        (world.generals[0], "甲联合总支"),
        (world.root, "某局机关党委"),
    ):
        unit.name = name
        actions.edit_organization(unit, by=None)


def change_kind(world):
    world.branches[0].kind = "office"
    actions.edit_organization(world.branches[0], by=None)


def move_within(world):
    actions.move_organization(world.branches[0], world.generals[1], by=None)


def move_to_another_root(world):
    actions.move_organization(world.branches[0], world.elsewhere, by=None)


def move_the_organizer(world):
    actions.move_organization(world.root, world.elsewhere, by=None)


def merge(world):
    merge_unit(world.branches[0], world.branches[2], by=None)


def close(world):
    actions.deactivate_organization(world.branches[0], by=None)


def move_twice(world):
    actions.move_organization(world.branches[0], world.generals[1], by=None)
    actions.move_organization(world.generals[1], world.elsewhere, by=None)


DEEDS = [rename, change_kind, move_within, move_to_another_root, move_the_organizer, merge, close, move_twice]


def addresses(world):
    """Every page and text file of the campaign's results."""
    campaign = [world.campaign.pk]
    for name in ("campaign_results", "finding_list", "ranking", "periods", "unit_summary_edit"):
        for unit in (world.root, *world.generals):
            yield f"{reverse(f'reports:{name}', args=campaign)}?unit={unit.pk}"
    yield f"{reverse('reports:ranking', args=campaign)}?unit={world.root.pk}&level=polls"
    for poll in world.polls:
        for name in ("poll_results", "opinion_list", "summary_edit", "announcement_list"):
            yield reverse(f"reports:{name}", args=[poll.pk])
        yield reverse("ballots:poll_detail", args=[poll.pk])


def words_of(response) -> str:
    assert response.status_code == 200, response.request["PATH_INFO"]
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", response.content.decode())
    return re.search(r"<h1.*</main>", text, re.S).group()


def cells_of(client, world, unit) -> list:
    """Of the committee its whole report; of the others the results, for the rest of a report follows the unit."""
    name = "campaign_report_workbook" if unit == world.root else "campaign_workbook"
    address = f"{reverse(f'reports:{name}', args=[world.campaign.pk])}?unit={unit.pk}&reason=archive"
    book = load_workbook(io.BytesIO(b"".join(client.get(address))), data_only=False)
    return [
        (sheet.title, [[without_minute(cell.value) for cell in row] for row in sheet.iter_rows()]) for sheet in book
    ]


def without_minute(value):
    """A cell without the moment at which its file was exported."""
    return re.sub(r"\d+:\d+导出", "导出", value) if isinstance(value, str) else value


@pytest.mark.parametrize("deed", DEEDS)
def test_no_page_and_no_file_of_what_was_sealed_changes(client, world, deed):
    secretary = make_user("all", kind="secretary", organization=world.root)
    client.force_login(secretary)

    def everything():
        pages = {address: words_of(client.get(address)) for address in addresses(world)}
        tallies = [
            tally_format.build(world.campaign, unit=unit).__dict__
            for unit in (None, *Organization.objects.filter(pk__in=[row.pk for row in world.generals]))
        ]
        books = [cells_of(client, world, unit) for unit in (world.root, *world.generals)]
        return pages, tallies, books

    before = everything()
    deed(world)
    after = everything()

    for address, words in before[0].items():
        assert after[0][address] == words, address
    assert after[1] == before[1]
    for old, new in zip(before[2], after[2], strict=True):
        for sheet, same in zip(old, new, strict=True):
            for row, again in zip(sheet[1], same[1], strict=True):
                assert again == row, sheet[0]
            assert same == sheet
    rates = [
        row["satisfaction"] for row in before[1][1]["rollup"] + before[1][2]["rollup"] if row["indicator"] == "总体评价"
    ]
    assert rates == ["70.0", "20.0"]


@pytest.mark.parametrize("deed", [move_within, move_to_another_root, move_twice])
def test_rights_over_what_was_sealed_stay_with_those_who_were_over_it(client, world, deed):
    old, new = world.officer(world.generals[0]), world.officer(world.elsewhere)
    own = make_user("own", kind="secretary", organization=world.branches[0])

    deed(world)

    poll = world.polls[0]
    for user, status in ((old, 200), (own, 200), (new, 404)):
        client.force_login(user)
        for name in ("poll_results", "opinion_list"):
            assert client.get(reverse(f"reports:{name}", args=[poll.pk])).status_code == status, user
        address = f"{reverse('reports:campaign_results', args=[world.campaign.pk])}?unit={world.branches[0].pk}"
        assert client.get(address).status_code == status, user


def test_a_summary_counts_the_members_that_the_units_had_at_the_opening():
    root = make_organization()
    branch, other = (make_organization(name, kind="branch", parent=root) for name in ("第一党支部", "第二党支部"))
    make_member(branch, "张三")
    make_member(branch, "李四")
    campaign = make_sealed_campaign(root, [branch])

    actions.transfer_member(branch.members.first(), other, by=None)

    sections = {section.key: section for section in summary_of(Scope.of(campaign, root)).sections}
    assert "完成了全部1个党支部、2名党员的评议工作" in str(sections["results"])


def test_the_ledger_goes_on_with_the_unit(client, world):
    old, new = world.officer(world.generals[0]), world.officer(world.generals[1])
    page = reverse("reports:problem_detail", args=[make_problem(world.branches[0], campaign=world.campaign).pk])

    move_within(world)

    for user, status in ((old, 404), (new, 200)):
        client.force_login(user)
        assert client.get(page).status_code == status


@pytest.mark.parametrize("deed", DEEDS)
def test_the_committee_s_home_shows_its_campaign_as_before(client, world, deed):
    officer = world.officer(world.root)
    client.force_login(officer)

    def home():
        return [
            (view.progress, [(top.unit.path, top.unit.name) for top in view.tops], view.headlines)
            for view in client.get(reverse("reports:home")).context["finished"]
        ]

    before = home()
    deed(world)

    assert before
    assert home() == before


def test_a_campaign_after_a_move_takes_the_new_place(world):
    move_within(world)

    later = make_campaign(world.root, title="2027年度群众评议", period="2027年度")
    actions.make_polls(later, Organization.objects.filter(pk=world.branches[0].pk))
    ballot_actions.open_campaign(later, by=None)

    assert later.polls.get().names == ["某局党委", "乙总支", "甲一支部"]
