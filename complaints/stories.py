"""How entries about complaints are told."""

from django.utils.translation import gettext_lazy as _

from core.history import Kind

DECISIONS = {"valid": _("valid"), "not_valid": _("not valid")}

KINDS = {
    "complaint.opened": Kind("message-report", _("took complaint %(subject)s"), tone="late"),
    "complaint.acknowledged": Kind("phone-outgoing", _("acknowledged complaint %(subject)s to the customer")),
    "complaint.described": Kind("pencil", _("noted what complaint %(subject)s is about")),
    "complaint.assigned": Kind("user", _("gave complaint %(subject)s to %(owner)s")),
    "complaint.decided": Kind("checks", _("decided on complaint %(subject)s: %(decision)s"), words=DECISIONS),
    "complaint.answered": Kind("phone-outgoing", _("explained the decision on %(subject)s to the customer")),
    "complaint.closed": Kind("check", _("closed complaint %(subject)s"), tone="kept"),
    "complaint.reopened": Kind("arrow-back-up", _("took up complaint %(subject)s again"), tone="late"),
}
