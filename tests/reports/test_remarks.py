"""A remark is fine, or tells what to do."""

import pytest

from reports.remarks import FAULT, FINE, WARNING, Remark


@pytest.mark.parametrize(("grade", "is_fine"), [(FINE, True), (WARNING, False), (FAULT, False)])
def test_only_what_is_in_order_is_fine(grade, is_fine):
    assert Remark(grade, "磁盘够用。").is_fine is is_fine
