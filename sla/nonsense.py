"""What is wrong with a clock, a span or a promise, in words."""

from typing import Any

from django.utils.translation import gettext as _

from core.errors import Refused
from sla.working_time import Nonsense


def words(error: Nonsense) -> str:
    """The sentence for a piece of nonsense."""
    value = str(error.value)
    return {
        "no_open_time": _("This clock has no open hour within a year."),
        "too_far": _("This lies too far in the future."),
        "not_a_span": _("Give exactly one of minutes, working_days, days or same_day."),
        "not_a_number": _("Give a whole number."),
        "span_zero": _("The span must be longer than zero."),
        "span_too_long": _("The span is too long: %(value)s.") % {"value": value},
        "not_a_time": _("“%(value)s” is not a time of day such as 08:00.") % {"value": value},
        "not_ranges": _('Give a list of ranges such as [["08:00", "12:00"]].'),
        "not_a_week": _("Give the ranges of each weekday from mon to sun."),
        "unknown_weekday": _("Unknown weekday: %(value)s.") % {"value": value},
        "not_a_date": _("“%(value)s” is not a date such as 2026-10-01.") % {"value": value},
        "unknown_zone": _("Unknown time zone: %(value)s.") % {"value": value},
        "not_a_clock": _("Give a clock with zone and weekly ranges, or the code of one."),
        "unknown_clock": _("There is no clock with the code %(value)s.") % {"value": value},
        "end_before_start": _("The end lies before the start."),
        "not_a_moment": _("“%(value)s” is not a moment such as 2026-10-01T08:00:00+08:00.") % {"value": value},
        "overlap": _("Ranges of one day overlap: %(value)s.") % {"value": value},
    }[error.code]


def refused(error: Nonsense, field: str = "") -> Refused:
    """The refusal of an action or an API call for a piece of nonsense."""
    name, _space, where = error.field.partition(" ")
    text: Any = f"{where}: {words(error)}" if where else words(error)
    return Refused({field or name or "clock": text})
