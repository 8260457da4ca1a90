import re

import pytest
import time_machine
from django.core import signing
from django.db import connection
from django.test.utils import CaptureQueriesContext

from ballots.counting import closing
from ballots.models import Batch, Code
from ballots.voting import casting, codes
from campaigns.models.states import StateError
from tests.ballots.test_anonymity import correlation
from tests.factories import close_poll, make_batch, make_open_poll, make_organization, make_shared

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def batch():
    return make_batch(make_open_poll())


@pytest.fixture
def screen():
    return make_batch(make_open_poll(make_organization("另一局党委")), method="screen")


def test_slips_are_different_and_only_their_digests_are_kept(batch):
    slips = codes.make_slips(batch, 60)

    assert len(set(slips)) == 60
    assert {len(slip) for slip in slips} == {codes.CODE_LENGTH}
    assert set(batch.codes.values_list("digest", flat=True)) == {codes.slip_digest(slip) for slip in slips}


def test_no_character_of_a_code_can_be_mistaken_for_another():
    assert not set("01ILOUV") & set(codes.ALPHABET)
    assert len(set(codes.ALPHABET)) == len(codes.ALPHABET)


def test_slips_made_later_add_to_the_number_printed_even_by_a_page_that_was_opened_before(batch):
    opened_before = Batch.objects.get(pk=batch.pk)
    codes.make_slips(batch, 3)

    codes.make_slips(opened_before, 4)

    batch.refresh_from_db()
    assert (batch.printed_count, batch.codes.count()) == (7, 7)


@pytest.mark.parametrize("count", [0, -1, codes.MAX_PRINTED + 1])
def test_a_number_of_slips_or_people_out_of_range_is_refused(batch, screen, count):
    with pytest.raises(ValueError, match="1至2000"):
        codes.make_slips(batch, count)
    with pytest.raises(ValueError, match="1至2000"):
        codes.admit(screen, count)

    assert not Code.objects.exists()


def test_slips_that_were_invented_but_not_issued_give_no_right(batch):
    (slip,) = codes.invent_slips(1)

    with pytest.raises(codes.UnknownCode):
        codes.exchange(slip)


def test_no_right_is_made_once_the_poll_is_closed(batch):
    codes.make_slips(batch, 2)
    close_poll(batch.poll)

    with pytest.raises(StateError, match="不收票"):
        codes.make_slips(batch, 5)

    batch.refresh_from_db()
    assert (batch.printed_count, batch.codes.count()) == (2, 0)


def test_no_right_is_made_in_a_voided_batch(batch):
    closing.void_batch(batch, by=None, reason="多发")

    with pytest.raises(StateError, match="不收票"):
        codes.make_slips(batch, 5)

    assert not Code.objects.exists()


def test_each_way_of_voting_has_its_own_rights(batch, screen):
    with pytest.raises(StateError):
        codes.make_slips(screen, 1)
    with pytest.raises(StateError):
        codes.admit(batch, 1)

    assert not Code.objects.exists()


@pytest.mark.parametrize(
    "write",
    [str.lower, lambda code: f" {code[:5]} - {code[5:]}\n", lambda code: f"{code[:5]}—{code[5:]}", "full-width"],
)
def test_a_code_may_be_typed_loosely(batch, write):
    (slip,) = codes.make_slips(batch, 1)
    typed = "".join(chr(ord(character) + 0xFEE0) for character in slip) if write == "full-width" else write(slip)

    ticket = codes.exchange(typed)

    assert ticket == codes.Ticket(batch.pk, batch.poll_id, codes.slip_digest(slip), "")


@pytest.mark.parametrize(
    "typed", ["", "ABC", "AAAAAAAAAA", "AAAAAA", "我的选票码", "' OR 1=1", "A" * 5000, "\x00" * 10]
)
def test_a_text_that_is_no_code_is_refused_as_unknown(batch, screen, typed):
    codes.make_slips(batch, 1)
    codes.admit(screen, 1)

    with pytest.raises(codes.UnknownCode):
        codes.exchange(typed)


