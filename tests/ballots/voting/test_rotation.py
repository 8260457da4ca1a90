"""A new key in the middle of everything: printed slips go on, and nobody votes a second time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from ballots.models import Ballot
from ballots.voting import casting, codes
from ballots.voting.codes import UnknownCode
from ballots.voting.drafts import Draft
from tests.factories import make_batch, make_open_poll, make_shared

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def rotate(settings):
    """Puts a new secret key in the place of the present one, which stays among the fallbacks, or does not."""

    def put(*, keeps_old=True):
        fallbacks = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS] if keeps_old else []
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "a new key", fallbacks
        settings.CODE_KEYS = ["a new key", *fallbacks]

    return put


@pytest.fixture
def batch():
    return make_batch(make_open_poll())


def test_a_slip_printed_under_the_old_key_is_taken_once(batch, rotate):
    (slip,) = codes.make_slips(batch, 1)
    rotate()

    casting.cast(ticket=codes.exchange(slip), key="k", marks="11")

    with pytest.raises(UnknownCode):
        codes.exchange(slip)
    assert Ballot.objects.count() == 1


def test_without_the_old_key_a_slip_is_worth_nothing(batch, rotate):
    (slip,) = codes.make_slips(batch, 1)
    rotate(keeps_old=False)

    with pytest.raises(UnknownCode):
        codes.exchange(slip)


def test_slips_are_made_with_the_new_key_which_alone_opens_them_later(batch, rotate, settings):
    rotate()
    (slip,) = codes.make_slips(batch, 1)
    settings.CODE_KEYS = settings.CODE_KEYS[:1]

    assert codes.exchange(slip).batch_id == batch.pk


def test_a_ticket_taken_before_is_cast_after_and_sent_again_counts_once(batch, rotate):
    (slip,) = codes.make_slips(batch, 1)
    ticket = codes.Ticket.loads(codes.exchange(slip).dumps())
    casting.cast(ticket=ticket, key="k", marks="11")
    rotate()

    casting.cast(ticket=ticket, key="k", marks="11")

    assert Ballot.objects.count() == 1


def test_a_phone_that_voted_by_the_screen_does_not_vote_again_under_the_new_key(rotate):
    batch = make_batch(make_open_poll(), method="screen")
    codes.admit(batch, 5)
    batch.refresh_from_db()
    casting.cast(ticket=codes.exchange(codes.screen_code(batch), browser="phone"), key="k", marks="11")
    rotate()

    with pytest.raises(casting.AlreadyCast):
        casting.cast(ticket=codes.exchange(codes.screen_code(batch), browser="phone"), key="l", marks="11")

    assert Ballot.objects.count() == 1


def test_a_shared_slip_goes_on_on_each_of_its_forms_and_is_withdrawn_on_all(rotate):
    first = make_open_poll()
    second = make_open_poll(organizer=first.organization, title="另一张表")
    batches = make_shared(first, second)
    kept, returned = codes.make_slips(batches[0], 2)
    rotate()

    for number, ticket in enumerate(codes.exchange_all(kept)):
        casting.cast(ticket=ticket, key=f"k{number}", marks="11")
    is_withdrawn = codes.withdraw_slip(batches[0], returned)

    assert Ballot.objects.count() == 2
    assert is_withdrawn
    with pytest.raises(UnknownCode):
        codes.exchange(returned)


def test_a_draft_on_a_phone_is_read_under_the_new_key(batch, rotate):
    (slip,) = codes.make_slips(batch, 1)
    ticket = codes.exchange(slip)
    draft = Draft("11", {}, "k")
    kept = draft.dumps(ticket)
    rotate()

    assert Draft.loads(kept, codes.exchange(slip)) == draft


SHOWN = "from django.conf import settings as s; print(s.SECRET_KEY_FALLBACKS, s.CODE_KEYS)"


@pytest.mark.parametrize(
    ("variables", "fallbacks", "code_keys"),
    [
        ({}, [], ["s"]),
        ({"PINGYI_CODE_KEY": "c"}, [], ["c", "s"]),
        ({"PINGYI_SECRET_KEY_FALLBACKS": "t, u"}, ["t", "u"], ["s", "t", "u"]),
        ({"PINGYI_SECRET_KEY_FALLBACKS": "t", "PINGYI_CODE_KEY": "d,c"}, ["t"], ["d", "c", "s", "t"]),
    ],
)
def test_keys_of_codes_are_their_own_and_then_the_secret_keys(variables, fallbacks, code_keys, tmp_path):
    environment = os.environ | {"PINGYI_SECRET_KEY": "s", "PINGYI_VAR": str(tmp_path)} | variables
    environment["DJANGO_SETTINGS_MODULE"] = "pingyi.settings"

    shown = subprocess.run(
        [sys.executable, "-c", SHOWN], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )

    assert shown.stdout.strip() == f"{fallbacks} {code_keys}"
