"""A comparison as its page shows it, without the thousands of rows behind it, so that it can wait in a file."""

from dataclasses import asdict, dataclass, field

from .comparing import CHANGED, NEW, UNCHANGED, Absent, Entry, Namesake, RosterComparison
from .layout import SHEETS
from .meanings import RosterMeanings
from .nearness import NearUnit
from .reading import MAX_ERRORS, CellError, Reading

# Lines spelled out on the preview; the numbers above them count all.
SHOWN_NEW, SHOWN_CHANGED = 100, 500
_TOLD = ("notices", "hidden", "unplaced", "unknown", "shape", "file")


@dataclass(frozen=True)
class RosterPreview:
    """The lines and numbers of a comparison that are shown, and whoever is asked about."""

    sheets: list[dict]
    errors: list[CellError]
    error_count: int
    has_changes: bool
    is_to_confirm: bool
    digest: str
    namesakes: list[Namesake]
    absent: list[Absent]

    @classmethod
    def of(cls, comparison: RosterComparison) -> "RosterPreview":
        return cls(
            [_sheet(comparison, sheet.name) for sheet in SHEETS],
            comparison.errors[:MAX_ERRORS],
            len(comparison.errors),
            comparison.has_changes,
            comparison.is_to_confirm,
            comparison.digest,
            comparison.namesakes,
            comparison.absent,
        )

    @classmethod
    def from_json(cls, value: dict) -> "RosterPreview":
        namesakes = [
            Namesake(**facts | {"others": tuple(facts["others"]), "movable": tuple(map(tuple, facts["movable"]))})
            for facts in value["namesakes"]
        ]
        errors, absent = (
            [CellError(**facts) for facts in value["errors"]],
            [Absent(**facts) for facts in value["absent"]],
        )
        return cls(**value | {"errors": errors, "namesakes": namesakes, "absent": absent})


@dataclass(frozen=True)
class RosterOutcome:
    """The preview that an upload came to, or what has to be answered before there is one: the first of the questions
    about columns and words, about hidden parts, and about units with near names."""

    # All that is told of the reading; its rows are not here.
    reading: Reading
    near: list[NearUnit] = field(default_factory=list)
    preview: RosterPreview | None = None
    # Why there is a preview again after a confirmation.
    warning: str = ""

    def to_json(self) -> dict:
        told = {name: getattr(self.reading, name) for name in _TOLD}
        return {
            "reading": told,
            "meanings": self.reading.meanings.to_json(),
            "near": [asdict(unit) for unit in self.near],
            "preview": asdict(self.preview) if self.preview else None,
            "warning": self.warning,
        }

    @classmethod
    def from_json(cls, value: dict) -> "RosterOutcome":
        reading = Reading(**value["reading"], meanings=RosterMeanings.from_json(value["meanings"]))
        near = [NearUnit(**facts | {"others": tuple(facts["others"])}) for facts in value["near"]]
        preview = RosterPreview.from_json(value["preview"]) if value["preview"] else None
        return cls(reading, near, preview, value["warning"])


def _sheet(comparison: RosterComparison, name: str) -> dict:
    new, changed = comparison.of(name, NEW), comparison.of(name, CHANGED)
    return {
        "name": name,
        "new": [_line(entry) for entry in new[:SHOWN_NEW]],
        "new_count": len(new),
        "changed": [_line(entry) for entry in changed[:SHOWN_CHANGED]],
        "changed_count": len(changed),
        "unchanged_count": comparison.counts[name, UNCHANGED],
    }


def _line(entry: Entry) -> dict:
    changes = [asdict(change) for change in entry.changes]
    return {"row": entry.row, "label": entry.label, "unit": entry.unit, "changes": changes}
