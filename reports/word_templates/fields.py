"""The fields of a Word template: names in double braces, which stand for words and figures of the 小结 and do nothing else."""

import re

from campaigns.models import Channel

from ..summary import SummaryContent

# Written over whole paragraphs, which hold nothing beside the field.
BODY, TABLES = "正文", "结果表"
BLOCKS = (BODY, TABLES)
WORDS = ("标题", "单位", "落款日期")
SHEETS = ("发出", "收回", "有效", "整票无效", "回收率")
RATES = ("满意率", "基本满意率", "不满意率", "综合满意率")
OF_POLL = ("组织单位", "应参评人数", "实参评人数", "参评率", "评议渠道", "评议日期")
OF_UNIT = (
    *("会议场次", "评议单位数", "已评单位数", "单位覆盖率", "党员数"),
    *("点评单位数", "应点评单位数", "点评覆盖率"),
)
AFTERWARDS = (
    *("意见条数", "意见件数", "座谈会次数", "征求意见表发出", "征求意见表收回"),
    *("问题数", "办结问题数", "措施数", "已落实", "正在落实", "措施完成率"),
    *("点评次数", "点评党员数", "承诺数", "实事数", "兑现数", "兑现率"),
)
OF_CHANNEL = tuple(f"{channel}{part}" for channel in Channel.labels for part in ("发出", "收回", "有效", "满意率"))
# The fields that the page lists; a channel's own go without saying.
LISTED = (*BLOCKS, *WORDS, *OF_POLL, *SHEETS, *RATES, *OF_UNIT, *AFTERWARDS)
KNOWN = {*LISTED, *OF_CHANNEL}
PLACEHOLDER = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
# In the place of a figure that the 小结 has not.
GAP = "【待填】"


def words_for_fields(content: SummaryContent) -> dict[str, str]:
    """The words of each field but the blocks, as the 小结 prints them."""
    signed = "".join(piece.text for piece in content.signed_on)
    figures = {name: value or GAP for name, value in content.fields}
    return {
        **dict.fromkeys(KNOWN.difference(BLOCKS), GAP),
        **figures,
        **dict(zip(WORDS, (content.title, content.unit, signed), strict=True)),
    }
