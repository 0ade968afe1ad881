"""URLs of warranties."""

from django.urls import path

from warranty.views import machines, policy

app_name = "warranty"

urlpatterns = [
    path("equipment/<str:serial>/warranty/", machines.bar, name="bar"),
    path("equipment/<str:serial>/warranty/ask/", machines.ask, name="ask"),
    path("equipment/<str:serial>/warranty/extend/", machines.extend, name="extend"),
    path("warranty/rights/<int:pk>/claim/", machines.claim, name="claim"),
    path("warranty/extensions/<str:number>/<str:decision>/", machines.decide_extension, name="decide-extension"),
    path("warranty/ending/", machines.ending, name="ending"),
    path("settings/warranty/", policy.terms, name="terms"),
    path("settings/warranty/new/", policy.new_term, name="new-term"),
    path("settings/warranty/rules/<slug:code>/", policy.rule, name="rule"),
    path("settings/warranty/<slug:code>/", policy.term, name="term"),
    path("settings/warranty/<slug:code>/withdraw/", policy.withdraw, name="withdraw"),
]
