"""Notices are planned by day, where somebody wants any."""

import pytest
import time_machine
from django.utils import timezone

from reports.models import NoticeChoice
from reports.notices.hours import is_time_to_plan
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_notices_are_planned_between_eight_and_eight_of_the_local_day():
    NoticeChoice.objects.create(user=make_user(), kind="late", way="email")
    answers = []
    # Local time is eight hours later.
    for moment in ("2026-11-29 23:59", "2026-11-30 00:00", "2026-11-30 11:59", "2026-11-30 12:00"):
        with time_machine.travel(f"{moment}+00:00", tick=False):
            answers.append(is_time_to_plan(timezone.now()))

    assert answers == [False, True, True, False]


def test_nobody_s_wishes_make_no_plan():
    with time_machine.travel("2026-11-30 02:00+00:00", tick=False):
        assert not is_time_to_plan(timezone.now())
