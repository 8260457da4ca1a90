"""Pages of the opinions desk: who may open and use them, and what stands on them."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ballots.models import Opinion
from reports.models import OpinionReading, Problem
from reports.opinions import desk
from tests.factories import make_cast, make_open_poll, make_opinion, make_organization, make_sealed_poll
from tests.words import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_sealed_poll()


@pytest.fixture
def people(poll):
    return make_cast(poll.organization)


@pytest.fixture
def secretary(client, people):
    client.force_login(people.secretary)
    return client


@pytest.fixture
def officer(client, people):
    client.force_login(people.officer)
    return client


def desk_of(poll, query=""):
    return reverse("reports:opinion_list", args=[poll.pk]) + query


def page_of(opinion, query="", name="opinion_read"):
    return reverse(f"reports:{name}", args=[opinion.target.poll_id, opinion.pk]) + query


def answers(opinion, **given):
    """The fields that an opinion's page sends when it is saved, with other answers where given."""
    reading = OpinionReading.objects.filter(opinion=opinion).first()
    seen = reading.revision if reading else ""
    return {"masked_text": opinion.text, "category": "", "seen": seen, **given}


def listed(response):
    return [row["text"] for row in response.context["rows"]]


def in_order(*opinions):
    return sorted(opinions, key=lambda opinion: opinion.pk)


# --- who -------------------------------------------------------------------------------------------------------------


def test_the_officer_reads_and_changes_nothing(officer, poll):
    first, second = make_opinion(poll, "少开会"), make_opinion(poll, "少开些会")

    pages = [officer.get(address) for address in (desk_of(poll), page_of(first))]
    deeds = [
        officer.post(page_of(first), answers(first, category="其他")),
        officer.post(page_of(first, name="opinion_send"), answers(first)),
        officer.post(page_of(first, name="opinion_part")),
        officer.post(reverse("reports:opinion_merge", args=[poll.pk]), {"opinions": [first.pk, second.pk]}),
        officer.post(reverse("reports:opinion_set_aside", args=[poll.pk])),
    ]

    assert [page.status_code for page in pages] == [200, 200]
    assert [page.content.decode().count('method="post"') for page in pages] == [1, 1]  # 退出
    assert [deed.status_code for deed in deeds] == [403] * 5
    assert not OpinionReading.objects.exists()
    assert not Problem.objects.exists()


@pytest.mark.parametrize(("who", "status"), [("teller", 403), ("administrator", 403), ("outsider", 404)])
def test_others_read_no_opinion(client, poll, people, who, status):
    opinion = make_opinion(poll, "张三迟到")
    client.force_login(getattr(people, who))

    responses = [client.get(address) for address in (desk_of(poll), page_of(opinion))]

    assert [response.status_code for response in responses] == [status, status]
    assert all("张三" not in response.content.decode() for response in responses)


def test_before_the_seal_there_is_no_desk(client):
    poll = make_open_poll()
    opinion = make_opinion(poll, "张三迟到")
    client.force_login(make_cast(poll.organization).secretary)

    responses = [
        client.get(desk_of(poll)),
        client.get(page_of(opinion)),
        client.post(page_of(opinion), answers(opinion)),
    ]

    assert [response.status_code for response in responses] == [403, 403, 403]
    assert all("张三" not in response.content.decode() for response in responses)


def test_an_opinion_is_found_at_its_own_poll_alone(secretary, poll):
    foreign = make_opinion(make_sealed_poll(organizer=make_organization("另一党委")))

    response = secretary.get(reverse("reports:opinion_read", args=[poll.pk, foreign.pk]))

    assert response.status_code == 404


# --- the list --------------------------------------------------------------------------------------------------------


def test_the_list_has_the_figures_and_says_what_became_of_each(secretary, poll):
    read, sent, alike = (make_opinion(poll, text) for text in ("少开会", "办事慢", "办事太慢"))
    make_opinion(poll, "无")
    make_opinion(poll, "好")
    desk.merge_opinions(poll, [sent.pk, alike.pk], by=None)
    (standing,) = in_order(sent, alike)[:1]
    desk.send_to_ledger(standing, by=None)
    desk.read_opinion(read, by=None, answers=desk.Answers({"category": "工作作风", "is_in_place": "no"}))
    desk.set_aside_empty(poll, by=None)

    page = words(secretary.get(desk_of(poll)))

    figures = "5 收到（条） 1 不作为意见 4 计入（条） 3 归并为（件） 4 已阅（条） 1 已转台账（件）"
    assert figures in page
    assert f"{standing.text} 已转台账 共2条" in page
    assert "少开会 已阅 工作作风 不到位" in page
    assert "无 不作为意见" in page
    assert "好 未阅" in page


