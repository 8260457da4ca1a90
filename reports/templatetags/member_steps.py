"""The steps of the appraisal of members on the page of a poll, which lies below this app."""

from django import template
from django.utils import timezone

from ..grading.steps import StepProgress, step_progress
from ..permissions import can_read_work_report

register = template.Library()


@register.simple_tag
def member_steps(poll) -> list[StepProgress]:
    """How far a poll's unit has come with each step."""
    return step_progress(poll, today=timezone.localdate())


@register.filter
def may_read_work_report(user, poll) -> bool:
    return can_read_work_report(user, poll)
