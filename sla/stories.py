"""How the history tells of deadlines and of the policy behind them."""

from django.utils.translation import gettext_lazy as _

from core.history import Kind

KINDS = {
    "timer.warned": Kind("clock", _("Deadline near: %(subject)s by %(due)s")),
    "timer.broken": Kind("alert-triangle", _("Deadline missed: %(subject)s was due %(due)s")),
    "timer.late": Kind("clock-check", _("Done late: %(subject)s, was due %(due)s")),
    "timer.escalated": Kind("arrow-up", _("Escalated: %(subject)s was due %(due)s")),
    "timer.withdrawn": Kind("arrow-back-up", _("Missed deadline withdrawn: %(subject)s, due %(due)s")),
    "timer.moved": Kind("clock", _("Deadline moved: %(subject)s now by %(due)s, was %(before)s")),
    "timer.acknowledged": Kind("check", _("took note: %(subject)s")),
    "timer.explained": Kind("pencil", _("gave the reason of a missed deadline: %(subject)s")),
    "clock.changed": Kind("clock", _("changed the clock %(code)s, version %(version)s")),
    "chain.changed": Kind("arrow-up", _("changed the chain %(code)s, version %(version)s")),
    "promise.changed": Kind("file-text", _("changed the promise %(code)s, version %(version)s")),
    "promise.chosen": Kind("file-text", _("gave contract %(contract)s the promise %(code)s")),
    "promise.dropped": Kind("file-text", _("took the promise %(code)s from contract %(contract)s")),
}
