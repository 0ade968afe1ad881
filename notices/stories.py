"""How the history of messages is told."""

from django.utils.translation import gettext_lazy as _

from core.history import Kind

KINDS = {
    "delivery.sent_again": Kind("send", _("sent a message again that had been given up")),
    "template.changed": Kind("message", _("changed the text %(code)s (%(language)s)"), quote="body"),
}