def test_a_batch_that_admits_nobody_yet_is_not_found_by_the_code_of_an_empty_secret(screen):
    assert screen.screen_secret == ""

    with pytest.raises(codes.UnknownCode):
        codes.exchange(codes.screen_code(screen))


def test_a_screen_keeps_its_code_when_more_people_come(screen):
    codes.admit(screen, 3)
    first = screen.screen_secret

    codes.admit(screen, 2)

    screen.refresh_from_db()
    assert (screen.screen_secret, screen.printed_count, screen.codes.count()) == (first, 5, 5)


@pytest.fixture
def at():
    """Moves the clock to so many seconds into the time of a code."""
    start = 1_795_000_000 // 180 * 180

    with time_machine.travel(start, tick=False) as traveller:
        yield lambda seconds: traveller.move_to(start + seconds)


def test_the_code_of_a_screen_changes_and_the_one_before_is_good_a_minute_more(screen, at):
    codes.admit(screen, 3)
    shown = codes.screen_code(screen)
    at(179)
    assert codes.screen_code(screen) == shown

    at(180 + 59)

    assert codes.screen_code(screen) != shown
    assert codes.exchange(shown).batch_id == codes.exchange(codes.screen_code(screen)).batch_id == screen.pk
    at(180 + 60)
    with pytest.raises(codes.OldCode):
        codes.exchange(shown)
    at(180 + 24 * 3600)
    with pytest.raises(codes.UnknownCode):
        codes.exchange(shown)


def test_a_code_that_will_be_shown_later_is_unknown(screen, at):
    codes.admit(screen, 3)
    at(180)
    later = codes.screen_code(screen)
    at(0)

    with pytest.raises(codes.UnknownCode):
        codes.exchange(later)


def test_a_shut_door_lets_nobody_in_and_whoever_is_in_may_cast(screen):
    codes.admit(screen, 3)
    inside = codes.exchange(codes.screen_code(screen))
    screen.shut_door()

    with pytest.raises(codes.DoorShut):
        codes.exchange(codes.screen_code(screen))

    casting.cast(ticket=inside, key="key", marks="11")
    screen.open_door()
    assert codes.exchange(codes.screen_code(screen)).batch_id == screen.pk


def test_the_code_of_one_screen_is_none_of_another_s(screen):
    other = make_batch(screen.poll, method="screen", category="群众代表")
    for batch in (screen, other):
        codes.admit(batch, 1)
    own, others = codes.screen_code(screen), codes.screen_code(other)

    with pytest.raises(codes.UnknownCode):
        codes.exchange(own[: codes.SCREEN_LETTERS] + others[codes.SCREEN_LETTERS :])


@pytest.mark.parametrize("pk", [1, 28, 29, 841, 24_389, 20_511_149, 2**57])
def test_a_screen_code_names_its_batch(pk):
    code = codes.screen_code(Batch(pk=pk, screen_secret="x"))

    assert codes.named_batch(codes.pretty(code).lower()) == pk


@pytest.mark.parametrize("typed", ["", "2345", "A0IL1OUV2", "会场码会场码会场码", "\x00" * 12])
def test_what_is_no_screen_code_names_none(typed):
    assert codes.named_batch(typed) is None


def test_a_browser_gets_the_same_ticket_of_a_screen_again_and_another_browser_another(screen):
    codes.admit(screen, 3)

    tickets = [codes.exchange(codes.screen_code(screen), browser=browser) for browser in ("a", "a", "b")]

    assert tickets[0] == tickets[1]
    assert tickets[0].browser != tickets[2].browser


def test_two_screens_see_marks_of_a_browser_that_have_nothing_in_common(screen):
    other = make_batch(screen.poll, method="screen", category="群众代表")
    for batch in (screen, other):
        codes.admit(batch, 1)

    first, second = (codes.exchange(codes.screen_code(batch), browser="a") for batch in (screen, other))

    assert first.browser != second.browser
    assert "a" not in (first.browser, second.browser)


