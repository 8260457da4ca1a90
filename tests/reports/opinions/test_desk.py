"""The opinions desk: what is counted, what is shown, and what the deeds do with the rows."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, connections
from django.test.utils import CaptureQueriesContext

from ballots.counting import sealing
from ballots.models import Opinion
from campaigns.models import Target
from reports import opinions
from reports.ledger.actions import edit_problem, register_problem
from reports.models import OpinionReading, Problem
from reports.opinions import OpinionEntry, OpinionFigures, desk, opinions_content
from reports.opinions.readings import counted_by_poll, says_nothing
from reports.report import content_of_poll, content_of_unit
from reports.scope import Scope
from tests.factories import (
    close_poll,
    enter_ballots,
    make_batch,
    make_branch_poll,
    make_opinion,
    make_organization,
    make_sealed_poll,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_sealed_poll()


@pytest.fixture
def reader():
    return make_user("reader")


def read(opinion, **columns):
    """A reader's answers about an opinion whose reading is as it was last loaded."""
    reading = OpinionReading.objects.filter(opinion=opinion).first()
    return desk.read_opinion(opinion, by=None, answers=desk.Answers(columns, seen=reading.revision if reading else ""))


def merge(*merged):
    return desk.merge_opinions(merged[0].target.poll, [opinion.pk for opinion in merged], by=None)


def in_order(*unordered):
    """As the desk has them: by their random keys."""
    return sorted(unordered, key=lambda opinion: opinion.pk)


def entry(opinion, **facts):
    facts = {"category": "", "text": opinion.text, "times": 1, "verdicts": (), "went_to": "", **facts}
    target = opinion.target
    return OpinionEntry(opinion.pk, target.poll.organization.name, target.name, "意见建议", **facts)


def content(poll):
    return opinions_content(Scope.of_poll(poll))


# --- what is counted and shown -----------------------------------------------------------------------------------------


def test_an_opinion_that_nobody_read_stands_for_itself_and_counts(poll):
    opinion = make_opinion(poll, "少开会")

    shown = content(poll)

    assert shown == opinions.OpinionsContent(OpinionFigures(received=1, matters=1), (entry(opinion),))
    assert (shown.figures.counted, shown.figures.unread) == (1, 1)


def test_a_read_opinion_is_shown_in_its_masked_words_with_its_verdicts(poll):
    opinion = make_opinion(poll, "张三的承诺没有兑现")
    columns = {"category": "工作作风", "masked_text": "有的承诺没有兑现", "is_in_place": "no", "is_effective": "yes"}
    read(opinion, **columns)

    printed = content(poll)

    assert printed.figures == OpinionFigures(received=1, read=1, matters=1)
    shown = {"category": "工作作风", "text": "有的承诺没有兑现", "verdicts": ("不到位", "有效")}
    assert printed.entries == (entry(opinion, **shown),)


def test_alike_ones_stand_under_one_text_and_count_each(poll):
    first, second, third = in_order(*(make_opinion(poll, text) for text in ("办事慢", "办事太慢", "窗口慢")))
    other = make_opinion(poll, "好")

    merge(third, first, second)

    shown = content(poll)
    assert shown.figures == OpinionFigures(received=4, read=3, matters=2)
    assert shown.figures.counted == 4
    assert set(shown.entries) == {entry(first, times=3), entry(other)}


def test_an_opinion_set_aside_is_received_and_neither_counted_nor_shown(poll):
    empty, real = make_opinion(poll, "无"), make_opinion(poll, "少开会")
    read(empty, is_set_aside=True)

    shown = content(poll)

    assert shown.figures == OpinionFigures(received=2, set_aside=1, read=1, matters=1)
    assert shown.figures.counted == 1
    assert shown.entries == (entry(real),)


