"""What each figure is called, how it is counted and what it leaves out; printed on the last page."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Figure:
    """A figure of the month. `better` is "up", "down" or "" where neither is better."""

    code: str
    section: str
    name: Any
    unit: str
    how: Any
    without: Any = ""
    better: str = ""
    whole: Any = ""


SECTIONS = {
    "intake": _("Calls and tickets"),
    "promises": _("Promises"),
    "quality": _("Quality"),
    "customers": _("Customers"),
    "cost": _("Cost"),
}

_ALL = [
    Figure(
        "calls", "intake", _("Calls"), "count", _("Calls and messages received in the month."), _("Our own calls out")
    ),
    Figure(
        "tickets",
        "intake",
        _("Repair tickets"),
        "count",
        _("Tickets reported in the month, by the time of the report, not of entry."),
        _("Merged and cancelled ones; consultation, complaint, praise"),
    ),
    Figure(
        "by_phone",
        "intake",
        _("Solved by phone"),
        "share",
        _("Tickets of the month solved by phone or remotely ÷ repair tickets."),
        _("Those that needed a visit afterwards"),
        "up",
        _("tickets"),
    ),
    Figure(
        "open_at_end",
        "intake",
        _("Open at the end of the month"),
        "count",
        _("Tickets reported before the end of the month and not closed by then."),
        _("Merged and cancelled ones"),
        "down",
    ),
    Figure(
        "contact_in_time",
        "promises",
        _("Called in time"),
        "share",
        _("Contact deadlines of the month that were kept ÷ all that were kept or broken."),
        _("Deadlines cancelled with their order"),
        "up",
        _("deadlines"),
    ),
    Figure(
        "arrive_in_time",
        "promises",
        _("Arrived in time"),
        "share",
        _("Arrival deadlines of the month that were kept ÷ all that were kept or broken. Pauses do not count."),
        _("Tickets that needed no visit"),
        "up",
        _("deadlines"),
    ),
    Figure(
        "report_in_time",
        "promises",
        _("Reported the same day"),
        "share",
        _("Report deadlines of the month that were kept ÷ all that were kept or broken."),
        "",
        "up",
        _("deadlines"),
    ),
    Figure(
        "repair_median",
        "promises",
        _("Report to repaired, median"),
        "hours",
        _("From the report to the repair, of tickets repaired in the month: half took no longer."),
        _("Imported repairs, which have days but no hours"),
        "down",
        _("tickets"),
    ),
    Figure(
        "repair_p90",
        "promises",
        _("Report to repaired, nine in ten"),
        "hours",
        _("From the report to the repair, of tickets repaired in the month: nine in ten took no longer."),
        _("Imported repairs, which have days but no hours"),
        "down",
        _("tickets"),
    ),
    Figure(
        "first_time_fix",
        "quality",
        _("Fixed by the first visit"),
        "share",
        _(
            "Tickets whose first visit was reported in the month as fixed, with no further visit and no repeat "
            "of the fault within 30 days so far ÷ tickets whose first visit was reported in the month."
        ),
        _("Provisional repairs and those waiting for parts count as not fixed"),
        "up",
        _("tickets"),
    ),
    Figure(
        "second_repairs",
        "quality",
        _("Second repairs"),
        "share",
        _("Tickets that repeat the same fault of the same machine within a year ÷ repair tickets."),
        "",
        "down",
        _("tickets"),
    ),
    Figure(
        "followed_up",
        "customers",
        _("Followed up"),
        "share",
        _("Follow-up calls due in the month that reached the customer ÷ all that were due."),
        _("Cancelled ones; three failed attempts count as not reached"),
        "up",
        _("calls"),
    ),
    Figure(
        "content",
        "customers",
        _("Customers content"),
        "share",
        _("Follow-ups of the month with an overall answer of content or better ÷ those with an overall answer."),
        _("Unanswered questions"),
        "up",
        _("answers"),
    ),
    Figure(
        "complaints",
        "customers",
        _("Complaints"),
        "count",
        _("Complaints received in the month; beside it how many were found valid."),
        "",
        "down",
    ),
    Figure(
        "charged",
        "cost",
        _("Charged to customers"),
        "money",
        _("Labour, parts and travel charged in reports of the month."),
        _("Free repairs"),
    ),
    Figure(
        "cost",
        "cost",
        _("Cost of imported repairs"),
        "money",
        _("Cost of repairs that were taken over from earlier records, by the day of the report."),
        _("Repairs made in this system"),
        "down",
    ),
    Figure(
        "cost_per_ticket",
        "cost",
        _("Cost per imported repair"),
        "money",
        _("Cost of imported repairs ÷ their number."),
        "",
        "down",
        _("repairs"),
    ),
]

FIGURES = {figure.code: figure for figure in _ALL}
