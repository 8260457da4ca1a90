"""Pages of 公示: from a draft to what hangs on the wall, and the page that anybody reads while it is up."""

import io
import re
from datetime import date

import pypdfium2
import pytest
import time_machine
import zxingcpp
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.counting import sealing
from campaigns.models import Campaign
from reports.announcements import PERSONS_WARNING
from reports.announcements.actions import publish_announcement
from reports.files import pdf
from reports.models import Announcement, Objection
from reports.report import content_of_announcement
from tests.factories import (
    close_poll,
    enter_ballots,
    make_announcement,
    make_batch,
    make_branch_poll,
    make_cast,
    make_commitment,
    make_objection,
    make_organization,
    make_sealed_campaign,
    make_sealed_poll,
    make_unit_announcement,
    make_user,
)

pytestmark = pytest.mark.django_db
NOW = "2026-09-28 10:00+08:00"
FIRST, LAST = date(2026, 9, 29), date(2026, 10, 10)


@pytest.fixture
def poll():
    return make_sealed_poll({"11": 39, "12": 1, "13": 1})


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


@pytest.fixture
def secretary(people):
    client = Client()
    client.force_login(people.secretary)
    return client


def at(name, *args):
    return reverse(f"reports:{name}", args=args)


def facts(poll, **overrides):
    return {
        "title": "关于评议结果的公示",
        "text": "现予公示。\r\n欢迎监督。",
        "target_ids": list(poll.targets.values_list("pk", flat=True)),
        "audience": "public",
        "place": "",
        "starts_on": "2026-09-29",
        "ends_on": "2026-10-10",
        "office": "党委组织部",
        "phone": "010-12345678",
        **overrides,
    }


def published(poll, **overrides):
    with time_machine.travel(NOW, tick=False):
        return publish_announcement(make_announcement(poll, **overrides), by=None, today=date(2026, 9, 28))


def page(client, name, *args):
    return client.get(at(name, *args)).content.decode()


def text_of(body):
    document = pypdfium2.PdfDocument(body)
    return "".join(re.sub(r"\s", "", leaf.get_textpage().get_text_range()) for leaf in document)


