"""Layout of the roster workbook: one description for the template and for the reader."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import TextChoices

from ..models import Commitment, Member, Organization
from ..models.columns import max_length


@dataclass(frozen=True)
class RosterColumn:
    """A column by its heading; `choices` lists what its cells may say."""

    heading: str
    note: str
    width: int = 20
    max_length: int = 0
    is_required: bool = False
    is_date: bool = False
    is_name: bool = False
    choices: type[TextChoices] | None = None
    other_words: dict[str, str] = field(default_factory=dict, hash=False)

    @property
    def allowed(self) -> str:
        """The allowed contents of a cell of the column, in words."""
        if self.choices:
            return "可填：" + "、".join(self.choices.labels)
        if self.is_date:
            return "可填日期，如2026-12-31或2026年12月31日"
        return f"可填不超过{self.max_length}字的文字"

    def key_of(self, text: str) -> str | None:
        """The stored word for what a cell says; None for a word that is not known."""
        words = {label: key for key, label in self.choices.choices} if self.choices else {}
        return (words | self.other_words).get(text)


@dataclass(frozen=True)
class RosterSheet:
    name: str
    columns: tuple[RosterColumn, ...]
    # More rows than this are refused; the largest enterprise in sight has 412, 4,720 and 13,430.
    max_rows: int
    example: tuple[str, ...]

    def column(self, heading: str) -> RosterColumn:
        return next(column for column in self.columns if column.heading == heading)


# A path of names from the root down.
_REFERENCE_LENGTH = 500
_REFERENCE = "写名称；有重名的写路径，如“某局党委/第一党支部”"

ORGANIZATIONS = RosterSheet(
    "组织",
    (
        RosterColumn(
            "名称", "党组织的名称，同一上级之下不能重名", 30, max_length(Organization, "name"), is_required=True
        ),
        RosterColumn("类别", "党组织的类别", 12, is_required=True, choices=Organization.Kind),
        RosterColumn("上级", f"上级党组织：{_REFERENCE}；最上级的党组织留空", 40, _REFERENCE_LENGTH),
    ),
    5_000,
    ("第一党支部", "党支部", "某局党委"),
)
MEMBERS = RosterSheet(
    "党员",
    (
        RosterColumn(
            "姓名",
            "同一党组织内两人同名的，加注区别，如“张伟（大）”",
            16,
            max_length(Member, "name"),
            is_required=True,
            is_name=True,
        ),
        RosterColumn("党组织", f"党员所在的党组织：{_REFERENCE}", 40, _REFERENCE_LENGTH, is_required=True),
        RosterColumn(
            "党员状态",
            "新增的留空即正式党员",
            12,
            choices=Member.Status,
            other_words={"正式": Member.Status.FULL, "预备": Member.Status.PROBATIONARY},
        ),
        RosterColumn("职务", "新增的留空即普通党员", 12, choices=Member.Post),
    ),
    20_000,
    ("张三", "第一党支部", "正式党员", "书记"),
)
COMMITMENTS = RosterSheet(
    "承诺",
    (
        RosterColumn(
            "党组织", f"作出承诺的党组织，或承诺人所在的党组织：{_REFERENCE}", 40, _REFERENCE_LENGTH, is_required=True
        ),
        RosterColumn("承诺人", "党员姓名；党组织的承诺留空", 16, max_length(Member, "name"), is_name=True),
        RosterColumn("类型", "新增的留空即公开承诺", 12, choices=Commitment.Kind),
        RosterColumn("承诺内容", "一行一项", 60, max_length(Commitment, "content"), is_required=True),
        RosterColumn("完成时限", "日期，可留空", 16, is_date=True),
        RosterColumn("兑现情况", "新增的留空即践诺中", 12, choices=Commitment.Status),
    ),
    50_000,
    ("第一党支部", "张三", "公开承诺", "每月走访联系户一次", "2026-12-31", "践诺中"),
)
SHEETS: tuple[RosterSheet, ...] = (ORGANIZATIONS, MEMBERS, COMMITMENTS)
INSTRUCTIONS = "说明"


def quoted(names: Iterable[str]) -> str:
    return "、".join(f"“{name}”" for name in names)
