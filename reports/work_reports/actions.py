"""Handing in the work report of a branch, and taking it out again."""

import hashlib
import secrets

from django.db import IntegrityError, transaction

from campaigns.kept_files import folder, read_document, write_file
from campaigns.models import CampaignStep, Poll
from campaigns.models.states import StateError
from campaigns.ways import way_to

from ..models import WorkReport

# The step of which the report is the paper: 自评、互评、群众评相结合, then 「形成一份本支部的工作报告」 (S2).
STEP = CampaignStep.Kind.VOTES


def has_work_report_step(poll: Poll) -> bool:
    """Whether the appraisal has the step that a branch's report belongs to."""
    return CampaignStep.objects.filter(campaign=poll.campaign_id, kind=STEP).exists()


def hand_in(poll: Poll, upload, *, by) -> WorkReport:
    """Keep the report of a poll's branch; raises Unsuitable, StateError before the opening and where one is there."""
    if not poll.campaign.is_frozen:
        raise StateError(
            "活动开启以后才能交支部工作报告。", way=way_to("评议活动", "campaigns:campaign_detail", poll.campaign_id)
        )
    content, kind = read_document(upload)
    report = WorkReport(
        poll=poll,
        file_name=secrets.token_hex(16),
        file_kind=kind,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        handed_in_by=by,
    )
    try:
        with transaction.atomic():
            report.save()
            write_file(report.file_name, content)
    except IntegrityError:
        raise StateError("支部工作报告已经交了；要换一份的，请先移除原来的。") from None
    return report


def take_out(report: WorkReport) -> None:
    """Take a report out; its file goes from the disk when its row is gone for good."""
    path = folder() / report.file_name
    with transaction.atomic():
        report.delete()
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
