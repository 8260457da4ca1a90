"""Opinions of 社会各界: recorded in the browser, read with those of the ballots, and counted in the downloaded 小结."""

import io
from datetime import timedelta

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from ballots.counting import sealing
from ballots.models import Forum, Opinion
from ballots.voting import casting, codes
from reports.models import OpinionReading
from reports.results.poll import results_of
from reports.scope import Scope
from reports.summary.actions import save_summary
from tests.browser.figures import text_of
from tests.factories import (
    close_poll,
    make_batch,
    make_branch_poll,
    make_cast,
    make_forum,
    make_gathered,
    make_open_poll,
    make_user,
)

pytestmark = pytest.mark.django_db

FORUM = {
    "held_on": "2026-03-06",
    "place": "居委会",
    "host": "李主任",
    "attended_count": "12",
    "attendees": "居民代表8名、党员代表4名",
}


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


def page(client, name, *keys):
    return client.get(reverse(f"reports:{name}", args=keys)).content.decode()


def send(client, name, key, **fields):
    return client.post(reverse(f"reports:{name}", args=[key]), fields)


def letter(words, **overrides):
    facts = {"source": "letter", "received_on": "2026-03-05", "place": "", "text": words}
    return facts | overrides


def cast_and_seal(poll, *words):
    target = poll.targets.get().pk
    for number, slip in enumerate(codes.make_slips(make_batch(poll), 5)):
        opinions = [casting.OpinionText(target, text) for text in words[number : number + 1]]
        casting.cast(ticket=codes.exchange(slip), key=f"key {number}", marks="11", opinions=opinions)
    close_poll(poll)
    sealing.seal(poll, by=None)


def test_letters_visits_and_a_forum_are_counted_in_the_summary_beside_the_ballots(secretary, poll):
    assert send(secretary, "gathered_add", poll.pk, **letter("路灯坏了没人修")).status_code == 302
    raised = "停车难\n\n  楼道堆物  \n"
    assert send(secretary, "forum_add", poll.pk, **FORUM, opinions=raised).status_code == 302
    before = page(secretary, "gathering_list", poll.pk)
    cast_and_seal(poll, "公开栏一月一换", "无")
    # After the seal too, until the 小结 is filed.
    visit = letter("王五反映补贴发得慢", source="visit", place="三组")
    assert send(secretary, "gathered_add", poll.pk, **visit).status_code == 302
    told = Opinion.objects.get(text__startswith="王五")
    address = reverse("reports:opinion_read", args=[poll.pk, told.pk])
    assert secretary.post(address, {"masked_text": "有群众反映补贴发得慢", "seen": ""}).status_code == 302
    send(secretary, "opinion_set_aside", poll.pk)

    save_summary(Scope.of_poll(poll), {"use": "通报。", "content": "四个方面。", "scope": "全体。"}, by=None)
    assert secretary.post(reverse("reports:summary_finalize", args=[poll.pk])).status_code == 302

    summary = text_of(secretary.get(reverse("reports:summary_pdf", args=[poll.pk])).content)
    words = "召开座谈会1次，12人次参加，共征求到评议意见和建议5条，其中评议票上1条、信箱1条、走访1条、座谈会2条。"
    assert words in summary
    # Whoever was named is gone from the database.
    assert not Opinion.objects.filter(text__contains="王五").exists()
    report = reverse("reports:report_workbook", args=[poll.pk])
    book = openpyxl.load_workbook(io.BytesIO(secretary.get(report, {"reason": "归档"}).content))
    rows = [[cell.value for cell in row] for row in book["意见清单"].iter_rows()]
    listed = {
        row[7]: (row[3], row[4] and f"{row[4]:%Y-%m-%d}")
        for row in rows
        if row[3] in ("评议票", "信箱", "走访", "座谈会")
    }
    assert listed == {
        "公开栏一月一换": ("评议票", ""),
        "路灯坏了没人修": ("信箱", "2026-03-05"),
        "停车难": ("座谈会", "2026-03-06"),
        "楼道堆物": ("座谈会", "2026-03-06"),
        "有群众反映补贴发得慢": ("走访", "2026-03-05"),
    }
    printed = text_of(secretary.get(reverse("reports:opinions_pdf", args=[poll.pk]), {"reason": "归档"}).content)
    assert "计入的，评议票1条、信箱1条、走访1条、座谈会2条。" in printed
    # Before the seal the page had what was recorded, and afterwards nothing more is.
    assert "路灯坏了没人修" in before
    assert "公开栏" not in before
    assert "登记座谈会" not in page(secretary, "gathering_list", poll.pk)
    assert "小结已经定稿" in send(secretary, "gathered_add", poll.pk, **letter("太迟了")).content.decode()


def test_recorded_opinions_are_no_ballots(secretary, poll):
    make_gathered(poll)
    make_forum(poll, "停车难")
    cast_and_seal(poll)

    results = results_of(poll)

    assert (results.sheets.issued, results.sheets.returned, results.sheets.valid) == (5, 5, 5)
    assert [line.total.base for line in results.targets[0].lines] == [5, 5]


