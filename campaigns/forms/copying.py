"""The form that makes the next campaign from one."""

from ..actions import NextNames
from ..models import Campaign
from .campaigns import CampaignForm


class CopyForm(CampaignForm):
    """Title, period and days of the next campaign; everything else is the source's."""

    class Meta(CampaignForm.Meta):
        fields = ["title", "period", "basis", "starts_on", "ends_on"]

    field_order = Meta.fields

    def __init__(self, *args, source: Campaign, names: NextNames, **kwargs):
        initial = {"title": names.title, "period": names.period, "basis": source.basis}
        super().__init__(*args, instance=Campaign(organizer=source.organizer), initial=initial, **kwargs)
        for name in ("starts_on", "ends_on"):
            self.fields[name].help_text = "可以先不填，开启以前补上。"
