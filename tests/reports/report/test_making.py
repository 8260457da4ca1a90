"""Reports are made of results fetched once, as they stand or as they were filed."""

from datetime import date

import pytest

from reports.models import SummaryVersion
from reports.report import report_for_download, summary_for_download
from reports.report.filing import file_summary
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.factories import (
    make_organization,
    make_sealed_campaign,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 20)


def test_a_file_of_the_summary_alone_has_what_the_whole_report_has():
    root = make_organization()
    campaign = make_sealed_campaign(root, [make_organization("甲支部", parent=root, kind="branch")])
    for scope in (Scope.of_poll(campaign.polls.get()), Scope.of(campaign, root)):
        for text in ("甲", "乙"):
            save_summary(scope, {"use": text}, by=None)
        unfiled = summary_for_download(scope)
        file_summary(scope, by=None, today=TODAY)
        save_summary(scope, {"use": "丙"}, by=None)

        assert unfiled == summary_for_download(scope)
        for asked in ({}, {"version": 1}, {"version": 3}, {"is_draft": True}):
            assert summary_for_download(scope, **asked) == report_for_download(scope, today=TODAY, **asked).summary
        with pytest.raises(SummaryVersion.DoesNotExist):
            summary_for_download(scope, version=9)