@time_machine.travel(NOW, tick=False)
def test_a_draft_is_written_previewed_changed_and_published(secretary, people, poll):
    form = secretary.get(at("announcement_add", poll.pk)).content.decode()
    assert 'value="2026-09-29"' in form and 'value="2026-10-10"' in form

    secretary.post(at("announcement_add", poll.pk), facts(poll))
    announcement = Announcement.objects.get()
    secretary.post(at("announcement_edit", announcement.pk), facts(poll, title="改过的标题", has_problems="on"))
    preview = page(secretary, "announcement_detail", announcement.pk)
    secretary.post(at("announcement_publish", announcement.pk))

    announcement.refresh_from_db()
    assert "95.1%" in preview and "草稿" in preview
    assert announcement.content["paragraphs"] == ["现予公示。", "欢迎监督。"]
    assert (announcement.title, announcement.content["title"]) == ("改过的标题", "改过的标题")
    assert (announcement.published_by, announcement.state.label) == (people.secretary, "待公示")


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"audience": "print"}, "只打印张贴的，请写明张贴地点。"),
        ({"ends_on": "2026-09-28"}, "公示截止日期不能早于起始日期（2026年9月29日）。"),
        ({"ends_on": "2062-10-10"}, "公示期最长一年"),
        ({"starts_on": "2026-09-27"}, "公示起始日期要在今天（2026年9月28日）或者以后"),
        ({"target_ids": []}, "请至少选一个评议对象的结果。"),
        ({"target_ids": [0]}, "选择一个有效的选项"),
        ({"phone": "组织部"}, "请填写能打通的电话号码"),
        ({"office": ""}, "这个字段是必填项"),
        ({"phone": ""}, "这个字段是必填项"),
        ({"title": "公\x07示"}, "看不见的控制字符"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_a_wrong_draft_is_refused_with_the_reason_and_keeps_the_typed_words(secretary, poll, overrides, sentence):
    answer = secretary.post(at("announcement_add", poll.pk), facts(poll, **overrides)).content.decode()

    assert sentence in answer
    assert "欢迎监督。" in answer
    assert not Announcement.objects.exists()


@time_machine.travel(NOW, tick=False)
def test_a_short_period_is_allowed_and_told(secretary, poll):
    secretary.post(at("announcement_add", poll.pk), facts(poll, ends_on="2026-09-30"))

    shown = page(secretary, "announcement_detail", Announcement.objects.get().pk)

    assert "公示期只有2个工作日，少于通常的5个工作日。" in shown


@time_machine.travel(NOW, tick=False)
def test_results_about_persons_come_with_a_warning_and_others_without(secretary, poll):
    branch = make_branch_poll(member_count=2)
    cells = sum(len(section["indicators"]) for section in branch.form["sections"])
    category = branch.campaign.categories.first().name
    enter_ballots(make_batch(branch, method="entered", category=category), {"1" * cells: 9})
    close_poll(branch)
    sealing.seal(branch, by=None)
    there = Client()
    there.force_login(make_user("there", kind="secretary", organization=branch.organization))

    draft = make_announcement(branch)
    assert PERSONS_WARNING in page(there, "announcement_add", branch.pk)
    assert PERSONS_WARNING in page(there, "announcement_detail", draft.pk)
    assert PERSONS_WARNING not in page(secretary, "announcement_add", poll.pk)


def test_a_draft_about_few_ballots_says_so_before_it_is_published():
    poll = make_sealed_poll({"11": 4})
    client = Client()
    client.force_login(make_cast(poll.organization).secretary)

    assert "有效票只有4张" in page(client, "announcement_detail", make_announcement(poll).pk)


def test_a_published_notice_is_neither_changed_nor_deleted(secretary, poll):
    announcement = published(poll)

    with time_machine.travel(NOW, tick=False):
        secretary.post(at("announcement_edit", announcement.pk), facts(poll, title="改"))
        answer = secretary.post(at("announcement_delete", announcement.pk), follow=True).content.decode()

    assert "已经发布，不能删除" in answer
    assert Announcement.objects.get().title == announcement.title


@time_machine.travel("2026-09-30 10:00+08:00", tick=False)
def test_a_notice_is_taken_down_with_a_reason_or_not_at_all(secretary, people, poll):
    announcement = published(poll)
    public = at("announcement_public", announcement.token)

    refused = secretary.post(at("announcement_withdraw", announcement.pk), {"reason": " "}).content.decode()
    still = Client().get(public).status_code
    secretary.post(at("announcement_withdraw", announcement.pk), {"reason": "数字有误"})

    assert "请写明撤下的原因。" in refused
    assert (still, Client().get(public).status_code) == (200, 404)
    announcement.refresh_from_db()
    assert (announcement.withdrawn_by, announcement.withdrawn_reason) == (people.secretary, "数字有误")
    assert "数字有误" in page(secretary, "announcement_detail", announcement.pk)


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2026-09-28 23:59:59+08:00", 404),
        ("2026-09-29 00:00+08:00", 200),
        ("2026-10-10 23:59:59+08:00", 200),
        ("2026-10-11 00:00+08:00", 404),
    ],
)
def test_the_public_page_comes_and_goes_with_its_days(poll, moment, status):
    announcement = published(poll)

    with time_machine.travel(moment, tick=False):
        answer = Client().get(at("announcement_public", announcement.token))

    assert answer.status_code == status
    assert ("95.1%" in answer.content.decode()) == (status == 200)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


@time_machine.travel("2026-09-30 10:00+08:00", tick=False)
def test_before_after_withdrawn_print_only_and_unknown_look_alike(poll):
    early = published(poll, starts_on=date(2026, 10, 8))
    printed = published(poll, audience="print", place="公开栏")
    draft = make_announcement(poll)
    withdrawn = published(poll)
    withdrawn.withdraw(by=None, reason="数字有误")

    tokens = [early.token, printed.token, draft.token, withdrawn.token, "A" * 22]
    answers = [Client().get(at("announcement_public", token)) for token in tokens]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.content for answer in answers} == {answers[0].content}
    assert "没有这份公示，或者公示期已过。" in answers[0].content.decode()


