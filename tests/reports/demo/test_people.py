"""Names of people who do not exist: as many as wanted, none twice, the same for the same chance."""

import random

from reports.demo.people import RARE_NAMES, names


def test_names_are_as_many_as_wanted_and_none_comes_twice():
    made = names(300, random.Random(1), first=RARE_NAMES)

    assert len(set(made)) == len(made) == 300
    assert tuple(made[: len(RARE_NAMES)]) == RARE_NAMES


def test_the_same_chance_gives_the_same_names():
    assert names(20, random.Random(1)) == names(20, random.Random(1)) != names(20, random.Random(2))