def test_a_ticket_survives_its_cookie_and_carries_no_code(batch):
    (slip,) = codes.make_slips(batch, 1)
    ticket = codes.exchange(slip)

    written = ticket.dumps()

    assert codes.Ticket.loads(written) == ticket
    assert slip not in written
    assert slip not in str(signing.loads(written, salt="ballots.ticket"))


def test_a_ticket_that_was_changed_or_is_too_old_is_refused(batch):
    (slip,) = codes.make_slips(batch, 1)
    with time_machine.travel("2026-11-20 09:00", tick=False):
        written = codes.exchange(slip).dumps()
        with pytest.raises(signing.BadSignature):
            codes.Ticket.loads("A" + written)

    with time_machine.travel("2026-11-20 12:01", tick=False), pytest.raises(signing.SignatureExpired):
        codes.Ticket.loads(written)


@pytest.fixture
def tied(batch):
    """Batches of two forms of one unit that share their slips."""
    return make_shared(batch.poll, make_open_poll(batch.poll.organization, title="党员评议票"))


def test_a_shared_slip_has_a_digest_of_its_own_on_each_form_and_no_number_brings_them_together(tied):
    slips = codes.make_slips(tied[0], 400)

    first, second = (set(form.codes.values_list("digest", flat=True)) for form in tied)
    assert (len(first), len(second), first & second) == (400, 400, set())
    pairs = [[ticket.slip for ticket in codes.exchange_all(slip)] for slip in slips]
    assert ({pair[0] for pair in pairs}, {pair[1] for pair in pairs}) == (first, second)
    # Neither their size nor the order in which they lie says which two are of one slip.
    assert abs(correlation(*map(list, zip(*pairs, strict=True)))) < 0.25
    lying = [list(form.codes.order_by("pk").values_list("pk", flat=True)) for form in tied]
    assert abs(correlation([lying[0].index(own) for own, _ in pairs], [lying[1].index(own) for _, own in pairs])) < 0.25


def test_a_code_keeps_the_digest_of_a_slip_with_one_form_at_the_first_place(tied):
    (slip,) = codes.make_slips(tied[0], 1)

    assert codes.slip_digests(slip)[0] == codes.slip_digest(slip) == tied[0].codes.get().digest
    assert len(set(codes.slip_digests(slip))) == 4


def test_slips_made_after_one_form_closed_admit_to_the_others_alone(tied):
    close_poll(tied[0].poll)

    (slip,) = codes.make_slips(tied[1], 1)

    assert [form.codes.count() for form in tied] == [0, 1]
    assert codes.exchange_all(slip)[1].slip == tied[1].codes.get().digest
    with pytest.raises(StateError):
        codes.make_slips(tied[0], 1)


def test_slips_that_were_drawn_before_the_tie_are_not_issued(batch):
    drawn = Batch.objects.get(pk=batch.pk)
    other = make_open_poll(batch.poll.organization, title="党员评议票")
    make_shared(other, batch.poll)

    with pytest.raises(StateError, match="请再制作一次"):
        codes.make_slips(drawn, 2)

    assert not Code.objects.exists()
    assert len(codes.exchange_all(codes.make_slips(Batch.objects.get(pk=batch.pk), 1)[0])) == 2


def test_a_form_that_cannot_take_the_slips_leaves_the_others_without_them_too(tied):
    close_poll(tied[1].poll)
    with pytest.raises(StateError):
        codes.make_slips(tied[1], 5)

    assert [form.codes.count() for form in tied] == [0, 0]
    assert [Batch.objects.get(pk=form.pk).printed_count for form in tied] == [0, 0]


