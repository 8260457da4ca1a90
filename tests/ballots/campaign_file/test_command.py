"""The command that loads a campaign file: a line for what was created, a line for each error."""

import pytest
from django.core.management import call_command

from ballots.models import Ballot
from campaigns.models import Campaign, Member, Organization, Scale
from tests.ballots.campaign_file.documents import changed, write_file


@pytest.mark.django_db(transaction=True)  # within a transaction no trace is erased
def test_the_command_tells_in_one_line_what_was_created(campaign_file, capsys):
    call_command("load_campaign", campaign_file, "--seal")

    assert capsys.readouterr().out == (
        "已载入评议活动“2026年度群众评议”：新建党组织2个、党员2名、公开承诺2项；"
        "评议点1个、票批2个、评议票40张、意见建议1条；已截止、封存并计票。\n"
    )


def test_the_command_refuses_with_status_1_one_line_an_error_and_writes_nothing(db, tmp_path, capsys):
    document = changed("polls", 0, "batches", 0, "ballots", 2, "marks", 张三=["z"])
    document["members"][0]["post"] = "书\n记"

    with pytest.raises(SystemExit) as stopped:
        call_command("load_campaign", write_file(tmp_path, document))

    printed = capsys.readouterr()
    assert (stopped.value.code, printed.out) == (1, "")
    assert [line.partition("：")[0] for line in printed.err.splitlines()] == [
        "$.members[0].post",
        '$.polls[0].batches[0].ballots[2].marks["张三"][0]',
    ]
    for model in (Organization, Member, Campaign, Scale, Ballot):
        assert not model.objects.exists()


def test_a_file_that_cannot_be_read_is_said_so(db, tmp_path, capsys):
    for path in (tmp_path / "none.json", tmp_path):
        with pytest.raises(SystemExit):
            call_command("load_campaign", str(path))

    missing, folder = capsys.readouterr().err.splitlines()
    assert missing.startswith("没有文件") and folder.startswith("读不了文件")
