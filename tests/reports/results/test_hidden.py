"""Polls of few ballots and the units beside and above them: what is shown tells nothing of them (DESIGN 5)."""

import io
import json
import random
import re
from collections import defaultdict
from datetime import date

import docx
import pypdfium2
import pytest
import time_machine
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from ballots.actions import open_campaign
from ballots.campaign_file import load_campaign_file
from ballots.counting import sealing
from ballots.models import TallyRow
from campaigns.actions import make_polls
from campaigns.models import Campaign, Indicator, Poll
from campaigns.models.place import STEP
from campaigns.models.states import StateError
from reports.announcements.actions import publish_announcement
from reports.announcements.content import check_publishable, draft_content
from reports.committee.ranking import EVERY_POLL, NEXT_LEVEL, SATISFACTION, ranking_of
from reports.files import excel
from reports.findings.keys import crossing_keys
from reports.report import content_of_unit
from reports.results.poll import all_results, results_of
from reports.results.rollup import roll_up
from reports.results.sums import sums_of
from reports.scope import Scope
from reports.tables import tally_format
from tests.ballots.counting.test_small_groups import isolated
from tests.factories import (
    close_poll,
    enter_ballots,
    make_announcement,
    make_batch,
    make_campaign,
    make_organization,
    make_unit_announcement,
    make_user,
)

pytestmark = pytest.mark.django_db

# The input that broke the first house: a poll with one valid ballot, which says 不满意.
ONE_BALLOT = {
    "format": "pingyi-campaign/1",
    "organizations": [
        {"name": "某局党委", "kind": "committee", "parent": None},
        {"name": "乙支部", "kind": "branch", "parent": "某局党委"},
    ],
    "questionnaires": [
        {
            "key": "org",
            "title": "基层党组织评议表",
            "target_kind": "organization",
            "scale": "satisfaction-3",
            "indicators": [{"text": "总体评价", "overall": True}],
        }
    ],
    "campaign": {
        "title": "一人",
        "organizer": "某局党委",
        "period": "2026",
        "basis": "某发〔2026〕1号",
        "rules": {"base": "valid", "blank": "abstain", "decimals": 1, "sum_to_100": "note", "min_group": 5},
        "categories": [{"name": "党员", "weight": 60}, {"name": "群众代表", "weight": 40}],
        "thresholds": ["org-dissatisfied-third"],
    },
    "polls": [
        {
            "organization": "乙支部",
            "entitled": 1,
            "attended": 1,
            "targets": [{"kind": "organization", "name": "乙支部", "questionnaire": "org"}],
            "batches": [
                {
                    "channel": "meeting",
                    "category": "党员",
                    "issued": 1,
                    "returned": 1,
                    "void": 0,
                    "ballots": [{"count": 1, "marks": {"乙支部": ["不满意"]}}],
                }
            ],
        }
    ],
}
FEW = "有效票少于3张，不单独公布"


@pytest.fixture
def poll(tmp_path):
    file = tmp_path / "one.json"
    file.write_text(json.dumps(ONE_BALLOT, ensure_ascii=False), encoding="utf-8")
    load_campaign_file(file, seal=True)
    return Poll.objects.select_related("campaign__organizer", "organization").get()


@pytest.fixture
def readers(client, poll):
    """A browser with every right over the committee."""
    user = make_user("everything")
    for kind in ("secretary", "officer", "administrator"):
        user.roles.create(organization=poll.campaign.organizer, kind=kind)
    client.force_login(user)
    return client


def addresses(poll):
    """Every page and file with results of a poll and of the unit above it."""
    campaign, target = poll.campaign_id, poll.targets.get().pk
    names = ("poll_results", "summary_edit", "rate_check", "announcement_list")
    files = ("results_workbook", "results_pdf", "count_sheet", "summary_pdf", "summary_docx", "report_workbook")
    of_poll = [reverse(f"reports:{name}", args=[poll.pk]) for name in names + files]
    names = ("campaign_results", "ranking", "periods", "finding_list", "unit_summary_edit", "unit_announcement_list")
    files = ("campaign_workbook", "campaign_report_workbook", "campaign_summary_pdf", "campaign_summary_docx")
    of_unit = [reverse(f"reports:{name}", args=[campaign]) for name in names + files]
    letter = reverse("reports:feedback_pdf", args=[poll.pk, target])
    return [reverse("reports:home"), *of_poll, letter, *of_unit]


