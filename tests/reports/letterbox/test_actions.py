"""Letters: put in once, answered, and sent on once."""

import pytest
from django.utils import timezone

from ballots.models import Opinion
from reports.gathering.actions import CannotGather
from reports.letterbox import actions
from reports.models import Letter, Letterbox, Problem
from reports.opinions.desk import file_opinions
from tests.factories import make_letter, make_open_poll, make_organization, make_sealed_poll
from tests.reports.opinions.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_box_keeps_its_address_however_often_it_is_opened():
    organization = make_organization()
    first = actions.open_box(organization)
    actions.shut_box(organization)

    again = actions.open_box(organization)

    assert (again.pk, again.token, again.is_open) == (first.pk, first.token, True)
    assert len(first.token) >= 22


def test_the_same_letter_sent_twice_is_in_the_box_once_and_a_shut_box_takes_none():
    organization = make_organization()
    make_letter(organization)
    make_letter(organization)
    assert Letter.objects.count() == 1
    box = Letterbox.objects.get()

    actions.shut_box(organization)

    with pytest.raises(actions.BoxShut):
        actions.drop_letter(box, "太迟了", receipt=7)
    assert Letter.objects.count() == 1


def test_a_reply_has_its_day_and_is_taken_back_with_it():
    letter = make_letter(make_organization())

    actions.reply_to(letter, "已增开窗口", by=None)
    letter.refresh_from_db()
    assert (letter.reply, letter.replied_on) == ("已增开窗口", timezone.localdate())
    actions.reply_to(letter, "", by=None)

    letter.refresh_from_db()
    assert (letter.reply, letter.replied_on) == ("", None)


def test_a_letter_goes_to_the_ledger_once():
    letter = make_letter(make_organization())

    problem = actions.register_letter(letter, "食堂排队", by=None)

    assert (problem.content, problem.source) == ("食堂排队", Problem.Source.OPINION)
    with pytest.raises(actions.AlreadySent, match="早已转入台账"):
        actions.register_letter(letter, "食堂排队", by=None)
    assert Problem.objects.count() == 1


def test_a_letter_is_counted_in_a_campaign_once_and_the_desk_sends_it_on():
    poll = make_open_poll()
    letter = make_letter(poll.organization)

    actions.bring_into(letter, poll, poll.targets.get(), by=None)

    opinion = Opinion.objects.get()
    assert (opinion.text, opinion.origin.source, opinion.origin.came_on) == (letter.text, "box", letter.received_on)
    for deed in (
        lambda: actions.bring_into(letter, poll, poll.targets.get(), by=None),
        lambda: actions.register_letter(letter, "再登记", by=None),
    ):
        with pytest.raises(actions.AlreadySent):
            deed()
    assert (Opinion.objects.count(), Problem.objects.count()) == (1, 0)


def test_a_letter_in_the_ledger_is_brought_in_as_read_and_sent():
    poll = make_open_poll()
    letter = make_letter(poll.organization)
    problem = actions.register_letter(letter, "食堂排队", by=None)

    actions.bring_into(letter, poll, poll.targets.get(), by=None)

    assert Opinion.objects.get().reading.problem == problem


def test_a_letter_is_not_brought_in_about_somebody_of_another_poll():
    poll, other = make_open_poll(), make_open_poll(make_organization("另一个党委"))

    with pytest.raises(CannotGather, match="不属于"):
        actions.bring_into(make_letter(poll.organization), poll, other.targets.get(), by=None)

    assert not Opinion.objects.exists()


def test_words_masked_when_the_summary_is_filed_are_gone_from_the_letter_too():
    poll = make_sealed_poll()
    letter = make_letter(poll.organization, "王五总不在窗口")
    actions.bring_into(letter, poll, poll.targets.get(), by=None)
    read(Opinion.objects.get(), masked_text="窗口有人不在岗")

    file_opinions(poll, by=None)

    letter.refresh_from_db()
    assert letter.text == "窗口有人不在岗"