@time_machine.travel("2026-09-30 10:00+08:00", tick=False)
def test_the_public_page_has_nothing_of_the_site_behind_it(poll, secretary):
    announcement = published(poll)
    make_objection(announcement, objector="王五", text="不公平")

    shown = secretary.get(at("announcement_public", announcement.token)).content.decode()

    assert re.findall(r'href="([^"]*)"', shown) == [
        "/static/favicon.svg",
        "/static/css/public.css",
        "/static/css/announcement.css",
    ]
    assert [word for word in ("<script", " style=", "<form", "王五", "不公平", "secretary") if word in shown] == []
    assert "党委组织部" in shown and "010-12345678" in shown


def test_the_address_of_another_site_is_that_of_the_request(poll, secretary, settings):
    settings.ALLOWED_HOSTS = ["pingyi.example.gov.cn"]
    announcement = published(poll)

    with time_machine.travel("2026-09-30 10:00+08:00", tick=False):
        shown = secretary.get(at("announcement_detail", announcement.pk), HTTP_HOST="pingyi.example.gov.cn")
        body = secretary.get(at("announcement_pdf", announcement.pk), HTTP_HOST="pingyi.example.gov.cn").content

    address = f"http://pingyi.example.gov.cn/announced/{announcement.token}/"
    assert address in shown.content.decode()
    assert read_codes(body) == [address]


def read_codes(body):
    pictures = [picture.render(scale=3).to_pil() for picture in pypdfium2.PdfDocument(io.BytesIO(body))]
    return [code.text for picture in pictures for code in zxingcpp.read_barcodes(picture)]


@time_machine.travel(NOW, tick=False)
def test_the_printed_notice_says_what_the_page_says_and_a_draft_is_marked(poll, secretary):
    draft, up = make_announcement(poll), published(poll)

    drawn, hung = (secretary.get(at("announcement_pdf", announcement.pk)).content for announcement in (draft, up))

    text = text_of(hung)
    assert "总体评价3995.112.412.400.04195.1%" in text
    for part in (
        "2026年9月29日至2026年10月10日，共5个工作日",
        "受理部门：党委组织部",
        "受理电话：010-12345678",
        "某局党委2026年9月29日",
    ):
        assert part in text
    assert ("草稿" in text_of(drawn), "草稿" in text) == (True, False)
    assert (read_codes(drawn), len(read_codes(hung))) == ([], 1)


def test_the_notice_of_what_was_taken_down_says_so(poll):
    content = content_of_announcement(published(poll))

    assert "已撤下" in text_of(pdf.announcement(content, mark="已撤下"))


@time_machine.travel("2026-10-09 10:00+08:00", tick=False)
def test_an_objection_is_recorded_and_answered(secretary, people, poll):
    announcement = published(poll)
    objected = {"received_on": "2026-09-30", "objector": "", "text": "票数不对\r\n请核对", "answer": ""}

    secretary.post(at("objection_add", announcement.pk), objected)
    objection = Objection.objects.get()
    waiting = page(secretary, "announcement_detail", announcement.pk)
    half = secretary.post(at("objection_edit", objection.pk), objected | {"answer": "已核对"}).content.decode()
    secretary.post(at("objection_edit", objection.pk), objected | {"answer": "已核对", "answered_on": "2026-10-09"})

    objection.refresh_from_db()
    assert "待答复" in waiting and "匿名" in waiting
    assert "答复情况和答复日期要一起填写。" in half
    assert (objection.recorded_by, objection.text) == (people.secretary, "票数不对\n请核对")
    assert (objection.answer, objection.answered_on) == ("已核对", date(2026, 10, 9))


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"received_on": "2026-09-28"}, "收到日期要在公示起始日（2026年9月29日）到今天之间。"),
        ({"received_on": "2026-10-10"}, "收到日期要在公示起始日（2026年9月29日）到今天之间。"),
        ({"answer": "已核对", "answered_on": "2026-10-10"}, "答复日期不能晚于今天。"),
        ({"answer": "已核对", "answered_on": "2026-09-29"}, "答复日期不能早于收到日期。"),
        ({"text": ""}, "这个字段是必填项"),
    ],
)
@time_machine.travel("2026-10-09 10:00+08:00", tick=False)
def test_an_objection_with_impossible_dates_is_refused(secretary, poll, overrides, sentence):
    announcement = published(poll)
    objected = {"received_on": "2026-09-30", "text": "票数不对"}

    answer = secretary.post(at("objection_add", announcement.pk), objected | overrides).content.decode()

    assert sentence in answer
    assert not Objection.objects.exists()