def test_a_poll_without_opinions_says_so(secretary, poll):
    assert "没有收到意见建议。" in words(secretary.get(desk_of(poll)))


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("?state=unread", ["未阅的"]),
        ("?state=read", ["已阅的", "已转的"]),
        ("?state=waiting", ["已阅的"]),
        ("?state=sent", ["已转的"]),
        ("?state=aside", ["无"]),
        ("?category=" + quote("自定类别"), ["已阅的"]),
        ("?category=none", ["已转的", "无", "未阅的"]),
        ("?kind=suggestion", ["已转的", "已阅的", "无", "未阅的"]),
        ("?state=whatever&target=x", ["已转的", "已阅的", "无", "未阅的"]),
    ],
)
def test_the_list_is_filtered(secretary, poll, query, texts):
    make_opinion(poll, "未阅的")
    desk.read_opinion(make_opinion(poll, "已阅的"), by=None, answers=desk.Answers({"category": "自定类别"}))
    desk.send_to_ledger(make_opinion(poll, "已转的"), by=None)
    desk.read_opinion(make_opinion(poll, "无"), by=None, answers=desk.Answers({"is_set_aside": True}))

    response = secretary.get(desk_of(poll, query))

    assert sorted(listed(response)) == sorted(texts)


def test_masked_words_are_shown_wherever_opinions_are(client, poll, people):
    opinion = make_opinion(poll, "张三迟到")
    desk.read_opinion(opinion, by=None, answers=desk.Answers({"masked_text": "有的同志迟到"}))
    client.force_login(people.officer)

    pages = [client.get(address) for address in (desk_of(poll), page_of(opinion), results_of(poll))]

    assert [("有的同志迟到" in page.content.decode(), "张三" in page.content.decode()) for page in pages] == [
        (True, False)
    ] * 3


def results_of(poll):
    return reverse("reports:poll_results", args=[poll.pk])


def test_the_results_count_and_show_what_the_desk_made_of_it(secretary, poll):
    first, second = in_order(make_opinion(poll, "办事慢"), make_opinion(poll, "办事太慢"))
    make_opinion(poll, "无")
    desk.merge_opinions(poll, [first.pk, second.pk], by=None)
    desk.send_to_ledger(first, by=None)
    desk.set_aside_empty(poll, by=None)

    page = words(secretary.get(results_of(poll)))

    assert "意见建议（2条）" in page
    assert "共1件" in page
    assert f"{first.text} （2条） （台账第1号）" in page
    assert second.text not in page


def queries(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize("address", [desk_of, results_of])
def test_a_page_takes_as_many_queries_for_one_opinion_as_for_many(secretary, poll, address):
    first = make_opinion(poll, "办事慢")
    desk.merge_opinions(poll, [first.pk, make_opinion(poll, "办事太慢").pk], by=None)
    queries(secretary, address(poll))  # the first look that is kept in the trail asks for its archive besides
    for_one_opinion = queries(secretary, address(poll))
    for text in ("甲", "乙"):
        pair = [make_opinion(poll, text).pk, make_opinion(poll, text * 2).pk]
        desk.send_to_ledger(desk.merge_opinions(poll, pair, by=None), by=None)

    assert queries(secretary, address(poll)) == for_one_opinion


def test_the_list_goes_over_several_pages(secretary, poll):
    for number in range(51):
        make_opinion(poll, f"意见{number}")

    first, second = (secretary.get(desk_of(poll, query)) for query in ("", "?page=2"))

    assert (len(listed(first)), len(listed(second))) == (50, 1)


# --- merging ---------------------------------------------------------------------------------------------------------


def test_checked_ones_are_merged_and_parted_again_and_the_filters_stay(secretary, poll):
    first, second = in_order(make_opinion(poll, "办事慢"), make_opinion(poll, "办事太慢"))

    merged = secretary.post(
        reverse("reports:opinion_merge", args=[poll.pk]) + "?state=read", {"opinions": [second.pk, first.pk]}
    )
    page = secretary.get(desk_of(poll))
    parted = secretary.post(page_of(second, name="opinion_part"))

    assert merged.url == desk_of(poll, "?state=read")
    assert listed(page) == [first.text]
    assert f"并入这一条的1条 {second.text}" in words(page)
    assert "2条意见已并为一条" in words(page)
    assert parted.url == desk_of(poll)
    assert listed(secretary.get(desk_of(poll))) == [first.text, second.text]


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ([], "请至少勾选两条意见"),
        (["own"], "请至少勾选两条意见"),
        (["own", "foreign"], "不在这个评议点里"),
        (["x"], "不在这个评议点里"),
    ],
)
def test_opinions_that_cannot_be_merged_are_refused_with_the_reason(secretary, poll, chosen, sentence):
    given = {
        "own": make_opinion(poll).pk,
        "foreign": make_opinion(make_sealed_poll(organizer=make_organization("另一党委"))).pk,
    }

    response = secretary.post(
        reverse("reports:opinion_merge", args=[poll.pk]),
        {"opinions": [given.get(key, key) for key in chosen]},
        follow=True,
    )

    assert sentence in words(response)
    assert not OpinionReading.objects.exists()


