"""S4-1: 组织评议票 and 党员评议票 handed out together, 1,685 of each, from the configuration to the two 小结.

Most people got both sheets of paper; sixty drew a slip, whose one code admits to both forms.
"""

import re

import pypdfium2
import pytest
from django.urls import reverse

from ballots.actions import open_campaign
from ballots.counting import recounting
from ballots.models import Batch, TallyRow
from ballots.voting import casting, codes
from campaigns import actions
from campaigns.models import Campaign
from reports.report import summary_of
from reports.scope import Scope
from tests import factories
from tests.reports.scenarios.printed import report_text

pytestmark = [pytest.mark.django_db, pytest.mark.database]

ORGANIZATION, MEMBERS = "党组织评议票", "党员评议票"
HANDED_OUT, SLIPS = 1685, 60
CATEGORY = "全体党员"


@pytest.fixture
def secretary(client):
    people = factories.make_cast(factories.make_organization("某煤业公司党委"))
    client.force_login(people.secretary)
    client.unit = people.organization
    return client


def configure(unit, title, *, without):
    """The ready-made appraisal of two forms, as a campaign that asks one of them."""
    campaign = actions.create_campaign(
        organizer=unit,
        appraisal="company-two-forms",
        title=title,
        period="2011年度",
        by=None,
        **factories.around_today(),
    )
    actions.remove_questionnaire(campaign.questionnaires.get(key=without))
    actions.make_polls(campaign, [unit])
    open_campaign(campaign, by=None)
    return campaign.polls.get()


def print_slips(client, polls, count):
    """Tie the polls and read the codes off the slips."""
    category = polls[0].campaign.categories.get(name=CATEGORY)
    chosen = {"polls": [polls[1].pk], "channel": "meeting", "category": category.pk}
    page = client.post(reverse("ballots:batch_share", args=[polls[0].pk]), chosen).url
    document = pypdfium2.PdfDocument(client.post(page, {"count": count}).content)
    words = "".join(sheet.get_textpage().get_text_range() for sheet in document)
    assert words.count(ORGANIZATION) == words.count(MEMBERS) == count
    return re.findall(r"\b\w{5}-\w{5}\b", words)


def close_and_seal(client, poll, facts):
    """On the secretary's pages, with the numbers that were counted of each batch."""
    fields = {"attended_count": HANDED_OUT, **facts}
    page = reverse("ballots:poll_close", args=[poll.pk])
    client.post(page, fields)
    client.post(page, {**fields, "confirmed": "yes"})
    client.post(reverse("ballots:poll_seal", args=[poll.pk]))


def test_s4_1_two_forms_are_handed_out_together_and_each_is_counted_and_reported_by_itself(secretary):
    polls = [
        configure(secretary.unit, ORGANIZATION, without="mining-member-three"),
        configure(secretary.unit, MEMBERS, without="mining-organization-five"),
    ]
    slips = print_slips(secretary, polls, SLIPS + 4)
    for number, slip in enumerate(slips[:SLIPS]):
        first, second = codes.exchange_all(slip)
        casting.cast(ticket=first, key=f"a{number}", marks="11111" if number else "22222")
        # Three people did not hand the second form in.
        if number >= 3:
            casting.cast(ticket=second, key=f"b{number}", marks="111")
    papers = [factories.make_batch(poll, category=CATEGORY, method="entered") for poll in polls]
    factories.enter_ballots(papers[0], {"11111": 1600, "12211": 25})
    factories.enter_ballots(papers[1], {"111": 1580, "121": 45})

    for poll, paper in zip(polls, papers, strict=True):
        batch = poll.batches.get(method="slips")
        facts = {f"batch-{batch.pk}-issued": SLIPS, f"batch-{paper.pk}-issued": 1625}
        close_and_seal(secretary, poll, facts | {f"batch-{paper.pk}-returned": 1625, f"batch-{paper.pk}-void": 0})

    counts = Batch.objects.order_by("pk").values_list(
        "poll__campaign__title", "method", "issued_count", "returned_count", "unused_count"
    )
    assert set(counts) == {
        (ORGANIZATION, "slips", 60, 60, 4),
        (MEMBERS, "slips", 60, 57, 7),
        (ORGANIZATION, "entered", 1625, 1625, 0),
        (MEMBERS, "entered", 1625, 1625, 0),
    }
    assert [recounting.recount(poll) for poll in polls] == [[], []]
    assert set(Campaign.objects.values_list("polls__state", flat=True)) == {"sealed"}
    overall = TallyRow.objects.filter(poll=polls[0], indicator__is_overall=True)
    assert sum(row.grade_1_count for row in overall) == 1684
    for poll in polls:
        poll.refresh_from_db()
    told = [report_text(summary_of(Scope.of_poll(poll))) for poll in polls]
    assert "会上共分发测评表1685份，收回1685份" in told[0]
    assert "实际参评1685人，收回评议表1682份，3人没有交回评议表。" in told[1]
    assert "98.5%" in told[0] and "97.3%" in told[1]
    # No figure of one form stands in the other's 小结.
    assert "1682" not in told[0] and MEMBERS not in told[0]
    assert ORGANIZATION not in told[1]
    # Nor do the words of the plan speak of a form that is not asked here.
    for text in told:
        assert "评议表所列各项内容逐项评价" in text
        assert not re.search("两张评议表|党员评议三项|党组织评议四项", text)
