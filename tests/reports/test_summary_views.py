"""The pages of the 小结: editing with fields, two secretaries at once, final copies, versions, downloads."""

import io
import re

import pypdfium2
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.models import Summary, SummaryVersion
from reports.report import summary_of
from reports.scope import Scope
from reports.summary import EDITABLE
from reports.summary.actions import save_summary
from tests.factories import make_cast, make_problem, make_sealed_poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_sealed_poll({"11": 39, "21": 1, "1-": 1})


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


@pytest.fixture
def desk(client, people):
    client.force_login(people.secretary)
    return client


def address(name, poll, **more):
    return reverse(f"reports:summary_{name}", kwargs={"poll_id": poll.pk, **more})


def page_values(desk, poll):
    """The fields that a browser would send back from the untouched page."""
    form = desk.get(address("edit", poll)).context["form"]
    return {name: form[name].value() for name in ("seen", *EDITABLE)}


def text_of(response):
    document = pypdfium2.PdfDocument(io.BytesIO(b"".join(response)))
    return "".join(re.sub(r"\s", "", page.get_textpage().get_text_range()) for page in document)


def test_an_untouched_page_saves_nothing(desk, poll):
    values = {name: str(value).replace("\n", "\r\n") for name, value in page_values(desk, poll).items()}

    response = desk.post(address("edit", poll), values, follow=True)

    assert "文字没有改动。" in response.content.decode()
    assert not SummaryVersion.objects.exists()


def test_the_page_shows_what_the_system_wrote_and_each_field_with_its_value(desk, poll):
    page = desk.get(address("edit", poll)).content.decode()

    assert '<p class="by-system">由系统写入</p>' in page
    assert re.search(r'data-field="收回">\{收回\}</code></dt>\s*<dd>41</dd>', page)
    assert re.search(r'data-field="参评率">\{参评率\}</code></dt>\s*<dd><span class="missing">待填</span>', page)
    assert 'name="results"' not in page


def test_an_unknown_field_is_refused_with_those_that_are_known_and_the_words_stay(desk, poll):
    values = page_values(desk, poll) | {"shortcomings": "好评{好评率}。", "use": "我写的话"}

    page = desk.post(address("edit", poll), values).content.decode()

    assert "没有{好评率}这样的字段。可以用的字段：{组织单位}、{发出}、{收回}、" in page
    assert "好评{好评率}。" in page and "我写的话" in page
    assert not Summary.objects.exists()


@pytest.mark.parametrize("text", ["满意率{满意率", "满意率}好"])
def test_half_a_pair_of_braces_is_refused(desk, poll, text):
    values = page_values(desk, poll) | {"shortcomings": text}

    assert "花括号没有成对" in desk.post(address("edit", poll), values).content.decode()


def test_of_two_secretaries_the_later_is_told_and_loses_nothing(desk, poll):
    mine = page_values(desk, poll) | {"shortcomings": "我的话"}
    theirs = page_values(desk, poll) | {"shortcomings": "别人的话"}
    desk.post(address("edit", poll), theirs)

    refused = desk.post(address("edit", poll), mine)

    page = refused.content.decode()
    assert f"secretary保存了<a href='{address('version', poll, number=1)}'" in page
    assert "我的话</textarea>" in page
    assert Summary.objects.get().texts == {"shortcomings": "别人的话"}
    desk.post(address("edit", poll), mine | {"seen": refused.context["form"]["seen"].value()})
    assert Summary.objects.get().texts == {"shortcomings": "我的话"}
    assert SummaryVersion.objects.count() == 2


def test_gaps_lead_to_their_sections_and_a_final_copy_is_refused(desk, poll):
    desk.post(address("edit", poll), page_values(desk, poll) | {"shortcomings": "{参评率}"})

    page = desk.get(address("edit", poll)).content.decode()
    refused = desk.post(address("finalize", poll), {"seen": 1}, follow=True).content.decode()

    assert '<a href="#section-shortcomings">存在的不足</a>' in page
    assert f'action="{address("finalize", poll)}"' in page and "现在还不能定稿" in page
    assert "不能定稿：小结还有【待填】：存在的不足。" in refused
    assert not SummaryVersion.objects.final().exists()


