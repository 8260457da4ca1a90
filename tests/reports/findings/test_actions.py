"""Findings are decided by an officer, with a reason where they are dismissed."""

import pytest
from django.urls import reverse

from campaigns import library
from reports import findings
from reports.files import excel
from reports.models import Finding
from reports.report import content_of_poll
from tests.factories import (
    make_cast,
)
from tests.reports.findings.judged import crossings, judged, make_cadre_poll

pytestmark = pytest.mark.django_db


def test_a_dismissed_finding_has_no_consequences():
    poll = judged(41)
    Finding.objects.create(
        rule="org-dissatisfied-third",
        target=poll.targets.get(),
        state="dismissed",
        decided_at=poll.sealed_at,
    )

    (crossing,) = crossings(poll)

    assert (crossing.state, crossing.consequences) == ("dismissed", ())


def test_about_a_cadre_nothing_follows_before_an_organization_has_confirmed():
    poll = judged(41)
    (crossing,) = crossings(poll)
    cadre = library.thresholds()["cadre-fair-or-worse-half"]
    pending = findings.Crossing(**{**crossing.__dict__, "threshold": cadre})
    confirmed = findings.Crossing(**{**crossing.__dict__, "threshold": cadre, "state": "confirmed"})

    assert (pending.state_label, pending.consequences) == ("待组织复核认定", ())
    assert confirmed.consequences == cadre.consequences


def decide_at(crossing):
    key = (crossing.poll_id, crossing.threshold.key, crossing.target_id)
    return reverse("reports:finding_decide", args=key)


def test_c9_a_cadre_s_consequences_are_printed_only_when_an_officer_has_confirmed_the_finding(client):
    poll = make_cadre_poll({"1": 59, "3": 31, "4": 30})
    people = make_cast(poll.organization)
    (crossing,) = crossings(poll)
    pages = [reverse("reports:poll_results", args=[poll.pk]), reverse("reports:finding_list", args=[poll.campaign_id])]

    def shown():
        assert excel.draw_poll_workbook(content_of_poll(poll), opinions=None)
        sentences = [crossed.sentence for crossed in content_of_poll(poll).crossings]
        return [client.get(page).content.decode() for page in pages] + sentences

    client.force_login(people.officer)
    before = shown()
    client.post(decide_at(crossing), {"state": "confirmed", "reason": "复核票箱无误"})
    after = shown()

    assert (crossing.count, crossing.base, crossing.rate.text) == (61, 120, "50.8")
    assert all("待组织复核认定" in text and "不能定为称职及以上等次" not in text for text in before)
    assert all("已认定" in text and "不能定为称职及以上等次" in text for text in after)
    finding = Finding.objects.get()
    assert (finding.state, finding.decided_by, finding.reason) == ("confirmed", people.officer, "复核票箱无误")
    assert finding.decided_at is not None


@pytest.mark.parametrize(
    ("who", "status"),
    [("officer", 200), ("secretary", 403), ("teller", 403), ("administrator", 403), ("outsider", 404)],
)
def test_only_an_officer_decides_findings(client, who, status):
    poll = judged(41)
    (crossing,) = crossings(poll)
    client.force_login(getattr(make_cast(poll.organization), who))

    assert client.get(decide_at(crossing)).status_code == status
    posted = client.post(decide_at(crossing), {"state": "confirmed"}).status_code
    assert posted == (302 if status == 200 else status)
    assert Finding.objects.exists() == (status == 200)


def test_a_finding_is_dismissed_with_a_reason_or_not_at_all(client):
    poll = judged(41)
    (crossing,) = crossings(poll)
    client.force_login(make_cast(poll.organization).officer)

    refused = client.post(decide_at(crossing), {"state": "dismissed"}).content.decode()

    assert "不予认定的，请写明理由。" in refused
    assert not Finding.objects.exists()
    client.post(decide_at(crossing), {"state": "dismissed", "reason": "两张票重复计入"})
    page = client.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()
    assert "不予认定：两张票重复计入" in page
    assert "诫勉谈话" not in page


def test_a_crossing_that_the_ballots_do_not_give_cannot_be_decided(client):
    poll = judged(40)
    client.force_login(make_cast(poll.organization).officer)
    key = (poll.pk, "org-dissatisfied-third", poll.targets.get().pk)

    assert client.post(reverse("reports:finding_decide", args=key), {"state": "confirmed"}).status_code == 404
