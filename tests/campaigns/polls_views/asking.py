"""Addresses and fields of the pages that arrange a poll."""

from django.urls import reverse

from campaigns.models import Poll


def url(name, *keys):
    return reverse(f"campaigns:{name}", args=keys)


# Meeting facts
FACTS = {
    "entitled_count": "45",
    "meeting_on": "2026-11-20",
    "place": "三楼会议室",
    "host": "主持人甲",
    "supervisor": "派员乙",
    "scrutineers": "丙、丁",
    "tellers": "戊",
}


def facts_of(poll):
    return Poll.objects.filter(pk=poll.pk).values(*FACTS, "state", "attended_count").get()


def arranged(poll, *rows, **overrides):
    """The targets page as a browser sends it; rows are (target, name, order, is_removed)."""
    values = {"form-TOTAL_FORMS": str(len(rows)), "form-INITIAL_FORMS": str(len(rows)), **overrides}
    for place, (target, name, order, is_removed) in enumerate(rows):
        values |= {f"form-{place}-id": target.pk, f"form-{place}-name": name, f"form-{place}-ORDER": order}
        if is_removed:
            values[f"form-{place}-is_removed"] = "on"
    return values
