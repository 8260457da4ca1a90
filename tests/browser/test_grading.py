"""A branch's secretary records the grades that its meeting decided, beside the votes."""

import os

import pytest

from tests import factories
from tests.reports.grading.members import make_graded_poll

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_secretary_records_what_the_meeting_decided(desk, phone):
    branch = factories.make_organization("第一支部", kind="branch")
    factories.make_user("secretary", kind="secretary", organization=branch)
    poll = make_graded_poll({"1223": 6, "2224": 4}, full=4, probationary=["刘某"], branch=branch)
    keys = list(poll.targets.order_by("position").values_list("pk", flat=True))

    desk.log_in("secretary")
    desk.open(f"/polls/{poll.pk}/results/")
    desk.says("尚未评定")
    desk.follow("登记评定的等次")
    desk.fill(
        held_on=factories.around_today()["starts_on"].isoformat(),
        host="王书记",
        present_count="5",
        member_count="5",
        attended_count="5",
    )
    for key, value in zip(keys, ("qualified", "qualified", "qualified", "unqualified"), strict=True):
        desk.page.select_option(f"[name=grade-{key}]", value)
    desk.press("登记")
    desk.says("党员甲得票最多的是“优秀”，评定为“合格”请写明理由。")
    desk.page.fill(f"[name=reason-{keys[0]}]", "本年度有迟到")
    desk.page.fill(f"[name=reason-{keys[3]}]", "长期不参加组织生活")
    shot(desk.page, "record-desk")
    desk.press("登记")
    desk.says("应参加评议党员5名，实际参加5名，合格3名，不合格1名。")
    assert desk.sticking_out() == []
    shot(desk.page, "grading-desk")
    desk.open(f"/polls/{poll.pk}/results/")
    desk.says("不评定等次")
    assert desk.sticking_out() == []
    shot(desk.page, "results-desk")
    desk.open(f"/polls/{poll.pk}/grading/")
    desk.press("转入整改台账")
    desk.says("被评定为不合格：长期不参加组织生活")

    phone.log_in("secretary")
    for path in ("grading/record", "grading", "results"):
        phone.open(f"/polls/{poll.pk}/{path}/")
        assert phone.sticking_out() == []
        shot(phone.page, path.replace("/", "-") + "-phone")


def shot(page, name):
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
