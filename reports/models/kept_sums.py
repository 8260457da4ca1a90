"""Sums that were added up over many polls, kept until another of them is sealed."""

from django.db import models


class KeptSums(models.Model):
    """An answer of `reports.results` about the sealed polls of a large part of a campaign.

    It holds while no more of them are sealed, whatever the clock says; the ballots' own counts stay in the tally rows,
    from which `manage.py recount` adds it up again.
    """

    campaign = models.ForeignKey(
        "campaigns.Campaign", models.CASCADE, related_name="kept_sums", verbose_name="评议活动"
    )
    # Words by which the question is found again: its kind, and a digest of the places that it is about.
    asked = models.CharField("问什么", max_length=100, editable=False)
    # The sealed polls that it was added up from: how many, and when the last of them was sealed.
    sealed_count = models.PositiveIntegerField("已封存", editable=False)
    last_sealed_at = models.DateTimeField("最近封存", editable=False)
    value = models.JSONField("合计", editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "留存的合计"
        constraints = [models.UniqueConstraint(fields=["campaign", "asked"], name="kept_sums_of_a_question_once")]

    def __str__(self):
        return f"{self.campaign_id}·{self.asked}"
