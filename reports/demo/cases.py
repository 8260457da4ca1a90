"""The problems of the demo's ledgers, each with its story; days are counted back from the day of loading."""

from ..models import Problem
from . import words
from .rectifying import Case, Step

AT_ONCE, PLANNED, EXPLAINED = Problem.Treatment.AT_ONCE, Problem.Treatment.PLANNED, Problem.Treatment.EXPLAINED
TASK, COMMITMENT = Problem.Source.TASK, Problem.Source.COMMITMENT
SATISFIED, FAIR = Problem.Verdict.SATISFIED, Problem.Verdict.FAIR

OF_THE_REPORT = (
    Case(
        opinion=words.POINTING_IN_OFFICE,
        cause="投诉转办没有时限，窗口不知道由谁答复。",
        treatment=AT_ONCE,
        due=20,
        steps=(Step("投诉限五个工作日答复，超时由值班领导督办", due=25, done=30, note="已印发办法并培训窗口人员。"),),
        reply="已定五个工作日答复时限，并在营业厅公布监督电话。",
        publicity="各营业厅公开栏",
        closed=24,
        verdict=SATISFIED,
    ),
    Case(
        opinion="停水通知常常当天才贴出来，希望提前两天发短信。",
        cause="短信平台没有接通用户数据。",
        treatment=PLANNED,
        due=-30,
        steps=(
            Step("计划停水提前四十八小时张贴通知", due=15, done=20),
            Step("接通短信平台，提前两天发短信", due=-30, note="平台招标已完成，正在导入用户数据。"),
        ),
    ),
    Case(opinion="河堤步道的护栏松了几处，请一并看看。"),
)

OF_THE_COLLEGE = (
    Case(
        content="场馆晚上熄灯早，备考的学生没有地方复习",
        category="服务群众",
        cause="场馆值班只排到晚上九点。",
        treatment=AT_ONCE,
        due=20,
        steps=(Step("考试季场馆延长开放一小时，学生党员轮流值守", due=25, done=28, note="已排出值班表。"),),
        reply="自本月起开放到晚上十点，已在学生群答复。",
        publicity="学院公开栏、学生群",
        closed=26,
        verdict=SATISFIED,
        verdict_note="学生代表座谈会上反映较好。",
    ),
    Case(
        content="教研室屋面漏雨，修过又漏",
        category="民生实事",
        cause="屋面防水层老化，零星修补不解决问题。",
        treatment=PLANNED,
        due=-60,
        steps=(Step("列入学校年度维修计划，整体翻修屋面", due=-60, note="已报后勤部门并现场查看。"),),
    ),
)

OF_THE_BRANCH = (
    Case(
        content="办事窗口材料清单没有一次说清",
        category="办事效率",
        cause="清单多年未更新。",
        treatment=AT_ONCE,
        due=140,
        steps=(Step("重新编印一次性告知单", due=145, done=150),),
        reply="告知单已上墙，窗口逐项说明。",
        publicity="管委会一楼公开栏",
        closed=148,
        verdict=FAIR,
    ),
)

# The case about the threshold crossed at the community's property management.
OF_THE_FINDING = Case(
    category="民生实事",
    cause="物业报修没有人盯到底，三个部门互相推。",
    treatment=AT_ONCE,
    due=190,
    steps=(
        Step("报修统一登记，支部书记每周核销", due=215, done=220, note="已建报修登记本。"),
        Step("漏水、路灯两件积压报修限期修完", due=205, done=212),
    ),
    reply="积压报修已修完，居民代表现场查看。",
    publicity="小区公开栏",
    closed=205,
    verdict=SATISFIED,
    verdict_note="居民代表会议通报。",
)


def _closed(content: str, category: str, cause: str, step: str, reply: str, *, done: int, **facts) -> Case:
    """A problem with one measure, put right and answered."""
    return Case(
        content=content,
        category=category,
        cause=cause,
        treatment=AT_ONCE,
        due=done - 4,
        steps=(Step(step, due=done - 2, done=done),),
        reply=reply,
        publicity="村务公开栏",
        closed=done - 1,
        **facts,
    )