def readable(response):
    """The text of a page, and the texts of a file's pages, paragraphs or cells."""
    assert response.status_code == 200, (response.request["PATH_INFO"], response.status_code)
    kind, body = response["Content-Type"].partition(";")[0], response.getvalue()
    if kind == "application/pdf":
        pages = pypdfium2.PdfDocument(body)
        return "".join(re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in pages)
    if kind == "text/html":
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", body.decode())
    if kind.endswith("sheet"):
        book = load_workbook(io.BytesIO(body))
        return str([(sheet.title, list(sheet.values)) for sheet in book])
    word = docx.Document(io.BytesIO(body))
    return str(
        [[text.text for text in word.paragraphs], [[cell.text for cell in table._cells] for table in word.tables]]
    )


def test_the_mark_of_a_poll_s_only_ballot_changes_no_page_and_no_file(readers, poll):
    """Whether the one ballot says 不满意 or 满意, a reader sees the same: so nothing of it is shown."""
    # Files say in which minute they were taken out.
    with time_machine.travel(timezone.now(), tick=False):
        before = {address: readable(readers.get(address)) for address in addresses(poll)}
        TallyRow.objects.update(grade_1_count=F("grade_3_count"), grade_3_count=F("grade_1_count"))

        after = {address: readable(readers.get(address)) for address in addresses(poll)}

    assert [address for address in before if before[address] != after[address]] == []


@pytest.mark.parametrize(
    "name",
    ["poll_results", "results_pdf", "count_sheet", "summary_pdf", "summary_docx", "results_workbook", "rate_check"],
)
def test_pages_and_files_of_a_small_poll_say_why_there_is_no_result(readers, poll, name):
    assert FEW in readable(readers.get(reverse(f"reports:{name}", args=[poll.pk])))


@pytest.mark.parametrize("name", ["campaign_results", "campaign_summary_pdf", "campaign_workbook", "ranking"])
def test_a_sum_that_would_give_a_small_poll_away_says_why_it_is_not_shown(readers, poll, name):
    reason = "为免推算出有效票少于3张的单位的结果，不单独公布"

    text = readable(readers.get(reverse(f"reports:{name}", args=[poll.campaign_id])))

    assert reason in text or FEW in text


def test_the_tally_of_a_small_poll_has_rows_without_figures_and_with_the_reason(poll):
    tally = tally_format.build(poll.campaign)

    (row,) = tally.rows
    assert (row["target"], row["indicator"], row["overall"], row["valid"]) == ("乙支部", "总体评价", True, 1)
    assert (row["counts"], row["rates"], row["base"], row["satisfaction"]) == (None, None, None, None)
    assert (row["suppressed"], row["note"]) == (True, FEW)
    assert [(line["unit"], line["counts"], line["suppressed"]) for line in tally.rollup] == [("某局党委", None, True)]
    assert (tally.findings, [check["code"] for check in tally.checks]) == ([], ["group-suppressed"])
    header, line = tally_format.to_csv(tally).splitlines()
    assert (header.split(",")[-1], line.split(",")[-1], "counts." in header) == ("note", FEW, False)


def test_results_of_a_small_poll_are_not_announced(readers, poll):
    answer = readers.get(reverse("reports:announcement_add", args=[poll.pk]), follow=True)

    assert f"{FEW}，不能公示" in answer.content.decode()
    draft = make_announcement(poll, starts_on=date(2027, 1, 4), ends_on=date(2027, 1, 8))
    with pytest.raises(StateError, match="不能公示"):
        results = results_of(draft.poll)
        check_publishable(draft, draft_content(draft, results), results, today=date(2027, 1, 1))


def test_a_sum_that_is_not_shown_is_not_announced(readers, poll):
    address = reverse("reports:unit_announcement_add", args=[poll.campaign_id], query={"unit": poll.organization_id})

    answer = readers.get(address, follow=True)

    assert f"{FEW}，不能公示" in answer.content.decode()
    draft = make_unit_announcement(poll.campaign, poll.organization)
    with pytest.raises(StateError, match="不能公示"):
        publish_announcement(draft, by=None, today=date(2026, 9, 28))


def test_a_campaign_without_a_minimum_shows_one_ballot(poll):
    Campaign.objects.update(min_poll=0)

    (results,) = all_results(Poll.objects.all())

    assert (results.hidden_reason, results.lines[0].total.cell.grades) == ("", (0, 0, 1))


