"""窗口即时评议: from the poster to a tap, from the sums to a campaign; no name, no hour, nothing of the last person."""

import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ballots.counting import sealing
from ballots.models import Opinion
from campaigns.actions import own_scale
from campaigns.library import LibraryGrade
from campaigns.models import Target
from reports.letterbox import receipts
from reports.models import ServiceWindow, WindowDay, WindowTaking, WindowWord
from reports.window import limits
from reports.window.actions import count_taps, leave_word
from tests.browser.figures import text_of
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_cast,
    make_open_poll,
    make_organization,
    make_user,
    make_window,
)
from tests.words import words
from tests.workbooks import lines_of, read_book

pytestmark = pytest.mark.django_db

DAYS = ((date(2015, 3, 2), (8, 1, 1)), (date(2015, 3, 3), (3, 0, 0)), (date(2015, 3, 4), (9, 0, 1)))


@pytest.fixture(autouse=True)
def _nobody_has_tapped():
    limits.forget_tappers()
    yield
    limits.forget_tappers()


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


@pytest.fixture
def window(poll):
    return make_window(poll.organization, *DAYS)


@pytest.fixture
def anybody():
    return Client()


def at_window(window):
    return reverse("reports:window_tap", args=[window.token])


def key_on(client, address):
    return re.search(r'name="key" value="([^"]+)"', client.get(address).content.decode())[1]


def tap(client, address, grade="1", **changed):
    """Open the page and press a button."""
    return client.post(address, {"grade": grade, "key": key_on(client, address), **changed})


def today(window):
    row = WindowDay.objects.filter(window=window, day=timezone.localdate()).first()
    return row.counts[:3] if row else None


def test_a_secretary_sets_up_a_window_and_somebody_taps_and_writes(secretary, anybody, poll):
    added = secretary.post(
        reverse("reports:window_add", args=[poll.organization_id]),
        {"name": "不动产登记窗口", "question": "您对这次服务满意吗？", "scale": "satisfaction-4"},
    )
    window = ServiceWindow.objects.get()

    page = anybody.get(at_window(window)).content.decode()
    tapped = tap(anybody, at_window(window), "2")
    thanks = anybody.get(tapped["Location"]).content.decode()
    written = anybody.post(tapped["Location"], {"text": "叫号声音太小"})
    after = anybody.get(written["Location"]).content.decode()

    assert added["Location"] == reverse("reports:window_detail", args=[window.pk])
    assert re.findall(r'name="grade" value="(\d)">([^<]+)<', page) == [
        ("1", "满意"),
        ("2", "比较满意"),
        ("3", "基本满意"),
        ("4", "不满意"),
    ]
    assert today(window) == (0, 1, 0)
    assert "还想说一句" in thanks and "谢谢您的评议" in thanks
    assert WindowWord.objects.get().text == "叫号声音太小"
    assert "您写的话已经收到" in after and "<textarea" not in after


def test_the_same_page_sent_twice_counts_once(anybody, window):
    key = key_on(anybody, at_window(window))

    answers = {anybody.post(at_window(window), {"grade": "1", "key": key})["Location"] for _ in range(2)}

    assert (answers, today(window)) == ({reverse("reports:window_thanks", args=[window.token])}, (1, 0, 0))


def test_a_word_is_taken_once_after_a_tap_and_without_one_not_at_all(anybody, window):
    thanks = reverse("reports:window_thanks", args=[window.token])
    early = anybody.post(thanks, {"text": "没有按过"})
    tap(anybody, at_window(window))
    cookie = anybody.cookies[limits.WORD].value
    anybody.post(thanks, {"text": "第一条"})
    again = anybody.post(thanks, {"text": "第二条"})
    anybody.cookies[limits.WORD] = cookie
    anybody.post(thanks, {"text": "第三条"})

    assert early["Location"].endswith("?late") and again["Location"].endswith("?late")
    assert "没有收下" in anybody.get(again["Location"]).content.decode()
    assert list(WindowWord.objects.values_list("text", flat=True)) == ["第一条"]


def test_an_empty_or_too_long_word_keeps_what_was_written(anybody, window):
    thanks = tap(anybody, at_window(window))["Location"]

    long = anybody.post(thanks, {"text": "长" * 201}).content.decode()
    empty = anybody.post(thanks, {"text": " "}).content.decode()

    assert "至多200字" in long and "长长长" in long
    assert "还没有写" in empty
    assert not WindowWord.objects.exists()


