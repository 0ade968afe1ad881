"""State tables of extensions, cause findings and rights: the only place that says what may follow what."""

from django.utils.translation import gettext_lazy as _

from core.transitions import State, move, table
from staff.roles import Role

SELLERS = {Role.MARKETING, Role.HEAD, Role.DISPATCHER}
DESK = {Role.DISPATCHER, Role.SUPERVISOR, Role.HEAD}

EXTENSION = table(
    [
        State("asked", _("To be approved"), "soon"),
        State("approved", _("Approved"), "kept", open=False),
        State("declined", _("Declined"), "late", open=False),
        State("cancelled", _("Cancelled"), "calm", open=False),
    ],
    [
        move("approve", _("Approve the extension"), ["asked"], "approved", {Role.HEAD, Role.MANAGER}),
        move("decline", _("Decline the extension"), ["asked"], "declined", {Role.HEAD, Role.MANAGER}),
        move("cancel", _("Cancel the extension"), ["asked", "approved"], "cancelled", {Role.HEAD, Role.MANAGER}),
    ],
)

FINDING = table(
    [
        State("proposed", _("Second signature missing"), "soon"),
        State("confirmed", _("Cause confirmed"), "kept", open=False),
        State("declined", _("Declined"), "calm", open=False),
    ],
    [
        move("confirm", _("Confirm the cause"), ["proposed"], "confirmed", {Role.SUPERVISOR, Role.HEAD}),
        move("decline", _("Decline the cause"), ["proposed"], "declined", {Role.SUPERVISOR, Role.HEAD}),
    ],
)

RIGHT = table(
    [
        State("open", _("Can be claimed"), "soon"),
        State("claimed", _("Claimed"), "accent", open=False),
        State("waived", _("Not wanted"), "calm", open=False),
        State("lapsed", _("Lapsed"), "calm", open=False),
    ],
    [
        move("claim", _("Claim the right"), ["open"], "claimed", DESK),
        move("waive", _("Waive the right"), ["open"], "waived", DESK),
        move("lapse", _("Let the right lapse"), ["open"], "lapsed", set(), system=True),
    ],
)
