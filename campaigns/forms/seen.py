"""Forms that know which state of their row they show, so that nobody saves over what they have not seen.

The page carries a digest of the columns as they stood when it was opened; saving compares it with the row, locked.
"""

import hashlib
import json
from collections.abc import Callable

from django import forms
from django.db import transaction

SHOWN_LENGTH = 40


class SharedRowForm(forms.ModelForm):
    """A form over a row that others may be changing too; a new row has nothing that could be overtaken."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["seen"] = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
            self.initial["seen"] = self.digest_of(self.instance)

    def shown(self, row) -> dict:
        """The columns that the form shows and writes, as they stand in a row."""
        return {name: row._meta.get_field(name).value_from_object(row) for name in self._meta.fields}

    def digest_of(self, row) -> str:
        text = json.dumps(self.shown(row), default=str, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    @property
    def facts(self) -> dict:
        """The filled columns, without what the form carries for itself."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}

    def refuses_unseen(self) -> bool:
        """Whether the row is no longer what the page showed; the form then says so, and may be sent again.

        Asks within a transaction, and holds the row until its end. A page that says nothing of what it showed is not asked.
        """
        seen = self.cleaned_data.get("seen") if self.instance.pk else ""
        if not seen:
            return False
        row = type(self.instance)._base_manager.select_for_update().filter(pk=self.instance.pk).first()
        if row is None:
            self.add_error(None, "您打开本页以后，这一条已经被删除。")
            return True
        if self.digest_of(row) == seen:
            return False
        self.add_error(
            None,
            f"您打开本页以后，别人修改过这里的内容{self._now(row)}。您填的还没有保存，仍在下面；请核对，再按一次保存，就以您填的为准。",
        )
        self.data = self.data.copy()
        self.data[self.add_prefix("seen")] = self.digest_of(row)
        return True

    def _now(self, row) -> str:
        """The columns in which the row differs from what was sent: 「（现在是：职务“书记”）」."""
        differing = [
            f"{self.fields[name].label}“{_short(row, name)}”"
            for name in self._meta.fields
            if name in self.fields and getattr(row, name) != self.cleaned_data.get(name, getattr(row, name))
        ]
        return f"（现在是：{'，'.join(differing)}）" if differing else ""


def _short(row, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, bool):
        return "是" if value else "否"
    text = "、".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)
    return text if len(text) <= SHOWN_LENGTH else f"{text[:SHOWN_LENGTH]}…"


def save_seen(form: SharedRowForm, save: Callable[[], object] | None = None) -> bool:
    """Save a form that was sent and is in order, unless somebody changed its row since; returns whether it was saved.

    `save` does it where the form's own save does not.
    """
    if not form.is_valid():
        return False
    with transaction.atomic():
        if form.refuses_unseen():
            return False
        (save or form.save)()
    return True
