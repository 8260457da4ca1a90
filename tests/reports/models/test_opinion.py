"""Readings of opinions: facts that fit each other, one reading an opinion."""

import pytest
from django.db import IntegrityError

from reports.ledger.actions import register_problem
from reports.models import OpinionReading
from tests.factories import (
    make_opinion,
)
from tests.reports.opinions.reading import read

pytestmark = pytest.mark.django_db


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
