"""`manage.py` runs Django's commands, each with the keeper of the settings around it."""

import pytest
from django.core.management import call_command

from pingyi.commanding import KeptCommands

RUN = []


def keeper(name, execute):
    def keeping(*arguments, **options):
        RUN.append(name)
        return execute(*arguments, **options)

    return keeping


@pytest.fixture(autouse=True)
def kept_by_us(settings):
    settings.COMMAND_KEEPER = "tests.test_commanding.keeper"
    RUN.clear()


def test_a_command_is_run_with_its_keeper(tmp_path):
    command = KeptCommands(["manage.py", "roster_template"]).fetch_command("roster_template")

    call_command(command, str(tmp_path / "roster.xlsx"))

    assert RUN == ["roster_template"]
    assert (tmp_path / "roster.xlsx").exists()


def test_a_command_that_other_code_calls_is_a_part_of_what_that_does(tmp_path):
    call_command("roster_template", str(tmp_path / "roster.xlsx"))

    assert RUN == []


def test_a_command_that_is_not_there_is_refused_as_ever(capsys):
    with pytest.raises(SystemExit):
        KeptCommands(["manage.py", "nonsense"]).fetch_command("nonsense")

    assert "nonsense" in capsys.readouterr().err
