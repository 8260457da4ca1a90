"""The pages of gathering show what was recorded, and nothing of a ballot."""

import pytest

from ballots.counting import sealing
from ballots.voting import casting, codes
from reports.gathering.content import forums_of, gathered_entry, gathered_opinions
from tests.factories import close_poll, make_batch, make_forum, make_gathered, make_user
from tests.reports.opinions.reading import read

pytestmark = pytest.mark.django_db


def test_an_open_poll_shows_what_was_recorded_and_no_opinion_from_a_ballot(poll):
    officer = make_user("officer", first_name="张干事")
    make_gathered(poll, "路灯坏了", by=officer)
    make_forum(poll, "停车难", by=officer)
    (slip,) = codes.make_slips(make_batch(poll), 1)
    words = casting.OpinionText(poll.targets.get().pk, "票上的话")
    casting.cast(ticket=codes.exchange(slip), key="key", marks="11", opinions=[words])

    entries = [gathered_entry(opinion) for opinion in gathered_opinions(poll)]

    assert [(entry.source, entry.text, str(entry.came_on), entry.place, entry.recorded_by) for entry in entries] == [
        ("座谈会", "停车难", "2026年3月6日", "二楼会议室", "张干事"),
        ("信箱", "路灯坏了", "2026年3月5日", "镇政府门口", "张干事"),
    ]
    assert [(forum.attended_count, forum.raised) for forum in forums_of(poll)] == [(12, 1)]


def test_masked_words_take_the_place_of_those_that_were_recorded(poll):
    make_gathered(poll, "张三态度不好")
    close_poll(poll)
    sealing.seal(poll, by=None)
    (opinion,) = gathered_opinions(poll)
    read(opinion, masked_text="有的同志态度不好")

    (entry,) = map(gathered_entry, gathered_opinions(poll))

    assert (entry.text, entry.is_read) == ("有的同志态度不好", True)
