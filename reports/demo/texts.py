"""What the demo's readers, leaders and secretaries write after the count."""

import re

from ballots.demo import texts as written

from ..models import LeaderComment

# Which words lead a reader to which category; the first that fits.
_CATEGORIES = (
    (
        r"路灯|路|客车|通勤|自来水|灌溉|垃圾|食堂|澡堂|热水|饮水|充电|网络|厕所|卫生室|漏|就餐|护栏|宿舍|手套|场馆|广场舞|借还|文化室|晒场",
        "民生实事",
    ),
    (r"答复|审批|证明|办事|大厅|报修|取药|停水|兑现|公开|公布|张榜|公示|低保|工资条|交上去|补课", "办事效率"),
    (r"学习|党课|活动|党员|带|年轻|发展|表扬|联系|听课|志愿者", "队伍建设"),
    (r"走访|帮|老人|困难|退休|孩子", "服务群众"),
    (r"会议|开会|材料|套话|发言|电话|调研|职责|推|前会|下井|驻村|得罪|计划|讲得多", "工作作风"),
)


def category_of(text: str) -> str:
    """What a reader puts an opinion under."""
    return next((category for pattern, category in _CATEGORIES if re.search(pattern, text)), "其他")


def category_beside_a_draft(text: str) -> str:
    """The same where a document was appraised: what is to be changed in it, and everything else (S0-1)."""
    return "修改意见" if text in written.ON_THE_DRAFT else "其他意见"


# The words in which an opinion that points at a person may be shown.
MASKED = {
    written.POINTING_IN_OFFICE: "有的营业厅窗口答复投诉总是拖，希望定一个时限。",
    written.POINTING_IN_VILLAGE: "有的农户占着公共晒场堆货，没有人敢管。",
}

# Politeness, which a reader counts as no opinion.
POLITENESS = ("没有什么意见，希望保持。", "没有意见，继续努力。")

# Leaders' comments.
MODES = [
    LeaderComment.Mode.MEETING,
    LeaderComment.Mode.MEETING,
    LeaderComment.Mode.ON_SITE,
    LeaderComment.Mode.TALK,
    LeaderComment.Mode.MUTUAL,
    LeaderComment.Mode.LEVELS,
]
GOOD = (
    "安排具体，月月有检查，台账与实际相符。",
    "能对照承诺逐项销号，群众看得见。",
    "急难任务面前站得出来，带动作用明显。",
    "与中心工作结合得紧，没有两张皮。",
)
WANTING = (
    "年轻党员参加不够，办法要再多一些。",
    "记录偏简单，做过的事情没有写清楚。",
    "对群众反映的事情答复慢，应当限时。",
    "下基层多、解决问题少，要把当场记下的事办完。",
)
CONCLUSIONS = (
    "总体较好，不足之处请在一个月内拿出办法。",
    "成绩要肯定，问题也摆在面前，下次先听整改情况。",
    "基础扎实，希望在服务群众上再往前走一步。",
)
FOLLOWED_UP = (
    "已召开支委会研究，明确专人，按月报进度。",
    "已补全记录，并在公开栏公布办理情况。",
    "已走访反映问题的群众，当面答复。",
)

# Decisions on crossed thresholds, and an objection to a notice.
CONFIRMED = "支委会复核票数无误，情况属实。"
DISMISSED = "当季小区停水三天，居民对供水不满，经核实不属于支部工作，居民代表会议同意。"
OBJECTION = {
    "text": "公开栏里没有写明应到人数，请补上。",
    "answer": "经核对，应到12人、实到12人，已在公开栏补贴说明，反映人表示满意。",
}

# The 小结 in its secretary's words, by section; figures stand as fields.
SUMMARY_OF_THE_REPORT = {
    "leadership": "局党组先后三次研究分析检查报告的起草和评议工作，主要负责人牵头，办公室承担会务、印发和统计。"
    "征求意见稿、讨论稿、评议稿三稿均按程序报指导检查组审阅。",
    "shortcomings": "书面评议有的没有按时送回，今后提前一周印发，并留出当面说明的时间。",
    "next_steps": "把修改意见逐条对照报告改完，其他意见列入台账按期办理，办理结果在机关公开栏公布。",
}
SUMMARY_OF_THE_COLLEGE = {
    "leadership": "党总支召开专题会议研究，书记负总责，办公室做好会议召集、代表邀请、票样准备和计票监票等安排。",
    "method": "评议会先由党总支报告工作，到会人员听取报告后当场无记名填写测评表，当场收回，当场统计。",
    "shortcomings": "学生代表偏少，下次按年级邀请。",
    "next_steps": "对{意见条数}条意见建议逐条办理、逐条答复。",
}
SUMMARY_OF_THE_BRANCH = {
    "leadership": "支部把会议召集、代表邀请、自查报告、会议记录和意见收集逐项排出日程，明确到人。",
    "commitments": "党员在会上对照年初承诺逐项说明完成情况，没有完成的讲明原因和打算。",
    "next_steps": "坚持半年一评议、一小结，会上提出的意见在下次会上报告办理情况。",
}
SUMMARY_OF_THE_TOWNSHIP = {
    "leadership": "乡党委召开班子会，制定领导点评和群众评议实施方案，成立点评工作组，建立点评台账；各支部召开支委会作出安排。",
    "method": "各村（单位）支部以会议集中、个别谈话、现场就近、相互点评等方式开展领导点评，"
    "再按回顾总结、自评定格、互评和群众评议、民主生活会、综合评定五步进行评议。",
    "shortcomings": "外出务工党员参加评议的少，少数支部点评尚未完成；有的意见涉及几个部门，办理时间偏长。",
    "next_steps": "尚未点评的支部半个月内完成点评；正在落实的{正在落实}条措施由联片领导盯办，办结一件答复一件。",
}
SUMMARY_OF_THE_COMPANY = {
    "leadership": "公司党委印发通知，明确评议的任务、范围、对象和方法，五个评议小组分赴各基层党委指导；统一评议表样和统计口径。"
    "{已评单位数}个党组织全部开展评议，评议覆盖率{单位覆盖率}。",
    "commitments": "各级党组织把员工群众的需求作为承诺的重要内容，建立党员先锋岗446个，{实事数}件好事实事逐件登记、逐件公布。",
    "shortcomings": "有的单位对后勤、通勤类意见答复不够及时，少数单位领导点评尚未完成。",
    "next_steps": "按季评议、半年小结、年终总评，把正在落实的{正在落实}条措施列入月度督办。",
}
