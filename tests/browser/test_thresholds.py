"""A secretary writes a threshold at a desk and on a phone, and reads it as one sentence before saving."""

import pytest

from campaigns.models import Campaign
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("place", ["desk", "phone"])
def test_a_secretary_writes_a_threshold_and_sees_what_it_says(place, request):
    visitor = request.getfixturevalue(place)
    unit = factories.make_organization()
    factories.make_user("secretary", kind="secretary", organization=unit)
    campaign = factories.make_campaign(unit)

    visitor.log_in("secretary")
    visitor.open(f"/campaigns/{campaign.pk}/")
    page = visitor.page
    page.locator("main").get_by_role("link", name="结果运用阈值").first.click()
    visitor.arrived()
    visitor.follow("自定阈值")
    page.get_by_label("不满意", exact=True).check()
    page.get_by_label("达到：恰好等于界限的也算").check()
    visitor.fill(share="三分之一", consequences="限期整改\n取消评先资格")
    assert visitor.sticking_out() == []
    visitor.press("预览")
    visitor.says("不满意率达到三分之一的党组织：限期整改；取消评先资格。")
    visitor.press("保存")
    visitor.says("已经保存：不满意率达到三分之一的党组织：限期整改；取消评先资格。")
    assert visitor.sticking_out() == []

    (limit,) = Campaign.objects.get().limits
    assert (limit.numerator, limit.denominator, limit.is_at_least) == (1, 3, True)
