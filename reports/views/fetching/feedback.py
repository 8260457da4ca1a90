"""Targets that get a letter, and all that a letter is made of."""

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from ballots.models import Opinion
from campaigns.models import Poll, Target

from ...files.feedback import FeedbackMaterial
from ...findings import crossings_of
from ...grading.content import gradings_of
from ...opinions import read_entries_about
from ...results.poll import results_of
from ...results.scores import scores_of


def targets_with_letters(poll: Poll) -> QuerySet[Target]:
    """The targets that are told their results by a letter: not the options of a list, which are compared in one table."""
    return poll.targets.filter(questionnaire__most_chosen=None).order_by("position", "pk")


def target_with_letter(poll: Poll, target_id: int) -> Target:
    return get_object_or_404(targets_with_letters(poll), pk=target_id)


def material_of_letter(target: Target) -> FeedbackMaterial:
    """All that the letter to one target of a sealed poll is made of."""
    results = [results_of(target.poll)]
    return FeedbackMaterial(
        results=results[0],
        grading=gradings_of(results).get(target.poll_id),
        scores=scores_of(results),
        crossings=tuple(crossings_of(results)),
        opinions=read_entries_about(target),
        unread_count=Opinion.objects.filter(target=target, reading=None).count(),
    )
