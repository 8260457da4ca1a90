"""The administrators' page: accounts that wait for somebody, what was done with accounts, and how the server stands."""

from django.conf import settings
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone

from campaigns.accounts.deeds import deed_sentence, deeds_visible_to
from campaigns.accounts.delays import mistaken_accounts
from campaigns.accounts.giving import has_expired, with_initial_password
from campaigns.permissions import ADMINISTRATOR, accounts_visible_to, has_role_anywhere, require

from ..examining import look_over
from ..notices.keeping import SHOWN, given_up_visible_to, last_trial

ACCOUNTS_PER_PAGE = 20
DEEDS_SHOWN = 10


def administration(request):
    """Accounts within the user's reach; the server itself is a superuser's business."""
    require(has_role_anywhere(request.user, ADMINISTRATOR))
    accounts, now = accounts_visible_to(request.user), timezone.now()
    page = Paginator(with_initial_password(accounts), ACCOUNTS_PER_PAGE).get_page(request.GET.get("page"))
    deeds = deeds_visible_to(request.user)[:DEEDS_SHOWN]
    context = {
        "mistaken": mistaken_accounts(accounts),
        "page": page,
        "initial": [(account, has_expired(account.standing, now=now)) for account in page],
        "lines": [(deed.done_at, deed.who, deed_sentence(deed)) for deed in deeds],
        "has_mail": settings.HAS_MAIL,
        "trial": last_trial(request.user),
        "unsent": given_up_visible_to(request.user)[:SHOWN],
        "remarks": look_over(is_thorough=False) if request.user.is_superuser else (),
    }
    return render(request, "reports/administration.html", context)
