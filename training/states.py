"""State table of customer trainings."""

from django.utils.translation import gettext_lazy as _

from core.transitions import State, move, table
from staff.roles import Role

TRAINERS = {Role.TRAINER, Role.HEAD}

TRAINING = table(
    [
        State("planned", _("Planned"), "accent"),
        State("done", _("Held"), "kept", open=False),
        State("cancelled", _("Cancelled"), "calm", open=False),
    ],
    [
        move("change", _("Change"), ["planned"], None, TRAINERS),
        move("finish", _("Enter the result"), ["planned"], "done", TRAINERS | {Role.ENGINEER}),
        move("cancel", _("Cancel"), ["planned"], "cancelled", TRAINERS),
    ],
)
