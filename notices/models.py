"""Outgoing messages: the texts they are made of and each delivery to each receiver (OPN-03)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices.querysets import DeliveryQuerySet, TemplateQuerySet


class Template(models.Model):
    """The text of one kind of message in one language, from a moment on; the newest valid one counts."""

    code = models.CharField(max_length=40, help_text="Kind of message, for example order.issued.")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=200)
    body = models.TextField(blank=True)
    valid_from = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = TemplateQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "language", "valid_from"], name="notices_template_once")]

    def __str__(self) -> str:
        return f"{self.code} ({self.language})"


class Delivery(models.Model):
    """One message to one person by one channel; made once, sent once, kept (OPN-03, SEC-01)."""

    class Channel(models.TextChoices):
        INBOX = "inbox", _("Inbox")
        EMAIL = "email", _("E-mail")
        LOG = "log", _("Log only")

    class State(models.TextChoices):
        WAITING = "waiting", _("To be sent")
        SENT = "sent", _("Sent")
        DEAD = "dead", _("Given up")

    kind = models.CharField(max_length=40)
    about = models.CharField(max_length=60)
    receiver = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    dedupe = models.CharField(max_length=100, blank=True, help_text="Tells apart repeats that are meant.")
    template = models.ForeignKey(Template, models.PROTECT, null=True, related_name="+")
    language = models.CharField(max_length=10)
    subject = models.CharField(max_length=300)
    body = models.TextField(blank=True)
    url = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    at = models.DateTimeField(help_text="When what it tells happened.")
    not_before = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    last_error = models.TextField(blank=True)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "about", "receiver", "channel", "dedupe"], name="notices_delivery_once"
            )
        ]
        indexes = [
            models.Index(fields=["not_before", "id"], condition=Q(state="waiting"), name="notices_delivery_due"),
            models.Index(fields=["receiver", "-at", "-id"], condition=Q(channel="inbox"), name="notices_inbox"),
            models.Index(fields=["receiver"], condition=Q(channel="inbox", read_at=None), name="notices_inbox_unread"),
            models.Index(fields=["-at", "-id"], name="notices_delivery_at"),
        ]

    def __str__(self) -> str:
        return self.subject
