"""Words of a window in a campaign: among its opinions with the source named, once, and out again with the days."""

from datetime import date

import pytest

from ballots.models import Opinion
from reports.models import OpinionReading, WindowTaking, WindowWord
from reports.opinions.desk import file_opinions
from reports.opinions.readings import opinion_figures
from reports.window.actions import mask_word
from reports.window.taking import CannotTake, give_back, take_into
from reports.window.words import words_of_days
from tests.factories import make_open_poll, make_sealed_poll, make_window

pytestmark = [pytest.mark.django_db, pytest.mark.database]

# A Monday to the Saturday after next.
DAYS = tuple((date(2015, 3, day), (6, 0, 0)) for day in (2, 3, 9, 10, 14))
FIRST_WEEK, SECOND_WEEK = date(2015, 3, 2), date(2015, 3, 9)


@pytest.fixture
def window(poll):
    window = make_window(poll.organization, *DAYS)
    for text, week in (("排队太久", FIRST_WEEK), ("王五态度好", FIRST_WEEK), ("空调坏了", SECOND_WEEK)):
        WindowWord.objects.create(window=window, text=text, week_on=week)
    return window


@pytest.fixture
def poll():
    return make_open_poll()


def take(poll, window, first, last, **facts):
    return take_into(poll, window, first_on=date(2015, 3, first), last_on=date(2015, 3, last), by=None, **facts)


def test_words_of_the_weeks_that_end_in_the_days_are_opinions_with_their_source(poll, window):
    mask_word(WindowWord.objects.get(text="王五态度好"), "工作人员态度好")

    take(poll, window, 2, 10)

    opinions = Opinion.objects.order_by("text")
    assert [
        (opinion.text, opinion.origin.get_source_display(), opinion.origin.came_on, opinion.origin.place)
        for opinion in opinions
    ] == [
        ("工作人员态度好", "窗口", date(2015, 3, 8), "办事大厅"),
        ("排队太久", "窗口", date(2015, 3, 8), "办事大厅"),
    ]
    assert {opinion.target for opinion in opinions} == {poll.targets.get()}
    assert opinion_figures([poll]).sources == (("窗口", 2),)
    # The word of the week that is not over stays at the window.
    assert WindowWord.objects.get(opinion=None).text == "空调坏了"


def test_weeks_taken_one_after_another_bring_each_word_once(poll, window):
    take(poll, window, 2, 3)
    assert Opinion.objects.count() == 0

    take(make_open_poll(poll.organization, title="另一次评议"), window, 8, 10)
    take(poll, window, 11, 14)

    assert Opinion.objects.count() == 2
    assert list(words_of_days(window, date(2015, 3, 8), date(2015, 3, 8))) == list(
        WindowWord.objects.exclude(opinion=None).order_by("pk")
    )


def test_days_without_taps_between_two_campaigns_bring_a_word_to_one_of_them(poll, window):
    other = make_open_poll(poll.organization, title="另一次评议")
    take(poll, window, 2, 8)
    take(other, window, 8, 10)

    assert Opinion.objects.filter(target__poll=poll).count() == 2
    assert not Opinion.objects.filter(target__poll=other).exists()


def test_what_is_given_back_takes_its_words_along_and_another_campaign_gets_them(poll, window):
    taking = take(poll, window, 2, 10)

    give_back(taking)

    assert not Opinion.objects.exists() and not WindowWord.objects.exclude(opinion=None).exists()
    take(make_open_poll(poll.organization, title="另一次评议"), window, 2, 10)
    assert Opinion.objects.count() == 2


def test_words_that_were_read_keep_the_days_in_the_campaign(poll, window):
    taking = take(poll, window, 2, 10)
    OpinionReading.objects.create(opinion=Opinion.objects.first())

    with pytest.raises(CannotTake, match="已经有阅办的，不能撤回"):
        give_back(taking)

    assert WindowTaking.objects.get() == taking
    assert Opinion.objects.count() == 2


def test_words_go_to_the_target_that_was_chosen_and_to_none_of_another_poll(poll, window):
    foreign = make_open_poll(poll.organization, title="另一次评议").targets.get()

    with pytest.raises(CannotTake, match="不属于本次评议活动"):
        take(poll, window, 2, 10, target=foreign)

    assert not WindowTaking.objects.exists() and not Opinion.objects.exists()


def test_words_masked_when_the_summary_is_filed_are_gone_from_the_window_too():
    poll = make_sealed_poll()
    window = make_window(poll.organization, *DAYS)
    WindowWord.objects.create(window=window, text="王五态度好", week_on=FIRST_WEEK)
    take(poll, window, 2, 10)
    OpinionReading.objects.create(opinion=Opinion.objects.get(), masked_text="工作人员态度好")

    file_opinions(poll, by=None)

    word = WindowWord.objects.get()
    assert (word.text, word.masked_text) == ("工作人员态度好", "")
