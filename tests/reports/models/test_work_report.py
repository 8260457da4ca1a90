"""A work report is of one branch, and a document of a known kind."""

import pytest
from django.db import IntegrityError, transaction

from reports.models import WorkReport
from tests.factories import make_open_poll

pytestmark = pytest.mark.django_db


def make_report(poll, **overrides) -> WorkReport:
    return WorkReport.objects.create(
        poll=poll, **{"file_name": "a", "file_kind": "pdf", "size": 1, "sha256": "0", **overrides}
    )


@pytest.mark.parametrize("kind", ["", "exe"])
def test_the_database_takes_no_other_kind(kind):
    with pytest.raises(IntegrityError, match="work_report_kind_known"), transaction.atomic():
        make_report(make_open_poll(), file_kind=kind)


def test_the_database_takes_one_report_of_a_branch():
    poll = make_open_poll()
    make_report(poll)

    with pytest.raises(IntegrityError, match="poll_id"), transaction.atomic():
        make_report(poll, file_name="b")
