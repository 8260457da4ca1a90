"""The use of a finding, from its confirmation to the list for 评先评优, by the committee above."""

import pytest
from django.urls import reverse

from reports.models import Appeal, Consequence, Finding
from tests.factories import make_cast
from tests.reports.consequences.confirmed import confirmed, make_appeal, make_consequence
from tests.reports.findings.judged import judged

pytestmark = pytest.mark.django_db

LIST = reverse("reports:restriction_list")


@pytest.fixture
def finding():
    return confirmed(judged(41))


@pytest.fixture
def people(finding):
    return make_cast(finding.target.poll.organization)


@pytest.fixture
def officer(client, people):
    client.force_login(people.officer)
    return client


def page_of(finding):
    return reverse("reports:consequence_list", args=[finding.target.poll_id, finding.rule, finding.target_id])


FILLED = {
    "kind": "award",
    "content": "本年度不得推荐为先进基层党组织",
    "basis": "某发〔2026〕3号",
    "authority": "某县委组织部",
    "decided_on": "2026-03-02",
    "until": "",
}


def test_a_decision_is_recorded_listed_printed_and_revoked(officer, finding):
    officer.post(reverse("reports:consequence_add", args=[finding.pk]), FILLED)

    for page in (page_of(finding), LIST):
        assert FILLED["content"] in officer.get(page).content.decode()
    assert officer.get(reverse("reports:restrictions_pdf"), {"reason": "归档"}).content.startswith(b"%PDF")
    revoke = reverse("reports:consequence_revoke", args=[Consequence.objects.get().pk])
    officer.post(revoke, {"on": "2026-04-01", "reason": "复查后变更"})

    assert "复查后变更" in officer.get(page_of(finding)).content.decode()
    assert FILLED["content"] not in officer.get(LIST).content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": ""}, "结果运用"),
        ({"basis": ""}, "依据"),
        ({"decided_on": "2999-01-01"}, "不能填以后的日期"),
        ({"until": "2026-01-01"}, "不能早于决定日期"),
    ],
)
def test_bad_input_is_told_and_writes_nothing(officer, finding, changes, words):
    page = officer.post(reverse("reports:consequence_add", args=[finding.pk]), FILLED | changes)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not Consequence.objects.exists()


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("targets", "纳入目标考核"),
        ("example", "宣传先进事迹"),
        ("praise", "通报表扬"),
        ("accountability", "追究领导责任"),
        ("discipline", "党内处分"),
    ],
)
def test_each_use_that_the_sources_name_is_a_kind_of_its_own_with_basis_authority_and_day(
    officer, people, finding, kind, name
):
    officer.post(reverse("reports:consequence_add", args=[finding.pk]), FILLED | {"kind": kind, "content": "某项处理"})

    row = Consequence.objects.get()
    assert (row.kind, row.basis, row.authority, row.decided_on.isoformat(), row.recorded_by) == (
        kind,
        FILLED["basis"],
        FILLED["authority"],
        FILLED["decided_on"],
        people.officer,
    )
    listed = officer.get(LIST).content.decode()
    assert f"{name}：某项处理" in listed and FILLED["basis"] in listed
    # Nothing follows by itself: the finding is as it was.
    finding.refresh_from_db()
    assert finding.state == Finding.State.CONFIRMED


def test_a_revocation_before_the_decision_is_refused(officer, finding):
    consequence = make_consequence(finding)
    page = officer.post(
        reverse("reports:consequence_revoke", args=[consequence.pk]), {"on": "2026-01-01", "reason": "误"}
    )

    assert "撤销日期不能早于决定日期" in page.content.decode()


def test_an_appeal_is_recorded_and_answered(officer, finding):
    received = {"received_on": "2026-03-09", "text": "票数有误", "outcome": "", "answer": "", "answered_on": ""}
    officer.post(reverse("reports:appeal_add", args=[finding.pk]), received)
    assert "未答复" in officer.get(page_of(finding)).content.decode()
    appeal = Appeal.objects.get()
    edit = reverse("reports:appeal_edit", args=[appeal.pk])

    half = officer.post(edit, received | {"answer": "已复查"})
    assert "要一起填写" in half.content.decode()
    officer.post(edit, received | {"answer": "已复查", "outcome": "upheld", "answered_on": "2026-03-20"})

    assert "2026年3月20日答复：已复查" in officer.get(page_of(finding)).content.decode()


def test_a_finding_in_use_cannot_be_dismissed_and_the_page_says_why(officer, finding):
    make_consequence(finding)
    decide = reverse("reports:finding_decide", args=[finding.target.poll_id, finding.rule, finding.target_id])

    page = officer.post(decide, {"state": "dismissed", "reason": "误判"})

    assert "请先撤销" in page.content.decode()
    assert Finding.objects.get().state == Finding.State.CONFIRMED


def test_before_the_confirmation_there_is_nothing_to_record(officer, finding):
    Finding.objects.update(state="dismissed")

    page = officer.get(page_of(finding)).content.decode()

    assert "认定以后才能登记结果运用" in page
    assert "登记决定" not in page


def test_the_unit_s_secretary_reads_and_does_not_record(client, finding, people):
    make_consequence(finding)
    appeal = make_appeal(finding)
    client.force_login(people.secretary)

    assert FILLED["content"] in client.get(page_of(finding)).content.decode()
    for name, key in (("consequence_add", finding.pk), ("appeal_add", finding.pk), ("appeal_edit", appeal.pk)):
        assert client.get(reverse(f"reports:{name}", args=[key])).status_code == 403


def test_others_find_nothing(client, finding, people):
    consequence = make_consequence(finding)
    client.force_login(people.outsider)

    assert client.get(page_of(finding)).status_code == 404
    assert client.get(reverse("reports:consequence_add", args=[finding.pk])).status_code == 404
    assert client.get(reverse("reports:consequence_revoke", args=[consequence.pk])).status_code == 404
    assert FILLED["content"] not in client.get(LIST).content.decode()
