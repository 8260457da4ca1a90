"""The worker reads, compares and writes long rosters; what it is killed at is begun again, and never half written."""

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError

from campaigns import uploads
from campaigns.models import Commitment, Member, Organization, RosterImport, TableMapping
from campaigns.roster import working
from campaigns.roster.comparing import compare_roster
from campaigns.roster.queue import EXPIRED, WORKBOOK, RosterAnswers, answer_import, throw_away_import
from campaigns.roster.reading import read_workbook
from campaigns.roster.working import (
    BROKEN,
    NOT_ALLOWED,
    STALE,
    is_long,
    office_of,
    queue_workbook,
    read_remembered,
    waiting_outcome,
    work_next,
)
from tests.campaigns.roster.test_meanings import foreign
from tests.factories import make_member, make_organization
from tests.workbooks import make_roster, named, saved, template_book

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("uploads_folder")]
NEW_BRANCH = (
    [("第二党支部", "党支部", "某局党委")],
    [("张三", "第二党支部")],
    [("第二党支部", "张三", None, "修一条路")],
)


@pytest.fixture
def rows():
    """The rows that would stand in the trail: of whom, and whether it was done."""
    return []


@pytest.fixture
def work(rows):
    return lambda: work_next(lambda imported, is_done: rows.append((imported.asked_by.username, is_done)))


def again(imported):
    return RosterImport.objects.select_related("asked_by").get(pk=imported.pk)


def previewed(work, workbook, user):
    imported = queue_workbook(workbook, user)
    assert work()
    return again(imported)


def confirm(imported, **answers):
    answer_import(imported, RosterAnswers(digest=waiting_outcome(imported).preview.digest, **answers))


def test_long_is_a_workbook_with_many_rows_and_never_a_file_that_is_none():
    short, long = make_roster(), make_roster([], [(f"党员{number}", "第一党支部") for number in range(3000)])

    assert [is_long(file) for file in (short, long, named(b"PK nothing"), named(b""))] == [False, True, False, False]
    assert long.tell() == 0


def test_the_worker_asks_with_the_preview_that_a_request_would_have_given(work, cast, branch):
    imported = previewed(work, make_roster(*NEW_BRANCH), cast.secretary)

    assert imported.state == "asking"
    assert (
        waiting_outcome(imported).preview.digest
        == compare_roster(read_workbook(make_roster(*NEW_BRANCH)), cast.secretary).digest
    )
    assert not Member.objects.exists()
    assert not work()


def test_a_confirmed_roster_is_written_whole_with_its_row_and_its_files_go(work, rows, cast, branch, uploads_folder):
    imported = previewed(work, make_roster(*NEW_BRANCH), cast.secretary)
    confirm(imported)

    assert work()

    assert again(imported).state == "done"
    assert again(imported).told == "名册已导入：组织新增1、变动0，党员新增1、变动0，承诺新增1、变动0。"
    assert [Member.objects.count(), Commitment.objects.count()] == [1, 1]
    assert rows == [(cast.secretary.username, True)]
    assert list(uploads_folder.iterdir()) == []


def test_errors_name_sheet_row_column_and_what_is_allowed(work, cast, branch):
    workbook = make_roster([], [("张三", "没有的支部")])

    (error,) = waiting_outcome(previewed(work, workbook, cast.secretary)).preview.errors

    (told,) = compare_roster(read_workbook(workbook), cast.secretary).errors
    assert error == told
    assert (error.sheet, error.row, error.column, error.value) == ("党员", 2, "党组织", "没有的支部")


def test_what_changed_since_the_preview_is_asked_again_and_nothing_is_written(work, rows, cast, committee, branch):
    imported = previewed(work, make_roster(*NEW_BRANCH), cast.secretary)
    confirm(imported)
    make_organization("第二党支部", kind="branch", parent=committee)

    assert work()

    assert (again(imported).state, waiting_outcome(imported).warning) == ("asking", STALE)
    assert not Member.objects.exists()
    assert rows == [(cast.secretary.username, False)]
    confirm(again(imported))
    work()
    assert Member.objects.get().organization.name == "第二党支部"


def test_a_namesake_nobody_decided_on_is_asked_about_again(work, cast, committee, branch):
    make_member(make_organization("第二党支部", kind="branch", parent=committee), "张三")
    imported = previewed(work, make_roster([], [("张三", "第一党支部")]), cast.secretary)
    confirm(imported)

    work()

    assert (again(imported).state, waiting_outcome(imported).warning) == ("asking", STALE)
    assert Member.objects.count() == 1


def test_choices_are_written_as_they_were_made(work, cast, committee, branch):
    member = make_member(make_organization("第二党支部", kind="branch", parent=committee), "张三")
    gone = make_member(branch, "王五")
    imported = previewed(work, make_roster([], [("张三", "第一党支部")]), cast.secretary)
    confirm(imported, namesakes=[(2, "transfer", member.pk)], deactivated=[gone.pk])

    work()

    member.refresh_from_db()
    gone.refresh_from_db()
    assert (member.organization, gone.is_active) == (branch, False)
    assert again(imported).told.endswith("；转接1人；移出名册1人。")


