"""The API of deadlines: clocks, promises, chains, timers, promise keeping; and the ledger for other apps' routes."""

from django.urls import path

from sla.api.keeping import KeepingView
from sla.api.payloads import DeadlineSerializer, timer_payload, timers_payload
from sla.api.policy import ChainViewSet, ClockViewSet, PromiseViewSet
from sla.api.simulations import SimulationView
from sla.api.timers import TimerViewSet

routes = [
    ("clocks", ClockViewSet, "clock"),
    ("promises", PromiseViewSet, "promise"),
    ("chains", ChainViewSet, "chain"),
    ("timers", TimerViewSet, "timer"),
]

extra_urls = [
    path("promise-keeping/", KeepingView.as_view(), name="promise-keeping"),
    path("simulations/", SimulationView.as_view(), name="simulations"),
]

__all__ = ["DeadlineSerializer", "extra_urls", "routes", "timer_payload", "timers_payload"]
