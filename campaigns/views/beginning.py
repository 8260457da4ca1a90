"""「开始正式使用」: the demo's page that opens the first account of the real database."""

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from ..accounts.beginning import AlreadyInUse, CannotBegin, begin_in_earnest, go_over, may_begin
from ..forms.beginning import BeginForm
from ..permissions import require
from .posting import posted

SECONDS_TO_GO_OVER = 2


@sensitive_post_parameters()
@login_not_required
def begin(request):
    """Whoever stands at the machine fills in the form; others read how it is done."""
    if not settings.DEMO:
        return redirect("login")
    if not may_begin(request):
        require(request.method != "POST")
        return render(request, "campaigns/begin_elsewhere.html")
    form = BeginForm(posted(request))
    if form.is_valid() and _begin(form):
        return _begun(request, form.cleaned_data["username"])
    return render(request, "campaigns/begin.html", {"form": form})


def _begin(form: BeginForm) -> bool:
    """Write the account, or say on the form why not."""
    facts = form.cleaned_data
    try:
        begin_in_earnest(facts["username"], name=facts["first_name"], password=facts["password1"])
    except (AlreadyInUse, CannotBegin) as reason:
        form.add_error(None, str(reason))
        return False
    return True


def _begun(request, username):
    """The browser asks for the sign-in page in a moment; until the real site answers, its connection waits."""
    logout(request)
    goes_over = go_over()
    response = render(request, "campaigns/begun.html", {"username": username, "goes_over": goes_over})
    if goes_over:
        response["Refresh"] = f"{SECONDS_TO_GO_OVER}; url={reverse('login')}"
    return response
