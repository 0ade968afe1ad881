"""How the history tells what happened to warranties."""

from django.utils.translation import gettext_lazy as _

from core.history import Kind
from warranty.models import Cause

REMEDIES = {
    "repair": _("Repair"),
    "exchange": _("Exchange"),
    "return": _("Return"),
    "loan": _("Loan machine"),
}

KINDS = {
    "warranty.term_added": Kind("shield", _("wrote the warranty term %(code)s, version %(version)s")),
    "warranty.term_withdrawn": Kind("shield-x", _("withdrew the warranty term %(code)s from %(valid_from)s")),
    "warranty.rule_added": Kind("shield", _("wrote the guarantee rule %(code)s, version %(version)s")),
    "warranty.part_replaced": Kind("repeat", _("a part was replaced and has a warranty of its own: %(name)s")),
    "warranty.machine_exchanged": Kind("arrows-exchange", _("the machine was exchanged; its warranty starts anew")),
    "warranty.out_of_service": Kind("player-pause", _("out of service since %(first)s")),
    "warranty.back_in_service": Kind("player-play", _("back in service; out from %(first)s to %(last)s")),
    "warranty.allowance_used": Kind("checks", _("used the allowance %(code)s on %(on)s")),
    "warranty.extension_asked": Kind("shield-check", _("asked for %(number)s: %(starts_on)s to %(ends_on)s")),
    "warranty.extension_approved": Kind("shield-check", _("approved %(number)s"), tone="kept"),
    "warranty.extension_declined": Kind("shield-x", _("declined %(number)s"), tone="late"),
    "warranty.extension_cancelled": Kind("shield-x", _("cancelled %(number)s")),
    "warranty.cause_found": Kind("search", _("found the cause: %(cause)s"), words=dict(Cause.choices)),
    "warranty.cause_confirmed": Kind(
        "signature", _("confirmed the cause: %(cause)s"), words=dict(Cause.choices), tone="soon"
    ),
    "warranty.cause_declined": Kind("signature", _("declined the cause: %(cause)s"), words=dict(Cause.choices)),
    "warranty.right_arose": Kind(
        "alert-circle", _("a right of the customer arose: %(rule)s, until %(ends_on)s"), tone="soon"
    ),
    "warranty.right_claimed": Kind("check", _("the right %(rule)s was claimed: %(remedy)s"), words=REMEDIES),
    "warranty.right_waived": Kind("x", _("the right %(rule)s was waived")),
    "warranty.right_lapsed": Kind("clock", _("the right %(rule)s lapsed on %(ends_on)s")),
}
