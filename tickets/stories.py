"""How the history entries of calls, tickets, orders and visits are told."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.history import Kind

WAITS = {
    "customer": _("Waiting for the customer"),
    "parts": _("Waiting for parts"),
    "weather": _("Weather"),
    "site": _("Site closed"),
}
PATHS = {
    "phone": _("By phone"),
    "remote": _("Remotely"),
    "onsite": _("On site"),
    "factory": _("Return to factory"),
    "exchange": _("Exchange"),
}
GRADES = {"": _("no grade")}
OUTCOMES = {
    "fixed": _("Fixed"),
    "provisional": _("Provisional"),
    "waits_for_parts": _("Waits for parts"),
    "not_possible": _("Not possible"),
}
PAYMENTS = {
    "transfer": _("Bank transfer"),
    "cash": _("Cash"),
    "mobile": _("Mobile payment"),
    "account": _("On the contract's account"),
    "waived": pgettext_lazy("payment", "Waived"),
}
HELPED = {"helped": _("helped"), "not_helped": _("did not help")}
CALLS = {
    "consultation": _("Consultation"),
    "repair": _("Repair request"),
    "complaint": _("Complaint"),
    "praise": _("Praise"),
    "other": _("Other"),
}
SIGNATURES = {
    "order.head": _("signature of the service head"),
    "order.marketing": _("signature of marketing"),
    "order.leave_unsolved": _("leaving with the fault unsolved"),
    "approved": _("approved"),
    "declined": _("declined"),
}

KINDS = {
    "call.recorded": Kind("phone-incoming", _("recorded the call %(subject)s: %(call)s"), words=CALLS),
    "call.linked": Kind("link", _("linked the call %(subject)s to %(ticket)s")),
    "call.answered": Kind("phone-outgoing", _("answered the call %(subject)s"), tone="kept"),
    "ticket.imported": Kind("file-upload", _("past repair from a sheet, cost %(cost)s"), quote="text"),
    "ticket.opened": Kind("ticket", _("took the fault report %(subject)s"), tone="accent"),
    "ticket.repeated": Kind("repeat", _("second repair: the same fault as in %(previous)s"), tone="soon"),
    "ticket.graded": Kind("flag", _("graded: %(before)s → %(grade)s"), words=GRADES),
    "ticket.step_tried": Kind("list-check", _("tried by phone: %(result)s"), quote="step", words=HELPED),
    "ticket.noted": Kind("note", _("noted"), quote="text"),
    "ticket.photo_added": Kind("photo", _("added a photo")),
    "ticket.solved_by_phone": Kind("phone-call", _("solved the fault by phone"), quote="steps", tone="kept"),
    "ticket.solved": Kind("circle-check", _("the fault is repaired"), tone="kept"),
    "ticket.waiting": Kind("player-pause", _("stopped: %(waiting_for)s"), quote="evidence", tone="held", words=WAITS),
    "ticket.resumed": Kind("player-play", _("went on")),
    "ticket.handed_back": Kind("arrow-back-up", _("handed back to the desk"), tone="soon"),
    "ticket.confirmed": Kind("user-check", _("the customer confirmed that it works"), tone="kept"),
    "ticket.closed": Kind("checks", _("closed the ticket"), tone="kept"),
    "ticket.reopened": Kind("refresh", _("reopened the ticket"), tone="late"),
    "ticket.cancelled": Kind("ban", _("cancelled the ticket")),
    "ticket.merged": Kind("link", _("merged %(subject)s into %(into)s")),
    "ticket.path_chosen": Kind("route", _("path: %(path)s"), words=PATHS),
    "ticket.charges_agreed": Kind("coin", _("agreed the charges with the customer"), quote="how"),
    "order.issued": Kind("send", _("dispatched %(engineer)s with order %(subject)s"), tone="accent"),
    "order.accepted": Kind("check", _("accepted order %(subject)s")),
    "order.refused": Kind("x", _("refused order %(subject)s"), tone="late"),
    "order.contacted": Kind("phone-call", _("called the customer about %(subject)s"), quote="note"),
    "order.departed": Kind("car", _("set off")),
    "order.arrived": Kind("map-pin", _("arrived at the customer's"), tone="accent"),
    "order.leave_asked": Kind("hourglass", _("asked to leave with the fault unsolved"), tone="soon"),
    "order.left": Kind("logout", _("left the customer's")),
    "order.left_unsolved": Kind("logout", _("left with the fault unsolved"), tone="late"),
    "order.reported": Kind(
        "clipboard-check", _("reported: %(outcome)s"), quote="work_done", tone="kept", words=OUTCOMES
    ),
    "order.report_corrected": Kind("edit", _("corrected the service report, now version %(version)s")),
    "order.reassigned": Kind("arrows-exchange", _("gave order %(subject)s to %(engineer)s as %(new)s")),
    "order.cancelled": Kind("ban", _("cancelled order %(subject)s")),
    "order.signed": Kind("signature", _("%(step)s: %(decision)s"), quote="opinion", words=SIGNATURES),
    "order.settled": Kind(
        "receipt", _("settled the charges of %(amount)s yuan: %(payment)s"), quote="note", tone="kept", words=PAYMENTS
    ),
    "order.photo_added": Kind("camera", _("took a photo")),
}
