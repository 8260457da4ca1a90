"""Grave deeds ask for the password again where it was given a while ago: an open browser is not its owner."""

import time
from functools import wraps

from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.debug import sensitive_post_parameters

from pingyi.addresses import client_address

from ..accounts.sessions import CONFIRMED, is_confirmed
from ..forms.signing_in import ConfirmForm
from .posting import post_instead, posted

TOO_MANY_REQUESTS = 429


def grave(view):
    """A view whose POST wants a password of late. Whatever was typed waits, locked, in the page that asks for it."""

    @wraps(view)
    def wrapped(request, *args, **kwargs):
        if request.method != "POST":
            return view(request, *args, **kwargs)
        is_asked, is_late = "carried" in request.POST, not is_confirmed(request.session)
        if not is_asked and not is_late:
            return view(request, *args, **kwargs)
        form = _form(request, is_asked=is_asked, is_late=is_late)
        if not form.is_valid():
            return _asked_again(request, form)
        if is_late:
            request.session[CONFIRMED] = int(time.time())
        post_instead(request, form.cleaned_data["carried"])
        return view(request, *args, **kwargs)

    wrapped.is_grave = True
    return sensitive_post_parameters("password")(wrapped)


def _form(request, *, is_asked, is_late) -> ConfirmForm:
    form = ConfirmForm(posted(request) if is_asked else None, user=request.user, address=client_address(request))
    form.path = request.get_full_path()
    if not is_late:
        # Confirmed meanwhile, by the same page a moment ago say.
        del form.fields["password"]
    return form


def _asked_again(request, form):
    words = posted(request).copy()
    words.pop("csrfmiddlewaretoken", None)
    carried = request.POST.get("carried") or form.carry(words.urlencode())
    context = {"form": form, "carried": carried, "has_passed": form.has_error("carried")}
    response = render(
        request, "registration/confirm_again.html", context, status=TOO_MANY_REQUESTS if form.must_wait else 200
    )
    add_never_cache_headers(response)
    # Asked for the first time nothing was refused: the deed waits.
    request.is_waiting = not form.is_bound
    return response
