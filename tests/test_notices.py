import os

import time_machine

from pingyi import notices


def test_a_notice_of_one_process_is_known_to_another_and_is_up_for_a_while():
    with time_machine.travel("2026-11-20 09:00", tick=False) as clock:
        if not (child := os.fork()):
            notices.put_up(5)
            os._exit(0)
        os.waitpid(child, 0)

        seen = [notices.is_up(number, seconds=60) for number in (5, 5 + notices.SLOTS, 6)]
        clock.shift(61)

        assert seen == [True, False, False]
        assert not notices.is_up(5, seconds=60)
