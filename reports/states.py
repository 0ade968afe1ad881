"""State table of reports."""

from django.utils.translation import gettext_lazy as _

from core.transitions import State, move, table
from staff.roles import Role

ASKERS = {Role.MANAGER, Role.HEAD, Role.ADMIN, Role.SUPERVISION}

REPORT = table(
    [
        State("wanted", _("Being made"), "accent"),
        State("frozen", _("Figures frozen, papers being made"), "accent"),
        State("ready", _("Ready"), "kept", open=False),
        State("failed", _("Could not be made"), "late"),
    ],
    [
        move("freeze", _("Freeze the figures"), ["wanted", "failed"], "frozen", [], system=True),
        move("issue", _("Issue"), ["frozen", "failed"], "ready", [], system=True),
        move("retry", _("Try again"), ["failed"], None, ASKERS),
        move("fail", _("Give up"), ["wanted", "frozen"], "failed", [], system=True),
    ],
)
