"""千分制考核: the scheme is made at a desk, sheets are keyed, counted and finished, and the ranking is read at a desk and on a phone."""

import pytest

from ballots import actions as ballot_actions
from campaigns import actions
from reports.models import RaterGroup
from tests import factories
from tests.reports.scoring.rated import adjust, finish, key_scores, poll_named, seal_poll

from .figures import text_of

pytestmark = pytest.mark.django_db(transaction=True)
FIRST, SECOND = "第一社区党委", "第二社区党委"
FULL = (100, 100, 200, 150, 100, 200, 150)
LESS = (90, 90, 180, 140, 80, 190, 130)


def test_a_scheme_becomes_a_ranking(desk, phone):
    root = factories.make_organization("街道党工委")
    factories.make_user("secretary", kind="secretary", organization=root)
    campaign = factories.make_campaign(root)
    units = [factories.make_organization(name, parent=root) for name in (FIRST, SECOND)]
    desk.log_in("secretary")
    desk.open(f"/campaigns/{campaign.pk}/")
    desk.follow("考核打分")
    desk.follow("建立考核指标表")
    desk.fill(total="900")
    desk.press("保存")
    desk.says("各指标满分之和为1000分，与总分900分不符。")
    desk.fill(total="1000")
    desk.press("保存")
    desk.says("综合得分（满分100分）＝考核得分÷1000×60＋满意率×40")
    assert desk.sticking_out() == []
    phone.log_in("secretary")
    phone.open(f"/campaigns/{campaign.pk}/scoring/scheme/")
    assert phone.sticking_out() == []

    actions.make_polls(campaign, units)
    ballot_actions.open_campaign(campaign, by=None)
    first, second = poll_named(campaign, FIRST), poll_named(campaign, SECOND)
    for name in ("上级考核组", "驻街单位", "群众代表"):
        key_scores(first, name, *[LESS] * 5)
        key_scores(second, name, *[FULL] * (4 if name == "群众代表" else 5))
    seal_poll(first)
    seal_poll(second)
    finish(first)
    adjust(first, 5)

    desk.open(f"/polls/{second.pk}/")
    desk.follow("考核打分表：录入和份数")
    assert "组织建设" in text_of(desk.download("空白打分表（PDF）"))
    desk.follow("录入群众代表的打分表")
    marks = [f"mark-{indicator.pk}" for indicator in campaign.score_scheme.indicators.all()]
    desk.fill(**dict(zip(marks, map(str, FULL), strict=True)))
    desk.fill(**{marks[0]: "101"})
    desk.press("保存，录下一份")
    desk.says("“组织建设”应填0至100的整数，您填的是“101”。")
    desk.fill(**{marks[0]: "100", "sheet_total": "1000"})
    desk.press("保存，录下一份")
    desk.says("已经录入5份，下面录第6份")
    phone.open(desk.page.url.removeprefix(desk.site))
    assert phone.sticking_out() == []
    desk.follow("录完了，返回")
    desk.follow("全部录完，核对份数")
    phone.open(desk.page.url.removeprefix(desk.site))
    assert phone.sticking_out() == []
    desk.fill(**{f"count-{rater.pk}": "5" for rater in RaterGroup.objects.all()})
    desk.press("份数一致，录入完毕")
    desk.follow("考核结果和排名")
    desk.says("96.00")
    assert desk.page.locator("tbody tr").first.locator("th").inner_text().startswith(SECOND)
    assert "综合得分（满分100分）" in text_of(desk.download("考核结果（PDF）"))
    desk.follow(FIRST)
    desk.says("获市级表彰")

    for path in (
        f"/campaigns/{campaign.pk}/scoring/",
        f"/campaigns/{campaign.pk}/scoring/ranking/",
        f"/polls/{first.pk}/scoring/",
        f"/polls/{first.pk}/scoring/result/",
        f"/polls/{first.pk}/scoring/adjustments/",
    ):
        phone.open(path)
        assert phone.sticking_out() == [], path
