"""The desk: opinions are merged, parted and sent to the ledger."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from reports.ledger.actions import register_problem
from reports.models import OpinionReading, Problem
from reports.opinions import OpinionFigures, desk
from tests.factories import (
    make_branch_poll,
    make_opinion,
    make_organization,
    make_sealed_poll,
)
from tests.reports.opinions.reading import content, entry, in_order, merge, read

pytestmark = pytest.mark.django_db


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
