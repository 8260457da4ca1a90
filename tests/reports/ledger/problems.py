"""A day, the end of a problem, and how one stands."""

from datetime import date

DAY = date(2026, 5, 1)


END = {"reply": "已答复", "publicity": "公开栏", "done_on": DAY}


def state_of(problem):
    problem.refresh_from_db()
    return problem.state
