"""Two people edit the same thing: whoever saves second is told, loses nothing that was typed, and decides."""

import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns import actions
from campaigns.models import Commitment
from tests import factories

pytestmark = pytest.mark.django_db

OVERTAKEN = "别人修改过这里的内容"


@pytest.fixture
def cast():
    return factories.make_cast(factories.make_organization("某局党委"))


@pytest.fixture
def branch(cast):
    return factories.make_organization("第一党支部", kind="branch", parent=cast.organization)


def page_of_member(cast, branch):
    return reverse("campaigns:member_edit", args=[factories.make_member(branch).pk]), "post", "cadre", "deputy"


def page_of_organization(cast, branch):
    return reverse("campaigns:organization_edit", args=[branch.pk]), "name", "第一支部", "第一联合支部"


def page_of_commitment(cast, branch):
    commitment = factories.make_commitment(branch)
    return reverse("campaigns:commitment_edit", args=[commitment.pk]), "content", "修好路", "修好桥"


def page_of_fulfilment(cast, branch):
    commitment = factories.make_commitment(branch)
    return reverse("reports:commitment_fulfil", args=[commitment.pk]), "note", "做了一半", "做完了"


def campaign_of(cast):
    campaign = factories.make_campaign(cast.organization)
    actions.make_polls(campaign, [cast.organization])
    return campaign


def page_of_campaign(cast, branch):
    return reverse("campaigns:campaign_edit", args=[campaign_of(cast).pk]), "period", "2026年上半年", "2026年下半年"


def page_of_clarities(cast, branch):
    return reverse("campaigns:campaign_clarities", args=[campaign_of(cast).pk]), "method", "书面评议。", "网络评议。"


def page_of_rules(cast, branch):
    return reverse("campaigns:campaign_rules", args=[campaign_of(cast).pk]), "decimals", "0", "2"


def page_of_thresholds(cast, branch):
    return reverse("campaigns:threshold_list", args=[campaign_of(cast).pk]), "judged", "each", "together"


def page_of_poll(cast, branch):
    return reverse("campaigns:poll_edit", args=[campaign_of(cast).polls.get().pk]), "place", "一楼会议室", "二楼会议室"


def page_of_questionnaire(cast, branch):
    questionnaire = campaign_of(cast).questionnaires.get()
    return (
        reverse("campaigns:questionnaire_edit", args=[questionnaire.pk]),
        "form-0-text",
        "为民服务情况",
        "工作作风情况",
    )


def page_of_gathered(cast, branch):
    origin = factories.make_gathered(factories.make_open_poll(cast.organization))
    return reverse("reports:gathered_edit", args=[origin.pk]), "text", "路灯还没修好", "路灯修好了又坏"


def page_of_forum(cast, branch):
    forum = factories.make_forum(factories.make_open_poll(cast.organization))
    return reverse("reports:forum_edit", args=[forum.pk]), "place", "一楼会议室", "居委会"


def page_of_sheets(cast, branch):
    poll = factories.make_open_poll(cast.organization)
    factories.make_sheets(poll)
    return reverse("reports:sheets_count", args=[poll.pk]), "returned_count", "39", "40"


def page_of_letter(cast, branch):
    letter = factories.make_letter(cast.organization)
    return reverse("reports:letter_read", args=[letter.pk]), "reply", "正在改", "已经改好"


def page_of_window(cast, branch):
    window = factories.make_window(branch)
    return reverse("reports:window_edit", args=[window.pk]), "name", "一楼大厅", "二楼大厅"


def page_of_word(cast, branch):
    window = factories.make_window(branch, (date(2015, 3, 9), (8, 1, 1)))
    word = window.words.create(text="老王最耐心", week_on=date(2015, 2, 23))
    return reverse("reports:window_word", args=[word.pk]), "masked_text", "有人很耐心", "工作人员耐心"


def page_of_comment(cast, branch):
    comment = factories.make_comment(campaign_of(cast), branch)
    return reverse("reports:comment_edit", args=[comment.pk]), "content", "很扎实。", "要改进。"


def announcement_of(cast):
    today = timezone.localdate()
    poll = factories.make_sealed_poll(organizer=cast.organization)
    return factories.make_announcement(poll, starts_on=today, ends_on=today)


def page_of_announcement(cast, branch):
    return reverse("reports:announcement_edit", args=[announcement_of(cast).pk]), "office", "纪委办公室", "组织部"


def page_of_objection(cast, branch):
    objection = factories.make_objection(announcement_of(cast))
    return reverse("reports:objection_edit", args=[objection.pk]), "text", "票数不对", "日期不对"


PAGES = (
    page_of_member,
    page_of_organization,
    page_of_commitment,
    page_of_fulfilment,
    page_of_campaign,
    page_of_clarities,
    page_of_rules,
    page_of_thresholds,
    page_of_poll,
    page_of_questionnaire,
    page_of_gathered,
    page_of_forum,
    page_of_sheets,
    page_of_letter,
    page_of_window,
    page_of_word,
    page_of_comment,
    page_of_announcement,
    page_of_objection,
)


def sent(response):
    """The fields of a page's form as a browser sends them back, with what the page carries hidden."""
    form = response.context["form"]
    fields = {bound.html_name: bound.value() for bound in form}
    if formset := response.context.get("formset"):
        html = response.content.decode()
        for name, value in re.findall(r'name="(form-[^"]*_FORMS)" value="(\d+)"', html):
            fields[name] = value
        fields |= {bound.html_name: bound.value() for row in formset.forms for bound in row}
    dates = {name: value.isoformat() for name, value in fields.items() if isinstance(value, date)}
    return {name: value for name, value in (fields | dates).items() if value is not None and value is not False}


@pytest.mark.parametrize("page_of", PAGES, ids=lambda page: page.__name__.removeprefix("page_of_"))
def test_the_second_to_save_is_told_and_decides(client, cast, branch, page_of):
    address, field, first, second = page_of(cast, branch)
    client.force_login(cast.secretary)
    opened = sent(client.get(address))

    assert opened["seen"]
    assert client.post(address, opened | {field: first}).status_code == 302
    told = client.post(address, opened | {field: second})
    again = client.post(address, sent(told) | {field: second})
    shown = sent(client.get(address))

    assert told.status_code == 200
    assert OVERTAKEN in told.content.decode()
    assert sent(told)[field] == second
    assert again.status_code == 302
    assert str(shown[field]) == second


def test_the_page_says_what_stands_there_now(client, cast, branch):
    address, *_ = page_of_member(cast, branch)
    client.force_login(cast.secretary)
    opened = sent(client.get(address))
    client.post(address, opened | {"post": "cadre"})

    told = client.post(address, opened | {"name": "张山"}).content.decode()

    assert "现在是：姓名“张三”，职务“领导干部”" in told


def test_two_pages_over_other_columns_of_a_row_are_not_in_each_others_way(client, cast, branch):
    campaign = campaign_of(cast)
    client.force_login(cast.secretary)
    pages = [reverse(f"campaigns:{name}", args=[campaign.pk]) for name in ("campaign_edit", "campaign_clarities")]
    facts, clarities = [sent(client.get(page)) for page in pages]

    assert client.post(pages[0], facts | {"period": "2026年上半年"}).status_code == 302
    assert client.post(pages[1], clarities | {"method": "书面评议。"}).status_code == 302


def test_what_was_deleted_meanwhile_is_not_written(client, cast, branch):
    address, *_ = page_of_commitment(cast, branch)
    client.force_login(cast.secretary)
    opened = sent(client.get(address))
    Commitment.objects.all().delete()

    assert client.post(address, opened).status_code == 404
