"""The mark of an export: the user's name as everywhere, and the moment in local time."""

from datetime import UTC, datetime

import pytest
from django.utils import timezone

from campaigns.marks import export_mark
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_a_mark_has_the_display_name_and_local_time():
    user = make_user("clerk", first_name="王干事")

    assert export_mark(user, datetime(2026, 11, 29, 16, 5, tzinfo=UTC)) == "王干事于2026年11月30日00:05导出"


def test_without_a_moment_it_is_of_today():
    day = timezone.localdate()

    assert export_mark(make_user("clerk")).startswith(f"clerk于{day.year}年")
