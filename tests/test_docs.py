"""The documents keep to what the programs do: their examples are run."""

import csv
import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands

from ballots.models import TallyRow
from campaigns.models import Campaign

ROOT = Path(__file__).resolve().parent.parent
FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The examples of a language in docs/formats.md, in order."""
    return re.findall(rf"```{language}\n(.*?)```", FORMATS, flags=re.DOTALL)


@pytest.fixture
def example(tmp_path, db):
    """The documented campaign file, loaded and open."""
    path = tmp_path / "campaign.json"
    path.write_text(blocks("json")[0], encoding="utf-8")
    return path


def test_the_documented_campaign_gives_the_documented_tally(example):
    documented = json.loads(blocks("json")[1])
    out = StringIO()

    call_command("load_campaign", str(example), seal=True, stdout=StringIO())
    call_command("tally", campaign=documented["campaign"], format="json", stdout=out)

    given = json.loads(out.getvalue())
    assert list(given) == list(documented)
    assert list(given["rows"][0].items()) == list(documented["rows"][0].items())
    assert given["rollup"][0] == documented["rollup"][0]
    assert documented["checks"][0] in given["checks"]


def test_the_documented_table_of_ballots_can_be_imported(example, tmp_path):
    table = tmp_path / "ballots.csv"
    table.write_text(blocks("csv")[0], encoding="utf-8")
    call_command("load_campaign", str(example), stdout=StringIO())
    campaign = Campaign.objects.get()

    call_command("import_ballots", str(table), campaign=campaign.title, stdout=StringIO())

    rows = len(list(csv.reader(StringIO(blocks("csv")[0])))) - 1
    batches = campaign.polls.get().batches.order_by("-pk")[:2]
    assert sum(batch.returned_count for batch in batches) == rows
    assert not TallyRow.objects.exists()


def test_every_command_that_the_readme_names_exists():
    named = {match.split()[0] for match in re.findall(r"^\| `([a-z_]+ ?[^`]*)` \|", README, flags=re.MULTILINE)}
    own = {name for name, app in get_commands().items() if app in ("campaigns", "ballots", "reports", "pingyi")}

    assert {name for name in named if not name.startswith("make")} == own


def test_every_place_on_the_map_exists():
    on_map = re.search(r"## 四、Map.*?```\n(.*?)```", README, flags=re.DOTALL).group(1)
    folders = re.findall(r"^([a-z]+)/", on_map, flags=re.MULTILINE)

    assert folders and [folder for folder in folders if not (ROOT / folder).is_dir()] == []
