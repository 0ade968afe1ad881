"""URLs of deadlines and of the policy behind them."""

from django.urls import path

from sla.views import ledger

app_name = "sla"

urlpatterns = [
    path("timers/<int:pk>/", ledger.show, name="ledger"),
    path("timers/<int:pk>/acknowledge/", ledger.acknowledge, name="acknowledge"),
    path("timers/<int:pk>/reason/", ledger.reason, name="reason"),
]
