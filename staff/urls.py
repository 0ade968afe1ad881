"""URLs of people and organisation."""

from django.urls import path

from staff.views import account, engineers, index, organisation, signing, users

app_name = "staff"

urlpatterns = [
    path("", signing.home, name="home"),
    path("login/", signing.LoginView.as_view(), name="login"),
    path("logout/", signing.LogoutView.as_view(), name="logout"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/tokens/", account.issue_token, name="issue-token"),
    path("account/tokens/<int:pk>/revoke/", account.revoke_token, name="revoke-token"),
    path("settings/", index.settings, name="settings"),
    path("settings/language/", signing.language, name="language"),
    path("settings/theme/", signing.theme, name="theme"),
    path("settings/users/", users.users, name="users"),
    path("settings/users/new/", users.new_user, name="new-user"),
    path("settings/users/<str:username>/", users.user, name="user"),
    path("settings/users/<str:username>/deactivate/", users.deactivate, name="deactivate-user"),
    path("settings/users/<str:username>/reactivate/", users.reactivate, name="reactivate-user"),
    path("settings/users/<str:username>/password/", users.set_password, name="set-password"),
    path("settings/users/<str:username>/unlock/", users.unlock, name="unlock-user"),
    path("settings/roles/", users.roles, name="roles"),
    path("settings/regions/", organisation.regions, name="regions"),
    path("settings/regions/new/", organisation.region, name="new-region"),
    path("settings/regions/<str:code>/", organisation.region, name="region"),
    path("settings/divisions/", organisation.divisions, name="divisions"),
    path("settings/divisions/new/", organisation.division, name="new-division"),
    path("settings/divisions/<str:code>/", organisation.division, name="division"),
    path("settings/product-lines/new/", organisation.product_line, name="new-product-line"),
    path("settings/product-lines/<str:code>/", organisation.product_line, name="product-line"),
    path("settings/tiers/", organisation.tiers, name="tiers"),
    path("settings/tiers/new/", organisation.tier, name="new-tier"),
    path("settings/tiers/<str:code>/", organisation.tier, name="tier"),
    path("settings/qualifications/", engineers.qualifications, name="qualifications"),
    path("settings/rota/", engineers.rota, name="rota"),
    path("settings/engineers/", engineers.engineers, name="engineers"),
    path("settings/engineers/new/", engineers.new_engineer, name="new-engineer"),
    path("settings/engineers/<str:username>/", engineers.engineer, name="engineer"),
    path("settings/engineers/<str:username>/change/", engineers.change, name="change-engineer"),
    path("settings/engineers/<str:username>/standby/", engineers.standby, name="set-standby"),
    path("settings/engineers/<str:username>/absences/", engineers.plan_absence, name="plan-absence"),
    path(
        "settings/engineers/<str:username>/absences/<int:pk>/cancel/",
        engineers.cancel_absence,
        name="cancel-absence",
    ),
    path("settings/engineers/<str:username>/rota/", engineers.plan_duty, name="plan-duty"),
    path("settings/engineers/<str:username>/rota/<int:pk>/cancel/", engineers.cancel_duty, name="cancel-duty"),
    path("settings/engineers/<str:username>/phone-off/", engineers.phone_off, name="phone-off"),
    path("settings/engineers/<str:username>/skills/", engineers.set_skill, name="set-skill"),
    path("settings/engineers/<str:username>/certificates/", engineers.grant, name="grant"),
    path("settings/engineers/<str:username>/certificates/<int:pk>/revoke/", engineers.revoke, name="revoke"),
]
