"""Words that were typed and not saved: of one user and one form, for two weeks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from campaigns.models import UnsavedText
from campaigns.models.unsaved_text import KEPT_DAYS, MOST_FORMS
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.fixture
def writer():
    return make_user("writer")


def test_words_kept_again_take_the_place_of_those_before(writer):
    UnsavedText.objects.keep(writer, "/ledger/1/", {"cause": "窗口少"})
    UnsavedText.objects.keep(writer, "/ledger/1/", {"cause": "窗口少，人手不足"})

    assert [kept.words for kept in UnsavedText.objects.of(writer, "/ledger/1/")] == [{"cause": "窗口少，人手不足"}]


def test_words_belong_to_one_user_and_one_form(writer):
    UnsavedText.objects.keep(writer, "/ledger/1/", {"cause": "窗口少"})

    assert not UnsavedText.objects.of(make_user("reader"), "/ledger/1/").exists()
    assert not UnsavedText.objects.of(writer, "/ledger/2/").exists()
    with pytest.raises(IntegrityError, match=r"unsaved_text_unique|campaigns_unsavedtext[.]user_id"):
        UnsavedText.objects.create(user=writer, form="/ledger/1/")


def test_words_older_than_two_weeks_go_when_others_are_kept(writer):
    UnsavedText.objects.keep(writer, "/ledger/1/", {"cause": "旧"})
    UnsavedText.objects.update(kept_at=timezone.now() - timedelta(days=KEPT_DAYS, minutes=1))

    UnsavedText.objects.keep(make_user("other"), "/ledger/2/", {"cause": "新"})

    assert [kept.form for kept in UnsavedText.objects.all()] == ["/ledger/2/"]


def test_of_many_forms_the_latest_are_kept(writer):
    for number in range(MOST_FORMS + 1):
        UnsavedText.objects.keep(writer, f"/ledger/{number}/", {"cause": "写"})

    assert UnsavedText.objects.count() == MOST_FORMS
    assert not UnsavedText.objects.of(writer, "/ledger/0/").exists()


def test_words_that_quote_a_text_that_was_taken_away_go_with_it(writer):
    UnsavedText.objects.keep(writer, "/ledger/1/", {"cause": "有人说王某迟到，要查"})
    UnsavedText.objects.keep(writer, "/ledger/2/", {"cause": "窗口少"})

    UnsavedText.objects.forget_quotations(["", "王某迟到"])

    assert [kept.form for kept in UnsavedText.objects.all()] == ["/ledger/2/"]