def test_all_that_say_nothing_are_set_aside_with_one_button(secretary, poll):
    make_opinion(poll, "无")
    make_opinion(poll, "少开会")

    before = secretary.get(desk_of(poll))
    response = secretary.post(reverse("reports:opinion_set_aside", args=[poll.pk]), follow=True)

    assert "把这1条设为不作为意见" in words(before)
    assert "1条没有写明意见的，已设为不作为意见。" in words(response)
    assert "把这" not in words(response)
    assert OpinionReading.objects.get().opinion.text == "无"


# --- one at a time ---------------------------------------------------------------------------------------------------


def test_saving_keeps_every_answer_and_goes_back_to_the_list(secretary, people, poll):
    opinion = make_opinion(poll, "张三\n迟到")
    given = {
        "masked_text": "有的同志\r\n迟到",
        "category": "工作作风",
        "is_in_place": "no",
        "is_reasonable": "yes",
        "is_effective": "",
    }

    response = secretary.post(page_of(opinion, "?state=unread"), answers(opinion, **given))

    reading = OpinionReading.objects.get()
    assert response.url == desk_of(poll, "?state=unread")
    assert reading.masked_text == "有的同志\n迟到"
    assert (reading.category, reading.verdicts, reading.is_set_aside) == ("工作作风", ("不到位", "合理"), False)
    assert (reading.opinion, reading.read_by) == (opinion, people.secretary)


@pytest.mark.parametrize("text", ["第一行\n第二行", "第一行\n\n  第二行\t", "零宽\u200d字和\u202e方向", "控\x7f制"])
def test_words_that_nobody_touched_are_not_kept_twice(secretary, poll, text):
    opinion = make_opinion(poll, text)
    page = secretary.get(page_of(opinion))

    secretary.post(page_of(opinion), answers(opinion, masked_text=page.context["form"]["masked_text"].value()))

    assert OpinionReading.objects.get().masked_text == ""


def test_the_original_stands_beside_masked_words_for_the_secretary_alone(secretary, poll, people):
    opinion = make_opinion(poll, "张三迟到")
    secretary.post(page_of(opinion), answers(opinion, masked_text="有的同志迟到"))

    page = words(secretary.get(page_of(opinion)))

    assert "张三迟到" in page
    assert "小结定稿时原文即行删除" in page
    secretary.force_login(people.officer)
    assert "张三" not in words(secretary.get(page_of(opinion)))


def test_words_may_not_be_masked_down_to_nothing(secretary, poll):
    opinion = make_opinion(poll, "张三迟到")

    response = secretary.post(page_of(opinion), answers(opinion, masked_text=" \n", category="其他"))

    assert "请保留可以公开的文字" in words(response)
    assert response.context["form"]["category"].value() == "其他"
    assert not OpinionReading.objects.exists()


def test_next_leads_to_the_next_of_those_listed_though_this_one_is_no_longer_among_them(secretary, poll):
    first, read, third = in_order(*(make_opinion(poll, text) for text in "甲乙丙"))
    desk.read_opinion(read, by=None, answers=desk.Answers({}))

    response = secretary.post(page_of(first, "?state=unread"), answers(first, next="1"))
    last = secretary.get(response.url)

    assert response.url == page_of(third, "?state=unread")
    assert (last.context["before"], last.context["after"]) == (None, None)


