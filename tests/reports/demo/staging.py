"""A stage on a day of our own, with the chance of one seed."""

import random
from datetime import date

from reports.demo import words
from reports.demo.stage import Stage
from tests.factories import make_user

TODAY = date(2026, 11, 20)


def make_stage(seed=1) -> Stage:
    return Stage(secretary=make_user(), today=TODAY, chance=random.Random(seed), suggestions=words.IN_OFFICE)
