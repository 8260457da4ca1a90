"""The command line: Django's own, with a keeper around each command that tells the trail of it."""

from django.conf import settings
from django.core.management import ManagementUtility
from django.core.management.base import BaseCommand
from django.utils.module_loading import import_string


class KeptCommands(ManagementUtility):
    """The commands of `manage.py`, each with its keeper; a command that other code calls is a part of the deed of that code."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        keep = import_string(settings.COMMAND_KEEPER)
        command.execute = keep(subcommand, command.execute)
        return command