def test_every_count_of_opinions_is_the_desk_s(poll):
    elsewhere = make_sealed_poll(organizer=make_organization("另一党委"))
    for sealed_poll, texts in ((poll, ("无", "少开会")), (elsewhere, ("好", "办事慢", "办事太慢"))):
        for text in texts:
            make_opinion(sealed_poll, text)
    desk.set_aside_empty(poll, by=None)
    merge(*Opinion.objects.filter(target__poll=elsewhere, text__contains="慢"))

    assert counted_by_poll([poll, elsewhere]) == {poll.pk: 1, elsewhere.pk: 3}
    for sealed, count in ((poll, 1), (elsewhere, 3)):
        (printed,) = content_of_unit(Scope(sealed.campaign, sealed.organization)).polls
        assert (content_of_poll(sealed).opinion_count, printed.opinion_count) == (count, count)


def test_opinions_come_by_target_and_then_by_their_random_keys():
    poll = make_branch_poll(3)
    enter_ballots(make_batch(poll, method="entered"), {"-" * cells_of(poll): 5})
    close_poll(poll)
    sealing.seal(poll, by=None)
    first, second = Target.objects.filter(poll=poll).order_by("position")[:2]
    made = [make_opinion(poll, text, target=target) for target in (second, first) for text in "甲乙丙"]

    entries = content(poll).entries

    assert [listed.id for listed in entries] == [opinion.pk for opinion in in_order(*made[3:]) + in_order(*made[:3])]


def cells_of(poll):
    return sum(len(section["indicators"]) for section in poll.form["sections"])


def test_a_unit_s_part_has_the_opinions_of_the_sealed_polls_below_it(poll):
    opinion = make_opinion(poll, "少开会")
    make_opinion(make_sealed_poll(organizer=make_organization("另一党委")), "别处的")

    shown = opinions_content(Scope(poll.campaign, poll.organization))

    assert shown == content(poll)
    assert [listed.id for listed in shown.entries] == [opinion.pk]


def queries_of(poll):
    scope = Scope(poll.campaign, poll.organization)
    with CaptureQueriesContext(connection) as captured:
        opinions_content(scope)
    return len(captured)


def test_the_content_takes_as_many_queries_for_one_opinion_as_for_many(poll):
    read(make_opinion(poll, "张三迟到"), masked_text="有的同志迟到")
    for_one_opinion = queries_of(poll)
    for text in ("甲", "乙", "丙"):
        desk.send_to_ledger(make_opinion(poll, text), by=None)
    merge(*(make_opinion(poll, text) for text in ("办事慢", "办事太慢")))

    assert queries_of(poll) == for_one_opinion == 3


@pytest.mark.parametrize(
    "text",
    [
        "无",
        "无。",
        "暂无",
        "没有",
        "没有意见",
        "无意见",
        "没有什么意见和建议！",
        "无意见、建议",
        "目前没有",
        "——",
        "无其他意见",
    ],
)
def test_a_text_that_says_nothing_is_recognized(text):
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text", ["无公害蔬菜太少", "没有停车位", "没有什么意见，希望保持", "无障碍通道", "好", "不满意"]
)
def test_a_text_that_says_something_is_not_taken_for_nothing(text):
    assert not says_nothing(text)


# --- reading ---------------------------------------------------------------------------------------------------------


def test_a_reading_says_who_read_it(poll, reader):
    opinion = make_opinion(poll)

    desk.read_opinion(opinion, by=reader, answers=desk.Answers({"category": "其他"}))

    reading = OpinionReading.objects.get()
    assert (reading.opinion, reading.category, reading.read_by) == (opinion, "其他", reader)


def test_another_reader_s_entry_is_not_overwritten_silently(poll):
    opinion = make_opinion(poll)
    seen = read(opinion, category="其他").revision
    read(opinion, category="工作作风")

    with pytest.raises(desk.CannotSort, match="刚刚由别人阅办过"):
        desk.read_opinion(opinion, by=None, answers=desk.Answers({"category": "服务群众"}, seen=seen))

    assert OpinionReading.objects.get().category == "工作作风"


