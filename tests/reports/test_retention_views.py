"""The page of the periods: a look changes nothing, a superuser confirms, and the record of what went stands below."""

import re
from datetime import datetime, time
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from reports.management.commands import work_exports
from reports.models import Clearing, KeptKind, RetentionPeriod, SummaryVersion
from reports.retention.due import months_before
from reports.retention.periods import KINDS, chosen_periods
from tests.factories import make_cast, make_sealed_poll, make_user
from tests.reports.retention.settled import confirm_periods, file_all, record_meeting
from tests.test_chinese import Forms, complaints

pytestmark = pytest.mark.django_db
PAGE, SAVE = "reports:retention", "reports:retention_save"
FIELDS = {facts.kind.value: 12 for facts in KINDS}


@pytest.fixture
def root(client):
    user = make_user("root", is_superuser=True)
    client.force_login(user)
    return user


@pytest.fixture
def poll():
    """Filed thirteen months ago, with names and no opinions."""
    poll = make_sealed_poll()
    record_meeting(poll)
    file_all(poll.campaign)
    filed_on = months_before(timezone.localdate(), 13)
    SummaryVersion.objects.update(saved_at=timezone.make_aware(datetime.combine(filed_on, time(12))))
    return poll


def page(client, **query):
    return client.get(reverse(PAGE), query).content.decode()


def run(**options):
    out = StringIO()
    call_command("clear_old", stdout=out, **options)
    return out.getvalue()


def test_proposed_periods_are_shown_and_hold_nothing(client, root, poll):
    shown = page(client)

    assert "期限还没有确认" in shown
    assert "还没有确认" in run() and not Clearing.objects.exists()


def test_a_preview_says_how_many_would_go_and_changes_nothing(client, root, poll):
    shown = page(client, preview=1, attendance=12)
    none = page(client, preview=1, attendance=24)

    assert "现在将清除3项" in shown and "2026年度群众评议（3项）" in shown
    assert "现在没有要清除的" in none
    assert not RetentionPeriod.objects.exists()


def test_what_was_previewed_is_what_is_confirmed(client, root, poll):
    shown = page(client, **FIELDS | {"preview": 1, "attendance": 7, "opinion": ""})
    (sent,) = [fields for action, fields in Forms(shown).forms if action == reverse(SAVE)]
    values = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(\d*)">', shown))

    client.post(reverse(SAVE), {name: values[name] for name in sent if name in FIELDS})

    assert chosen_periods() == {kind: 7 if kind == "attendance" else 12 for kind in FIELDS if kind != "opinion"}
    ids = re.findall(r' id="([^"]+)"', shown)
    assert len(ids) == len(set(ids))


def test_a_confirmed_period_is_cleared_by_the_command_and_recorded_on_the_page(client, root, poll):
    answer = client.post(reverse(SAVE), FIELDS, follow=True)
    preview, cleared = run(preview=True), run()

    assert "保存期限已经确认" in answer.content.decode()
    assert chosen_periods() == {facts.kind: 12 for facts in KINDS}
    assert preview == "会议签到的姓名\t2026年度群众评议\t3\n将清除3项。\n"
    assert cleared == preview.replace("将清除", "已清除")
    assert run() == "没有到期的。\n"
    shown = page(client)
    assert all(words in shown for words in ("清除记录（1）", "2026年度群众评议", "3项", "满12个月", "后台程序"))


def test_the_worker_clears(poll):
    confirm_periods()
    command = work_exports.Command()
    command._cleared_at = None

    command._clear()

    assert [(record.kind, record.cleared_count) for record in Clearing.objects.all()] == [("attendance", 3)]


def test_the_worker_does_not_clear_all_the_time(poll, monkeypatch):
    times = []
    monkeypatch.setattr(work_exports, "clear_old", lambda **facts: times.append(facts))
    command = work_exports.Command()
    command._cleared_at = None

    for _ in range(3):
        command._clear()

    assert len(times) == 1


def test_an_empty_period_stays_for_good(client, root):
    client.post(reverse(SAVE), FIELDS | {"opinion": ""})

    assert KeptKind.OPINION not in chosen_periods()
    assert RetentionPeriod.objects.get(kind="opinion").rule == "不自动清除"


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"sign_in": 5}, "至少6个月（网络安全法第二十一条）。请填6至600的整数"),
        ({"opinion": 0}, "请填1至600的整数"),
        ({"opinion": 601}, "请填1至600的整数"),
        ({"opinion": "胡言乱语"}, "请填1至600的整数"),
    ],
)
def test_nonsense_is_refused_in_chinese_and_nothing_is_written(client, root, fields, error):
    refused = client.post(reverse(SAVE), FIELDS | fields)
    looked = client.get(reverse(PAGE), FIELDS | fields | {"preview": 1})

    assert error in refused.content.decode() and error in looked.content.decode()
    assert complaints(refused) == complaints(looked) == []
    assert not RetentionPeriod.objects.exists()


def test_an_administrator_of_a_unit_looks_and_does_not_confirm(client, poll):
    people = make_cast(poll.organization)
    client.force_login(people.administrator)

    assert "确认这些期限" not in page(client, preview=1, attendance=12)
    assert "2026年度群众评议（3项）" in page(client, preview=1, attendance=12)
    assert client.post(reverse(SAVE), FIELDS).status_code == 403


def test_an_administrator_sees_the_records_of_the_own_units_alone(client, poll):
    people = make_cast(poll.organization)
    for place, path in (
        ("本单位的活动", poll.organization.path),
        ("别处的活动", people.outsider.roles.get().organization.path),
    ):
        Clearing.objects.create(kind="opinion", place=place, path=path, cleared_count=2, rule="满12个月")
    client.force_login(people.administrator)

    shown = page(client)

    assert "本单位的活动" in shown and "别处的活动" not in shown


def test_periods_are_grave(client, root):
    session = client.session
    session["confirmed_at"] = session["signed_in_at"] = 0
    session.save()

    client.post(reverse(SAVE), FIELDS)

    assert not RetentionPeriod.objects.exists()
