"""State table of follow-ups: the only place that says what may follow what (FUP-01, FUP-02)."""

from django.utils.translation import gettext_lazy as _

from core.transitions import State, move, table
from staff.roles import Role

CALLERS = {Role.DISPATCHER, Role.SUPERVISION, Role.SUPERVISOR, Role.HEAD}
LEAD = {Role.SUPERVISOR, Role.HEAD, Role.MANAGER}

FOLLOWUP = table(
    [
        State("due", _("To be called"), "accent"),
        State("tried", _("Not reached yet"), "soon"),
        State("reached", _("Reached, form open"), "accent"),
        State("escalated", _("With the superior"), "late"),
        State("unreached", _("Not to be reached"), "held", open=False),
        State("done", _("Done"), "kept", open=False),
        State("cancelled", _("Cancelled"), "calm", open=False),
    ],
    [
        move("attempt", _("Note an attempt"), ["due", "tried", "reached"], "tried", CALLERS),
        move("reach", _("Reached"), ["due", "tried", "unreached", "reached"], "reached", CALLERS),
        move("give_up", _("Give up"), ["due", "tried", "reached"], "unreached", CALLERS, system=True),
        move("retry", _("Try again"), ["unreached"], "due", CALLERS),
        move("answer", _("Fill in the form"), ["due", "tried", "reached", "unreached"], "done", CALLERS),
        move(
            "escalate",
            _("Hand to the superior"),
            ["due", "tried", "reached", "unreached", "done"],
            "escalated",
            CALLERS,
        ),
        move("resolve", _("Answer the customer"), ["escalated"], "done", CALLERS | LEAD),
        move("take", _("Take over"), ["due", "tried", "reached", "unreached", "escalated"], None, CALLERS | LEAD),
        move(
            "cancel",
            _("Cancel the follow-up"),
            ["due", "tried", "reached", "unreached"],
            "cancelled",
            CALLERS,
            system=True,
        ),
    ],
)
