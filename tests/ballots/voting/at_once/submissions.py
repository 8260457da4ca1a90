"""Ballots sent to the one statement, and what is in the tables after it."""

from django.db import connection
from django.utils import timezone

from ballots.models import Ballot, Code, Opinion, Receipt, random_key
from ballots.voting import at_once, codes

# Seconds after which somebody has waited in vain; nobody waits for so long unless something is wrong.
PATIENCE = 100


def version(poll_id):
    column = "form" if connection.vendor == "sqlite" else "xmin"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM campaigns_poll WHERE id = %s", [poll_id])
        return cursor.fetchone()[0]


def take(batch, right, **overrides):
    rows = [(row.pk, row.target_id, row.kind, row.text) for row in overrides.pop("opinions", [])]
    facts = {
        "poll_id": batch.poll_id,
        "version": version(batch.poll_id),
        "today": timezone.localdate().isoformat(),
        "batch_id": batch.pk,
        "right": right,
        "is_screen": batch.method == "screen",
        "receipt": 77,
        "ballot_id": random_key(),
        "marks": "12",
        "opinions": rows,
    }
    return at_once.take(at_once.Submission(**facts | overrides))


def written():
    return {
        "ballots": sorted(Ballot.objects.values_list("marks", flat=True)),
        "rights": Code.objects.count(),
        "receipts": sorted(Receipt.objects.values_list("digest", flat=True)),
        "opinions": sorted(Opinion.objects.values_list("text", flat=True)),
    }


def slip_of(batch):
    (slip,) = codes.make_slips(batch, 1)
    return codes.slip_digest(slip)


def opinions(batch):
    target = batch.poll.targets.get()
    return [Opinion(target=target, kind="suggestion", text=text) for text in ("多公开", "常公开")]
