"""Opinions as they are counted and shown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.counting import sealing
from ballots.models import Opinion
from campaigns.models import Target
from reports import opinions
from reports.opinions import OpinionFigures, desk, opinions_content
from reports.opinions.readings import counted_by_poll
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
)
from tests.reports.opinions.reading import content, entry, in_order, merge, read

pytestmark = pytest.mark.django_db


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
        (printed,) = content_of_unit(Scope.of(sealed.campaign, sealed.organization)).polls
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

    shown = opinions_content(Scope.of(poll.campaign, poll.organization))

    assert shown == content(poll)
    assert [listed.id for listed in shown.entries] == [opinion.pk]


def queries_of(poll):
    scope = Scope.of(poll.campaign, poll.organization)
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
