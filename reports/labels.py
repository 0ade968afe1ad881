"""Codes of frozen rows put into words of the active language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from customers.models import Channel
from followups.models import Rule
from followups.states import FOLLOWUP
from sla.models import Target
from staff.models import Province, Region
from tickets.models import Call, FaultType, Ticket, Visit
from tickets.states import TICKET
from training.models import CustomerTraining


def all_labels() -> dict[str, Mapping[Any, Any]]:
    """Words by kind of code; four queries."""
    return {
        "region": {region.code: str(region) for region in Region.objects.all()},
        "province": {province.code: str(province) for province in Province.objects.all()},
        "fault": {"": _("Not classified"), **{fault.code: str(fault) for fault in FaultType.objects.all()}},
        "path": {code: str(label) for code, label in Ticket.Path.choices},
        "kind": {code: str(label) for code, label in Ticket.Kind.choices},
        "state": {code: str(state.label) for code, state in TICKET.states.items()},
        "grade": dict[Any, Any]({n: _("Grade %(n)s") % {"n": n} for n in range(1, 5)}) | {"": _("No grade")},
        "verdict": {
            "": "—",
            "free": _("Free"),
            "cost": _("At cost"),
            "charged": _("Charged"),
            "unknown": _("Not decided"),
        },
        "call_kind": {code: str(label) for code, label in Call.Kind.choices},
        "channel": {code: str(label) for code, label in Channel.choices},
        "content": {code: str(label) for code, label in Call.Content.choices},
        "rule": {rule.code: str(rule) for rule in Rule.objects.order_by("version")},
        "result": {code: str(state.label) for code, state in FOLLOWUP.states.items()},
        "target": {code: str(label) for code, label in Target.choices},
        "satisfaction": {code: str(label) for code, label in CustomerTraining.Satisfaction.choices},
        "outcome": {code: str(label) for code, label in Visit.Outcome.choices},
    }
