"""Makes the one table; runs with Django set up on this project (`children.run_in_child`)."""

from django.core.management import call_command


def make_table(url: str) -> dict:
    call_command("migrate", run_syncdb=True, verbosity=0)
    return {}