def make_tree(sizes, **overrides):
    """A committee over branches with so many ballots each, all 满意; the first branch has a branch of its own for None."""
    root = make_organization("某局党委")
    units = [make_organization(name, parent=root, kind="branch") for name in sizes]
    campaign = make_campaign(root, indicators=("总体评价",), **overrides)
    make_polls(campaign, units)
    open_campaign(campaign, by=None)
    for poll, size in zip(campaign.polls.order_by("path"), sizes.values(), strict=True):
        enter_ballots(make_batch(poll, method="entered"), {"1": size})
        close_poll(poll)
        sealing.seal(poll, by=None)
    return campaign


def test_a_small_poll_is_counted_above_and_takes_the_smallest_beside_it_along():
    campaign = make_tree({"甲支部": 2, "乙支部": 40, "丙支部": 20})

    node = roll_up(campaign)

    assert node.lines[0].result.base == 62
    assert {child.name: (child.hidden_reason, len(child.lines)) for child in node.children} == {
        "甲支部": (FEW, 0),
        "乙支部": ("", 1),
        "丙支部": ("为免推算出有效票少于3张的单位的结果，不单独公布", 0),
    }
    assert [len(results.targets) for results in all_results(campaign.polls.all())] == [0, 1, 0]


def test_small_polls_that_are_enough_together_hide_no_other():
    node = roll_up(make_tree({"甲支部": 2, "乙支部": 2, "丙支部": 2, "丁支部": 20}))

    assert [bool(child.hidden_reason) for child in node.children] == [True, True, True, False]
    assert node.lines[0].result.base == 26


def test_sums_without_the_tree_hide_what_the_tree_hides():
    campaign = make_tree({"甲支部": 2, "乙支部": 40, "丙支部": 20})
    top = campaign.organizer
    polls = {poll.organization.name: poll.organization.path for poll in campaign.polls.select_related("organization")}

    whole = sums_of([campaign], [top.path])
    by_child = sums_of([campaign], [top.path], level=len(top.path) + STEP)
    of_two = sums_of([campaign], [polls["甲支部"], polls["乙支部"]])

    assert whole.of(campaign)[0].result.base == 62
    assert {path for _, path in by_child.lines} == {polls["乙支部"]}
    assert {path for _, path in by_child.hidden} == {polls["甲支部"], polls["丙支部"]}
    # The sum of a hidden branch and of a shown one would give the hidden one by subtraction.
    assert (of_two.of(campaign), of_two.hidden_reason(campaign)) == ((), FEW)


@pytest.mark.parametrize("level", [NEXT_LEVEL, EVERY_POLL])
def test_a_ranking_has_no_place_for_a_hidden_unit_and_says_why(level):
    campaign = make_tree({"甲支部": 2, "乙支部": 40, "丙支部": 20})
    indicator = Indicator.objects.get(questionnaire__campaign=campaign)

    ranking = ranking_of(campaign, campaign.organizer, indicator=indicator, rate=SATISFACTION, level=level)

    assert [ranked.unit.name for ranked in ranking.ranked] == ["乙支部"]
    assert {unit.name: reason for unit, reason in ranking.unranked}["甲支部"] == FEW


def test_a_threshold_that_a_small_poll_crossed_is_not_told(poll):
    assert crossing_keys([poll.campaign], Poll.objects.all()) == []
    Campaign.objects.update(min_poll=0)
    poll.campaign.refresh_from_db()
    assert [key.poll_id for key in crossing_keys([poll.campaign], Poll.objects.all())] == [poll.pk]


def test_a_workbook_of_units_has_a_line_with_the_reason_and_sums_that_still_fit():
    campaign = make_tree({"甲支部": 2, "乙支部": 40, "丙支部": 20})

    content = content_of_unit(Scope.of(campaign, campaign.organizer))
    sheet = load_workbook(io.BytesIO(excel.draw_campaign_workbook(content, opinions=None)))["组织汇总"]

    lines = {row[0].strip(): row[1:4] for row in sheet.iter_rows(min_row=5, values_only=True)}
    assert lines["甲支部"][:2] == (1, FEW)
    assert lines["乙支部"][:2] == (1, 40)
    # The branch that is shown, and all that is hidden beside it as one number.
    assert lines["某局党委"][1] == "=C7+22"


# The proof over what is printed


