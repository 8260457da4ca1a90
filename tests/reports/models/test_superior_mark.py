"""A superior marks a person once, in grades."""

import pytest
from django.db import IntegrityError, transaction

from reports.models import SuperiorMark
from tests.factories import make_open_poll, make_superior_mark

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def test_it_is_called_by_who_marked_whom():
    assert str(make_superior_mark(make_open_poll().targets.get(), "12")) == "镇党委对某局党委的评价"


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("superior_mark_once|reports_superiormark.target_id", {"marked_by": "镇党委"}),
        ("superior_mark_has_marks", {"marks": ""}),
    ],
)
def test_the_database_refuses(name, facts):
    target = make_open_poll().targets.get()
    make_superior_mark(target, "12")
    other = make_superior_mark(target, "12", marked_by="县委组织部")

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        SuperiorMark.objects.filter(pk=other.pk).update(**facts)
