"""State table of complaints: from receipt to the customer's own word that it is settled."""

from django.utils.translation import gettext_lazy as _

from core.transitions import State, move, table
from staff.roles import Role

HANDLERS = {Role.DISPATCHER, Role.SUPERVISION, Role.SUPERVISOR, Role.HEAD}
JUDGES = {Role.SUPERVISION, Role.HEAD}

COMPLAINT = table(
    [
        State("received", _("Received"), "soon"),
        State("acknowledged", _("Acknowledged"), "accent"),
        State("decided", _("Decided"), "accent"),
        State("answered", _("Answered, to be confirmed"), "soon"),
        State("closed", _("Closed"), "kept", open=False),
    ],
    [
        move("acknowledge", _("Acknowledge"), ["received"], "acknowledged", HANDLERS),
        move("describe", _("Say what it is about"), ["received", "acknowledged"], None, HANDLERS),
        move("assign", _("Assign"), ["received", "acknowledged", "decided"], None, JUDGES),
        move("decide", _("Decide"), ["received", "acknowledged"], "decided", JUDGES),
        move("answer", _("Explain to the customer"), ["decided"], "answered", HANDLERS),
        move("close", _("Close"), ["answered"], "closed", JUDGES),
        move("reopen", _("Reopen"), ["answered", "closed"], "acknowledged", HANDLERS),
    ],
)
