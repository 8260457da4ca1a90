from ballots.voting.at_once import Submission


def test_a_traceback_shows_neither_marks_nor_opinions():
    sent = Submission(
        poll_id=1,
        version="2",
        today="2026-06-01",
        batch_id=3,
        right=4,
        is_screen=False,
        receipt=5,
        ballot_id=6,
        marks="11121111",
        opinions=[(7, 8, "suggestion", "多公开")],
    )

    assert "11121111" not in repr(sent) and "多公开" not in repr(sent)