def test_a_slip_that_came_back_is_good_for_nothing_on_every_form_and_no_count_tells_where_it_was_used(tied):
    used, fresh, other = codes.make_slips(tied[0], 3)
    casting.cast(ticket=codes.exchange(used), key="k", marks="12")
    before = [form.codes.count() for form in tied]

    taken_back = [codes.withdraw_slip(tied[1], slip) for slip in (used, fresh, fresh, "ABCDEFGHJK")]

    assert taken_back == [True, True, False, False]
    assert [form.codes.count() for form in tied] == before == [2, 3]
    for slip in (used, fresh):
        with pytest.raises(codes.UnknownCode):
            codes.exchange(slip)
    assert len(codes.exchange_all(other)) == 2
    close_poll(tied[0].poll)
    tied[0].refresh_from_db()
    assert (tied[0].printed_count, tied[0].returned_count, tied[0].unused_count) == (3, 1, 2)


def test_a_slip_of_another_batch_is_not_taken_back(batch, tied):
    lone = make_batch(batch.poll, category="群众代表")
    (slip,) = codes.make_slips(lone, 1)

    assert not codes.withdraw_slip(tied[0], slip)
    assert codes.exchange(slip).batch_id == lone.pk
    assert codes.withdraw_slip(lone, slip)


def test_no_code_that_was_ever_shown_is_called_impossible():
    shown = codes.invent_slips(50)
    shown += [codes.screen_code(Batch(pk=key, screen_secret="S")) for key in (1, 840, 841, 10**6, 10**9)]

    assert [codes.impossible(spelling) for code in shown for spelling in (code, codes.pretty(code.lower()))] == [
        ""
    ] * 110


@pytest.mark.parametrize(
    ("typed", "start"), [("2345", "您输入了4位，少了"), ("2" * 20, "您输入了20位，多了"), ("ｏ2", "码里从来没有“O”")]
)
def test_what_is_wrong_with_a_text_that_is_no_code_is_said(typed, start):
    assert codes.impossible(typed).startswith(start)


def test_the_codes_of_several_batches_are_issued_together_or_not_at_all():
    poll = make_open_poll()
    batches = [make_batch(poll), make_batch(poll, category="群众代表")]
    slips = [codes.invent_slips(3), codes.invent_slips(2)]
    issues = [codes.Issue.of(batch, own) for batch, own in zip(batches, slips, strict=True)]

    codes.issue_together(issues)

    for batch, own in zip(batches, slips, strict=True):
        batch.refresh_from_db()
        assert {codes.exchange(code).batch_id for code in own} == {batch.pk}
        assert batch.printed_count == len(own)
    seen_before = Batch.objects.get(pk=batches[0].pk)
    codes.make_slips(batches[0], 1)
    others = [codes.Issue.of(batch, codes.invent_slips(1)) for batch in (make_batch(poll), seen_before)]
    with pytest.raises(StateError, match="同时在别处制作了选票码"):
        codes.issue_together(others)
    assert Code.objects.count() == 6


def test_codes_of_several_batches_lie_in_the_order_of_their_digests():
    poll = make_open_poll()
    batches = [make_batch(poll), make_batch(poll, category="群众代表")]
    issues = [codes.Issue.of(batch, codes.invent_slips(20)) for batch in batches]

    with CaptureQueriesContext(connection) as queries:
        codes.issue_together(issues)

    (written,) = [query["sql"] for query in queries if query["sql"].startswith('INSERT INTO "ballots_code"')]
    digests = [int(number) for number in re.findall(r"\b\d{12,}\b", written)]
    assert len(digests) == 40
    assert digests == sorted(digests)


@pytest.mark.parametrize("count", [1, 6])
def test_issuing_for_many_batches_takes_as_many_queries_as_for_one(count, django_assert_num_queries):
    poll = make_open_poll()
    issues = [codes.Issue.of(make_batch(poll), codes.invent_slips(2)) for _ in range(count)]

    with django_assert_num_queries(6):
        codes.issue_together(issues)
