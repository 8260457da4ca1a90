"""Deeds that only some forms of the library have, from the choice of the form in the library to the downloaded files.

Everything is done by clicks, and each page that is reached is looked at by axe. Scores and counts are reckoned here anew from
what was typed and marked, and compared with the page, the 小结 and the workbook. These are long walks, for `make test-long`:
in `make test` the rooms are walked one by one, in test_scoring.py, test_grading.py, test_documents.py and
test_secretaries.py, and each form's figures are counted in tests/reports/test_library_forms.py.
"""

import pytest

from ..library_walk import (
    make_branch,
)


@pytest.fixture
def secretary(desk):
    """The secretary of a branch with a roster, logged in at a desk."""
    make_branch()
    desk.log_in("secretary")
    return desk
