"""分析检查报告评议 from its configuration to its 小结 (S0-1): three drafts, a round of opinions, six aspects by 集中 and 书面."""

import re
from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from ballots import actions as ballot_actions
from ballots.counting import sealing
from ballots.models import Ballot
from ballots.voting import codes
from campaigns import actions, readiness
from reports.files import pdf
from reports.gathering.on_drafts import adopt
from reports.report import summary_of
from reports.scope import Scope
from reports.wording import date_text
from tests.factories import (
    around_today,
    close_poll,
    enter_ballots,
    make_batch,
    make_document,
    make_draft,
    make_on_draft,
    make_organization,
)
from tests.reports.summary.worded import paragraphs_of

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def day(days_ago):
    return timezone.localdate() - timedelta(days=days_ago)


@pytest.fixture
def poll():
    """Configured from the library; its drafts written down and asked about, and open."""
    bureau = make_organization("某水务局党组")
    campaign = actions.create_campaign(
        organizer=bureau,
        appraisal="report-draft",
        title="分析检查报告群众评议",
        period="2026年度",
        by=None,
        **around_today(),
    )
    actions.make_polls(campaign, [bureau])
    poll = campaign.polls.get()
    document = make_document(poll, kind="analysis", title="领导班子分析检查报告")
    facts = {"sent_to": "局党组成员、机关各科室", "approved_by": "市委指导检查组"}
    first = make_draft(document, stage="consultation", text="征求意见稿的正文", dated_on=day(20), **facts)
    opinions = [make_on_draft(first, f"修改意见{number}", received_on=day(18)) for number in range(7)]
    opinions += [
        make_on_draft(first, f"其他{number}", sheet_kind="remark", received_on=day(18)) for number in range(15)
    ]
    meeting = {"sent_to": "局党组扩大会", "approved_by": "局党组"}
    second = make_draft(document, stage="discussion", text="讨论稿的正文", dated_on=day(12), **meeting)
    for number, origin in enumerate(opinions):
        adopt(origin, draft=second if number < 12 else None, reason="" if number < 12 else "另行研究", by=None)
    assert [item.text for item in readiness.missing(campaign)] == [
        "“某水务局党组”的报告“领导班子分析检查报告”最后一稿是讨论稿，还没有评议稿。"
    ]
    make_draft(document, stage="appraisal", text="评议稿的正文", dated_on=day(5), **facts)
    ballot_actions.open_campaign(campaign, by=None)
    return campaign.polls.get()


def test_from_the_drafts_to_the_summary(client, poll):
    (slip,) = codes.make_slips(make_batch(poll, category="机关各科室"), 1)
    client.get(reverse("ballots:code_claim", args=[slip]))
    read = client.get(reverse("ballots:ballot_report", args=[poll.targets.get().pk])).content.decode()
    fill = reverse("ballots:ballot_fill")
    page = client.get(fill).content.decode()
    names = re.findall(r'name="(m\d+-\d+)" value="1"', page)
    ticket = re.search(r'name="ballot" value="(\w+)"', page)[1]
    review = client.post(reverse("ballots:ballot_answer"), {"ballot": ticket, **dict.fromkeys(names, "1")}, follow=True)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', review.content.decode()))
    client.post(reverse("ballots:ballot_cast"), hidden)
    enter_ballots(make_batch(poll, category="党组成员", method="entered"), {"111111": 38, "111112": 1, "11111-": 1})
    paper = make_batch(poll, channel="paper", category="群众代表", method="entered")
    enter_ballots(paper, {"111111": 33, "111112": 2})
    assert Ballot.objects.count() == 76
    close_poll(poll, issued={paper.pk: 37})
    sealing.seal(poll, by=None)

    summary = summary_of(Scope.of_poll(poll))

    assert "评议稿的正文" in read and "讨论稿" not in read and len(names) == 6
    assert paragraphs_of(summary, "drafting") == [
        f"{date_text(day(20))}，《领导班子分析检查报告》（征求意见稿）经市委指导检查组审核同意，印发至局党组成员、机关各科室征求意见。"
        "对征求意见稿提出修改意见、建议7条，其他意见、建议15条，采纳12条，未采纳10条，未采纳的逐条写明了理由。",
        f"{date_text(day(12))}，修改形成讨论稿，经局党组审核同意，提交局党组扩大会讨论。",
        f"{date_text(day(5))}，修改形成评议稿，经市委指导检查组审核同意，印发至局党组成员、机关各科室，供参评人员评议。",
    ]
    # 39 of 41 on site, 33 of 35 in writing, 72 of 76 together (C2).
    results = "".join(paragraphs_of(summary, "results"))
    assert "集中评议发出41份，收回41份，有效41份，满意率95.1%" in results
    assert "书面评议发出37份，收回35份，有效35份，满意率94.3%" in results
    assert "满意72份，占94.7%" in results
    printed = pypdfium2.PdfDocument(pdf.draw_summary_pdf(summary))
    # A line goes on behind the number of its page.
    text = "".join(re.sub(r"—\d+—", "", re.sub(r"\s", "", page.get_textpage().get_text_range())) for page in printed)
    assert "报告的形成和征求意见" in text and "修改意见、建议7条，其他意见、建议15条" in text
    assert "drafting" not in summary.missing


def test_a_fact_that_nobody_recorded_keeps_the_summary_a_draft(poll):
    document = poll.documents.get()
    document.drafts.filter(stage="discussion").update(approved_by="")
    enter_ballots(make_batch(poll, category="党组成员", method="entered"), {"111111": 5})
    close_poll(poll)
    sealing.seal(poll, by=None)

    summary = summary_of(Scope.of_poll(poll))

    assert "报告的形成和征求意见" in summary.missing and not summary.is_complete
