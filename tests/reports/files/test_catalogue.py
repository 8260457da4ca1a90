"""Which file can be made of which report; drawn or refused with what can be made instead."""

from datetime import date

import pytest

from campaigns.models import Campaign
from reports.files.catalogue import CannotMake, file_of
from tests.factories import make_announcement, make_open_poll, make_organization, make_sealed_campaign, make_sealed_poll

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def file_about(poll, **wanted):
    return file_of(poll.campaign, poll.organization, today=TODAY, **wanted)


def test_a_file_has_the_format_that_was_asked_for():
    poll = make_sealed_poll()

    assert file_about(poll, kind="count-sheet", format="pdf").startswith(b"%PDF")
    assert file_about(poll, kind="results", format="xlsx").startswith(b"PK")


def test_a_kind_that_does_not_exist_in_a_format_is_refused_with_those_that_do():
    with pytest.raises(CannotMake) as caught:
        file_about(make_sealed_poll(), kind="count-sheet", format="docx")

    message = str(caught.value)
    assert message.startswith("“某局党委”不能导出 count-sheet docx；可以导出：")
    assert "count-sheet pdf" in message and "results xlsx" in message


def test_a_unit_without_a_poll_of_its_own_has_no_count_sheet():
    root = make_organization()
    campaign = make_sealed_campaign(root, [make_organization("第一党支部", parent=root, kind="branch")])

    with pytest.raises(CannotMake, match="不能导出 count-sheet pdf"):
        file_of(campaign, root, kind="count-sheet", format="pdf", today=TODAY)
    assert file_of(campaign, root, kind="results", format="xlsx", today=TODAY).startswith(b"PK")


def test_results_wait_for_the_seal_and_the_ledger_does_not():
    poll = make_open_poll()

    with pytest.raises(CannotMake, match="现为“评议中”，封存以后才有结果"):
        file_about(poll, kind="results", format="xlsx")
    assert file_about(poll, kind="ledger", format="xlsx").startswith(b"PK")


def test_a_unit_below_which_nothing_is_sealed_has_no_result():
    root = make_organization()
    poll = make_open_poll(root)
    below = make_organization("第一党支部", parent=root, kind="branch")

    with pytest.raises(CannotMake, match="“第一党支部”及其下级在本次活动中没有已封存的评议点"):
        file_of(poll.campaign, below, kind="results", format="xlsx", today=TODAY)


def test_a_summary_with_gaps_leaves_as_a_draft_alone():
    poll = make_sealed_poll()
    Campaign.objects.update(content="")
    poll.campaign.refresh_from_db()

    with pytest.raises(CannotMake, match="加 --draft 导出草稿"):
        file_about(poll, kind="summary", format="docx")
    assert file_about(poll, kind="summary", format="docx", is_draft=True).startswith(b"PK")


def test_an_announcement_is_made_of_one_that_was_written():
    poll = make_sealed_poll()

    with pytest.raises(CannotMake, match="还没有公示"):
        file_about(poll, kind="announcement", format="pdf")
    make_announcement(poll)
    assert file_about(poll, kind="announcement", format="pdf").startswith(b"%PDF")