def test_objections_that_wait_come_first_and_are_summed_up_at_the_end(secretary, poll):
    announcement = published(poll)
    make_objection(announcement, text="第一件", answer="已核对", answered_on=LAST)
    make_objection(announcement, text="第二件", received_on=LAST)

    with time_machine.travel("2026-10-11 10:00+08:00", tick=False):
        shown = page(secretary, "announcement_detail", announcement.pk)

    assert shown.index("第二件") < shown.index("第一件")
    assert "公示期间收到异议2件，已答复1件。" in shown


def test_an_objection_to_a_draft_is_refused(secretary, poll):
    announcement = make_announcement(poll)

    answer = secretary.get(at("objection_add", announcement.pk), follow=True).content.decode()

    assert "公示发布以后才登记异议。" in answer


@pytest.mark.parametrize(("who", "buttons"), [("secretary", True), ("officer", False)])
def test_a_secretary_has_buttons_to_announce_and_an_officer_none(client, people, poll, who, buttons):
    announcement = make_announcement(poll)
    client.force_login(getattr(people, who))

    shown = [page(client, "announcement_list", poll.pk), page(client, "announcement_detail", announcement.pk)]

    assert ["新建公示" in shown[0], ">发布<" in shown[1]] == [buttons, buttons]


@pytest.fixture
def campaign(poll):
    """A campaign about two branches of the committee, sealed."""
    Campaign.objects.update(title="上年度群众评议")
    branches = [make_organization(name, parent=poll.organization, kind="branch") for name in ("甲支部", "乙支部")]
    return make_sealed_campaign(poll.organization, branches)


def of_sums(campaign, name):
    return at(f"unit_announcement_{name}", campaign.pk) + f"?unit={campaign.organizer_id}"


def facts_of_sums(poll, **overrides):
    return facts(poll, target_ids=[], questionnaire_keys=["org"], **overrides)


@time_machine.travel(NOW, tick=False)
def test_a_unit_s_sums_are_announced_from_the_form_to_the_public_page(secretary, people, poll, campaign):
    make_commitment(campaign.polls.first().organization, "修好楼前的路")
    form = secretary.get(of_sums(campaign, "add")).content.decode()

    secretary.post(of_sums(campaign, "add"), facts_of_sums(poll, extras=["units", "commitments"], has_problems="on"))
    announcement = Announcement.objects.get()
    preview = page(secretary, "announcement_detail", announcement.pk)
    secretary.post(at("announcement_publish", announcement.pk))
    listed = secretary.get(of_sums(campaign, "list")).content.decode()
    with time_machine.travel("2026-09-30 10:00+08:00", tick=False):
        shown = Client().get(at("announcement_public", announcement.token)).content.decode()
        text = text_of(secretary.get(at("announcement_pdf", announcement.pk)).content)

    # Nothing is ticked beforehand but the results about no person.
    assert re.findall(r'value="([^"]+)"[^>]*checked', form) == ["org", "print"]
    assert (announcement.poll, announcement.campaign, announcement.organization) == (None, campaign, poll.organization)
    assert "草稿" in preview and announcement.title in listed
    for part in ("修好楼前的路", "甲支部", "90.0%", "没有列入整改台账的问题。", "覆盖100.0%（2/2）"):
        assert part in preview and part in shown and part in text
    assert "二、整改情况" in text and "三、党组织的公开承诺和实事好事" in text and "五、异议受理" in text


