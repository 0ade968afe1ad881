"""A rule in words: when it comes and until when the call is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from customers.stories import FIELDS
from followups.models import Rule

KINDS: dict[str, Any] = {
    "ticket.opened": lambda: _("a ticket was opened"),
    "ticket.solved": lambda: _("a repair was reported as done"),
    "ticket.solved_by_phone": lambda: _("a fault was solved by phone"),
    "ticket.closed": lambda: _("a ticket was closed"),
    "order.reported": lambda: _("a visit was reported"),
    "order.left": lambda: _("the engineer left the customer"),
    "card.returned": lambda: _("a service card came back"),
}


@dataclass(frozen=True)
class Told:
    """A rule with its sentences."""

    rule: Rule
    occasion: str
    due: str
    form: str


def of_rule(rule: Rule, forms: Mapping[str, object]) -> Told:
    """When it comes, when the call is due, and by which of the forms (by code) the customer is asked."""
    form = forms.get(rule.questionnaire, rule.questionnaire)
    return Told(rule, _OCCASIONS[rule.trigger](rule.spec), _due(rule.delay), str(form))


def _after_history(spec: dict[str, Any]) -> str:
    kinds = _(", or ").join(KINDS[kind]() if kind in KINDS else kind for kind in spec["kinds"])
    sure = spec.get("when", {}).get("sure")
    if sure is False:
        return _("when %(kinds)s, and the engineer is not sure") % {"kinds": kinds}
    if sure is True:
        return _("when %(kinds)s, and the engineer is sure") % {"kinds": kinds}
    return _("when %(kinds)s") % {"kinds": kinds}


def _after_date(spec: dict[str, Any]) -> str:
    return _("from the machine's date “%(field)s”") % {"field": FIELDS.get(spec["field"], spec["field"])}


def _every(spec: dict[str, Any]) -> str:
    return _("every %(months)s months while the machine is in warranty") % {"months": spec["every_months"]}


def _sampled(spec: dict[str, Any]) -> str:
    names = [_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday")]
    days = _(", ").join(names[day] for day in spec["weekdays"])
    values = {"days": days, "size": spec["size"]}
    return _("%(size)s customers drawn at random every %(days)s from the tickets closed since") % values


_OCCASIONS = {"history": _after_history, "date": _after_date, "interval": _every, "sample": _sampled}


def _due(delay: dict[str, Any]) -> str:
    if "days" in delay:
        by = delay.get("by", "18:00")
        if delay["days"] == 0:
            return _("the same day by %(time)s") % {"time": by}
        days = ngettext("%(days)s day later by %(time)s", "%(days)s days later by %(time)s", delay["days"])
        return days % {"days": delay["days"], "time": by}
    if delay.get("hours"):
        return ngettext("%(hours)s hour later", "%(hours)s hours later", delay["hours"]) % {"hours": delay["hours"]}
    minutes = delay.get("minutes", 0)
    return ngettext("%(minutes)s minute later", "%(minutes)s minutes later", minutes) % {"minutes": minutes}
