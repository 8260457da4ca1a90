"""The auditor's page: sorted, filtered, paged, the same number of queries for few and many; and its workbook."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from campaigns.models import TrailEntry
from reports.trail.objects import ThingInTrail
from reports.views.trail import PER_PAGE
from tests.factories import make_cast, make_organization, make_user
from tests.reports.trail.rows import begin, leave

pytestmark = pytest.mark.django_db
PAGE = reverse("reports:trail_list")


@pytest.fixture
def unit():
    return make_organization()


@pytest.fixture
def thing(unit):
    return ThingInTrail("评议点", "7", "年度评议", unit.path, unit.name)


@pytest.fixture
def auditor(client, unit):
    client.force_login(make_user("auditor", kind="auditor", organization=unit))
    return client


def numbers(response):
    return [entry.number for entry in response.context["listing"]]


def test_the_newest_comes_first_and_a_head_sorts(auditor, thing):
    for account in ("li", "zhang", "chen"):
        leave(account, thing=thing)

    assert numbers(auditor.get(PAGE)) == [3, 2, 1]
    assert numbers(auditor.get(PAGE, {"sort": "account"})) == [3, 1, 2]


def test_each_filter_restricts(auditor, thing, unit):
    leave("zhang", thing=thing)
    leave("li", thing=ThingInTrail("党组织", "1", "别的名称", unit.path, unit.name), deed="roster", result="refused")
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)

    for asked, wanted in (
        ({"account": "zhang"}, [1]),
        ({"deed": "roster"}, [2]),
        ({"result": "refused"}, [2]),
        ({"q": "年度"}, [1]),
        ({"since": tomorrow.isoformat()}, []),
        ({"until": tomorrow.isoformat(), "since": (today - timedelta(days=1)).isoformat()}, [2, 1]),
        ({"deed": "nonsense"}, [2, 1]),
    ):
        assert numbers(auditor.get(PAGE, asked)) == wanted


def test_many_rows_come_in_pages_with_as_many_queries_as_a_few(auditor, thing):
    leave(thing=thing)
    with CaptureQueriesContext(
        connection,
    ) as few:
        auditor.get(PAGE)
    for _ in range(PER_PAGE):
        leave(thing=thing)
    with CaptureQueriesContext(connection) as many:
        page = auditor.get(PAGE)

    assert len(many) == len(few)
    assert len(numbers(page)) == PER_PAGE
    assert numbers(auditor.get(PAGE, {"page": 2})) == [1]


def test_others_rows_are_not_shown(auditor, thing):
    leave("elsewhere", thing=ThingInTrail("党组织", "9", "外单位", make_organization("外单位党委").path, "外单位"))

    page = auditor.get(PAGE)

    assert "没有这样的审计记录。" in page.content.decode()
    assert "elsewhere" not in page.content.decode()


def test_deeds_under_way_stand_above_as_far_as_they_are_the_own_ones(auditor, thing):
    foreign = make_organization("外单位党委")
    begin("zhang", thing=thing)
    begin("elsewhere", thing=ThingInTrail("党组织", "9", "外单位", foreign.path, "外单位"))

    page = auditor.get(PAGE).content.decode()

    assert "还没有记下结果的" in page
    assert "zhang 封存 评议点 年度评议" in page
    assert "elsewhere" not in page


def test_the_workbook_has_what_was_asked_for_and_leaves_a_row_itself(auditor, thing):
    leave("zhang", thing=thing)
    leave("li", thing=thing)

    response = auditor.get(reverse("reports:trail_workbook"), {"account": "li"})

    rows = list(load_workbook(BytesIO(response.content)).active.iter_rows(values_only=True))
    assert [row[2] for row in rows[3:]] == ["li"]
    assert TrailEntry.objects.latest("number").deed == "trail"


def test_an_auditor_is_led_there_and_sees_nothing_else(auditor, unit):
    home = auditor.get(reverse("reports:home")).content.decode()

    assert PAGE in home
    assert auditor.get(reverse("campaigns:organization_detail", args=[unit.pk])).status_code == 404


def test_a_superuser_reads_everything_and_others_are_refused(client, thing):
    leave(thing=thing)
    client.force_login(make_user("root", is_superuser=True))
    assert numbers(client.get(PAGE)) == [1]

    client.force_login(make_cast(make_organization("另一党委")).administrator)
    assert client.get(PAGE).status_code == 403
