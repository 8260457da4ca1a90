"""Tokens of the API, as those who answer for a unit make and revoke them."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from campaigns.views.posting import ended, posted
from pingyi.addresses import public_address

from ..api.tokens import make_token
from ..forms.tokens import ApiTokenForm
from .fetching.tokens import organization_of_tokens, token_to_revoke


@never_cache
def token_list(request, organization_id):
    """A unit's tokens with the form of another one, whose secret stands on the answer alone and nowhere else."""
    organization = organization_of_tokens(request, organization_id)
    today = timezone.localdate()
    form, secret = ApiTokenForm(posted(request), organization=organization, today=today), ""
    if form.is_valid():
        secret = make_token(organization, **form.facts, by=request.user)
        form = ApiTokenForm(organization=organization, today=today)
    context = {
        "organization": organization,
        "tokens": organization.api_tokens.select_related("made_by", "revoked_by"),
        "form": form,
        "secret": secret,
        "address": public_address(request, reverse("reports:api_campaigns")),
    }
    response = render(request, "reports/token_list.html", context)
    return ended(response) if secret else response


@require_POST
def token_revoke(request, token_id):
    token = token_to_revoke(request, token_id)
    if token.revoke(by=request.user):
        messages.success(request, f"令牌“{token.name}”已经作废，用它的程序再也读不到结果。")
    return redirect("reports:token_list", token.organization_id)
