"""The recount kit: what it holds, and that it is made of sealed polls alone."""

import csv
import io
import json
import zipfile

import pytest
from django.core.management import CommandError, call_command

from ballots.counting.kit.writing import NothingSealed, write_kit
from ballots.models import SealedBox, TallyRow
from campaigns.models import Poll
from tests.factories import make_batch, make_open_poll, make_organization, make_sealed_campaign, make_sealed_poll

pytestmark = [pytest.mark.django_db, pytest.mark.database]


def opened(campaign) -> zipfile.ZipFile:
    file = io.BytesIO()
    write_kit(campaign, file)
    return zipfile.ZipFile(file)


def test_the_kit_holds_every_box_as_it_was_sealed_and_every_row():
    poll = make_sealed_poll({"11": 5, "12": 2})

    with opened(poll.campaign) as archive:
        (described,) = json.loads(archive.read("kit.json"))["polls"]
        contents = {archive.read(box["file"]).decode() for box in described["boxes"]}
        rows = list(csv.DictReader(io.StringIO(archive.read("rows.csv").decode())))
        program = archive.read("verify.py").decode()

    boxes = SealedBox.objects.all()
    assert contents == {box.content for box in boxes}
    assert {box["sm3"] for box in described["boxes"]} == {box.sm3 for box in boxes}
    assert len(rows) == TallyRow.objects.count() > 0
    assert "import django" not in program
    assert "pingyi." not in program.replace("pingyi-", "")


def test_no_word_says_who_sealed_or_took_part(django_user_model):
    poll = make_sealed_poll()
    names = set(django_user_model.objects.values_list("username", flat=True)) - {""}

    with opened(poll.campaign) as archive:
        text = "".join(archive.read(name).decode() for name in archive.namelist() if name != "verify.py")

    assert not [name for name in names if f'"{name}"' in text]


def test_a_poll_that_still_takes_ballots_is_only_named():
    root = make_organization()
    branches = [make_organization(f"第{place}支部", kind="branch", parent=root) for place in (1, 2)]
    campaign = make_sealed_campaign(root, branches)
    Poll.objects.filter(organization=branches[1]).update(state="closed", sealed_at=None, sealed_by=None)

    with opened(campaign) as archive:
        described = json.loads(archive.read("kit.json"))

    assert [poll["unit"] for poll in described["polls"]] == ["第1支部"]
    assert described["not_sealed"] == ["第2支部"]


def test_a_campaign_without_a_sealed_poll_is_refused_and_no_file_is_left(tmp_path):
    poll = make_open_poll()
    make_batch(poll)
    with pytest.raises(NothingSealed, match="没有已封存的评议点"):
        write_kit(poll.campaign, io.BytesIO())

    with pytest.raises(CommandError, match="没有已封存的评议点"):
        call_command("recount_kit", campaign=poll.campaign.title, output=str(tmp_path / "kit.zip"))
    assert list(tmp_path.iterdir()) == []


def test_the_number_of_queries_does_not_grow_with_the_units(django_assert_max_num_queries):
    root = make_organization()
    branches = [make_organization(f"第{place}支部", kind="branch", parent=root) for place in range(1, 7)]
    campaign = make_sealed_campaign(root, branches)

    with django_assert_max_num_queries(8):
        write_kit(campaign, io.BytesIO())