# S2: 10 problems with 12 measures, of which 9 are done and 3 under way; one is overdue.
OF_THE_TOWNSHIP = (
    (
        "上河村",
        Case(
            opinion=words.ALIKE_IN_VILLAGE[0],
            cause="路灯移交以后没有明确维护单位。",
            treatment=AT_ONCE,
            due=18,
            steps=(Step("更换损坏灯头，与供电所签订维护协议", due=20, done=22, note="坏灯已逐盏登记。"),),
            reply="损坏路灯已修复，维护电话贴在灯杆上。",
            publicity="村务公开栏",
            closed=21,
            verdict=SATISFIED,
        ),
    ),
    (
        "石桥村",
        _closed(
            "",
            "工作作风",
            "晒场使用没有公约。",
            "订立晒场使用公约，清出占用部分",
            "占用部分已清出，公约张贴上墙。",
            done=20,
            opinion=words.POINTING_IN_VILLAGE,
            reopened="清出以后又堆了两次，请管到底。",
            verdict=FAIR,
        ),
    ),
    (
        "枣林村",
        Case(
            opinion="灌溉渠漏水，末梢的地浇不上。",
            cause="斗渠三处塌陷。",
            treatment=PLANNED,
            due=-45,
            steps=(
                Step("筹措材料，修补三处塌陷", due=-20, note="材料已到两处。"),
                Step("整治末级渠道六百米", due=-45),
            ),
        ),
    ),
    (
        "卫生院",
        Case(
            opinion="取药窗口中午没有人，远处来的要等一个多小时。",
            cause="药房只有一名药师。",
            treatment=AT_ONCE,
            due=-10,
            steps=(
                Step("药房与收费室错时轮班", due=16, done=18),
                Step("培训一名护士持证兼岗", due=12, done=14, note="已通过县里考核。"),
            ),
        ),
    ),
    (
        "龙泉村",
        Case(
            content="在外党员一年到头没有联系",
            source=TASK,
            category="队伍建设",
            cause="没有在外党员联系名册。",
            treatment=AT_ONCE,
            due=5,
            steps=(Step("建立在外党员联系名册，支委分工每季联系一次", due=5, note="名册登记过半。"),),
        ),
    ),
    (
        "下河村",
        _closed(
            "村务公开栏贴得太高，老人看不见",
            "办事效率",
            "公开栏安装时没有考虑。",
            "降低公开栏，换大字号",
            "已降低三十厘米，字号放大。",
            done=24,
            verdict=SATISFIED,
        ),
    ),
    (
        "柳树湾村",
        _closed(
            "文化室常锁着",
            "服务群众",
            "钥匙由一人保管。",
            "党员轮流值守，公布开放时间",
            "每周开放五天。",
            done=23,
        ),
    ),
    (
        "东坪村",
        _closed(
            "修路占地补偿没有张榜",
            "办事效率",
            "测量结果未复核。",
            "复核后张榜公布七天",
            "已张榜，无人提出异议。",
            done=19,
            verdict=SATISFIED,
        ),
    ),
    (
        "马家沟村",
        _closed(
            "承诺的帮工队收麦时人手不够",
            "服务群众",
            "只排了本组党员。",
            "按片区重新编组",
            "已编四个组，逐户告知联系人。",
            done=22,
            source=COMMITMENT,
        ),
    ),
    (
        "梨园村",
        _closed(
            "低保评议结果只贴一天",
            "办事效率",
            "雨天脱落后没有补贴。",
            "改为公示七天并发到村民群",
            "已重新公示。",
            done=21,
            verdict=SATISFIED,
        ),
    ),
)

# So many of the company's units have a problem each; the stories repeat.
COMPANY_PROBLEMS = 24
OF_THE_COMPANY = (
    Case(content="合理化建议交上去没有回音", category="办事效率", source=Problem.Source.OPINION),
    Case(
        content="后半班澡堂热水供应时间短",
        category="民生实事",
        cause="锅炉按两班供热。",
        treatment=AT_ONCE,
        due=2,
        steps=(Step("调整供热时间，后半班加供两小时", due=5, done=6, note="已试运行一周。"),),
        reply="已加供两小时，班前会通报。",
        publicity="班前会、公开栏",
        closed=4,
        verdict=SATISFIED,
    ),
    Case(
        content="通勤车末班过早",
        category="民生实事",
        cause="车辆不足。",
        treatment=PLANNED,
        due=-50,
        steps=(
            Step("调剂一台车加开末班", due=-10, note="车辆已落实，正在排司机。"),
            Step("下一年度购置一台客车", due=-50),
        ),
    ),
    Case(
        content="技能比武奖励兑现慢",
        category="办事效率",
        source=COMMITMENT,
        cause="审批环节多。",
        treatment=AT_ONCE,
        due=3,
        steps=(Step("比武结束后十个工作日内兑现", due=3, note="财务已会签。"),),
    ),
    Case(
        content="希望提高夜班津贴标准",
        category="其他",
        cause="津贴标准由上级统一规定，本单位无权调整。",
        treatment=EXPLAINED,
        due=6,
        reply="已在班前会说明现行标准和依据，并向上级反映。",
        publicity="班前会",
        closed=7,
    ),
    Case(
        content="劳保手套质量不如以前",
        category="民生实事",
        cause="供应商更换。",
        treatment=AT_ONCE,
        due=-5,
        steps=(Step("退换不合格批次，请一线职工参加选样", due=4, done=5),),
    ),
    Case(
        content="领导下井时记下的问题没有回音",
        category="工作作风",
        source=TASK,
        cause="没有登记和回告制度。",
        treatment=AT_ONCE,
        due=-8,
        steps=(
            Step("建立下井问题登记本，三日内回告", due=3, done=4, note="登记本已发到区队。"),
            Step("每月公布办理情况", due=-8),
        ),
    ),
)


def _put_right(content: str, step: str, reply: str) -> Case:
    """A problem of the community that was answered, and about which nobody has been asked yet."""
    return Case(
        content=content,
        category="民生实事",
        cause="没有明确由谁负责。",
        treatment=AT_ONCE,
        due=30,
        steps=(Step(step, due=40, done=45),),
        reply=reply,
        publicity="小区公开栏",
        closed=28,
    )


# The people are asked again about the first two; with the answer to the second they are not content.
OF_THE_REVOTE = (
    _put_right("单元门禁坏了半年没有人修。", "更换门禁，公布报修电话", "六个单元的门禁全部换新，报修电话贴在门口。"),
    _put_right("电动车在楼道里充电。", "楼下建充电棚，每周巡查", "充电棚已建好，巡查时不再发现楼道充电。"),
    _put_right("健身器材松动。", "请厂家检修一遍", "已检修，损坏的两件换新。"),
)
