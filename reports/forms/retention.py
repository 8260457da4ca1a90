"""The form of the periods after which details go."""

from django import forms

from ..models.retention import LONGEST_MONTHS
from ..retention.periods import KINDS


class RetentionForm(forms.Form):
    """The months of each kind; an empty one stays for good."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for facts in KINDS:
            least = f"至少{facts.least}个月（网络安全法第二十一条）。" if facts.least > 1 else ""
            allowed = f"{least}请填{facts.least}至{LONGEST_MONTHS}的整数；不自动清除的留空。"
            self.fields[facts.kind.value] = forms.IntegerField(
                label=f"{facts.kind.label}（几个月后清除）",
                required=False,
                min_value=facts.least,
                max_value=LONGEST_MONTHS,
                error_messages=dict.fromkeys(("min_value", "max_value", "invalid"), allowed),
                help_text=f"清除：{facts.what}从{facts.since}算起。{least}留空的不自动清除。",
            )

    @property
    def months(self) -> dict[str, int | None]:
        return {facts.kind: self.cleaned_data[facts.kind.value] for facts in KINDS}
