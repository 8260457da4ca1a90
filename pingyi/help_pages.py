"""The help pages: a list of topics, each a template in `templates/help/` with the pictures of `static/help/`.

The pictures are taken from the demo by `tests/browser/test_pictures.py`, which `make pictures` lets write them anew.
"""

from dataclasses import dataclass

from django.http import Http404
from django.shortcuts import render


@dataclass(frozen=True)
class Topic:
    """A page of help; its template and the names of its pictures begin with the slug."""

    slug: str
    title: str
    about: str

    @property
    def template(self) -> str:
        return f"help/{self.slug}.html"


# Headings of the list, with their topics in order.
TOPICS = {
    "从头到尾": (
        Topic("start", "办一次评议", "从名册到小结，一步一步怎样做"),
        Topic("slips", "一个会，几张表", "几张评议表一起发，一张码条都能填"),
        Topic("units", "几百个单位一起办", "票批、选票码、截止、封存、文件，各单位一次办好"),
        Topic("year", "复制活动和全年计划", "每一期由上一期复制，到日子提醒，半年和年终回看各期"),
    ),
    "定规则": (
        Topic("rules", "自定量表和阈值", "自己写等次、分值，自己定到了什么界限怎样办"),
        Topic("forms", "规范表格的下发", "一套评议表交给各单位用，看得到哪里不同"),
    ),
    "各种评议": (
        Topic("members", "民主评议党员", "自评、互评、群众评议、书记点评、综合定格，一步一步怎样做"),
        Topic("performance", "干部工作实绩评议", "四民情、一般和不满意过半的复核认定"),
        Topic("team", "领导班子和班子成员评议", "一张票评班子和每名成员，三类人员按权重合成得分"),
        Topic("scoring", "千分制考核和满意度", "各考核组按指标打分，与满意度合成综合得分，排出名次"),
        Topic("secretaries", "书记双向述职评议", "述职报告先读后评，上级评价记名登记，各单位书记排名"),
        Topic("drafts", "分析检查报告的三稿", "征求意见稿、讨论稿、评议稿，意见采纳了哪些，怎样写进小结"),
        Topic("commitments", "公开承诺评诺", "把承诺一项一项交给群众评，践诺情况登记在册"),
        Topic("pairing", "支部结对互评和组织讲评", "两个支部互相评议，组织的讲评记在领导点评旁边"),
        Topic("rectification", "整改满意度再评", "上期的问题改得怎样，请提意见的人再评一次"),
        Topic("window", "窗口即时评议", "窗口平时按一下就评，按日、周、月合计，可以汇总到一次评议"),
    ),
    "征求意见": (
        Topic("gathering", "信箱、走访、座谈会的意见", "票以外听到的意见怎样登记，怎样计入小结"),
        Topic("letterbox", "背对背意见箱", "贴一张二维码海报，群众不记名写，凭回执码看答复"),
        Topic("consultations", "征求意见表", "与评议表一起发、分开收的一张表"),
    ),
    "评议之后": (Topic("use", "结果运用和申诉", "认定以后登记决定，给评先评优一份名单"),),
    "接入和维护": (
        Topic("begin", "开始正式使用", "从演示转到空的正式数据库，首任管理员，接着三步"),
        Topic("api", "数据接口", "别的程序凭令牌读封存了的结果"),
        Topic("template", "本单位的小结模板", "用自己的红头和版式出Word小结"),
        Topic("notices", "提醒", "日期快到了、有事等着办，发邮件或者发到群里"),
        Topic("audit", "审计", "谁办了什么事、下载了什么，由审计员看，不能改动"),
        Topic("backup", "备份和恢复", "什么时候备份，怎样恢复，怎样搬家"),
    ),
    "查一查": (
        Topic("terms", "词语解释", "评议点、票批、封存、满意率，各是什么"),
        Topic("why", "为什么不能", "看不到票数、不能撤销、没有单列，原因各是什么"),
    ),
}
BY_SLUG = {topic.slug: topic for topics in TOPICS.values() for topic in topics}


def help_index(request):
    return render(request, "help/index.html", {"topics": TOPICS})


def help_topic(request, slug):
    """The page of one topic; 404 where there is none of the name."""
    topic = BY_SLUG.get(slug)
    if topic is None:
        raise Http404
    return render(request, topic.template, {"topic": topic})