@pytest.mark.parametrize("grade", ["0", "4", "满意", ""])
def test_a_grade_that_no_button_stands_for_is_refused(anybody, window, grade):
    sent = tap(anybody, at_window(window), grade)

    assert "请按下面的一个按钮" in anybody.get(sent["Location"]).content.decode()
    assert today(window) is None


def test_without_cookies_or_with_a_key_of_another_browser_nothing_is_counted(anybody, window):
    key = key_on(anybody, at_window(window))

    sent = Client().post(at_window(window), {"grade": "1", "key": key})
    forged = tap(anybody, at_window(window), key="made up")

    assert sent["Location"].endswith("?not=cookie") and forged["Location"].endswith("?not=cookie")
    assert "cookie" in Client().get(sent["Location"]).content.decode()
    assert today(window) is None


@pytest.mark.usefixtures("standing_clock")
def test_a_phone_is_held_up_after_three_taps_and_the_tablet_takes_a_queue(anybody, window):
    kiosk = reverse("reports:window_tap", args=[window.kiosk_token])

    by_phone = [tap(anybody, at_window(window))["Location"] for _ in range(4)]
    by_tablet = [tap(Client(), kiosk)["Location"] for _ in range(1)]
    tablet = Client()
    by_tablet += [tap(tablet, kiosk)["Location"] for _ in range(12)]

    assert [address.endswith("?not=wait") for address in by_phone] == [False] * 3 + [True]
    assert not any(address.endswith("?not=wait") for address in by_tablet)
    assert today(window) == (16, 0, 0)


def test_the_tablet_goes_back_by_itself_and_keeps_nothing_of_the_last_person(window):
    tablet, kiosk = Client(), reverse("reports:window_tap", args=[window.kiosk_token])
    before = tablet.get(kiosk)
    sent = tap(tablet, kiosk, "3")

    thanks = tablet.get(sent["Location"])
    after = tablet.get(kiosk)
    refused = tablet.get(f"{kiosk}?not=wait")

    assert thanks["Refresh"] == f"5; url={kiosk}"
    assert (before["Refresh"], refused["Refresh"]) == (f"1800; url={kiosk}", f"5; url={kiosk}")
    assert "<textarea" not in thanks.content.decode() and limits.WORD not in tablet.cookies
    assert all("no-store" in page["Cache-Control"] for page in (before, thanks, after))
    assert 'autocomplete="off"' in after.content.decode()
    pages = [re.sub(r'name="key" value="[^"]+"', "", page.content.decode()) for page in (before, after)]
    assert pages[0] == pages[1]
    # The phone's address is not on the tablet's page, nor the other way round.
    assert window.token not in pages[0] and window.kiosk_token not in Client().get(at_window(window)).content.decode()


def test_a_shut_window_says_so_and_counts_nothing(secretary, anybody, window):
    key = key_on(anybody, at_window(window))
    secretary.post(reverse("reports:window_shut", args=[window.pk]))

    page = anybody.get(at_window(window)).content.decode()
    sent = anybody.post(at_window(window), {"grade": "1", "key": key}, follow=True).content.decode()
    secretary.post(reverse("reports:window_open", args=[window.pk]))

    assert "现在关着" in page and "<button" not in page
    assert "刚刚关闭" in sent
    assert today(window) is None
    assert "<button" in anybody.get(at_window(window)).content.decode()


def test_the_public_pages_load_little_and_nothing_from_elsewhere(anybody, window):
    thanks = tap(anybody, at_window(window))["Location"]

    for address in (at_window(window), thanks):
        answer = anybody.get(address)
        page = answer.content.decode()
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', page)
        assert "<script" not in page and len(re.findall(r'<link rel="(?:stylesheet|icon)"', page)) == 3
        assert (answer["Referrer-Policy"], "no-store" in answer["Cache-Control"]) == ("no-referrer", True)
        assert reverse("ballots:records") in page


def test_nothing_of_whoever_taps_is_stored(anybody, window):
    tap(anybody, at_window(window))
    mark = anybody.cookies[receipts.BROWSER].value

    columns = {field.name for field in WindowDay._meta.fields}
    assert not columns & {"created_at", "at", "address", "browser"}
    assert mark not in str(list(WindowDay.objects.values()))


def test_a_window_that_is_not_there_is_not_found(anybody):
    assert anybody.get(reverse("reports:window_tap", args=["unknown"])).status_code == 404


