"""Names that may be one unit's, and names that are not though they look alike."""

import pytest

from campaigns.roster.nearness import is_near


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("第三党支部", "第三党支部（机关）"),
        ("第三党支部", "某局第三党支部"),
        ("机关党支部", "机关支部"),
        ("营业厅党支部", "营业所党支部"),
    ],
)
def test_a_name_within_another_or_a_character_apart_is_near(name, other):
    assert is_near(name, other)
    assert is_near(other, name)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("第一党支部", "第二党支部"),
        ("第十党支部", "第十一党支部"),
        ("东区党支部", "西区党支部"),
        ("党支部", "机关党支部"),
        ("机关党支部", "车间党支部"),
        ("第三党支部(机关)", "第三 党支部（机关）"),
    ],
)
def test_names_that_tell_units_apart_are_not_near(name, other):
    assert not is_near(name, other)