def test_an_opinion_in_the_ledger_or_standing_for_others_is_not_set_aside(poll):
    sent, standing, merged = (make_opinion(poll, text) for text in "甲乙丙")
    desk.send_to_ledger(sent, by=None)
    merge(standing, merged)

    for opinion in (sent, standing, merged):
        with pytest.raises(desk.CannotSort, match=r"不能再作为|请先分开"):
            read(opinion, is_set_aside=True)

    assert not OpinionReading.objects.filter(is_set_aside=True).exists()


def test_all_that_say_nothing_are_set_aside_at_once_but_what_was_read_stays(poll, reader):
    for text in ("无", "没有意见。", "少开会"):
        make_opinion(poll, text)
    kept = make_opinion(poll, "暂无")
    read(kept, category="其他")

    count = desk.set_aside_empty(poll, by=reader)

    aside = OpinionReading.objects.filter(is_set_aside=True, read_by=reader)
    assert count == 2
    assert sorted(reading.opinion.text for reading in aside) == ["无", "没有意见。"]
    assert OpinionReading.objects.count() == 3


# --- merging and parting ---------------------------------------------------------------------------------------------


def standing_for(opinion):
    return set(OpinionReading.objects.filter(merged_into__opinion=opinion).values_list("opinion", flat=True))


def test_the_first_of_alike_ones_stands_for_all_and_takes_their_category(poll):
    first, second = in_order(make_opinion(poll, "甲"), make_opinion(poll, "乙"))
    read(second, category="办事效率")

    merge(second, first)

    assert standing_for(first) == {second.pk}
    assert OpinionReading.objects.get(opinion=first).category == "办事效率"


def test_opinions_merged_before_go_along_when_their_first_is_merged(poll):
    first, second, third = in_order(*(make_opinion(poll, text) for text in "甲乙丙"))
    merge(second, third)

    merge(first, second)

    assert standing_for(first) == {second.pk, third.pk}
    assert standing_for(second) == set()


def test_a_merged_one_that_is_in_the_ledger_brings_its_problem(poll):
    first, second = in_order(make_opinion(poll, "甲"), make_opinion(poll, "乙"))
    problem, _ = desk.send_to_ledger(second, by=None)

    merge(first, second)

    assert list(problem.readings.all()) == [OpinionReading.objects.get(opinion=first)]


def test_opinions_of_two_problems_are_not_merged(poll):
    sent = [make_opinion(poll, text) for text in "甲乙"]
    for opinion in sent:
        desk.send_to_ledger(opinion, by=None)

    with pytest.raises(desk.CannotSort, match="不同问题"):
        merge(*sent)

    assert Problem.objects.filter(readings__isnull=False).count() == 2


def test_opinions_on_two_targets_are_not_merged():
    poll = make_branch_poll(2)
    first, second = poll.targets.order_by("position")[:2]
    about = [make_opinion(poll, "少开会", target=target) for target in (first, second)]

    with pytest.raises(desk.CannotSort, match="同一个评议对象"):
        merge(*about)

    assert not OpinionReading.objects.exists()


def test_of_another_poll_nothing_is_merged(poll):
    own = make_opinion(poll)
    foreign = make_opinion(make_sealed_poll(organizer=make_organization("另一党委")))

    with pytest.raises(desk.CannotSort, match="至少勾选两条"):
        desk.merge_opinions(poll, [own.pk, foreign.pk], by=None)

    assert not OpinionReading.objects.exists()


def test_an_opinion_set_aside_is_not_merged(poll):
    empty, real = make_opinion(poll, "无"), make_opinion(poll, "少开会")
    read(empty, is_set_aside=True)

    with pytest.raises(desk.CannotSort, match="不作为意见"):
        merge(empty, real)

    assert not OpinionReading.objects.filter(merged_into__isnull=False).exists()


def test_a_parted_one_stands_for_itself_again(poll):
    first, second, third = in_order(*(make_opinion(poll, text) for text in "甲乙丙"))
    merge(first, second, third)

    desk.part_opinion(second, by=None)

    assert standing_for(first) == {third.pk}
    assert set(content(poll).entries) == {entry(first, times=2), entry(second)}