def test_the_poster_has_the_address_for_phones(secretary, window):
    poster = secretary.get(reverse("reports:window_poster", args=[window.pk]))

    text = text_of(poster.content)
    assert poster["Content-Type"] == "application/pdf"
    assert "办事大厅" in text and window.question in text
    assert at_window(window) in text.replace("\n", "") and window.kiosk_token not in text


def test_two_windows_of_one_name_are_refused_in_words(secretary, window):
    sent = secretary.post(
        reverse("reports:window_add", args=[window.organization_id]),
        {"name": window.name, "question": "满意吗？", "scale": "satisfaction-3"},
    )
    strange = secretary.post(
        reverse("reports:window_add", args=[window.organization_id]), {"name": "", "question": "", "scale": "none"}
    )

    assert "本单位已有同名的服务窗口" in sent.content.decode()
    assert strange.status_code == 200
    assert ServiceWindow.objects.count() == 1


def test_a_scale_that_an_office_above_made_may_be_chosen_and_that_of_others_not(secretary, poll):
    other = make_open_poll(make_organization("另一个党委"))
    grades = [LibraryGrade(label=label, is_positive=label == "好", score=None) for label in ("好", "不好")]
    own, foreign = own_scale("两档", grades), own_scale("别处的两档", grades)
    poll.campaign.questionnaires.update(scale=own)
    other.campaign.questionnaires.update(scale=foreign)
    address = reverse("reports:window_add", args=[poll.organization_id])
    facts = {"name": "大厅", "question": "您满意吗？"}

    refused = secretary.post(address, {**facts, "scale": foreign.key})
    secretary.post(address, {**facts, "scale": own.key})

    assert refused.status_code == 200
    assert ServiceWindow.objects.get().scale == own


def test_a_window_is_renamed_and_its_question_stays(secretary, window):
    address = reverse("reports:window_edit", args=[window.pk])
    page = secretary.get(address).content.decode()
    seen = re.search(r'name="seen" value="([^"]+)"', page)[1]

    secretary.post(address, {"name": "一楼大厅", "question": "改了", "seen": seen})

    window.refresh_from_db()
    assert (window.name, window.question) == ("一楼大厅", "您对这次服务满意吗？")


def test_the_page_shows_sums_and_words_when_they_may_be_shown(secretary, window):
    for receipt, day in enumerate((date(2015, 2, 24), timezone.localdate())):
        with time_machine.travel(day):
            leave_word(window, f"{day}的话", receipt=receipt)
    count_taps(window, timezone.localdate(), {1: 777})
    count_taps(window, date(2015, 4, 1), {1: 6, 2: 2})

    page = secretary.get(reverse("reports:window_detail", args=[window.pk])).content.decode()

    assert "满意率：2015年3月87.0%，2015年4月75.0%" in page
    assert "共31人次" in page and "2015年3月3日至4日" in page
    assert "2015-02-24的话" in page
    assert "777" not in words(page) and f"{timezone.localdate()}的话" not in page


def test_a_masked_word_is_all_that_those_above_see(client, secretary, people, window):
    with time_machine.travel(date(2015, 2, 24)):
        leave_word(window, "三号窗口老王态度不好", receipt=1)
    word = WindowWord.objects.get()
    address = reverse("reports:window_word", args=[word.pk])
    seen = re.search(r'name="seen" value="([^"]+)"', secretary.get(address).content.decode())[1]

    sent = secretary.post(address, {"masked_text": "有工作人员态度不好", "seen": seen})

    client.force_login(people.officer)
    page = client.get(reverse("reports:window_detail", args=[window.pk])).content.decode()
    assert sent.status_code == 302
    assert "有工作人员态度不好" in page and "老王" not in page
    assert window.kiosk_token not in page and window.token not in page


def test_a_word_of_this_week_is_nobodys_yet(secretary, window):
    leave_word(window, "刚写的", receipt=1)

    answer = secretary.get(reverse("reports:window_word", args=[WindowWord.objects.get().pk]))

    assert answer.status_code == 404


def test_the_workbook_has_every_day(secretary, window):
    body = secretary.get(reverse("reports:window_workbook", args=[window.pk])).content

    lines = lines_of(read_book(body)["各日"], first=4)
    assert [line[0] for line in lines[:2]] == ["2015年3月3日至4日", "2015年3月2日"]


def last_week(*counts):
    return (timezone.localdate() - timedelta(days=9), counts)


