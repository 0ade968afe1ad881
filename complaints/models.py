"""Complaints of customers (CMP-01)."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.querysets import ComplaintQuerySet
from complaints.states import COMPLAINT
from core.transitions import State
from customers.models import Channel, Customer, Equipment
from tickets.models import Call, Ticket


class Complaint(models.Model):
    """A complaint by any channel: acknowledged, answered at an agreed time, decided valid or not, explained."""

    class Subject(models.TextChoices):
        SERVICE = "service", _("Service")
        PRODUCT = "product", _("Product quality")
        DELIVERY = "delivery", _("Delivery and storage")
        PRICE = "price", _("Charges")
        OTHER = "other", _("Other")

    number = models.CharField(max_length=20, unique=True)
    state = models.CharField(max_length=12, choices=COMPLAINT.choices(), default="received")
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="complaints")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, blank=True, related_name="complaints")
    ticket = models.ForeignKey(Ticket, models.PROTECT, null=True, blank=True, related_name="complaints")
    call = models.ForeignKey(Call, models.PROTECT, null=True, blank=True, related_name="complaints")
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.PHONE)
    about = models.CharField(max_length=10, choices=Subject, default=Subject.SERVICE)
    about_person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    content = models.TextField(help_text="What the customer says.")
    remedy = models.CharField(max_length=200, blank=True, help_text="What the customer asks for.")
    received_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answer_due_at = models.DateTimeField(null=True, blank=True, help_text="Time agreed with the customer.")
    acknowledged_at = models.DateTimeField(null=True)
    is_valid = models.BooleanField(null=True, help_text="Empty until it is decided.")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    findings = models.TextField(blank=True, help_text="What the investigation found.")
    answer = models.TextField(blank=True, help_text="What the customer was told.")
    answered_at = models.DateTimeField(null=True)
    content_after = models.CharField(
        max_length=3, choices=[("", _("Not asked")), ("yes", _("Content")), ("no", _("Not content"))], blank=True
    )
    closed_at = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)

    objects = ComplaintQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["state", "-received_at", "-id"], name="complaints_state"),
            models.Index(fields=["-received_at", "-id"], name="complaints_received"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["received", "acknowledged"]) | Q(is_valid__isnull=False),
                name="complaints_decided",
            ),
            models.UniqueConstraint(fields=["call"], name="complaints_one_of_a_call"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> State:
        """The state with label and tone."""
        return COMPLAINT.state_of(self)

    def get_absolute_url(self) -> str:
        """The page of the complaint."""
        return reverse("complaints:complaint", args=[self.number])