# --- the ledger ------------------------------------------------------------------------------------------------------


def test_an_opinion_becomes_a_problem_of_its_unit_in_the_words_that_may_be_shown(poll, reader):
    opinion = make_opinion(poll, "张三\n迟到")
    read(opinion, category="工作作风", masked_text="有的同志\n迟到")

    problem, is_new = desk.send_to_ledger(opinion, by=reader)

    problem.refresh_from_db()
    assert is_new
    assert (problem.organization, problem.campaign, problem.target) == (
        poll.organization,
        poll.campaign,
        opinion.target,
    )
    assert (problem.content, problem.category, problem.source) == ("有的同志 迟到", "工作作风", "opinion")
    assert problem.created_by == reader
    assert content(poll).entries[0].went_to == "台账第1号"
    assert content(poll).figures == OpinionFigures(received=1, read=1, matters=1, sent=1)


def test_the_number_is_that_of_the_ledger(poll):
    register_problem(poll.organization, by=None, content="早先的问题", campaign=poll.campaign)
    desk.send_to_ledger(make_opinion(poll), by=None)

    assert content(poll).entries[0].went_to == "台账第2号"


def test_a_problem_of_another_campaign_has_no_number_here(poll):
    problem, _ = desk.send_to_ledger(make_opinion(poll), by=None)
    Problem.objects.filter(pk=problem.pk).update(campaign=None)

    assert content(poll).entries[0].went_to == "已转台账"


def test_a_long_opinion_is_cut_to_what_the_ledger_takes(poll):
    problem, _ = desk.send_to_ledger(make_opinion(poll, "长" * 501), by=None)

    problem.refresh_from_db()
    assert problem.content == "长" * 499 + "…"


def test_an_opinion_is_sent_in_the_words_saved_with_it(poll):
    opinion = make_opinion(poll, "张三迟到")

    problem, _ = desk.send_to_ledger(opinion, by=None, answers=desk.Answers({"masked_text": "有的同志迟到"}))

    assert problem.content == "有的同志迟到"
    assert content(poll).entries[0].text == "有的同志迟到"


def test_opinions_set_aside_or_merged_are_not_sent(poll):
    empty, (first, second) = make_opinion(poll, "无"), in_order(make_opinion(poll, "甲"), make_opinion(poll, "乙"))
    read(empty, is_set_aside=True)
    merge(first, second)

    for opinion in (empty, second):
        with pytest.raises(desk.CannotSort, match=r"不转入台账|请转那一条"):
            desk.send_to_ledger(opinion, by=None)

    assert not Problem.objects.exists()


def test_a_second_time_gives_the_same_problem_and_changes_nothing(poll):
    opinion = make_opinion(poll)
    problem, _ = desk.send_to_ledger(opinion, by=None)

    assert desk.send_to_ledger(opinion, by=None, answers=desk.Answers({"category": "其他"})) == (problem, False)
    assert OpinionReading.objects.get().category == ""


def at_once(*deeds):
    start = Barrier(len(deeds))

    def run(deed):
        try:
            start.wait()
            return deed()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


@pytest.mark.django_db(transaction=True)
def test_many_who_send_one_opinion_at_once_make_one_problem():
    opinion = make_opinion(make_sealed_poll())

    answers = at_once(*[lambda: desk.send_to_ledger(opinion, by=None)] * 8)

    problem = Problem.objects.get()
    assert {sent for sent, _ in answers} == {problem}
    assert sorted(is_new for _, is_new in answers) == [False] * 7 + [True]
    assert OpinionReading.objects.get().problem == problem


# --- filing ----------------------------------------------------------------------------------------------------------


def test_filing_drops_the_originals_and_shows_the_same(poll, reader):
    masked, other = make_opinion(poll, "张三迟到"), make_opinion(poll, "好")
    read(masked, masked_text="有的同志迟到", category="工作作风")
    read(other)
    before = content(poll)

    count = desk.file_opinions(poll, by=reader)

    masked.refresh_from_db()
    assert count == 1
    assert masked.text == "有的同志迟到"
    assert OpinionReading.objects.get(opinion=masked).masked_text == ""
    assert OpinionReading.objects.get(opinion=masked).read_by == reader
    assert content(poll) == before


