"""A workbook of comments is written whole or not at all, and once."""

import pytest

from campaigns.roster.reading import read_workbook
from campaigns.roster.writing import Stale
from reports.comments import comment_figures
from reports.comments.comparing import compare_comments
from reports.comments.layout import COMMENTS
from reports.comments.writing import write_comments
from reports.models import LeaderComment
from reports.scope import Scope
from tests.factories import make_comment, make_member
from tests.reports.comments.workbooks import make_comments, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("later")]


def reading_of(*rows):
    return read_workbook(make_comments(*rows), known=(COMMENTS,))


def written(campaign, user, *rows):
    previewed = compare_comments(reading_of(*rows), campaign, user).digest
    return write_comments(reading_of(*rows), campaign, user, previewed=previewed)


def test_752_members_are_written_and_counted(campaign, cast, branch):
    """S2: 「点评党员752名」."""
    names = [f"党员{number:03d}" for number in range(750)]
    for name in names:
        make_member(branch, name)

    written(campaign, cast.secretary, row(), *(row(姓名=name) for name in [*names, "张三", "买买提·艾力"]))

    figures = comment_figures(Scope.of(campaign, cast.organization))
    assert (figures.comments, figures.members, figures.members_sentence) == (753, 752, "点评党员752名。")


def test_a_second_upload_changes_what_is_there_and_adds_nothing(campaign, cast, branch):
    written(campaign, cast.secretary, row(姓名="张三"))

    written(campaign, cast.secretary, row(姓名="张三", 整改落实情况="已改", 工作作风情况="踏实"))

    comment = LeaderComment.objects.get()
    assert (comment.content, comment.follow_up) == ("工作扎实。", "已改")
    assert comment.points == {"member-style": "踏实"}


def test_one_error_leaves_everything_unwritten(campaign, cast, branch):
    rows = (row(), row(姓名="没有的人"))

    with pytest.raises(Stale):
        written(campaign, cast.secretary, *rows)

    assert not LeaderComment.objects.exists()


def test_what_has_changed_since_the_preview_is_not_written(campaign, cast, branch):
    previewed = compare_comments(reading_of(row()), campaign, cast.secretary).digest
    make_comment(campaign, branch, content="别人刚刚登记的")

    with pytest.raises(Stale) as refused:
        write_comments(reading_of(row()), campaign, cast.secretary, previewed=previewed)

    assert [entry.state for entry in refused.value.comparison.entries] == ["changed"]
    assert LeaderComment.objects.get().content == "别人刚刚登记的"
