"""Layout of a workbook of leaders' comments: one description for the template and for the reader."""

from typing import BinaryIO

from campaigns.models.columns import max_length
from campaigns.roster.layout import MEMBERS, RosterColumn, RosterSheet
from campaigns.roster.template import write_sheets

from ..models import LeaderComment
from .points import LISTS, MAX_POINT_LENGTH

Mode = LeaderComment.Mode
# Each text once: some points are asked of cadres and of other members alike.
POINTS = tuple(dict.fromkeys(point.text for points in LISTS for point in points))
_RULES = (
    "第1行是表头，请不要改动；从第2行起一行写一条点评，不要合并单元格，不要用公式。表头红底的列必须填写，灰底的列可以留空。",
    "点评党组织的，“姓名”留空；点评党员的写姓名，要与名册一致。“内容”和右边各项点评要点至少填一项，要点只填这类对象有的。",
    "上传后先预览，看清新增、变动和不变的内容再确认；有一处错误就全部不写入。",
    "同一位领导同一天对同一对象的点评，系统里已有的就更新填写了的列（如补填整改落实情况），没有的新增；系统里的不会被删除。",
)
COMMENTS = RosterSheet(
    "点评",
    (
        RosterColumn(
            "单位",
            "被点评的党组织，或者被点评党员所在的党组织：写名称；有重名的写路径，如“某局党委/第一党支部”",
            40,
            500,
            is_required=True,
            other_headings=("单位名称", "所在单位", "点评单位", *MEMBERS.column("党组织").headings),
        ),
        RosterColumn(
            "姓名",
            "被点评的党员；点评党组织的留空",
            16,
            100,
            is_name=True,
            other_headings=("党员姓名", "点评党员", "被点评党员", "被点评人", "点评对象"),
        ),
        RosterColumn(
            "点评人",
            "点评的领导",
            16,
            max_length(LeaderComment, "leader"),
            is_required=True,
            is_name=True,
            other_headings=("点评领导", "领导", "领导姓名", "点评人姓名"),
        ),
        RosterColumn(
            "领导职务",
            "点评人的职务，可留空",
            20,
            max_length(LeaderComment, "leader_post"),
            may_lack=True,
            other_headings=("点评人职务", "点评领导职务"),
        ),
        RosterColumn(
            "日期",
            "哪一天点评的",
            16,
            is_required=True,
            is_date=True,
            is_day=True,
            other_headings=("点评日期", "点评时间", "时间"),
        ),
        RosterColumn(
            "方式",
            "新增的留空即会议集中点评",
            18,
            may_lack=True,
            choices=Mode,
            other_words={
                **dict.fromkeys(("会议点评", "集中点评", "会议", "会上点评"), Mode.MEETING),
                **dict.fromkeys(("单独谈话", "个别谈话点评", "个别谈话", "谈话点评", "谈话"), Mode.TALK),
                **dict.fromkeys(("现场点评", "就近点评", "现场工作就近点评", "现场"), Mode.ON_SITE),
                **dict.fromkeys(("相互点评", "互相点评", "互评"), Mode.MUTUAL),
                **dict.fromkeys(("逐级", "上级点评"), Mode.LEVELS),
            },
            other_headings=("点评方式", "点评形式"),
        ),
        RosterColumn(
            "内容",
            "说了什么；逐项写了点评要点的可留空",
            60,
            max_length(LeaderComment, "content"),
            may_lack=True,
            other_headings=("点评内容", "综合点评", "点评意见"),
        ),
        RosterColumn(
            "整改落实情况",
            "点评以后做了什么，可以以后补填",
            40,
            max_length(LeaderComment, "follow_up"),
            may_lack=True,
            other_headings=("整改落实", "落实情况", "整改情况"),
        ),
        RosterColumn(
            "落实日期",
            "哪一天落实的，可留空",
            16,
            may_lack=True,
            is_date=True,
            is_day=True,
            other_headings=("落实时间", "整改落实日期", "整改落实时间"),
        ),
        *(
            RosterColumn(text, "点评要点，可留空", 30, MAX_POINT_LENGTH, may_lack=True, is_seldom=True)
            for text in POINTS
        ),
    ),
    20_000,
    (
        *("第一党支部", "张三", "赵书记", "某局党委书记", "2026-11-10", "会议集中点评", "工作扎实，还要多到群众中去。"),
        *("已制定走访计划", "2026-11-20", *("" for _ in POINTS)),
    ),
)


def write_comments_template(file: BinaryIO | str) -> None:
    write_sheets(file, (COMMENTS,), title="领导点评导入模板填写说明", rules=_RULES)