def test_links_lead_to_the_one_before_and_after(secretary, poll):
    first, second, third = in_order(*(make_opinion(poll, text) for text in "甲乙丙"))

    page = secretary.get(page_of(second)).content.decode()

    assert f'rel="prev" href="{page_of(first)}"' in page
    assert f'rel="next" href="{page_of(third)}"' in page


def test_categories_of_the_campaign_are_offered_after_the_usual_ones(secretary, poll):
    opinion = make_opinion(poll)
    desk.read_opinion(make_opinion(poll), by=None, answers=desk.Answers({"category": "供水"}))

    page = secretary.get(page_of(opinion)).content.decode()

    offered = re.findall(r'<option value="([^"]*)"></option>', page)
    assert offered == [
        "思想认识",
        "工作作风",
        "工作成效",
        "服务群众",
        "民生实事",
        "队伍建设",
        "办事效率",
        "其他",
        "供水",
    ]


def test_another_reader_s_entry_is_shown_before_it_is_overwritten(secretary, poll):
    opinion = make_opinion(poll, "张三迟到")
    stale = answers(opinion, masked_text="某同志迟到")
    desk.read_opinion(opinion, by=None, answers=desk.Answers({"masked_text": "有的同志迟到"}))

    refused = secretary.post(page_of(opinion), stale)
    form = refused.context["form"]
    again = secretary.post(page_of(opinion), {name: form[name].value() or "" for name in ("masked_text", "seen")})

    assert "刚刚由别人阅办过" in words(refused)
    assert refused.context["text"] == "有的同志迟到"
    assert form["masked_text"].value() == "某同志迟到"
    assert again.status_code == 302
    assert OpinionReading.objects.get().masked_text == "某同志迟到"


def test_an_empty_opinion_is_suggested_for_setting_aside(secretary, poll):
    empty, real = make_opinion(poll, "没有意见。"), make_opinion(poll, "少开会")

    assert "可以勾选“不作为意见”" in words(secretary.get(page_of(empty)))
    assert "可以勾选“不作为意见”" not in words(secretary.get(page_of(real)))


# --- the ledger ------------------------------------------------------------------------------------------------------


def test_sending_saves_what_stands_on_the_page_and_makes_one_problem(secretary, poll):
    opinion = make_opinion(poll, "张三迟到")
    given = answers(opinion, masked_text="有的同志迟到", category="工作作风")

    first = secretary.post(page_of(opinion, name="opinion_send"), given, follow=True)
    second = secretary.post(page_of(opinion, name="opinion_send"), given, follow=True)

    problem = Problem.objects.get()
    assert (problem.content, problem.category) == ("有的同志迟到", "工作作风")
    assert "已转入台账。" in words(first)
    assert "没有重复登记" in words(second)
    assert reverse("reports:problem_detail", args=[problem.pk]) in second.content.decode()
    assert "保存并转入台账" not in second.content.decode()


def test_sending_with_words_missing_keeps_what_was_typed(secretary, poll):
    opinion = make_opinion(poll)

    response = secretary.post(page_of(opinion, name="opinion_send"), answers(opinion, masked_text="", category="其他"))

    assert "请保留可以公开的文字" in words(response)
    assert response.context["form"]["category"].value() == "其他"
    assert not OpinionReading.objects.exists()
    assert not Problem.objects.exists()


def test_an_opinion_set_aside_is_not_sent_to_the_ledger(secretary, poll):
    opinion = make_opinion(poll, "无")

    response = secretary.post(page_of(opinion, name="opinion_send"), answers(opinion, is_set_aside="on"))

    assert "“不作为意见”的，不转入台账。" in words(response)
    assert not OpinionReading.objects.exists()
    assert not Problem.objects.exists()


@pytest.mark.parametrize(("content", "is_reminded"), [("张三迟到", False), ("张三的作风问题", True)])
def test_masking_what_was_sent_reminds_of_a_ledger_with_other_words(secretary, poll, content, is_reminded):
    opinion = make_opinion(poll, "张三迟到")
    desk.send_to_ledger(opinion, by=None)
    Problem.objects.update(content=content)

    response = secretary.post(page_of(opinion), answers(opinion, masked_text="有的同志迟到"), follow=True)

    assert ("请到台账中核对" in words(response)) == is_reminded
    assert Opinion.objects.get().text == "张三迟到"