@time_machine.travel(NOW, tick=False)
def test_a_draft_of_sums_is_changed_and_deleted(secretary, poll, campaign):
    secretary.post(of_sums(campaign, "add"), facts_of_sums(poll))
    announcement = Announcement.objects.get()

    secretary.post(at("announcement_edit", announcement.pk), facts_of_sums(poll, title="改过的标题", extras=["units"]))
    announcement.refresh_from_db()
    answer = secretary.post(at("announcement_delete", announcement.pk))

    assert (announcement.title, announcement.extras) == ("改过的标题", ["units"])
    assert answer["Location"] == of_sums(campaign, "list")
    assert not Announcement.objects.exists()


@pytest.mark.parametrize(
    ("overrides", "sentence"),
    [
        ({"questionnaire_keys": []}, "请至少选一张评议表的结果。"),
        ({"questionnaire_keys": ["other"]}, "选择一个有效的选项"),
        ({"extras": ["everything"]}, "选择一个有效的选项"),
    ],
)
@time_machine.travel(NOW, tick=False)
def test_a_wrong_draft_of_sums_is_refused(secretary, poll, campaign, overrides, sentence):
    answer = secretary.post(of_sums(campaign, "add"), facts_of_sums(poll) | overrides).content.decode()

    assert sentence in answer
    assert not Announcement.objects.exists()


@time_machine.travel("2026-09-30 10:00+08:00", tick=False)
def test_sums_are_withdrawn_and_objected_to_as_a_poll_s_results_are(secretary, people, campaign):
    with time_machine.travel(NOW, tick=False):
        draft = make_unit_announcement(campaign, campaign.organizer)
        announcement = publish_announcement(draft, by=None, today=date(2026, 9, 28))

    secretary.post(at("objection_add", announcement.pk), {"received_on": "2026-09-30", "text": "总数不对"})
    home = secretary.get(reverse("reports:home")).content.decode()
    objection = Objection.objects.visible_to(people.secretary).get()
    secretary.post(at("announcement_withdraw", announcement.pk), {"reason": "数字有误"})

    assert "待答复的公示异议（1）" in home and at("announcement_detail", announcement.pk) in home
    assert not Objection.objects.visible_to(people.outsider).exists()
    assert objection.announcement == announcement
    assert Client().get(at("announcement_public", announcement.token)).status_code == 404


@time_machine.travel(NOW, tick=False)
def test_one_member_s_results_are_told_from_the_list_of_targets(poll):
    branch = make_branch_poll(member_count=2)
    cells = sum(len(section["indicators"]) for section in branch.form["sections"])
    enter_ballots(
        make_batch(branch, method="entered", category=branch.campaign.categories.first().name), {"1" * cells: 9}
    )
    close_poll(branch)
    sealing.seal(branch, by=None)
    there = Client()
    there.force_login(make_user("there", kind="secretary", organization=branch.organization))
    member = branch.targets.get(member__post="member")
    add = f"{at('announcement_add', branch.pk)}?target={member.pk}"

    listed, form = page(there, "announcement_list", branch.pk), there.get(add).content.decode()
    there.post(add, facts(branch, target_ids=[branch.targets.get(member=None).pk], extras=["member-commitments"]))

    announcement = Announcement.objects.get()
    assert add.replace("&", "&amp;") in listed
    assert "target_ids" not in form and "questionnaire_keys" not in form
    assert (announcement.target, announcement.target_ids) == (member, [member.pk])
    assert there.get(f"{at('announcement_add', branch.pk)}?target={poll.targets.get().pk}").status_code == 404


def test_the_list_asks_the_database_as_often_for_one_as_for_three(secretary, poll):
    counts = []
    for _ in range(2):
        make_objection(make_announcement(poll))
        with CaptureQueriesContext(connection) as queries:
            shown = page(secretary, "announcement_list", poll.pk)
        counts.append((len(queries), shown.count('<th scope="row">')))
        make_announcement(poll)

    assert counts == [(counts[0][0], 1), (counts[0][0], 3)]
