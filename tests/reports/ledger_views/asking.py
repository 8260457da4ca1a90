"""Addresses and words of the pages of the ledger."""

from datetime import date

from django.urls import reverse

DAY = date(2026, 5, 1)
LIST = reverse("reports:problem_list")
BOARD = reverse("reports:problem_board")
ADD = reverse("reports:problem_add")


def at(verb, problem, *more):
    return reverse(f"reports:{verb}", args=[problem.pk, *more])


def text(response):
    return response.content.decode()


def shown(response):
    """The problems on a page of the list, in order."""
    return [problem.content for problem in response.context["page"]]


def edited(problem, **facts):
    columns = {"source": problem.source, "content": problem.content, "revision": problem.revision}
    return {**columns, "campaign": problem.campaign_id or "", "treatment": problem.treatment, **facts}
