"""The same survey downloaded again: its old answers must not be counted twice."""

import pytest
from django.core.management import call_command

from ballots.ballot_import import Undecided, check_table, earlier_batches, read_table
from ballots.counting import sealing
from ballots.models import Ballot, BallotImport, TallyRow
from tests.ballots.ballot_import.tables import ROW, as_csv, imported
from tests.factories import close_poll, make_open_poll

pytestmark = pytest.mark.django_db


@pytest.fixture
def poll():
    return make_open_poll()


@pytest.fixture
def campaign(poll):
    return poll.campaign


FIRST = [ROW] * 3
LATER = [*FIRST, [*ROW[:3], "基本满意", "满意", ""], [*ROW[:3], "基本满意", "满意", ""]]


def test_a_later_download_is_asked_about_and_writes_nothing_undecided(poll, campaign):
    imported(campaign, as_csv(*FIRST))

    with pytest.raises(Undecided) as caught:
        imported(campaign, as_csv(*LATER))

    assert str(caught.value) == "某局党委·书面评议·群众代表：已导入3张，本文件有5张"
    assert (Ballot.objects.count(), BallotImport.objects.count()) == (3, 1)


@pytest.mark.parametrize(("earlier", "counted", "states"), [("replace", 5, ["void", "open"]), ("add", 8, ["open"] * 2)])
def test_a_later_download_replaces_the_earlier_one_or_is_added(poll, campaign, earlier, counted, states):
    imported(campaign, as_csv(*FIRST))

    told = imported(campaign, as_csv(*LATER), earlier=earlier)

    assert [batch.state for batch in poll.batches.order_by("pk")] == states
    assert Ballot.objects.exclude(batch__state="void").count() == counted
    assert ("作废" in str(told)) == (earlier == "replace")


def test_a_replaced_batch_says_why_and_counts_nowhere(poll, campaign):
    imported(campaign, as_csv(*FIRST))
    imported(campaign, as_csv(*LATER), earlier="replace")
    close_poll(poll)
    sealing.seal(poll, by=None)

    assert TallyRow.objects.filter(poll=poll).values_list("valid_count", flat=True).distinct().get() == 5
    assert poll.batches.get(state="void").void_reason == "由后来导入的文件代替"


def test_how_many_ballots_two_files_share_is_not_told(poll, campaign):
    """Otherwise marks could be tried out before the seal, and read from the number."""
    imported(campaign, as_csv(ROW, ROW))

    tried = [
        earlier_batches(check_table(campaign, read_table(as_csv([*ROW[:3], grade, "满意", ""]))).groups)[0].sentence
        for grade in ("满意", "不满意")
    ]

    assert tried == ["某局党委·书面评议·群众代表：已导入2张，本文件有1张"] * 2


def test_ballots_of_other_places_are_not_asked_about(poll, campaign):
    imported(campaign, as_csv([*ROW[:2], "党员", *ROW[3:]]))

    assert earlier_batches(check_table(campaign, read_table(as_csv(*LATER))).groups) == []


def test_the_command_asks_about_earlier_files(poll, campaign, tmp_path, capsys):
    imported(campaign, as_csv(*FIRST))
    path = tmp_path / "评议票.csv"
    path.write_bytes(as_csv(*LATER).getvalue())

    with pytest.raises(SystemExit):
        call_command("import_ballots", path, campaign=campaign.title)
    assert "已导入3张，本文件有5张" in capsys.readouterr().err
    call_command("import_ballots", path, campaign=campaign.title, earlier="replace")

    assert Ballot.objects.exclude(batch__state="void").count() == 5
