"""Keeps SlipCover from taking its marks out of lines that ran often (`-p tests.counting`).

It would go through every module for that, some thousands of times, and not find the functions that are wrapped: the marks
themselves cost less.
"""

from slipcover import Slipcover


def keep_the_marks(counter: Slipcover) -> None:
    pass


Slipcover.deinstrument_seen = keep_the_marks
