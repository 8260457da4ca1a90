"""A long roster goes from step to step once, its files live an hour after the last one, and go with its end."""

import os
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from campaigns import uploads
from campaigns.models import RosterImport
from campaigns.models.roster_import import KEPT
from campaigns.roster.queue import (
    ANSWERS,
    EXPIRED,
    INTERRUPTED,
    OUTCOME,
    TRIES,
    WORKBOOK,
    Gone,
    RosterAnswers,
    answer_import,
    answers_of,
    ask_about,
    begin_import,
    begin_roster_turn,
    end_old_imports,
    fail_import,
    finish_import,
    is_any_waiting,
    is_expired,
    is_free,
    renew_import,
    throw_away_import,
)
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]


@pytest.fixture
def user():
    return make_user()


@pytest.fixture
def imported(user):
    return begin_import(uploads.keep({"content": ""}, user, kind=WORKBOOK), user)


def again(imported):
    return RosterImport.objects.get(pk=imported.pk)


def kinds(folder):
    return sorted(path.name.partition("-")[0] for path in folder.iterdir())


def age(folder):
    for path in folder.iterdir():
        os.utime(path, (time.time() - uploads.MAX_AGE - 1,) * 2)


def test_an_answer_hands_the_import_back_to_the_worker_and_a_confirmation_has_it_written(imported):
    ask_about(imported, {"question": 1})

    assert answer_import(imported, RosterAnswers(hidden="leave"))
    assert (again(imported).state, answers_of(imported).hidden) == ("reading", "leave")

    ask_about(imported, {"question": 2})
    confirmed = RosterAnswers(digest="d", namesakes=[(2, "transfer", 7)], deactivated=[3])
    assert answer_import(imported, confirmed)
    assert again(imported).state == "writing"
    assert answers_of(imported).namesakes == [[2, "transfer", 7]]


def test_a_second_answer_is_refused_and_leaves_the_first(imported):
    ask_about(imported, {})
    late = again(imported)
    answer_import(imported, RosterAnswers(digest="first"))

    assert not answer_import(late, RosterAnswers(digest="second"))
    assert answers_of(imported).digest == "first"


def test_an_answer_to_files_that_went_is_none(imported, uploads_folder):
    ask_about(imported, {})
    throw_away_import(imported)

    with pytest.raises(Gone):
        answer_import(imported, RosterAnswers(digest="d"))
    assert again(imported).state == "asking"


def test_of_two_workers_one_begins(imported):
    late = again(imported)

    assert begin_roster_turn(imported)
    assert not begin_roster_turn(late)
    assert again(imported).try_count == 1


def test_an_import_that_killed_so_many_workers_is_given_up(imported, uploads_folder):
    for _ in range(TRIES):
        assert begin_roster_turn(imported)

    assert not begin_roster_turn(imported)
    assert (again(imported).state, again(imported).told) == ("failed", INTERRUPTED)
    assert kinds(uploads_folder) == []


def test_whoever_holds_the_workbook_is_at_the_import_and_the_lock_goes_with_them(imported):
    with uploads.held(imported.token, kind=WORKBOOK) as is_ours:
        assert is_ours
        assert not is_free(imported)
        assert not is_any_waiting()

    assert is_free(imported)
    assert is_any_waiting()


def test_nothing_waits_while_the_uploader_is_asked(imported):
    ask_about(imported, {})

    assert not is_any_waiting()


def test_only_what_is_being_written_is_finished_and_its_end_stands(imported):
    assert not finish_import(imported, "名册已导入。")
    ask_about(imported, {})
    answer_import(imported, RosterAnswers(digest="d"))

    assert finish_import(imported, "名册已导入。")
    assert not fail_import(imported, "程序出错。")
    assert (again(imported).state, again(imported).told) == ("done", "名册已导入。")


def test_a_failure_takes_the_files_with_it(imported, uploads_folder):
    ask_about(imported, {})
    assert kinds(uploads_folder) == sorted([ANSWERS, OUTCOME, WORKBOOK])

    assert fail_import(imported, "文件" * 400)

    assert len(again(imported).told) == 500
    assert kinds(uploads_folder) == []


def test_files_live_an_hour_after_the_last_step(imported, uploads_folder):
    age(uploads_folder)
    assert is_expired(imported)

    renew_import(imported)

    assert not is_expired(imported)


def test_the_sweep_gives_up_expired_imports_and_forgets_those_that_ended_long_ago(imported, user, uploads_folder):
    ended = begin_import(uploads.keep({"content": ""}, user, kind=WORKBOOK), user)
    fail_import(ended, "文件是空的。")
    fresh = begin_import(uploads.keep({"content": ""}, user, kind=WORKBOOK), user)
    throw_away_import(imported)

    end_old_imports(now=timezone.now())
    assert [(again(row).state, again(row).told) for row in (imported, ended, fresh)] == [
        ("failed", EXPIRED),
        ("failed", "文件是空的。"),
        ("reading", ""),
    ]

    end_old_imports(now=timezone.now() + KEPT + timedelta(minutes=1))
    assert list(RosterImport.objects.all()) == [fresh]


def test_an_expired_import_that_a_worker_is_at_is_left_to_it(imported, uploads_folder):
    with uploads.held(imported.token, kind=WORKBOOK):
        age(uploads_folder)
        end_old_imports(now=timezone.now())

    assert again(imported).state == "reading"
