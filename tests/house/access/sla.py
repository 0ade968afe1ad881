"""Records for the rows of deadlines: the shipped policy, a running deadline of the NW engineer, a contract's choice."""

from datetime import timedelta

from django.utils import timezone

from sla import actions, defaults
from sla.facts import Facts
from sla.models import Timer
from staff.models import Region


def records(people):
    defaults.load()
    region = Region.objects.get(code="NW")
    facts = Facts(
        region="NW",
        province="610000",
        grade=2,
        people={"engineer": people["engineer"].pk, "owner": people["dispatcher"].pk},
    )
    start = timezone.now() - timedelta(hours=1)
    actions.follow(region, "ticket.opened", at=start, facts=facts, by=people["dispatcher"])
    choice = actions.choose_promise(contract="AT-2026", promise="SLA-B", by=people["head"])
    line = {
        "target": "resolve",
        "span": {"minutes": 90},
        "clock": "always",
        "start_kinds": ["ticket.opened"],
        "stop_kinds": ["ticket.solved"],
    }
    return {
        "timer": Timer.objects.get(target="arrive", subject=f"region:{region.pk}").pk,
        "promise": "SLA-B",
        "clock": "office",
        "chain": "customer",
        "choice": choice.pk,
        "new_clock": {"code": "AT", "name_zh": "试", "weekly": {"mon": [["08:00", "12:00"]]}},
        "new_chain": {"code": "AT", "name_zh": "试", "warn_who": [], "rungs": [{"after": 0, "who": ["head"]}]},
        "new_promise": {"code": "AT", "name_zh": "试", "lines": [line]},
        "span": {"clock": "office", "start": "2026-11-18T09:00:00+08:00", "span": {"minutes": 30}},
        "between": {"clock": "office", "start": "2026-11-18T09:00:00+08:00", "end": "2026-11-18T10:00:00+08:00"},
    }
