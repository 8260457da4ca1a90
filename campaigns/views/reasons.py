"""The page before a file with names or opinions: what it is for, which the trail keeps with the download."""

from django.shortcuts import render

from ..forms.reasons import ReasonForm

OPINIONS_INSIDE = "意见建议的原话"


def ask_reason(request, contents: str):
    """The page that asks what a file with such contents is for; None once that was stated."""
    form = ReasonForm(request.GET if "reason" in request.GET else None)
    if form.is_valid():
        request.stated_reason = form.cleaned_data["reason"]
        return None
    # Nothing was given away yet, so that there is nothing to keep.
    request.is_waiting = True
    carried = [(name, value) for name in request.GET if name != "reason" for value in request.GET.getlist(name)]
    return render(request, "campaigns/reason_ask.html", {"form": form, "contents": contents, "carried": carried})
