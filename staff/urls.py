"""URLs of people and organisation."""

from django.urls import path

from staff.views import account, signing

app_name = "staff"

urlpatterns = [
    path("", signing.home, name="home"),
    path("login/", signing.LoginView.as_view(), name="login"),
    path("logout/", signing.LogoutView.as_view(), name="logout"),
    path("settings/language/", signing.language, name="language"),
    path("settings/theme/", signing.theme, name="theme"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/tokens/", account.issue_token, name="issue-token"),
    path("account/tokens/<int:pk>/revoke/", account.revoke_token, name="revoke-token"),
]
