"""The rules that a session has from its account: whether the password is an initial one, whether a second factor
is wanted, and whether it is for demonstration.

They are asked when somebody signs in and kept in the session, so that no page has to ask again: setting a password ends
all sessions of its account.
"""

import time

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect

from .browsers import browser_family
from .deeds import news_told, tell_deeds, wrong_codes_since
from .giving import has_real_administrator, standing_of
from .second_factor import is_wanted

INITIAL, DEMO = "password_is_initial", "account_is_demo"
SECOND_WANTED = "second_factor_wanted"
BROWSER = "browser"
# A session ends half an hour after its last page, and eight hours after the sign-in in any case. It is written again at
# most once a minute.
SIGNED_IN, RENEWED = "signed_in_at", "renewed_at"
# When the password was last given; grave deeds want it given within a quarter of an hour.
CONFIRMED, CONFIRMED_FOR = "confirmed_at", 15 * 60
RENEWED_AFTER, MOST_IDLE, LONGEST = 60, 30 * 60, 8 * 3600
WAS_IDLE = "30分钟没有操作，已经退出登录。没有保存的长文字还在，登录以后打开那一页可以找回。"
WAS_LONG = "登录已满8小时，请重新登录。没有保存的长文字还在，登录以后打开那一页可以找回。"
# Pages for somebody who has to choose a password first.
WITH_AN_INITIAL_PASSWORD = {"password_change", "logout"}
# Pages for somebody who has to add a second factor, or to put it off.
WITHOUT_A_SECOND_FACTOR = {
    "campaigns:second_factor_add",
    "campaigns:second_factor_later",
    *WITH_AN_INITIAL_PASSWORD,
}
DEMO_HAS_ENDED = "这里已经有正式的系统管理员，演示账号不再能登录，请用自己的账号。"
TOLD_AT_ONCE = 5
WRONG_CODES = "上次登录以后，有{}次密码对了、验证码不对的登录。不是您自己输错的，请马上修改密码，并告诉系统管理员。"


def begin_session(request) -> None:
    """Write into a new session what its account brings with it, and tell the owner what others did with the account."""
    for moment in (SIGNED_IN, RENEWED, CONFIRMED):
        request.session[moment] = int(time.time())
    request.session[BROWSER] = browser_family(request.headers.get("User-Agent", ""))
    standing = standing_of(request.user)
    if standing.initial_until:
        request.session[INITIAL] = True
    if is_wanted(request.user, standing):
        request.session[SECOND_WANTED] = True
    if standing.is_demo:
        request.session[DEMO] = True
    if wrong := wrong_codes_since(request.user):
        messages.warning(request, WRONG_CODES.format(wrong))
    news = news_told(tell_deeds(request.user))
    for sentence in news[-TOLD_AT_ONCE:]:
        messages.info(request, f"{sentence}。")
    if len(news) > TOLD_AT_ONCE:
        messages.info(request, f"另有{len(news) - TOLD_AT_ONCE}条，见“我的账号”（右上角您的名字）。")


def is_confirmed(session) -> bool:
    """Whether the password was given of late, by a clock that was not set back since.

    A session that nobody signed in for has none to be given.
    """
    now = int(time.time())
    return abs(now - session.get(CONFIRMED, session.get(SIGNED_IN, now))) <= CONFIRMED_FOR


class SessionRulesMiddleware:
    """Sends whoever has an initial password to choose another; ends sessions that are over, and those of an ended demo."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        # Pages for everybody, a participant's above all, read no session.
        if not getattr(view, "login_required", True) or not request.user.is_authenticated:
            return None
        if reason := reason_to_end(request.session):
            return _sign_out(request, reason)
        if request.session.get(DEMO) and has_real_administrator():
            return _sign_out(request, DEMO_HAS_ENDED)
        if request.session.get(INITIAL) and request.resolver_match.view_name not in WITH_AN_INITIAL_PASSWORD:
            return redirect("password_change")
        if request.session.get(SECOND_WANTED) and request.resolver_match.view_name not in WITHOUT_A_SECOND_FACTOR:
            return redirect("campaigns:second_factor_add")
        _renew(request.session)
        return None


def _sign_out(request, reason: str):
    """End the session; after signing in again the same page comes, where it was one that is only looked at."""
    logout(request)
    messages.error(request, reason)
    return redirect_to_login(request.get_full_path()) if request.method == "GET" else redirect("login")


def reason_to_end(session) -> str:
    """The reason why a session has ended; empty where it goes on. Sessions that nobody signed in for have no end of ours."""
    now = int(time.time())
    if now - session.get(SIGNED_IN, now) > LONGEST:
        return WAS_LONG
    return WAS_IDLE if now - session.get(RENEWED, now) > MOST_IDLE else ""


def _renew(session) -> None:
    now = int(time.time())
    if abs(now - session.get(RENEWED, now)) > RENEWED_AFTER:  # a clock set back makes no idle session live longer
        session[RENEWED] = now
