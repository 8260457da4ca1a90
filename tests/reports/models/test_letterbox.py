"""Letters of an 意见箱: words, a day, and nothing that leads to their writer."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from reports.models import Letter
from tests.factories import make_letter, make_organization

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_a_letter_is_its_words_a_day_and_digests_alone():
    letter = make_letter(make_organization(), "食堂中午排队太久")

    columns = ["id", "letterbox", "text", "received_on", "receipt", "reply", "replied_on", "replied_by", "problem"]
    assert [field.name for field in Letter._meta.concrete_fields] == [*columns, "opinion"]
    assert (letter.text, letter.received_on) == ("食堂中午排队太久", timezone.localdate())
    assert letter.pk > 2**20


@pytest.mark.parametrize(
    ("facts", "name"),
    [({"text": ""}, "letter_not_empty"), ({"reply": "已经改了"}, "letter_reply_dated")],
)
def test_a_letter_whose_facts_do_not_fit_is_refused_by_the_database(facts, name):
    letter = make_letter(make_organization())

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**facts)
