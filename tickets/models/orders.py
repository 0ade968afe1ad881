"""Dispatch orders [派工单] (DSP-01)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.transitions import State
from staff.models import Engineer
from tickets.models.tickets import Ticket
from tickets.querysets import OrderQuerySet
from tickets.states import ORDER


class DispatchOrder(models.Model):
    """One engineer sent to one ticket; may need several visits (DSP-13)."""

    class Travel(models.TextChoices):
        CAR = "car", _("Service car")
        TRAIN = "train", _("Train")
        PLANE = "plane", _("Plane")
        COACH = "coach", _("Coach")
        OTHER = "other", _("Other")

    number = models.CharField(max_length=20, unique=True)
    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="orders")
    engineer = models.ForeignKey(Engineer, models.PROTECT, related_name="orders")
    state = models.CharField(max_length=12, choices=ORDER.choices(), default="issued")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    appointment_from = models.DateTimeField(null=True, blank=True)
    appointment_to = models.DateTimeField(null=True, blank=True)
    expected_return_at = models.DateTimeField(null=True, blank=True)
    travel = models.CharField(max_length=10, choices=Travel, blank=True)
    travel_note = models.CharField(max_length=120, blank=True)
    parts_to_take = models.CharField(max_length=300, blank=True)
    note = models.TextField(blank=True)
    ranking = models.JSONField(default=list, help_text="The suggestion as it stood when the dispatcher chose (DSP-02).")
    accepted_at = models.DateTimeField(null=True, blank=True)
    contacted_at = models.DateTimeField(null=True, blank=True)
    departed_at = models.DateTimeField(null=True, blank=True)
    arrived_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.TextField(blank=True, help_text="Reason of a refusal, reassignment or cancellation.")
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaces")
    paper_version = models.PositiveSmallIntegerField(default=0, help_text="Last issued version of the paper.")
    paper_digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of what that version says.")
    version = models.PositiveIntegerField(default=1)

    objects = OrderQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["engineer", "state", "appointment_from"], name="tickets_order_engineer"),
            models.Index(fields=["state", "-issued_at"], name="tickets_order_state"),
            models.Index(fields=["-issued_at", "-id"], name="tickets_order_issued"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(appointment_to__isnull=True)
                | models.Q(appointment_to__gt=models.F("appointment_from")),
                name="tickets_appointment_order",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> State:
        """The state with label and tone."""
        return ORDER.state_of(self)
