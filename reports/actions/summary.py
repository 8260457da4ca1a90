"""Deeds on the 小结."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from campaigns.models import Poll

from ..models import Summary
from ..summary import EDITABLE, poll_texts


def save_summary(poll: Poll, texts: Mapping[str, str], *, by) -> None:
    """Keep what a secretary worded; a section in standard wording is not stored, so that it follows the facts."""
    standard = poll_texts(poll)
    kept = {key: texts[key] for key in EDITABLE if key in texts and texts[key] != standard[key]}
    with transaction.atomic():
        Summary.objects.update_or_create(
            poll=poll, defaults={"texts": kept, "edited_by": by, "edited_at": timezone.now()}
        )
