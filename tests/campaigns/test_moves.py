"""The page on which a member is transferred."""

import datetime

import pytest
from django.urls import reverse

from tests.factories import make_cast, make_commitment, make_member, make_organization

pytestmark = pytest.mark.django_db

DEED = {"on": "2026-03-01", "basis": "某委组〔2026〕3号"}


def url(name, row):
    return reverse(f"campaigns:{name}", args=[row.pk])


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


def test_a_member_is_transferred_with_the_commitments(client, cast, branch, other):
    member = make_member(branch, "张三")
    commitment = make_commitment(branch, member=member)
    client.force_login(cast.secretary)

    response = client.post(url("member_transfer", member), {**DEED, "destination": other.pk})

    assert response.url == url("organization_detail", other)
    member.refresh_from_db()
    commitment.refresh_from_db()
    assert (member.organization, commitment.organization) == (other, other)
    transfer = member.transfers.get()
    assert (transfer.on, transfer.by, transfer.basis) == (datetime.date(2026, 3, 1), cast.secretary, DEED["basis"])
    assert "某局党委／第一党支部" in client.get(url("member_edit", member)).content.decode()


def test_a_transfer_to_where_the_name_is_taken_is_refused_on_the_form(client, cast, branch, other):
    member = make_member(branch, "张三")
    make_member(other, "张三")
    client.force_login(cast.secretary)

    page = client.post(url("member_transfer", member), {**DEED, "destination": other.pk}).content.decode()

    assert "“第二党支部”已有名为“张三”的党员" in page
    member.refresh_from_db()
    assert member.organization == branch


def test_it_leads_neither_out_of_what_the_secretary_keeps_nor_into_the_future(client, cast, branch, other):
    elsewhere = cast.outsider.roles.get().organization
    member = make_member(branch, "张三")
    client.force_login(cast.secretary)

    page = client.post(url("member_transfer", member), {**DEED, "destination": elsewhere.pk})
    assert "destination" in page.context["form"].errors
    page = client.post(url("member_transfer", member), {"destination": other.pk, "on": "2999-01-01"})
    assert page.context["form"].errors["on"] == ["日期不能晚于今天：已经发生的才登记。"]
    member.refresh_from_db()
    assert member.organization == branch
