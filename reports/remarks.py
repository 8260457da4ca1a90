"""A line of what was looked at in an installation."""

from dataclasses import dataclass

FINE, WARNING, FAULT = "正常", "提醒", "有误"


@dataclass(frozen=True)
class Remark:
    """A line of what was looked at: how it stands and a sentence, with what to do where it is not fine."""

    grade: str
    sentence: str

    @property
    def is_fine(self) -> bool:
        return self.grade == FINE
