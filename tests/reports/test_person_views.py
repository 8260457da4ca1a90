"""The pages of a person's data: shown, handed over, corrected, deleted; refusals lead on and nothing half-done stays."""

import pytest
from django.urls import reverse

from campaigns.models import Member
from reports.models import PersonDeed
from tests.factories import make_branch_poll, make_cast, make_commitment, make_member, make_organization

pytestmark = pytest.mark.django_db
NONSENSE = "胡言乱语" * 600


@pytest.fixture
def people():
    return make_cast(make_organization())


@pytest.fixture
def member(people):
    return make_member(people.organization, "张三")


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


def address(name, member):
    return reverse(f"reports:{name}", args=[member.pk])


def test_the_page_shows_everything_and_the_roster_leads_there(secretary, member):
    make_commitment(member.organization, "每月走访", member)

    shown = secretary.get(address("person", member)).content.decode()
    roster = secretary.get(reverse("campaigns:member_edit", args=[member.pk])).content.decode()

    assert "每月走访" in shown and "姓名：张三" in shown and "找不到哪一张是本人投的" in shown
    assert address("person", member) in roster


def test_the_file_is_handed_over_with_a_reason_and_a_record(secretary, member):
    refused = secretary.post(address("person_file", member), {"reason": ""})
    handed = secretary.post(address("person_file", member), {"reason": "本人申请"})

    assert refused["Content-Type"].startswith("text/html") and "is-invalid" in refused.content.decode()
    assert handed.content.startswith(b"%PDF")
    assert [(deed.kind, deed.reason, deed.done_by.username) for deed in PersonDeed.objects.all()] == [
        ("handed", "本人申请", "secretary")
    ]


def correction(**facts):
    fields = {"name": "张叁", "status": "full", "post": "member", "reason": "用字有误", **facts}
    return {f"correct-{name}": value for name, value in fields.items()}


def test_a_correction_is_written_with_a_reason(secretary, member):
    secretary.post(address("person_correct", member), correction(), follow=True)

    member.refresh_from_db()
    assert member.name == "张叁"
    assert PersonDeed.objects.get().detail == "姓名"


@pytest.mark.parametrize("facts", [{"reason": ""}, {"name": ""}, {"name": "李四"}, {"post": NONSENSE}])
def test_a_wrong_correction_is_refused_and_nothing_is_written(secretary, member, facts):
    make_member(member.organization, "李四")

    refused = secretary.post(address("person_correct", member), correction(**facts))

    assert "is-invalid" in refused.content.decode() or "alert" in refused.content.decode()
    member.refresh_from_db()
    assert member.name == "张三" and not PersonDeed.objects.exists()


def test_a_deletion_says_what_goes_and_stays_and_is_done_with_a_reason(secretary, member):
    page = secretary.get(address("person_delete", member)).content.decode()
    for reason in ("", "张三申请"):
        secretary.post(address("person_delete", member), {"reason": reason})
    still = Member.objects.filter(pk=member.pk).exists()
    done = secretary.post(address("person_delete", member), {"reason": "本人申请删除"}, follow=True)

    assert "名册：1项" in page and "找不到哪一张" in page
    assert still and not Member.objects.filter(pk=member.pk).exists()
    shown = done.content.decode()
    assert "本人申请删除" in shown and "（不写姓名）" in shown and "张三" not in shown


def test_somebody_on_an_open_ballot_is_refused_with_the_way_on(client):
    poll = make_branch_poll(3)
    people = make_cast(poll.organization)
    member = poll.organization.members.order_by("pk").first()
    client.force_login(people.secretary)

    page = client.get(address("person_delete", member)).content.decode()
    refused = client.post(address("person_delete", member), {"reason": "本人申请"}).content.decode()

    way = reverse("ballots:poll_detail", args=[poll.pk])
    assert way in page and way in refused
    assert "确认删除" not in page
    assert Member.objects.filter(pk=member.pk, is_active=True).exists()


def test_the_deletion_is_grave(secretary, member):
    session = secretary.session
    session["confirmed_at"] = session["signed_in_at"] = 0
    session.save()

    secretary.post(address("person_delete", member), {"reason": "本人申请删除"})

    assert Member.objects.filter(pk=member.pk).exists()
