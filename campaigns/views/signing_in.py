"""Signing in and one's own account: Django's views, with the delays and the history of accounts."""

from django.contrib import messages
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.shortcuts import render
from django.urls import reverse_lazy

from pingyi.addresses import client_address

from ..accounts.deeds import deed_told
from ..accounts.giving import keep_own_password
from ..accounts.second_factor import has_factor
from ..accounts.sessions import INITIAL, begin_session
from ..forms.signing_in import OwnPasswordForm, SignInForm
from ..models import AccountDeed, Role, SecondFactor
from .second_factor import ask_second_code

PER_PAGE = 50
TOO_MANY_REQUESTS = 429


class SignInView(LoginView):
    form_class = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form):
        if has_factor(form.get_user()):
            return ask_second_code(self.request, form.get_user(), self.get_redirect_url())
        response = super().form_valid(form)
        begin_session(self.request)
        return response

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if form.must_wait:
            response.status_code = TOO_MANY_REQUESTS
        return response


class OwnPasswordView(PasswordChangeView):
    form_class = OwnPasswordForm
    success_url = reverse_lazy("reports:home")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"address": client_address(self.request)}

    def get_context_data(self, **kwargs):
        return super().get_context_data(**kwargs) | {"is_initial": self.request.session.get(INITIAL, False)}

    def form_valid(self, form):
        with transaction.atomic():
            response = super().form_valid(form)
            keep_own_password(self.request.user)
        self.request.session.pop(INITIAL, None)
        messages.success(self.request, "密码已修改，其他地方登录的要用新密码重新登录。")
        return response


def own_account(request):
    """The user's own roles, and the history of the account."""
    deeds = AccountDeed.objects.about(request.user).select_related("account", "done_by")
    page = Paginator(deeds, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "roles": Role.objects.filter(user=request.user).select_related("organization"),
        "factor": SecondFactor.objects.filter(user=request.user).annotate(codes_left=Count("recovery_codes")).first(),
        "page": page,
        "lines": [(deed.done_at, deed_told(deed)) for deed in page],
    }
    return render(request, "campaigns/own_account.html", context)
