"""How entries about customer trainings are told."""

from django.utils.translation import gettext_lazy as _

from core.history import Kind

KINDS = {
    "training.planned": Kind("school", _("planned training %(subject)s for %(on)s")),
    "training.changed": Kind("pencil", _("moved training %(subject)s to %(on)s")),
    "training.held": Kind(
        "certificate", _("held training %(subject)s: %(passed)s of %(trainees)s passed"), tone="kept"
    ),
    "training.cancelled": Kind("x", _("cancelled training %(subject)s")),
}
