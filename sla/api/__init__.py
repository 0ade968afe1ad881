"""The API of deadlines: clocks, promises, chains, timers, promise keeping; and the ledger for other apps' routes."""

from sla.api.payloads import DeadlineSerializer, timer_payload, timers_payload
from sla.api.policy import ChainViewSet, ClockViewSet, PromiseViewSet
from sla.api.timers import TimerViewSet

routes = [
    ("clocks", ClockViewSet, "clock"),
    ("promises", PromiseViewSet, "promise"),
    ("chains", ChainViewSet, "chain"),
    ("timers", TimerViewSet, "timer"),
]

__all__ = ["DeadlineSerializer", "routes", "timer_payload", "timers_payload"]