def test_a_final_copy_is_refused_to_who_did_not_see_the_last_save(desk, poll):
    desk.post(address("edit", poll), page_values(desk, poll) | {"use": "改"})

    page = desk.post(address("finalize", poll), {"seen": 0}, follow=True).content.decode()

    assert "没有定稿：secretary刚刚保存了第1稿" in page
    assert not SummaryVersion.objects.final().exists()


def test_downloads_give_the_filed_copy_until_another_is_filed(desk, poll):
    desk.post(address("finalize", poll), {"seen": 0})
    make_problem(poll.organization, campaign=poll.campaign)

    filed, draft = (text_of(desk.get(address("pdf", poll) + query)) for query in ("", "?draft=1"))

    assert "共梳理发现问题" not in filed
    assert "共梳理发现问题1个" in draft
    assert "定稿以后文字或者数字有变化" in desk.get(address("edit", poll)).content.decode()
    desk.post(address("finalize", poll), {"seen": 1})
    assert "共梳理发现问题1个" in text_of(desk.get(address("pdf", poll)))
    assert "共梳理发现问题" not in text_of(desk.get(address("pdf", poll) + "?version=1"))
    assert desk.get(address("pdf", poll) + "?version=9").status_code == 404


def test_a_final_version_shows_its_own_figures_and_a_draft_today_s(desk, poll):
    save_summary(Scope.of_poll(poll), {"shortcomings": "台账问题{问题数}个。"}, by=None)
    desk.post(address("finalize", poll), {"seen": 1})
    make_problem(poll.organization, campaign=poll.campaign)

    draft, final = (desk.get(address("version", poll, number=number)).content.decode() for number in (1, 2))

    assert '台账问题<span class="figure">1</span>个。' in draft
    assert '台账问题<span class="figure">0</span>个。' in final


def test_an_earlier_version_is_restored(desk, poll):
    scope = Scope.of_poll(poll)
    save_summary(scope, {"use": "甲"}, by=None)
    save_summary(scope, {"use": "乙"}, by=None)

    page = desk.post(address("restore", poll, number=1), follow=True).content.decode()

    assert "已恢复第1稿的文字，为第3稿。" in page
    assert Summary.objects.get().texts == {"use": "甲"}


def test_the_list_of_versions_asks_the_database_as_often_for_one_as_for_three(desk, poll):
    counts = []
    for number in range(1, 4):
        save_summary(Scope.of_poll(poll), {"use": str(number)}, by=None)
        with CaptureQueriesContext(connection) as queries:
            page = desk.get(address("versions", poll)).content.decode()
        counts.append(len(queries))

    assert counts[0] == counts[2]
    assert [int(number_shown) for number_shown in re.findall(r"第(\d)稿</a>", page)] == [3, 2, 1]


def test_a_unit_s_page_words_its_own_part(desk, poll):
    page = reverse("reports:unit_summary_edit", args=[poll.campaign_id]) + f"?unit={poll.organization_id}"
    form = desk.get(page).context["form"]
    values = {name: form[name].value() for name in ("seen", *EDITABLE)} | {"shortcomings": "共{评议单位数}个单位。"}

    desk.post(page, values)

    assert Summary.objects.get().texts == {"shortcomings": "共{评议单位数}个单位。"}
    pdf = reverse("reports:campaign_summary_pdf", args=[poll.campaign_id])
    assert "共1个单位。" in text_of(desk.get(f"{pdf}?unit={poll.organization_id}"))
    assert "共1个单位。" not in str(summary_of(Scope.of_poll(poll)))
    final = reverse("reports:unit_summary_finalize", args=[poll.campaign_id]) + f"?unit={poll.organization_id}"
    assert desk.post(final, {"seen": 1}).status_code == 302
    assert SummaryVersion.objects.final().get().summary.organization == poll.organization
