"""A long roster belongs to its uploader, and its state, end and outcome belong together."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from campaigns.models import RosterImport
from tests.factories import make_roster_import, make_user

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("facts", "constraint"),
    [
        # An unknown state fits no end either; the database may say so first.
        ({"state": "lost"}, "roster_import_(state_known|ended_at_fits_the_state)"),
        ({"state": "done", "told": "名册已导入。"}, "roster_import_ended_at_fits_the_state"),
        ({"state": "failed", "ended_at": timezone.now()}, "roster_import_ended_at_fits_the_state"),
        ({"state": "writing", "told": "名册已导入。"}, "roster_import_ended_at_fits_the_state"),
    ],
)
def test_a_row_that_contradicts_itself_is_not_kept(facts, constraint):
    with pytest.raises(IntegrityError, match=f"{constraint}|CHECK"), transaction.atomic():
        make_roster_import(make_user(), **facts)


def test_an_upload_is_one_import():
    user = make_user()
    make_roster_import(user, token="a" * 32)

    with pytest.raises(IntegrityError), transaction.atomic():
        make_roster_import(user, token="a" * 32)


def test_the_worker_s_turn_comes_in_the_order_of_waiting_and_nobody_sees_another_s():
    now, user = timezone.now(), make_user()
    late = make_roster_import(user, queued_at=now)
    early = make_roster_import(make_user("other"), state="writing", queued_at=now - timedelta(minutes=1))
    asking = make_roster_import(user, state="asking")
    ended = make_roster_import(user, state="failed", told="文件是空的。", ended_at=now)

    assert list(RosterImport.objects.at_work()) == [early, late]
    assert set(RosterImport.objects.visible_to(user)) == {late, asking, ended}
    assert set(RosterImport.objects.visible_to(user).unfinished()) == {late, asking}
    assert list(RosterImport.objects.ended_before(now + timedelta(seconds=1))) == [ended]
    assert [row.is_at_work for row in (late, early, asking, ended)] == [True, True, False, False]
