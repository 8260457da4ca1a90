"""The row of a fact that was completed after the seal."""

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import LateFact, Poll
from tests.factories import make_sealed_poll

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        ({"fact": "attended_count"}, "late_fact_known"),
        ({"value": ""}, "late_fact_not_empty"),
        ({"reason": ""}, "late_fact_has_a_reason"),
    ],
)
def test_the_database_refuses_an_entry_that_is_none(facts, constraint):
    told = {"fact": "host", "value": "王某", "reason": "当时漏填", **facts}

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        LateFact.objects.create(poll=make_sealed_poll(), **told)


def test_every_fact_is_a_column_of_the_poll_under_the_same_label_and_no_number():
    columns = {fact: Poll._meta.get_field(fact) for fact in LateFact.Fact}

    assert [column.verbose_name for column in columns.values()] == LateFact.Fact.labels
    assert not [fact for fact in columns if fact.endswith("_count")]
