"""The documents keep to what the programs do: their examples are run."""

import csv
import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands
from django.test import Client
from django.utils import timezone

from ballots.models import TallyRow
from campaigns.models import Campaign
from reports.api.description import description
from reports.api.tokens import make_token
from tests.factories import make_user

ROOT = Path(__file__).resolve().parent.parent
FORMATS = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str, document: str = FORMATS) -> list[str]:
    """The examples of a language in a document, docs/formats.md if none is named, in order."""
    return re.findall(rf"```{language}\n(.*?)```", document, flags=re.DOTALL)


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


def test_the_documented_requests_give_the_documented_answers(example):
    """Keys are the database's own; the document calls its campaign 12 and its units 7 and 8."""
    call_command("load_campaign", str(example), seal=True, stdout=StringIO())
    campaign = Campaign.objects.get()
    secretary = make_user(kind="secretary", organization=campaign.organizer)
    until = timezone.localdate() + timedelta(days=30)
    secret = make_token(campaign.organizer, name="看板", expires_on=until, by=secretary)
    branch = campaign.polls.get().organization_id
    keys = {"12": campaign.pk, "7": campaign.organizer_id, "8": branch}

    asked = [_answer(line, secret, keys) for block in blocks("sh", API) for line in block.splitlines()]
    documented = [_with_keys(json.loads(block), keys) for block in blocks("json", API)]

    whole, part = asked[2:4]
    assert [response.json() for response in (*asked[:2], asked[4])] == documented
    assert whole.json()["format"] == "pingyi-tally/1"
    assert part.content.decode().startswith("unit,path,level,target")
    assert sorted(set(re.findall(r"^\| (\d{3}) \|", API, flags=re.MULTILINE))) == statuses_described()


def _answer(line, secret, keys):
    """The answer to a documented call of curl."""
    path = re.search(r"https://[^/]+([^\"\s]*)", line).group(1)
    path = re.sub(r"(/campaigns/|unit=)(\d+)", lambda match: f"{match[1]}{keys[match[2]]}", path)
    headers = {"Authorization": f"Bearer {secret}"} if "$TOKEN" in line else {}
    return Client(headers=headers).get(path)


def _with_keys(answer, keys):
    if isinstance(answer, list):
        return [_with_keys(entry, keys) for entry in answer]
    if not isinstance(answer, dict):
        return answer
    return {name: keys[str(value)] if name == "key" else _with_keys(value, keys) for name, value in answer.items()}


def statuses_described():
    """The refusals that the description of the API knows."""
    return sorted(map(str, json.loads(description())["components"]["schemas"]["Error"]["properties"]["status"]["enum"]))


def test_every_command_that_the_readme_names_exists():
    named = {match.split()[0] for match in re.findall(r"^\| `([a-z_]+ ?[^`]*)` \|", README, flags=re.MULTILINE)}
    own = {name for name, app in get_commands().items() if app in ("campaigns", "ballots", "reports", "pingyi")}

    assert {name for name in named if not name.startswith(("make", "scripts/"))} == own


def test_every_place_on_the_map_exists():
    on_map = re.search(r"## 四、Map.*?```\n(.*?)```", README, flags=re.DOTALL).group(1)
    folders = re.findall(r"^([a-z]+)/", on_map, flags=re.MULTILINE)

    assert folders and [folder for folder in folders if not (ROOT / folder).is_dir()] == []
