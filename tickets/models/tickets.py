"""Fault tickets (TKT-03 to TKT-08)."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.indexes import SearchIndex
from core.models import StoredFile
from core.transitions import State
from customers.models import Channel, Customer, Equipment
from staff.models import Province, Region
from tickets.models.faults import FaultCase, FaultType
from tickets.querysets import TicketQuerySet
from tickets.states import TICKET


class Ticket(models.Model):
    """A fault ticket from report to confirmed end."""

    class Path(models.TextChoices):
        UNDECIDED = "", _("Undecided")
        PHONE = "phone", _("By phone")
        REMOTE = "remote", _("Remotely")
        ONSITE = "onsite", _("On site")
        FACTORY = "factory", _("Return to factory")
        EXCHANGE = "exchange", _("Exchange")

    class Kind(models.TextChoices):
        REPAIR = "repair", _("Repair")
        MAINTENANCE = "maintenance", _("Maintenance")
        INSPECTION = "inspection", _("Inspection")
        OTHER = "other", _("Other work")

    class Wait(models.TextChoices):
        NONE = "", "—"
        CUSTOMER = "customer", _("Waiting for the customer")
        PARTS = "parts", _("Waiting for parts")
        WEATHER = "weather", _("Weather")
        SITE = "site", _("Site closed")

    number = models.CharField(max_length=20, unique=True)
    kind = models.CharField(max_length=12, choices=Kind, default=Kind.REPAIR)
    state = models.CharField(max_length=12, choices=TICKET.choices(), default="open")
    path = models.CharField(max_length=10, choices=Path, blank=True)
    grade = models.PositiveSmallIntegerField(null=True, blank=True)
    customer = models.ForeignKey(Customer, models.PROTECT, related_name="tickets")
    equipment = models.ForeignKey(Equipment, models.PROTECT, null=True, blank=True, related_name="tickets")
    fault_type = models.ForeignKey(FaultType, models.PROTECT, null=True, blank=True, related_name="tickets")
    region = models.ForeignKey(Region, models.PROTECT, related_name="+", help_text="Serving region, frozen at intake.")
    province = models.ForeignKey(Province, models.PROTECT, related_name="+")
    is_remote = models.BooleanField(default=False)
    contact_name = models.CharField(max_length=60)
    contact_phone = models.CharField(max_length=40)
    backup_phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    purchased_on = models.DateField(null=True, blank=True)
    symptom = models.TextField()
    present_state = models.TextField(blank=True)
    wanted_service = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.PHONE)
    reported_at = models.DateTimeField()
    entered_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="Dispatcher who minds it.",
    )
    grade_answers = models.JSONField(default=dict, blank=True, help_text="Question code to answer code.")
    verdict = models.JSONField(default=dict, help_text="The warranty decision, frozen at intake (WAR-07).")
    verdict_code = models.CharField(max_length=10, blank=True)
    waiting_for = models.CharField(max_length=10, choices=Wait, blank=True)
    next_due_at = models.DateTimeField(null=True, blank=True, help_text="Nearest open deadline, kept by the actions.")
    repeat_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="repeats")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    case = models.ForeignKey(FaultCase, models.PROTECT, null=True, blank=True, related_name="+")
    charges_agreed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the customer agreed to pay (DSP-04)."
    )
    solved_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True, help_text="When the customer said it works.")
    closed_at = models.DateTimeField(null=True, blank=True)
    cost = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, help_text="Cost of an imported repair."
    )
    source_key = models.CharField(
        max_length=64, null=True, blank=True, unique=True, help_text="Identity in an imported sheet."
    )
    search = ArrayField(models.CharField(max_length=8, db_collation="C"), default=list, editable=False)
    version = models.PositiveIntegerField(default=1)

    objects = TicketQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__gte=1, grade__lte=4), name="tickets_grade_1_to_4"
            ),
        ]
        indexes = [
            SearchIndex(fields=["search"], name="tickets_ticket_search"),
            models.Index(fields=["-reported_at", "-id"], name="tickets_reported"),
            models.Index(fields=["state", "-reported_at", "-id"], name="tickets_state"),
            models.Index(fields=["region", "-reported_at", "-id"], name="tickets_region"),
            models.Index(fields=["grade", "-reported_at", "-id"], name="tickets_grade"),
            models.Index(fields=["equipment", "-reported_at"], name="tickets_equipment"),
            models.Index(fields=["customer", "-reported_at"], name="tickets_customer"),
            models.Index(fields=["closed_at"], condition=Q(closed_at__isnull=False), name="tickets_closed"),
            models.Index(
                fields=["solved_at"],
                include=["id", "reported_at"],
                condition=Q(solved_at__isnull=False, source_key__isnull=True),
                name="tickets_solved",
            ),
            models.Index(
                F("next_due_at").asc(nulls_last=True),
                "id",
                condition=Q(state__in=TICKET.open_states),
                name="tickets_open_due",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def status(self) -> State:
        """The state with label and tone."""
        return TICKET.state_of(self)

    @property
    def is_open(self) -> bool:
        """Whether work is still to be done."""
        return self.status.open

    def get_absolute_url(self) -> str:
        """The page of the ticket."""
        from django.urls import reverse

        return reverse("tickets:ticket", args=[self.number])


class TriedStep(models.Model):
    """A step tried by phone and what came of it (TKT-05)."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="tried_steps")
    text = models.CharField(max_length=300)
    helped = models.BooleanField(default=False)
    case = models.ForeignKey(FaultCase, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    def __str__(self) -> str:
        return self.text


class TicketPhoto(models.Model):
    """A picture that came with the report."""

    ticket = models.ForeignKey(Ticket, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    caption = models.CharField(max_length=80, blank=True)

    def __str__(self) -> Any:
        return self.caption or self.file.name
