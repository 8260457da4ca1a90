"""The 考核指标表 in files, handed down and compared."""

import pytest

from campaigns.form_sets.actions import hand_down, use_set
from campaigns.form_sets.differences import FormDifference
from reports.models import ScoreScheme
from reports.scoring.in_files import (
    handed_scheme,
    scheme_differences,
    scheme_entry,
    scheme_lines,
    scheme_raters,
    write_scheme,
)
from tests.factories import make_campaign, make_organization
from tests.reports.scoring.rated import LINES, RATERS, make_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def root():
    return make_organization("街道党工委")


@pytest.fixture
def below(root):
    """A unit's campaign with the form and the pattern of a set that has a scheme."""
    source = make_campaign(root)
    make_scheme(source, score_weight=70, satisfaction_weight=30)
    form_set = hand_down(source, title="规范", note="", by=None, scoring=scheme_entry(source))
    campaign = make_campaign(make_organization("第一社区", parent=root), title="社区的")
    use_set(form_set, campaign, ["org"], takes_pattern=True)
    return campaign


def test_a_scheme_that_is_written_from_a_files_entry_is_the_same_again(root):
    source, other = make_campaign(root), make_campaign(root, title="又一次")
    make_scheme(source, measure="positive")

    write_scheme(other, scheme_entry(source))

    assert scheme_entry(other) == scheme_entry(source)
    assert ScoreScheme.objects.get(campaign=other).questionnaire == other.questionnaires.get()
    assert (scheme_lines(scheme_entry(other)), scheme_raters(scheme_entry(other))) == (list(LINES), list(RATERS))


def test_a_campaign_without_a_scheme_has_none_in_its_file(root):
    assert scheme_entry(make_campaign(root)) is None


def test_a_unit_sees_where_its_scheme_differs_from_the_handed_one(below):
    handed = handed_scheme(below)
    assert scheme_differences(below, handed) == [FormDifference("考核指标表", "1000分考核", "")]
    write_scheme(below, handed)
    assert scheme_differences(below, handed) == []

    make_scheme(below, lines=LINES[:2], score_weight=60, satisfaction_weight=40)

    assert scheme_differences(below, handed) == [
        FormDifference("总分", "1000分", "500分"),
        FormDifference("考核得分权重", "70%", "60%"),
        FormDifference("满意度权重", "30%", "40%"),
        FormDifference("考核指标", "服务群众：为民办实事（500分）", ""),
    ]
