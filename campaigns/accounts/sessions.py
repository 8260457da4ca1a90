"""The rules that a session has from its account: whether the password is an initial one, and whether it is for demonstration.

Both are asked when somebody signs in and kept in the session, so that no page has to ask again: setting a password ends
all sessions of its account.
"""

import time

from django.contrib import messages
from django.contrib.auth import logout
from django.shortcuts import redirect

from .deeds import deed_told, tell_deeds
from .giving import has_real_administrator, standing_of

INITIAL, DEMO = "password_is_initial", "account_is_demo"
# A session ends eight hours after the last page, give or take so many seconds: it is not written for every page.
RENEWED, RENEWED_AFTER = "renewed_at", 15 * 60
# Pages for somebody who has to choose a password first.
WITH_AN_INITIAL_PASSWORD = {"password_change", "logout"}
DEMO_HAS_ENDED = "这里已经有正式的系统管理员，演示账号不再能登录，请用自己的账号。"
TOLD_AT_ONCE = 5


def begin_session(request) -> None:
    """Write into a new session what its account brings with it, and tell the owner what others did with the account."""
    request.session[RENEWED] = int(time.time())
    standing = standing_of(request.user)
    if standing.initial_until:
        request.session[INITIAL] = True
    if standing.is_demo:
        request.session[DEMO] = True
    news = tell_deeds(request.user)
    for deed in news[-TOLD_AT_ONCE:]:
        messages.info(request, f"{deed_told(deed)}。")
    if len(news) > TOLD_AT_ONCE:
        messages.info(request, f"另有{len(news) - TOLD_AT_ONCE}条，见“我的账号”（右上角您的名字）。")


class SessionRulesMiddleware:
    """Sends whoever has an initial password to choose another, and ends the sessions of a demo that has ended."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # Pages for everybody, a participant's above all, read no session.
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if request.session.get(DEMO) and has_real_administrator():
            logout(request)
            messages.error(request, DEMO_HAS_ENDED)
            return redirect("login")
        if request.session.get(INITIAL) and request.resolver_match.view_name not in WITH_AN_INITIAL_PASSWORD:
            return redirect("password_change")
        _renew(request.session)
        return None


def _renew(session) -> None:
    """Let a session that is in use end later. Sessions that nobody signed in for are as they were made."""
    now = int(time.time())
    if now - session.get(RENEWED, now) > RENEWED_AFTER:
        session[RENEWED] = now
