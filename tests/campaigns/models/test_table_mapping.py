"""The meanings that an office gave its tables are kept once for each shape."""

import pytest
from django.db import IntegrityError, transaction

from campaigns.models import TableMapping
from tests.factories import make_organization, make_user

pytestmark = pytest.mark.django_db


def test_the_last_word_counts_and_other_offices_and_shapes_have_their_own():
    office, other, user = make_organization(), make_organization("乙局党委"), make_user()
    TableMapping.objects.remember(office, "a" * 64, {"columns": {"甲": "单位"}}, by=None)
    TableMapping.objects.remember(office, "a" * 64, {"columns": {"甲": "类别"}}, by=user)

    assert TableMapping.objects.meaning(office, "a" * 64) == {"columns": {"甲": "类别"}}
    assert TableMapping.objects.meaning(office, "b" * 64) is None
    assert TableMapping.objects.meaning(other, "a" * 64) is None
    assert TableMapping.objects.get().saved_by == user


@pytest.mark.parametrize("has_organization", [True, False])
def test_a_shape_is_kept_once(has_organization):
    organization = make_organization() if has_organization else None
    TableMapping.objects.create(organization=organization, shape="a", meanings={})

    with pytest.raises(IntegrityError), transaction.atomic():
        TableMapping.objects.create(organization=organization, shape="a", meanings={})
