"""Calls and messages [电话记录] (TKT-01)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from customers.models import Channel, Customer, Equipment
from tickets.querysets import CallQuerySet


class Call(models.Model):
    """One call or message: who, when, what was said, what was answered."""

    class Kind(models.TextChoices):
        CONSULTATION = "consultation", _("Consultation")
        REPAIR = "repair", _("Repair request")
        COMPLAINT = "complaint", _("Complaint")
        PRAISE = "praise", _("Praise")
        OTHER = "other", _("Other")

    class Direction(models.TextChoices):
        IN = "in", _("Incoming")
        OUT = "out", _("Outgoing")

    class Content(models.TextChoices):
        UNKNOWN = "", _("Not asked")
        YES = "yes", _("Content")
        NO = "no", _("Not content")

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=15, choices=Kind)
    direction = models.CharField(max_length=3, choices=Direction, default=Direction.IN)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.PHONE)
    customer = models.ForeignKey(Customer, models.PROTECT, null=True, blank=True, related_name="calls")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, blank=True, related_name="calls")
    ticket = models.ForeignKey("tickets.Ticket", models.PROTECT, null=True, blank=True, related_name="calls")
    caller_name = models.CharField(max_length=60, blank=True)
    caller_unit = models.CharField(max_length=120, blank=True)
    caller_phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    said = models.TextField(help_text="What was said.")
    answered = models.TextField(blank=True, help_text="What was answered; empty while an answer is owed.")
    answer_due_at = models.DateTimeField(null=True, blank=True, help_text="Agreed time of the answer.")
    answered_at = models.DateTimeField(null=True, blank=True)
    content = models.CharField(max_length=3, choices=Content, blank=True)
    at = models.DateTimeField(help_text="When it came in.")
    entered_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = CallQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="tickets_call_at"),
            models.Index(fields=["customer", "-at"], name="tickets_call_customer"),
            models.Index(
                fields=["answer_due_at"],
                condition=models.Q(answered_at__isnull=True, answer_due_at__isnull=False),
                name="tickets_call_owed",
            ),
        ]

    def __str__(self) -> str:
        return self.number
