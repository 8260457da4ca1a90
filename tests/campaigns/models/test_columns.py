"""Columns by their names: a relation that another table holds, or a text without a limit, is refused."""

import pytest

from campaigns.models import Organization, Poll
from campaigns.models.columns import column, max_length


def test_a_column_has_its_label_and_its_length():
    assert column(Poll, "entitled_count").verbose_name == "应参评人数"
    assert max_length(Organization, "name") == 100


def test_a_relation_held_elsewhere_is_no_column():
    with pytest.raises(TypeError, match="targets is no column"):
        column(Poll, "targets")


def test_a_column_without_a_limit_has_no_length():
    with pytest.raises(TypeError, match="has no limit"):
        max_length(Poll, "entitled_count")
