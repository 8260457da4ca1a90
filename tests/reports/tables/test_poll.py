"""Content frozen for print."""

import pytest
import time_machine

from reports.report import content_of_poll
from tests import factories


@pytest.mark.django_db
@time_machine.travel("2026-11-08T23:30:00+00:00", tick=False)
def test_the_day_of_the_seal_is_the_day_on_our_clocks():
    poll = factories.make_sealed_poll()

    assert content_of_poll(poll).sealed_on.text == "2026年11月9日"
