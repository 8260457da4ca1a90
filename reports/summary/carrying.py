"""Words of a 小结 that stand from period to period, carried over to the campaign that was copied from its own."""

import re

from campaigns.models import Campaign

from ..models import Summary, SummaryVersion
from .text import without_fields

# The sections about how the appraisal is held; the others tell of results, of what followed, or of a day.
STANDING = ("intro", "leadership", "scope", "content", "method")
# A figure that was typed is that of the period for which it was typed.
_FIGURE = re.compile(r"\d|[%％]|百分之")


def carry_texts(source: Campaign, destination: Campaign, *, by) -> None:
    """Give each 小结 of a copied campaign the standing words that its predecessor's secretary wrote, as its first version.

    A unit that has no part in the copy takes none along. The queries are as many for one 小结 as for hundreds.
    """
    polls = {poll.organization_id: poll for poll in destination.polls.all()}
    summaries = []
    of_polls = Summary.objects.filter(poll__campaign=source).values_list("poll__organization_id", "texts")
    for unit_id, texts in of_polls.order_by("pk"):
        if poll := polls.get(unit_id):
            summaries.append(Summary(poll=poll, path=poll.path, texts=standing_texts(texts), edited_by=by))
    above = Summary.objects.filter(campaign=source, organization__is_active=True)
    for unit_id, path, texts in above.order_by("pk").values_list("organization_id", "organization__path", "texts"):
        if path.startswith(destination.path):
            facts = {"campaign": destination, "organization_id": unit_id, "path": path}
            summaries.append(Summary(**facts, texts=standing_texts(texts), edited_by=by))
    kept = Summary.objects.bulk_create(summary for summary in summaries if summary.texts)
    SummaryVersion.objects.bulk_create(
        SummaryVersion(summary=summary, number=1, texts=summary.texts, saved_by=by) for summary in kept
    )


def standing_texts(texts: dict[str, str]) -> dict[str, str]:
    """The standing sections without the lines in which somebody typed a figure; a field names one and stays."""
    kept = {key: _without_figures(text) for key, text in texts.items() if key in STANDING}
    return {key: text for key, text in kept.items() if text}


def _without_figures(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip() and not _FIGURE.search(without_fields(line)))
