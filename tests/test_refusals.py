"""Every refusal names the page that mends it, or is listed here with the reason why none does.

Read from the sources: each `raise` of a `Refusal`, and each sentence that a view shows as an error.
"""

import ast
from functools import cache

from django.urls import get_resolver

from campaigns.ways import Refusal
from tests.permissions.table import patterns
from tests.test_architecture import trees

# Kinds are known once their modules are imported, and the views import all of them.
get_resolver().url_patterns  # noqa: B018


def kinds(kind=Refusal):
    """The names of all refusals."""
    return {kind.__name__}.union(*(kinds(below) for below in kind.__subclasses__()))


def sentence_of(node, constants):
    """The words of an expression, with … for what is filled in; for anything else its source."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(sentence_of(part, constants) if isinstance(part, ast.Constant) else "…" for part in node.values)
    if isinstance(node, ast.Name) and node.id in constants:
        return sentence_of(constants[node.id], constants)
    return f"<{ast.unparse(node)}>"


def constants_of(tree):
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def refusals_in(tree):
    """(sentence, whether a page is named) of each refusal in a module."""
    constants = constants_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args:
            if getattr(node.exc.func, "id", "") in kinds():
                has_way = any(keyword.arg == "way" for keyword in node.exc.keywords)
                yield sentence_of(node.exc.args[0], constants), has_way
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "messages.error":
            words = node.args[1]
            if not (isinstance(words, ast.Call) and ast.unparse(words.func) in ("told", "with_link")):
                yield sentence_of(words, constants), False
        elif isinstance(node, ast.Call) and ast.unparse(node.func) == "refuse" and len(node.args) > 1:
            yield sentence_of(node.args[1], constants), len(node.args) > 2


@cache
def all_refusals():
    return [
        (path, *refusal) for path, tree in trees("campaigns", "ballots", "reports") for refusal in refusals_in(tree)
    ]


HERE = "the page that shows it is the one where it is mended: another value, another tick, a button beside it"
FINAL = (
    "nothing mends it: what was settled, handed in or made public stays, and a promise of this house is that it does"
)
AGAIN = "somebody was quicker, or it was sent twice: the page that shows it shows what stands now"
PASSED_ON = "a sentence from elsewhere, whose own place is looked at, or a link is in it"
# Sentences without a page, by reason.
WITHOUT_A_PAGE = {
    HERE: (
        "票上没有所选评议表的结果。",
        "曾经延期到这一天，请换一天。",
        "新的结束日期不能早于今天。",
        "只有已经开启的评议活动才能延期，新的结束日期应晚于现在的结束日期。",
        "没有填写要补记的内容。",
        "没有等着确认的邮箱。",
        "确认码不对，或者已经过期、输错太多次。请照最近一封信填写，或者再发一次。",
        "“…”就是“…”或在它之下，不能并入。",
        "“…”就是“…”或在它之下，不能作它的上级。",
        "党组织最多…级。",
        "上级成了循环。",
        "…没有“…”这一稿。",
        "已经有了…，不能再登记…。",
        "只能撤下最后一稿。",
        "预览已经过期，或者已经确认过，请看账号列表；没有写入的，重新上传。",
        "这里有…个单位，一份工作簿最多…个：请先查找，或者打开下级单位的进度，再下载。",
        "一张表最多…个评议点，这里更多：请按上级单位的名称查找，分几张表下载。",
        "台账有…个问题，超过…个的文件由后台程序生成：请先在“筛选”里选定评议活动，再下载。",
        "预览已经过期，或者已经确认过；没有写入的，重新上传。",
        "预览之后，有的会议情况被人改过，或者评议点已经封存，没有写入。请重新下载，核对以后再上传。",
        "不能移除自己的系统管理员角色，请由另一位管理员办理。",
        "这是该账号唯一的角色；不再使用的账号，请取消“可以登录”。",
        "这次上传已经导入过，或放置超过一小时；没有写入，请重新上传。",
        "有新增的党员与别处的党员同名，请先选择是不是同一个人。",
        "同票的评议表应为2至…张，现为…张。",
        "同票的几张表应当是同一个单位的，现在是…。",
        "这个票批只报总数，没有逐张的票。",
        "这个票批逐张录入，不报总数。",
        "这个票批只报总数，不逐张录入。",
        "还有…处不一致没有认定。",
        "整票无效共…张，多于收回的…张。",
        "已经录入…张，收回…张减去整票无效…张只有…张，请核对。",
        "这一遍录入已经放弃，请重新开始。",
        "这一遍已经录完，不能再改；要改，请党务干事退回重录。",
        "各项总数与票面的项目不符。",
        "还没有填写各项总数。",
        "“…”的“…”各档合计…，应等于有效票…。",
        "您已经录过一遍。两遍须由两个人各录一遍，请另一位计票员录入。",
        # The page of the poll or of the campaign, where all its deeds stand, comes with these.
        "评议点现为“…”，不能截止。",
        "评议点现为“…”，只有已截止的才能封存。",
        "评议点现为“…”，只有“评议中”的才能退回筹备。",
        "“…”的评议点现为“…”，只有“评议中”的才能退回筹备。",
        "“…”的评议点现为“…”，不能截止。",
        "“…”的评议点现为“…”，只有“…”的才能转为“…”。",
        "只有单独退回筹备的评议点才要重新开启。",
        "没有要制作的选票码，各单位的原因见下表。",
        "一次至多制作…张，现为…张。…",
        # The page lists each thing that is missing, with its link.
        "没有开启：…",
        "不能定稿：…",
        "“…”超过…项，一份公示列不下，请到下级单位分别公示。",
        "这份公示已经发布，不能删除，可以撤下。",
        "已经有措施、进展或者答复的问题不能删除，请按程序办结。",
        "已落实的措施不能删除。登记错了的，请先撤销已落实。",
        "这个问题已经办结，不能再改。确需修改的，请先重新启动整改并写明理由。",
        "这个问题现为“…”，整改措施全部落实（或者已写明政策原因）、转为“待答复”后才能办结。",
        "办结以后才能登记群众再评。",
        "这条意见已经转入台账或并入其他意见，不能再作为“不作为意见”。",
        "有其他意见并入这一条，请先分开，再作为“不作为意见”。",
        "请至少勾选两条意见，再并为一条。",
        "只能把对同一个评议对象的意见并为一条。",
        "勾选的意见里有“不作为意见”的，或者已并入其他意见的，不能再归并。",
        "勾选的意见已经转入台账的不同问题，不能并为一条。",
        "“不作为意见”的，不转入台账。",
        "这条意见已并入其他意见，请转那一条。",
        "评议对象不属于所选的评议活动。",
        "评议对象不属于本次评议活动。",
        "应逐项评价，共…项，等次为…。",
        "文件现在不在：还没有做好，或者已过保留期。",
        "请选择一种处理办法。",
        "还没有已封存的一期，没有可以下载的对比。",
        "结束日期不能早于开始日期。",
        "这个窗口已经公布的合计…；当天的、不足5人次的日子还没有公布，不能汇总。",
        "所选日期共…人次，少于本次活动的最小分组人数…，请选长一些的日期。",
        "…在…之内，这几天人次少，合并公布，不能分开。请从…起，或者到…止。",
        "支部工作报告已经交了；要换一份的，请先移除原来的。",
        "第…处两遍一致，不需要认定。",
        "这一处两遍一致，不需要认定。",
        "可以推迟的日子已经过了，请现在启用两步验证。",
        "请先输入用户名和密码。",
        "刚刚试过几次，请过几分钟再试。",
        "这个票批不用一次性选票码。",
        "这个票批不用会场屏幕码。",
    ),
    FINAL: (
        "没有正在评议的评议点，不能延期。",
        "“…”在封存以前已经填写，不能再改。",
        "这项承诺已经列为评议对象，或者转入了整改台账，不能删除。",
        "评议活动已经开启，不能再演练。",
        "“…”现为“…”，不能再发选票码，也就不能同票。",
        "评议点现为“…”，不能作废票批。",
        "评议点已经封存，已传的影像不能移除；有误的，可以再传一份。",
        "票批“…”的票已经写定，或者不再收票，不能再录入。",
        "票批已经随评议点退回筹备撤下。",
        "评议点已经截止或票批已经作废，不能再改动。",
        "评议点已经截止或票批已经作废，清点的数字不能再改。",
        # Whether a ballot came in is told to nobody beforehand.
        "已收到选票，不能退回筹备。",
        "“…”在开启以后已经调出“…”，整个活动不能再退回筹备。",
        "这个票批已经不收票，不能再发选票码。",
        "…，不能公示。",
        "小结已经定稿，不能再登记、修改征求到的意见。",
        "小结已经定稿，不能再登记、删除上级评价。",
        "小结已经定稿，不能再汇总或者撤回窗口的即时评议。",
        "这条措施已有进展记录，不能删除。",
        # For a member without an account.
        "这个链接已经用过、作废或者过期，没有收下。需要修改的，请向支部要一个新的链接。",
    ),
    AGAIN: (
        "您看过以后，备好的单位变了，没有开启；请看过现在的名单再确认。",
        # By the worker: somebody took the right away, or the campaign back, since the press.
        "您现在没有办这件事的权限，没有办。",
        "评议活动已经退回筹备，没有再开启。",
        "该单位刚刚有了同名的评议活动，没有复制；请换一个名称再复制。",
        "全年计划里已经没有这一期，没有建活动。",
        "“…”没有启用两步验证。",
        "刚刚有人做了公示，没有再做一份。",
        "打开本页以后有人保存了新的一稿，请看过再定稿。",
        "这个票批已经作废。",
        "…录入现在不是“…”，请刷新页面再看。",
        "第…张已经录过，与这次的内容不同，没有改动。请刷新页面再录。",
        "两遍录入都有人在录或已经录完。",
        "已经录到第…张，下一张应是第…张。请刷新页面再录。",
        "能撤回的只有最后一张，请刷新页面再试。",
        "评议活动还在筹备，不用退回。",
        "这个票批刚刚与别的评议表同票，请再制作一次选票码。",
        "“…”的“…”：…",
        "“…”的“…”同时在别处制作了选票码。",
        "这项决定已经撤销。",
        "这条措施已经被别人删除。",
        "这个问题没有办结，不用重新启动。",
        "这条措施已经落实，不用再登记。",
        "这条措施正在落实，没有可撤销的。",
        "这条意见刚刚由别人阅办过，请核对后再保存：上面是现在的文字，下面是您填写的内容。",
        "这一项已经撤销过了。",
    ),
    PASSED_ON: (
        "<reason>",
        "<refusal>",
        "<why>",
        "<question>",
        "<form.errors['opinions'][0]>",
        "<GONE if isinstance(error, uploads.Gone) else f'预览之后有变动，没有写入：{error}'>",
        "<_spoken_for(rows.exclude(taking=taking))>",
    ),
}


def test_each_refusal_names_the_page_that_mends_it_or_says_why_none_does():
    listed = {sentence for sentences in WITHOUT_A_PAGE.values() for sentence in sentences}
    without = {sentence for _, sentence, has_page in all_refusals() if not has_page}

    assert sorted(without - listed) == []
    # No sentence stays on the list after it has got its page, or has gone.
    assert sorted(listed - without) == []
    assert sum(has_page for *_, has_page in all_refusals()) > 60


def test_a_refusal_without_a_page_is_seen():
    source = """
LATE = "太晚了。"
def deed(request, refusal, poll):
    raise StateError(f"“{poll}”现在不行。")
    raise StateError(LATE, way=way_to("评议点", "ballots:poll_detail", poll.pk))
    messages.error(request, "请先做别的。")
    messages.error(request, told(refusal))
    refuse(request, "还没有评议表。", way_to("评议表", "campaigns:questionnaire_list", 1))
"""

    assert list(refusals_in(ast.parse(source))) == [
        ("“…”现在不行。", False),
        ("太晚了。", True),
        ("请先做别的。", False),
        ("还没有评议表。", True),
    ]


def ways():
    """(path, route, number of keys) of each page that a refusal names."""
    for path, tree in trees("campaigns", "ballots", "reports"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "way_to":
                _, route, *keys = node.args
                if isinstance(route, ast.Constant):
                    yield path, route.value, keys


def test_each_page_that_is_named_exists_with_the_keys_that_it_wants():
    wanted = dict(patterns())
    for path, route, keys in ways():
        assert route in wanted, path
        is_starred = any(isinstance(key, ast.Starred) for key in keys)
        assert is_starred or len(keys) == len(wanted[route]), (path, route)
    assert {"reports:poll_results", "reports:campaign_results"} <= set(wanted)