def test_a_summary_without_any_gathering_says_what_it_always_said(secretary, poll):
    cast_and_seal(poll, "少开会", "多公开")

    summary = text_of(secretary.get(reverse("reports:summary_pdf", args=[poll.pk]) + "?draft=1").content)

    assert "共征求到评议意见和建议2条。" in summary
    assert "座谈会" not in summary


def test_the_officer_above_records_too_and_the_teller_does_not(client, people, poll):
    client.force_login(people.officer)
    assert send(client, "gathered_add", poll.pk, **letter("窗口中午没人")).status_code == 302
    client.force_login(people.teller)

    assert client.get(reverse("reports:gathering_list", args=[poll.pk])).status_code == 403
    client.force_login(people.outsider)
    assert client.get(reverse("reports:gathering_list", args=[poll.pk])).status_code == 404


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"source": "forum"}, "选择一个有效的选项"),
        ({"received_on": ""}, "这个字段是必填项"),
        ({"text": "长" * 1001}, "1000"),
        ({"text": " "}, "这个字段是必填项"),
    ],
)
def test_a_wrong_entry_is_told_and_nothing_is_written(secretary, poll, changed, told):
    response = send(secretary, "gathered_add", poll.pk, **letter("路灯", **changed))

    assert response.status_code == 200
    assert told in response.content.decode()
    assert not Opinion.objects.exists()


def test_days_to_come_and_lines_too_long_are_told(secretary, poll):
    tomorrow = f"{timezone.localdate() + timedelta(days=1):%Y-%m-%d}"
    fields = FORUM

    late = send(secretary, "forum_add", poll.pk, **fields | {"held_on": tomorrow}).content.decode()
    long = send(secretary, "forum_add", poll.pk, **fields, opinions=f"短\n{'长' * 1001}").content.decode()
    empty = send(secretary, "forum_add", poll.pk, **fields | {"attended_count": "0"}).content.decode()

    assert "日期不能晚于今天" in late
    assert "第2条有1001字" in long
    assert "参加人数至少1人" in empty
    assert not Forum.objects.exists()


def test_an_opinion_of_a_forum_is_corrected_without_its_day_and_the_next_is_recorded_at_once(secretary, poll):
    origin = make_forum(poll, "停车难").origins.get()
    form = page(secretary, "gathered_edit", origin.pk)

    sent = send(secretary, "gathered_edit", origin.pk, text="小区停车难")
    next_one = send(secretary, "gathered_add", poll.pk, **letter("路灯"), next="1")

    assert 'name="received_on"' not in form
    assert sent.status_code == 302
    assert Opinion.objects.get(origin=origin).text == "小区停车难"
    assert next_one["Location"] == reverse("reports:gathered_add", args=[poll.pk])


def test_the_desk_lists_what_came_by_one_way(secretary, poll):
    make_gathered(poll, "路灯坏了")
    make_forum(poll, "停车难")
    cast_and_seal(poll, "公开栏")

    listed = {
        source: [word for word in ("路灯坏了", "停车难", "公开栏") if word in text]
        for source in ("", "ballot", "letter", "forum")
        for text in [
            secretary.get(reverse("reports:opinion_list", args=[poll.pk]) + f"?source={source}").content.decode()
        ]
    }

    assert listed == {
        "": ["路灯坏了", "停车难", "公开栏"],
        "ballot": ["公开栏"],
        "letter": ["路灯坏了"],
        "forum": ["停车难"],
    }


def test_what_was_read_is_no_longer_taken_out(secretary, poll):
    origin = make_gathered(poll)
    cast_and_seal(poll)
    OpinionReading.objects.create(opinion=origin.opinion)

    response = secretary.post(reverse("reports:gathered_delete", args=[origin.pk]), follow=True)

    assert "这条意见已经阅办" in response.content.decode()
    assert Opinion.objects.exists()


def test_the_list_asks_as_often_for_three_as_for_one(secretary, poll, django_assert_max_num_queries):
    for number in range(3):
        make_gathered(poll, f"意见{number}")
        make_forum(poll, f"会上{number}")

    # Opinions were read: six are for the row in the trail, as in tests/reports/test_trips.py, seven on PostgreSQL.
    with django_assert_max_num_queries(14 + (connection.vendor == "postgresql")):
        assert "意见2" in page(secretary, "gathering_list", poll.pk)


def test_of_several_targets_the_one_meant_is_asked_for(client):
    poll = make_branch_poll(member_count=3)
    client.force_login(make_user(kind="secretary", organization=poll.organization))
    about = poll.targets.order_by("position").last()

    sent = send(client, "gathered_add", poll.pk, **letter("多下来走走"), target=about.pk)
    foreign = send(client, "gathered_add", poll.pk, **letter("别处的"), target=make_open_poll().targets.get().pk)

    assert sent.status_code == 302
    assert Opinion.objects.get().target == about
    assert "选择一个有效的选项" in foreign.content.decode()
