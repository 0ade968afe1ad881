"""State tables of tickets and dispatch orders: the only place that says what may follow what (TKT-07)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.transitions import State, move, table
from staff.roles import Role

DESK = {Role.DISPATCHER, Role.SUPERVISOR, Role.HEAD}
FIELD = {Role.ENGINEER, Role.CONTRACTOR}
LEAD = {Role.SUPERVISOR, Role.HEAD}

TICKET = table(
    [
        State("open", pgettext_lazy("state", "Open"), "accent"),
        State("dispatched", _("Dispatched"), "accent"),
        State("working", pgettext_lazy("state", "On site"), "accent"),
        State("waiting", _("Waiting"), "held"),
        State("solved", _("Solved, to be confirmed"), "soon"),
        State("closed", _("Closed"), "kept", open=False),
        State("cancelled", _("Cancelled"), "calm", open=False),
        State("merged", _("Merged"), "calm", open=False),
    ],
    [
        move("grade", _("Grade"), ["open", "dispatched", "working", "waiting"], None, DESK),
        move("solve_by_phone", _("Solve by phone"), ["open", "waiting"], "solved", DESK | FIELD),
        move("dispatch", _("Dispatch"), ["open", "waiting", "dispatched", "working"], "dispatched", DESK),
        move("start", _("Arrive"), ["dispatched", "working", "waiting"], "working", FIELD | DESK),
        move("fix", _("Report fixed"), ["working", "dispatched", "waiting"], "solved", FIELD | DESK),
        move(
            "further_visit",
            _("Plan a further visit"),
            ["working", "dispatched", "waiting"],
            "dispatched",
            FIELD | DESK,
        ),
        move("wait", _("Wait"), ["open", "dispatched", "working"], "waiting", FIELD | DESK),
        move("resume", _("Resume"), ["waiting"], "open", DESK | {Role.KEEPER}),
        move(
            "give_back",
            _("Hand back to the desk"),
            ["dispatched", "working", "waiting"],
            "open",
            FIELD | DESK,
        ),
        move("close", _("Close"), ["solved"], "closed", DESK | {Role.SUPERVISION}, system=True),
        move("reopen", _("Reopen"), ["solved", "closed"], "open", DESK | {Role.SUPERVISION}, system=True),
        move("cancel", _("Cancel"), ["open", "dispatched", "waiting"], "cancelled", DESK),
        move("merge", _("Merge"), ["open", "dispatched", "waiting"], "merged", DESK),
        move("choose_path", _("Choose path"), ["open", "dispatched", "working", "waiting"], None, DESK),
    ],
)

ORDER = table(
    [
        State("issued", _("Issued"), "soon"),
        State("accepted", _("Accepted"), "accent"),
        State("contacted", _("Customer called"), "accent"),
        State("departed", _("On the way"), "accent"),
        State("arrived", pgettext_lazy("state", "On site"), "accent"),
        State("left", _("Left, report missing"), "soon"),
        State("waiting", _("Further visit needed"), "held"),
        State("done", pgettext_lazy("state", "Reported"), "kept", open=False),
        State("refused", _("Refused"), "late", open=False),
        State("reassigned", _("Reassigned"), "calm", open=False),
        State("cancelled", _("Cancelled"), "calm", open=False),
    ],
    [
        move("accept", _("Accept"), ["issued"], "accepted", FIELD),
        move("refuse", _("Refuse"), ["issued", "accepted"], "refused", FIELD),
        move("contact", _("Call the customer"), ["accepted", "contacted", "waiting"], "contacted", FIELD),
        move("depart", _("Set off"), ["accepted", "contacted", "waiting"], "departed", FIELD),
        move("arrive", _("Arrive"), ["departed"], "arrived", FIELD),
        move("leave", _("Leave"), ["arrived"], "left", FIELD),
        move("leave_after_report", _("Leave"), ["done", "waiting"], None, FIELD),
        move("report", _("Report"), ["arrived", "left"], "done", FIELD),
        move("report_unfinished", _("Report"), ["arrived", "left"], "waiting", FIELD),
        move(
            "reassign",
            _("Reassign"),
            ["issued", "accepted", "contacted", "departed", "arrived", "waiting"],
            "reassigned",
            DESK,
        ),
        move(
            "cancel",
            _("Cancel"),
            ["issued", "accepted", "contacted", "departed", "waiting"],
            "cancelled",
            DESK,
            system=True,
        ),
    ],
)
