"""All routes: each app brings its own table."""

from django.contrib.auth import views as auth_views
from django.urls import include, path

urlpatterns = [
    # Tried in order: the participants' pages first, for which a whole room waits.
    path("", include("ballots.urls")),
    path("", include("campaigns.urls")),
    path("", include("reports.urls")),
    path("login/", auth_views.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path("password/", auth_views.PasswordChangeView.as_view(success_url="/"), name="password_change"),
]
