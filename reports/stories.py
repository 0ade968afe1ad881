"""How entries about reports are told."""

from django.utils.translation import gettext_lazy as _

from core.history import Kind

KINDS = {
    "report.asked": Kind("file-text", _("asked for the report of %(month)s, issue %(issue)s")),
    "report.frozen": Kind("lock", _("froze the figures of %(subject)s")),
    "report.issued": Kind("file-text", _("issued %(subject)s")),
    "report.failed": Kind(
        "alert-triangle", _("%(subject)s could not be made after %(attempts)s attempts"), tone="late"
    ),
}
