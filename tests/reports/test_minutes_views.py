"""会议记录 in the browser: from the poll's page to the PDF, with what is filled in wrongly."""

import io

import pypdfium2
import pytest
from django.urls import reverse

from reports.models import Attendance, Minutes
from tests.factories import make_cast, make_member, make_open_poll, make_organization

pytestmark = pytest.mark.django_db
FACTS = {
    "began_at": "14:00",
    "ended_at": "16:30",
    "recorder": "李某",
    "guests": "服务对象代表8名",
    "agenda": "书记述职\n民主测评",
    "proceedings": "支部书记汇报了工作。",
    "resolutions": "",
}


@pytest.fixture
def people():
    return make_cast(make_organization("第一支部", kind="branch"))


@pytest.fixture
def poll(people):
    return make_open_poll(people.organization)


@pytest.fixture
def members(people):
    return [make_member(people.organization, name) for name in ("党员甲", "党员乙")]


def address(poll, name="minutes_edit"):
    return reverse(f"reports:{name}", args=[poll.pk])


def attended(members, *reasons):
    """The fields of the members' rows; a reason is one who was away."""
    rows = {}
    for member, reason in zip(members, reasons, strict=True):
        rows[f"presence-{member.pk}"] = "absent" if reason else "present"
        rows[f"reason-{member.pk}"] = reason
    return rows


def page(response):
    return " ".join(response.content.decode().split())


def text_of(response):
    document = pypdfium2.PdfDocument(io.BytesIO(response.content))
    return "".join(part.get_textpage().get_text_range() for part in document).replace("\r\n", "")


def test_a_secretary_records_a_meeting_and_prints_it(client, people, poll, members):
    client.force_login(people.secretary)
    opened = page(client.get(address(poll)))
    none_yet = client.get(address(poll, "minutes_pdf"))

    saved = page(client.post(address(poll), FACTS | attended(members, "", "出差"), follow=True))
    printed = text_of(client.get(address(poll, "minutes_pdf")))

    assert "党员甲的出席情况" in opened and none_yet.status_code == 404
    assert "会议记录已经保存。" in saved and "下载会议记录（PDF）" in saved
    assert "党员应到2名，实到1名，缺席1名。" in printed and "党员乙（出差）" in printed
    assert "书记述职" in printed and "服务对象代表8名" in printed and "14:00至16:30" in printed


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"ended_at": "13:00"}, "会议的结束时间要晚于开始时间。"),
        ({"began_at": "下午"}, "请按“时:分”填写，如14:30。"),
        ({"recorder": ""}, "必填项"),
        ({"agenda": "字" * 2001}, "2000"),
    ],
)
def test_what_is_filled_in_wrongly_is_told_and_nothing_is_written(client, people, poll, members, wrong, told):
    client.force_login(people.secretary)

    response = client.post(address(poll), FACTS | attended(members, "", "") | wrong)

    assert response.status_code == 200 and told in page(response)
    assert not Minutes.objects.exists()


def test_an_absence_without_a_reason_and_a_reason_without_an_absence_are_told(client, people, poll, members):
    client.force_login(people.secretary)
    first, second = members
    rows = {f"presence-{first.pk}": "absent", f"presence-{second.pk}": "present", f"reason-{second.pk}": "出差"}

    told = page(client.post(address(poll), FACTS | rows))

    assert "党员甲缺席，请写明原因" in told and "党员乙写了缺席原因，请选“缺席”" in told
    assert not Attendance.objects.exists()


def test_the_second_of_two_secretaries_is_told(client, people, poll, members):
    client.force_login(people.secretary)
    client.post(address(poll), FACTS | attended(members, "", ""))
    form = client.get(address(poll)).context["form"]
    client.post(address(poll), FACTS | attended(members, "", "病假"))

    late = FACTS | {"recorder": "另一人", "seen": form.initial["seen"]} | attended(members, "", "")
    told = page(client.post(address(poll), late))

    assert "别人修改过这里的内容" in told
    assert (Minutes.objects.get().recorder, Attendance.objects.filter(is_present=False).count()) == ("李某", 1)


def test_minutes_are_reached_from_the_page_of_the_poll_and_read_by_those_above(client, people, poll, members):
    client.force_login(people.secretary)
    client.post(address(poll), FACTS | attended(members, "", ""))
    detail = page(client.get(reverse("ballots:poll_detail", args=[poll.pk])))
    client.force_login(people.officer)

    read, written = client.get(address(poll, "minutes_pdf")), client.get(address(poll))

    assert address(poll) in detail
    assert (read.status_code, written.status_code) == (200, 403)