def test_words_masked_later_go_when_opinions_are_filed_again(poll):
    opinion = make_opinion(poll, "张三和李四迟到")
    for text in ("有的同志和李四迟到", "有的同志迟到"):
        read(opinion, masked_text=text)
        desk.file_opinions(poll, by=None)

    opinion.refresh_from_db()
    assert opinion.text == "有的同志迟到"


def test_the_ledger_follows_what_is_masked_and_its_history_keeps_no_original(poll):
    opinion = make_opinion(poll, "张三迟到")
    problem, _ = desk.send_to_ledger(opinion, by=None)

    read(opinion, masked_text="有的同志迟到")

    problem.refresh_from_db()
    assert problem.content == "有的同志迟到"
    assert [change.text for change in problem.changes.all()] == ["登记", "反映问题改用公开的文字"]


def test_words_that_the_ledger_s_keeper_chose_stay_and_the_history_keeps_no_original(poll):
    opinion = make_opinion(poll, "张三迟到")
    problem, _ = desk.send_to_ledger(opinion, by=None)
    edit_problem(problem.pk, {"content": "作风问题", "category": "作风"}, seen=problem.revision, by=None)

    read(opinion, masked_text="有的同志迟到")
    desk.file_opinions(poll, by=None)

    problem.refresh_from_db()
    assert problem.content == "作风问题"
    assert [change.text for change in problem.changes.all()] == ["登记", "修改反映问题；填写类别“作风”"]


def test_a_parted_opinion_is_masked_in_the_ledger_as_well(poll):
    first, other = in_order(make_opinion(poll, "张三迟到"), make_opinion(poll, "李四迟到"))
    problem, _ = desk.send_to_ledger(other, by=None)
    merge(first, other)
    desk.part_opinion(other, by=None)

    read(other, masked_text="有的同志迟到")

    problem.refresh_from_db()
    assert problem.content == "有的同志迟到"


# --- constraints -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("opinion_set_aside_goes_nowhere", {"is_set_aside": True, "problem": True}),
        ("opinion_set_aside_goes_nowhere", {"is_set_aside": True, "merged_into": "other"}),
        ("opinion_not_merged_into_itself", {"merged_into": "self"}),
        ("opinion_merged_goes_with_the_other", {"merged_into": "other", "problem": True}),
        ("opinion_answers_known", {"is_in_place": "x"}),
        ("opinion_answers_known", {"is_reasonable": "x"}),
        ("opinion_answers_known", {"is_effective": "x"}),
    ],
)
def test_the_database_refuses(poll, name, columns):
    reading, other = read(make_opinion(poll, "甲")), read(make_opinion(poll, "乙"))
    given = {"self": reading, "other": other}
    columns = {key: given.get(value, value) for key, value in columns.items()}
    if columns.get("problem"):
        columns["problem"] = register_problem(poll.organization, by=None, content="问题")

    with pytest.raises(IntegrityError, match=name):
        OpinionReading.objects.filter(pk=reading.pk).update(**columns)


def test_an_opinion_is_read_once(poll):
    reading = read(make_opinion(poll))

    with pytest.raises(IntegrityError):
        OpinionReading.objects.create(opinion=reading.opinion)


def test_filing_masks_a_problem_that_was_registered_by_hand_in_the_original_words(poll, reader):
    opinion = make_opinion(poll, "窗口的老王答复拖拉。")
    desk.read_opinion(opinion, by=reader, answers=desk.Answers({"masked_text": "有的窗口答复拖拉。"}))
    problem = register_problem(poll.organization, by=reader, content=opinion.text, target=opinion.target)

    desk.file_opinions(poll, by=reader)

    problem.refresh_from_db()
    assert problem.content == "有的窗口答复拖拉。"