def random_document(chance):
    """A campaign file of a small tree with random ballots in few cells."""
    names = {"中心党委": None}
    for place in range(chance.randint(1, 3)):
        names[f"支部{place}"] = chance.choice(["中心党委", *[name for name in names if name != "中心党委"]])
    units = [name for name in names if name != "中心党委" or chance.random() < 0.3]
    sizes = chance.choice([(1, 3), (1, 8), (2, 20)])
    document = json.loads(json.dumps(ONE_BALLOT))
    document["organizations"] = [
        {"name": name, "kind": "branch" if parent else "committee", "parent": parent} for name, parent in names.items()
    ]
    rules = {"min_group": chance.choice([0, 3, 5]), "min_poll": chance.randint(1, 4)}
    rules["first_split"] = chance.choice(["channel", "category"])
    document["campaign"] |= {
        "organizer": "中心党委",
        "rules": document["campaign"]["rules"] | rules,
        "categories": [{"name": "党员", "weight": None}, {"name": "群众代表", "weight": None}],
    }
    document["polls"] = [random_poll(chance, name, sizes) for name in units]
    return document


def random_poll(chance, unit, sizes):
    cells = [(channel, category) for channel in ("meeting", "paper") for category in ("党员", "群众代表")]
    batches = []
    for channel, category in chance.sample(cells, chance.randint(1, 3)):
        size = chance.randint(*sizes)
        ballots = [{"count": size, "marks": {unit: ["满意"]}}]
        facts = {"channel": channel, "category": category, "issued": size, "returned": size, "void": 0}
        batches.append({**facts, "ballots": ballots})
    target = {"kind": "organization", "name": unit, "questionnaire": "org"}
    return {"organization": unit, "entitled": None, "attended": None, "targets": [target], "batches": batches}


def rename(document, number):
    """Give the units names of their own, so that many documents can be loaded beside each other."""
    text = (
        json.dumps(document, ensure_ascii=False)
        .replace("中心党委", f"中心{number}党委")
        .replace("支部", f"支部{number}号")
    )
    document |= json.loads(text)


def ancestors(document):
    """Each unit with all above it."""
    parents = {unit["name"]: unit["parent"] for unit in document["organizations"]}
    above = {}
    for name in parents:
        above[name], unit = set(), name
        while unit:
            above[name].add(unit)
            unit = parents[unit]
    return above


def is_in(row, cell):
    """Whether a printed row counts the ballots of a cell (unit, channel, category)."""
    unit, channel, category = cell
    return (
        row["unit"] == unit
        and (row["category"] is None or category in row["category"].split("、"))
        and (row["channel"] is None or channel in row["channel"].split("、"))
    )


def test_no_combination_of_printed_rows_isolates_a_few(tmp_path):
    """The rows of the tally's file, of polls and of units, as sums of the cells that were put in."""
    chance = random.Random(11)
    hidden = shown = 0
    for number in range(40):
        document = random_document(chance)
        document["campaign"]["title"] = f"评议{number}"
        rename(document, number)
        file = tmp_path / f"{number}.json"
        file.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")
        campaign = load_campaign_file(file, seal=True).campaign
        printed = json.loads(tally_format.to_json(tally_format.build(campaign)))
        cells = {
            (poll["organization"], batch["channel"], batch["category"]): batch["returned"]
            for poll in document["polls"]
            for batch in poll["batches"]
        }
        above = ancestors(document)
        rows, whole = [], defaultdict(set)
        for row in printed["rows"]:
            mine = [int(is_in(row, cell)) for cell in cells]
            if row["counts"] is None:
                hidden += 1
                continue
            shown += 1
            rows.append(mine)
        for row in printed["rollup"]:
            if row["counts"] is not None:
                rows.append([int(row["unit"] in above[unit]) for unit, *_ in cells])
        for place, (unit, *_) in enumerate(cells):
            whole[unit].add(place)
        told = {row["unit"] for row in printed["rows"] if row["category"] is row["channel"] is None and row["counts"]}
        least = max(campaign.min_poll, campaign.min_group)
        sizes = list(cells.values())
        for group in isolated(rows, sizes, least):
            units = {list(cells)[place][0] for place in group}
            assert units <= told, ("a poll that is not shown", document, group)
            # A poll that is large enough for itself is shown whole, though it may be smaller than a group must be.
            is_whole = group == set().union(*(whole[unit] for unit in units))
            assert is_whole or sum(sizes[place] for place in group) >= campaign.min_group, (document, group)
    assert hidden > 20 and shown > 100
