"""The kinds of messages and the places their texts may use."""

from typing import Any

from django.utils.translation import gettext_lazy as _

PLACES: dict[str, Any] = {
    "number": _("number of the record"),
    "title": _("what it is about, in a few words"),
    "customer": _("customer"),
    "due": _("until when"),
    "why": _("reason"),
    "name": _("name of the receiver"),
}

KINDS: dict[str, Any] = {
    "order.issued": _("A dispatch order for the engineer"),
    "order.reassigned": _("A dispatch order goes to somebody else"),
    "order.cancelled": _("A dispatch order is cancelled"),
    "order.refused": _("An engineer refuses an order"),
    "timer.warned": _("A deadline comes near"),
    "timer.broken": _("A deadline has passed"),
    "timer.escalated": _("A passed deadline goes to the next level"),
    "timer.withdrawn": _("A passed deadline was not missed after all"),
    "clock.year_missing": _("A clock lacks the holidays of a year"),
    "approval.asked": _("A signature is wanted"),
    "approval.decided": _("A signature was given or declined"),
    "followup.escalated": _("A follow-up needs a decision"),
    "followup.unreached": _("A customer could not be reached"),
    "report.ready": _("A report is ready"),
    "call.answer_due": _("A caller waits for an answer"),
    "parts.wanted": _("Parts are wanted"),
    "complaint.opened": _("A complaint came in"),
    "warranty.right": _("A right from the three guarantees arose"),
}
