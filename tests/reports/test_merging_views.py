"""The page on which a unit is merged into another one."""

import pytest
from django.urls import reverse

from tests.factories import make_cast, make_member, make_organization

pytestmark = pytest.mark.django_db

DEED = {"on": "2026-03-01", "basis": "某委组〔2026〕3号"}


def url(name, row):
    app = "reports" if name == "organization_merge" else "campaigns"
    return reverse(f"{app}:{name}", args=[row.pk])


@pytest.fixture
def committee():
    return make_organization("某局党委")


@pytest.fixture
def branch(committee):
    return make_organization("第一党支部", kind="branch", parent=committee)


@pytest.fixture
def other(committee):
    return make_organization("第二党支部", kind="branch", parent=committee)


@pytest.fixture
def cast(committee):
    return make_cast(committee)


def test_a_unit_is_merged_with_date_and_grounds_which_both_pages_show(client, cast, branch, other):
    make_member(branch, "张三")
    client.force_login(cast.secretary)
    asked = client.get(url("organization_merge", branch)).content.decode()

    response = client.post(url("organization_merge", branch), {**DEED, "destination": other.pk})

    assert "党员1名、下级党组织0个" in asked
    assert response.url == url("organization_detail", other)
    for unit in (branch, other):
        page = client.get(url("organization_detail", unit)).content.decode()
        assert all(
            word in page for word in ("2026-03-01", "某委组〔2026〕3号", "某局党委／第一党支部", "某局党委／第二党支部")
        )
    branch.refresh_from_db()
    assert not branch.is_active
    assert client.get(url("organization_merge", branch)).status_code == 403


def test_a_merger_that_cannot_be_is_refused_on_the_form(client, cast, branch, other):
    make_member(branch, "张三")
    make_member(other, "张三")
    client.force_login(cast.secretary)

    page = client.post(url("organization_merge", branch), {**DEED, "destination": other.pk}).content.decode()

    assert "两个单位都有名为“张三”的党员，请先改名区别，再合并。" in page


def test_a_merger_leads_neither_out_of_what_the_secretary_keeps_nor_into_the_future(client, cast, branch, other):
    elsewhere = cast.outsider.roles.get().organization
    client.force_login(cast.secretary)

    page = client.post(url("organization_merge", branch), {**DEED, "destination": elsewhere.pk})
    assert "destination" in page.context["form"].errors
    page = client.post(url("organization_merge", branch), {"destination": other.pk, "on": "2999-01-01"})
    assert page.context["form"].errors["on"] == ["日期不能晚于今天：已经发生的才登记。"]
    branch.refresh_from_db()
    assert branch.is_active
