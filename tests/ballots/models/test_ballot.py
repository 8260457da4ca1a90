"""Rows that exist while ballots come in, and nothing that leads from them to a person."""

import pytest
from django.db import transaction

from ballots.models import Ballot, Code, Opinion, Receipt
from tests.ballots.models.breaking import change, violates

pytestmark = [pytest.mark.django_db, pytest.mark.database]


@pytest.mark.parametrize("model", [Code, Receipt])
def test_a_digest_is_stored_once(batch, model):
    owner = {"batch": batch} if model is Code else {"poll": batch.poll}
    model.objects.create(digest=7, **owner)

    with violates("pkey|digest"), transaction.atomic():
        model.objects.create(digest=7, **owner)


@pytest.mark.parametrize(
    ("facts", "name"), [({"kind": "rumour"}, "opinion_kind_known"), ({"text": ""}, "opinion_not_empty")]
)
def test_an_opinion_whose_facts_do_not_fit_is_refused_by_the_database(batch, facts, name):
    opinion = Opinion.objects.create(target=batch.poll.targets.get(), kind="suggestion", text="很好")

    with violates(name):
        change(Opinion.objects.filter(pk=opinion.pk), **facts)


def test_a_ballot_has_nothing_but_its_batch_and_its_marks():
    assert [field.name for field in Ballot._meta.get_fields()] == ["id", "batch", "marks"]
    assert [field.name for field in Code._meta.get_fields()] == ["digest", "batch"]
    assert [field.name for field in Receipt._meta.get_fields()] == ["digest", "poll"]


def test_keys_of_ballots_and_opinions_are_random_integers_of_the_table_itself():
    for model in (Ballot, Opinion):
        key = model._meta.pk
        made = [key.get_default() for _ in range(100)]
        assert (key.column, key.get_internal_type()) == ("id", "BigAutoField")
        assert len(set(made)) == 100
        assert sorted(made) != made
        assert all(0 < value < 2**63 for value in made)
