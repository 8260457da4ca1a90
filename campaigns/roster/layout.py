"""Layout of the roster workbook: one description for the template and for the reader."""

import re
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
    # Whether a roster may come without the column, as many do.
    may_lack: bool = False
    # Whether it is so seldom there that nobody is told where it is not.
    is_seldom: bool = False
    is_date: bool = False
    # Whether the date is one day, and no month, year or 长期.
    is_day: bool = False
    is_name: bool = False
    choices: type[TextChoices] | None = None
    other_words: dict[str, str] = field(default_factory=dict, hash=False)
    # Words of offices that are told apart more finely there than here: the reader is told how they were read.
    read_as: dict[str, str] = field(default_factory=dict, hash=False)
    other_headings: tuple[str, ...] = ()

    @property
    def allowed(self) -> str:
        """The allowed contents of a cell of the column, in words."""
        if self.choices:
            return "可填：" + "、".join(self.choices.labels)
        if self.is_day:
            return "可填一天的日期，如2026-11-10、2026年11月10日"
        if self.is_date:
            return "可填日期，如2026-12-31、2026年12月31日、2026年12月底前；没有期限的写“长期”或者留空"
        return f"可填不超过{self.max_length}字的文字"

    @property
    def headings(self) -> tuple[str, ...]:
        return (self.heading, *self.other_headings)

    def key_of(self, text: str) -> str | None:
        """The stored word for what a cell says; None for a word that is not known."""
        words = {label: key for key, label in self.choices.choices} if self.choices else {}
        words |= self.other_words | self.read_as
        return words.get(text) or words.get(plain_word(text))


@dataclass(frozen=True)
class RosterSheet:
    name: str
    columns: tuple[RosterColumn, ...]
    # More rows than this are refused; the largest enterprise in sight has 412, 4,720 and 13,430.
    max_rows: int
    example: tuple[str, ...]

    def column(self, heading: str) -> RosterColumn:
        return next(column for column in self.columns if column.heading == heading)

    @property
    def needed(self) -> tuple[RosterColumn, ...]:
        """The columns without which a sheet is none of this kind."""
        return tuple(column for column in self.columns if not column.may_lack)


# So many numbers of rows are listed in one sentence.
MOST_NUMBERS = 20
_ADDED = re.compile(r"[（(][^（()）]*[)）]$")
# Posts as people write them, by what they are here.
_POSTS: dict[str, str] = {
    **dict.fromkeys(
        ("支部书记", "党支部书记", "党总支书记", "总支书记", "党委书记", "党组书记", "书记兼主任"),
        Member.Post.SECRETARY,
    ),
    **dict.fromkeys(
        (
            *(
                "副书记",
                "支部副书记",
                "党支部副书记",
                "党总支副书记",
                "党委副书记",
                "专职副书记",
                "委员",
                "支委",
                "支部委员",
            ),
            *(
                "党支部委员",
                "支委委员",
                "总支委员",
                "党总支委员",
                "党委委员",
                "党组成员",
                "组织委员",
                "宣传委员",
                "纪检委员",
            ),
            *("纪律检查委员", "青年委员", "统战委员", "群工委员", "群众工作委员", "生产委员", "保密委员", "纪委书记"),
        ),
        Member.Post.DEPUTY,
    ),
}
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
            other_headings=("党员姓名", "名字"),
        ),
        RosterColumn(
            "党组织",
            f"党员所在的党组织：{_REFERENCE}",
            40,
            _REFERENCE_LENGTH,
            is_required=True,
            other_headings=(
                "所在党支部",
                "所在党组织",
                "所在支部",
                "所属党支部",
                "所属党组织",
                "所属支部",
                "党支部",
                "支部",
            ),
        ),
        RosterColumn(
            "党员状态",
            "新增的留空即正式党员",
            12,
            may_lack=True,
            choices=Member.Status,
            other_words={
                "正式": Member.Status.FULL,
                "预备": Member.Status.PROBATIONARY,
                "中共党员": Member.Status.FULL,
                "党员": Member.Status.FULL,
                "中共预备党员": Member.Status.PROBATIONARY,
            },
            other_headings=("人员类别", "党员类别", "党员身份", "政治面貌"),
        ),
        RosterColumn(
            "职务",
            "新增的留空即普通党员",
            12,
            may_lack=True,
            choices=Member.Post,
            other_words={"党员": Member.Post.MEMBER, "无": Member.Post.MEMBER},
            read_as=_POSTS,
            other_headings=("党内职务", "职务名称", "任职情况"),
        ),
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
        RosterColumn("类型", "新增的留空即公开承诺", 12, may_lack=True, choices=Commitment.Kind),
        RosterColumn("承诺内容", "一行一项", 60, max_length(Commitment, "content"), is_required=True),
        RosterColumn("完成时限", "日期，可留空", 16, may_lack=True, is_date=True),
        RosterColumn("兑现情况", "新增的留空即践诺中", 12, may_lack=True, choices=Commitment.Status),
    ),
    50_000,
    ("第一党支部", "张三", "公开承诺", "每月走访联系户一次", "2026-12-31", "践诺中"),
)
SHEETS: tuple[RosterSheet, ...] = (ORGANIZATIONS, MEMBERS, COMMITMENTS)
INSTRUCTIONS = "说明"


def plain_word(text: str) -> str:
    """A word as people write it in a form, without spaces and without what they add in brackets: 「预备党员（2026.7.1）」."""
    return _ADDED.sub("", "".join(text.split()))


def numbered(numbers: Iterable[int]) -> str:
    """「第3、4行」, of very many only the first."""
    numbers = sorted(numbers)
    more = f"等{len(numbers)}" if len(numbers) > MOST_NUMBERS else ""
    return f"第{'、'.join(map(str, numbers[:MOST_NUMBERS]))}{more}行"


def quoted(names: Iterable[str]) -> str:
    return "、".join(f"“{name}”" for name in names)
