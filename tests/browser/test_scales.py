"""A secretary writes the grades of a questionnaire at a desk, and sees them on the ballot on a phone."""

import pytest

from campaigns import actions
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_secretary_writes_grades_and_sees_them_on_the_ballot(desk, phone):
    unit = factories.make_organization()
    factories.make_user("secretary", kind="secretary", organization=unit)
    campaign = factories.make_campaign(unit)
    (poll,) = actions.make_polls(campaign, [unit])
    questionnaire = campaign.questionnaires.get()

    desk.log_in("secretary")
    desk.open(f"/questionnaires/{questionnaire.pk}/")
    desk.follow("自定等次")
    page = desk.page
    page.get_by_label("量表名称").fill("四档满意度")
    for row, label in enumerate(("非常满意", "满意", "一般", "不满意")):
        page.locator(f"#id_form-{row}-label").fill(label)
        page.locator(f"#id_form-{row}-is_positive").set_checked(row < 2)
        page.locator(f"#id_form-{row}-score").fill(str((100, 80, 60, 30)[row]))
    assert desk.sticking_out() == []
    desk.press("保存")
    desk.says("改用量表“四档满意度”")

    phone.log_in("secretary")
    phone.open(f"/questionnaires/{questionnaire.pk}/scale/")
    assert phone.sticking_out() == []
    phone.open(f"/polls/{poll.pk}/preview/")
    for label in ("非常满意", "满意", "一般", "不满意"):
        phone.says(label)
