"""Each save of a 小结 is a version, and nobody's save is lost."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from reports.models import Summary, SummaryVersion
from reports.report import summary_of
from reports.scope import Scope
from reports.summary.actions import Outdated, restore_version, save_summary
from tests.factories import (
    make_organization,
    make_sealed_campaign,
    make_sealed_poll,
)

pytestmark = pytest.mark.django_db


def paragraphs_of(content, key):
    """The paragraphs of one section as text."""
    (section,) = [section for section in content.sections if section.key == key]
    return ["".join(piece.text for piece in paragraph) for paragraph in section.paragraphs]


def test_each_save_that_changes_something_is_a_version():
    scope = Scope.of_poll(make_sealed_poll())

    first = save_summary(scope, {"use": "甲"}, by=None)
    again = save_summary(scope, {"use": "甲"}, by=None)
    second = save_summary(scope, {"use": "乙"}, by=None)

    assert (first.number, again, second.number) == (1, None, 2)
    assert [(version.number, version.texts, version.is_final) for version in SummaryVersion.objects.of(scope)] == [
        (2, {"use": "乙"}, False),
        (1, {"use": "甲"}, False),
    ]


def test_a_save_from_an_older_page_is_refused_and_changes_nothing():
    scope = Scope.of_poll(make_sealed_poll())
    save_summary(scope, {"use": "甲"}, by=None, seen=0)

    with pytest.raises(Outdated) as refusal:
        save_summary(scope, {"use": "乙"}, by=None, seen=0)

    assert refusal.value.version.number == 1
    assert Summary.objects.get().texts == {"use": "甲"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [0, 1])
def test_of_two_saves_at_the_same_moment_one_is_kept_and_the_other_told(seen):
    scope = Scope.of_poll(make_sealed_poll())
    if seen:
        save_summary(scope, {"use": "先前的"}, by=None)
    start = Barrier(2)

    def save(words):
        try:
            start.wait()
            return save_summary(scope, {"use": words}, by=None, seen=seen).texts
        except Outdated as refusal:
            return refusal.version.texts
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        kept = list(pool.map(save, ("甲", "乙")))

    # The one who is told is told the other's words.
    assert kept == [Summary.objects.get().texts] * 2
    assert SummaryVersion.objects.count() == seen + 1


def test_an_earlier_version_s_words_come_back_as_a_new_one():
    scope = Scope.of_poll(make_sealed_poll())
    first = save_summary(scope, {"use": "甲"}, by=None)
    save_summary(scope, {"use": "乙"}, by=None)

    restored = restore_version(first, by=None)

    assert restored.number == 3
    assert Summary.objects.get().texts == {"use": "甲"}


def test_a_unit_s_words_are_its_own():
    root = make_organization()
    branches = [make_organization(name, parent=root, kind="branch") for name in ("甲支部", "乙支部")]
    campaign = make_sealed_campaign(root, branches)
    save_summary(Scope.of(campaign, root), {"use": "满意率{满意率}。"}, by=None)

    assert paragraphs_of(summary_of(Scope.of(campaign, campaign.organizer)), "use") == ["满意率90.0%。"]
    assert paragraphs_of(summary_of(Scope.of(campaign, branches[0])), "use") == ["按照活动方案，作为考核依据。"]