def test_a_committee_has_the_windows_below_it_and_their_sum(client, poll):
    branch = make_organization("第一党支部", parent=poll.organization, kind="branch")
    make_window(poll.organization, last_week(20, 2, 1))
    make_window(branch, last_week(10, 3, 1), name="二楼")
    make_window(make_organization("另一个党委"), last_week(77, 0, 0), name="别处")
    client.force_login(make_user("above", kind="officer", organization=poll.organization))

    page = client.get(reverse("reports:window_list", args=[poll.organization_id])).content.decode()
    own = client.get(reverse("reports:window_list", args=[branch.pk])).content.decode()

    assert "第一党支部·二楼" in page and "某局党委·办事大厅" in page
    assert re.search(r"合计</th>.*?>30</span>.*?>5</span>.*?>2</span>.*?>37</td>", page, re.DOTALL)
    assert "办事大厅" not in own and "别处" not in page


def test_a_campaign_takes_whole_days_and_prints_them_apart(secretary, poll, window):
    address = reverse("reports:window_takings", args=[poll.pk])

    cut = secretary.post(address, {"window": window.pk, "first_on": "2015-03-01", "last_on": "2015-03-03"})
    sent = secretary.post(address, {"window": window.pk, "first_on": "2015-03-01", "last_on": "2015-03-04"})
    page = secretary.get(address).content.decode()
    again = secretary.post(address, {"window": window.pk, "first_on": "2015-03-02", "last_on": "2015-03-02"})
    enter_ballots(make_batch(poll, method="entered"), {"11": 9})
    close_poll(poll)
    sealing.seal(poll, by=None)
    results = secretary.get(reverse("reports:poll_results", args=[poll.pk])).content.decode()

    assert "合并公布，不能分开" in cut.content.decode()
    assert sent["Location"] == address
    assert "23人次" in page and WindowTaking.objects.get().sha256 in page
    assert "只能汇总到一次评议活动" in again.content.decode()
    assert "窗口即时评议" in results and "不计入参评人数、票数和参评率" in results


def test_words_come_into_the_campaign_about_whom_the_page_asks_for(secretary, poll, window):
    WindowWord.objects.create(window=window, text="排队太久", week_on=date(2015, 2, 23))
    questionnaire = poll.campaign.questionnaires.get()
    second = Target.objects.create(poll=poll, kind="document", name="工作报告", questionnaire=questionnaire, position=9)
    address = reverse("reports:window_takings", args=[poll.pk])
    days = {"window": window.pk, "first_on": "2015-03-01", "last_on": "2015-03-04"}

    asked = secretary.get(address).content.decode()
    secretary.post(address, days | {"target": second.pk})

    assert "留言作为对谁的意见" in asked
    opinion = Opinion.objects.get()
    assert (opinion.text, opinion.target, opinion.origin.source) == ("排队太久", second, "window")


def test_what_was_taken_is_given_back_until_the_summary_is_filed(secretary, poll, window):
    address = reverse("reports:window_takings", args=[poll.pk])
    secretary.post(address, {"window": window.pk, "first_on": "2015-03-01", "last_on": "2015-03-04"})

    back = secretary.post(reverse("reports:window_give_back", args=[WindowTaking.objects.get().pk]))

    assert back["Location"] == address
    assert not WindowTaking.objects.exists()
    assert not WindowDay.objects.exclude(taking=None).exists()


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"first_on": "x", "last_on": "2015-03-04"},
        {"window": "999999", "first_on": "2015-03-01", "last_on": "2015-03-04"},
    ],
)
def test_a_taking_without_its_facts_is_refused(secretary, poll, window, facts):
    sent = secretary.post(reverse("reports:window_takings", args=[poll.pk]), facts)

    assert sent.status_code == 200
    assert "invalid-feedback" in sent.content.decode()
    assert not WindowTaking.objects.exists()


def test_windows_of_others_are_not_to_be_taken(secretary, poll):
    foreign = make_window(make_organization("另一个党委"), *DAYS)

    sent = secretary.post(
        reverse("reports:window_takings", args=[poll.pk]),
        {"window": foreign.pk, "first_on": "2015-03-01", "last_on": "2015-03-04"},
    )

    assert sent.status_code == 200
    assert not WindowTaking.objects.exists()


def test_the_same_number_of_queries_for_one_window_and_for_three(
    secretary, poll, window, django_assert_max_num_queries
):
    address = reverse("reports:window_list", args=[poll.organization_id])
    secretary.get(address)
    with django_assert_max_num_queries(20) as first:
        secretary.get(address)
    for name in ("二楼", "三楼"):
        make_window(poll.organization, *DAYS, last_week(8, 0, 0), name=name)

    with django_assert_max_num_queries(len(first.captured_queries)):
        secretary.get(address)