def test_a_worker_killed_in_the_writing_leaves_nothing_and_the_next_one_writes_it(
    work, rows, cast, branch, monkeypatch
):
    imported = previewed(work, make_roster(*NEW_BRANCH), cast.secretary)
    confirm(imported)

    def die(*_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_next(die)
    assert again(imported).state == "writing"
    assert not Member.objects.exists()
    assert not Organization.objects.filter(name="第二党支部").exists()

    assert work()
    assert (again(imported).state, Member.objects.count(), rows) == ("done", 1, [(cast.secretary.username, True)])


def test_an_import_given_up_while_it_was_written_is_not_written(work, cast, branch, monkeypatch):
    imported = previewed(work, make_roster(*NEW_BRANCH), cast.secretary)
    confirm(imported)
    monkeypatch.setattr(working, "finish_import", lambda *_: False)

    work()

    assert not Member.objects.exists()


def test_an_import_that_another_worker_is_at_is_left_to_it(work, cast):
    imported = queue_workbook(make_roster(*NEW_BRANCH), cast.secretary)

    with uploads.held(imported.token, kind=WORKBOOK):
        assert not work()

    assert again(imported).try_count == 0


def test_a_file_that_is_no_workbook_is_refused_in_the_words_of_a_request(work, rows, cast, uploads_folder):
    imported = previewed(work, named(b"%PDF-1.7"), cast.secretary)

    assert (imported.state, imported.told) == ("failed", "这是 PDF 文件，不是 Excel 工作簿。")
    assert rows == []
    assert list(uploads_folder.iterdir()) == []


def test_whoever_lost_the_right_writes_nothing(work, rows, cast, branch):
    imported = previewed(work, make_roster(*NEW_BRANCH), cast.secretary)
    confirm(imported)
    User.objects.filter(pk=cast.secretary.pk).update(is_active=False)

    work()

    assert (again(imported).state, again(imported).told) == ("failed", NOT_ALLOWED)
    assert rows == [(cast.secretary.username, False)]
    assert not Member.objects.exists()


def test_an_upload_that_expired_in_the_queue_is_told(work, cast):
    imported = queue_workbook(make_roster(*NEW_BRANCH), cast.secretary)
    throw_away_import(imported)

    work()

    assert (again(imported).state, again(imported).told) == ("failed", EXPIRED)


def test_a_fault_of_the_program_ends_the_import_and_one_of_the_database_does_not(work, cast, monkeypatch):
    def fail(error):
        def raise_it(*_):
            raise error

        monkeypatch.setattr(working, "read_remembered", raise_it)

    imported = queue_workbook(make_roster(*NEW_BRANCH), cast.secretary)
    fail(OperationalError("database is locked"))
    with pytest.raises(OperationalError):
        work()
    assert again(imported).state == "reading"

    fail(ZeroDivisionError())
    work()
    assert (again(imported).state, again(imported).told) == ("failed", BROKEN)


def test_columns_are_asked_about_and_the_office_s_answer_is_remembered(work, cast, branch):
    imported = previewed(work, foreign(), cast.secretary)
    outcome = waiting_outcome(imported)
    assert outcome.preview is None
    assert outcome.reading.unplaced or outcome.reading.unknown
    assert office_of(cast.secretary) == branch.parent

    shape = read_workbook(foreign()).shape
    meanings = {"sheets": [], "columns": [], "words": [["党员·职务", [["支书", "secretary"]]]]}
    TableMapping.objects.remember(branch.parent, shape, meanings, by=cast.secretary)
    assert read_remembered(foreign(), cast.secretary).meanings.words == {"党员·职务": {"支书": "secretary"}}


@pytest.mark.parametrize(("answer", "names"), [("leave", ["李四"]), ("count", ["张三", "李四"])])
def test_hidden_rows_come_in_as_answered(work, cast, branch, answer, names):
    book = template_book()
    for name in ("张三", "李四"):
        book["党员"].append((name, "第一党支部"))
    book["党员"].row_dimensions[2].hidden = True
    imported = previewed(work, saved(book), cast.secretary)
    assert waiting_outcome(imported).reading.hidden == ["工作表“党员”的第2行是隐藏的，或者被筛选、折叠了。"]

    answer_import(imported, RosterAnswers(hidden=answer))
    work()

    members = waiting_outcome(imported).preview.sheets[1]
    assert [line["label"] for line in members["new"]] == names


@pytest.mark.parametrize("is_same", [True, False])
def test_near_names_are_the_units_that_they_were_said_to_be(work, cast, branch, is_same):
    make_organization("城关镇机关党支部", kind="branch", parent=branch.parent)
    near_name = "城关镇机关支部"
    imported = previewed(work, make_roster([(near_name, "党支部", "某局党委")], [("张三", near_name)]), cast.secretary)
    (unit,) = waiting_outcome(imported).near
    assert (unit.name, unit.others) == (near_name, ("某局党委/城关镇机关党支部",))

    answers = {"same": {near_name: unit.others[0]}} if is_same else {"told_apart": [near_name]}
    answer_import(imported, RosterAnswers(**answers))
    work()
    answers_digest = waiting_outcome(imported).preview.digest
    answer_import(again(imported), RosterAnswers(digest=answers_digest, **answers))
    work()

    assert Organization.objects.filter(name=near_name).exists() is not is_same
    assert Member.objects.get().organization.name == ("城关镇机关党支部" if is_same else near_name)
