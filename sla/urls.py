"""URLs of deadlines and of the policy behind them."""

from django.urls import path

from sla.views import keeping, ledger, settings, simulating, trying

app_name = "sla"

urlpatterns = [
    path("timers/<int:pk>/", ledger.show, name="ledger"),
    path("timers/<int:pk>/acknowledge/", ledger.acknowledge, name="acknowledge"),
    path("timers/<int:pk>/reason/", ledger.reason, name="reason"),
    path("promises/keeping/", keeping.show, name="keeping"),
    path("settings/promises/", settings.promises, name="settings"),
    path("settings/promises/new/", settings.change, {"kind": "promise"}, name="new-promise"),
    path("settings/promises/try/", trying.promise, name="try-promise"),
    path("settings/promises/simulator/", simulating.simulate, name="simulator"),
    path("settings/promises/<str:code>/letter/", simulating.letter, name="letter"),
    path("settings/promises/<str:code>/", settings.promise, name="promise"),
    path("settings/promises/<str:code>/change/", settings.change, {"kind": "promise"}, name="change-promise"),
    path("settings/promises/<str:code>/choices/", settings.choose, name="choose"),
    path("settings/promises/<str:code>/choices/<int:pk>/drop/", settings.drop, name="drop-choice"),
    path("settings/clocks/", settings.clocks, name="clocks"),
    path("settings/clocks/new/", settings.change, {"kind": "clock"}, name="new-clock"),
    path("settings/clocks/<str:code>/", settings.clock, name="clock"),
    path("settings/clocks/<str:code>/change/", settings.change, {"kind": "clock"}, name="change-clock"),
    path("settings/clocks/<str:code>/try/", trying.clock, name="try-clock"),
    path("settings/chains/", settings.chains, name="chains"),
    path("settings/chains/new/", settings.change, {"kind": "chain"}, name="new-chain"),
    path("settings/chains/<str:code>/", settings.chain, name="chain"),
    path("settings/chains/<str:code>/change/", settings.change, {"kind": "chain"}, name="change-chain"),
]
