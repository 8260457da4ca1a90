"""A reported 满意率 held against the ballots (scenarios C1, C3)."""

from django.shortcuts import render
from django.views.decorators.cache import never_cache

from campaigns.permissions import can_read_opinions, require

from .. import wording
from ..forms import RateCheckForm
from ..results import PollResults, results_of
from .results import visible_poll


@never_cache
def rate_check(request, poll_id):
    """For those who report figures or read reports; nothing is stored."""
    poll = visible_poll(request, poll_id)
    require(can_read_opinions(request.user, poll))
    lines = _lines(results_of(poll))
    form = RateCheckForm(request.GET or None, lines=[(key, label) for key, (label, _) in lines.items()])
    sentence = ""
    if form.is_valid():
        _, total = lines[form.cleaned_data["line"]]
        sentence = wording.reported_rate_sentence(total, form.cleaned_data["reported"])
    return render(request, "reports/rate_check.html", {"poll": poll, "form": form, "sentence": sentence})


def _lines(results: PollResults) -> dict[str, tuple]:
    """Every line by its key in the form, with its label and result; the 总体评价 of each target comes first."""
    pairs = [(target, line) for target in results.targets for line in target.lines]
    pairs.sort(key=lambda pair: not pair[1].is_overall)
    return {f"{target.id}-{line.indicator_id}": (f"{target.name}：{line.text}", line.total) for target, line in pairs}
